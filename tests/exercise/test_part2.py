"""Part 2: dictionaries by step, seeds of listings and generators, and what is wrong said in one line."""

from collections.abc import Callable

import numpy as np
import pytest

from jazzgen.errors import ArrayError, CorpusError, JazzgenError, OptionError
from jazzgen.exercise import part2
from jazzgen.reference import charlm

CHARACTERS = "\nabcdefghijklmnopqrstuvwxyz"
CHAR_TO_IX = {character: index for index, character in enumerate(CHARACTERS)}
IX_TO_CHAR = dict(enumerate(CHARACTERS))
X, Y = [None, 3, 5, 1], [3, 5, 1, 0]


def parameters() -> dict[str, np.ndarray]:
    return {name: 50 * array for name, array in part2.initialize_parameters(6, 27, 27).items()}


def test_a_cache_unpacks_to_dictionaries_by_step() -> None:
    a0 = np.full((6, 1), 0.25)
    loss, (y_hat, a, x) = part2.rnn_forward(X, Y, a0, parameters())
    assert (sorted(y_hat), sorted(a), sorted(x)) == ([0, 1, 2, 3], [-1, 0, 1, 2, 3], [0, 1, 2, 3])
    np.testing.assert_array_equal(a[-1], a0)
    assert loss == pytest.approx(-sum(np.log(y_hat[t][Y[t], 0]) for t in range(4)))
    assert not x[0].any()
    assert np.argmax(x[2]) == 5
    for t in range(4):
        following, p = part2.rnn_step_forward(parameters(), a[t - 1], x[t])
        np.testing.assert_allclose(following, a[t], rtol=1e-12)
        np.testing.assert_allclose(p, y_hat[t], rtol=1e-12)


def test_gradients_of_the_dictionaries_are_those_of_the_fast_way() -> None:
    a0 = np.full((6, 1), 0.25)
    _, cache = part2.rnn_forward(X, Y, a0, parameters())
    gradients, a = part2.rnn_backward(X, Y, parameters(), cache)
    assert a is cache[1]
    expected, _ = charlm.rnn_backward(X, Y, parameters(), charlm.rnn_forward(X, Y, a0, parameters())[1])
    assert set(gradients) == {"dWax", "dWaa", "dWya", "db", "dby", "da_next"}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-12, err_msg=name)


def test_an_integer_and_a_generator_both_draw() -> None:
    assert part2.sample(parameters(), CHAR_TO_IX, 3) == part2.sample(parameters(), CHAR_TO_IX, seed=3)
    drawn = [part2.sample(parameters(), CHAR_TO_IX, np.random.default_rng(5)) for _ in range(2)]
    assert drawn[0] == drawn[1] == charlm.sample(parameters(), CHAR_TO_IX, np.random.default_rng(5))
    assert len({tuple(part2.sample(parameters(), CHAR_TO_IX, seed)) for seed in range(9)}) == 9
    assert len({tuple(part2.sample(parameters(), CHAR_TO_IX, None)) for _ in range(9)}) > 1
    with_generator = part2.initialize_parameters(6, 27, 27, np.random.default_rng(2))
    assert with_generator["Wax"][0, 0] == 0.01 * np.random.default_rng(2).standard_normal()
    assert part2.initialize_parameters(6, 27, 27)["Wax"][0, 0] == 0.01 * np.random.RandomState(1).randn()


def test_nothing_draws_from_numpy_s_global_generator() -> None:
    before = np.random.get_state()[1].copy()  # type: ignore[index]
    part2.model(["abc", "cab"], IX_TO_CHAR, CHAR_TO_IX, num_iterations=3)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # type: ignore[index]


def test_the_published_first_loss(capsys: pytest.CaptureFixture[str]) -> None:
    """The exercise's own list, shuffled, begins with this name."""
    part2.model("turiasaurus\n", IX_TO_CHAR, CHAR_TO_IX, num_iterations=1)
    assert capsys.readouterr().out.startswith("Iteration: 0, Loss: 23.087336\n\nNkzxwtdmfqoeyhsqwasjkjvu\nKneb\n")


def test_a_text_and_its_lines_teach_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    text = "abc\n\n  cab \nabc\n"
    by_text = part2.model(text, IX_TO_CHAR, CHAR_TO_IX, num_iterations=40, n_a=5, dino_names=2)
    by_lines = part2.model(text.split("\n"), IX_TO_CHAR, CHAR_TO_IX, 40, 5, 2)
    once = part2.model(["abc", "cab"], IX_TO_CHAR, CHAR_TO_IX, 40, 5, 2)
    for name, array in by_text.items():
        np.testing.assert_array_equal(by_lines[name], array)
    assert not np.array_equal(once["by"], by_text["by"])  # a name that stands twice is learnt twice as often
    assert len(capsys.readouterr().out.strip().splitlines()) == 3 * 4 + 2


def test_a_name_is_printed_with_its_capital(capsys: pytest.CaptureFixture[str]) -> None:
    part2.print_sample([2, 1, 0], IX_TO_CHAR)
    part2.print_sample([0], IX_TO_CHAR)
    assert capsys.readouterr().out == "Ba\n\n"


SMALL = part2.initialize_parameters(4, 5, 5)
A0 = np.zeros((4, 1))
WRONG: list[tuple[Callable[[], object], type[JazzgenError], str]] = [
    (lambda: part2.rnn_forward([1], [2], A0, SMALL), OptionError, "vocab_size: 27 characters, and .* are for 5"),
    (lambda: part2.rnn_forward([1], [9], A0, SMALL, 5), ArrayError, "Y has index 9; the vocabulary has 5"),
    (lambda: part2.rnn_forward([1], [2], np.zeros((3, 1)), SMALL, 5), ArrayError, r"a0 has shape \(3, 1\)"),
    (lambda: part2.sample(SMALL, CHAR_TO_IX), OptionError, "char_to_ix: 27 characters, and the parameters are for 5"),
    (lambda: part2.rnn_backward(X, Y, SMALL, ({}, {})), ArrayError, "cache is three dictionaries"),  # type: ignore[arg-type]
    (lambda: part2.rnn_backward(X, Y, SMALL, ({}, {}, {})), ArrayError, r"cache has the steps \[\], X has 4"),
    (lambda: part2.clip({"dWax": A0}, 5), ArrayError, "gradients holds no array dWaa among dWax"),
    (lambda: part2.model("", IX_TO_CHAR, CHAR_TO_IX), CorpusError, "data: it holds no name"),
    (lambda: part2.model("Abc", IX_TO_CHAR, CHAR_TO_IX), CorpusError, "data: 'Abc' has 'A', which char_to_ix lacks"),
    (lambda: part2.model("abc", IX_TO_CHAR, CHAR_TO_IX, vocab_size=5), OptionError, "vocab_size 5: char_to_ix has 27"),
    (lambda: part2.model("a", {0: "a"}, {"a": 0}, vocab_size=1), OptionError, "char_to_ix: it has no newline"),
    (lambda: part2.print_sample([50], IX_TO_CHAR), OptionError, "ix_to_char: it lacks 50"),
    (lambda: part2.initialize_parameters(0, 27, 27), OptionError, "n_a 0: must be 1 or more"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[message for *_, message in WRONG])
def test_what_is_wrong_is_one_line_that_names_the_argument(
    call: Callable[[], object], error: type[JazzgenError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
