"""Runs, against what they are by definition: every stretch of every solo."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.learning.soloist.moments import CLASSES, WIDEST
from jazzgen.learning.soloist.runs import (
    FEWEST_STEPS,
    LONG,
    Runs,
    runs_from_bytes,
    runs_to_bytes,
    said_before,
    step_classes,
)

PITCHES = st.lists(st.integers(60, 63), min_size=1, max_size=14)
SOLOS = st.lists(st.tuples(PITCHES, st.sampled_from("abc")), min_size=1, max_size=5)


def runs_of(solos: list[tuple[list[int], str]]) -> Runs:
    tunes = [tune for _, tune in solos]
    return Runs.of([np.array(line) for line, _ in solos], tunes, [f"player of {tune}" for tune in tunes], tunes)


def steps_of(pitches: list[int]) -> list[int]:
    return [int(step) for step in np.diff(pitches) + WIDEST]


def is_in(run: list[int], line: list[int]) -> bool:
    return any(line[start : start + len(run)] == run for start in range(len(line) - len(run) + 1))


@given(solos=SOLOS, line=PITCHES)
def test_reach_is_the_longest_run_that_a_solo_has_and_whose_it_is(
    solos: list[tuple[list[int], str]], line: list[int]
) -> None:
    runs, steps = runs_of(solos), steps_of(line)
    found = runs.reach(np.array([steps], np.int64).reshape(1, -1))
    for step in range(CLASSES["pitch"]):
        lengths = range(len(steps) + 1, FEWEST_STEPS, -1)
        known = [n for n in lengths if any(is_in([*steps[len(steps) - n + 1 :], step], steps_of(s)) for s, _ in solos)]
        reach = 0 if found is None else int(found.steps[0, step])
        assert reach == (known[0] if known else 0)
        if found is not None and reach:
            run = [*steps[len(steps) - reach + 1 :], step]
            tunes = {tune for solo, tune in solos if is_in(run, steps_of(solo))}
            assert bool(found.sole[0, step]) == (len(tunes) == 1)
            assert runs.titles[int(found.solo[0, step])] in tunes


@given(line=st.lists(st.integers(60, 61), min_size=1, max_size=24) | PITCHES)
def test_what_is_said_again_is_the_longest_run_that_was_before(line: list[int]) -> None:
    steps = steps_of(line)
    found = said_before(np.array([steps], np.int64).reshape(1, -1))
    for step in range(CLASSES["pitch"]):
        lengths = range(len(steps), FEWEST_STEPS, -1)
        known = [n for n in lengths if is_in([*steps[len(steps) - n + 1 :], step], steps)]
        assert (0 if found is None else int(found.steps[0, step])) == (known[0] if known else 0)
        run = [*steps[len(steps) - LONG + 1 :], step]
        places = sum(steps[i : i + LONG] == run for i in range(len(steps) - LONG + 1)) if len(run) == LONG else 0
        assert (0 if found is None else int(found.times[0, step])) == places


def test_rows_are_looked_up_side_by_side() -> None:
    rng = np.random.default_rng(0)
    runs = runs_of([(rng.integers(60, 64, 200).tolist(), tune) for tune in "abab"])
    lines = rng.integers(60, 64, (8, 60))
    steps = step_classes(lines)
    together, again = runs.reach(steps), said_before(steps)
    assert together is not None
    assert again is not None
    for row in range(8):
        alone, own = runs.reach(steps[row : row + 1]), said_before(steps[row : row + 1])
        assert (together.steps[row] == (0 if alone is None else alone.steps[0])).all()
        assert alone is None or (together.sole[row] == alone.sole[0]).all()
        assert (again.steps[row] == (0 if own is None else own.steps[0])).all()


@given(solos=SOLOS)
def test_bytes_hold_all_of_them(solos: list[tuple[list[int], str]]) -> None:
    runs = runs_of(solos)
    again = runs_from_bytes(runs_to_bytes(runs))
    assert (again.titles, again.performers) == (runs.titles, runs.performers)
    assert (again.steps == runs.steps).all()
    assert (again.tunes == runs.tunes).all()


def test_damaged_bytes_are_refused() -> None:
    runs = runs_of([([60, 61, 62, 63, 64], "a")])
    for broken in (
        Runs(runs.steps[:-1], runs.titles, runs.performers, runs.tunes),
        Runs(runs.steps, (), runs.performers, runs.tunes),
        Runs(runs.steps, runs.titles, runs.performers, runs.tunes + 7),
        Runs(runs.steps + np.int8(90), runs.titles, runs.performers, runs.tunes),
    ):
        with pytest.raises(ValueError, match="do not fit together"):
            runs_from_bytes(runs_to_bytes(broken))


def test_two_sets_of_runs_are_one() -> None:
    """What both know is vocabulary."""
    line = [60, 61, 63, 62, 60]
    one, other = runs_of([(line, "a")]), runs_of([(line, "a")])
    steps = np.array([steps_of(line)[:-1]])
    for runs, sole in ((one, True), (one + other, False)):
        found = runs.reach(steps)
        assert found is not None
        assert bool(found.sole[0, steps_of(line)[-1]]) == sole


@given(solos=SOLOS, line=PITCHES)
def test_the_longest_quote_is_the_longest_run_that_one_tune_has(
    solos: list[tuple[list[int], str]], line: list[int]
) -> None:
    steps, best = steps_of(line), 0
    for start in range(len(steps)):
        for end in range(start + FEWEST_STEPS + 1, len(steps) + 1):
            tunes = {tune for solo, tune in solos if is_in(steps[start:end], steps_of(solo))}
            if len(tunes) == 1:
                best = max(best, end - start + 1)
    found = runs_of(solos).longest(np.array(line))
    assert (0 if found is None else found.notes) == best
    if found is not None:
        run = steps[found.first : found.first + found.notes - 1]
        whose = [tune for solo, tune in solos if is_in(run, steps_of(solo))]
        assert found.title in whose
        assert found.performer == f"player of {found.title}"
        assert str(found) == f"{found.notes} notes of '{found.title}' ({found.performer})"
