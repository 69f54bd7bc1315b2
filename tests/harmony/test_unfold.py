"""The order in which bars are played.

Bars are written as words: `|:` and `:|` as in print, `1.` an ending, DC, DS, S (segno), To, Coda and Fine.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.harmony.unfold import Signs, lone_endings, play_order

_CLOSING = (":|", ":|x3", "DC", "DC-Fine", "DC-Coda", "DS", "To", "Fine")
_WORDS: dict[str, dict[str, object]] = {
    "|:": {"repeat_start": True},
    ":|": {"times": 2},
    ":|x3": {"times": 3},
    "1.": {"endings": frozenset({1})},
    "2.": {"endings": frozenset({2})},
    "1,2.": {"endings": frozenset({1, 2})},
    "3.": {"endings": frozenset({3})},
    "DC": {"da_capo": True},
    "DC-Fine": {"da_capo": True, "until": "fine"},
    "DC-Coda": {"da_capo": True, "until": "coda"},
    "DS": {"dal_segno": True},
    "S": {"segno": True},
    "To": {"to_coda": True},
    "Coda": {"coda": True},
    "Fine": {"fine": True},
}
ORDERS = [
    ("a b c", "abc"),
    ("|: a b :|", "abab"),
    ("a b :| c", "ababc"),
    ("|: a :|x3 b", "aaab"),
    ("a :| b :| c", "aabbc"),
    ("a |: b c :| d", "abcbcd"),
    ("|: a b 1. c :| 2. d e", "abcabde"),
    ("|: a 1. b :| 2. c :| d", "abacd"),
    ("|: a 1,2. b :| 3. c d", "ababacd"),
    ("|: a 1. b :| c", "abac"),
    ("|: a 1. b :| 2. c |: d :| e", "abacdde"),
    ("a Fine b DC c", "aba"),
    ("a b DC", "abab"),
    ("a S b To c DS Coda d", "abcbd"),
    ("|: a 1. b :| 2. c DC", "abacac"),
    ("a b To c DC Coda d :| e", "abcabdde"),
    ("a b DC c", "ababc"),
    ("a S b DC c DS d", "ababcbcd"),
    ("a Fine b To c DC-Coda Coda d e DC-Fine f", "abcabdea"),
    ("a b 2. c d", "abcd"),
    ("|: a b :| 2. c d", "ababcd"),
    ("a 2. b 3. c d", "abcd"),
    ("|: a 1. b :| c 2. d e", "abacde"),
]


def bars(text: str) -> tuple[str, list[Signs]]:
    """The letters and the bars of a line; what closes a bar stands after it, all else before it."""
    letters: list[str] = []
    signs: list[dict[str, object]] = [{}]
    for word in text.split():
        if word in _CLOSING:
            signs[-2] |= _WORDS[word]
        elif word in _WORDS:
            signs[-1] |= _WORDS[word]
        else:
            letters.append(word)
            signs.append({})
    return "".join(letters), [Signs(**sign) for sign in signs[:-1]]  # type: ignore[arg-type] # the table's names


@pytest.mark.parametrize(("written", "played"), ORDERS)
def test_bars_are_played_in_order(written: str, played: str) -> None:
    letters, signs = bars(written)
    assert "".join(letters[index] for index in play_order(signs, MAX_BARS)) == played


def test_endings_without_a_first_one_are_told() -> None:
    _, signs = bars("|: a 1. b :| c 2. d 3. e f")
    assert lone_endings(signs) == [3, 4]


def test_of_two_coda_signs_without_a_word_the_first_leads_to_the_second() -> None:
    letters, signs = bars("a Coda b c DC Coda d")
    assert "".join(letters[index] for index in play_order(signs, MAX_BARS)) == "abcabd"


_ANY_SIGNS = st.builds(
    Signs,
    repeat_start=st.booleans(),
    times=st.sampled_from((1, 1, 1, 2, 3)),
    endings=st.frozensets(st.integers(1, 3), max_size=2) | st.just(frozenset()),
    segno=st.booleans(),
    coda=st.booleans(),
    da_capo=st.booleans(),
    dal_segno=st.booleans(),
    until=st.sampled_from(("", "coda", "fine")),
    to_coda=st.booleans(),
    fine=st.booleans(),
)


@given(st.lists(_ANY_SIGNS, max_size=12))
def test_whatever_is_written_comes_to_an_end(signs: list[Signs]) -> None:
    order = play_order(signs, MAX_BARS)
    assert all(0 <= index < len(signs) for index in order)


def test_a_piece_that_repeats_too_long_is_refused() -> None:
    signs = [Signs(), Signs(times=32)] * (MAX_BARS // 40)
    with pytest.raises(ChordError, match="longer than"):
        play_order(signs, MAX_BARS)
