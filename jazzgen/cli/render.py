"""Run `jazzgen render`.

A file from elsewhere is read, engraved and sounded in a process of its own, with limited memory, which may die. One
that says that jazzgen wrote it is not, since another process takes half a second to start.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from jazzgen.cli.options import read_options
from jazzgen.cli.warned import LIVE_CURES, warn
from jazzgen.corpus import read_piece
from jazzgen.errors import JazzgenError, OptionError, OutputError
from jazzgen.formats.midi.texts import bears_recipe
from jazzgen.formats.reading import ReadOptions
from jazzgen.formats.registry import is_notation
from jazzgen.system.files import replaced, require_writable

if TYPE_CHECKING:
    from jazzgen.engraving.engrave import Sheet
    from jazzgen.engraving.instruments import PartFor

_SOUNDS = (".wav", ".ogg", ".mp3")
_SHEETS = (".musicxml", ".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made of a file.

    Attributes:
        title: of the music.
        warnings: what is uncertain of it.
        paths: the files written, in order.
        remarks: what else to say.
    """

    title: str
    warnings: tuple[str, ...]
    paths: tuple[Path, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedSheet:
    """What is asked of a sheet, as `engraving.engrave.Look` says; `instrument` is who reads it, "" for nobody."""

    sheet: "Sheet" = "lead"
    exact: bool = False
    double_time: bool = False
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class WantedSound:
    """What is asked of sound, as `audio.practice.to_hear` says."""

    mute: tuple[str, ...] = ()
    count_in: bool = False
    click: bool = False


def render(file: Path, out: Path, melody: str | None, soundfont: Path | None, **asked: Any) -> None:
    suffix = out.suffix.lower()
    if suffix not in (*_SOUNDS, *_SHEETS):
        raise OptionError(f"-o {out}: what is made goes by the suffix: {', '.join((*_SHEETS, *_SOUNDS))}")
    require_writable(out)
    options = read_options(melody, None, None)
    sheet = WantedSheet(asked["sheet"], asked["exact"], asked["double_time"], asked["instrument"] or "")
    sound = WantedSound(_names(asked["mute"]), asked["count_in"], asked["click"])
    _require_kind(suffix in _SOUNDS, sheet, sound)
    do = _here if bears_recipe(file) else _apart
    if suffix in _SOUNDS:
        made = do(write_sound, file, out, options, sound, _found(soundfont))
    else:
        made = do(write_pages, file, out, options, sheet)
    warn(file, made.warnings, LIVE_CURES)
    kind = "as sound." if suffix in _SOUNDS else "lead sheet." if sheet.sheet == "lead" else "full score."
    for path in made.paths:
        click.echo(f"{path}: '{made.title}'{'' if suffix in _SOUNDS else ','} {kind}")
    for remark in made.remarks:
        click.echo(remark)


def _require_kind(sounds: bool, sheet: WantedSheet, sound: WantedSound) -> None:
    """Raise OptionError for what is asked of a sheet when sound is written, and the other way round."""
    if sounds and sheet != WantedSheet():
        raise OptionError("--sheet, --for, --exact and --double-time are for sheets; leave them out")
    if not sounds and sound != WantedSound():
        raise OptionError("--mute, --count-in and --click are for sound; leave them out")
    if sheet.instrument and sheet.sheet == "full":
        raise OptionError("--for is for a lead sheet; a full score is at concert pitch")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _here(work: Callable[..., Rendered], file: Path, out: Path, *args: Any) -> Rendered:
    return work(file, out, *args)


def _apart(work: Callable[..., Rendered], file: Path, out: Path, *args: Any) -> Rendered:
    """Do the work in another process, into a folder of its own; only this process writes where the user said."""
    from jazzgen.system.processes import LostError, apart  # noqa: PLC0415 - 0.1 s, which our own files are spared

    with TemporaryDirectory(prefix="jazzgen-", dir=out.parent if not out.exists() or out.is_file() else None) as folder:
        try:
            made: Rendered = apart(work, file, Path(folder) / out.name, *args)
        except JazzgenError as error:
            raise type(error)(str(error).replace(str(Path(folder) / out.name), str(out))) from None
        except LostError as error:
            raise OutputError(f"{file}: {error}, perhaps out of memory; shorten it, or is it damaged?") from None
        targets = tuple(out.with_name(path.name) for path in made.paths)
        for path, target in zip(made.paths, targets, strict=True):
            with replaced(target) as temporary:
                shutil.copyfile(path, temporary)
    return replace(made, paths=targets)


def _found(soundfont: Path | None) -> Path:
    from jazzgen.audio.soundfont import find_soundfont  # noqa: PLC0415 - not for sheets

    return find_soundfont(soundfont)


def write_sound(file: Path, out: Path, options: ReadOptions, wanted: WantedSound, soundfont: Path) -> Rendered:
    """Write a file's sound."""
    from jazzgen.audio.practice import to_hear  # noqa: PLC0415 - for the process that does it
    from jazzgen.audio.sound_file import write_audio  # noqa: PLC0415 - likewise

    piece = read_piece(file, options)
    heard = to_hear(piece.score, mute=wanted.mute, count_in=wanted.count_in, click=wanted.click)
    write_audio(heard, out, soundfont=soundfont)
    return Rendered(piece.score.title, tuple(piece.warnings), (out,))


def write_pages(file: Path, out: Path, options: ReadOptions, wanted: WantedSheet) -> Rendered:
    """Write the pages of a file's sheet."""
    from jazzgen.engraving.engrave import Look, write_sheet  # noqa: PLC0415 - for the process that does it
    from jazzgen.engraving.instruments import instrument_named, part_for  # noqa: PLC0415 - likewise
    from jazzgen.engraving.rhythm import asks_for_double_time, in_double_time  # noqa: PLC0415 - likewise

    reader = instrument_named(wanted.instrument) if wanted.instrument else None
    piece = read_piece(file, replace(options, as_written=not wanted.double_time))
    made = part_for(piece.score, reader) if reader else None
    score = made.score if made else piece.score
    look = Look(wanted.sheet, wanted.exact or is_notation(file), made.instrument if made else None, piece.signs)
    written = write_sheet(in_double_time(score) if wanted.double_time else score, out, look)
    remarks = [*_of_range(made)] if made else []
    if wanted.sheet == "lead" and len(piece.score.parts) > 1 and not bears_recipe(file):
        shown, *others = (f"'{part.name}'" for part in piece.score.parts)
        remarks.append(f"The lead sheet has {shown} alone, and not {', '.join(others)}: --sheet full prints them all.")
    if count := written.graces:
        remarks.append(f"{count} short {'note is a grace note' if count == 1 else 'notes are grace notes'}.")
    if not wanted.double_time and asks_for_double_time(piece.score):
        remarks.append(f"Many notes are fast for {piece.score.bpm:g} bpm: --double-time may be easier to read.")
    return Rendered(piece.score.title, tuple(piece.warnings), written.paths, tuple(remarks))


def _of_range(made: "PartFor") -> Iterator[str]:
    """Yield what was done so that the instrument can play the part, and what it cannot."""
    if made.octaves:
        count = abs(made.octaves)
        far = f"{count} octaves" if count > 1 else "an octave"
        yield f"The part sounds {far} {'higher' if made.octaves > 0 else 'lower'}, in the range of the instrument."
    if made.beyond:
        notes = "1 note lies" if made.beyond == 1 else f"{made.beyond} notes lie"
        yield f"{notes} beyond the range of the instrument."
