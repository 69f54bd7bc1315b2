"""Model folders of any kind; tests/network/test_bundle.py has what one kind adds."""

import json
import os
from pathlib import Path

import pytest

from jazzgen.errors import BundleError
from jazzgen.learning.folder import FolderKind, read_about, require_types

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


def rewritten(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text, encoding="utf-8")


def test_every_flipped_bit_of_a_config_is_seen_or_changes_nothing(folder: Path) -> None:
    whole = (folder / "config.json").read_bytes()
    about = json.loads(whole)
    unseen = []
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        (folder / "config.json").write_bytes(flipped)
        try:
            load(folder)
        except BundleError:
            continue
        unseen += [] if json.loads(flipped) == about else [bit]
    assert unseen == []


def test_folders_from_before_there_was_a_checksum_of_the_config_load(folder: Path) -> None:
    about = json.loads((folder / "config.json").read_text())
    del about["sum"]
    rewritten(folder, json.dumps(about))
    assert load(folder) == ({"eggs": 3}, b"white")


def test_a_config_that_is_laid_out_otherwise_is_the_same(folder: Path) -> None:
    rewritten(folder, json.dumps(json.loads((folder / "config.json").read_text()), indent=4, sort_keys=True))
    assert load(folder)[0] == {"eggs": 3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "is not JSON"),
        ('{"a":' * 100_000, "is not JSON"),
        ('{"kind": "cake model", "format": 2, "config": {}, "flour": ' + "9" * 10_000 + "}", "is not JSON"),
        ('{"kind": ["cake model"]}', "is not a cake model"),
        ('{"kind": "cake model", "format": {}}', "has format {}"),
        ('{"kind": "cake model", "format": [2]}', "has format"),
        ('{"kind": "cake model", "format": 2, "spoon": 1}', "is damaged .its config.json holds 'spoon'"),
        (" " * (8 * 1024 * 1024 + 1), "is larger than any model"),
    ],
)
def test_a_hostile_config_is_one_line(text: str, message: str, folder: Path) -> None:
    rewritten(folder, text)
    with pytest.raises(BundleError, match=message) as refused:
        load(folder)
    assert len(str(refused.value).splitlines()) == 1


def test_a_pipe_in_the_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")
    with pytest.raises(BundleError, match="a pipe or a device, where a file is needed"):
        load(folder)


def test_types_are_checked_a_truth_is_no_number() -> None:
    require_types({"n": 1, "human": None}, {"n": int, "human": (dict, type(None))})
    with pytest.raises(ValueError, match="n is not int"):
        require_types({"n": True}, {"n": int})
