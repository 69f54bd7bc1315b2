"""`jazzgen generate` with a soloist: controls, primers, takes to choose from."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_model import save_small_model
from helpers.small_soloist import small_soloist, starter_scores

from jazzgen.corpus import read_score
from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.learning.soloist.bundle import RUNS_FILE, save_soloist
from jazzgen.learning.soloist.runs import Runs, runs_to_bytes

HUMAN = {"density": (1.5, 0.5), "rest_share": (0.2, 0.1), "entropy_4": (2.8, 0.3)}
FOUR = ("--primer", "C4:1 D4:1 E4:1 F4:1")  # notes, the fewest that a solo is read with


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    soloist = small_soloist()
    save_soloist(folder, replace(soloist.config, human=HUMAN), soloist.net, soloist.memory, {}, "")
    return folder


def recipe(path: Path) -> dict[str, object]:
    texts = [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "text"]
    found = read_recipe_text(texts)
    assert isinstance(found, dict)
    return found


def controls(path: Path) -> dict[str, object]:
    options = recipe(path)["options"]
    assert isinstance(options, dict)
    return dict(options["controls"])


def test_the_same_seed_gives_the_same_bytes(run: Run, model: Path, tmp_path: Path) -> None:
    for name, seed in (("a.mid", 7), ("b.mid", 7), ("c.mid", 8)):
        code, out, err = run("generate", "--model", model, "--tune", "blues-f", "--seed", seed, "-o", name)
        assert (code, err) == (0, "")
        assert "over 12 bars of Blues in F, 140 bpm" in out
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.mid", "b.mid", "c.mid"))
    assert a == b != c


def test_every_control_reaches_the_recipe(run: Run, model: Path, tmp_path: Path) -> None:
    asked = {
        "--pitch-temperature": "1:0.8 5:1.2",
        "--rhythm-temperature": "0.9",
        "--top-k": "40",
        "--top-p": "0.95",
        "--low": "E3",
        "--high": "1:80 9:G5",
        "--density": "1.5",
        "--rests": "0.5",
        "--register": "C5",
        "--outside": "-0.5",
        "--motifs": "2",
        "--school": "BEBOP",
        "--performer": "Ann",
        "--groove": "SWING",
        "--ideas": "off",
        "--profile": "off",
        "--target": "5.1=E4",
        "--max-quote": "6",
    }
    arguments = [word for pair in asked.items() for word in pair]
    code, _, err = run("generate", "--model", model, "--tune", "blues-f", *arguments, "-o", "a.mid")
    assert (code, err) == (0, "")
    assert controls(tmp_path / "a.mid") == {
        "pitch_temperature": "1:0.8 5:1.2",
        "rhythm_temperature": "0.9",
        "top_k": 40,
        "top_p": 0.95,
        "low": "52",
        "high": "1:80 9:79",
        "density": "1.5",
        "rests": "0.5",
        "register": "72",
        "outside": "-0.5",
        "motifs": "2",
        "school": "BEBOP",
        "performer": "Ann",
        "groove": "SWING",
        "ideas": "off",
        "profile": "off",
        "targets": ["5.1=E4"],
        "max_quote": 6,
    }


@pytest.mark.parametrize(
    ("arguments", "pitch", "rhythm"),
    [
        ([], "0.95", "1"),
        (["--temperature", "0.8"], "0.8", "0.8"),
        (["--temperature", "0.8", "--pitch-temperature", "1.1"], "1.1", "0.8"),
        (["--rhythm-temperature", "1.1", "--temperature", "0.8"], "0.8", "1.1"),
    ],
)
def test_one_temperature_is_of_both_unless_one_has_its_own(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], pitch: str, rhythm: str
) -> None:
    run("generate", "--model", model, "--changes", "C", *arguments, "-o", "a.mid")
    made = controls(tmp_path / "a.mid")
    assert (made["pitch_temperature"], made["rhythm_temperature"]) == (pitch, rhythm)


@pytest.mark.parametrize(("arguments", "limit"), [([], 8), (["--max-quote", "off"], None), (["--max-quote", "5"], 5)])
def test_a_soloist_quotes_nobody_at_length_unless_it_may(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], limit: int | None
) -> None:
    run("generate", "--model", model, "--changes", "C", *arguments, "-o", "a.mid")
    assert controls(tmp_path / "a.mid")["max_quote"] == limit


def test_a_grammar_model_has_no_limit_on_quotes_and_says_so_if_asked(run: Run, tmp_path: Path) -> None:
    save_small_model(tmp_path / "grammar")
    assert run("generate", "--model", "grammar", "--changes", "C", "-o", "a.mid")[0] == 0
    assert controls(tmp_path / "a.mid")["max_quote"] is None
    code, _, err = run("generate", "--model", "grammar", "--changes", "C", "--max-quote", 8)
    assert code == 1
    assert "max-quote: grammar model 'grammar' has no such control" in err


def test_a_meter_that_was_not_learnt_is_warned_of_and_played(run: Run, model: Path, tmp_path: Path) -> None:
    code, _, err = run(
        "generate", "--model", model, "--changes", "5/4 Dm7 | 4/4 G7 | 7/8 C", "--any-meter", "-o", "a.mid"
    )
    assert code == 0
    assert err == (
        "warning: 5/4, 7/8: model 'small' has learnt bars of 4 quarter notes alone; it plays, and knows less of these\n"
    )
    assert read_score(tmp_path / "a.mid").melody.notes


def test_a_primer_opens_the_solo(run: Run, model: Path, tmp_path: Path) -> None:
    given = ["--model", model, "--tune", "blues-f", "--straight", "--primer", "E4:1 G4:1 r:1 C5:1"]
    run("generate", *given, "-o", "a.mid")
    notes = read_score(tmp_path / "a.mid").melody.notes
    assert [(note.onset, note.pitch) for note in notes[:3]] == [(0, 64), (480, 67), (1440, 72)]
    run("generate", *given, "--primer-before", "-o", "b.mid")
    assert [note.pitch for note in read_score(tmp_path / "b.mid").melody.notes[:3]] != [64, 67, 72]
    options = recipe(tmp_path / "b.mid")["options"]
    assert isinstance(options, dict)
    assert (options["primer"], options["primer_before"]) == ("E4:1 G4:1 r:1 C5:1", True)


def test_a_solo_is_primed_by_another(run: Run, model: Path, tmp_path: Path) -> None:
    run("generate", "--model", model, "--changes", "C | F", "--seed", 1, "-o", "a.mid")
    run("generate", "--model", model, "--tune", "blues-f", "--primer", "a.mid", "--seed", 2, "-o", "b.mid")
    first, second = (read_score(tmp_path / name).melody.notes for name in ("a.mid", "b.mid"))
    assert [note.pitch for note in second[: len(first)]] == [note.pitch for note in first]


def test_gestures_are_added_if_asked_for_and_nothing_else(run: Run, model: Path, tmp_path: Path) -> None:
    given = ["--model", model, "--tune", "ballad-eb", "--tempo", 60, "--seed", 3]
    run("generate", *given, "-o", "plain.mid")
    code, _, err = run("generate", *given, "--gestures", "--stems", "-o", "moved.mid")
    assert (code, err) == (0, "")
    plain, moved, stem = (read_score(tmp_path / name) for name in ("plain.mid", "moved.mid", "moved-solo.mid"))
    assert moved.melody.gestures
    assert stem.melody == moved.melody
    assert moved.with_parts(replace(moved.melody, gestures=()), *moved.parts[1:]) == plain
    assert run("doctor", "moved.mid")[0] == 0
    assert run("regen", "moved.mid", "--model", model, "-o", "again.mid")[0] == 0
    assert (tmp_path / "again.mid").read_bytes() == (tmp_path / "moved.mid").read_bytes()


def test_the_best_takes_are_kept_and_a_table_says_why(run: Run, model: Path, tmp_path: Path) -> None:
    given = ["--model", model, "--tune", "blues-f", "--seed", 4, "--best-of", 3]
    code, out, _ = run("generate", *given, "--keep", 2, "-o", "a.mid")
    assert code == 0
    lines = out.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["a.mid", "a-2.mid"]
    assert lines[2].split() == ["rank", "sds", "apart", "bits", "a", "choice", "notes", "a", "beat", "rests", "entropy"]
    assert [line.split()[0] for line in lines[3:7]] == ["1", "2", "3", "human"]
    assert lines[6].split()[1:] == ["1.00", "to", "2.00", "0.10", "to", "0.30", "2.50", "to", "3.10"]
    assert recipe(tmp_path / "a-2.mid")["rank"] == 2
    run("generate", *given, "-o", "b.mid")
    assert (tmp_path / "b.mid").read_bytes() == (tmp_path / "a.mid").read_bytes()
    assert not (tmp_path / "b-2.mid").exists()


def test_a_beam_finds_one_solo_whatever_the_seed(run: Run, model: Path, tmp_path: Path) -> None:
    for name, seed in (("a.mid", 1), ("b.mid", 2)):
        run("generate", "--model", model, "--changes", "C | F", "--beam", 2, "--straight", "--seed", seed, "-o", name)
    first, second = (read_score(tmp_path / name).melody.notes for name in ("a.mid", "b.mid"))
    assert [(note.onset, note.pitch) for note in first] == [(note.onset, note.pitch) for note in second]


WRONG = [
    (["--changes", "C | 8/8 F"], "style 'swing-medium' has no pattern for 8/8 (bar 2)"),
    (["--tune", "blues-f", "--style", "polka"], "style 'polka' is not known; choose from swing-medium"),
    (["--tune", "blues-f", "--band", "piano,tuba"], "band tuba: choose from piano, bass, guitar, drums"),
    (["--tune", "blues-f", "--mute", "violin"], "mute violin: choose from solo, piano"),
    (["--tune", "blues-f", "--solo-only", "--mute", "solo"], "everybody is mute; let somebody play"),
    (["--tune", "blues-f", "--laid-back", "3"], "laid back 3: it is 0 (on the beat) to 2"),
    (["--tune", "blues-f", "--straight", "--gestures"], "gestures: a solo that is not performed has none"),
    (["--tune", "blues-f", "--density", "9"], "density 9: it is 0.25 to 4"),
    (["--tune", "blues-f", "--density", "much"], "density: 'much': write a number, or bars and numbers"),
    (["--tune", "blues-f", "--low", "H3"], "low: 'H3': write a number"),
    (["--tune", "blues-f", "--target", "1=C"], "target '1=C': write bar.beat=pitch"),
    (["--tune", "blues-f", "--target", "1.1=C4", "--target", "1.1=D4"], "are on the same beat; keep one"),
    (["--tune", "blues-f", "--target", "13.1=C4"], "13.1=C4"),
    (["--tune", "blues-f", "--performer", "Eve"], "performer 'Eve': model 'small' has not heard of it"),
    (["--tune", "blues-f", "--ear", "loud"], "ear loud: write a number of continuations, or off"),
    (["--tune", "blues-f", "--ear", "0"], "ear 0: it chooses from 1 to 32 continuations"),
    (["--tune", "blues-f", "--max-quote", "0"], "max-quote 0: it is 4 or more"),
    (["--tune", "blues-f", "--max-quote", "-1"], "max-quote -1: write a number of notes, or off"),
    (["--tune", "blues-f", "--best-of", "0"], "best of 0: play 1 to 256"),
    (["--tune", "blues-f", "--best-of", "2", "--keep", "3"], "--keep 3: keep 1 or more, and play as many"),
    (["--tune", "blues-f", "--beam", "0"], "beam 0: the width is 1 to 64"),
    (["--tune", "blues-f", "--beam", "2", "--best-of", "2"], "a beam finds one solo"),
    (["--tune", "blues-f", "--primer", "C4"], "primer: 'C4' is no note"),
    (["--tune", "blues-f", "--primer", "gone.mid"], "gone.mid: "),
    (["--tune", "blues-f", "--primer-before"], "give the primer too"),
    (["--changes", "C", "--primer", "C4:3 D4:2"], "the primer lasts 5 quarter notes, the form 4"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_nothing_is_written(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    before = sorted(tmp_path.iterdir())
    code, out, err = run("generate", "--model", model, *arguments, *([] if "-o" in arguments else ["-o", "a.mid"]))
    assert (code, out) == (1, "")
    assert message in err
    assert err.startswith("jazzgen: ")
    assert err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_without_a_model_the_one_that_ships_plays_wherever_one_is(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", "--tune", "blues-f", "--seed", "1", "-o", "a.mid")
    assert (code, err) == (0, "")
    assert "over 12 bars of Blues in F" in out
    assert "soloist" in str(recipe(tmp_path / "a.mid")["model"])


def test_a_model_that_is_not_there_is_named_with_the_cure(run: Run) -> None:
    code, _, err = run("generate", "--model", "nowhere", "--tune", "blues-f")
    assert code == 1
    assert "nowhere: no such model; make one" in err


def test_it_computes_in_one_thread_so_that_a_seed_means_the_same_on_all_machines(model: Path, tmp_path: Path) -> None:
    code = "import os, sys; from jazzgen.cli import main; main(sys.argv[1:]); print(os.environ['OPENBLAS_NUM_THREADS'])"
    command = [sys.executable, "-c", code, "generate", "--model", str(model), "--changes", "C", "-o"]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")):
        done = subprocess.run(
            [*command, str(tmp_path / "a.mid")], env=environment | given, check=True, capture_output=True, text=True
        )
        assert done.stdout.split()[-1] == expected


def test_a_soloist_plays_without_anything_heavy(model: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from jazzgen.cli import main; main(sys.argv[1:])\n"
        "heavy = {'tensorflow', 'keras', 'music21', 'matplotlib', 'distributed', 'dask'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    command = [sys.executable, "-c", code, "generate", "--model", str(model), "--tune", "blues-f", "--best-of", "2"]
    done = subprocess.run([*command, "-o", str(tmp_path / "a.mid")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_whom_a_solo_quotes_is_said(run: Run, tmp_path: Path) -> None:
    soloist = small_soloist()
    scores = starter_scores()
    pitches = [np.array([note.pitch for note in score.melody.notes]) for score in scores]
    titles = [score.title for score in scores]
    added = {RUNS_FILE: runs_to_bytes(Runs.of(pitches, titles, ["Ann"] * 4, titles))}
    save_soloist(tmp_path / "ann", soloist.config, soloist.net, soloist.memory, {}, "", added=added)
    code, out, _ = run("generate", "--model", "ann", "--tune", "blues-f", "--choruses", 4, "--seed", 1, "-o", "a.mid")
    assert code == 0
    (line,) = (line for line in out.splitlines() if "quote" in line)
    assert re.fullmatch(r"  Its longest quote: \d+ notes of '.+' \(Ann\), from bar \d+\.|  It quotes nobody\.", line)
    assert controls(tmp_path / "a.mid")["max_quote"] == 12


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--ideas", "1:lick"), "ideas: model 'small' knows none; leave them out, or train it anew"),
        (("--ideas", "lick"), "ideas: 'lick': write bar:idea, as in 1:lick 3:line 7:#melody"),
        (("--profile", "high"), "profile 'high': it is off, or left out"),
    ],
)
def test_plans_that_cannot_be_are_one_line(
    run: Run, model: Path, options: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    code, _, err = run("generate", "--model", model, "--tune", "blues-f", *options, "-o", "a.mid")
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "a.mid").exists()
