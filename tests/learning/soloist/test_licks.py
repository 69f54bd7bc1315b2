"""Licks: counts, discounts and back-off as a slow reading of the formulas finds them; what is taken away is gone."""

from collections import Counter

import numpy as np
import pytest
from helpers.small_soloist import starter_solos
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.learning.soloist.licks import EXPERTS, Expert, Licks, hash_contexts
from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, INDEX, PARTS, PartName, Who, choices_of, moments_of

DISCOUNTS = {1: 0.95, 2: 1.6}
Notes = tuple[np.ndarray, np.ndarray]


@st.composite
def notes(draw: st.DrawFn, part: PartName) -> Notes:
    """Columns of few values, so that contexts come again, and classes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 25))
    return rng.integers(0, 3, (n, len(COLUMNS))), rng.integers(0, 4, n) * (CLASSES[part] // 4)


pairs_of_notes = st.sampled_from(PARTS).flatmap(lambda part: st.tuples(st.just(part), notes(part), notes(part)))


def licks_of(part: PartName, these: Notes) -> Licks:
    return Licks.of(part, hash_contexts(part, these[0]), these[1])


def joined(a: Notes, b: Notes) -> Notes:
    return np.concatenate([a[0], b[0]]), np.concatenate([a[1], b[1]])


def oracle(part: PartName, expert: Expert, known: Notes, asked: np.ndarray) -> tuple[list[float], int]:
    """Probabilities of the classes after one row of columns, and the levels known: from the formulas, one by one."""
    n_classes = CLASSES[part]
    probabilities, order = [1 / n_classes] * n_classes, 0
    for level in expert.levels:
        rows = [INDEX[name] for name in level]
        same = (known[0][:, rows] == asked[rows]).all(axis=1)
        counts = Counter(known[1][same].tolist())
        if counts:
            order += 1
            taken = {value: DISCOUNTS.get(count, 2.2) for value, count in counts.items()}
            left = sum(taken.values())
            probabilities = [
                (counts[value] - taken.get(value, 0) + left * before) / counts.total()
                for value, before in enumerate(probabilities)
            ]
    return probabilities, order


@given(pairs_of_notes)
def test_advice_is_what_the_formulas_say(drawn: tuple[PartName, Notes, Notes]) -> None:
    part, known, (asked, _) = drawn
    advice = licks_of(part, known).ask(hash_contexts(part, asked[:2]))
    for row, columns in enumerate(asked[:2]):
        for index, expert in enumerate(EXPERTS[part]):
            probabilities, order = oracle(part, expert, known, columns)
            np.testing.assert_allclose(np.exp(advice.log_probabilities[row, index]), probabilities, rtol=1e-5)
            assert advice.orders[row, index] == order


@given(pairs_of_notes)
def test_probabilities_sum_to_one(drawn: tuple[PartName, Notes, Notes]) -> None:
    part, known, (asked, _) = drawn
    advice = licks_of(part, known).ask(hash_contexts(part, asked))
    np.testing.assert_allclose(np.exp(advice.log_probabilities).sum(axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("part", PARTS)
def test_after_what_was_never_heard_all_are_alike(part: PartName) -> None:
    rng = np.random.default_rng(0)
    licks = licks_of(part, (rng.integers(0, 3, (20, len(COLUMNS))), rng.integers(0, 9, 20)))
    advice = licks.ask(hash_contexts(part, np.full((1, len(COLUMNS)), 7)))
    np.testing.assert_allclose(advice.log_probabilities[0, 1:], -np.log(CLASSES[part]), rtol=1e-6)
    assert advice.orders[0].tolist() == [1] + [0] * (len(EXPERTS[part]) - 1)  # the first chain starts from no context


@given(pairs_of_notes)
def test_sums_count_both_and_what_is_taken_away_again_is_gone(drawn: tuple[PartName, Notes, Notes]) -> None:
    part, a, b = drawn
    hashes = hash_contexts(part, joined(a, b)[0])
    alone, other, both = licks_of(part, a), licks_of(part, b), licks_of(part, joined(a, b))
    for one, same in ((both, alone + other), (alone, (alone + other) - other), (alone, both - other)):
        for mine, others in zip(one.ask(hashes), same.ask(hashes), strict=True):
            np.testing.assert_allclose(mine, others, rtol=1e-5)


@pytest.mark.parametrize("part", PARTS)
def test_without_one_tune_they_are_those_of_the_others(part: PartName) -> None:
    index = PARTS.index(part)
    tunes = [(moments_of(solo, Who())[:, index], choices_of(solo.notes)[:, index]) for solo in starter_solos()]
    left_out, others = tunes[0], joined(tunes[1], joined(tunes[2], tunes[3]))
    hashes = hash_contexts(part, left_out[0])
    without = licks_of(part, joined(left_out, others)) - licks_of(part, left_out)
    for mine, expected in zip(without.ask(hashes), licks_of(part, others).ask(hashes), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-5)


@given(pairs_of_notes)
def test_rows_are_sorted_and_every_sighting_counts(drawn: tuple[PartName, Notes, Notes]) -> None:
    part, a, _ = drawn
    licks = licks_of(part, a)
    assert (licks.keys[1:] > licks.keys[:-1]).all()
    assert licks.sizes.sum() == len(licks.classes) == len(licks.counts)
    assert licks.counts.sum() == len(a[1]) * sum(len(expert.levels) for expert in EXPERTS[part])


@pytest.mark.parametrize("part", PARTS)
def test_a_context_goes_by_its_own_columns_alone(part: PartName) -> None:
    columns = np.zeros((1, len(COLUMNS)), np.int64)
    base = hash_contexts(part, columns)[0]
    for name, row in INDEX.items():
        moved = hash_contexts(part, columns + np.eye(len(COLUMNS), dtype=np.int64)[row])[0]
        for e, expert in enumerate(EXPERTS[part]):
            uses = [name in level for level in expert.levels]
            assert (moved[e] != base[e]).tolist()[: len(uses)] == uses
            assert not moved[e, len(uses) :].any()


@pytest.mark.parametrize("part", PARTS)
def test_in_another_key_the_contexts_without_pitch_are_the_same(part: PartName) -> None:
    solo = starter_solos()[0]
    index, settled = PARTS.index(part), 6  # by then the pitch before the first note is out of the columns
    here, there = (hash_contexts(part, moments_of(one, Who())[settled:, index]) for one in (solo, solo.transposed(3)))
    for e, expert in enumerate(EXPERTS[part]):
        for d, level in enumerate(expert.levels):
            assert (here[:, e, d] == there[:, e, d]).all() == ("pitch" not in level)


def test_no_two_levels_of_the_starter_tunes_meet_by_chance() -> None:
    for index, part in enumerate(PARTS):
        hashes = hash_contexts(part, np.concatenate([moments_of(solo, Who())[:, index] for solo in starter_solos()]))
        levels = [set(hashes[:, e, d].tolist()) for e, x in enumerate(EXPERTS[part]) for d in range(len(x.levels))]
        assert len(set().union(*levels)) == sum(map(len, levels))
