"""What the studio's workers do: plain functions from what a page asks to files, the same that the command line calls.

A take goes in and comes out as the bytes of its MIDI file. They run in processes of their own (`workers`).
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from jazzgen.audio.sound_file import write_audio
from jazzgen.band.arrange import Arrangement
from jazzgen.band.choice import find_style
from jazzgen.engraving.document import musicxml_bytes
from jazzgen.engraving.engrave import Screen, engrave, write_sheet
from jazzgen.errors import CorpusError, JazzgenError, OptionError
from jazzgen.formats.charts import sheet_text, tune_of_text
from jazzgen.formats.midi.write import Layout, midi_bytes, stems_bytes
from jazzgen.formats.reading import Pieces, Reading, Unread
from jazzgen.formats.registry import read_file
from jazzgen.harmony.form import bar_places
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.sheet import lines_of_changes
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.models import Model, load_model
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import SOLO_NAME
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score
from jazzgen.studio.replies import Drawn, Looked, Wrong
from jazzgen.studio.requests import MAX_SOLO_BARS, BarsAsked, LikeAsked, LongerAsked, Order
from jazzgen.studio.session import About
from jazzgen.studio.view import about, bar_named_in, chart, drawn
from jazzgen.takes.like import takes_like
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.plain import Json
from jazzgen.takes.recipe import recipe_in, source_in
from jazzgen.takes.remake import read_midi
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.titles import made_up_title
from jazzgen.takes.transform import Longer, Timing, heard_swing, make_longer, make_retimed, make_transposed

_LAYOUT = Layout()
_MOST_TUNES_TOLD = 20
_CANDIDATES, _MOST_STRETCHES = 16, 24
_MIDI = (".mid", ".midi")
_TEXTS = (".txt", ".changes")


@dataclass(frozen=True, slots=True)
class Made:
    """A take as it leaves a worker: what a list shows of it, and its file."""

    about: About
    midi: bytes


def look_at_changes(text: str, key: str | None) -> Looked:
    """Changes as they are understood; or what is wrong with them, and where in the text that stands."""
    try:
        tune = _tune(text, key)
        Options(bpm=tune.bpm)
        if tune.style:
            find_style(tune.style, tune.bpm)
        return Looked(chart=chart(tune), wrong=None)
    except JazzgenError as error:
        line = " ".join(str(error).split())
        bar = bar_named_in(line)
        place = dict(enumerate(bar_places(lines_of_changes(text)), 1)).get(bar or 0)
        start, end = place or (None, None)
        return Looked(chart=None, wrong=Wrong(error=line, bar=bar, start=start, end=end))


def _tune(text: str, key: str | None) -> Tune:
    tune = tune_of_text(text)
    return tune.in_key(Key.parse(key)) if key else tune


def improvise(folder: Path, order: Order, seed: int) -> list[Made]:
    """New solos, one chance for all; of several the best first."""
    model, tune = _model(folder), _tune(order.changes, order.key)
    _check_bars(order.choruses * sum(1 for _ in tune.chart.bars()))
    options = Options(
        choruses=order.choruses,
        bpm=tune.bpm if order.bpm is None else order.bpm,
        controls=controls_from(order.controls.asked(), model),
        takes=order.count,
        tag=order.ending,
    )
    how = Arrangement(
        style=order.style,
        band=None if order.band is None else tuple(order.band),
        comping=order.comping,
        intro=order.intro,
        ending=order.ending,
        any_meter=True,
        laid_back=order.laid_back,
        articulate=not isinstance(model, Soloist),
    )
    takes = make_takes(model, replace(tune, title=order.title or ""), options, how, seed=seed, keep=order.count).best
    return [_made(take if order.title else take.titled(made_up_title(seed, rank))) for rank, take in enumerate(takes)]


def _check_bars(bars: int) -> None:
    if bars > MAX_SOLO_BARS:
        raise OptionError(f"{bars} bars: the studio plays {MAX_SOLO_BARS} at most; ask for fewer choruses")


def play_bars_anew(folder: Path, midi: bytes, asked: BarsAsked, seed: int) -> list[Made]:
    """The take with some bars anew, those that are not locked, one stretch after the other."""
    soloist, stretches = _soloist(folder), list(_stretches(asked))
    if not stretches:
        raise OptionError(f"bars {asked.first}-{asked.last} are locked; unlock some, or choose others")
    if len(stretches) > _MOST_STRETCHES:
        raise OptionError(f"{len(stretches)} stretches between locked bars: choose {_MOST_STRETCHES} at most")
    for stretch, chance in zip(stretches, np.random.SeedSequence(seed).spawn(len(stretches)), strict=True):
        retake = Retake(stretch, controls_from(asked.controls.asked(), soloist), _CANDIDATES)
        one_seed = seed if len(stretches) == 1 else int(chance.generate_state(1)[0])
        midi = _file(make_retake(soloist, read_midi(midi), retake, seed=one_seed, source=source_in(midi)))
    return [_read(midi)]


def _stretches(asked: BarsAsked) -> Iterator[tuple[int, int]]:
    """Runs of bars that are not locked."""
    locked = set(asked.locked)
    for is_locked, run in groupby(range(asked.first, asked.last + 1), key=locked.__contains__):
        if not is_locked:
            bars = list(run)
            yield bars[0], bars[-1]


def play_on(folder: Path, midi: bytes, asked: LongerAsked, seed: int) -> list[Made]:
    """The take with choruses more."""
    soloist, played = _soloist(folder), read_midi(midi)
    longer = Longer(asked.choruses, controls_from(asked.controls.asked(), soloist))
    take = make_longer(soloist, played, longer, seed=seed, source=source_in(midi))
    _check_bars(sum(1 for _ in take.played.bars()))
    return [_made(take)]


def transpose(midi: bytes, semitones: int) -> list[Made]:
    """The take in another key."""
    return [_made(make_transposed(read_midi(midi), semitones, source_in(midi)))]


def play_alike(folder: Path, midi: bytes, asked: LikeAsked, seed: int) -> list[Made]:
    """Takes like one, each with a title of its own."""
    takes = takes_like(_soloist(folder), midi, asked.count, seed=seed)
    return [_made(take.titled(made_up_title(seed, rank))) for rank, take in enumerate(takes)]


def open_solo(data: bytes, suffix: str) -> list[Made]:
    """A solo from a file, of whatever kind, to work on."""
    if suffix in _MIDI and _recipe_in(data):
        with suppress(CorpusError):  # it has a recipe, and no solo of ours
            return [_read(data)]
    score = _read_file(data, suffix)
    if not score.parts or not score.melody.notes:
        raise OptionError("the file holds no notes; open it as changes instead")
    _check_bars(sum(1 for _ in score.bars()))
    return [_read(midi_bytes(_seated(score), None, _LAYOUT))]


def _seated(score: Score) -> Score:
    """The score as the studio plays it: its melody called Solo, and no two parts on one channel."""
    melody, *others = score.parts
    channels = {melody.channel: replace(melody, name=SOLO_NAME)}
    for part in others:
        channels.setdefault(part.channel, part)
    return score.with_parts(*channels.values())


def open_changes(data: bytes, suffix: str) -> str:
    """The changes in a file, of whatever kind, as text to go on writing; of several tunes the first, which it says."""
    if suffix in _TEXTS:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise OptionError(f"the file is not UTF-8 text ({error.reason} at byte {error.start})") from None
        tune_of_text(text, number=1)
        return text
    pieces = _pieces(data, suffix)
    return sheet_text(_score(pieces[0])) + _which_of(pieces)


def _which_of(pieces: Pieces) -> str:
    """A comment for the end of the changes that tells of a file's other tunes; nothing if there are none."""
    if len(pieces) == 1:
        return ""
    others = ", ".join(piece.piece for piece in pieces[1:][:_MOST_TUNES_TOLD])
    more = f" and {len(pieces) - 1 - _MOST_TUNES_TOLD} more" if len(pieces) - 1 > _MOST_TUNES_TOLD else ""
    return f"  # tune 1 of {len(pieces)} in the file, '{pieces[0].piece}'; the others: {others}{more}\n"


