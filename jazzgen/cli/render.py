"""Run `jazzgen render`.

A file from elsewhere is read, engraved and sounded in a process of its own, with limited memory, which may die. One
that says that jazzgen wrote it is not, since another process takes half a second to start.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import click

from jazzgen.cli.options import read_options
from jazzgen.cli.warned import LIVE_CURES, warn
from jazzgen.corpus import read_piece
from jazzgen.errors import JazzgenError, OptionError, OutputError
from jazzgen.formats.midi.texts import bears_recipe
from jazzgen.formats.reading import ReadOptions
from jazzgen.system.files import replaced, require_writable

_SOUNDS = (".wav", ".ogg", ".mp3")
_SHEETS = (".musicxml", ".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made of a file.

    Attributes:
        title: of the music.
        warnings: what is uncertain of it.
        paths: the files written, in order.
    """

    title: str
    warnings: tuple[str, ...]
    paths: tuple[Path, ...]


def render(file: Path, out: Path, sheet: str, melody: str | None, soundfont: Path | None) -> None:
    suffix = out.suffix.lower()
    if suffix not in (*_SOUNDS, *_SHEETS):
        raise OptionError(f"-o {out}: what is made goes by the suffix: {', '.join((*_SHEETS, *_SOUNDS))}")
    require_writable(out)
    options = read_options(melody, None, None)
    do = _here if bears_recipe(file) else _apart
    if suffix in _SOUNDS:
        made = do(write_sound, file, out, options, _found(soundfont))
    else:
        made = do(write_pages, file, out, options, sheet)
    warn(file, made.warnings, LIVE_CURES)
    kind = "as sound." if suffix in _SOUNDS else "lead sheet." if sheet == "lead" else "full score."
    for path in made.paths:
        click.echo(f"{path}: '{made.title}'{'' if suffix in _SOUNDS else ','} {kind}")


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
    return Rendered(made.title, made.warnings, targets)


def _found(soundfont: Path | None) -> Path:
    from jazzgen.audio.soundfont import find_soundfont  # noqa: PLC0415 - not for sheets

    return find_soundfont(soundfont)


def write_sound(file: Path, out: Path, options: ReadOptions, soundfont: Path) -> Rendered:
    """Write a file's sound."""
    from jazzgen.audio.sound_file import write_audio  # noqa: PLC0415 - for the process that does it

    piece = read_piece(file, options)
    write_audio(piece.score, out, soundfont=soundfont)
    return Rendered(piece.score.title, tuple(piece.warnings), (out,))


def write_pages(file: Path, out: Path, options: ReadOptions, sheet: str) -> Rendered:
    """Write the pages of a file's sheet."""
    from jazzgen.engraving.engrave import Sheet, write_sheet  # noqa: PLC0415 - for the process that does it

    piece = read_piece(file, options)
    paths = write_sheet(piece.score, out, sheet=cast("Sheet", sheet))
    return Rendered(piece.score.title, tuple(piece.warnings), tuple(paths))
