"""Which notes of a solo get which gestures, and that nothing else changes."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.gestures import can_bend, with_gestures
from jazzgen.errors import OptionError
from jazzgen.music.gesture import Gesture
from jazzgen.music.score import TENOR_SAX, Note, Part, Score
from jazzgen.music.timing import tempo_seconds

# At 120 beats a minute a tick lasts about a millisecond.
MS = 1_000 / 960


def solo(*notes: Note, symbols: str = "Cmaj7 | % | % | %") -> Score:
    return Score(changes=parse_changes(symbols), parts=(Part("Solo", notes, TENOR_SAX),))


def drawn(score: Score, onset: int, count: int = 300) -> list[Gesture]:
    """What the note at a tick does, of many seeds."""
    found = (with_gestures(score, rng=np.random.default_rng(seed)).melody.gestures for seed in range(count))
    return [gesture for gestures in found for gesture in gestures if gesture.onset == onset]


def kinds(score: Score, onset: int) -> set[str]:
    return {kind for gesture in drawn(score, onset) for kind in gesture.kinds}


def line(length: int, pitch: int = 67, late: int = 0) -> Score:
    """A note after a rest and before another, which steals no attention."""
    return solo(Note(0, 100, 60), Note(960 + late, length, pitch), Note(3360, 100, 60))


@pytest.mark.parametrize(
    ("score", "possible"),
    [
        (line(120), set()),  # too short
        (line(240), {"scoop", "fall"}),
        (line(240, late=140), {"fall"}),  # off the beat
        (line(960), {"scoop", "vibrato"}),  # too long to fall
        (line(960, 63), {"scoop", "vibrato"}),  # vibrato before a blue note's bend
        (line(400, 63), {"scoop", "fall", "bend"}),
        (line(400, 64), {"scoop", "fall"}),
        (solo(Note(480, 480, 60), Note(960, 400, 67), Note(1360, 480, 64)), {"scoop"}),  # the top of a line
        (solo(Note(480, 480, 60), Note(960, 400, 59), Note(1360, 480, 64)), set()),
        (solo(Note(960, 960, 60), Note(1440, 480, 67)), set()),  # still sounds when the next starts
    ],
)
def test_each_gesture_is_for_notes_that_ask_for_it(score: Score, possible: set[str]) -> None:
    onset = next(note.onset for note in score.melody.notes if note.onset >= 960)
    assert kinds(score, onset) == possible


def test_a_blue_note_is_none_where_the_chord_has_it_or_the_key_is_minor() -> None:
    assert "bend" not in kinds(replace(line(400, 63), changes=parse_changes("Ebmaj7 | % | % | %")), 960)
    minor = line(400, 63)
    assert "bend" not in kinds(replace(minor, key=minor.key.__class__("C", minor=True)), 960)


def test_shapes_are_as_a_player_makes_them() -> None:
    for gesture in drawn(line(960), 960):
        scoop = [(tick, cents) for tick, cents in gesture.bends if tick * MS <= 120]
        if "scoop" in gesture.kinds:
            assert -200 <= scoop[0][1] <= -25
            assert [cents for _, cents in scoop] == sorted(cents for _, cents in scoop)
        if "vibrato" in gesture.kinds:
            wave = [(tick, cents) for tick, cents in gesture.bends if tick * MS > 130]
            assert wave[0][0] * MS >= 199
            assert 12 <= max(abs(cents) for _, cents in wave) <= 35
            turns = [a for (a, x), (_, y) in pairwise([w for w in wave if w[1]]) if (x > 0) != (y > 0)]
            assert 4.6 <= 1_000 / MS / 2 / float(np.mean(np.diff(turns))) <= 6.0  # hertz
    falls = [gesture for gesture in drawn(line(480), 960) if "fall" in gesture.kinds]
    assert falls
    for gesture in falls:
        assert -500 <= gesture.bends[-1][1] <= -200
        assert gesture.levels[-1] == (479, 16)
        assert gesture.levels[0][0] >= 0.4 * 480


def test_some_instruments_cannot_bend() -> None:
    bending = [program for program in range(128) if can_bend(Part("Solo", program=program))]
    assert {22, 26, 33, 40, 56, 57, 64, 66, 71, 73} <= set(bending)
    assert not {0, 4, 11, 16, 21, 46, 47, 114} & set(bending)
    assert not can_bend(Part("Drums", program=66, channel=9))
    vibes = replace(line(960), parts=(replace(line(960).melody, program=11),))
    assert with_gestures(vibes, rng=np.random.default_rng(0)) == vibes


@given(scores(), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_every_gesture_lies_in_its_note_and_steps_are_far_enough_apart(score: Score, seed: int) -> None:
    score = score.with_parts(replace(score.melody, program=TENOR_SAX), *score.parts[1:])
    found = with_gestures(score, rng=np.random.default_rng(seed))
    assert found.with_parts(replace(found.melody, gestures=()), *found.parts[1:]) == score
    notes = {note.onset: note for note in found.melody.notes}
    for gesture in found.melody.gestures:
        assert gesture.last < notes[gesture.onset].duration
        assert gesture.bends[-1][1] == 0 or "fall" in gesture.kinds
        ticks = [gesture.onset + tick for tick, _ in gesture.bends]
        if len(score.tempos) == 1:
            seconds = [tempo_seconds(score.tempos, tick) for tick in ticks]
            assert sum(b - a < 0.0099 for a, b in pairwise(seconds)) <= 2  # where two gestures meet


def test_with_and_without_it_all_else_is_the_same() -> None:
    score = solo(*(Note(960 * n, 900, 60 + n) for n in range(8)), symbols="C7 | " * 3 + "C7")
    plain, moved = (
        arrange(score, Arrangement(gestures=asked), rng=np.random.default_rng(4)) for asked in (False, True)
    )
    assert moved.melody.gestures
    assert moved.with_parts(replace(moved.melody, gestures=()), *moved.parts[1:]) == plain


def test_two_solos_of_one_stream_are_the_same_with_and_without_it() -> None:
    score = solo(*(Note(960 * n, 900, 60 + n) for n in range(4)))

    def second(asked: bool) -> list[Note]:
        rng = np.random.default_rng(4)
        arrange(score, Arrangement(gestures=asked), rng=rng)
        return [note for part in arrange(score, rng=rng).parts for note in part.notes]

    assert second(asked=True) == second(asked=False)


def test_a_solo_that_is_not_performed_has_none() -> None:
    with pytest.raises(OptionError, match="gestures: a solo that is not performed has none"):
        Arrangement(perform=False, gestures=True)


def test_chances_are_what_they_are_said_to_be() -> None:
    found = Counter(kind for gesture in drawn(line(240), 960, 1_000) for kind in gesture.kinds)
    assert found["scoop"] == pytest.approx(450, abs=60)
    assert found["fall"] == pytest.approx(300, abs=60)
