"""Standard MIDI files byte by byte, sound and unsound, for what no MIDI library would write."""

import random
import struct

SCALE = (72, 74, 76, 77, 79, 77, 76, 74)
END = b"\x00\xff\x2f\x00"
META_TEXT, META_LYRICS, META_MARKER, META_NAME = 0x01, 0x05, 0x06, 0x03
META_TEMPO, META_METER, META_KEY = 0x51, 0x58, 0x59


def number(value: int) -> bytes:
    """A variable-length number."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.insert(0, value & 0x7F | 0x80)
    return bytes(groups)


def chunk(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    """A chunk that claims `length`, if that is given, whatever its content."""
    return kind + struct.pack(">I", len(content) if length is None else length) + content


def smf(*tracks: bytes, kind: int = 1, division: int = 480, announced: int | None = None) -> bytes:
    """A file of those tracks, given without their end."""
    header = struct.pack(">HHh", kind, len(tracks) if announced is None else announced, division)
    return chunk(b"MThd", header) + b"".join(chunk(b"MTrk", track + END) for track in tracks)


def meta(kind: int, content: bytes = b"", delta: int = 0) -> bytes:
    return number(delta) + bytes([0xFF, kind]) + number(len(content)) + content


def note(pitch: int, duration: int = 480, *, delta: int = 0, channel: int = 0, velocity: int = 80) -> bytes:
    on = number(delta) + bytes([0x90 | channel, pitch, velocity])
    return on + number(duration) + bytes([0x80 | channel, pitch, 0])


def line(pitches: tuple[int, ...] = SCALE, duration: int = 480, channel: int = 0) -> bytes:
    """Notes of one length, one after another."""
    return b"".join(note(pitch, duration, channel=channel) for pitch in pitches)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A file with a byte changed, bytes lost, moved or doubled, or cut."""
    first, last = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice(
        [
            data[:first] + bytes([rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])]) + data[first + 1 :],
            data[:first] + data[first + rng.randint(1, 4) :],
            data[:first] + data[first : first + 40] + data[first:],
            data[:first] + data[last:] + data[first:last],
            data[:last],
        ]
    )
