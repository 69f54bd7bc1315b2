"""The longest run that a solo shares with a corpus."""

from collections.abc import Sequence

import numpy as np
import pytest
from helpers.melodies import BEAT, any_lines, line_of, played, transposed
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.metrics.line import Line
from jazzgen.metrics.originality import Entry, Index, Run
from jazzgen.music.score import Note

# Few pitches and lengths, so that much is shared.
NARROW = any_lines(grid_ticks=120, low=60, high=62, max_size=14)
CORPORA = st.lists(st.tuples(st.sampled_from("AB"), NARROW), min_size=1, max_size=4)


def index_of(solos: Sequence[tuple[str, Line]]) -> Index:
    return Index.of(Entry(f"solo {number}", tune, line) for number, (tune, line) in enumerate(solos))


def steps(line: Line, rhythm: bool) -> list[tuple[int, int]]:
    tatums = (np.diff(line.onsets) // 40).tolist() if rhythm else [0] * (len(line) - 1)
    return list(zip(line.intervals.tolist(), tatums, strict=True))


def brute_force(query: Line, solos: Sequence[Line], rhythm: bool) -> int:
    ours = steps(query, rhythm)
    runs = {tuple(ours[a:b]) for a in range(len(ours)) for b in range(a + 1, len(ours) + 1)}
    theirs = [steps(line, rhythm) for line in solos]
    found = [len(run) for run in runs for s in theirs for a in range(len(s)) if tuple(s[a : a + len(run)]) == run]
    return max(found) + 1 if found else 0


@given(NARROW, CORPORA, st.booleans(), st.sampled_from(["A", "B", None]))
def test_the_longest_run_is_what_trying_all_finds(
    query: Line, solos: list[tuple[str, Line]], rhythm: bool, left_out: str | None
) -> None:
    run = index_of(solos).longest_run(query, rhythm=rhythm, without_tune=left_out)
    assert run.notes == brute_force(query, [line for tune, line in solos if tune != left_out], rhythm)


@given(NARROW, CORPORA, st.integers(-12, 12), st.booleans())
def test_the_longest_run_is_the_same_in_every_key(
    query: Line, solos: list[tuple[str, Line]], by: int, rhythm: bool
) -> None:
    index = index_of(solos)
    assert index.longest_run(transposed(query, by), rhythm=rhythm) == index.longest_run(query, rhythm=rhythm)


@given(CORPORA, st.booleans())
def test_a_solo_of_the_corpus_is_found_whole(solos: list[tuple[str, Line]], rhythm: bool) -> None:
    line = solos[-1][1]
    assert index_of(solos).longest_run(line, rhythm=rhythm).notes == len(line)


LICK = [60, 63, 62, 66, 61, 70]


def test_where_it_is_and_whose() -> None:
    other = ("A", played([60, 61] * 8))
    solos = [other, ("B", played([50, 50, 50, 50, 50, *(p + 3 for p in LICK), 50]))]
    query = played([72, 40, 72, 40, 72, 40, 72, 40, 72, *LICK, 40])
    run = index_of(solos).longest_run(query)
    assert run == Run(6, bar=3, source="solo 1", source_bar=2)
    assert index_of(solos).longest_run(query, without_tune="B").notes < 6
    assert index_of([other]).longest_run(played([60, 80])) == Run(0)


def test_with_rhythm_the_times_between_onsets_must_be_shared_to_the_nearest_tatum() -> None:
    index = index_of([("A", played(LICK))])
    even = played(LICK, BEAT // 2)
    assert (index.longest_run(even).notes, index.longest_run(even, rhythm=True).notes) == (6, 0)
    late = line_of([Note(i * BEAT + i % 2 * 15, 100, pitch) for i, pitch in enumerate(LICK)])
    assert index.longest_run(late, rhythm=True).notes == 6


def test_no_run_goes_from_one_solo_into_the_next() -> None:
    index = index_of([("A", played(LICK[:4])), ("A", played(LICK[3:]))])
    assert index.longest_run(played(LICK)).notes == 4


@pytest.mark.parametrize("rhythm", [True, False])
def test_an_index_is_made_of_arrays_that_make_it_again(rhythm: bool) -> None:
    index = index_of([("A", played([50, *LICK])), ("B", played(LICK[::-1]))])
    again = Index(index.names, index.tunes, *(a.copy() for a in (index.intervals, index.iois, index.bars, index.solos)))
    assert again.longest_run(played(LICK), rhythm=rhythm) == index.longest_run(played(LICK), rhythm=rhythm)
