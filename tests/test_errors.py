"""Errors are one line, whatever they quote."""

import pytest

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import parse_chord


@pytest.mark.parametrize("sign", ["\n", "\r", "\v", "\x1c", "\u2028"])
def test_line_breaks_in_what_is_quoted_are_blanks(sign: str) -> None:
    with pytest.raises(ChordError) as refused:
        parse_chord(f"E{sign}/E")
    assert len(str(refused.value).splitlines()) == 1
    assert "E" in str(refused.value)


def test_other_messages_are_as_they_were() -> None:
    assert str(ChordError("two  blanks stay")) == "two  blanks stay"
