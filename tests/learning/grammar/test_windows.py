"""Scores to arrays: the preparation of a line, windows, one-hot, the split, the exercise's examples."""

from collections import Counter

import numpy as np
import pytest
from helpers.strategies import scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError
from jazzgen.learning.grammar.windows import NOTHING, examples, make_windows, one_hot, prepare, rhythm_table
from jazzgen.music.score import Feel, Note, Part, Score
from jazzgen.music.swung import hear_swing

lengths = st.lists(st.integers(1, 40), min_size=1, max_size=5)


def numbered(sizes: list[int]) -> list[np.ndarray]:
    """Sequences that hold each number once."""
    starts = np.cumsum([0, *sizes])
    return [np.arange(start, start + size, dtype=np.int32) for start, size in zip(starts, sizes, strict=False)]


def line(*notes: tuple[int, int], feel: Feel = "straight") -> Score:
    return Score(parts=(Part("Solo", tuple(Note(onset, length, 60) for onset, length in notes)),), feel=feel)


def times(score: Score) -> list[tuple[int, int]]:
    return [(note.onset, note.duration) for note in score.melody.notes]


@given(sizes=lengths, tx=st.integers(1, 12), stride=st.none() | st.integers(1, 12))
def test_windows_cover_every_token(sizes: list[int], tx: int, stride: int | None) -> None:
    sequences = numbered(sizes)
    windows = make_windows(sequences, tx, stride and min(stride, tx))
    assert windows.inputs.shape == windows.targets.shape == (len(windows), tx)
    assert set(windows.targets.ravel()) - {NOTHING} == set(np.concatenate(sequences))


@given(sizes=lengths, tx=st.integers(1, 12))
def test_a_target_is_the_token_after_its_input_and_a_solo_starts_from_nothing(sizes: list[int], tx: int) -> None:
    windows = make_windows(numbered(sizes), tx)
    firsts = set(np.cumsum([0, *sizes[:-1]]))
    for inputs, targets in zip(windows.inputs, windows.targets, strict=True):
        length = int((targets != NOTHING).sum())
        assert list(targets[:length]) == list(range(targets[0], targets[0] + length))
        assert list(inputs[1:length]) == list(targets[: length - 1])
        assert inputs[0] == (NOTHING if targets[0] in firsts else targets[0] - 1)
        assert (inputs[length:] == NOTHING).all()


@given(sizes=lengths, tx=st.integers(1, 12))
def test_without_a_stride_each_token_is_a_target_once(sizes: list[int], tx: int) -> None:
    targets = make_windows(numbered(sizes), tx).targets
    assert sorted(targets[targets != NOTHING]) == list(range(sum(sizes)))


@given(sizes=lengths, tx=st.integers(1, 12))
def test_no_window_goes_over_the_end_of_a_solo(sizes: list[int], tx: int) -> None:
    solos = {token: number for number, tokens in enumerate(numbered(sizes)) for token in tokens}
    for targets in make_windows(numbered(sizes), tx).targets:
        assert len({solos[token] for token in targets if token != NOTHING}) == 1


