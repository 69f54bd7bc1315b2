"""Bundles: what is saved is what is loaded, and what is wrong is said."""

import json
from pathlib import Path

import numpy as np
import pytest

from jazzgen.errors import BundleError
from jazzgen.learning.folder import sealed
from jazzgen.learning.grammar.bundle import (
    Bundle,
    Config,
    Weights,
    load_bundle,
    save_bundle,
)
from jazzgen.learning.grammar.vocabulary import Vocabulary

CONFIG = Config(n_values=3, n_a=2, tx=4, low=50, high=80, feel="straight", rhythm=((240, 480),) + ((),) * 11)
VOCABULARY = Vocabulary(("C,0.500", "C,0.500,<m3,m-3>", "R,1.000"))


def weights() -> Weights:
    rng = np.random.default_rng(0)
    return Weights(*(rng.normal(size=tuple(shape)).astype(np.float32) for shape in CONFIG.shapes()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "model"
    save_bundle(path, CONFIG, VOCABULARY, weights(), {"files": 1}, "# A card\n")
    return path


def change_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(sealed(json.loads(path.read_text()) | changes)))


def test_a_bundle_loads_as_it_was_saved(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert isinstance(bundle, Bundle)
    assert (bundle.name, bundle.config, bundle.vocabulary) == ("model", CONFIG, VOCABULARY)
    for mine, saved in zip(bundle.weights, weights(), strict=True):
        np.testing.assert_array_equal(mine, saved)


def test_a_bundle_holds_a_card_and_a_report_and_no_pickle(folder: Path) -> None:
    assert (folder / "README.md").read_text() == "# A card\n"
    assert json.loads((folder / "report.json").read_text()) == {"files": 1}
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        assert set(arrays.files) == set(Weights._fields)


def test_a_missing_folder_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"nowhere: no such model; make one"):
        load_bundle(tmp_path / "nowhere")


def test_a_folder_of_something_else_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"kind": "cake"}')
    with pytest.raises(BundleError, match="is not a jazzgen grammar model"):
        load_bundle(tmp_path)


def test_a_bundle_of_another_version_says_both_versions(folder: Path) -> None:
    change_config(folder, format=99)
    with pytest.raises(BundleError, match="has format 99, this jazzgen reads 1; train it again"):
        load_bundle(folder)


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json", "config.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{name}: cannot be read"):
        load_bundle(folder)


@pytest.mark.parametrize(("name", "what"), [("weights.npz", "weights"), ("vocabulary.json", "vocabulary")])
def test_a_changed_file_is_noticed(folder: Path, name: str, what: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[-30] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"the {what} do not match"):
        load_bundle(folder)


def test_sizes_that_disagree_with_the_weights_are_named(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())["config"] | {"n_a": 3}
    change_config(folder, config=config)
    with pytest.raises(BundleError, match=r"kernel has shape \(3, 8\), its config says \(3, 12\)"):
        load_bundle(folder)


def test_a_config_without_its_fields_is_damaged(folder: Path) -> None:
    change_config(folder, config={})
    with pytest.raises(BundleError, match="is damaged"):
        load_bundle(folder)


def test_a_config_that_is_not_json_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("{")
    with pytest.raises(BundleError, match=r"config\.json: is not JSON"):
        load_bundle(folder)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    broken = weights()._replace(bias=np.full(8, np.nan, np.float32))
    save_bundle(tmp_path / "model", CONFIG, VOCABULARY, broken, {}, "")
    with pytest.raises(BundleError, match="a weight is not a finite number"):
        load_bundle(tmp_path / "model")


@pytest.mark.parametrize("wrong", [{"rhythm": [[240]]}, {"low": 90}, {"high": 200}])
def test_a_config_that_could_not_play_is_damaged(folder: Path, wrong: dict[str, object]) -> None:
    config = json.loads((folder / "config.json").read_text())["config"] | wrong
    change_config(folder, config=config)
    with pytest.raises(BundleError, match=r"is damaged .*rhythm of"):
        load_bundle(folder)
