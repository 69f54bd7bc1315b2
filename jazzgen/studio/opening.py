"""Open files in the studio: as a solo to work on, or as changes to play over."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from jazzgen.errors import CorpusError, OptionError
from jazzgen.formats.charts import sheet_text, songs_in, tune_of_text
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.formats.reading import Reading, Unread, chosen, piece_name
from jazzgen.formats.registry import read_file
from jazzgen.improvise.solo import SOLO_NAME
from jazzgen.music.score import Score
from jazzgen.studio.replies import Written
from jazzgen.studio.work import LAYOUT, Made, check_bars, recipe_or_none, take_in

_MIDI = (".mid", ".midi")
_TEXTS = (".txt", ".changes")


@dataclass(frozen=True, slots=True)
class Solo:
    """A solo from a file: the take, its number in the file from 1, and the names of all tunes in the file."""

    take: Made
    tune: int = 1
    tunes: tuple[str, ...] = ()


def open_solo(data: bytes, suffix: str, tune: int | None = None) -> Solo:
    """Open a solo from any file that can be read; of several tunes the one asked for, or the first that can be read."""
    if suffix in _MIDI and recipe_or_none(data):
        with suppress(CorpusError):  # a recipe alone does not make it a solo of ours
            return Solo(take_in(data))
    pieces = _pieces(data, suffix)
    number = tune or _first_read(pieces)
    score = _score(pieces, number)
    if not score.parts or not score.melody.notes:
        raise OptionError("the file holds no notes; open it as changes instead")
    check_bars(sum(1 for _ in score.bars()))
    return Solo(take_in(midi_bytes(_seated(score), None, LAYOUT)), number, _names(pieces))


def _seated(score: Score) -> Score:
    """Name the melody Solo and keep one part per channel, as the studio plays it."""
    melody, *others = score.parts
    channels = {melody.channel: replace(melody, name=SOLO_NAME)}
    for part in others:
        channels.setdefault(part.channel, part)
    return score.with_parts(*channels.values())


def open_changes(data: bytes, suffix: str, tune: int | None = None) -> Written:
    """Return the changes in any file that can be read; of several tunes those asked for, or the first with chords."""
    pieces: Sequence[Reading | Unread]
    if suffix in _TEXTS:
        text = _text(data)
        pieces, named = songs_in(text)
        if not pieces:
            tune_of_text(text)
            return Written(text=text, tune=1, tunes=[])
        tune = tune or named
    else:
        pieces = _pieces(data, suffix)
    number = tune or _first_read(pieces)
    return Written(text=sheet_text(_score(pieces, number)), tune=number, tunes=list(_names(pieces)))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OptionError(f"the file is not UTF-8 text ({error.reason} at byte {error.start})") from None


def _pieces(data: bytes, suffix: str) -> Sequence[Reading | Unread]:
    """Return the pieces in a file's bytes; `suffix` is one of `routes.Suffix`, whatever the file was called."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"Untitled{suffix}"  # becomes the title if the file has none
        path.write_bytes(data)
        pieces = read_file(path)
    if not pieces:
        raise CorpusError("the file holds no music")
    return pieces


def _first_read(pieces: Sequence[Reading | Unread]) -> int:
    """Return the number of the first piece that could be read, 1 if none."""
    return next((number for number, piece in enumerate(pieces, 1) if isinstance(piece, Reading)), 1)


def _score(pieces: Sequence[Reading | Unread], number: int) -> Score:
    piece = chosen(pieces, number)
    if isinstance(piece, Unread):
        raise CorpusError(f"the file: {piece.reason}")
    return piece.score


def _names(pieces: Sequence[Reading | Unread]) -> tuple[str, ...]:
    return tuple(piece.score.title if isinstance(piece, Reading) else piece_name(piece) for piece in pieces)
