"""Yamaha's chord events as symbols."""

import pytest

from jazzgen.formats.midi.xf import _QUALITIES, read_xf_chord
from jazzgen.harmony.chords import is_chord

SIGN = b"\x43\x7b\x01"


@pytest.mark.parametrize(
    ("content", "symbol"),
    [
        (SIGN + b"\x32\x0a\x7f\x7f", "Dm7"),
        (SIGN + b"\x35\x13\x7f\x7f", "G7"),
        (SIGN + b"\x27\x02\x7f\x7f", "Bbmaj7"),
        (SIGN + b"\x44\x0b\x7f\x7f", "F#m7b5"),
        (SIGN + b"\x31\x00\x33\x00", "C/E"),
        (SIGN + b"\x31\x00\x31\x00", "C"),
        (SIGN + b"\x31\x22\x7f\x7f", "N.C."),
        (SIGN + b"\x7f\x7f\x7f\x7f", "N.C."),
        (SIGN + b"\x31\x30", ""),
        (SIGN + b"\x38\x00", ""),
        (SIGN + b"\x31", ""),
        (b"\x43\x7b\x02\x32\x0a\x7f\x7f", ""),
        (b"", ""),
    ],
)
def test_a_chord_event_is_a_symbol_or_nothing(content: bytes, symbol: str) -> None:
    assert read_xf_chord(content) == symbol


def test_every_type_is_a_chord_that_we_know() -> None:
    assert [quality for quality in _QUALITIES if not is_chord(f"C{quality}")] == []
