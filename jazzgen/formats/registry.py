"""Which files hold music, and which reader reads them.

A suffix that only music has is enough. Where others share it (`.txt`, `.html`, `.xml`), a file in a folder must also
bear a sign of its format; one that is named outright is read by the likeliest reader, which says what is wrong with it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread
from jazzgen.system.limits import TooSlowError, time_limit

MAX_SECONDS = 120.0  # for one file
_SIGN_BYTES = 64 * 1024
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: as people call it.
        module: its reader in `jazzgen.formats`.
        suffixes: lower case, with their dot.
        sign: what such a file has near its start; None where the suffix says enough.
    """

    name: str
    module: str
    suffixes: tuple[str, ...]
    sign: re.Pattern[bytes] | None = None


# Of formats that share a suffix, the last is the one taken for a file that bears no sign and is named outright.
FORMATS = (
    Format("MIDI", "midi", (".mid", ".midi", ".kar", ".rmi", ".smf")),
    Format("MusicXML", "notation", (".musicxml", ".mxl")),
    Format("MusicXML", "notation", (".xml",), re.compile(rb"<score-(?:partwise|timewise)|s\0?c\0o\0r\0e\0-\0")),
    Format("MuseScore", "notation", (".mscz", ".mscx")),
    Format("ABC", "notation", (".abc",)),
    Format("Humdrum", "notation", (".krn",)),
    Format("MEI", "notation", (".mei",)),
    Format("RomanText", "notation", (".rntxt", ".rntext")),
    Format("Capella", "notation", (".capx",)),
    Format("NoteWorthy", "notation", (".nwctxt",)),
    Format("Weimar database", "wjazzd", (".db", ".sqlite", ".sqlite3"), re.compile(rb"\ASQLite format 3\0")),
    Format("Weimar CSV", "wjazzd.csv_files", (".csv",), re.compile(rb"\A[^\r\n]*\btatum\b")),
    Format("Impro-Visor", "improvisor", (".ls",)),
    Format("ChordPro", "chordpro", (".cho", ".crd", ".chopro", ".chordpro")),
    Format(
        "iReal Pro",
        "ireal",
        (".html", ".htm", ".txt", ".irealb", ".irealbook"),
        re.compile(rb"irealb(?:ook)?(?::|%3A)(?://|%2F%2F)", re.I),
    ),
    Format("changes", "leadsheet", (".txt", ".changes"), re.compile(rb"^changes:", re.M)),
)
# Files of music that are not read: the program they are of, and what to do with them.
_GUITAR_PRO = ("Guitar Pro", "export it there as MusicXML or MIDI")
_BAND_IN_A_BOX = ("Band-in-a-Box", "save it there as MusicXML or as a MIDI file")
_FINALE = ("Finale", "export it there as MusicXML")
_DAW_CURE = "export its MIDI tracks as a MIDI file"
_SOUND = ("recorded sound", "transcribe it to MIDI first, with a program such as Basic Pitch")
_PRINT = ("printed music", "read it into MusicXML with a program such as Audiveris")
OTHERS: dict[str, tuple[str, str]] = {
    **dict.fromkeys((".gp", ".gpx", ".gp3", ".gp4", ".gp5", ".gtp"), _GUITAR_PRO),
    **dict.fromkeys((".sgu", ".mgu"), _BAND_IN_A_BOX),
    **dict.fromkeys((".musx", ".mus"), _FINALE),
    ".tg": ("TuxGuitar", "export it there as MusicXML or MIDI"),
    ".ptb": ("Power Tab", "open it in Guitar Pro or TuxGuitar and export it as MIDI"),
    ".sib": ("Sibelius", "export it there as MusicXML"),
    ".dorico": ("Dorico", "export it there as MusicXML"),
    ".enc": ("Encore", "export it there as MusicXML"),
    ".nwc": ("NoteWorthy Composer", "save it there as text, .nwctxt"),
    ".cap": ("Capella", "save it there as .capx or MusicXML"),
    ".ly": ("LilyPond", r"add \midi { } to its \score and run lilypond, which writes a MIDI file"),
    ".band": ("GarageBand", "open it in Logic and export its tracks as a MIDI file"),
    ".logicx": ("Logic", _DAW_CURE),
    ".als": ("Ableton Live", _DAW_CURE),
    ".cpr": ("Cubase", _DAW_CURE),
    ".flp": ("FL Studio", _DAW_CURE),
    ".rpp": ("Reaper", _DAW_CURE),
    **dict.fromkeys((".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aif", ".aiff"), _SOUND),
    ".pdf": _PRINT,
}
_BAND_IN_A_BOX_NUMBERED = re.compile(r"\.[sm]g[0-9a-z]", re.I)  # .sg1 to .sgz: a file for each style
_KINDS_TOLD = 6
SUFFIXES = tuple(sorted({suffix for format_ in FORMATS for suffix in format_.suffixes}))


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in order, and the others that lay beside them in folders."""

    files: tuple[Path, ...]
    others: tuple[Path, ...] = ()

    @property
    def passed_over(self) -> int:
        """How many others."""
        return len(self.others)

    @property
    def kinds_passed_over(self) -> str:
        """The others by kind, as in `2 .gp5 (Guitar Pro), 1 .jpg`; nothing if there are none."""
        return _kinds(self.others)


def find_files(paths: Iterable[Path]) -> Found:
    """The files named (or meant by a pattern such as `solos/*.mid`) and those in the folders named and below them.

    Raises:
        CorpusError: when a path is not there or a folder holds no music.
    """
    files: dict[Path, None] = {}  # each once, in order
    others: list[Path] = []
    for path in _expanded(paths):
        if not path.is_dir():
            files[path] = None
            continue
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        music = [file for file in inside if _in_folder(file)]
        if not music:
            there = f"; it holds {_kinds(inside)}" if inside else ""
            raise CorpusError(
                f"{path}: holds no music that can be read, nothing ending in {' '.join(SUFFIXES)}{there}{_cure(inside)}"
            )
        files |= dict.fromkeys(music)
        others += [file for file in inside if file not in files]
    return Found(tuple(files), tuple(others))


def _kinds(paths: Sequence[Path]) -> str:
    """The kinds of files, the commonest first."""
    counts = Counter(path.suffix.lower() or "without an ending" for path in paths)
    told = [f"{count} {suffix}{_program_in_brackets(suffix)}" for suffix, count in counts.most_common(_KINDS_TOLD)]
    more = len(counts) - _KINDS_TOLD
    return ", ".join([*told, *([f"and {more} more kinds"] if more > 0 else [])])


def _program_in_brackets(suffix: str) -> str:
    other = _other(suffix)
    return f" ({other[0]})" if other else ""


def _cure(paths: Sequence[Path]) -> str:
    """What to do about the first file that is of a program known."""
    known = next((other for path in paths if (other := _other(path.suffix))), None)
    return f": {known[1]}" if known else ""


def _other(suffix: str) -> tuple[str, str] | None:
    if _BAND_IN_A_BOX_NUMBERED.fullmatch(suffix):
        return _BAND_IN_A_BOX
    return OTHERS.get(suffix.lower())


def format_of(path: Path) -> Format:
    """The format of a file that was named outright.

    Raises:
        CorpusError: when its suffix is none of those known.
    """
    candidates = _by_suffix(path)
    if not candidates and (other := _other(path.suffix)):
        raise CorpusError(f"{path.suffix} is {other[0]}, which is not read: {other[1]}")
    if not candidates:
        raise CorpusError(f"no known kind of file: those that can be read end in {' '.join(SUFFIXES)}")
    return next((format_ for format_ in candidates if _bears_sign(path, format_)), candidates[-1])


def format_name(path: Path) -> str:
    """What to call the format of a file, known or not."""
    with suppress(CorpusError):
        return format_of(path).name
    return "unknown"


def read_file(path: Path, options: ReadOptions = ReadOptions()) -> Pieces:
    """Every piece in a file; what cannot be read of it, or the whole of it, is an `Unread`. Nothing is raised."""
    pieces: list[Reading | Unread] = []
    try:
        with time_limit(MAX_SECONDS):
            reader = import_module(f"jazzgen.formats.{format_of(path).module}")
            pieces.extend(reader.readings(path, options))
    except JazzgenError as error:
        pieces.append(Unread("", " ".join(str(error).split())))
    except TooSlowError:
        pieces.append(Unread("", f"it takes more than {MAX_SECONDS:g} seconds to read; split it", broken_off=True))
    except (RecursionError, MemoryError) as error:
        reason = f"it is too much for the reader ({type(error).__name__}); split or simplify it"
        pieces.append(Unread("", reason, broken_off=True))
    except Exception as error:  # one file that shows a fault of a reader must not stop the rest
        name = type(error).__name__
        pieces.append(Unread("", f"the reader failed on it ({name}: {error}); please report that, with the file"))
    return tuple(pieces)


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.exists():
            yield path
        elif _GLOB.search(str(path)):
            matches = sorted(Path(path.anchor or ".").glob(str(path.relative_to(path.anchor))))
            if not matches:
                raise CorpusError(f"{path}: no file matches; give files, folders or patterns such as 'solos/*.mid'")
            yield from matches
        else:
            raise CorpusError(f"{path}: no such file or folder; give files of music or folders that hold some")


def _by_suffix(path: Path) -> list[Format]:
    return [format_ for format_ in FORMATS if path.suffix.lower() in format_.suffixes]


def _in_folder(path: Path) -> bool:
    return any(format_.sign is None or _bears_sign(path, format_) for format_ in _by_suffix(path))


def _bears_sign(path: Path, format_: Format) -> bool:
    if format_.sign is None:
        return True
    try:
        with path.open("rb") as file:
            return bool(format_.sign.search(file.read(_SIGN_BYTES)))
    except OSError:
        return False
