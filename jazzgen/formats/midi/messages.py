"""A standard MIDI file taken apart into the messages of its tracks, as far as they are whole.

    file    = header {chunk}                      what stands before the header (a RIFF wrapper) is passed over
    chunk   = type (4 bytes) length content       tracks, and others that are passed over
    message = delta (status | running status) data

The source is "Standard MIDI Files 1.0" (MMA, RP-001). Files in the wild break it, so this reader is lenient: a chunk
whose length is wrong ends where the next track starts, and a track that breaks off is read up to there.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from jazzgen.errors import CorpusError
from jazzgen.music.timing import TICKS_PER_BEAT

MAX_MESSAGES = 1_000_000
MAX_TRACKS = 0xFFFF  # as many as a header can announce
_HEADER, _TRACK = b"MThd", b"MTrk"
_HEADER_WITHIN = 64 * 1024
_CHUNK_TYPE = re.compile(rb"[ -~]{4}|\Z")
# A status is a kind of message in its upper half, a channel in the lower one.
NOTE_ON, _NOTES_END, _SYSTEM_START = 0x90, 0xA0, 0xF0
AFTERTOUCH, CONTROLLER, PROGRAM, PRESSURE, PITCH_BEND, SYSTEM = range(0xA, 0x10)
VOLUME, PAN = 7, 10  # controllers
_EXCLUSIVE, _META, _END_OF_TRACK = (0xF0, 0xF7), 0xFF, 0x2F
_COMMON_SIZES = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # bytes of data; the rest of the system's messages have none
_NO_STATUS = 0x100
_NUMBER_BYTES = 4
CUT, DAMAGED = "cut short", "damaged"
_FRAME_RATES = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30_000, 1001), 30: Fraction(30)}
_BEATS_PER_SECOND = 2  # of a file that counts film frames: 120 a minute, what MIDI takes where no tempo is set


class _DamageError(Exception):
    """What stands here is no MIDI message."""


@dataclass(slots=True)
class Track:
    """The messages of one track that music is made of, filled in as it is read; times in ticks of 1/480 beat.

    Attributes:
        notes: (tick, status, pitch, velocity), as the file has them: a damaged one holds values over 127.
        metas: (tick, type, content).
        programs: the first of each channel.
        settings: the first volume and the first pan of each channel, by (channel, controller).
        others: how many messages of other kinds there are.
        end: tick of its last message.
        flaw: `CUT` or `DAMAGED` if it could not be read to its end; else empty.
    """

    notes: list[tuple[int, int, int, int]] = field(default_factory=list)
    metas: list[tuple[int, int, bytes]] = field(default_factory=list)
    programs: dict[int, int] = field(default_factory=dict)
    settings: dict[tuple[int, int], int] = field(default_factory=dict)
    others: Counter[int] = field(default_factory=Counter)
    end: int = 0
    flaw: str = ""

    def __len__(self) -> int:
        return len(self.notes) + len(self.metas) + self.others.total()


@dataclass(frozen=True, slots=True)
class MidiBytes:
    """A file's tracks, how many its header announces, and whether its times are film frames."""

    tracks: tuple[Track, ...]
    announced: int
    in_frames: bool


def parse_midi(data: bytes) -> MidiBytes:
    """Takes a file of any type apart.

    Raises:
        CorpusError: when it has no header or one that makes no sense, no tracks, or more in it than is read.
    """
    if not data:
        raise CorpusError("the file is empty; export it again as a standard MIDI file")
    start = data.find(_HEADER, 0, _HEADER_WITHIN)
    chunks = _chunks(data, max(start, 0))
    kind, header = next(chunks, (b"", b""))
    if kind != _HEADER or len(header) < 6:
        raise CorpusError("is not MIDI, or its header is cut; export it again as a standard MIDI file")
    _, announced, division = struct.unpack_from(">HHh", header)
    contents = (content for kind, content in chunks if kind == _TRACK)
    tracks = tuple(_tracks(contents, _scale(division)))
    if not tracks:
        raise CorpusError("holds no tracks; export it again as a standard MIDI file")
    return MidiBytes(tracks, announced, division < 0)


