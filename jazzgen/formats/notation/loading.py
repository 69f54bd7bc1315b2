"""Notation files made safe to read: archives and XML within limits, text in whatever encoding.

An archive's names are looked up inside it and never on disk. XML that declares entities is refused, so that none
expands and nothing outside the file is read.
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

MAX_MEMBERS = 1_000
MAX_RATIO = 200  # of sizes before and after; scores shrink to a tenth or a thirtieth
MAX_DEPTH = 100
MAX_ELEMENTS = 3_000_000
_SMALL = 1024 * 1024  # whatever its ratio, so much does no harm
_CONTAINER = "META-INF/container.xml"
_ZIP_SIGN = b"PK\x03\x04"
_SCORES = (".xml", ".musicxml")
_UTF8_NAME = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
_UTF8_MARK = b"\xef\xbb\xbf"
_MARKS = {_UTF8_MARK: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

_DECLARATION_BYTES = 200
_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding", re.I)
_FALLBACKS = ("utf-8", "iso-8859-1")  # for a document that is not in the encoding that it declares


def unpacked(data: bytes, default_member: str | None = None) -> bytes:
    """The score in an archive, or the data itself if it is none.

    Args:
        data: the file.
        default_member: where the score lies in archives that have no container file.

    Raises:
        CorpusError: when the archive is damaged, too large once unpacked or without a score.
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
    """The member of an archive whose name ends so, the one that lies least deep; None if it has none, or is no archive.

    Raises:
        CorpusError: when the archive is damaged or too large once unpacked.
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
        data = member.read(MAX_BYTES + 1)  # what the archive says of its sizes need not be true
    if len(data) > MAX_BYTES:
        raise CorpusError(f"its archive unpacks to more than {MAX_BYTES // 2**20} MiB; split it")
    return data


def _score_name(archive: zipfile.ZipFile) -> str:
    """The member that the container file names; without such a file, the only one that may be a score."""
    names = [_plain_name(info) for info in archive.infolist()]
    scores = [name for name in names if name.endswith(_SCORES) and not name.startswith("META-INF/")]
    if _CONTAINER not in names and len(scores) == 1:
        return scores[0]
    return _rootfile(_member(archive, _CONTAINER))


def _plain_name(info: zipfile.ZipInfo) -> str:
    """A member's name; one without the sign that it is UTF-8 often is none the less."""
    if not info.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            return _normalised(info.filename.encode("cp437").decode("utf-8"))
    return _normalised(info.filename)


def _normalised(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./").lstrip("/"))


def _rootfile(container: bytes) -> str:
    """Path, in the archive, of the score that a container file names first."""
    paths = [element.get("full-path", "") for element in parse_xml(container).iter("rootfile")]
    if not paths:
        raise CorpusError("its archive does not say which member is the score; save it again")
    return paths[0]


def parse_xml(data: bytes) -> Element:
    """The root of a document, in the encoding that its bytes are in where that is not the one it declares.

    Raises:
        CorpusError: when it is no XML, declares entities, or is too deep or too large.
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
    """What the bytes tell of the encoding: a byte order mark, the zeros of UTF-16, or signs that are valid UTF-8."""
    if mark := next((mark for mark in _MARKS if data.startswith(mark)), None):
        return "utf-8" if mark == _UTF8_MARK else "utf-16"
    if wide := {b"<\x00": "utf-16le", b"\x00<": "utf-16be"}.get(data[:2]):
        return wide
    with suppress(UnicodeDecodeError):
        return None if data.isascii() else data.decode("utf-8") and "utf-8"
    return None


class _Document:
    """Builds the tree as expat reads it, so that the limits hold while it grows."""

    def __init__(self, encoding: str | None) -> None:
        self.builder = TreeBuilder()
        self.depth = self.count = 0
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
    """Text in the encoding that its first bytes tell of, or else UTF-8, or else Latin-1."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(_MARKS[mark] if mark else "utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
