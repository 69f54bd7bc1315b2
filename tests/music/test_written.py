"""How a played line is written."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from jazzgen.music.melody import monophonic
from jazzgen.music.score import Note, Part, Score, Written
from jazzgen.music.swing import swing
from jazzgen.music.written import as_told, even, is_told, written_line

EIGHTHS = tuple(Note(240 * place, 240, 60 + place % 7) for place in range(16))


def played(*late: int) -> tuple[Note, ...]:
    """The eighths, each so many ticks late and a third as long."""
    return tuple(
        Note(max(note.onset + ticks, 0), 80, note.pitch, written=Written(max(note.onset + ticks, 0) - note.onset, 240))
        for note, ticks in zip(EIGHTHS, late, strict=False)
    )


@given(st.lists(st.integers(-100, 100), min_size=16, max_size=16))
def test_notes_come_back_as_they_say(late: list[int]) -> None:
    assert tuple(map(as_told, played(*late))) == EIGHTHS


def test_the_feel_of_a_told_line_is_its_scores() -> None:
    line = played(*[30, 95] * 8)
    assert written_line(Score(parts=(Part("Solo", line),), feel="straight")) == (EIGHTHS, True)  # heard
    line = played(*[30, 35] * 8)
    assert written_line(Score(parts=(Part("Solo", line),), feel="swing")) == (EIGHTHS, True)
    assert written_line(Score(parts=(Part("Solo", line),), feel="straight")) == (EIGHTHS, False)


def test_a_line_that_says_nothing_is_heard() -> None:
    swung = swing(EIGHTHS, 2.0)
    assert even(swung, Score(feel="straight")) == (EIGHTHS, True)
    assert even(EIGHTHS, Score()) == (EIGHTHS, False)


def test_a_note_moved_by_hand_is_heard_and_the_others_believed() -> None:
    told = tuple(
        replace(after, written=Written(after.onset - before.onset, 240))
        for before, after in zip(EIGHTHS, swing(EIGHTHS, 2.0), strict=True)
    )
    by_hand = (*told[:3], replace(told[3], written=None), *told[4:])
    notes, swings = written_line(Score(parts=(Part("Solo", by_hand),)))
    assert [note.onset for note in notes] == [note.onset for note in EIGHTHS]
    assert swings


def test_a_note_that_started_before_an_excerpt_starts_with_it() -> None:
    assert as_told(Note(10, 100, 60, written=Written(40, 240))) == Note(0, 210, 60)


def test_no_notes_say_nothing() -> None:
    assert not is_told(())
    assert not is_told((Note(0, 1, 60), Note(10, 1, 60, written=Written(0, 1))))


def test_notes_written_apart_are_not_struck_together() -> None:
    pair = Note(100, 90, 60, written=Written(20, 40)), Note(115, 90, 62, written=Written(-5, 40))
    line, _ = written_line(Score(parts=(Part("Solo", pair),)))
    assert [note.onset for note in line] == [80, 120]
    assert len(monophonic(pair)) == 2
    assert len(monophonic(replace(note, written=None) for note in pair)) == 1


def test_moving_a_note_leaves_where_it_is_written() -> None:
    note = Note(100, 200, 60, written=Written(20, 240))
    moved = note.started_at(130)
    assert (moved.onset, moved.end, moved.onset - (moved.written or Written(0, 0)).late) == (130, 300, 80)
