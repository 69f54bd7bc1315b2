"""The work of the studio's workers: plain functions that call what the command line calls.

Takes are passed as the bytes of their MIDI files. The functions run in processes of their own (`workers`).
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
from jazzgen.errors import JazzgenError, OptionError
from jazzgen.formats.charts import tune_of_text
from jazzgen.formats.midi.write import Layout, midi_bytes, stems_bytes
from jazzgen.harmony.form import bar_places
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.sheet import lines_of_changes
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.models import Model, load_model
from jazzgen.improvise.options import Options
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score
from jazzgen.studio.kept import About
from jazzgen.studio.replies import Drawn, Looked, Wrong
from jazzgen.studio.requests import MAX_SOLO_BARS, BarsAsked, LikeAsked, LongerAsked, Order
from jazzgen.studio.view import about, bar_named_in, chart, drawn
from jazzgen.takes.like import takes_like
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.plain import Json
from jazzgen.takes.recipe import recipe_in, source_in
from jazzgen.takes.remake import read_midi
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.titles import made_up_title
from jazzgen.takes.transform import Longer, Timing, heard_swing, make_longer, make_retimed, make_transposed

LAYOUT = Layout()
_CANDIDATES = 16  # of each stretch, as many as the command plays (docs/generate.md)
_MOST_STRETCHES = 24  # set by hand


@dataclass(frozen=True, slots=True)
class Made:
    """A take from a worker: what a list shows of it, and its MIDI file."""

    about: About
    midi: bytes


def look_at_changes(text: str, key: str | None, number: int | None = None) -> Looked:
    """Return changes as understood, or the error in them and its place in the text.

    Args:
        text: what is typed or pasted.
        key: to transpose to; None for the text's own.
        number: which tune of a link that holds several, from 1.

    Example:
        >>> look_at_changes("Dm7 | Xyz | C", None).wrong.bar
        2
    """
    try:
        tune = _tune(text, key, number)
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


def _tune(text: str, key: str | None, number: int | None) -> Tune:
    tune = tune_of_text(text, number=number)
    return tune.in_key(Key.parse(key)) if key else tune


def improvise(folder: Path, order: Order, seed: int) -> list[Made]:
    """Play new solos from one seed, best first."""
    model = _model(folder)
    tune = _tune(order.changes, order.key, order.tune)
    check_bars(order.choruses * sum(1 for _ in tune.chart.bars()))
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
        bass=order.bass,
        intro=order.intro,
        ending=order.ending,
        any_meter=True,
        laid_back=order.laid_back,
        touch=order.touch,
        dynamics=order.dynamics,
        gestures=order.gestures,
        articulate=not isinstance(model, Soloist),
    )
    takes = make_takes(model, replace(tune, title=order.title or ""), options, how, seed=seed, keep=order.count).best
    return [_made(take if order.title else take.titled(made_up_title(seed, rank))) for rank, take in enumerate(takes)]


def check_bars(bars: int) -> None:
    """Refuse a solo that is longer than the studio plays."""
    if bars > MAX_SOLO_BARS:
        raise OptionError(f"{bars} bars: the studio plays {MAX_SOLO_BARS} at most; ask for fewer choruses")


def play_bars_anew(folder: Path, midi: bytes, asked: BarsAsked, seed: int) -> list[Made]:
    """Play the unlocked ones of some bars of a take anew, one stretch after the other."""
    soloist = _soloist(folder)
    stretches = list(_stretches(asked))
    if not stretches:
        raise OptionError(f"bars {asked.first}-{asked.last} are locked; unlock some, or choose others")
    if len(stretches) > _MOST_STRETCHES:
        raise OptionError(f"{len(stretches)} stretches between locked bars: choose {_MOST_STRETCHES} at most")
    for stretch, chance in zip(stretches, np.random.SeedSequence(seed).spawn(len(stretches)), strict=True):
        retake = Retake(stretch, controls_from(asked.controls.asked(), soloist), _CANDIDATES)
        one_seed = seed if len(stretches) == 1 else int(chance.generate_state(1)[0])
        midi = _file(make_retake(soloist, read_midi(midi), retake, seed=one_seed, source=source_in(midi)))
    return [take_in(midi)]


def _stretches(asked: BarsAsked) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of each run of unlocked bars."""
    locked = set(asked.locked)
    for is_locked, run in groupby(range(asked.first, asked.last + 1), key=locked.__contains__):
        if not is_locked:
            bars = list(run)
            yield bars[0], bars[-1]


