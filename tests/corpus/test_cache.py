"""What has been read is kept by content."""

import os
from pathlib import Path

import pytest
from helpers.small_model import STARTER

from jazzgen.corpus import look_over, read_corpus
from jazzgen.corpus.cache import NO_CACHE, Cache, default_folder
from jazzgen.corpus.table import rows_of
from jazzgen.formats.reading import Pieces, ReadOptions, Unread
from jazzgen.formats.registry import read_file

OPTIONS = ReadOptions()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    source = sorted(STARTER.glob("*.mid"))[0]
    target = tmp_path / "tune.mid"
    target.write_bytes(source.read_bytes())
    return target


def store(cache: Cache, path: Path) -> tuple[str | None, Pieces]:
    key, pieces = cache.key(path, OPTIONS), read_file(path)
    cache.store(key, rows_of("MIDI", pieces), pieces)
    return key, pieces


def test_what_was_stored_comes_back(cache: Cache, path: Path) -> None:
    key, pieces = store(cache, path)
    assert cache.pieces(key) == pieces
    assert cache.rows(key) == rows_of("MIDI", pieces)


def test_unread_pieces_are_kept_too(cache: Cache, path: Path) -> None:
    path.write_bytes(b"MThd")
    key, pieces = store(cache, path)
    assert cache.pieces(key) == pieces
    assert isinstance(pieces[0], Unread)


def test_a_reading_that_was_broken_off_is_not_kept(cache: Cache, path: Path) -> None:
    key, pieces = cache.key(path, OPTIONS), (Unread("", "too slow", broken_off=True),)
    cache.store(key, rows_of("MIDI", pieces), pieces)
    assert cache.pieces(key) == ()


def test_the_key_is_of_content_name_and_options_not_of_the_folder(cache: Cache, path: Path) -> None:
    key = cache.key(path, OPTIONS)
    moved = path.parent / "elsewhere" / path.name
    moved.parent.mkdir()
    moved.write_bytes(path.read_bytes())
    renamed = path.rename(path.with_name("other.mid"))
    assert cache.key(moved, OPTIONS) == key
    assert len({key, cache.key(renamed, OPTIONS), cache.key(moved, ReadOptions(bars=(1, 2)))}) == 3
    moved.write_bytes(path.name.encode())
    assert cache.key(moved, OPTIONS) != key


def test_the_key_changes_with_the_readers(cache: Cache, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = cache.key(path, OPTIONS)
    monkeypatch.setattr("jazzgen.corpus.cache._source_digest", lambda: "another version")
    assert cache.key(path, OPTIONS) != key


@pytest.mark.parametrize("damage", [b"", b"{", b"[]\n{}", b'[{"format": 1}]\n[{"score": {}}]', b"\xff\n\xff", b"[]"])
def test_a_damaged_entry_is_as_good_as_none(damage: bytes, cache: Cache, path: Path) -> None:
    key, pieces = store(cache, path)
    (entry,) = (path.parent / "cache").glob("*/*")
    entry.write_bytes(damage)
    assert cache.pieces(key) == ()
    assert cache.rows(key) == []
    assert read_corpus([path], cache=cache).readings[0][1] == pieces[0]
    assert cache.pieces(key) == pieces


def test_the_second_reading_comes_from_the_cache(cache: Cache, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_corpus([path], cache=cache)
    rows = list(look_over([path], cache=cache))

    def must_not_be_called(*_: object) -> Pieces:
        raise AssertionError("read again")

    monkeypatch.setattr("jazzgen.corpus.read_file", must_not_be_called)
    assert read_corpus([path], cache=cache) == first
    assert list(look_over([path], cache=cache)) == rows


def test_no_cache_keeps_nothing(path: Path) -> None:
    assert NO_CACHE.key(path, OPTIONS) is None
    NO_CACHE.prune()
    read_corpus([path])
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_cache_that_cannot_be_written_is_no_error(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert read_corpus([path], cache=Cache(tmp_path / "file" / "cache")).readings


def test_a_file_that_is_gone_has_no_key(cache: Cache, tmp_path: Path) -> None:
    assert cache.key(tmp_path / "gone.mid", OPTIONS) is None


def test_pruning_removes_what_has_lain_longest(cache: Cache, path: Path) -> None:
    keys = []
    for number in range(3):
        path.write_bytes(path.read_bytes() + b"\0")
        key, _ = store(cache, path)
        assert key is not None
        (entry,) = (path.parent / "cache").glob(f"*/{key}.json")
        os.utime(entry, (number, number))
        keys.append(key)
    size = max(entry.stat().st_size for entry in (path.parent / "cache").glob("*/*.json"))
    cache.prune(max_bytes=2 * size + 1)
    assert [bool(cache.rows(key)) for key in keys] == [False, True, True]
    cache.prune(max_bytes=0)
    assert not any(cache.rows(key) for key in keys)


def test_the_folder_is_the_environments_or_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAZZGEN_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("JAZZGEN_CACHE")
    assert default_folder().name == "jazzgen"
