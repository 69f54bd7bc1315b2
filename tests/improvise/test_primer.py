"""Primers read back as they are written, and say what is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.improvise.primer import Primer
from jazzgen.music.score import Note
from jazzgen.music.timing import Meter, iter_bars

BARS = list(iter_bars(((0, Meter()),), 0, 8 * 1920))
PITCHES = st.integers(21, 108)
TATUMS = st.integers(1, 48)


def test_a_primer_is_notes_and_rests_one_after_the_other() -> None:
    primer = Primer.parse("C4:1/2 Eb4:0.5 r:1 F#3:4/3")
    assert primer.notes == (Note(0, 240, 60), Note(240, 240, 63), Note(960, 640, 54))
    assert primer.ticks == 1600


@given(
    st.lists(st.tuples(st.none() | PITCHES, TATUMS), min_size=1, max_size=20).filter(
        lambda items: any(pitch for pitch, _ in items[-2:])
    )
)
def test_text_reads_back(items: list[tuple[int | None, int]]) -> None:
    notes, tick = [], 0
    for pitch, tatums in items:
        if pitch is not None:
            notes.append(Note(tick, 40 * tatums, pitch))
        tick += 40 * tatums
    primer = Primer(tuple(notes), tick)
    assert Primer.parse(str(primer)) == primer


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the primer has no note; write some"),
        ("r:2", "the primer has no note; write some"),
        ("C4", "'C4' is no note; write pitch, colon and quarter notes"),
        ("C4:x", "'C4:x' is no note"),
        ("C4:-1", "'C4:-1' is no note"),
        ("C4:1/0", "'C4:1/0' is no note"),
        ("H4:1", "'H4:1' has no pitch such as C4"),
        ("R:1", "'R:1' has no pitch such as C4 or Bb3, or r for a rest"),
        ("C4:0.2", "'C4:0.2' lasts 0.2 quarter notes; it is a multiple of 1/12"),
        ("C4:0", "'C4:0' lasts 0 quarter notes"),
        ("C9:1", "C9 is outside A0 to C8"),
        ("C4:1 r:8", "its last note and the rest after it last 9 quarter notes; at most 8"),
    ],
)
def test_a_mistake_names_the_item_and_the_cure(text: str, message: str) -> None:
    with pytest.raises(OptionError, match=message.replace("(", r"\(")):
        Primer.parse(text)


def test_notes_of_a_file_start_from_the_bar_of_the_first() -> None:
    played = (Note(2 * 1920 + 470, 230, 60, 99), Note(2 * 1920 + 960, 250, 62), Note(2 * 1920 + 1100, 400, 64))
    primer = Primer.of(played, BARS)
    assert primer.notes == (Note(480, 240, 60), Note(960, 160, 62), Note(1120, 400, 64))
    assert primer.ticks == 1520


def test_a_file_without_notes_is_no_primer() -> None:
    with pytest.raises(OptionError, match="the primer has no note"):
        Primer.of((), BARS)


def test_arrays_start_at_a_tick() -> None:
    arrays = Primer.parse("r:1 C4:1/2").arrays(1920)
    assert (arrays.onset.tolist(), arrays.length.tolist(), arrays.pitch.tolist()) == ([60], [6], [60])
