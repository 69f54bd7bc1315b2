"""docs/chords.md and the code say the same: every row of its tables is read and compared."""

import re
from functools import cache
from pathlib import Path

import pytest

from jazzgen.harmony.chord_musicxml import Degree, DegreeType, MusicXmlHarmony, chord_from_musicxml
from jazzgen.harmony.chord_qualities import QUALITIES
from jazzgen.harmony.chords import (
    DIALECTS,
    HARTE,
    IMPROVISOR,
    IREAL,
    MUSIC21,
    PLAIN,
    WEIMAR,
    format_chord,
    is_no_chord,
    parse_chord,
)
from jazzgen.harmony.scales import available_tensions, scale_name

PAGE = Path(__file__).parents[2] / "docs" / "chords.md"
NAMES = {dialect.name: dialect for dialect in DIALECTS}


@cache
def table(first: str, second: str) -> list[list[str]]:
    """The rows under the heading that starts with these two columns."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    next(line for line in lines if line.startswith(f"| {first} | {second} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def symbols(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def semitones(text: str) -> tuple[int, ...]:
    return tuple(int(tone) for tone in text.split())


@pytest.mark.parametrize("row", table("class", "plain"), ids=lambda row: row[1])
def test_the_dialects_side_by_side(row: list[str]) -> None:
    tones, _, tensions = row[-1].partition("|")
    chord = parse_chord(symbols(row[1])[0])
    assert (chord.quality, chord.tones, chord.tensions) == (row[0], semitones(tones), semitones(tensions))
    for dialect, cell in zip((PLAIN, IREAL, WEIMAR, IMPROVISOR, MUSIC21, HARTE), row[1:-1], strict=True):
        (symbol,) = symbols(cell)
        assert format_chord(chord, dialect) == symbol
        assert parse_chord(symbol, dialect) == chord


def test_every_quality_is_in_the_table() -> None:
    written = {parse_chord(symbols(row[1])[0]).tones for row in table("class", "plain")}
    assert written >= {quality.tones for quality in QUALITIES}


@pytest.mark.parametrize(("typed", "canonical"), table("typed", "canonical"), ids=lambda cell: cell[:20])
def test_the_spellings_that_are_read(typed: str, canonical: str) -> None:
    (name,) = symbols(canonical)
    for symbol in symbols(typed):
        assert str(parse_chord(symbol)) == name, symbol


@pytest.mark.parametrize("row", table("symbol", "dialect"), ids=lambda row: row[0] + row[1])
def test_what_is_ambiguous(row: list[str]) -> None:
    (symbol,), (reading,) = symbols(row[0]), symbols(row[2])
    assert str(parse_chord(symbol, NAMES[row[1]] if row[1] else None)) == reading


@pytest.mark.parametrize("row", table("kind", "degrees"), ids=lambda row: "".join(row[:3]))
def test_the_kinds_and_degrees_of_musicxml(row: list[str]) -> None:
    kinds, degrees, text, (reading,) = symbols(row[0]), row[1], symbols(row[2]), symbols(row[3])
    harmony = MusicXmlHarmony("C", kind=kinds[0], text="".join(text), degrees=tuple(read_degrees(degrees)))
    assert str(chord_from_musicxml(harmony)) == reading


def read_degrees(cell: str) -> list[Degree]:
    types: dict[str, DegreeType] = {"add": "add", "alter": "alter", "subtract": "subtract"}
    words = [part.split() for part in cell.split(",") if part.strip()]
    return [Degree(int(value), int(alter), types[name]) for name, value, alter in words]


@pytest.mark.parametrize("row", table("chord", "scale"), ids=lambda row: row[0])
def test_the_available_tensions(row: list[str]) -> None:
    chord = parse_chord(symbols(row[0])[0])
    assert (scale_name(chord), available_tensions(chord)) == (row[1], semitones(row[2]))


def test_the_ways_to_write_no_chord() -> None:
    (line,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.strip().startswith("no chord")]
    spellings = re.findall('"([^"]+)"', line)
    assert len(spellings) == 4
    assert all(is_no_chord(spelling) and is_no_chord(spelling.lower()) for spelling in spellings)
    assert all(is_no_chord(format_chord(None, dialect)) for dialect in DIALECTS)
