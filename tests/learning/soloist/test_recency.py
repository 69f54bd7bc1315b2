"""Recency: which pitches were played how long ago, against a search through the line."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.recency import N_LEVELS, Recency, recency_of

lines = st.lists(st.integers(LOWEST, HIGHEST), min_size=1, max_size=60)


def level_of(age: int | None) -> int:
    if age is None or age > 32:
        return 0
    return age if age <= 10 else 11 if age <= 16 else 12


@given(lines)
def test_levels_are_those_that_a_search_finds(line: list[int]) -> None:
    found = recency_of(np.array(line), 60)
    assert found.shape == (len(line), 2 * WIDEST + 1)
    assert found.max() < N_LEVELS
    for note, last in enumerate([60, *line[:-1]]):
        for step in (-WIDEST, -2, -1, 0, 1, 2, 12, WIDEST):
            ages = [note - place for place in range(note) if line[place] == last + step]
            assert found[note, step + WIDEST] == level_of(min(ages, default=None))


def test_solos_do_not_mix_and_copies_part() -> None:
    recency = Recency(2)
    recency.add(np.array([60, 64]))
    copied = recency.take(np.array([1, 0]))
    recency.add(np.array([62, 62]))
    copied.add(np.array([65, 65]))
    assert recency.levels(np.array([62, 62]))[:, WIDEST - 2 : WIDEST + 3].tolist() == [[2, 0, 1, 0, 0], [0, 0, 1, 0, 2]]
    assert copied.levels(np.array([65, 65]))[:, WIDEST - 5 : WIDEST + 1].tolist() == [
        [0, 0, 0, 0, 2, 1],
        [2, 0, 0, 0, 0, 1],
    ]
