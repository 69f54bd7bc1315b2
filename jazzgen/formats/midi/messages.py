"""Parse a standard MIDI file into the messages of its tracks, as far as they are intact.

    file    = header {chunk}                      bytes before the header (a RIFF wrapper) are skipped
    chunk   = type (4 bytes) length content       tracks; other types are skipped
    message = delta (status | running status) data

The source is "Standard MIDI Files 1.0" (MMA, RP-001). Files in the wild break it, so this parser is lenient: a chunk
whose length is wrong ends where the next track starts, and a track that breaks off is read up to there. The reader of
scores and the doctor share it, so that they agree on every file.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from jazzgen.errors import CorpusError
from jazzgen.music.timing import TICKS_PER_BEAT

MAX_MESSAGES = 1_000_000  # set by hand
MAX_TRACKS = 0xFFFF  # as many as a header can announce
_HEADER, _TRACK = b"MThd", b"MTrk"
_HEADER_WITHIN = 64 * 1024  # bytes searched for the header; set by hand
_CHUNK_TYPE = re.compile(rb"[ -~]{4}|\Z")
# A status byte holds the kind of message in its upper four bits, the channel in the lower four.
NOTE_OFF, NOTE_ON, NOTES_END, SYSTEM_START = 0x80, 0x90, 0xA0, 0xF0
AFTERTOUCH, CONTROLLER, PROGRAM, PRESSURE, PITCH_BEND, SYSTEM = range(0xA, 0x10)
VOLUME, PAN = 7, 10  # controllers
EXCLUSIVE, META, END_OF_TRACK = (0xF0, 0xF7), 0xFF, 0x2F
_COMMON_SIZES = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # bytes of data; other system messages have none
_NO_STATUS = 0x100
_NUMBER_BYTES = 4
_ONE_BYTE = (PROGRAM, PRESSURE)
CUT, DAMAGED = "cut short", "damaged"
_FRAME_RATES = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30_000, 1001), 30: Fraction(30)}
_BEATS_PER_SECOND = 2  # where times are film frames: 120 a minute, MIDI's default

# (tick, status, data, data). A meta event has its type and the index of its content in `Track.contents` as data, other
# system messages 0 and that index. Damaged files have data over 127.
Message = tuple[int, int, int, int]


class _DamageError(Exception):
    """The bytes here are no MIDI message."""


@dataclass(slots=True)
class Track:
    """The messages of one track in the file's order, filled in as it is read; times in the file's own ticks.

    Attributes:
        messages: all but the end of the track.
        contents: of meta events and system messages, at the index that each message gives.
        end: tick of the last message, the end of the track included.
        flaw: `CUT` or `DAMAGED` if it could not be read to its end; else empty.
        unread: number of bytes after the end of the track.
    """

    messages: list[Message] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    end: int = 0
    flaw: str = ""
    unread: int = 0
    _others: list[Message] | None = field(default=None, repr=False, compare=False)

    @property
    def notes(self) -> list[Message]:
        """Note-ons and note-offs."""
        return [message for message in self.messages if message[1] < NOTES_END]

    @property
    def others(self) -> list[Message]:
        """All messages but notes; kept once computed, so ask only after the track is read whole."""
        if self._others is None:
            self._others = [message for message in self.messages if message[1] >= NOTES_END]
        return self._others

    @property
    def metas(self) -> list[tuple[int, int, bytes]]:
        """(tick, type, content) of each meta event."""
        return [(tick, kind, self.contents[place]) for tick, status, kind, place in self.others if status == META]


@dataclass(frozen=True, slots=True)
class MidiBytes:
    """A file's tracks and header.

    Attributes:
        kind: MIDI file type, 0 to 2.
        announced: number of tracks by the header.
        division: ticks a quarter note; negative where times are film frames.
    """

    tracks: tuple[Track, ...]
    kind: int
    announced: int
    division: int

    @property
    def in_frames(self) -> bool:
        return self.division < 0

    @property
    def scale(self) -> Fraction:
        """Ticks of 1/480 beat in a tick of the file."""
        return _scale(self.division)


def parse_midi(data: bytes) -> MidiBytes:
    """Parse a file of any type.

    Example:
        >>> header = b"MThd" + bytes.fromhex("00000006 0000 0001 01e0")
        >>> track = b"MTrk" + bytes.fromhex("0000000d 00 903c50 8360 803c00 00 ff2f00")
        >>> parse_midi(header + track).tracks[0].messages
        [(0, 144, 60, 80), (480, 128, 60, 0)]

    Raises:
        CorpusError: it has no valid header or no tracks, or over `MAX_MESSAGES` messages or `MAX_TRACKS` tracks.
    """
    if not data:
        raise CorpusError("the file is empty; export it again as a standard MIDI file")
    start = data.find(_HEADER, 0, _HEADER_WITHIN)
    chunks = _chunks(data, max(start, 0))
    name, header = next(chunks, (b"", b""))
    if name != _HEADER or len(header) < 6:
        raise CorpusError("is not MIDI, or its header is cut; export it again as a standard MIDI file")
    kind, announced, division = struct.unpack_from(">HHh", header)
    _scale(division)  # raises an error if it is invalid
    tracks = tuple(_tracks(content for name, content in chunks if name == _TRACK))
    if not tracks:
        raise CorpusError("holds no tracks; export it again as a standard MIDI file")
    return MidiBytes(tracks, kind, announced, division)


def nearest(tick: int, scale: Fraction) -> int:
    """Convert a file's tick to the nearest of 1/480 beat; halves go up."""
    return (2 * tick * scale.numerator + scale.denominator) // (2 * scale.denominator)


