"""Scores: checked where they are made, cut where they are asked to be."""

import pickle
from typing import Any

import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ScoreError
from jazzgen.harmony.changes import ChordSpan, chord_at
from jazzgen.music.score import Note, Part, Played, Score
from jazzgen.music.timing import Meter


def at(onset: int, duration: int = 240, pitch: int = 60) -> Note:
    return Note(onset, duration, pitch)


@pytest.mark.parametrize("fields", [(-1, 240, 60, 80), (0, 0, 60, 80), (0, -5, 60, 80)])
def test_a_note_out_of_time_is_an_error(fields: tuple[int, int, int, int]) -> None:
    with pytest.raises(ScoreError, match="a note starts at tick 0 or later and lasts 1 tick or more"):
        Note(*fields)


@pytest.mark.parametrize("fields", [(0, 1, -1, 80), (0, 1, 128, 80), (0, 1, 60, 0), (0, 1, 60, 128)])
def test_a_note_out_of_range_is_an_error(fields: tuple[int, int, int, int]) -> None:
    with pytest.raises(ScoreError, match=rf"pitch={fields[2]}.*pitch is 0 to 127 and velocity 1 to 127"):
        Note(*fields)


def test_notes_sort_by_time_then_pitch() -> None:
    low, high, late = at(0, 240, 60), at(0, 240, 72), at(240, 120, 40)
    assert sorted([late, high, low]) == [low, high, late]
    assert late.end == 360


@pytest.mark.parametrize(("program", "channel"), [(-1, 0), (128, 0), (0, -1), (0, 16)])
def test_a_part_out_of_midis_range_is_an_error(program: int, channel: int) -> None:
    with pytest.raises(ScoreError, match=f"part 'Sax': program {program} is 0 to 127, channel {channel} is 0 to 15"):
        Part("Sax", (), program, channel)


def test_a_part_out_of_order_is_an_error() -> None:
    with pytest.raises(ScoreError, match="part 'Sax': its notes are not in order of time; sort them"):
        Part("Sax", (at(240), at(0)))


def test_a_pitch_that_starts_while_it_sounds_is_an_error() -> None:
    with pytest.raises(ScoreError, match=r"part 'Sax': .*onset=239.* starts while the same pitch still sounds"):
        Part("Sax", (at(0), at(239)))


