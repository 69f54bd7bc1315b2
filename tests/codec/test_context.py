"""Contexts: chord, place and tempo as a slow reading of the score finds them, and nothing that the notes tell."""

from dataclasses import fields, replace
from math import ceil, log
from typing import Any

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import changes_over, scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.codec.columns import NONE, Columns
from jazzgen.codec.context import QUALITY_NAMES, Context, context_at, solo_arrays
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.learning.grammar.windows import NOTHING, one_hot
from jazzgen.music.score import Credits, Mark, Note, Part, Score
from jazzgen.music.timing import TICKS_PER_TATUM, Meter

BEAT = 480
BAR = 4 * BEAT


def rows_of(columns: Columns) -> dict[str, Any]:
    """Everything in columns as plain lists; in a single row as plain numbers."""
    found: dict[str, Any] = {}
    for field in fields(columns):
        value = getattr(columns, field.name)
        found[field.name] = rows_of(value) if isinstance(value, Columns) else value.tolist()
    return found


def over(text: str, **more: Any) -> Score:
    return Score(changes=parse_changes(text), **more)


def chord_numbers(chord: Chord | None) -> tuple[int, int, int, list[bool]]:
    if chord is None:
        return NONE, NONE, NONE, [False] * 12
    classes = [tone in {*chord.pitch_classes, *chord.tension_classes} for tone in range(12)]
    return chord.root_class, QUALITY_NAMES.index(chord.quality), chord.bass_class, classes


def test_chords_now_and_next_by_hand() -> None:
    context = context_at(over("| Dm7 G7b9/B | Cmaj7 | % | N.C. |"), np.array([0, 13, 24, 48, 100, 150]))
    assert context.chord.root.tolist() == [2, 2, 7, 0, 0, NONE]
    assert context.chord.bass.tolist() == [2, 2, 11, 0, 0, NONE]
    assert [QUALITY_NAMES[quality] for quality in context.chord.quality[:4]] == ["minor", "minor", "dominant", "major"]
    assert np.flatnonzero(context.chord.pitch_classes[2]).tolist() == [2, 5, 7, 8, 11]
    assert context.chord.sounds.tolist() == [True] * 5 + [False]
    assert context.next_chord.root.tolist() == [7, 7, 0, NONE, NONE, NONE]
    assert context.until_next.tolist() == [24, 11, 24, 0, 0, 0]
    assert not context.chord.pitch_classes[5].any()


def test_a_chord_comes_in_anew_after_a_silence() -> None:
    chord = parse_chord("C")
    silent = over("| C | N.C. | C |")
    gap = Score(changes=(ChordSpan(0, BAR, chord), ChordSpan(2 * BAR, BAR, chord)))
    for score in (silent, gap):
        context = context_at(score, np.array([0, 60, 100]))
        assert context.chord.root.tolist() == [0, NONE, 0]
        assert context.next_chord.root.tolist() == [0, 0, NONE]
        assert context.until_next.tolist() == [96, 36, 0]


def test_place_in_bar_by_hand() -> None:
    score = Score(meters=((0, Meter(4, 4)), (BEAT + BAR, Meter(3, 4))), pickup=BEAT)
    context = context_at(score, np.array([0, 7, 12, 30, 60, 95, 96]))
    assert context.beat.tolist() == [3, 3, 0, 1, 0, 2, 0]
    assert context.tatum.tolist() == [0, 7, 0, 6, 0, 11, 0]
    assert context.bar_tatums.tolist() == [48, 48, 48, 48, 36, 36, 36]


def test_place_in_form_by_hand() -> None:
    marks = (
        *(Mark(BAR, 8 * BAR, "chorus", "1"), Mark(BAR, 2 * BAR, "section", "A1"), Mark(BAR, BAR, "phrase", "1")),
        *(Mark(3 * BAR, 2 * BAR, "section", "b'2"), Mark(5 * BAR, BAR, "section", "*"), Mark(9 * BAR, BAR, "chorus")),
    )
    context = context_at(Score(marks=marks), np.array([0, 1, 2, 3, 4, 5, 6, 9]) * 48 + 20)
    assert context.section.tolist() == [NONE, 0, 0, 1, 1, NONE, NONE, NONE]
    assert context.section_bar.tolist() == [NONE, 0, 1, 0, 1, 0, NONE, NONE]
    assert context.chorus.tolist() == [NONE, 0, 0, 0, 0, 0, 0, 1]
    assert context.chorus_bar.tolist() == [NONE, 0, 1, 2, 3, 4, 5, 0]