def _scale(division: int) -> Fraction:
    """Return the ticks of 1/480 beat in a tick of the file."""
    if division > 0:
        return Fraction(TICKS_PER_BEAT, division)
    rate, ticks_per_frame = _FRAME_RATES.get(-(division >> 8)), division & 0xFF
    if rate is None or not ticks_per_frame:
        raise CorpusError(f"its header does not say how long a tick is (division {division}); export it again")
    return _BEATS_PER_SECOND * TICKS_PER_BEAT / (rate * ticks_per_frame)


def _chunks(data: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and content of each chunk."""
    while position + 8 <= len(data):
        kind, size = struct.unpack_from(">4sI", data, position)
        start, end = position + 8, position + 8 + size
        if end > len(data) or not _CHUNK_TYPE.match(data, end):
            found = data.find(_TRACK, start)
            end = found if found >= 0 else len(data)
        yield kind, data[start:end]
        position = end


def _tracks(contents: Iterable[bytes]) -> Iterator[Track]:
    left = MAX_MESSAGES
    for number, content in enumerate(contents, 1):
        track = _read_track(content, left)
        left -= len(track.messages)
        if left <= 0 or number > MAX_TRACKS:
            raise CorpusError(f"has over {MAX_MESSAGES} messages or {MAX_TRACKS} tracks; cut it into several files")
        yield track


def _read_track(content: bytes, limit: int) -> Track:
    """Parse a track, up to its first `limit` messages."""
    track = Track()
    stream = iter(content)
    try:
        _read_messages(track, stream, limit)
    except StopIteration:
        track.flaw = CUT
    except _DamageError:
        track.flaw = DAMAGED
    if not track.flaw:
        track.unread = len(bytes(stream))
    return track


def _read_messages(track: Track, stream: Iterator[int], limit: int) -> None:
    time = 0
    status = _NO_STATUS
    add = track.messages.append
    for _, delta in zip(range(limit), stream, strict=False):
        if delta:
            time += delta if delta < 128 else _number(delta, stream)
            track.end = time
        value = next(stream)
        if value >= SYSTEM_START:  # leaves the running status as it was
            if _is_end(track, time, value, stream):
                return
            continue
        if value > 127:
            status, value = value, next(stream)
        if status < NOTES_END:
            add((time, status, value, next(stream)))
        elif status == _NO_STATUS:
            raise _DamageError
        else:
            add((time, status, value, 0 if status >> 4 in _ONE_BYTE else next(stream)))
    track.flaw = CUT


def _is_end(track: Track, time: int, status: int, stream: Iterator[int]) -> bool:
    """Read the rest of a meta event or system message; return whether it is the end of the track."""
    if status == META:
        kind, content = next(stream), _content(stream)
        if kind == END_OF_TRACK:
            return True
    else:
        kind, content = 0, _system_content(status, stream)
    track.messages.append((time, status, kind, len(track.contents)))
    track.contents.append(content)
    return False


def _system_content(status: int, stream: Iterator[int]) -> bytes:
    if status in EXCLUSIVE:
        return _content(stream)
    return bytes([next(stream) for _ in range(_COMMON_SIZES.get(status, 0))])


def _content(stream: Iterator[int]) -> bytes:
    """Read a length and as many bytes."""
    size = _number(next(stream), stream)
    content = bytes(islice(stream, size))
    if len(content) < size:
        raise StopIteration
    return content


def _number(first: int, stream: Iterator[int]) -> int:
    """Read a variable-length number: seven bits a byte, four bytes at most, the last under 128."""
    number, byte = first & 0x7F, first
    for _ in range(_NUMBER_BYTES - 1):
        if byte < 128:
            return number
        byte = next(stream)
        number = number << 7 | byte & 0x7F
    if byte > 127:
        raise _DamageError
    return number
