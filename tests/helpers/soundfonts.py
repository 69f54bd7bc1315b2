"""A soundfont of one sine, for every program and for drums: small enough to be made for a test."""

import io
import math
import struct
from pathlib import Path

import numpy as np
import soundfile

_RATE, _FRAMES, _PITCH = 44_100, 4_410, 69
# Generators: how to loop, the key that sounds as recorded, which sample.
_MODES, _ROOT_KEY, _SAMPLE, _INSTRUMENT = 54, 58, 53, 41


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _list(kind: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(chunks))


def _name(text: str) -> bytes:
    return text.encode().ljust(20, b"\0")


def write_soundfont(path: Path, *, compressed: bool = False, hertz: float = 440) -> Path:
    """Writes it; its note A4 is a sine, that of 441 Hz without a seam where it loops.

    Compressed, as in an .sf3, its place is counted in bytes.
    """
    wave = [round(20_000 * math.sin(2 * math.pi * hertz * i / _RATE)) for i in range(_FRAMES)]
    samples, end, kind = struct.pack(f"<{_FRAMES}h", *wave) + b"\0" * 92, _FRAMES, 1
    if compressed:
        buffer = io.BytesIO()
        soundfile.write(buffer, np.array(wave, np.float32) / 2**15, _RATE, format="OGG", subtype="VORBIS")
        samples, end, kind = buffer.getvalue(), len(buffer.getvalue()), 0x11
    presets = [(program, 0) for program in range(128)] + [(0, 128)]
    headers = [
        _name(f"P{p} {bank}") + struct.pack("<HHHIII", p, bank, i, 0, 0, 0) for i, (p, bank) in enumerate(presets)
    ]
    headers.append(_name("EOP") + struct.pack("<HHHIII", 0, 0, len(presets), 0, 0, 0))
    bags = b"".join(struct.pack("<HH", i, 0) for i in range(len(presets) + 1))
    generators = struct.pack("<HH", _INSTRUMENT, 0) * len(presets) + struct.pack("<HH", 0, 0)
    zones = struct.pack("<HHHHHH", _MODES, 1, _ROOT_KEY, _PITCH, _SAMPLE, 0) + struct.pack("<HH", 0, 0)
    sample = struct.pack("<IIIIIBbHH", 0, end, 0, _FRAMES - 10, _RATE, _PITCH, 0, 0, kind)
    data = b"sfbk" + b"".join(
        [
            _list(
                b"INFO",
                _chunk(b"ifil", struct.pack("<HH", 2, 1)),
                _chunk(b"isng", b"EMU8000\0"),
                _chunk(b"INAM", b"Sine\0\0"),
            ),
            _list(b"sdta", _chunk(b"smpl", samples)),
            _list(
                b"pdta",
                _chunk(b"phdr", b"".join(headers)),
                _chunk(b"pbag", bags),
                _chunk(b"pmod", b"\0" * 10),
                _chunk(b"pgen", generators),
                _chunk(b"inst", _name("Sine") + struct.pack("<H", 0) + _name("EOI") + struct.pack("<H", 1)),
                _chunk(b"ibag", struct.pack("<HHHH", 0, 0, 3, 0)),
                _chunk(b"imod", b"\0" * 10),
                _chunk(b"igen", zones),
                _chunk(b"shdr", _name("Sine") + sample + _name("EOS") + b"\0" * 26),
            ),
        ]
    )
    path.write_bytes(_chunk(b"RIFF", data))
    return path
