"""Chord symbols on one place, or after the last note, share the bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.notation.symbols import placed
from jazzgen.formats.notation.written import SheetBar, WrittenChord
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.unfold import Signs
from jazzgen.music.timing import Meter

BEAT = 480


def bar(meter: str = "4/4") -> SheetBar:
    own = Meter.parse(meter)
    return SheetBar("1", own.bar_ticks, own, Signs())


def written(*symbols: tuple[float, str]) -> list[WrittenChord]:
    """Symbols at beats."""
    return [WrittenChord(round(beat * BEAT), parse_chord(symbol)) for beat, symbol in symbols]


@pytest.mark.parametrize(
    ("meter", "symbols", "expected"),
    [
        ("4/4", [(0, "C"), (2, "G")], [(0, "C"), (2, "G")]),
        ("4/4", [(0, "C"), (0, "G")], [(0, "C"), (2, "G")]),
        ("4/4", [(0, "C"), (0, "G"), (0, "F")], [(0, "C"), (2, "G"), (3, "F")]),
        ("4/4", [(0, "C"), (0, "G"), (3, "F")], [(0, "C"), (2, "G"), (3, "F")]),
        ("4/4", [(3, "C"), (3, "G")], [(3, "C"), (3.5, "G")]),
        ("3/4", [(0, "C"), (0, "G")], [(0, "C"), (2, "G")]),
        ("6/8", [(0, "C"), (0, "G")], [(0, "C"), (1.5, "G")]),
        ("4/4", [(0, "C"), (4, "G")], [(0, "C"), (2, "G")]),
        ("4/4", [(0, "C"), (2, "F"), (4, "G")], [(0, "C"), (2, "F"), (3, "G")]),
        ("4/4", [(4, "G")], [(2, "G")]),
        ("4/4", [(0, "C"), (0, "C")], [(0, "C")]),
        ("4/4", [(2, "G"), (0, "C")], [(0, "C"), (2, "G")]),
        ("4/4", [], []),
    ],
)
def test_symbols_have_a_place_each(
    meter: str, symbols: list[tuple[float, str]], expected: list[tuple[float, str]]
) -> None:
    assert placed(written(*symbols), bar(meter)) == written(*expected)


_SYMBOLS = st.lists(st.tuples(st.integers(0, 2400), st.sampled_from("CDEFGAB")), max_size=12)


@given(_SYMBOLS, st.sampled_from(("4/4", "3/4", "6/8", "7/8", "2/2")))
def test_every_place_is_inside_the_bar_and_taken_once(symbols: list[tuple[int, str]], meter: str) -> None:
    about = bar(meter)
    found = placed([WrittenChord(onset, parse_chord(name)) for onset, name in symbols], about)
    onsets = [symbol.onset for symbol in found]
    assert onsets == sorted({*onsets})
    assert all(0 <= onset < about.length for onset in onsets)