def draw(midi: bytes) -> Drawn:
    """The take as a page draws it."""
    return drawn(read_midi(midi))


def retimed(midi: bytes, timing: Timing) -> bytes:
    """The file at another tempo, or swung otherwise; itself if nothing is to change."""
    if timing == Timing():
        return midi
    return _file(make_retimed(read_midi(midi), timing, source_in(midi)))


def stems(midi: bytes) -> bytes:
    """A file for each part, in a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in stems_bytes(read_midi(midi), recipe_in(midi), _LAYOUT).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.mid"), data)  # dated 1980: the same each time
    return buffer.getvalue()


def sheet(midi: bytes, bars_a_line: int) -> list[str]:
    """The lead sheet's pages as SVG, to be read on a screen."""
    return list(engrave(_written(midi), "lead", Screen(bars_a_line)))


def musicxml(midi: bytes) -> bytes:
    """The lead sheet as MusicXML."""
    written = _written(midi)
    return musicxml_bytes(written.with_parts(written.melody), tidy=True)


def sheet_picture(midi: bytes) -> bytes:
    """The first page of the lead sheet as PNG."""
    return _by_path("sheet.png", lambda path: write_sheet(_written(midi), path))


def roll_picture(midi: bytes) -> bytes:
    """The piano roll as PNG."""
    from jazzgen.pictures.plots import write_piano_roll  # noqa: PLC0415 - brings matplotlib

    return _by_path("roll.png", lambda path: write_piano_roll(_written(midi), path))


