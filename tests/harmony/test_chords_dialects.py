"""Whole vocabularies of other programs, and the way there and back in every dialect."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from helpers.any_chords import any_chords
from helpers.strategies import chord_symbols
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_dialects import Dialect
from jazzgen.harmony.chord_reader import plain_signs, read_body
from jazzgen.harmony.chords import (
    DIALECTS,
    HARTE,
    IMPROVISOR,
    IREAL,
    MUSIC21,
    PLAIN,
    WEIMAR,
    Chord,
    format_chord,
    is_no_chord,
    parse_chord,
)

ROOTS = ("C", "Bb", "F#", "Cb", "E#")

# iReal Pro's menu of qualities, and the canonical suffix of each.
IREAL_MENU = """
^ maj7          ^7 maj7         ^9 maj9         ^13 maj13       ^7#11 maj7#11   ^9#11 maj9#11   ^7#5 maj7#5
- m             -7 m7           -9 m9           -11 m11         -6 m6           -69 m69         -^7 mmaj7
-^9 mmaj9       -7b5 m7b5       -b6 maddb13     -#5 m#5         h m7b5          h7 m7b5         h9 m9b5
o dim           o7 dim7         + aug           6 6             69 69           6/9 69          -6/9 m69
add9 add9       2 add9          5 5             sus sus4        7 7             9 9             11 11
13 13           7sus 7sus4      9sus 9sus4      13sus 13sus4    7b9sus 7sus4b9  7b13sus 7sus4b13
7susadd3 7sus4b11               7add3sus 7sus4b11               7alt 7alt       7b9 7b9         7#9 7#9
7#11 7#11       7b13 7b13       7b5 7b5         7#5 7#5         9#11 9#11       9b5 9b5         9#5 9#5
13#11 13#11     13b9 13b9       13#9 13#9       7b9b13 7b9b13   7b9#5 7#5b9     7b9b5 7b5b9     7b9#9 7b9#9
7#9#5 7#5#9     7#9b5 7b5#9     7#9#11 7#9#11   7b9#11 7b9#11   ø m7b5          ø7 m7b5         ø9 m9b5
"""
# What iReal Pro offers twice; the second spelling is the one that is written.
IREAL_TWICE = {"^", "h", "-7b5", "ø", "ø7", "ø9", "2", "6/9", "-6/9", "7add3sus"}

# Impro-Visor's chords; those not written by name here hold these semitones.
IMPROVISOR_CHORDS = """
M|0 4 7                 2|0 2 4 7               4|0 5 10                5|0 7                   6|0 4 7 9
69|0 2 4 7 9            M13#11|0 2 4 6 7 9 11   M13|0 2 4 7 9 11        M6|0 4 7 9              M69#11|0 2 4 6 7 9
M69|0 2 4 7 9           M7#11|0 4 6 7 11        M7|0 4 7 11             M7add13|0 4 7 9 11      M7b5|0 4 6 11
M7b6|0 4 7 8 11         M7b9|0 1 4 7 11         M9#11|0 2 4 6 7 11      M9|0 2 4 7 11           M9b5|0 2 4 6 11
Madd9|0 2 4 7           Mb5|0 4 6               add2|0 2 4 7            add9|0 2 4 7            m#5|0 3 8
m+|0 3 8                m|0 3 7                 m11#5|0 2 3 5 8 10      m11|0 2 3 5 7 10        m11b5|0 2 3 5 6 10
m13|0 2 3 5 7 9 10      m6|0 3 7 9              m69|0 2 3 7 9           m7#5|0 3 8 10           m7|0 3 7 10
m7b5|0 3 6 10           h|0 3 6 10              h7|0 3 6 10             m9#5|0 2 3 8 10         m9|0 2 3 7 10
m9b5|0 2 3 6 10         mM7|0 3 7 11            mM7b6|0 3 7 8 11        mM9|0 2 3 7 11          madd9|0 2 3 7
M#5|0 4 8               +|0 4 8                 aug|0 4 8               +7|0 4 8 10             M#5add9|0 2 4 8
M7#5|0 4 8 11           M7+|0 4 8 11            M9#5|0 2 4 8 11         +add9|0 2 4 8           7#5|0 4 8 10
7+|0 4 8 10             aug7|0 4 8 10           7aug|0 4 8 10           7#5#9|0 3 4 8 10        7b13|0 4 7 8 10
7b5#9|0 3 4 6 10        7b5|0 4 6 10            7b5b13|0 4 6 8 10       7b5b9|0 1 4 6 10        7b5b9b13|0 1 4 6 8 10
7b6|0 4 7 8 10          7b9#11|0 1 4 6 7 10     7b9#11b13|0 1 4 6 7 8 10                        7b9|0 1 4 7 10
7b9b13#11|0 1 4 6 7 8 10                        7b9b13|0 1 4 7 8 10     7no5|0 4 10             7#11|0 4 6 7 10
7#11b13|0 4 6 7 8 10    7#5b9#11|0 1 4 6 8 10   7#5b9|0 1 4 8 10        7#9#11|0 3 4 6 7 10     7|0 4 7 10
7#9#11b13|0 3 4 6 7 8 10                        7#9|0 3 4 7 10          7#9b13|0 3 4 7 8 10     9|0 2 4 7 10
9#5|0 2 4 8 10          9+|0 2 4 8 10           9#11|0 2 4 6 7 10       9#11b13|0 2 4 6 7 8 10  9#5#11|0 2 4 6 8 10
9b13|0 2 4 7 8 10       9b5|0 2 4 6 10          9b5b13|0 2 4 6 8 10     9no5|0 2 4 10           13#11|0 2 4 6 7 9 10
13#9#11|0 3 4 6 7 9 10  13#9|0 3 4 7 9 10       13|0 2 4 7 9 10         13b5|0 2 4 6 9 10       13b9#11|0 1 4 6 7 9 10
13b9|0 1 4 7 9 10       Msus2|0 2 7             Msus4|0 5 7             sus2|0 2 7              sus4|0 5 7
sus|0 5 7               susb9|0 1 5 7 10        7b9b13sus4|0 1 5 7 8 10 7b9sus|0 1 5 7 10       7b9sus4|0 1 5 7 10
7sus|0 5 7 10           7sus4|0 5 7 10          7sus4b9|0 1 5 7 10      7sus4b9b13|0 1 5 7 8 10 7susb9|0 1 5 7 10
9sus4|0 2 5 7 10        9sus|0 2 5 7 10         11|0 2 5 7 10           13sus|0 2 5 7 9 10      13sus4|0 2 5 7 9 10
sus24|0 2 5 7           sus4add9|0 2 5 7        o|0 3 6                 o7|0 3 6 9              Blues|0 3 5 6 7 10
Bass|0                  Note|0                  Major|0 4 7             minor|0 3 7             minor7|0 3 7 10
Dominant|0 4 7 10       augmented|0 4 8         diminished|0 3 6 9      quartal|0 5 10          mb6M7|0 3 7 8 11
half-diminished|0 3 6 10                        6#11|0 4 6 7 9          7alt|0 1 3 4 6 8 10     add9no3|0 2 7
phryg|0 1 5 7 10        11b9|0 1 5 7 10         67|0 4 7 9 10           10|0 4                  oM7|0 3 6 11
o7M7|0 3 6 9 11         mb6|0 3 7 8             mb6b9|0 1 3 7 8         m7add4|0 3 5 7 10       Maddb9|0 1 4 7
"""

# Weimar's suffixes, and the canonical ones.
WEIMAR_SUFFIXES = """
+ aug           +7 7#5          +79 9#5         +79# 7#5#9      +7911# 9#5#11   +79b 7#5b9      +j7 maj7#5
- m             -6 m6           -69 m69         -7 m7           -79 m9          -7911 m11       -79b m7b9
-j7 mmaj7       6 6             69 69           6911# 69add#11  7 7             79 9            79# 7#9
79#11# 7#9#11   79#13 13#9      7911# 9#11      7913 13         7913b 9b13      79b 7b9         79b13 13b9
79b13b 7b9b13   7alt 7alt       j7 maj7         j79 maj9        j79# maj7#9     j79#11# maj7#9#11
j7911# maj9#11  m7b5 m7b5       o dim           o7 dim7         sus sus4        sus7 7sus4      sus79 9sus4
sus7913 13sus4
"""


def pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


def cells(text: str) -> list[tuple[str, set[int]]]:
    """The suffixes and semitones of `suffix|semitones`."""
    found = re.findall(r"(\S+)\|([\d ]+?)(?=\s+\S+\||\s*$)", text, re.MULTILINE)
    return [(suffix, {int(tone) for tone in tones.split()}) for suffix, tones in found]


@pytest.mark.parametrize(("spelling", "canonical"), pairs(IREAL_MENU))
def test_ireal_pros_menu_is_read_and_written(spelling: str, canonical: str) -> None:
    for root in ROOTS:
        chord = parse_chord(root + spelling, IREAL)
        assert str(chord) == root + canonical
        assert chord == parse_chord(root + spelling)
        assert spelling in IREAL_TWICE or format_chord(chord, IREAL) == root + spelling


@pytest.mark.parametrize(("suffix", "tones"), cells(IMPROVISOR_CHORDS))
def test_improvisors_vocabulary_is_read(suffix: str, tones: set[int]) -> None:
    for root in ROOTS:
        chord = parse_chord(root + suffix, IMPROVISOR)
        assert {*chord.tones, *chord.tensions} == tones


@pytest.mark.parametrize(
    ("symbol", "meaning"), [("Ab\\C7", "C7#5#9add5"), ("D\\Cmaj7", "Cmaj9#11add13"), ("Gb\\C7/E", "C7b9#11/E")]
)
def test_improvisors_polychords_are_one_chord_with_another_above(symbol: str, meaning: str) -> None:
    chord, expected = parse_chord(symbol, IMPROVISOR), parse_chord(meaning)
    assert {*chord.tones, *chord.tensions} == {*expected.tones, *expected.tensions}
    assert (chord.root, chord.bass) == (expected.root, expected.bass)


@pytest.mark.parametrize(("spelling", "canonical"), pairs(WEIMAR_SUFFIXES))
def test_weimars_suffixes_are_read_and_written(spelling: str, canonical: str) -> None:
    for root in ROOTS:
        chord = parse_chord(root + spelling, WEIMAR)
        assert str(chord) == root + canonical
        assert format_chord(chord, WEIMAR) == root + spelling


def test_without_a_dialect_only_what_is_plain_reads_otherwise() -> None:
    differing = {s for s, _ in pairs(WEIMAR_SUFFIXES) if parse_chord("C" + s) != parse_chord("C" + s, WEIMAR)}
    assert differing == {"79#13", "79b13"}


def test_every_chord_of_the_weimar_database_is_read(weimar_path: Path) -> None:
    with closing(sqlite3.connect(f"{weimar_path.as_uri()}?mode=ro", uri=True)) as database:
        symbols = {symbol for (symbol,) in database.execute("select chord from beats where chord <> ''")}
    written = {symbol for symbol in symbols if not is_no_chord(symbol)}
    assert symbols - written == {"NC"}
    chords = {symbol: parse_chord(symbol, WEIMAR) for symbol in written}
    assert len(chords) > 300
    # All but those that name the root as bass come out as they went in.
    for symbol, chord in chords.items():
        assert format_chord(chord, WEIMAR) == symbol.removesuffix(f"/{chord.root}")


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@given(any_chords())
def test_any_chord_reads_back_in_every_dialect(dialect: Dialect, chord: Chord) -> None:
    assert parse_chord(format_chord(chord, dialect), dialect) == chord


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@given(chord_symbols())
def test_any_symbol_reads_back_in_every_dialect(dialect: Dialect, symbol: str) -> None:
    chord = parse_chord(symbol)
    assert parse_chord(format_chord(chord, dialect), dialect) == chord


@given(st.sampled_from(DIALECTS[:4]), st.text("mMajdiugs2457691b#-+^ohø(),/ °Δltno3", max_size=9))
def test_lead_sheet_dialects_read_one_language(dialect: Dialect, body: str) -> None:
    """Whatever two of them understand of it, only trailing accidentals and Impro-Visor's own words set apart."""
    try:
        chord = parse_chord("C" + body, dialect)
    except ChordError:
        return
    if dialect in (PLAIN, IREAL):
        assert chord == parse_chord("C" + body)
    assert parse_chord(format_chord(chord, dialect), dialect) == chord


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@given(st.text(max_size=12) | st.text("ABCGbm#7-+/9o^(), 135susadd:*", max_size=14))
def test_any_text_is_a_chord_of_a_dialect_or_a_chord_error(dialect: Dialect, text: str) -> None:
    try:
        chord = parse_chord(text, dialect)
    except ChordError as error:
        assert f"chord '{text}'" in error.args[0]  # noqa: PT017
        assert len(str(error).splitlines()) == 1  # noqa: PT017
    else:
        assert parse_chord(format_chord(chord, dialect), dialect) == chord