def play_on(folder: Path, midi: bytes, asked: LongerAsked, seed: int) -> list[Made]:
    """Add choruses to a take."""
    soloist = _soloist(folder)
    played = read_midi(midi)
    longer = Longer(asked.choruses, controls_from(asked.controls.asked(), soloist))
    take = make_longer(soloist, played, longer, seed=seed, source=source_in(midi))
    check_bars(sum(1 for _ in take.played.bars()))
    return [_made(take)]


def transpose(midi: bytes, semitones: int) -> list[Made]:
    """Transpose a take."""
    return [_made(make_transposed(read_midi(midi), semitones, source_in(midi)))]


def play_alike(folder: Path, midi: bytes, asked: LikeAsked, seed: int) -> list[Made]:
    """Play takes like another one, each with its own title."""
    takes = takes_like(_soloist(folder), midi, asked.count, seed=seed)
    return [_made(take.titled(made_up_title(seed, rank))) for rank, take in enumerate(takes)]


def draw(midi: bytes) -> Drawn:
    """Return the take for the page to draw."""
    return drawn(read_midi(midi))


def retimed(midi: bytes, timing: Timing) -> bytes:
    """Return the file at another tempo or swing; unchanged if nothing changes."""
    if timing == Timing():
        return midi
    return _file(make_retimed(read_midi(midi), timing, source_in(midi)))


def stems(midi: bytes) -> bytes:
    """Return a ZIP archive with a file for each part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in stems_bytes(read_midi(midi), recipe_in(midi), LAYOUT).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.mid"), data)  # dated 1980, so equal takes give equal bytes
    return buffer.getvalue()


def sheet(midi: bytes, bars_a_line: int) -> list[str]:
    """Return the lead sheet's pages as SVG for a screen."""
    return list(engrave(_written(midi), screen=Screen(bars_a_line)))


def musicxml(midi: bytes) -> bytes:
    """Return the lead sheet as MusicXML."""
    written = _written(midi)
    return musicxml_bytes(written.with_parts(written.melody), tidy=True)


def sheet_picture(midi: bytes) -> bytes:
    """Return the first page of the lead sheet as PNG."""
    return _by_path("sheet.png", lambda path: write_sheet(_written(midi), path))


def roll_picture(midi: bytes) -> bytes:
    """Return the piano roll as PNG."""
    from jazzgen.pictures.plots import write_piano_roll  # noqa: PLC0415 - brings matplotlib

    return _by_path("roll.png", lambda path: write_piano_roll(_written(midi), path))


def sound(midi: bytes, soundfont: Path) -> bytes:
    """Return the take as WAV."""
    return _by_path("solo.wav", lambda path: write_audio(read_midi(midi), path, soundfont=soundfont))


def _by_path(name: str, write: Callable[[Path], object]) -> bytes:
    """Return the bytes that a function writes to a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def _written(midi: bytes) -> Score:
    """Return the take as notated, without swing."""
    played = read_midi(midi)
    return as_written(played, heard_swing(played, recipe_in(midi)))


def _made(take: Take) -> Made:
    return take_in(_file(take))


def _file(take: Take) -> bytes:
    return midi_bytes(take.played, take.recipe.to_json(LAYOUT), LAYOUT)


def take_in(midi: bytes) -> Made:
    """Return a MIDI file as a take, with what a list shows of it."""
    return Made(about(read_midi(midi), recipe_or_none(midi)), midi)


def recipe_or_none(data: bytes) -> Json | None:
    """Return the recipe in a file; None if it is not MIDI or has none."""
    with suppress(JazzgenError):
        return recipe_in(data)
    return None


def load(models: Iterable[Path]) -> None:
    """Load models ahead of the first solo."""
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
