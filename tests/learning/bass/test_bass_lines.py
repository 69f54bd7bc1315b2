"""What a bassist hears: nothing of what is to come, and the same in every key."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.bass_lines import CHANGES, small_bassist, walked
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec.columns import NONE
from jazzgen.harmony.changes import moved_changes, parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.learning.bass.examples import line_of, line_over, make_batch, windows
from jazzgen.learning.bass.hearing import HIGH, LOW, N_ROWS, OF_NOTES, Past
from jazzgen.learning.bass.places import COLUMNS, places_of
from jazzgen.learning.bass.scoring import UNIFORM_BITS, Steps, score_line
from jazzgen.learning.bass.walk import Walk
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter

PLACES = places_of(Score(changes=parse_chart(CHANGES).changes), "SWING")
NAMES = [*COLUMNS, *OF_NOTES]
PITCHES = st.lists(st.none() | st.integers(LOW, HIGH), min_size=len(PLACES), max_size=len(PLACES))


@given(pitches=PITCHES, others=PITCHES, beat=st.integers(0, len(PLACES) - 1))
@settings(max_examples=40, deadline=None)
def test_what_is_heard_at_a_beat_goes_by_the_notes_before_it(
    pitches: list[int | None], others: list[int | None], beat: int
) -> None:
    one, other = line_over(PLACES, pitches), line_over(PLACES, pitches[:beat] + others[beat:])
    np.testing.assert_array_equal(one.rows[: beat + 1], other.rows[: beat + 1])
    known = [pitch for pitch in pitches[:beat] if pitch is not None]
    assert one.last[beat] == (known[-1] if known else NONE)
    walk = Walk(small_bassist(), PLACES)
    for pitch in pitches[:beat]:
        walk.take(pitch)
    assert walk.probabilities().sum() == pytest.approx(1, abs=1e-5)


@given(up=st.integers(1, 11), seed=st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_in_another_key_all_but_the_pitch_is_heard_alike(up: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pitches = rng.integers(LOW, HIGH - 11, len(PLACES)).tolist()
    start = Key.parse("C")
    target = start.transposed(up)
    score = Score(changes=moved_changes(parse_chart(CHANGES).changes, start, target), key=target)
    here, there = line_over(PLACES, pitches), line_over(places_of(score, "SWING"), [pitch + up for pitch in pitches])
    alike = [place for place, name in enumerate(NAMES) if name != "pitch"]
    np.testing.assert_array_equal(here.rows[:, alike], there.rows[:, alike])
    np.testing.assert_array_equal(here.places.tones, there.places.tones)


def test_places_count_beats_to_the_change_and_say_what_comes() -> None:
    columns = dict(zip(COLUMNS, PLACES.columns.T, strict=True))
    assert columns["to_change"][:8].tolist() == [4, 3, 2, 1] * 2
    assert columns["next_root"][0] == 6  # G above D
    assert columns["bass"][8] == 5  # E under C
    assert PLACES.next_bass[4] == 4  # the E of Cmaj7/E
    assert (PLACES.root[28:32] == NONE).all()  # N.C.
    assert PLACES.arrives[[0, 1, 12, 14]].tolist() == [True, False, True, True]
    in_six = places_of(Score(meters=((0, Meter(6, 8)),), changes=parse_chart("C7", Meter(6, 8)).changes), "SWING")
    assert in_six.beats.tolist() == [0] * 6


def test_a_held_note_and_a_rest_are_told_apart() -> None:
    held = Past().then(40).then(40)
    assert (held.held, held.rest) == (2, 1)
    assert (Past().then(40).then(None).held, Past().then(40).then(None).rest) == (1, 2)


def test_windows_have_each_beat_once_and_no_note_weighs_nothing() -> None:
    line = line_of(walked())
    assert line is not None
    assert (line.pitch == NONE).any()
    for rng in (None, np.random.default_rng(0)):
        batch = make_batch([line, line], windows([line, line], 10, rng), 10)
        assert batch.weights.sum() == 2 * line.counted.sum()
        assert batch.heard[..., :N_ROWS].sum() == 2 * len(line) * len(NAMES)
    played = make_batch([line], windows([line], 10), 10)
    np.testing.assert_array_equal(played.choices[played.weights > 0] + LOW, line.pitch[line.counted])


def test_pitches_out_of_range_come_back_by_octaves() -> None:
    score = walked()
    low = tuple(replace(note, pitch=note.pitch - 24) for note in score.parts[1].notes)
    line = line_of(score.with_parts(score.parts[0], replace(score.parts[1], notes=low)))
    assert line is not None
    sounding = line.pitch[line.pitch != NONE]
    assert LOW <= sounding.min() <= sounding.max() <= HIGH
    assert line_of(score.with_parts(score.parts[0])) is None


def test_steps_that_were_heard_are_foretold_better_than_others() -> None:
    lines = [line for seed in range(4) if (line := line_of(walked(seed=seed))) is not None]
    alone, in_context = (Steps(lines[1:], order).score(lines[0]) for order in (0, 2))
    assert in_context.bits.mean() < alone.bits.mean() < UNIFORM_BITS
    assert len(alone.bits) == len(score_line(small_bassist(), lines[0]).bits) == lines[0].counted.sum()
