"""Find the files that hold music, and the reader for each.

A suffix that only music files have is enough. Suffixes that others share (`.txt`, `.html`, `.xml`) count in a folder
only if the file starts like its format; a file given by name goes to the likeliest reader, which reports what is wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread
from jazzgen.system.files import open_plain
from jazzgen.system.limits import TooSlowError, time_limit

_NOTATION = {"notation", "improvisor"}  # modules of readers of written music
MAX_SECONDS = 120.0  # to read one file; set by hand
_SIGN_BYTES = 64 * 1024  # searched for a signature; set by hand
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        name: its common name.
        module: the reader's module in `jazzgen.formats`.
        suffixes: lower case, with their dot.
        sign: signature near the start of such a file; None if the suffix is enough.
    """

    name: str
    module: str
    suffixes: tuple[str, ...]
    sign: re.Pattern[bytes] | None = None


# Among formats that share a suffix, the last reads files without a signature that are given by name.
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
# Music files that cannot be read: the program they come from, and what to do with them.
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
_BAND_IN_A_BOX_NUMBERED = re.compile(r"\.[sm]g[0-9a-z]", re.I)  # .sg1 to .sgz: the suffix names the style
_KINDS_TOLD = 6  # kinds of files listed in a message; set by hand
SUFFIXES = tuple(sorted({suffix for format_ in FORMATS for suffix in format_.suffixes}))


@dataclass(frozen=True, slots=True)
class Found:
    """Files to read, in order, and the other files in the same folders."""

    files: tuple[Path, ...]
    others: tuple[Path, ...] = ()

    @property
    def passed_over(self) -> int:
        """Number of other files."""
        return len(self.others)

    @property
    def kinds_passed_over(self) -> str:
        """The other files counted by kind, as in `2 .gp5 (Guitar Pro), 1 .jpg`; empty if there are none."""
        return _kinds(self.others)


def find_files(paths: Iterable[Path]) -> Found:
    """Find the files to read: those named, those that match a pattern such as `solos/*.mid`, and all below folders.

    Raises:
        CorpusError: when a path does not exist or a folder holds no music.

    Example:
        >>> Path("a.mid").touch()
        >>> find_files([Path("*.mid")]).files == (Path("a.mid"),)
        True
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
    """Count files by suffix, the most common first, as a phrase for a message."""
    counts = Counter(path.suffix.lower() or "without an ending" for path in paths)
    told = [f"{count} {suffix}{_program_in_brackets(suffix)}" for suffix, count in counts.most_common(_KINDS_TOLD)]
    more = len(counts) - _KINDS_TOLD
    return ", ".join([*told, *([f"and {more} more kinds"] if more > 0 else [])])


def _program_in_brackets(suffix: str) -> str:
    other = _other(suffix)
    return f" ({other[0]})" if other else ""


def _cure(paths: Sequence[Path]) -> str:
    """Return what to do with the first file of a known program, after a colon; empty if there is none."""
    known = next((other for path in paths if (other := _other(path.suffix))), None)
    return f": {known[1]}" if known else ""


def _other(suffix: str) -> tuple[str, str] | None:
    if _BAND_IN_A_BOX_NUMBERED.fullmatch(suffix):
        return _BAND_IN_A_BOX
    return OTHERS.get(suffix.lower())


def format_of(path: Path) -> Format:
    """Return the format of a file given by name.

    Raises:
        CorpusError: when its suffix is unknown.

    Example:
        >>> format_of(Path("tune.abc")).name
        'ABC'
    """
    candidates = _by_suffix(path)
    if not candidates and (other := _other(path.suffix)):
        raise CorpusError(f"{path.suffix} is {other[0]}, which is not read: {other[1]}")
    if not candidates:
        raise CorpusError(f"no known kind of file: those that can be read end in {' '.join(SUFFIXES)}")
    return next((format_ for format_ in candidates if _bears_sign(path, format_)), candidates[-1])


def format_name(path: Path) -> str:
    """Return the name of a file's format, or `unknown`."""
    with suppress(CorpusError):
        return format_of(path).name
    return "unknown"


def is_notation(path: Path) -> bool:
    """Return whether files of this suffix hold rhythms as somebody wrote them, not as they were played.

    >>> is_notation(Path("song.abc")), is_notation(Path("solo.mid"))
    (True, False)
    """
    return any(format_.module in _NOTATION for format_ in _by_suffix(path))


def read_file(path: Path, options: ReadOptions = ReadOptions()) -> Pieces:
    """Read every piece in a file; a piece that fails becomes an `Unread`, and so does a file that fails as a whole.

    Never raises.

    Example:
        >>> _ = Path("blues.txt").write_text("changes: | F7 | Bb7 |")
        >>> [len(piece.score.changes) for piece in read_file(Path("blues.txt"))]
        [2]
        >>> read_file(Path("song.gp5"))[0].reason
        '.gp5 is Guitar Pro, which is not read: export it there as MusicXML or MIDI'
    """
    pieces: list[Reading | Unread] = []
    try:
        with time_limit(MAX_SECONDS):
            reader = import_module(f"jazzgen.formats.{format_of(path).module}")
            pieces.extend(map(_in_whole_characters, reader.readings(path, options)))
    except JazzgenError as error:
        pieces.append(Unread("", " ".join(str(error).split())))
    except TooSlowError:
        pieces.append(Unread("", f"it takes more than {MAX_SECONDS:g} seconds to read; split it", broken_off=True))
    except (RecursionError, MemoryError) as error:
        reason = f"it is too much for the reader ({type(error).__name__}); split or simplify it"
        pieces.append(Unread("", reason, broken_off=True))
    except Exception as error:  # a bug in one reader must not stop the other files
        name = type(error).__name__
        pieces.append(Unread("", f"the reader failed on it ({name}: {error}); please report that, with the file"))
    return tuple(pieces)


def _in_whole_characters(piece: Reading | Unread) -> Reading | Unread:
    """Replace what is no text in a title: it may come from a file's name, whose bytes may be any."""
    if isinstance(piece, Unread) or piece.score.title.isascii():
        return piece
    title = piece.score.title.encode("utf-8", "replace").decode()
    return piece if title == piece.score.title else replace(piece, score=replace(piece.score, title=title))


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
        with open_plain(path) as file:
            return bool(format_.sign.search(file.read(_SIGN_BYTES)))
    except OSError:
        return False