def test_notes_of_one_pitch_may_touch_and_others_may_overlap() -> None:
    assert Part("Sax", (at(0), at(240))).is_monophonic
    chord = Part("Piano", (at(0, 960, 60), at(0, 960, 64), at(480, 240, 67)))
    assert (chord.is_monophonic, chord.end) == (False, 960)
    assert Part("Sax").end == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tempos": ()}, "'Blues': its tempos start at tick"),
        ({"tempos": ((480, 120.0),)}, r"'Blues': its tempos start at tick \[480\]; the first must be at 0, others"),
        ({"tempos": ((0, 120.0), (0, 90.0))}, "'Blues': its tempos"),
        ({"meters": ((0, Meter()), (960, Meter(3, 4)), (480, Meter()))}, "'Blues': its meters"),
        ({"meters": ()}, "'Blues': its meters"),
        ({"tempos": ((0, 3.9),)}, "'Blues': tempo 3.9 is outside 4 to 1000 beats a minute"),
        ({"tempos": ((0, 120.0), (480, 1001.0))}, "'Blues': tempo 1001 is outside"),
        ({"pickup": 1920}, "'Blues': pickup of 1920 ticks does not fit a bar of 4/4"),
        ({"pickup": -1}, "'Blues': pickup of -1 ticks"),
        ({"changes": (ChordSpan(0, 0, None),)}, "'Blues': a chord lasts no time at all or starts before the music"),
        ({"changes": (ChordSpan(-480, 960, None),)}, "'Blues': a chord lasts no time"),
        ({"changes": (ChordSpan(0, 960, None), ChordSpan(959, 1, None))}, "'Blues': two chords sound at once"),
        ({"changes": (ChordSpan(960, 960, None), ChordSpan(0, 960, None))}, "'Blues': two chords sound at once"),
    ],
)
def test_a_score_that_breaks_a_rule_is_an_error(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        Score(title="Blues", **fields)


def test_the_first_part_is_the_melody() -> None:
    solo, piano = Part("Solo", (at(0),)), Part("Piano")
    assert Score(parts=(solo, piano)).melody is solo
    assert Score(parts=(solo,)).with_parts(piano, solo).parts == (piano, solo)
    with pytest.raises(ScoreError, match="score 'Blues' has no part"):
        _ = Score(title="Blues").melody


def test_a_score_ends_with_its_last_note_or_chord() -> None:
    assert Score().end == 0
    assert Score(changes=parse_changes("C | F")).end == 3840
    assert Score(changes=parse_changes("C"), parts=(Part("Solo"), Part("Piano", (at(4000),)))).end == 4240


def test_the_first_tempo_and_meter_speak_for_the_score() -> None:
    score = Score(tempos=((0, 90.0), (480, 180.0)), meters=((0, Meter(3, 4)), (1440, Meter())))
    assert (score.bpm, score.meter) == (90.0, Meter(3, 4))


FOUR_BARS = Score(
    tempos=((0, 120.0), (2400, 90.0), (5760, 60.0)),
    meters=((0, Meter()), (3840, Meter(3, 4))),
    changes=parse_changes("C | F")[:2],
    parts=(Part("Solo", (at(0), at(1800, 240, 62), at(1920, 480, 64), at(3800, 200, 65), at(5280, 240, 67))),),
)


def test_an_excerpt_starts_anew_and_cuts_what_crosses_its_edges() -> None:
    second = FOUR_BARS.excerpt(2, 2)
    assert second.melody.notes == (at(0, 120, 62), at(0, 480, 64), at(1880, 40, 65))
    assert second.changes == (ChordSpan(0, 1920, parse_changes("F")[0].chord),)
    assert second.tempos == ((0, 120.0), (480, 90.0))
    assert second.meters == ((0, Meter()),)
    assert second.pickup == 0


def test_an_excerpt_keeps_the_meter_and_tempo_that_are_in_force() -> None:
    third = FOUR_BARS.excerpt(3, 4)
    assert third.meters == ((0, Meter(3, 4)),)
    assert third.tempos == ((0, 90.0), (1920, 60.0))
    assert third.melody.notes == (at(0, 160, 65), at(1440, 240, 67))


def test_an_excerpt_from_bar_zero_keeps_the_pickup() -> None:
    score = Score(pickup=480, parts=(Part("Solo", (at(240), at(480), at(2400))),))
    assert (score.excerpt(0, 1).pickup, score.excerpt(0, 1).melody.notes) == (480, (at(240), at(480)))
    assert (score.excerpt(1, 1).pickup, score.excerpt(1, 1).melody.notes) == (0, (at(0),))


@pytest.mark.parametrize(("first", "last"), [(0, 2), (5, 5), (3, 2), (-1, 2)])
def test_bars_that_are_not_there_are_an_error(first: int, last: int) -> None:
    with pytest.raises(ScoreError, match=f"bars {first}-{last} of 'Untitled': it has bars 1 to 4; choose from those"):
        FOUR_BARS.excerpt(first, last)


@given(scores())
def test_an_excerpt_of_all_bars_is_the_score(score: Score) -> None:
    bars = list(score.bars())
    assert score.excerpt(bars[0].number, bars[-1].number).parts == score.parts
    assert score.excerpt(bars[0].number, bars[-1].number).changes == score.changes
    assert score.excerpt(bars[0].number, bars[-1].number).pickup == score.pickup


@given(scores(), st.data())
def test_an_excerpt_holds_what_sounds_in_its_bars(score: Score, data: st.DataObject) -> None:
    bars = list(score.bars())
    first = data.draw(st.integers(0, len(bars) - 1))
    last = data.draw(st.integers(first, len(bars) - 1))
    start, end = bars[first].onset, bars[last].end
    excerpt = score.excerpt(bars[first].number, bars[last].number)
    for cut, whole in zip(excerpt.parts, score.parts, strict=True):
        assert [(n.onset + start, n.end + start, n.pitch) for n in cut.notes] == sorted(
            (max(n.onset, start), min(n.end, end), n.pitch) for n in whole.notes if n.onset < end and n.end > start
        )
    for span in excerpt.changes:
        assert span.chord is None or span.chord == chord_at(score.changes, span.onset + start)
    assert [bar.meter for bar in excerpt.bars()][:1] == [bars[first].meter][: len(list(excerpt.bars()))]


def test_how_a_note_was_played_goes_with_it_and_leaves_it_equal() -> None:
    touch = Played(12.5, -0.5, 230.0, 480.0)
    note = Note(480, 240, 60, played=touch)
    assert note == Note(480, 240, 60)
    assert pickle.loads(pickle.dumps(note)).played == touch
    score = Score(parts=(Part("Solo", (note,)),)).excerpt(1, 1)
    assert score.melody.notes[0].played == touch
