"""How a line fits its chords, and how varied those are."""

import math

import pytest
from helpers.chart_text import parse_changes
from helpers.melodies import BEAT, line_of, played
from helpers.strategies import SYMBOLS
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.metrics.chords import (
    STRENGTHS,
    Strength,
    chord_irregularity,
    chord_tone_share,
    degrees,
    scale_tone_share,
    strengths,
)
from jazzgen.metrics.line import Line
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter


@pytest.mark.parametrize(
    ("meter", "expected"),
    [("4/4", "sowosowoso"), ("3/4", "sowowosowo"), ("6/8", "swwswwswws"), ("5/4", "sowowowowo")],
)
def test_strength_by_meter(meter: str, expected: str) -> None:
    notes = tuple(Note(i * BEAT // 2, 200, 60) for i in range(10))
    line = Line.of(Score(meters=((0, Meter.parse(meter)),), parts=(Part("Solo", notes),)))
    initials = "".join(STRENGTHS[index][0] for index in strengths(line))
    assert initials == expected


@pytest.mark.parametrize(("strength", "chord_tones", "scale_tones"), [("strong", 1, 1), ("weak", 0, 1), ("off", 0, 0)])
def test_shares_by_strength(strength: Strength, chord_tones: float, scale_tones: float) -> None:
    # Over Cmaj7: C and E on beats 1 and 3, D and A on 2 and 4, Db and Ab off the beat.
    line = played([60, 61, 62, 68, 64, 61, 69, 68], BEAT // 2, changes="Cmaj7")
    assert chord_tone_share(line, strength) == chord_tones
    assert scale_tone_share(line, strength) == scale_tones


def test_a_note_just_ahead_of_a_chord_belongs_to_it() -> None:
    line = line_of([Note(0, BEAT, 60), Note(4 * BEAT - 10, BEAT, 66)], "Cmaj7 | F#maj7")
    assert chord_tone_share(line, "strong") == 1
    assert degrees(line).tolist() == [0, 0]


def test_notes_without_a_chord_are_left_out() -> None:
    line = played([61, 60, 60, 60, 61, 61, 61, 61, 61], changes="N.C. | Cmaj7")
    assert chord_tone_share(line, "weak") == 0
    assert degrees(line).tolist() == [1] * 4
    assert math.isnan(scale_tone_share(played([60, 62]), "strong"))
    assert math.isnan(chord_tone_share(played([60, 62, 64, 65], changes="Cmaj7"), "off"))


@given(st.lists(st.integers(40, 80), min_size=2, max_size=8), st.sampled_from(SYMBOLS))
def test_chord_tones_are_scale_tones_too(pitches: list[int], symbol: str) -> None:
    line = played(pitches, changes=symbol)
    for strength in STRENGTHS:
        tones, scale = chord_tone_share(line, strength), scale_tone_share(line, strength)
        assert math.isnan(tones) == math.isnan(scale)
        assert not tones > scale


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ("C | F | G | A", 1),
        ("C | F | G | C | F | G", 3 / 4),
        ("C | C | F | G", 1),
        ("C7 | F7 | C7 | F7 | C7 | F7", 2 / 4),
        ("C | F", math.nan),
    ],
)
def test_irregularity_of_known_progressions(changes: str, share: float) -> None:
    assert chord_irregularity(parse_changes(changes)) == pytest.approx(share, nan_ok=True)
