"""The names model on disk, and the names that come out of it."""

import json
from pathlib import Path

import numpy as np
import pytest

from jazzgen.errors import BundleError, OptionError
from jazzgen.learning.folder import sealed
from jazzgen.learning.names.model import (
    NameOptions,
    NamesConfig,
    NamesModel,
    load_names_model,
    make_names,
    save_names_model,
)
from jazzgen.reference.charlm import initialize_parameters

KNOWN = ("Tin Roof", "Tin Boat Blues", "Late Roof")


def model_of(cell: str = "rnn", *, lower: bool = False, known: tuple[str, ...] = KNOWN) -> NamesModel:
    """Untrained: every character about as likely as any other."""
    names = [name.lower() if lower else name for name in known]
    characters = "".join(sorted({*"".join(names), "\n"}))
    parameters = initialize_parameters(4, len(characters), len(characters), np.random.default_rng(0), cell)
    return NamesModel("toy", NamesConfig(cell, 4, characters, 60, lower), parameters, tuple(names))


def saved(tmp_path: Path, model: NamesModel) -> Path:
    folder = tmp_path / "toy"
    save_names_model(folder, model, {"loss": 1.5}, "# toy\n")
    return folder


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_model_comes_back_as_it_was_saved(tmp_path: Path, cell: str) -> None:
    model = model_of(cell)
    loaded = load_names_model(saved(tmp_path, model))
    assert (loaded.name, loaded.config, loaded.known) == ("toy", model.config, model.known)
    for name, array in model.parameters.items():
        np.testing.assert_allclose(loaded.parameters[name], array, rtol=1e-6)
        assert loaded.parameters[name].dtype == np.float64
    again = load_names_model(saved(tmp_path / "again", loaded))
    draws = [make_names(m, 9, rng=np.random.default_rng(1)) for m in (loaded, again)]
    assert draws[0] == draws[1]


def rewrite(folder: Path, **changes: object) -> None:
    about = json.loads((folder / "config.json").read_text())
    about["config"] |= {name: value for name, value in changes.items() if name in about["config"]}
    about |= {name: value for name, value in changes.items() if name not in about["config"]}
    (folder / "config.json").write_text(json.dumps(sealed(about)))


CHANGES: list[tuple[dict[str, object], str]] = [
    ({"kind": "jazzgen grammar model"}, "is not a jazzgen names model; give a folder that 'jazzgen names train' wrote"),
    ({"format": 7}, "has format 7, this jazzgen reads 1"),
    ({"n_a": 5}, r"is damaged \(Wax has shape \(4, 16\), its config says \(5, 16\)\)"),
    ({"n_a": "4"}, r"is damaged \(n_a is not int\)"),
    ({"cell": "lstm"}, "is damaged"),
    ({"cell": "gru"}, "cell 'gru'"),
    ({"characters": "\nab"}, "is damaged"),
    ({"characters": "ba\n"}, "the characters are not sorted"),
    ({"max_length": 0}, "at most 0"),
    ({"config": {}}, "is damaged"),
    ({"weights": "0"}, "the weights do not match its config.json"),
    ({"names": "0"}, "the names do not match its config.json"),
]


@pytest.mark.parametrize(("changes", "message"), CHANGES, ids=[message for _, message in CHANGES])
def test_a_model_that_is_not_as_it_should_be_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    folder = saved(tmp_path, model_of())
    rewrite(folder, **changes)
    with pytest.raises(BundleError, match=message) as caught:
        load_names_model(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", ["config.json", "weights.npz", "names.txt"])
def test_a_missing_or_cut_file_is_refused(tmp_path: Path, file: str) -> None:
    folder = saved(tmp_path, model_of())
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BundleError, match=r"config\.json"):
        load_names_model(folder)
    (folder / file).unlink()
    with pytest.raises(BundleError, match=f"{file}: cannot be read"):
        load_names_model(folder)


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such model; make one with 'jazzgen names train'"):
        load_names_model(tmp_path / "gone")


def test_a_weight_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    model = model_of()
    model.parameters["Wya"][0, 1] = np.nan
    with pytest.raises(BundleError, match=r"is damaged \(a weight is not a finite number"):
        load_names_model(saved(tmp_path, model))


def test_names_are_new_and_each_another() -> None:
    model = model_of(known=("ab", "ba", "aa"))
    made = make_names(model, 30, NameOptions(temperature=0.9), rng=np.random.default_rng(0))
    assert len({name.casefold() for name in made}) == 30
    assert not {"ab", "ba", "aa"} & set(made)
    assert "" not in made
    with_known = make_names(model, 30, NameOptions(allow_known=True), rng=np.random.default_rng(0))
    assert {"ab", "ba", "aa"} & set(with_known)


def test_a_model_of_lower_case_gives_capitals_and_takes_them() -> None:
    made = make_names(model_of(lower=True), 10, NameOptions(starts_with="Tin "), rng=np.random.default_rng(0))
    assert all(name.startswith("Tin") and name[1:] == name[1:].lower() for name in made)


def test_real_words_follow_each_other_as_in_the_list() -> None:
    model = model_of()
    for name in ("Tin Roof", "Late Roof", "Tin Boat Blues"):
        assert model.holds_words(name)
    for name in ("Roof Tin", "Tin Boat", "Late Boat Blues", "Boat Blues", "tin Roof", "Tin"):
        assert not model.holds_words(name)


IMPOSSIBLE = [
    (0, NameOptions(), "0 names: ask for 1 to"),
    (1, NameOptions(temperature=-1), "temperature -1"),
    (1, NameOptions(starts_with="Tan"), "'Tan' has 'a'"),
    (1, NameOptions(starts_with="T" * 60), "at most 60"),
    (500, NameOptions(real_words=True), "made 0 new names, not 500; ask for fewer"),
]


@pytest.mark.parametrize(("n", "options", "message"), IMPOSSIBLE, ids=[message for _, _, message in IMPOSSIBLE])
def test_what_cannot_be_made_is_one_line(
    n: int, options: NameOptions, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jazzgen.learning.names.model._TRIES", 1)
    model = model_of(known=("Tin Roof", "Boot Roof"))
    with pytest.raises(OptionError, match=message) as caught:
        make_names(model, n, options, rng=np.random.default_rng(0))
    assert "\n" not in str(caught.value)
