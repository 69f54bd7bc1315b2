"""Run `jazzgen doctor`."""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from jazzgen.cli.columns import counted
from jazzgen.doctor.checks import CHECKS, Finding, examine, is_sound
from jazzgen.doctor.mend import mended
from jazzgen.doctor.song import Places, Song, load_song, song_bytes
from jazzgen.errors import CorpusError, OptionError
from jazzgen.formats.reading import read_bytes
from jazzgen.system.files import write_bytes


def doctor(files: tuple[Path, ...], fix: Path | None, as_json: bool) -> None:
    if fix and len(files) > 1:
        raise click.UsageError("--fix mends one file; give one")
    sound = True
    for path in files:
        song = _load(path)
        found = examine(song)
        sound &= is_sound(found)
        if as_json:
            click.echo(json.dumps(_as_json(path, song, found)))
        else:
            click.echo("\n".join(_lines(path, song, found)))
        if fix:
            _mend(path, song, fix)
    if not sound and not fix:
        sys.exit(1)


def _load(path: Path) -> Song:
    try:
        return load_song(read_bytes(path))
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def _lines(path: Path, song: Song, found: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each kind of finding in each track, and a summary."""
    places = Places(song)
    for (name, track), group in groupby(found, key=lambda finding: (finding.check, finding.track)):
        first, *others = group
        where = "" if track is None else f"track {track} '{song.name(track)}', "
        more = f" (and {len(others)} more)" if others else ""
        check = CHECKS[name]
        cure = "" if check.mends or check.severity == "note" else "; --fix cannot mend it"
        place = f"{where}{places.text(first.tick)}"
        yield f"{path}: {check.severity}: {name}: {place}: {first.what}{more}: {check.why}{cure}"
    notes = sum(event.is_note_on for track in song.tracks for event in track)
    what = f"{counted(len(song.tracks), 'track')}, {counted(notes, 'note')}"
    if is_sound(list(found)):
        yield f"{path}: clean, {what}."
    else:
        worst = sum(finding.severity != "note" for finding in found)
        yield f"{path}: {counted(worst, 'finding')} in {what}; --fix OUT writes a mended file."


def _as_json(path: Path, song: Song, found: Sequence[Finding]) -> dict[str, object]:
    places = Places(song)
    return {
        "file": str(path),
        "findings": [
            {
                "check": finding.check,
                "severity": finding.severity,
                "track": finding.track,
                "tick": finding.tick,
                "place": places.text(finding.tick),
                "what": finding.what,
            }
            for finding in found
        ],
    }


def _mend(path: Path, song: Song, out: Path) -> None:
    if out.exists() and out.samefile(path):
        raise OptionError(f"--fix {out}: that is the file itself; write to another, and compare")
    if song.division < 0:
        raise OptionError(f"{path}: its times are film frames, which cannot be mended; export it again")
    better = mended(song)
    write_bytes(out, song_bytes(better))
    left = [finding for finding in examine(better) if finding.severity != "note"]
    rest = "nothing left." if is_sound(examine(better)) else f"left: {', '.join(sorted({f.check for f in left}))}."
    click.echo(f"{out}: mended; {rest}")
