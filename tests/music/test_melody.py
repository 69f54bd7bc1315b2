"""Steps that clean a line up: what each keeps, what each changes."""

from itertools import pairwise

import pytest
from helpers.strategies import lines
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.music.melody import apart, close_gaps, monophonic, quantized, without_repeats
from jazzgen.music.score import Note, Part


def line(*notes: tuple[int, int, int]) -> tuple[Note, ...]:
    return tuple(Note(*note) for note in notes)


def textures() -> st.SearchStrategy[list[Note]]:
    """Notes of any texture, in any order, some of them doubled."""
    notes = st.builds(Note, st.integers(0, 2000), st.integers(1, 700), st.integers(58, 66), st.integers(1, 127))
    return st.lists(notes, max_size=25)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(0, 480, 60), (0, 480, 64), (0, 480, 67)], [(0, 480, 67)]),
        ([(0, 480, 60), (29, 480, 64)], [(29, 480, 64)]),
        ([(0, 480, 64), (29, 480, 60)], [(0, 480, 64)]),
        ([(0, 480, 60), (30, 480, 64)], [(0, 30, 60), (30, 480, 64)]),
        ([(0, 960, 72), (480, 240, 60)], [(0, 480, 72), (480, 240, 60)]),
        ([(480, 240, 60), (0, 240, 62)], [(0, 240, 62), (480, 240, 60)]),
        ([], []),
    ],
)
def test_of_notes_that_start_together_the_highest_is_kept_and_cut_at_the_next(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    assert monophonic(line(*before)) == line(*after)


@given(textures())
def test_a_monophonic_line_never_overlaps_and_takes_its_notes_from_the_texture(notes: list[Note]) -> None:
    found = monophonic(notes)
    assert Part("Solo", found).is_monophonic
    assert bool(found) == bool(notes)
    assert all(
        any((n.onset, n.pitch, n.velocity) == (m.onset, m.pitch, m.velocity) and n.end <= m.end for m in notes)
        for n in found
    )


@given(lines(grid_ticks=40))
def test_a_line_that_is_clean_stays_as_it_is(notes: tuple[Note, ...]) -> None:
    assert monophonic(notes) == quantized(notes) == apart(notes) == notes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(19, 450, 60), (485, 230, 62)], [(0, 480, 60), (480, 240, 62)]),
        ([(0, 5, 60)], [(0, 40, 60)]),
        ([(0, 100, 60), (85, 100, 64)], [(0, 80, 60), (80, 120, 64)]),
        ([(0, 10, 60), (15, 100, 64)], [(0, 120, 64)]),
        ([(0, 100, 64), (15, 100, 60)], [(0, 120, 64)]),
    ],
)
def test_quantized_onsets_and_ends_are_the_nearest_steps(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    assert quantized(line(*before)) == line(*after)


@given(textures(), st.sampled_from([1, 40, 120, 480]))
def test_quantized_notes_lie_on_the_grid_one_at_a_time(notes: list[Note], grid: int) -> None:
    found = quantized(notes, grid)
    assert all(note.onset % grid == note.duration % grid == 0 for note in found)
    assert all(a.onset < b.onset for a, b in pairwise(found))
    assert Part("Solo", found).is_monophonic
    assert quantized(found, grid) == found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(0, 400, 60), (480, 240, 62)], [(0, 480, 60), (480, 240, 62)]),
        ([(0, 360, 60), (480, 240, 62)], [(0, 480, 60), (480, 240, 62)]),
        ([(0, 359, 60), (480, 240, 62)], [(0, 359, 60), (480, 240, 62)]),
        ([(0, 600, 60), (480, 240, 62)], [(0, 600, 60), (480, 240, 62)]),
        ([(0, 400, 60)], [(0, 400, 60)]),
        ([], []),
    ],
)
def test_gaps_up_to_a_sixteenth_are_closed_and_longer_ones_stay(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    assert close_gaps(line(*before)) == line(*after)


@given(lines(grid_ticks=30), st.integers(0, 500))
def test_closing_gaps_moves_no_onset_and_leaves_no_gap_so_short(notes: tuple[Note, ...], below: int) -> None:
    closed = close_gaps(notes, below)
    assert [(n.onset, n.pitch, n.velocity) for n in closed] == [(n.onset, n.pitch, n.velocity) for n in notes]
    assert Part("Solo", closed).is_monophonic
    assert all(b.onset == a.end or b.onset - a.end > below for a, b in pairwise(closed))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(0, 240, 60), (240, 240, 60), (480, 120, 60)], [(0, 600, 60)]),
        ([(0, 240, 60), (241, 240, 60)], [(0, 240, 60), (241, 240, 60)]),
        ([(0, 240, 60), (240, 240, 62), (480, 240, 60)], [(0, 240, 60), (240, 240, 62), (480, 240, 60)]),
        ([], []),
    ],
)
def test_a_run_of_one_pitch_becomes_one_long_note(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    assert without_repeats(line(*before)) == line(*after)


@given(lines(low=60, high=62))
def test_without_repeats_the_same_pitch_sounds_at_every_tick(notes: tuple[Note, ...]) -> None:
    found = without_repeats(notes)
    assert not any(a.pitch == b.pitch and a.end == b.onset for a, b in pairwise(found))
    grid = range(0, notes[-1].end, 120)
    assert [pitch_at(found, tick) for tick in grid] == [pitch_at(notes, tick) for tick in grid]


def pitch_at(notes: tuple[Note, ...], tick: int) -> list[int]:
    return [note.pitch for note in notes if note.onset <= tick < note.end]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(0, 480, 60), (240, 480, 60)], [(0, 240, 60), (240, 480, 60)]),
        ([(0, 480, 60), (0, 240, 60)], [(0, 480, 60)]),
        ([(0, 480, 60), (240, 480, 64)], [(0, 480, 60), (240, 480, 64)]),
        ([(240, 240, 64), (0, 960, 60)], [(0, 960, 60), (240, 240, 64)]),
    ],
)
def test_notes_are_cut_where_their_own_pitch_starts_again(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    assert apart(line(*before)) == line(*after)


def test_of_doubled_notes_the_longest_stays_then_the_loudest_in_whatever_order_they_come() -> None:
    soft, loud, short = Note(0, 480, 60, 50), Note(0, 480, 60, 90), Note(0, 240, 60, 127)
    assert apart([soft, loud, short]) == apart([short, loud, soft]) == (loud,)


@given(textures())
def test_notes_apart_make_a_part_with_every_attack(notes: list[Note]) -> None:
    found = apart(notes)
    assert Part("Piano", found).notes == found
    assert {(n.onset, n.pitch) for n in found} == {(n.onset, n.pitch) for n in notes}
    assert len({(n.onset, n.pitch) for n in found}) == len(found)
    assert {(n.pitch, t) for n in found for t in range(n.onset, n.end, 50)} <= {
        (n.pitch, t) for n in notes for t in range(n.onset, n.end)
    }
