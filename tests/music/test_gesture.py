"""What a note's gesture is, and how it goes along when the note moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ScoreError
from jazzgen.music.gesture import MAX_CENTS, Gesture, Steps, carried, fitting, shifted, stretched
from jazzgen.music.score import Note, Part, Score

SCOOP: Steps = ((0, -60), (10, -30), (20, 0))
WAVE: Steps = tuple((200 + 10 * n, (0, -20, 0, 20)[n % 4]) for n in range(21))
FALL: Steps = ((300, -50), (330, -200), (379, -400))


@pytest.mark.parametrize(
    ("bends", "kinds"),
    [
        (SCOOP, ("scoop",)),
        (WAVE, ("vibrato",)),
        (FALL, ("fall",)),
        (((100, 20), (200, 45), (300, 0)), ("bend",)),
        ((*SCOOP, *WAVE), ("scoop", "vibrato")),
        ((*SCOOP, *FALL), ("scoop", "fall")),
        ((*SCOOP, (100, 40), (200, 0)), ("scoop", "bend")),
        ((), ()),
    ],
)
def test_the_steps_say_what_it_is(bends: Steps, kinds: tuple[str, ...]) -> None:
    assert Gesture(0, bends).kinds == kinds


@pytest.mark.parametrize(
    ("bends", "levels"),
    [
        (((10, 1), (10, 2)), ()),
        (((-1, 1),), ()),
        (((0, MAX_CENTS + 1),), ()),
        ((), ((5, 128),)),
        ((), ((9, 1), (5, 2))),
    ],
)
def test_steps_that_no_file_can_hold_are_errors(bends: Steps, levels: Steps) -> None:
    with pytest.raises(ScoreError, match="gesture at tick 7"):
        Gesture(7, bends, levels)


def test_a_part_has_one_gesture_a_note_in_order() -> None:
    with pytest.raises(ScoreError, match="its gestures are not in order"):
        Part("Solo", (Note(0, 480, 60),), gestures=(Gesture(0, SCOOP), Gesture(0, FALL)))


def test_an_excerpt_has_the_gestures_of_its_whole_notes() -> None:
    notes = tuple(Note(960 * n, 960, 60) for n in range(4))
    gestures = tuple(Gesture(960 * n, FALL) for n in range(4))
    cut = Score(parts=(Part("Solo", notes, gestures=gestures),)).excerpt(2, 2).melody
    assert cut.gestures == shifted(gestures[2:], -1920)


def test_gestures_that_are_longer_than_their_note_do_not_fit() -> None:
    assert fitting([Gesture(0, FALL), Gesture(480, FALL)], [Note(0, 379, 60), Note(480, 380, 60)]) == (
        Gesture(480, FALL),
    )


def test_a_fall_goes_with_the_end_and_a_scoop_with_the_start() -> None:
    before, after = [Note(480, 380, 60)], [Note(500, 340, 60)]
    (moved,) = carried([Gesture(480, (*SCOOP, *FALL), ((300, 100), (379, 20)))], before, after)
    assert moved == Gesture(500, (*SCOOP, (260, -50), (290, -200), (339, -400)), ((260, 100), (339, 20)))


def test_a_faster_tempo_takes_more_ticks_for_the_same_time() -> None:
    (longer,) = stretched([Gesture(0, (*SCOOP, *FALL))], 2.0, [Note(0, 380, 60)])
    assert longer.bends == ((0, -60), (20, -30), (40, 0), (220, -50), (280, -200), (378, -400))


STEPS = st.lists(st.tuples(st.integers(0, 900), st.integers(-MAX_CENTS, MAX_CENTS)), unique_by=lambda step: step[0])


@given(STEPS.map(sorted), st.floats(0.1, 10), st.integers(1, 900))
def test_whatever_happens_to_a_note_its_gesture_stays_inside(
    steps: list[tuple[int, int]], factor: float, length: int
) -> None:
    gesture, note, other = Gesture(0, tuple(steps), ((1, 50),)), Note(0, 901, 60), Note(60, length, 60)
    for found, room in (
        (stretched([gesture], factor, [note]), note),
        (carried([gesture], [note], [other]), other),
    ):
        assert all(one.last < room.duration and one.onset == room.onset for one in found)
    for same in (stretched([gesture], 1.0, [note]), carried([gesture], [note], [note])):
        assert same == (gesture,)


@given(st.floats(0.1, 10), st.integers(1, 900))
def test_what_ends_in_tune_does_so_however_short_its_note_becomes(factor: float, length: int) -> None:
    gesture, note = Gesture(0, (*SCOOP, *WAVE)), Note(0, 901, 60)
    for found in (stretched([gesture], factor, [note]), carried([gesture], [note], [Note(0, length, 60)])):
        assert all(one.bends[-1][1] == 0 for one in found)