def sound(midi: bytes, soundfont: Path) -> bytes:
    """The take as WAV."""
    return _by_path("solo.wav", lambda path: write_audio(read_midi(midi), path, soundfont=soundfont))


def _by_path(name: str, write: Callable[[Path], object]) -> bytes:
    """What a function writes to a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def _written(midi: bytes) -> Score:
    """The take as it is read on paper."""
    played = read_midi(midi)
    return as_written(played, heard_swing(played, recipe_in(midi)))


def _made(take: Take) -> Made:
    return _read(_file(take))


def _file(take: Take) -> bytes:
    return midi_bytes(take.played, take.recipe.to_json(_LAYOUT), _LAYOUT)


def _read(midi: bytes) -> Made:
    return Made(about(read_midi(midi), _recipe_in(midi)), midi)


def _recipe_in(data: bytes) -> Json | None:
    """The recipe in a file; None if it is not MIDI, or not ours."""
    with suppress(JazzgenError):
        return recipe_in(data)
    return None


def _pieces(data: bytes, suffix: str) -> Pieces:
    """The pieces of a file's bytes; `suffix` is one of `UPLOADS`, whatever the file was called."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"Untitled{suffix}"  # its title, where the file says none
        path.write_bytes(data)
        pieces = read_file(path)
    if not pieces:
        raise CorpusError("the file holds no music")
    return pieces


def _score(piece: Reading | Unread) -> Score:
    if isinstance(piece, Unread):
        raise CorpusError(f"the file: {piece.reason}")
    return piece.score


def _read_file(data: bytes, suffix: str) -> Score:
    """The first piece of a file's bytes."""
    return _score(_pieces(data, suffix)[0])


def load(models: Iterable[Path]) -> None:
    """Loads models, so that the first solo does not wait for them."""
    for folder in models:
        _model(folder)


@cache
def _model(folder: Path) -> Model:
    return load_model(folder)


def _soloist(folder: Path) -> Soloist:
    model = _model(folder)
    if not isinstance(model, Soloist):
        raise OptionError(f"grammar model '{model.name}' cannot hear what comes before or after; choose a soloist")
    return model
