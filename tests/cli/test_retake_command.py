"""`jazzgen retake`: bars anew and the rest as it was; and the old spelling, `generate --retake`."""

from hashlib import sha256
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_model import save_small_model
from helpers.small_soloist import save_small_soloist

from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import write_midi
from jazzgen.takes.recipe import read_recipe


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_small_soloist(folder)
    return folder


@pytest.fixture
def solo(run: Run, model: Path, tmp_path: Path) -> Path:
    run("generate", "--model", model, "--tune", "blues-f", "--title", "Mine", "--seed", 1, "-o", "a.mid")
    return tmp_path / "a.mid"


def test_bars_are_played_anew_and_the_rest_is_kept(run: Run, model: Path, solo: Path, tmp_path: Path) -> None:
    given = ["--model", model, "--bars", "5-8", "--best-of", 3, "--seed", 2]
    code, out, err = run("retake", "a.mid", *given, "-o", "b.mid")
    assert (code, err) == (0, "")
    assert out.startswith("b.mid: 'Mine' with ")
    assert "in bars 5-8, seed 2." in out
    before, after = (read_score(tmp_path / name) for name in ("a.mid", "b.mid"))
    kept = [[note for note in score.melody.notes if not 7680 <= note.onset < 15360] for score in (before, after)]
    assert kept[0] == kept[1]
    assert before.melody.notes != after.melody.notes
    assert before.parts[1:] == after.parts[1:]
    recipe, source = read_recipe(tmp_path / "b.mid"), read_recipe(solo)
    assert recipe is not None
    assert source is not None
    assert recipe["source"] == {**source, "sha256": sha256(solo.read_bytes()).hexdigest()}
    run("retake", "a.mid", *given, "-o", "c.mid")
    assert (tmp_path / "b.mid").read_bytes() == (tmp_path / "c.mid").read_bytes()
    assert run("regen", "b.mid", "--model", model, "-o", "d.mid")[1].endswith("the same bytes.\n")


def test_the_old_spelling_does_the_same_and_says_how_it_is_spelled_now(
    run: Run, model: Path, solo: Path, tmp_path: Path
) -> None:
    given = ["--model", model, "--bars", "5-8", "--seed", 2, "--swing", 1.5, "--density", 2, "--midi-type", 0]
    run("retake", "a.mid", *given, "-o", "b.mid")
    code, _, err = run("generate", "--retake", "a.mid", *given, "-o", "c.mid")
    assert code == 0
    assert err == (
        "note: 'generate --retake FILE' is now jazzgen retake FILE --bars A-B; the next version knows that alone\n"
    )
    assert (tmp_path / "b.mid").read_bytes() == (tmp_path / "c.mid").read_bytes()


def test_the_old_spelling_is_not_in_the_help(run: Run) -> None:
    assert "--retake" not in run("generate", "--help")[1]
    assert "--bars" in run("retake", "--help")[1]


def test_a_retake_does_not_write_over_the_solo_unless_asked(run: Run, model: Path, solo: Path, tmp_path: Path) -> None:
    before = solo.read_bytes()
    assert run("retake", "a.mid", "--model", model, "--bars", "1-2", "--best-of", 1)[0] == 0
    assert solo.read_bytes() == before
    assert (tmp_path / "retake.mid").exists()


def test_a_damaged_recipe_is_told_of_and_bars_are_played_anew(run: Run, model: Path, solo: Path) -> None:
    write_midi(read_score(solo), Path("b.mid"), {**(read_recipe(solo) or {}), "seed": "x"})
    code, _, err = run("retake", "b.mid", "--model", model, "--bars", "1-2", "--best-of", 1, "-o", "c.mid")
    assert code == 0
    assert err == (
        "warning: b.mid: its recipe is damaged (seed is 'x', not a whole number): take the file as jazzgen wrote it; "
        "until then its swing is told by its notes\n"
    )
    code, _, err = run("regen", "c.mid", "--model", model, "-o", "d.mid")
    assert code == 1
    assert err.startswith("jazzgen: c.mid: its recipe is damaged (seed is 'x'")


WRONG = [
    (["a.mid", "--bars", "13-14"], "bars 13-14: 'Mine' has bars 1 to 12"),
    (["a.mid", "--bars", "x"], "--bars x: write the first and the last bar"),
    (["gone.mid", "--bars", "1-2"], "gone.mid: "),
    (["solo.txt", "--bars", "1-2"], "solo.txt: give a MIDI file"),
    (["a.mid", "--bars", "1-1", "--target", "2.1=C4"], "target '2.1=C4': bar 2 is kept"),
    (["a.mid", "--bars", "1-1", "--best-of", "0"], "best of 0: play 1 to 256"),
    (["a.mid", "--bars", "1-1", "-o", "nowhere/a.mid"], "the folder 'nowhere' is not there"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_nothing_is_written(
    run: Run, model: Path, solo: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    before = sorted(tmp_path.iterdir())
    code, out, err = run("retake", "--model", model, *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.startswith("jazzgen: ")
    assert err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_grammar_model_plays_no_retake(run: Run, solo: Path, tmp_path: Path) -> None:
    save_small_model(tmp_path / "grammar")
    code, _, err = run("retake", "a.mid", "--bars", "1-1", "--model", "grammar")
    assert code == 1
    assert "retake: grammar model 'grammar' cannot hear what comes after" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["retake", "a.mid"], "Missing option '--bars'"),
        (["retake", "a.mid", "--bars", "1-2", "--tune", "blues-f"], "--tune"),
        (["generate", "--retake", "a.mid"], "type jazzgen retake FILE --bars A-B"),
        (["generate", "--bars", "1-2"], "type jazzgen retake FILE --bars A-B"),
        (["generate", "--retake", "a.mid", "--bars", "1-2", "--tune", "blues-f"], "--tune does not go with --retake"),
        (["generate", "--retake", "a.mid", "--bars", "1-2", "--primer-before"], "--primer-before does not go with"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], message: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err
