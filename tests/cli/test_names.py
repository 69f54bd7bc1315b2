"""`jazzgen names` as a user meets it."""

from pathlib import Path

import pytest
from helpers.cli_runner import Run

from jazzgen.errors import BundleError
from jazzgen.learning.grammar.bundle import load_bundle

TITLES = [f"{first} {last}" for first in ("Tin", "Blue", "Slow", "Late") for last in ("Roof", "Boat", "Horn", "Bus")]
QUICK = ["--iterations", 300, "--units", 12, "--quiet"]


@pytest.fixture(autouse=True)
def titles(run: Run) -> None:
    """titles.txt in the folder that commands run in."""
    Path("titles.txt").write_text("\n".join(TITLES))


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_train_writes_a_model_that_sample_reads(run: Run, cell: str) -> None:
    code, out, err = run("names", "train", "titles.txt", "--out", "models/names-x", "--cell", cell, *QUICK)
    assert (code, err) == (0, "")
    assert "models/names-x on 14 names" in out
    assert "nats a character on 2 held out" in out
    folder = Path("models/names-x")
    assert {path.name for path in folder.iterdir()} == {
        "config.json",
        "weights.npz",
        "names.txt",
        "report.json",
        "README.md",
    }
    given = ["names", "sample", folder, "-n", 20, "--temperature", 0.8, "--starts-with", "Blue", "--seed", 1]
    code, out, err = run(*given)
    names = out.splitlines()
    assert (code, err) == (0, "")
    assert len(set(names)) == len(names) == 20
    assert all(name.startswith("Blue") and name not in TITLES for name in names)
    assert run(*given)[1] == out
    assert run(*given[:-1], 2)[1] != out


def test_the_default_folder_is_named_after_the_file_and_the_seed_is_told(run: Run) -> None:
    assert run("names", "train", "titles.txt", *QUICK)[0] == 0
    code, out, err = run("names", "sample", "models/names-titles", "-n", 3)
    assert (code, len(out.splitlines())) == (0, 3)
    assert run("names", "sample", "models/names-titles", "-n", 3, "--seed", err.split()[1])[1] == out


def test_known_names_and_real_words_on_demand(run: Run) -> None:
    learn = ["--iterations", 1500, "--units", 24, "--last", "--quiet"]
    run("names", "train", "titles.txt", "-o", "x", *learn)
    names = run("names", "sample", "x", "-n", 5, "--allow-known", "--real-words", "--seed", 1)[1].splitlines()
    assert len(set(names) & set(TITLES)) == 5


def test_one_seed_is_one_model(run: Run) -> None:
    for folder, seed in (("a", 4), ("b", 4), ("c", 5)):
        run("names", "train", "titles.txt", "-o", folder, "--seed", seed, *QUICK)
    a, b, c = (Path(folder, "weights.npz").read_bytes() for folder in "abc")
    assert a == b != c


def test_progress_shows_names_on_the_way(run: Run) -> None:
    code, out, err = run("names", "train", "titles.txt", "-o", "x", "--iterations", 2000, "--units", 4)
    assert code == 0
    assert "   2000  " in out + err
    assert "loss" in err


def test_a_bundle_of_another_kind_is_refused_both_ways(run: Run) -> None:
    run("names", "train", "titles.txt", "-o", "x", *QUICK)
    with pytest.raises(BundleError, match="x: is not a jazzgen grammar model"):
        load_bundle(Path("x"))
    config = Path("x/config.json")
    config.write_text(config.read_text().replace("jazzgen names model", "jazzgen grammar model"))
    code, _, err = run("names", "sample", "x")
    assert code == 1
    assert "is not a jazzgen names model" in err


WRONG = [
    (["train", "gone.txt"], "gone.txt: cannot be read"),
    (["train", "empty.txt"], "empty.txt: the text holds no characters"),
    (["train", "one.txt"], "one.txt: the text holds 'a' alone"),
    (["train", "titles.txt", "--units", 0], "units 0"),
    (["train", "titles.txt", "--learning-rate", 0], "learning rate 0"),
    (["train", "titles.txt", "--validation", 2], "validation 2"),
    (["train", "titles.txt", "--learning-rate", "1e9", "--out", "models", "--quiet"], "lower the learning rate"),
    (["train", "titles.txt", "--out", "titles.txt/x"], "cannot be written"),
    (["sample", "gone"], "gone: no such model; make one with 'jazzgen names train'"),
    (["sample", "models"], "config.json: cannot be read"),
    (["sample", "good", "--starts-with", "Zoë"], "'Zoë' has 'Z', which the model never met; it knows ' B"),
    (["sample", "good", "--temperature", 0], "temperature 0"),
    (["sample", "good", "-n", 0], "0 names"),
    (["sample", "good", "--seed", -1], "--seed -1"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_exit_1(run: Run, arguments: list[object], message: str) -> None:
    Path("empty.txt").touch()
    Path("one.txt").write_text("a")
    Path("models").mkdir()
    if "good" in arguments:
        run("names", "train", "titles.txt", "-o", "good", *QUICK)
    before = {path for path in Path().rglob("*") if path.is_file()}
    code, out, err = run("names", *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.startswith("jazzgen: ")
    assert err.count("\n") == 1
    assert {path for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "arguments", [["train"], ["train", "titles.txt", "--cell", "gru"], ["sample", "x", "-n", "no"]]
)
def test_wrong_usage_exits_2(run: Run, arguments: list[str]) -> None:
    code, _, err = run("names", *arguments)
    assert code == 2
    assert "Error: " in err


def test_lines_that_repeat_a_name_are_told_and_a_model_is_not_trained_over(run: Run, tmp_path: Path) -> None:
    lines = (tmp_path / "titles.txt").read_text().splitlines()
    (tmp_path / "twice.txt").write_text("\n".join([*lines, *lines[:2]]))
    code, out, _ = run("names", "train", "twice.txt", "-o", "x", *QUICK)
    assert code == 0
    assert "2 lines of twice.txt repeat a name; each name is learnt once." in out
    code, _, err = run("names", "train", "twice.txt", "-o", "x", *QUICK)
    assert (code, err) == (1, "jazzgen: x: there is a model already; --force trains it anew, -o takes another folder\n")
    assert run("names", "train", "titles.txt", "-o", "x", "--force", *QUICK)[0] == 0
