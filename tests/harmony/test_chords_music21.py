"""Figures of music21: what it sounds for them is what is meant."""

import pytest

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import MUSIC21, format_chord, parse_chord

BODIES = """
6 69 7 9 11 13 m m6 m69 m7 m9 m11 m13 maj7 maj9 maj13 maj11 dim dim7 aug 7#5 m7b5 mmaj7 mmaj9 m9b5 7sus4 9sus4 13sus4
sus4 sus2 5 7b9 7#9 7#11 7b13 7b5 add9 madd9 maj7#5 maj7b5 7b9#11 7b9b13 13b9 13#11 9#11 7alt 7sus4b9 7no5 maj7#11
"""


@pytest.mark.parametrize("body", ["", *BODIES.split()])
def test_music21_sounds_what_its_figure_says(body: str) -> None:
    harmony = pytest.importorskip("music21.harmony")
    for root in ("C", "Bb", "F#"):
        chord = parse_chord(root + body)
        sounding = harmony.ChordSymbol(format_chord(chord, MUSIC21))
        assert {pitch.pitchClass for pitch in sounding.pitches} == {*chord.pitch_classes, *chord.tension_classes}


@pytest.mark.parametrize(
    ("figure", "symbol"),
    [
        ("B-7", "Bb7"), ("C-7", "Cb7"), ("B--m", "Bbbm"), ("F##", "F##"), ("Cm7/E-", "Cm7/Eb"),
        ("C/B- add 2", "Cadd9/Bb"), ("C7 b9", "C7b9"), ("C7 add b9", "C7b9"),
        ("A7 alter #5 add #9 add #11", "A7#5#9#11"),
        ("F7 add 4 subtract 3", "F7sus4"), ("G7subtract5addb9add#9add#11addb13", "G7alt"), ("E7omit3", "E7no3"),
        ("Cø7", "Cm7b5"), ("C+M7", "Cmaj7#5"), ("Cpower", "C5"), ("Cdom7dim5", "C7b5"), ("Cpedal", "Cno3no5"),
    ],
)  # fmt: skip
def test_figures_are_read(figure: str, symbol: str) -> None:
    assert str(parse_chord(figure, MUSIC21)) == symbol


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ("Bb7", r"a flat is written '-' in a figure; did you mean B-7\? \(at character 2\)"),
        ("x", "a figure starts with its root"),
        ("C7 add", r"' ?add' is not understood.*\(at character [34]\)"),
        ("C7 add 99", r"'9' is not understood.*\(at character 9\)"),
        ("C7 add b9 juicy", "juicy"),
    ],
)
def test_figures_that_are_not_understood_are_errors(figure: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_chord(figure, MUSIC21)
