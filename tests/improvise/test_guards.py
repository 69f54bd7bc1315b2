"""Guards: what counts as stuck, out of breath or too fast is what the definitions say, and nothing else."""

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.small_soloist import small_soloist
from hypothesis import example, given
from hypothesis import strategies as st

from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.form import form_score
from jazzgen.improvise.guards import (
    FASTEST,
    NOTE_PLAYS,
    PHRASE_NOTES,
    PHRASE_TATUMS,
    PITCH_PLAYS,
    Breath,
    Haste,
    InForm,
    Stuck,
    silence,
)
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score

Played = list[tuple[int, int]]  # pitches, and tatums since the note before
STAGE = Stage.of(form_score(find_tune("blues-f"), 1, 140.0, "swing"))


def after(notes: Played, duration: int = 1, stage: Stage = STAGE) -> Session:
    """A session that has played these."""
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, stage, 1)
    for pitch, since in notes:
        session.choose(np.array([since]))
        session.choose(np.array([pitch]) - session.pitch + WIDEST)
        session.choose(np.array([duration - 1]))
    return session


def plays(values: list[object], length: int) -> int:
    """How often in a row the last `length` values have come at the end."""
    cycle, count = values[-length:], 1
    while values[-length * (count + 1) : -length * count] == cycle:
        count += 1
    return count


def is_stuck(notes: Played) -> bool:
    """By the definition, for the last note."""
    return any(
        plays(list(values), length) > most
        for values, limits in (([pitch for pitch, _ in notes], PITCH_PLAYS), (notes, NOTE_PLAYS))
        for length, most in limits.items()
        if len(values) >= length
    )


_NOTES = st.tuples(st.integers(60, 62), st.integers(1, 2))


@given(
    before=st.lists(_NOTES, max_size=3),
    cycle=st.lists(_NOTES, min_size=1, max_size=13),
    times=st.integers(1, 22),
    extra=st.integers(0, 12),
    since=st.integers(1, 2),
)
@example(before=[], cycle=[(60, 1), (61, 1)], times=6, extra=1, since=1)
@example(before=[], cycle=[(60, 1)], times=20, extra=0, since=2)
@example(before=[(61, 2)], cycle=[(60 + n, 1 + n % 2) for n in range(12)], times=4, extra=11, since=2)
@example(before=[(61, 2)], cycle=[(60 + n, 1 + n % 2) for n in range(12)], times=8, extra=11, since=1)
def test_what_is_forbidden_is_just_what_would_be_stuck(
    before: Played, cycle: Played, times: int, extra: int, since: int
) -> None:
    notes = before + cycle * times + cycle[:extra]
    session = after(notes)
    session.choose(np.array([since]))
    forbidden = Stuck().forbidden(session)
    found = set() if forbidden is None else set((np.flatnonzero(forbidden[0]) - WIDEST + session.pitch[0]).tolist())
    assert found == {pitch for pitch in range(55, 78) if is_stuck([*notes, (pitch, since)])}


def test_solos_side_by_side_are_stuck_each_for_itself() -> None:
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 2)
    for _ in range(20):
        for classes in ([1, 1], [WIDEST, WIDEST + 1], [0, 0]):
            session.choose(np.array(classes))
    session.choose(np.array([1, 1]))
    forbidden = Stuck().forbidden(session)
    assert forbidden is not None
    assert np.argwhere(forbidden).tolist() == [[0, WIDEST]]


def test_a_solo_without_notes_is_not_stuck() -> None:
    session = after([])
    session.choose(np.array([1]))
    assert Stuck().forbidden(session) is None


@pytest.mark.parametrize("duration", [1, 7])
def test_a_silence_is_counted_from_the_end_of_the_last_note(duration: int) -> None:
    assert np.flatnonzero(silence(after([(60, 1)], duration), 12)[0]).tolist() == list(range(duration + 12, 97))


