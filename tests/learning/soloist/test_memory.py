"""Both memories: advice for whole solos is that for one note at a time."""

from itertools import pairwise

import numpy as np
import pytest
from helpers.small_soloist import small_soloist, starter_solos
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.learning.soloist.licks import EXPERTS, hash_contexts
from jazzgen.learning.soloist.memory import MOTIFS, N_ADVISERS, SoloMotifs, learn, lick_advice, motif_advice
from jazzgen.learning.soloist.moments import (
    CLASSES,
    COLUMNS,
    INDEX,
    PARTS,
    WIDEST,
    PartName,
    Who,
    choices_of,
    moments_of,
)


def solos(part: PartName) -> list[tuple[np.ndarray, np.ndarray]]:
    index = PARTS.index(part)
    return [(moments_of(solo, Who())[:, index], choices_of(solo.notes)[:, index]) for solo in starter_solos()]


@pytest.mark.parametrize("part", PARTS)
def test_learning_counts_every_note_at_every_level(part: PartName) -> None:
    pairs = [(moments_of(solo, Who()), choices_of(solo.notes)) for solo in starter_solos()]
    moments, choices = (np.concatenate(arrays) for arrays in zip(*pairs, strict=True))
    licks = learn(moments, choices)[part]
    assert licks.part == part
    assert licks.counts.sum() == len(moments) * sum(len(expert.levels) for expert in EXPERTS[part])
    assert set(licks.classes.tolist()) == set(choices[:, PARTS.index(part)].tolist())


@pytest.mark.parametrize("part", PARTS)
def test_lick_advice_in_batches_is_the_same(part: PartName) -> None:
    licks = small_soloist().memory[part]
    moments = np.concatenate([columns for columns, _ in solos(part)] * 2)  # more than one batch
    batches, whole = lick_advice(licks, moments), licks.ask(hash_contexts(part, moments))
    assert batches.log_probabilities.dtype == np.float16
    np.testing.assert_allclose(batches.log_probabilities, whole.log_probabilities, rtol=1e-3)
    np.testing.assert_array_equal(batches.orders, whole.orders)


@pytest.mark.parametrize("part", PARTS)
def test_motif_advice_side_by_side_is_that_of_each_solo_alone(part: PartName) -> None:
    for (columns, classes), together in zip(solos(part), motif_advice(part, solos(part), np.float64), strict=True):
        motifs = SoloMotifs(part, 1)
        assert len(together.orders) == len(classes)
        for note, (row, chosen) in enumerate(zip(columns, classes, strict=True)):
            alone = motifs.ask(row[None])
            motifs.add(np.array([chosen]))
            np.testing.assert_allclose(together.log_probabilities[note], alone.log_probabilities[0], rtol=1e-12)
            np.testing.assert_array_equal(together.orders[note], alone.orders[0])


def test_pitches_come_again_where_another_pitch_is_the_last() -> None:
    absolute = [kind.absolute for kind in MOTIFS["pitch"]].index(True)
    motifs, columns = SoloMotifs("pitch", 1), np.zeros((1, len(COLUMNS)), np.int64)
    for last, to in ((60, 64), (64, 60), (60, 64), (64, 59)):
        columns[0, INDEX["pitch"]] = last - 20
        motifs.ask(columns)
        motifs.add(np.array([to - last + WIDEST]))
    columns[0, INDEX["pitch"]] = 50 - 20
    votes = np.exp(motifs.ask(columns).log_probabilities[0, absolute])
    steps = np.argsort(-votes)[:3] - WIDEST
    assert steps[0] == 64 - 50
    assert set((steps[1:] + 50).tolist()) == {59, 60}


@pytest.mark.parametrize("part", PARTS)
@given(seed=st.integers(0, 2**32))
def test_a_solo_is_like_itself_where_the_columns_of_a_kind_are(part: PartName, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = np.array(list(COLUMNS.values()))
    first = rng.integers(0, sizes + 1)
    second = np.where(rng.random(len(COLUMNS)) < 0.7, first, rng.integers(0, sizes + 1))
    motifs = SoloMotifs(part, 1)
    motifs.ask(first[None])
    motifs.add(np.array([0]))
    found = motifs.ask(second[None]).orders[0] > 0
    for kind, matched in zip(MOTIFS[part], found, strict=True):
        rows = [INDEX[name] for name in kind.key]
        assert matched == (first[rows] == second[rows]).all()


@pytest.mark.parametrize("part", PARTS)
def test_the_highest_of_one_column_is_not_the_next_of_another(part: PartName) -> None:
    for index, kind in enumerate(MOTIFS[part]):
        for lower, upper in pairwise(kind.key):
            first, second = np.zeros((2, 1, len(COLUMNS)), np.int64)
            first[0, INDEX[lower]], second[0, INDEX[upper]] = COLUMNS[lower], 1
            motifs = SoloMotifs(part, 1)
            motifs.ask(first)
            motifs.add(np.array([0]))
            assert motifs.ask(second).orders[0, index] == 0


@pytest.mark.parametrize("part", PARTS)
def test_advisers_are_experts_then_motifs(part: PartName) -> None:
    columns = np.zeros((2, len(COLUMNS)), np.int64)
    licks, motifs = small_soloist().memory[part].ask(hash_contexts(part, columns)), SoloMotifs(part, 2).ask(columns)
    together = np.concatenate([licks.log_probabilities, motifs.log_probabilities], axis=1)
    assert together.shape == (2, N_ADVISERS[part], CLASSES[part])
