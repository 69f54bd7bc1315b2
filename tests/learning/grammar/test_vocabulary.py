"""Tokens and their indices."""

from dataclasses import FrozenInstanceError
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import BundleError
from jazzgen.learning.grammar.vocabulary import Vocabulary

sequences = st.lists(st.lists(st.text(max_size=12), max_size=10), max_size=6)


@given(corpus=sequences)
def test_decode_is_the_inverse_of_encode(corpus: list[list[str]]) -> None:
    vocabulary = Vocabulary.of(corpus)
    for tokens in corpus:
        indices = vocabulary.encode(tokens)
        assert indices.dtype == np.int32
        assert vocabulary.decode(indices) == tuple(tokens)


@given(corpus=sequences)
def test_every_token_has_one_index_from_0_up(corpus: list[list[str]]) -> None:
    vocabulary = Vocabulary.of(corpus)
    assert sorted(vocabulary.indices.values()) == list(range(len(vocabulary)))
    assert set(vocabulary.tokens) == {token for tokens in corpus for token in tokens}
    assert all(vocabulary.tokens[index] == token for token, index in vocabulary.indices.items())


@given(corpus=sequences, random=st.randoms(use_true_random=False))
def test_the_order_of_the_corpus_does_not_matter(corpus: list[list[str]], random: Random) -> None:
    shuffled = [random.sample(tokens, len(tokens)) for tokens in random.sample(corpus, len(corpus))]
    assert Vocabulary.of(shuffled) == Vocabulary.of(corpus)


@given(corpus=sequences)
def test_json_is_read_back(corpus: list[list[str]]) -> None:
    vocabulary = Vocabulary.of(corpus)
    assert Vocabulary.from_json(vocabulary.to_json()) == vocabulary


def test_tokens_are_sorted() -> None:
    assert Vocabulary.of([["R,1.000", "C,0.500"], ["A,0.250", "C,0.500"]]).tokens == ("A,0.250", "C,0.500", "R,1.000")


def test_a_token_that_is_not_in_it_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="X,9"):
        Vocabulary(("C,0.500",)).encode(["X,9"])


@pytest.mark.parametrize("text", ["{}", '"C"', "3", '["b", "a"]', '["a", "a"]', "[1, 2]", '[["a"]]', '["a", null]'])
def test_json_that_is_no_sorted_list_of_tokens_is_an_error(text: str) -> None:
    with pytest.raises(BundleError, match="the vocabulary is not a sorted list of tokens"):
        Vocabulary.from_json(text)


def test_a_vocabulary_cannot_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Vocabulary(("a",)).tokens = ("b",)  # type: ignore[misc]
