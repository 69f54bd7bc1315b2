"""Swing and its inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.music.score import Note, Part
from jazzgen.music.swing import MAX_RATIO, is_swung, second_eighth, swing, swing_ratio, unswing

# Places in the beat where the notes of one beat start.
EVEN_BEATS = [[0], [240], [0, 240], []]
OTHER_BEATS = [[0, 160, 320], [0, 120, 240, 360], [0, 120], [0, 160], [0, 96, 192, 288, 384], [120]]


def onsets(notes: tuple[Note, ...]) -> list[int]:
    return [note.onset for note in notes]


def legato(*places: int, end: int) -> tuple[Note, ...]:
    return tuple(Note(a, b - a, 60 + a % 12) for a, b in zip(places, (*places[1:], end), strict=True))


@st.composite
def legato_lines(draw: st.DrawFn) -> tuple[Note, ...]:
    """Eighths, triplets, sixteenths and quintuplets by the beat, each note held to the next."""
    beats = draw(st.lists(st.sampled_from(EVEN_BEATS + OTHER_BEATS), min_size=1, max_size=10))
    places = [480 * beat + place for beat, found in enumerate(beats) for place in found]
    return legato(*places, end=480 * len(beats)) if places else ()


@pytest.mark.parametrize(("bpm", "ratio"), [(100, 2.4), (150, 2.0), (275, 1.0), (300, 1.0), (1000, 1.0), (40, 2.6)])
def test_the_ratio_falls_with_the_tempo(bpm: float, ratio: float) -> None:
    assert swing_ratio(bpm) == pytest.approx(ratio)


@given(st.floats(4, 1000), st.floats(4, 1000))
def test_faster_never_swings_harder(one: float, other: float) -> None:
    slow, fast = sorted((one, other))
    assert 1 <= swing_ratio(fast) <= swing_ratio(slow) <= MAX_RATIO


@pytest.mark.parametrize(("ratio", "tick"), [(1, 240), (2, 320), (3, 360), (1.5, 288), (3.5, 373)])
def test_the_second_eighth_comes_by_the_ratio(ratio: float, tick: int) -> None:
    assert second_eighth(ratio) == tick


@pytest.mark.parametrize("ratio", [0.99, 3.51, 0, -2])
def test_a_ratio_out_of_range_is_an_error(ratio: float) -> None:
    with pytest.raises(OptionError, match=f"swing ratio {ratio:g}: it is 1 .even. to 3.5; 2 is triplet swing"):
        second_eighth(ratio)


def test_every_second_eighth_is_delayed_and_the_first_drawn_out_to_it() -> None:
    assert swing(legato(0, 240, 480, 720, end=960)) == (
        Note(0, 320, 60),
        Note(320, 160, 60),
        Note(480, 320, 60),
        Note(800, 160, 60),
    )


@pytest.mark.parametrize("places", [*OTHER_BEATS[:-1], [0, 360], [0, 240, 360]])
def test_beats_of_other_places_stay_as_they_are(places: list[int]) -> None:
    assert swing(legato(*places, end=480)) == legato(*places, end=480)


def test_a_beat_of_triplets_stays_while_its_neighbours_swing() -> None:
    assert onsets(swing(legato(0, 240, 480, 640, 800, 960, 1200, end=1440))) == [0, 320, 480, 640, 800, 960, 1280]


def test_a_quarter_note_triplet_stays_as_it_is() -> None:
    triplet = legato(0, 320, 640, end=960)
    assert swing(triplet) == unswing(triplet) == triplet


@pytest.mark.parametrize(("length", "played"), [(240, 160), (200, 120), (120, 40), (80, 80), (60, 60), (1, 1)])
def test_a_short_second_eighth_is_never_swallowed(length: int, played: int) -> None:
    assert swing([Note(240, length, 60)]) == (Note(320, played, 60),)


@given(st.integers(1, 240), st.floats(1, MAX_RATIO))
def test_a_second_eighth_stays_inside_its_beat(length: int, ratio: float) -> None:
    (played,) = swing([Note(240, length, 60)], ratio)
    assert played.onset == second_eighth(ratio)
    assert played.end <= 480


@given(legato_lines())
def test_unswing_is_the_inverse_of_swing(notes: tuple[Note, ...]) -> None:
    assert unswing(swing(notes)) == notes


@given(st.lists(st.sampled_from(EVEN_BEATS), min_size=1, max_size=10), st.floats(1.05, MAX_RATIO))
def test_unswing_is_the_inverse_at_any_ratio(beats: list[list[int]], ratio: float) -> None:
    places = [480 * beat + place for beat, found in enumerate(beats) for place in found]
    notes = legato(*places, end=480 * len(beats)) if places else ()
    assert unswing(swing(notes, ratio), ratio) == notes


@given(legato_lines(), st.floats(1, MAX_RATIO))
def test_a_line_that_swings_keeps_its_order_pitches_and_ends(notes: tuple[Note, ...], ratio: float) -> None:
    played = swing(notes, ratio)
    assert [note.pitch for note in played] == [note.pitch for note in notes]
    assert Part("Solo", played).is_monophonic
    assert all(0 <= b.onset - a.onset <= 133 for a, b in zip(notes, played, strict=True))


@given(legato_lines())
def test_an_even_ratio_changes_nothing(notes: tuple[Note, ...]) -> None:
    assert swing(notes, 1) == notes


def test_swung_is_told_by_the_third_triplet() -> None:
    even = legato(*range(0, 3840, 240), end=3840)
    assert not is_swung(even)
    assert is_swung(swing(even))
    assert not is_swung(legato(*range(0, 3840, 160), end=3840))
    assert not is_swung([])


@pytest.mark.parametrize(("late", "even", "swung"), [(5, 2, True), (4, 2, False), (1, 0, True), (0, 1, False)])
def test_swung_beats_are_more_than_twice_as_many_as_even_ones(late: int, even: int, swung: bool) -> None:
    places = [320] * late + [240] * even
    notes = [Note(480 * beat + place, 40, 60) for beat, found in enumerate(places) for place in (0, found)]
    assert is_swung(notes) is swung


def test_after_a_pickup_of_half_a_beat_beats_are_counted_from_the_bar_line() -> None:
    line = [Note(onset, 240, 70) for onset in (0, 240, 480, 720)]
    assert [note.onset for note in swing(line, 2.0, first_beat=240)] == [80, 240, 560, 720]
    assert unswing(swing(line, 2.0, first_beat=240), 2.0, first_beat=240) == tuple(line)


def test_a_late_note_of_a_pickup_stays_in_the_score() -> None:
    (note,) = unswing([Note(20, 100, 60)], 2.0, first_beat=180)
    assert note.onset == 0
