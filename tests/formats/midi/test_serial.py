"""Messages back to bytes, and the bytes to the same messages."""

from itertools import pairwise

import pytest
from helpers.raw_midi import number, smf
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.midi.messages import MidiBytes, Track, parse_midi
from jazzgen.formats.midi.serial import file_bytes, number_bytes

_DATA, _CHANNEL = st.integers(0, 127), st.integers(0, 15)
_CONTENT = st.binary(max_size=200)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Any messages in order of time, those of one data byte and of the system among them."""
    track = Track()
    for step in draw(st.lists(st.integers(0, 300) | st.integers(0, 2**29), max_size=20)):
        track.end += step
        kind = draw(st.sampled_from((0x8, 0x9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF0, 0xF7, 0xFF)))
        if kind > 0xF:
            meta = draw(st.integers(1, 0x7F).filter(lambda value: value != 0x2F)) if kind == 0xFF else 0
            track.messages.append((track.end, kind, meta, len(track.contents)))
            track.contents.append(draw(_CONTENT))
        else:
            second = 0 if kind in (0xC, 0xD) else draw(_DATA)
            track.messages.append((track.end, kind << 4 | draw(_CHANNEL), draw(_DATA), second))
    track.end += draw(st.integers(0, 1000))
    return track


@given(st.lists(tracks(), min_size=1, max_size=3), st.integers(1, 0x7FFF), st.sampled_from((0, 1, 2)))
def test_what_is_written_is_read_back(found: list[Track], division: int, kind: int) -> None:
    midi = MidiBytes(tuple(found), kind, len(found), division)
    again = parse_midi(file_bytes(midi))
    longest = max((b - a for track in found for a, b in _steps(track)), default=0)
    if longest < 2**28:
        assert again == midi
    else:  # empty texts stand in between
        kept = [[m for m in track.messages if m[1] < 0xF0] for track in again.tracks]
        assert kept == [[m for m in track.messages if m[1] < 0xF0] for track in found]


def _steps(track: Track) -> list[tuple[int, int]]:
    ticks = [0, *(message[0] for message in track.messages), track.end]
    return list(pairwise(ticks))


@pytest.mark.parametrize("value", [0, 127, 128, 0x3FFF, 0x4000, 0x0FFF_FFFF])
def test_numbers_are_as_the_standard_has_them(value: int) -> None:
    assert number_bytes(value) == number(value)


def test_a_file_of_nothing_is_a_file() -> None:
    assert file_bytes(MidiBytes((Track(),), 1, 1, 480)) == smf(b"")