def test_windows_start_every_stride_until_all_is_covered() -> None:
    assert make_windows(numbered([10]), 4).targets[:, 0].tolist() == [0, 4, 8]
    assert make_windows(numbered([10]), 4, stride=3).targets[:, 0].tolist() == [0, 3, 6]
    assert make_windows(numbered([10]), 4, stride=1).targets[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert make_windows(numbered([8]), 4).targets[:, 0].tolist() == [0, 4]


def test_a_solo_shorter_than_a_window_is_filled_up_with_nothing() -> None:
    windows = make_windows([np.array([7, 8])], 4)
    assert windows.inputs.tolist() == [[NOTHING, 7, NOTHING, NOTHING]]
    assert windows.targets.tolist() == [[7, 8, NOTHING, NOTHING]]


def test_a_solo_without_tokens_makes_no_window() -> None:
    assert len(make_windows([np.array([], np.int32), np.array([1, 2])], 2)) == 1


@pytest.mark.parametrize("sequences", [[], [np.array([], np.int32)]])
def test_a_corpus_without_tokens_is_an_error(sequences: list[np.ndarray]) -> None:
    with pytest.raises(CorpusError, match="no tokens to make windows of; give a corpus with a melody"):
        make_windows(sequences, 4)


@given(indices=st.lists(st.integers(NOTHING, 6), min_size=1, max_size=20))
def test_one_hot_has_a_one_at_the_index_and_none_for_nothing(indices: list[int]) -> None:
    found = one_hot(np.array(indices), 7)
    assert found.shape == (len(indices), 7)
    assert found.dtype == np.float32
    for row, index in zip(found, indices, strict=True):
        assert row.sum() == (index != NOTHING)
        assert index == NOTHING or row[index] == 1


def test_one_hot_takes_any_shape() -> None:
    assert one_hot(np.zeros((2, 3, 4), int), 5).shape == (2, 3, 4, 5)


def test_the_rhythm_table_has_the_notes_that_start_at_each_twelfth_of_the_beat() -> None:
    # Beat 1: two eighths. Beat 2: triplet, the last tied over beat 3 by a beat. Rests are not in it.
    table = rhythm_table([["C,0.500", "R,0.500", "C,0.333", "S,0.333", "A,1.333"], ["C,1.000"]], [0, 0])
    expected = {0: (160, 240, 480), 4: (160,), 8: (640,)}
    assert table == tuple(expected.get(tatum, ()) for tatum in range(12))


def test_a_swung_line_is_made_even_and_called_so() -> None:
    swung = prepare(line((0, 320), (320, 160), (480, 320), (800, 160)))
    assert times(swung) == [(0, 240), (240, 240), (480, 240), (720, 240)]
    assert swung.feel == "swing"


def test_a_swung_line_is_even_on_a_grid_too_coarse_for_swing() -> None:
    swung = prepare(line((0, 320), (320, 160), (480, 320), (800, 160)), 120)
    assert times(swung) == [(0, 240), (240, 240), (480, 240), (720, 240)]


def test_an_even_line_stays_straight() -> None:
    even = prepare(line((0, 240), (240, 240), (480, 480)))
    assert times(even) == [(0, 240), (240, 240), (480, 480)]
    assert even.feel == "straight"


def test_a_played_line_is_put_on_the_grid_and_its_short_gaps_are_closed_but_not_its_rests() -> None:
    assert times(prepare(line((7, 390), (493, 200), (955, 480)))) == [(0, 480), (480, 200), (960, 480)]


@given(score=scores())
def test_a_prepared_line_is_one_note_at_a_time_on_the_grid_and_preparing_it_again_changes_nothing(score: Score) -> None:
    found = prepare(score)
    assert found.melody.is_monophonic
    assert all(note.onset % 40 == 0 or found.feel == "swing" for note in found.melody.notes)
    assert found.parts[1:] == score.parts[1:]
    if found.feel == "straight" and hear_swing(found.melody.notes, found) is None:  # as a line at random may come to
        assert prepare(found) == found


TOKENS = tuple(f"C,{beats}.000" for beats in np.random.default_rng(4).integers(1, 9, 51))


@pytest.mark.parametrize(("tx", "m"), [(30, 60), (10, 7)])
def test_the_exercises_arrays_have_its_shapes_and_y_is_x_one_step_on(tx: int, m: int) -> None:
    x, y, vocabulary = examples(TOKENS, tx, m)
    n_values = len(vocabulary)
    assert (x.shape, y.shape) == ((m, tx, n_values), (tx, m, n_values))
    assert x.dtype == y.dtype == np.float32
    assert (x[:, 0] == 0).all()
    assert (x[:, 1:].sum(axis=-1) == 1).all()
    assert (y.sum(axis=-1) == 1).all()
    assert all((y[t] == x[:, t + 1]).all() for t in range(tx - 1))
    assert vocabulary.tokens == tuple(sorted(set(TOKENS)))


def test_the_exercises_examples_are_spread_from_the_first_token_to_the_last() -> None:
    _, y, vocabulary = examples(TOKENS, 10, 60)
    found = [vocabulary.decode(example) for example in y.argmax(axis=-1).T]
    assert found[0] == TOKENS[:10]
    assert found[-1] == TOKENS[-10:]
    assert Counter(found).most_common(1)[0][1] <= 2


def test_a_solo_too_short_for_an_example_is_an_error_that_counts() -> None:
    with pytest.raises(CorpusError, match=r"the solo has 51 tokens; examples of 60 steps need 61"):
        examples(TOKENS, 60, 7)


def test_gaps_are_closed_up_to_what_is_asked() -> None:
    played = line((0, 240), (480, 240), (1440, 240))
    assert times(prepare(played)) == [(0, 240), (480, 240), (1440, 240)]
    assert times(prepare(played, 120, 240)) == [(0, 480), (480, 240), (1440, 240)]
    assert times(prepare(played, 120, 9999)) == [(0, 480), (480, 960), (1440, 240)]


def test_rhythm_counts_beats_from_the_first_bar_line() -> None:
    table = rhythm_table([["C,0.500", "C,1.000"]], [240])
    assert table[6] == (240,)
    assert table[0] == (480,)
