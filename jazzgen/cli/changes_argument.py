"""Read the tune that `--changes` gives.

It is a text of changes, an iReal Pro link, a file that holds either, a file in any format with chords, or `-` for a
text on standard input.
"""

import re
import sys
from pathlib import Path

from jazzgen.cli.warned import read_changes
from jazzgen.errors import ChoiceError, ChordError, CorpusError, JazzgenError
from jazzgen.formats.charts import tune_of, tune_of_text
from jazzgen.formats.reading import ReadOptions
from jazzgen.formats.registry import SUFFIXES
from jazzgen.harmony.tunes import Tune
from jazzgen.music.timing import Meter
from jazzgen.system.files import open_plain

_MAX_BYTES = 4 * 1024 * 1024  # set by hand
_FILE_NAME = re.compile(r"[^|]*(\.[A-Za-z]\w{1,7}|[/\\])")
_TEXTS = (".txt", ".changes")


def read_tune(argument: str, meter: Meter | None = None, number: int | None = None, melody: str | None = None) -> Tune:
    """Read the tune that the argument holds or names.

    Args:
        argument: changes, a link, the name of an existing file, or `-`.
        meter: overrides the header of a text; None keeps the header's.
        number: which tune of a file or link that holds several, from 1.
        melody: the track of a file from which no chords are inferred.

    Raises:
        JazzgenError: naming the file, if it is one, the bar, what was found there and the cure.
    """
    try:
        return _tune(argument, meter, number, melody)
    except ChoiceError as error:
        raise ChoiceError(f"{error}: --tune-number 1") from None


def _tune(argument: str, meter: Meter | None, number: int | None, melody: str | None) -> Tune:
    if argument == "-":
        return _parse_bytes(_standard_input(), "standard input", meter, number)
    if _is_file(argument):
        return _read_file(Path(argument), meter, number, melody)
    try:
        return _text(argument, meter, number)
    except ChordError:
        if _FILE_NAME.fullmatch(argument.strip()):
            raise CorpusError(f"{argument}: there is no such file; give a file, or changes as in 'Dm7 | G7'") from None
        raise


def _standard_input() -> bytes:
    if sys.stdin is None:  # it was closed before the start, as by `<&-`
        raise CorpusError("standard input: is closed; give the changes, or a file that holds them")
    try:
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    except OSError as error:
        raise CorpusError(f"standard input: cannot be read ({error.strerror})") from None


def _is_file(argument: str) -> bool:
    try:
        return Path(argument).is_file()
    except OSError:  # changes may be too long for a file name
        return False


def _read_file(path: Path, meter: Meter | None, number: int | None, melody: str | None) -> Tune:
    if path.suffix.lower() in SUFFIXES and path.suffix.lower() not in _TEXTS:
        return tune_of(read_changes(path, ReadOptions(melody), number))
    try:
        with open_plain(path) as file:
            return _parse_bytes(file.read(_MAX_BYTES + 1), str(path), meter, number)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from None


def _parse_bytes(data: bytes, name: str, meter: Meter | None, number: int | None) -> Tune:
    if len(data) > _MAX_BYTES:
        raise CorpusError(f"{name}: is larger than {_MAX_BYTES // 1024**2} MiB, the most that is read as changes")
    try:
        return _text(data.decode("utf-8-sig"), meter, number)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{name}: is not UTF-8 text ({error.reason} at byte {error.start}); save it as such"
        ) from None
    except ChoiceError as error:
        raise ChoiceError(f"{name}: {error}") from None
    except JazzgenError as error:
        raise CorpusError(f"{name}: {error}") from None


def _text(text: str, meter: Meter | None, number: int | None) -> Tune:
    return tune_of_text(text, meter, number)
