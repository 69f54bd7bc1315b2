"""Read notation: MusicXML, ABC and MuseScore files here; Humdrum, MEI, RomanText, Capella, NoteWorthy by music21."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from xml.etree.ElementTree import tostring

from jazzgen.errors import JazzgenError
from jazzgen.formats.notation.abc import sheets_from_abc
from jazzgen.formats.notation.loading import decoded, parse_xml, unpacked
from jazzgen.formats.notation.musescore import sheet_from_musescore
from jazzgen.formats.notation.musicxml import sheet_from_xml
from jazzgen.formats.notation.played import reading_of
from jazzgen.formats.notation.written import Sheet
from jazzgen.formats.reading import Reading, ReadOptions, Unread, read_bytes
from jazzgen.system.extras import require
from jazzgen.system.limits import short_lines

_MUSICXML = (".musicxml", ".mxl", ".xml")
_MUSESCORE = (".mscz", ".mscx")
_OTHER_XML = (".mei", ".capx")
_CAPELLA_MEMBER = "score.xml"


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading | Unread]:
    """Yield every piece in a notation file; if there are several, each is named by its number and title.

    Raises:
        CorpusError: when the file is damaged, too large or not notation.
        ExtraError: when the format needs music21 and it is not installed.
    """
    suffix = path.suffix.lower()
    data = read_bytes(path)
    if suffix == ".abc":
        yield from _pieces(sheets_from_abc(short_lines(decoded(data)), path.stem), options)
    elif suffix in _MUSICXML:
        yield reading_of(sheet_from_xml(parse_xml(unpacked(data)), path.stem), options)
    elif suffix in _MUSESCORE:
        yield reading_of(sheet_from_musescore(data, path.stem), options)
    else:
        require("notation")
        from jazzgen.formats.notation.music21_files import sheets_from_text  # noqa: PLC0415 - half a second

        yield from _pieces(sheets_from_text(_text(data, suffix), suffix, path.stem), options)


def _text(data: bytes, suffix: str) -> str:
    """Return the text for music21; XML is parsed and written again, which refuses what is unsafe."""
    if suffix not in _OTHER_XML:
        return short_lines(decoded(data))
    return tostring(parse_xml(unpacked(data, _CAPELLA_MEMBER)), encoding="unicode")


def _pieces(sheets: Iterator[Sheet | Unread], options: ReadOptions) -> Iterator[Reading | Unread]:
    """Yield a reading for each sheet; pieces get names if there are several."""
    first = list(islice(sheets, 2))
    if len(first) == 1 and isinstance(first[0], Sheet):
        yield reading_of(first[0], options)
        return
    for number, sheet in enumerate(chain(first, sheets), 1):
        yield sheet if isinstance(sheet, Unread) else _piece(sheet, options, f"{number} {sheet.title}")


def _piece(sheet: Sheet, options: ReadOptions, piece: str) -> Reading | Unread:
    try:
        return reading_of(sheet, options, piece)
    except JazzgenError as error:
        return Unread(piece, str(error))