@pytest.mark.parametrize(
    ("symbol", "dialect", "message"),
    [
        ("C-8", IREAL, r"'8' is not understood; did you mean C-.*\(at character 3\)"),
        ("Cj8", WEIMAR, r"'8' is not understood; did you mean C.*\(at character 3\)"),
        ("CM77", IMPROVISOR, r"'7' is not understood; did you mean CM7\? \(at character 4\)"),
        ("Ab\\C78", IMPROVISOR, r"'8' is not understood.*\(at character 6\)"),
        ("Hb\\C7", IMPROVISOR, r"a chord starts with its root.*\(at character 1\)"),
        ("B-77", MUSIC21, r"'7' is not understood; did you mean B-7\? \(at character 4\)"),
        ("Bb7", MUSIC21, r"a flat is written '-' in a figure; did you mean B-7\? \(at character 2\)"),
        ("C:min8", HARTE, r"'min8' is no shorthand; did you mean C:min.*\(at character 3\)"),
    ],
)
def test_an_unknown_symbol_of_a_dialect_is_an_error_with_a_suggestion_from_there(
    symbol: str, dialect: Dialect, message: str
) -> None:
    with pytest.raises(ChordError, match=message):
        parse_chord(symbol, dialect)


@pytest.mark.parametrize(
    ("text", "plain"), [("C−7", "C-7"), ("C∆7", "CΔ7"), ("Cº", "C°"), ("CØ", "Cø"), ("B♭♯", "Bb#"), ("Cm7", "Cm7")]
)
def test_signs_that_look_alike_are_one(text: str, plain: str) -> None:
    assert plain_signs(text) == plain


def test_the_end_of_a_body_can_be_read_alone() -> None:
    assert read_body("7b9") == ((0, 4, 7, 10), (1,))
    assert read_body("79b", trailing=True) == ((0, 4, 7, 10), (1,))


def test_no_chord_is_written_as_each_dialect_does() -> None:
    assert [format_chord(None, dialect) for dialect in DIALECTS] == ["N.C.", "n", "NC", "NC", "N.C.", "N"]
