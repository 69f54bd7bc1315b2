"""Write parsed messages as a MIDI file; the inverse of `messages.parse_midi`."""

import struct
from collections.abc import Iterator

from jazzgen.formats.midi.messages import (
    END_OF_TRACK,
    EXCLUSIVE,
    META,
    PRESSURE,
    PROGRAM,
    SYSTEM_START,
    MidiBytes,
    Track,
)

_ONE_BYTE = (PROGRAM, PRESSURE)
_LONGEST_DELTA = 0x0FFF_FFFF  # in four bytes of seven bits
_NOTHING = bytes([META, 0x01, 0])  # an empty text


def file_bytes(midi: MidiBytes) -> bytes:
    """Write the file: the same messages at the same ticks, each with its status byte, each track with an end.

    Data must be 127 at most. `parse_midi` is the inverse.
    """
    header = struct.pack(">HHh", midi.kind, len(midi.tracks), midi.division)
    return _chunk(b"MThd", header) + b"".join(_chunk(b"MTrk", b"".join(_messages(track))) for track in midi.tracks)


def number_bytes(number: int) -> bytes:
    """Write a variable-length number: seven bits a byte, the last under 128.

    >>> number_bytes(480).hex(" ")
    '83 60'
    """
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack(">I", len(content)) + content


def _messages(track: Track) -> Iterator[bytes]:
    position = 0
    for tick, status, first, second in track.messages:
        yield _delta(tick - position)
        position = tick
        if status >= SYSTEM_START:
            yield _system(status, first, track.contents[second])
        else:
            yield bytes([status, first] if status >> 4 in _ONE_BYTE else [status, first, second])
    yield _delta(max(track.end - position, 0)) + _system(META, END_OF_TRACK, b"")


def _delta(ticks: int) -> bytes:
    """Write the time since the message before; times too long for one delta are filled up with empty texts."""
    pauses, rest = divmod(ticks, _LONGEST_DELTA)
    return (number_bytes(_LONGEST_DELTA) + _NOTHING) * pauses + number_bytes(rest)


def _system(status: int, kind: int, content: bytes) -> bytes:
    if status == META:
        return bytes([META, kind]) + number_bytes(len(content)) + content
    return bytes([status]) + (number_bytes(len(content)) if status in EXCLUSIVE else b"") + content