def test_tempo_is_the_one_in_force() -> None:
    context = context_at(Score(tempos=((0, 120.0), (BAR, 240.0))), np.array([47, 48]))
    assert np.exp(context.tempo).tolist() == pytest.approx([120, 240])


def test_nothing_is_the_same_everywhere() -> None:
    assert NONE == NOTHING
    assert not one_hot(np.array([NONE]), 12).any()


def slow_next(changes: Changes, tick: int) -> tuple[int, Chord | None]:
    """Onset and chord of what comes in next; the spans follow one another without gaps."""
    sounding = next((span.chord for span in changes if span.onset <= tick < span.end), None)
    for span in changes:
        if span.onset > tick:
            if span.chord and span.chord != sounding:
                return span.onset, span.chord
            sounding = span.chord
    return tick, None


def slow_row(score: Score, tick: int) -> dict[str, Any]:
    """A context as it is found by going through the score for one tick."""
    names = ("root", "quality", "bass", "pitch_classes")
    now = next((span.chord for span in score.changes if span.onset <= tick < span.end), None)
    onset, chord = slow_next(score.changes, tick)
    bar = next(bar for bar in score.bars() if bar.onset <= tick < bar.end)
    place = tick - bar.onset if bar.number else tick + bar.meter.bar_ticks - bar.duration
    bpm = [bpm for start, bpm in score.tempos if start <= tick][-1]
    return {
        "chord": dict(zip(names, chord_numbers(now), strict=True)),
        "next_chord": dict(zip(names, chord_numbers(chord), strict=True)),
        "until_next": ceil((onset - tick) / TICKS_PER_TATUM),
        "beat": place // BEAT,
        "tatum": place % BEAT // TICKS_PER_TATUM,
        "bar_tatums": bar.meter.bar_ticks // TICKS_PER_TATUM,
        "tempo": pytest.approx(log(bpm)),
        **dict.fromkeys(("section", "section_bar", "chorus", "chorus_bar"), NONE),
    }


@given(scores(), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=10))
def test_contexts_agree_with_a_slow_reading(score: Score, shares: list[float]) -> None:
    moments = [int(share * score.end) // TICKS_PER_TATUM for share in shares]
    context = context_at(score, np.array(moments))
    for index, moment in enumerate(moments):
        assert rows_of(context[index]) == slow_row(score, moment * TICKS_PER_TATUM)


@given(scores())
def test_a_context_tells_nothing_of_the_notes(score: Score) -> None:
    moments = np.arange(0, score.end // TICKS_PER_TATUM + 1, 7)
    bare = replace(score, parts=(), marks=tuple(mark for mark in score.marks if mark.kind != "phrase"))
    assert rows_of(context_at(bare, moments)) == rows_of(context_at(score, moments))


@given(scores())
def test_each_note_knows_where_it_starts_and_where_the_last_one_did(score: Score) -> None:
    solo = solo_arrays(score)
    assert rows_of(solo.before[1:]) == rows_of(solo.here[:-1])
    assert rows_of(solo.before[:1]) == rows_of(context_at(score, np.array([0])))
    assert rows_of(solo.here) == rows_of(context_at(score, solo.notes.onset))


def test_a_solo_of_no_notes() -> None:
    solo = solo_arrays(Score(parts=(Part("Solo"),), credits=Credits(performer="A. Player", style="BEBOP")))
    assert len(solo.notes) == len(solo.here) == len(solo.before) == 0
    assert solo.credits.performer == "A. Player"


def moved(changes: Changes, semitones: int) -> Changes:
    return tuple(replace(span, chord=span.chord and span.chord.transposed(semitones)) for span in changes)


@given(changes_over(4 * BAR, BEAT), st.integers(-12, 12))
def test_notes_and_chords_move_together(changes: Changes, semitones: int) -> None:
    def solo(by: int) -> Score:
        line = tuple(Note(beat * BEAT, BEAT, 60 + beat + by) for beat in range(16))
        return Score(changes=moved(changes, by), parts=(Part("Solo", line),))

    arrays, expected = solo_arrays(solo(0)).transposed(semitones), solo_arrays(solo(semitones))
    for name in ("notes", "before", "here"):
        assert rows_of(getattr(arrays, name)) == rows_of(getattr(expected, name))


def test_a_transposition_too_far() -> None:
    solo = solo_arrays(Score(parts=(Part("Solo", (Note(0, BEAT, 5),)),)))
    with pytest.raises(OptionError, match="-6 half steps"):
        solo.transposed(-6)


def test_rows_of_a_context_are_a_context() -> None:
    context = context_at(over("| C | F |"), np.array([50, 0]))
    assert isinstance(context[::-1], Context)
    assert context[::-1].chord.root.tolist() == [0, 5]
