"""MusicXML that we write is valid by the standard's own schema, version 4.0."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from helpers.chart_text import parse_changes
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.corpus import read_score
from jazzgen.engraving import musicxml_bytes
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

xmlschema = pytest.importorskip("xmlschema", reason="xmlschema is not installed")
PROJECT = Path(__file__).parents[2]
FILES = [*sorted((Path(__file__).parent / "cases").glob("*.*")), *sorted(PROJECT.glob("midi/leadsheets/*.txt"))[::4]]
if not (_PACKAGE := find_spec("musicxml")) or not _PACKAGE.origin:
    pytest.skip("the package musicxml, which holds the schema, is not installed", allow_module_level=True)
SCHEMA = Path(_PACKAGE.origin).parent / "generate_classes" / "musicxml_4_0.xsd"


@cache
def schema() -> Any:
    return xmlschema.XMLSchema10(str(SCHEMA), allow="local")


def faults(document: bytes) -> list[str]:
    return [f"{fault.path}: {fault.reason}" for fault in schema().iter_errors(document.decode())]


@pytest.mark.parametrize("tidy", [False, True], ids=["exact", "tidy"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sheets_of_files_are_valid(path: Path, tidy: bool) -> None:
    assert faults(musicxml_bytes(read_score(path), tidy=tidy)) == []


def test_the_schema_finds_faults() -> None:
    document = musicxml_bytes(Score(title="Loop", changes=parse_changes("C7")))
    assert faults(document) == []
    assert faults(document.replace(b"<divisions>", b"<divisions>x"))
    assert faults(document.replace(b"<mode>major", b"<fifths>0</fifths><mode>major"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(1, 24), st.integers(30, 90)), max_size=16),
    st.sampled_from(["4/4", "3/4", "5/4", "6/8", "7/8", "12/8"]),
    st.sampled_from(["C", "Gb", "F#", "Eb"]),
    st.sampled_from(["C7 | N.C.", "C7alt | F#m7b5/E", "Cmaj7#11 | Db7#9", "C7sus4 | Bb6/9"]),
    st.booleans(),
)
def test_any_score_is_valid(
    rows: list[tuple[int, int, int]], meter: str, key: str, changes: str, is_drums: bool
) -> None:
    notes = {(tick * 40, pitch): Note(tick * 40, length * 40, pitch) for tick, length, pitch in rows}
    line: list[Note] = []
    for note in sorted(notes.values()):
        if not line or line[-1].end <= note.onset:
            line.append(note)
    score = Score(
        meters=((0, Meter.parse(meter)),),
        key=Key(key),
        changes=parse_changes(changes),
        parts=(Part("Solo & <more>", tuple(line), channel=9 if is_drums else 0),),
    )
    assert faults(musicxml_bytes(score)) == []
