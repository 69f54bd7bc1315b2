"""Swing, accents and articulation: what they change, and what they must leave alone."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.strategies import lines
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.band.perform import with_accents, with_articulation, with_swing, with_timing
from jazzgen.errors import OptionError
from jazzgen.music.score import Feel, Note, Part, Score
from jazzgen.music.swing import MAX_LATE_TICKS
from jazzgen.music.timing import Meter

Times = list[tuple[int, int]]


def solo(*notes: Note, bpm: float = 160.0, feel: Feel = "swing") -> Score:
    return Score(tempos=((0, bpm),), parts=(Part("Solo", notes),), feel=feel)


def eighths(*pitches: int) -> tuple[Note, ...]:
    return tuple(Note(240 * i, 240, pitch) for i, pitch in enumerate(pitches))


def times(score: Score) -> Times:
    return [(note.onset, note.duration) for note in score.melody.notes]


def test_triplet_swing_puts_the_second_eighth_on_the_third_triplet() -> None:
    played = with_swing(solo(*eighths(60, 62, 64, 65)), 2.0)
    assert times(played) == [(0, 320), (320, 160), (480, 320), (800, 160)]


@pytest.mark.parametrize(("bpm", "second"), [(60, 347), (150, 320), (212.5, 288), (275, 240), (320, 240)])
def test_without_a_ratio_swing_goes_by_the_tempo(bpm: float, second: int) -> None:
    # 2.6 : 1 at the slowest, 2 : 1 at 150, 1.5 : 1 half way to 275, even from there on
    assert times(with_swing(solo(*eighths(60, 62), bpm=bpm)))[1][0] == second


def test_every_part_swings_and_the_result_is_written_as_played() -> None:
    score = solo(*eighths(60, 62)).with_parts(Part("Solo", eighths(60, 62)), Part("Comp", (Note(240, 240, 48),)))
    played = with_swing(score, 2.0)
    assert [part.notes[-1].onset for part in played.parts] == [320, 320]
    assert played.feel == "straight"
    assert with_swing(played, 3.0) == played


def test_straight_music_stays_as_it_is() -> None:
    score = solo(*eighths(60, 62), feel="straight")
    assert with_swing(score, 2.0) == score


def test_triplets_and_sixteenths_do_not_swing() -> None:
    triplets = [Note(160 * i, 160, 60 + i) for i in range(3)]
    sixteenths = [Note(480 + 120 * i, 120, 60 + i) for i in range(4)]
    assert times(with_swing(solo(*triplets, *sixteenths), 2.0)) == times(solo(*triplets, *sixteenths))


@pytest.mark.parametrize("ratio", [0.5, 4.0])
def test_a_ratio_out_of_range_is_named(ratio: float) -> None:
    with pytest.raises(OptionError, match=rf"swing ratio {ratio:g}: it is 1"):
        with_swing(solo(*eighths(60)), ratio)


@given(notes=lines(), ratio=st.floats(1, 3.5))
def test_swing_keeps_the_line_one_note_at_a_time_and_its_pitches(notes: tuple[Note, ...], ratio: float) -> None:
    played = with_swing(solo(*notes), ratio).melody
    assert played.is_monophonic
    assert [(n.pitch, n.velocity) for n in played.notes] == [(n.pitch, n.velocity) for n in notes]
    assert all(0 <= after.onset - before.onset <= 140 for before, after in zip(notes, played.notes, strict=True))


@given(notes=lines(), seed=st.integers(0, 99))
def test_accents_change_velocities_alone_and_keep_them_playable(notes: tuple[Note, ...], seed: int) -> None:
    score = solo(*notes)
    found = with_accents(score, rng=np.random.default_rng(seed))
    assert tuple(replace(n, velocity=80) for n in found.melody.notes) == tuple(replace(n, velocity=80) for n in notes)
    assert all(36 <= note.velocity <= 118 for note in found.melody.notes)
    assert found == with_accents(score, rng=np.random.default_rng(seed))


def mean_velocity(score: Score, *, odd: bool) -> float:
    notes = with_accents(score, rng=np.random.default_rng(3)).melody.notes
    return float(np.mean([note.velocity for note in notes[int(odd) : -1 : 2]]))


def test_off_beats_are_played_louder_than_beats() -> None:
    flat = solo(*eighths(*[67] * 201))
    assert mean_velocity(flat, odd=True) > mean_velocity(flat, odd=False) + 3


def test_tops_of_the_line_stand_out_and_low_notes_recede() -> None:
    # Beats and off-beats change places with tops and bottoms, so that the off-beat accent cannot be the reason.
    on_the_beat = solo(*eighths(*[79, 60] * 100))
    assert mean_velocity(on_the_beat, odd=False) > mean_velocity(on_the_beat, odd=True) + 5


def test_the_last_note_of_a_phrase_stands_out() -> None:
    phrases = [Note(1920 * bar + 480 * beat, 480, 67) for bar in range(100) for beat in range(3)]
    notes = with_accents(solo(*phrases), rng=np.random.default_rng(3)).melody.notes
    middle, last = (float(np.mean([note.velocity for note in notes[i::3]])) for i in (1, 2))
    assert last > middle + 3


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (eighths(60, 62, 64), [(0, 240), (240, 240), (480, 160)]),
        (eighths(60, 60, 62), [(0, 210), (240, 240), (480, 160)]),
        ((Note(0, 480, 60), Note(960, 960, 62)), [(0, 320), (960, 880)]),
        ((Note(0, 40, 60), Note(40, 40, 60), Note(80, 20, 62)), [(0, 30), (40, 40), (80, 20)]),
    ],
    ids=["legato", "repeated", "before a rest", "very short"],
)
def test_articulation_is_legato_but_tongued_on_repeats_and_short_before_rests(
    notes: tuple[Note, ...], expected: Times
) -> None:
    assert times(with_articulation(solo(*notes))) == expected


@given(notes=lines(grid_ticks=30))
def test_articulation_only_ever_shortens(notes: tuple[Note, ...]) -> None:
    played = with_articulation(solo(*notes)).melody.notes
    assert [(n.onset, n.pitch, n.velocity) for n in played] == [(n.onset, n.pitch, n.velocity) for n in notes]
    assert all(30 <= after.duration <= before.duration for before, after in zip(notes, played, strict=True))


def test_a_solo_without_notes_can_be_played() -> None:
    empty = solo()
    assert with_articulation(with_accents(empty, rng=np.random.default_rng(0))) == empty
    assert with_swing(empty).melody.notes == ()


def test_a_short_note_that_the_line_dips_to_is_ghosted() -> None:
    line = solo(*eighths(*[72, 64] * 100))
    assert mean_velocity(line, odd=True) < mean_velocity(line, odd=False) - 15
    steps = solo(*eighths(*[72, 71] * 100))
    assert mean_velocity(steps, odd=True) > 60


def test_swing_counts_beats_from_where_a_meter_starts_and_leaves_eighth_note_meters_alone() -> None:
    meters = ((0, Meter(7, 8)), (1680, Meter(4, 4)))
    notes = tuple(Note(onset, 120, 60) for onset in (0, 240, 480, 1680, 1920, 2160))
    score = replace(solo(*notes), meters=meters)
    assert [onset for onset, _ in times(with_swing(score, 2.0))] == [0, 240, 480, 1680, 2000, 2160]


def late(score: Score, laid_back: float = 1.0, *, swung: bool = True, seed: int = 0) -> Score:
    return with_timing(score, laid_back, swung=swung, rng=np.random.default_rng(seed))


def delays(score: Score, **how: float) -> list[int]:
    found = late(score, **how).melody.notes  # type: ignore[arg-type]
    return [after.onset - before.onset for before, after in zip(score.melody.notes, found, strict=True)]


LONG = solo(*eighths(*[60, 62, 64, 65] * 50), bpm=120)


def test_a_soloist_is_late_on_the_beat_and_with_the_band_between() -> None:
    found = delays(LONG)
    assert not any(found[1::2])
    assert 12 <= np.mean(found[::2]) <= MAX_LATE_TICKS
    assert max(found) <= MAX_LATE_TICKS


def test_how_late_is_settable_and_less_in_straight_music() -> None:
    assert not any(delays(LONG, laid_back=0))
    assert np.mean(delays(LONG, swung=False)) < 0.7 * np.mean(delays(LONG))
    assert np.mean(delays(LONG, laid_back=0.3)) < 0.5 * np.mean(delays(LONG))


def test_legato_notes_stay_joined_to_those_that_come_late() -> None:
    notes = late(LONG).melody.notes
    assert all(before.end == after.onset for before, after in pairwise(notes))


@given(notes=lines(grid_ticks=30), bpm=st.floats(20, 400), laid_back=st.floats(0, 2))
def test_timing_keeps_the_line_one_note_at_a_time_and_is_never_half_a_tatum_late(
    notes: tuple[Note, ...], bpm: float, laid_back: float
) -> None:
    score = solo(*notes, bpm=bpm)
    found = late(score, laid_back).melody
    assert found.is_monophonic
    assert all(0 <= a.onset - b.onset < 20 and a.duration >= 1 for a, b in zip(found.notes, notes, strict=True))


def test_players_have_their_own_time_and_what_is_struck_together_stays_together() -> None:
    chord = tuple(Note(480 * beat, 240, pitch) for beat in range(40) for pitch in (52, 57, 60))
    score = LONG.with_parts(LONG.melody, Part("Piano", chord, channel=1), Part("Other", chord, channel=2))
    found = late(score)
    onsets = [note.onset for note in found.parts[1].notes]
    assert len(set(onsets)) == 40
    assert any(onset % 480 for onset in onsets)
    assert [note.end for note in found.parts[1].notes] == [note.end for note in chord]
    assert found.parts[2].notes == chord  # nobody knows how they play
