"""Say in a file that jazzgen wrote it, so that it may be written anew without asking.

MIDI files have their recipe and MusicXML its `software`; the others get a mark here.
"""

import struct
import zlib
from pathlib import Path

MAKER = "jazzgen"
_SEARCHED_BYTES = 64 * 1024  # at either end of a file; set by hand
_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_BYTES = len(_PNG_SIGN) + 25  # with the first chunk, which is IHDR
# How the kinds of files begin that bear a mark: MIDI, XML and SVG, PNG, PDF, WAV, Ogg, MP3 with and without a tag.
_SIGNS = (b"MThd", b"<", _PNG_SIGN, b"%PDF", b"RIFF", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xfa")


def is_ours(path: Path) -> bool:
    """Return whether a file is of a kind that jazzgen writes, and says that jazzgen wrote it.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(_SEARCHED_BYTES)
        file.seek(-min(_SEARCHED_BYTES, path.stat().st_size), 2)
        return start.startswith(_SIGNS) and any(MAKER.encode() in part for part in (start, file.read()))


def marked_png(data: bytes) -> bytes:
    """Return a PNG file with its maker in a text chunk.

    Source: W3C, "Portable Network Graphics (PNG) Specification", 11.3.4.3, keyword `Software`.
    """
    text = b"tEXt" + b"Software\0" + MAKER.encode()
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return data[:_PNG_HEADER_BYTES] + chunk + data[_PNG_HEADER_BYTES:]
