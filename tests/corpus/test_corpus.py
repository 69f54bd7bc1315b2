"""Corpora: many files at once, the bad ones reported."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from jazzgen.corpus import read_corpus
from jazzgen.errors import CorpusError
from jazzgen.formats.registry import find_files

Item = TypeVar("Item")
STARTER = Path(__file__).parents[2] / "midi" / "starter"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files, one of them in a subfolder, and a bad one."""
    good = sorted(STARTER.glob("*.mid"))
    (tmp_path / "b.mid").write_bytes(good[0].read_bytes())
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.MIDI").write_bytes(good[1].read_bytes())
    (tmp_path / "bad.mid").write_bytes(b"MThd")
    (tmp_path / "notes.txt").write_text("not music")
    return tmp_path


def test_folders_are_searched_in_sorted_order(folder: Path) -> None:
    names = [str(path.relative_to(folder)) for path in find_files([folder]).files]
    assert names == ["b.mid", "bad.mid", "deep/a.MIDI"]


def test_a_bad_file_is_reported_and_skipped(folder: Path) -> None:
    corpus = read_corpus([folder])
    assert [path.name for path, _ in corpus.readings] == ["b.mid", "a.MIDI"]
    assert len(corpus.failures) == 1
    assert "bad.mid: " in corpus.failures[0]


def test_strict_stops_at_a_bad_file(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"bad\.mid: "):
        read_corpus([folder], strict=True)


def test_nothing_readable_is_an_error_with_the_first_reason(tmp_path: Path) -> None:
    for name in ("a.mid", "b.mid"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CorpusError, match=r"a\.mid: the file is empty.*1 more like it"):
        read_corpus([tmp_path])


def test_progress_sees_every_file(folder: Path) -> None:
    totals: list[int] = []

    def watch(results: Iterable[Item], total: int) -> Iterable[Item]:
        totals.append(total)
        return results

    read_corpus([folder], progress=watch)
    assert totals == [3]
