"""The command line as a user meets it: one line for each mistake, nothing half-written."""

import os
import subprocess
import sys
import time
from pathlib import Path

import mido
import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_model import STARTER, save_small_model

from jazzgen import __version__
from jazzgen.corpus import read_score
from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.takes.titles import name_tune


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_small_model(folder)
    return folder


COMMANDS = [
    [],
    ["generate"],
    ["train"],
    ["tunes"],
    ["corpus"],
    ["corpus"],
    ["corpus", "inspect"],
    ["corpus", "convert"],
    ["corpus", "split"],
    ["corpus", "fetch"],
    ["check"],
    ["names"],
    ["names", "train"],
    ["names", "sample"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_answers_without_loading_anything_heavy(command: list[str]) -> None:
    code = (
        "import sys; from jazzgen.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'tensorflow', 'keras', 'mido', 'music21', 'matplotlib', 'tqdm'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage: jazzgen" in done.stdout
    assert time.perf_counter() - start < 5  # a safeguard against a heavy import; scripts/bench.py measures


def test_the_version_is_the_package_s(run: Run) -> None:
    assert run("--version")[1].strip().endswith(__version__)


def test_generate_writes_a_solo_over_the_changes(run: Run, model: Path, tmp_path: Path) -> None:
    code, out, err = run("generate", "--model", model, "--changes", "Dm7 G7alt | Cmaj7", "--seed", 7, "-o", "a.mid")
    assert (code, err) == (0, "")
    assert "a.mid" in out
    assert "seed 7" in out
    score = read_score(tmp_path / "a.mid")
    assert [span.symbol for span in score.changes] == ["Dm7", "G7alt", "Cmaj7"]
    assert [part.name for part in score.parts] == ["Solo", "Piano", "Bass", "Drums"]


def test_the_same_seed_gives_the_same_bytes(run: Run, model: Path, tmp_path: Path) -> None:
    for name, seed in (("a.mid", 7), ("b.mid", 7), ("c.mid", 8)):
        run("generate", "--model", model, "--tune", "blues-f", "--seed", seed, "-o", name)
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.mid", "b.mid", "c.mid"))
    assert a == b != c


def test_the_printed_seed_makes_the_file_again(run: Run, model: Path, tmp_path: Path) -> None:
    _, out, _ = run("generate", "--model", model, "--tune", "blues-f", "-o", "a.mid")
    seed = out.split("seed ")[1].split(".")[0]
    run("generate", "--model", model, "--tune", "blues-f", "--seed", seed, "-o", "b.mid")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_the_file_holds_its_recipe(run: Run, model: Path, tmp_path: Path) -> None:
    run("generate", "--model", model, "--tune", "waltz-g", "--seed", 3, "--tempo", 155, "-o", "a.mid")
    texts = [m.text for m in mido.MidiFile(tmp_path / "a.mid").tracks[0] if m.type == "text"]
    recipe = read_recipe_text(texts)
    assert recipe is not None
    assert recipe["seed"] == 3
    assert recipe["meter"] == "3/4"
    assert recipe["options"]["bpm"] == 155


def test_generate_options_reach_the_file(run: Run, model: Path, tmp_path: Path) -> None:
    given = ["--changes", "Am7 | D7", "--choruses", 3, "--tempo", 99, "--key", "G", "--title", "Mine", "--solo-only"]
    run("generate", "--model", model, *given, "--seed", 1, "-o", "a.mid", "--picture")
    score = read_score(tmp_path / "a.mid")
    assert (score.title, str(score.key)) == ("Mine", "G")
    assert score.bpm == pytest.approx(99, abs=0.01)
    assert len(score.changes) == 6
    assert len(score.parts) == 1
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_solo_has_a_title_of_its_own_by_the_seed(run: Run, model: Path, tmp_path: Path) -> None:
    titles = []
    for name, seed in (("a.mid", 1), ("b.mid", 1), ("c.mid", 2)):
        _, out, _ = run("generate", "--model", model, "--tune", "blues-f", "--seed", seed, "-o", name)
        titles.append(read_score(tmp_path / name).title)
        assert f"'{titles[-1]}'" in out
        assert "of Blues in F" in out
    assert titles[0] == titles[1] != titles[2]
    assert titles[0] == name_tune(np.random.default_rng([1, 1]))


def test_a_title_changes_no_note(run: Run, model: Path, tmp_path: Path) -> None:
    for name, title in (("a.mid", []), ("b.mid", ["--title", "Mine"])):
        run("generate", "--model", model, "--tune", "blues-f", "--seed", 1, "-o", name, *title)
    assert read_score(tmp_path / "a.mid").parts == read_score(tmp_path / "b.mid").parts


def test_swing_moves_eighths_and_straight_does_not(run: Run, model: Path, tmp_path: Path) -> None:
    for name, extra in (("s.mid", ["--swing", 2, "--touch", 0]), ("e.mid", ["--straight"])):
        run("generate", "--model", model, "--tune", "rhythm-bb", "--seed", 2, "-o", name, *extra)
    swung, even = ({n.onset % 480 for n in read_score(tmp_path / name).melody.notes} for name in ("s.mid", "e.mid"))
    assert 320 in swung
    assert 240 in even


def test_generate_loads_no_tensorflow(model: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from jazzgen.cli import main; main(sys.argv[1:])\n"
        "heavy = {'tensorflow', 'keras', 'music21', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    command = [sys.executable, "-c", code, "generate", "--model", str(model), "--tune", "blues-f"]
    done = subprocess.run([*command, "-o", str(tmp_path / "a.mid")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


WRONG = [
    (["--changes", "Dm7 | Gq7"], "bar 2: chord 'Gq7'"),
    (["--changes", "Dm7 | Cmja7"], "did you mean Cmaj7?"),
    (["--changes", ""], "the changes are empty"),
    (["--changes", "N.C."], "hold no chord"),
    (["--changes", "F7", "--meter", "4/5"], "meter 4/5"),
    (["--tune", "blues-q"], "no tune is called 'blues-q'; did you mean blues-f?"),
    (["--tune", "blues-f", "--choruses", "0"], "choruses 0: play 1 to 1000"),
    (["--tune", "blues-f", "--temperature", "0"], "temperature 0: it is 0.01 to 100"),
    (["--tune", "blues-f", "--temperature", "-1"], "temperature -1: it is 0.01 to 100"),
    (["--tune", "blues-f", "--tempo", "0"], "tempo 0: it is 20 to 1000"),
    (["--tune", "blues-f", "--swing", "9"], "swing ratio 9"),
    (["--tune", "blues-f", "--seed", "-4"], "--seed -4"),
    (["--tune", "blues-f", "--key", "H"], "key 'H'"),
    (["--tune", "blues-f", "-o", "nowhere/a.mid"], "the folder 'nowhere' is not there"),
    (["--tune", "blues-f", "-o", "."], "cannot be written"),
    (["--tune", "blues-f", "--model", "no-model"], "no-model: no such model; make one"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_exit_1_and_nothing_is_written(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    code, out, err = run("generate", "--model", model, *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.startswith("jazzgen: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--changes", "F7", "--tune", "blues-f"], ["--tempo", "fast"], ["--what"]])
def test_wrong_usage_exits_2(run: Run, model: Path, arguments: list[str]) -> None:
    code, _, err = run("generate", "--model", model, *arguments)
    assert code == 2
    assert "Error: " in err
    assert "Traceback" not in err


def test_a_model_of_another_version_is_refused(run: Run, model: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for file in model.iterdir():
        (old / file.name).write_bytes(file.read_bytes())
    config = old / "config.json"
    config.write_text(config.read_text().replace('"format": 1', '"format": 0'))
    code, _, err = run("generate", "--model", old, "--tune", "blues-f")
    assert code == 1
    assert "has format 0, this jazzgen reads 1" in err
    assert not (tmp_path / "solo.mid").exists()


TRAIN_WRONG = [
    (["gone.mid"], "gone.mid: no such file or folder"),
    (["empty.mid"], "empty.mid: the file is empty"),
    (["text.mid"], "text.mid: "),
    (["cut.mid"], "cut.mid: "),
    (["drums.mid"], "drums.mid: no usable melody"),
    (["folder"], "folder: holds no music"),
    (["good.mid", "--melody", "Kazoo"], "no track is 'Kazoo' (melody); tracks with notes: 1 'Melody'"),
    (["good.mid", "--bars", "5"], "--bars 5: write the first and the last bar"),
    (["good.mid", "--bars", "90-99"], "has no bars 90-99"),
    (["good.mid", "--units", "0"], "units 0"),
    (["good.mid", "--grid", "5"], "grid 5"),
    (["good.mid", "--validation", "1"], "validation 1"),
    (["good.mid", "--epochs", "0"], "epochs 0"),
    (["good.mid", "--learning-rate", "-1"], "learning rate -1"),
    (["good.mid", "-o", "good.mid/model"], "cannot be written"),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    good = sorted(STARTER.glob("*.mid"))[0].read_bytes()
    drums = mido.MidiFile()
    drums.tracks.append(mido.MidiTrack(mido.Message("note_on", channel=9, note=36, time=48) for _ in range(20)))
    drums.save(tmp_path / "drums.mid")
    (tmp_path / "good.mid").write_bytes(good)
    (tmp_path / "cut.mid").write_bytes(good[:200])
    (tmp_path / "empty.mid").write_bytes(b"")
    (tmp_path / "text.mid").write_text("Dear diary")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(("arguments", "message"), TRAIN_WRONG, ids=[message for _, message in TRAIN_WRONG])
def test_a_mistake_in_training_is_one_line_and_exit_1(
    run: Run, corpus: Path, arguments: list[str], message: str
) -> None:
    before = sorted(corpus.iterdir())
    code, _, err = run("train", "--quiet", *arguments)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
    assert sorted(corpus.iterdir()) == before


def test_tunes_lists_names_that_generate_takes(run: Run, model: Path) -> None:
    _, out, _ = run("tunes")
    names = [line.split()[0] for line in out.splitlines()]
    assert "blues-f" in names
    assert run("generate", "--model", model, "--tune", names[-1], "--seed", 1)[0] == 0


def test_what_a_code_page_lacks_is_a_question_mark(tmp_path: Path) -> None:
    """As on Windows, when what is printed goes to a pipe."""
    (tmp_path / "t.txt").write_text("title: Über ♭5\nchanges: C | F\n", encoding="utf-8")
    command = [sys.executable, "-m", "jazzgen", "corpus", "inspect", "t.txt", "--no-cache"]
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Über ?5" in done.stdout.decode("cp1252")