def _scale(division: int) -> Fraction:
    """How many of our ticks one of the file's is."""
    if division > 0:
        return Fraction(TICKS_PER_BEAT, division)
    rate, ticks_per_frame = _FRAME_RATES.get(-(division >> 8)), division & 0xFF
    if rate is None or not ticks_per_frame:
        raise CorpusError(f"its header does not say how long a tick is (division {division}); export it again")
    return _BEATS_PER_SECOND * TICKS_PER_BEAT / (rate * ticks_per_frame)


def _chunks(data: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
    """The type and content of each chunk."""
    while position + 8 <= len(data):
        kind, size = struct.unpack_from(">4sI", data, position)
        start, end = position + 8, position + 8 + size
        if end > len(data) or not _CHUNK_TYPE.match(data, end):
            found = data.find(_TRACK, start)
            end = found if found >= 0 else len(data)
        yield kind, data[start:end]
        position = end


def _tracks(contents: Iterable[bytes], scale: Fraction) -> Iterator[Track]:
    left = MAX_MESSAGES
    for number, content in enumerate(contents, 1):
        track = _read_track(content, scale, left)
        left -= len(track)
        if not left or number > MAX_TRACKS:
            raise CorpusError(f"has over {MAX_MESSAGES} messages or {MAX_TRACKS} tracks; cut it into several files")
        yield track


def _read_track(content: bytes, scale: Fraction, limit: int) -> Track:
    """The track, or its first `limit` messages."""
    track = Track()
    try:
        _read_messages(track, iter(content), scale, limit)
    except StopIteration:
        track.flaw = CUT
    except _DamageError:
        track.flaw = DAMAGED
    return track


def _read_messages(track: Track, stream: Iterator[int], scale: Fraction, limit: int) -> None:
    time, status, add_note = 0, _NO_STATUS, track.notes.append
    up, half, down = 2 * scale.numerator, scale.denominator, 2 * scale.denominator
    for _, delta in zip(range(limit), stream, strict=False):
        if delta:
            time += delta if delta < 128 else _number(delta, stream)
            track.end = (up * time + half) // down  # the nearest tick
        value = next(stream)
        if value >= _SYSTEM_START:  # leaves the running status as it was
            if _is_end(track, value, stream):
                return
            continue
        if value > 127:
            status, value = value, next(stream)
        if status < _NOTES_END:
            add_note((track.end, status, value, next(stream)))
        else:
            _read_channel_message(track, status, value, stream)
    track.flaw = CUT


def _read_channel_message(track: Track, status: int, value: int, stream: Iterator[int]) -> None:
    if status == _NO_STATUS:
        raise _DamageError
    kind = status >> 4
    track.others[kind] += 1
    if kind == PROGRAM:
        track.programs.setdefault(status & 0xF, value & 0x7F)
    elif kind != PRESSURE:
        second = next(stream)
        key = status & 0xF, value
        if kind == CONTROLLER and value in (VOLUME, PAN) and key not in track.settings:
            track.settings[key] = second & 0x7F
            track.others[kind] -= 1


def _is_end(track: Track, status: int, stream: Iterator[int]) -> bool:
    """Reads the rest of a message that is for no channel; true if it ends the track."""
    if status == _META:
        kind, content = next(stream), _content(stream)
        if kind == _END_OF_TRACK:
            return True
        track.metas.append((track.end, kind, content))
        return False
    track.others[SYSTEM] += 1
    if status in _EXCLUSIVE:
        _content(stream)
    for _ in range(_COMMON_SIZES.get(status, 0)):
        next(stream)
    return False


def _content(stream: Iterator[int]) -> bytes:
    """What stands after its length."""
    size = _number(next(stream), stream)
    content = bytes(islice(stream, size))
    if len(content) < size:
        raise StopIteration
    return content


def _number(first: int, stream: Iterator[int]) -> int:
    """A number of seven bits a byte, four bytes at most, the last of them under 128."""
    number, byte = first & 0x7F, first
    for _ in range(_NUMBER_BYTES - 1):
        if byte < 128:
            return number
        byte = next(stream)
        number = number << 7 | byte & 0x7F
    if byte > 127:
        raise _DamageError
    return number