def test_a_phrase_no_longer_than_most_breathes_as_it_likes() -> None:
    assert Breath().bias(after([])) is None
    assert Breath().bias(after([(60, 6)] * (PHRASE_TATUMS // 6))) is None
    assert Breath().bias(after([(60, 1)] * PHRASE_NOTES)) is None


@pytest.mark.parametrize(("since", "limit"), [(1, PHRASE_NOTES), (6, PHRASE_TATUMS // 6), (12, PHRASE_TATUMS // 12)])
def test_the_longer_a_phrase_the_more_it_presses_for_a_silence(since: int, limit: int) -> None:
    pressures = []
    for notes in (limit, limit * 2, limit * 3 - 2):
        bias = Breath().bias(after([(60, since)] * (notes + 2)))
        assert bias is not None
        assert not bias[0, : 1 + 12].any()
        assert np.ptp(bias[0, 1 + 12 :]) == 0
        pressures.append(bias[0, -1])
    assert 0 < pressures[0] < pressures[1] < pressures[2]
    assert pressures[2] > 50


@given(place=st.integers(1, 99), silent=st.integers(0, 30))
def test_a_silence_of_a_quarter_note_starts_a_phrase(place: int, silent: int) -> None:
    notes = [(60, 1)] * 100
    notes[place] = (60, 1 + silent)  # after a note of one tatum
    bias = Breath().bias(after(notes))
    expected = 100 - place if silent >= 12 else 100
    assert (bias is not None) == (expected > PHRASE_NOTES)


@pytest.mark.parametrize("bpm", [60.0, 140.0, 300.0])
def test_no_note_comes_sooner_than_people_can_play_it(bpm: float) -> None:
    stage = Stage.of(form_score(find_tune("blues-f"), 2, bpm, "swing"))
    session, haste, onsets = after([(60, 1)], stage=stage), Haste(stage), [1]
    for _ in range(140):
        forbidden = haste.forbidden(session)
        soonest = 1 if forbidden is None else max(1, int((~forbidden[0]).argmax()))
        if forbidden is not None:
            assert not forbidden[0, soonest:].any()
        onsets.append(onsets[-1] + soonest)
        for classes in (soonest, WIDEST, 0):
            session.choose(np.array([classes]))
    tatum = 60_000 / bpm / 12
    for span, milliseconds in FASTEST.items():
        quickest = min(after - before for before, after in zip(onsets, onsets[span:], strict=False)) * tatum / span
        # The tempo is known to a tenth; times are whole tatums.
        assert quickest > milliseconds * 0.9
        if tatum < milliseconds:
            assert quickest < milliseconds * 1.11 + tatum


def test_slow_notes_are_not_too_fast() -> None:
    assert Haste(STAGE).forbidden(after([(60, 6)] * 140)) is None


def test_the_first_note_is_in_the_form_and_no_two_start_together() -> None:
    short = Stage.of(form_score(find_tune("blues-f"), 1, 140.0, "swing"))
    rule = InForm(short)
    assert np.flatnonzero(rule.bias(after([], stage=short))[0] == 0).tolist() == list(range(12 * 48 // 8 + 1))
    late = after([], stage=short)
    late.onset[:] = short.end - 5
    assert np.flatnonzero(rule.bias(late)[0] == 0).tolist() == [0, 1, 2, 3, 4]
    assert np.flatnonzero(rule.bias(after([(60, 3)], stage=short))[0] == -np.inf).tolist() == [0]


def test_in_a_short_form_no_wait_takes_more_than_a_quarter_of_it() -> None:
    two_bars = Stage.of(Score(changes=parse_changes("Dm7 G7 | Cmaj7")))
    rule = InForm(two_bars)
    assert np.flatnonzero(rule.bias(after([], stage=two_bars))[0] == 0).tolist() == list(range(12 + 1))
    assert np.flatnonzero(rule.bias(after([(60, 3)], stage=two_bars))[0] == 0).tolist() == list(range(1, 24 + 1))
