"""Load notation files safely: archives and XML within limits, text in any encoding.

Archives are never unpacked to disk. XML that declares entities is refused, so that none expands and nothing outside the
file is read.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from jazzgen.errors import CorpusError
from jazzgen.formats.reading import MAX_BYTES

# Limits far beyond real scores, set by hand.
MAX_MEMBERS = 1_000
MAX_RATIO = 200  # of unpacked to packed size; scores have 10 to 30
MAX_DEPTH = 100
MAX_ELEMENTS = 3_000_000
_SMALL = 1024 * 1024  # bytes that are harmless at any ratio
_CONTAINER = "META-INF/container.xml"
_ZIP_SIGN = b"PK\x03\x04"
_SCORES = (".xml", ".musicxml")
_UTF8_NAME = 0x800  # flag for names in UTF-8 (ZIP specification, APPNOTE 4.4.4)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
_UTF8_MARK = b"\xef\xbb\xbf"
_MARKS = {_UTF8_MARK: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

_DECLARATION_BYTES = 200  # searched for an XML declaration; set by hand
_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding", re.I)
_FALLBACKS = ("utf-8", "iso-8859-1")  # tried if a document is not in the encoding that it declares


def unpacked(data: bytes, default_member: str | None = None) -> bytes:
    """Return the score in an archive; data that is no archive is returned as it is.

    Args:
        data: the file.
        default_member: name of the score, for archives without a container file.

    Raises:
        CorpusError: when the archive is damaged, unpacks to too much or has no score.
    """
    if not data.startswith(_ZIP_SIGN):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
            return _member(archive, default_member or _score_name(archive))
    except _BAD_ZIP as error:
        raise CorpusError(f"its archive is damaged ({error}); save it again") from None


def packed_file(data: bytes, ending: str) -> bytes | None:
    """Return the member of an archive whose name has this ending, the least nested one; None if there is none.

    Data that is no archive has none either.

    Raises:
        CorpusError: when the archive is damaged or unpacks to too much.
    """
    if not data.startswith(_ZIP_SIGN):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
            names = [name for name in map(_plain_name, archive.infolist()) if name.endswith(ending)]
            return _member(archive, min(names, key=lambda name: name.count("/"))) if names else None
    except _BAD_ZIP as error:
        raise CorpusError(f"its archive is damaged ({error}); save it again") from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise CorpusError(f"its archive has {len(members)} members; at most {MAX_MEMBERS} are read")
    if any(member.compress_type not in _METHODS or member.flag_bits & 1 for member in members):
        raise CorpusError("its archive is encrypted or packed in an unusual way; save it again")
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = sum(member.compress_size for member in members)
    if unpacked_bytes > MAX_BYTES or unpacked_bytes > max(_SMALL, MAX_RATIO * packed_bytes):
        raise CorpusError(
            f"its archive unpacks from {packed_bytes} to {unpacked_bytes} bytes; "
            f"at most {MAX_RATIO} times its size and {MAX_BYTES // 2**20} MiB are read"
        )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    by_name = {_plain_name(info): info for info in reversed(archive.infolist())}
    wanted = _normalised(name)
    if wanted not in by_name:
        raise CorpusError(f"its archive has no '{name[:80]}'; save it again")
    with archive.open(by_name[wanted]) as member:
        data = member.read(MAX_BYTES + 1)  # the sizes that the archive declares may be false
    if len(data) > MAX_BYTES:
        raise CorpusError(f"its archive unpacks to more than {MAX_BYTES // 2**20} MiB; split it")
    return data


def _score_name(archive: zipfile.ZipFile) -> str:
    """Return the member that the container file names; without such a file, the only one that may be a score."""
    names = [_plain_name(info) for info in archive.infolist()]
    scores = [name for name in names if name.endswith(_SCORES) and not name.startswith("META-INF/")]
    if _CONTAINER not in names and len(scores) == 1:
        return scores[0]
    return _rootfile(_member(archive, _CONTAINER))


def _plain_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; names without the UTF-8 flag are often UTF-8 all the same."""
    if not info.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            return _normalised(info.filename.encode("cp437").decode("utf-8"))
    return _normalised(info.filename)


def _normalised(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./").lstrip("/"))


def _rootfile(container: bytes) -> str:
    """Return the path, in the archive, of the first score that a container file names."""
    paths = [element.get("full-path", "") for element in parse_xml(container).iter("rootfile")]
    if not paths:
        raise CorpusError("its archive does not say which member is the score; save it again")
    return paths[0]


def parse_xml(data: bytes) -> Element:
    """Parse a document and return its root; its bytes decide the encoding if the declaration is wrong.

    Raises:
        CorpusError: when it is not XML, declares entities, or is too deep or too large.

    Example:
        >>> parse_xml(b"<work><title>Riff</title></work>").findtext("title")
        'Riff'
    """
    known = _encoding_of(data)
    try:
        return _Document(known).parse(data)
    except (expat.ExpatError, LookupError, ValueError) as error:
        declared = _DECLARED.match(data[:_DECLARATION_BYTES])
        for encoding in () if known or not declared else _FALLBACKS:
            with suppress(expat.ExpatError, ValueError):
                return _Document(encoding).parse(data)
        raise CorpusError(f"is no valid XML ({error}); save it again") from None


def _encoding_of(data: bytes) -> str | None:
    """Guess the encoding from a byte order mark, the zeros of UTF-16 or valid UTF-8; None if that tells nothing."""
    if mark := next((mark for mark in _MARKS if data.startswith(mark)), None):
        return "utf-8" if mark == _UTF8_MARK else "utf-16"
    if wide := {b"<\x00": "utf-16le", b"\x00<": "utf-16be"}.get(data[:2]):
        return wide
    with suppress(UnicodeDecodeError):
        return None if data.isascii() else data.decode("utf-8") and "utf-8"
    return None


class _Document:
    """Builds the tree as expat parses, so that limits apply while it grows."""

    def __init__(self, encoding: str | None) -> None:
        self.builder = TreeBuilder()
        self.depth = 0
        self.count = 0
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data
        self.parser.EntityDeclHandler = self._refuse

    def parse(self, data: bytes) -> Element:
        self.parser.Parse(data, True)
        return self.builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise CorpusError(f"its XML is deeper than {MAX_DEPTH} or has more than {MAX_ELEMENTS} elements; split it")
        self.builder.start(name, attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(name)

    def _refuse(self, name: str, *_: object) -> None:
        raise CorpusError(f"its XML declares an entity, '{name[:40]}', which scores do not need; save it without")


def decoded(data: bytes) -> str:
    """Decode text by its byte order mark, or else as UTF-8, or else as Latin-1."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(_MARKS[mark] if mark else "utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
