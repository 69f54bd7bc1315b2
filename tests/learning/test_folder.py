"""Model folders of any kind; tests/network/test_bundle.py has what one kind adds."""

from pathlib import Path

import numpy as np
import pytest

from jazzgen.errors import BundleError
from jazzgen.learning.folder import FolderKind, arrays_from_bytes, arrays_to_bytes, read_about

CAKE = FolderKind("cake model", 2, "bake", ("flour.bin",))


def load(folder: Path) -> tuple[dict[str, object], bytes]:
    return CAKE.load(folder, lambda config, files: (dict(config), files["flour.bin"]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    CAKE.save(tmp_path / "cake", {"flour.bin": b"white", "notes.txt": b"good"}, {"eggs": 3})
    return tmp_path / "cake"


def test_what_is_saved_is_loaded(folder: Path) -> None:
    assert load(folder) == ({"eggs": 3}, b"white")
    assert (folder / "notes.txt").read_bytes() == b"good"
    assert read_about(folder)["kind"] == "cake model"


def test_files_without_a_checksum_may_change(folder: Path) -> None:
    (folder / "notes.txt").write_bytes(b"burnt")
    assert load(folder)[1] == b"white"


def test_a_checked_file_may_not(folder: Path) -> None:
    (folder / "flour.bin").write_bytes(b"brown")
    with pytest.raises(BundleError, match=r"the flour do not match its config.json; train it again"):
        load(folder)


def test_another_kind_or_format_is_refused_with_the_cure(folder: Path) -> None:
    with pytest.raises(BundleError, match="is not a pie model; give a folder that 'fill' wrote"):
        FolderKind("pie model", 2, "fill", ()).load(folder, lambda *_: None)
    with pytest.raises(BundleError, match="has format 2, this jazzgen reads 3; train it again"):
        FolderKind("cake model", 3, "bake", ()).load(folder, lambda *_: None)


def test_what_cannot_be_made_of_it_is_damage(folder: Path) -> None:
    with pytest.raises(BundleError, match=r"is damaged .*'sugar'"):
        CAKE.load(folder, lambda config, _: config["sugar"])


def test_arrays_survive_bytes_and_are_the_same_bytes_each_time() -> None:
    arrays = {"a": np.arange(3.0), "b": np.ones((2, 2), np.float32)}
    assert arrays_to_bytes(arrays) == arrays_to_bytes(arrays)
    b, a = arrays_from_bytes(arrays_to_bytes(arrays), ["b", "a"])
    np.testing.assert_array_equal(a, arrays["a"])
    np.testing.assert_array_equal(b, arrays["b"])
    assert b.dtype == np.float32


def test_arrays_that_are_missing_or_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="no array b"):
        arrays_from_bytes(arrays_to_bytes({"a": np.ones(1)}), ["a", "b"])
    with pytest.raises(ValueError, match="not a finite number"):
        arrays_from_bytes(arrays_to_bytes({"a": np.array([np.inf])}), ["a"])
