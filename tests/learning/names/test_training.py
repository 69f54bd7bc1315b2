"""From a text of names to a model: reading, the names held out, the weights kept."""

from pathlib import Path

import numpy as np
import pytest

from jazzgen.errors import CorpusError, OptionError
from jazzgen.learning.names.training import TrainOptions, make_card, parse_names, read_names, train_names
from jazzgen.reference import charlm
from jazzgen.reference.charlm import Progress

NAMES = tuple(f"{first}{last}" for first in ("Tin", "Blue", "Slow", "Late") for last in (" Roof", " Boat", " Horn"))


def test_names_are_lines_without_stray_spaces(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffTin  Roof \r\n\r\n\tBlue\r\nTin Roof\r\nÉté\r\n".encode())
    assert read_names(path) == ("Tin Roof", "Blue", "Tin Roof", "Été")


WRONG = [
    (b"", "the text holds no characters"),
    (b"\n \n", "the text holds no characters"),
    (b"a", "holds 'a' alone"),
    (b"aa\na\n", "holds 'a' alone"),
    (b"Tin Roof\n", "the text holds one name, 'Tin Roof'; give 2 or more"),
    (b"\xff\xfe\x00", "is not UTF-8 text"),
    (b"ab\ncd\0e\n", "line 2: "),
    (b"ab\n" + b"x" * 201, "line 2: 'xxxxxxxxxxxxxxxxxxxx'... is not a name of 1 to 200 characters"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_text_that_cannot_be_learnt_is_one_line_with_the_file(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(text)
    with pytest.raises(CorpusError) as caught:
        read_names(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_text_and_a_folder_are_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.txt", tmp_path):
        with pytest.raises(CorpusError, match=r"cannot be read .*; give a text with one name a line"):
            read_names(path)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_weights_kept_did_best_on_the_names_held_out(cell: str) -> None:
    seen: list[Progress] = []
    options = TrainOptions(cell, units=8, iterations=600, learning_rate=0.2, validation=0.25, every=50)
    model, report = train_names("toy", NAMES, options, progress=seen.append)
    assert (report["names"], report["held_out_names"]) == (9, 3)
    held_out = [now.held_out for now in seen]
    assert report["validation_loss"] == min(loss for loss in held_out if loss is not None)
    best = held_out.index(report["validation_loss"])
    assert best < len(held_out) - 1  # it has begun to learn by heart, or this test shows nothing
    assert report["kept_iteration"] == seen[best].iteration
    order = np.random.default_rng(options.seed).permutation(len(NAMES))
    loss = charlm.mean_loss([NAMES[i] for i in order[:3]], model.parameters, model.char_to_ix)
    assert loss == pytest.approx(report["validation_loss"])
    assert model.known == NAMES
    last, its_report = train_names("toy", NAMES, TrainOptions(**report["options"] | {"keep_last": True}))
    assert its_report["kept_iteration"] == 600
    assert its_report["validation_loss"] == held_out[-1]
    assert np.abs(last.parameters["Waa"] - model.parameters["Waa"]).max() > 1e-3


def test_nothing_held_out_keeps_the_last_weights_and_says_so() -> None:
    model, report = train_names("toy", NAMES, TrainOptions(iterations=20, validation=0, every=5, units=3))
    assert (report["names"], report["validation_loss"], report["kept_iteration"]) == (12, None, 20)
    assert "nothing is known" in make_card("toy", {"jazzgen": "1", **report})
    assert model.config.characters.startswith("\n BH")


def test_lower_case_names_are_one() -> None:
    model, report = train_names("toy", ("Tin", "TIN", "Roof"), TrainOptions(iterations=5, lower=True, units=2))
    assert model.known == ("tin", "roof")
    assert report["names"] + report["held_out_names"] == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cell": "gru"}, "cell 'gru': must be rnn or lstm"),
        ({"units": 0}, "units 0"),
        ({"iterations": 0}, "iterations 0"),
        ({"learning_rate": -1.0}, "learning rate -1"),
        ({"learning_rate": float("nan")}, "learning rate nan"),
        ({"validation": 1.0}, "validation 1"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_options_out_of_range_are_one_line(options: dict[str, float], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        TrainOptions(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("file", "count"), [("titles.txt", 400), ("dinosaurs.txt", 300)])
def test_the_lists_that_ship_are_ascii_and_large_enough(repository: Path, file: str, count: int) -> None:
    text = (repository / "jazzgen" / "data" / file).read_text(encoding="ascii")
    names = parse_names(text)
    assert len(names) >= count
    assert text == "\n".join([*names, ""])
