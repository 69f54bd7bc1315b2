"""Make sheets of files in formats that only music21 reads.

music21 gets the text, never the path, so that it neither caches nor opens anything. Its errors become one line, and its
output is discarded.
"""

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from music21 import stream
from music21.capella.fromCapellaXML import CapellaImporter
from music21.converter import subConverters

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.notation.written import Sheet
from jazzgen.formats.streams import sheet_from_score

MAX_CHARACTERS = 8 * 1024 * 1024  # set by hand
_ROMAN = (".rntxt", ".rntext")


@dataclass(frozen=True, slots=True)
class _Costly:
    """A number that music21 loops over, with a limit, since an absurdly large one would take minutes."""

    what: str
    suffixes: tuple[str, ...]
    number: re.Pattern[str]
    limit: int


# music21 takes about 0.01 s for each.
_SIGNATURE = re.compile(r"\*M-?\d|Signature:|meter\.count=|\bcount=|\btime=")
_MOST_SIGNATURES = 100  # set by hand
_HAS_DIGIT = re.compile(r"\d")
_PLAIN_NUMBER = re.compile(r"-?0*+([0-9]*)(?:\.[0-9]{0,9})?")
_MOST_DIGITS = 9  # converted to an integer; set by hand
# Limits set by hand, beyond what music has.
_COSTLY = (
    _Costly("beats in a meter", (".krn",), re.compile(r"\*M-?(\d+)"), 99),
    _Costly("beats in a meter", (".mei",), re.compile(r"""\bcount=["']([^"']*)"""), 99),
    _Costly("a meter's unit", (".mei",), re.compile(r"""\bunit=["']([^"']*)"""), 1024),
    _Costly("dots", (".mei",), re.compile(r"""\bdots=["']([^"']*)"""), 9),
    _Costly("a tuplet or of bars", (".mei",), re.compile(r"""\bnum(?:base)?=["']([^"']*)"""), 999),
    _Costly("beats in a meter", (".capx",), re.compile(r"""\btime=["']([^"'/]*)"""), 99),
    _Costly("whole notes in a duration", (".capx",), re.compile(r"""\bbase=["']([^"'/]*)"""), 32),
    _Costly("dots", (".capx",), re.compile(r"""\bdots=["']([^"']*)"""), 9),
    _Costly("beats in a meter", (".nwctxt", *_ROMAN), re.compile(r"Signature:[ \t]*([^\s/|,]*)"), 99),
    _Costly("steps from the middle line", (".nwctxt",), re.compile(r"\bPos2?:[^|\n:]*?(\d{3,})"), 99),
    _Costly("measures", _ROMAN, re.compile(r"^[ \t]*m(?:\d+-)?(\d+(?:[.eE+]+\d+)*)", re.M), 1_000),
)


def sheets_from_text(text: str, suffix: str, title: str) -> Iterator[Sheet]:
    r"""Yield the sheet of every piece in a text.

    Args:
        text: contents of the file.
        suffix: of the file; it decides the format.
        title: for pieces without one.

    Raises:
        CorpusError: when music21 cannot read it, or it is longer than `MAX_CHARACTERS`.

    Example:
        >>> [sheet.title for sheet in sheets_from_text("**kern\n*M4/4\n=1\n4c\n2.d\n*-\n", ".krn", "riff")]
        ['riff']
    """
    if len(text) > MAX_CHARACTERS:
        raise CorpusError(f"has {len(text)} characters; at most {MAX_CHARACTERS} are read, split it")
    if (signatures := len(_SIGNATURE.findall(text))) > _MOST_SIGNATURES:
        raise CorpusError(f"has {signatures} time signatures; at most {_MOST_SIGNATURES} are read, split it")
    for costly in _COSTLY:
        if suffix in costly.suffixes:
            _check(costly, text)
    with _in_one_line():
        scores = _scores(text, suffix)
    for score in scores:
        with _in_one_line():
            sheet = sheet_from_score(score, title)
        yield sheet


def _check(costly: _Costly, text: str) -> None:
    """Refuse numbers over the limit or of a form that may hide a large one, such as 1e308."""
    for found in set(costly.number.findall(text)):
        for number in filter(_HAS_DIGIT.search, found.split("+")):
            plain = _PLAIN_NUMBER.fullmatch(number.strip())
            if plain is None or len(plain[1]) > _MOST_DIGITS or int(plain[1] or 0) > costly.limit:
                what = plain[1] if plain else number
                raise CorpusError(f"has a number {what[:20]} of {costly.what}; at most {costly.limit} are read")


def _scores(text: str, suffix: str) -> list[stream.Score]:
    read = _READERS[suffix](text)
    return list(read.scores) if isinstance(read, stream.Opus) else [read]


def _converted(text: str, converter: subConverters.SubConverter) -> stream.Stream:
    converter.parseData(text)
    return converter.stream


def _capella(text: str) -> stream.Score:
    """Read Capella as music21 reads a file, because its reader for text always fails."""
    importer = CapellaImporter()
    return importer.partScoreFromSystemScore(importer.systemScoreFromScore(importer.parseXMLText(text)))


_READERS: dict[str, Callable[[str], stream.Stream]] = {
    ".krn": lambda text: _converted(text, subConverters.ConverterHumdrum()),
    ".mei": lambda text: _converted(text, subConverters.ConverterMEI()),
    ".nwctxt": lambda text: _converted(text, subConverters.ConverterNoteworthy()),
    ".capx": _capella,
    **dict.fromkeys(_ROMAN, lambda text: _converted(text, subConverters.ConverterRomanText())),
}


@contextlib.contextmanager
def _in_one_line() -> Iterator[None]:
    """Turn music21's errors into a one-line CorpusError, and discard its output and warnings."""
    try:
        silence = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stderr(silence), contextlib.redirect_stdout(silence):
            warnings.simplefilter("ignore")
            yield
    except JazzgenError:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__} {error}".split())[:120]
        raise CorpusError(f"music21 cannot read it ({reason}); mend it, or save it as MusicXML") from None
