"""A retake: some bars of a solo anew, and the rest, the band's too, as it was played."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen import __version__
from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.codec.events import to_arrays
from jazzgen.errors import CorpusError, OptionError
from jazzgen.formats.midi.events import load_events
from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.formats.reading import read_bytes
from jazzgen.improvise.by_ear import odds_since
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.infill import Judge, regenerate
from jazzgen.improvise.options import check_takes, controls_to_json
from jazzgen.improvise.plan import plan_like
from jazzgen.improvise.play import Tally
from jazzgen.improvise.policy import Policy, who_of
from jazzgen.improvise.usual import in_groove
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import MAX_RATIO, swing_ratio
from jazzgen.music.timing import TICKS_PER_TATUM
from jazzgen.takes.take import Take

_Recipe = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Retake:
    """What to play anew.

    Attributes:
        bars: the first and the last.
        controls: what the new notes are held to; targets lie in the bars.
        candidates: how many to choose from, by how well what follows goes on from them.
        swing: the ratio that eighths are played in; None for the recipe's, or what the tempo asks for.
    """

    bars: tuple[int, int]
    controls: Controls = Controls()
    candidates: int = 16
    swing: float | None = None

    def __post_init__(self) -> None:
        check_takes(self.candidates)
        for target in self.controls.targets:
            if not self.bars[0] <= target.bar <= self.bars[1]:
                where = f"{self.bars[0]}-{self.bars[1]}"
                raise OptionError(f"target '{target}': bar {target.bar} is kept; give targets in bars {where}")


def make_retake(soloist: Soloist, played: Score, retake: Retake, *, seed: int, source: _Recipe | None = None) -> Take:
    """Plays bars anew: the same for the same arguments.

    What starts in the bars is replaced; every other note stays as it is, to the tick. A note that rings into the bars
    is let ring.

    Args:
        soloist: the model.
        played: a solo as played, in its own timing, with its changes.
        retake: which bars, and how.
        seed: of all that is chance.
        source: the recipe of `played`, if it has one: it tells how it swings.

    Raises:
        OptionError: when there are no such bars.
    """
    gap, rng = _ticks_of(played, retake.bars), np.random.default_rng(seed)
    swing = swing_of(source)
    written = as_written(played, swing)
    if retake.swing is not None:
        swing, written = retake.swing, replace(written, feel="swing")
    whole, new = with_new_bars(soloist, written, gap, retake, rng)
    performed = arrange(whole.with_parts(whole.melody), Arrangement(band=(), swing=swing, articulate=False), rng=rng)
    kept = [note for note in played.melody.notes if note.onset not in gap]
    notes = sorted((*kept, *fitted(performed.melody.notes[new], kept, gap)))
    return Take(whole, _with_melody(played, tuple(notes)), _recipe(soloist, retake, seed, source))


def _recipe(soloist: Soloist, retake: Retake, seed: int, source: _Recipe | None) -> dict[str, Any]:
    return {
        "jazzgen": __version__,
        "model": soloist.name,
        "weights": soloist.checksum,
        "seed": seed,
        "bars": list(retake.bars),
        "controls": controls_to_json(retake.controls),
        "candidates": retake.candidates,
        "swing": retake.swing,
        "source": source,
    }


def read_recipe(path: Path) -> dict[str, Any] | None:
    """The recipe in a MIDI file that jazzgen wrote; None if it holds none that can be read.

    Raises:
        CorpusError: when the file is not MIDI.
    """
    try:
        return recipe_in(read_bytes(path))
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def recipe_in(data: bytes) -> dict[str, Any] | None:
    """The recipe in the bytes of a MIDI file, as `read_recipe`."""
    return read_recipe_text(text.text for text in load_events(data).texts)


def read_source(path: Path) -> dict[str, Any] | None:
    """The recipe of a file that is to be worked on, with its checksum, which tells if it was changed by hand."""
    return _summed(read_recipe(path), read_bytes(path))


def source_in(data: bytes) -> dict[str, Any] | None:
    """As `read_source`, of the bytes of a MIDI file."""
    return _summed(recipe_in(data), data)


def _summed(recipe: dict[str, Any] | None, data: bytes) -> dict[str, Any] | None:
    return recipe and {**recipe, "sha256": sha256(data).hexdigest()}


def _ticks_of(played: Score, bars: tuple[int, int]) -> range:
    """From the first bar's start to the last one's end."""
    found = [bar for bar in played.bars() if bars[0] <= bar.number <= bars[1]]
    if not found or (found[0].number, found[-1].number) != bars:
        numbers = [bar.number for bar in played.bars()]
        raise OptionError(f"bars {bars[0]}-{bars[1]}: '{played.title}' has bars {numbers[0]} to {numbers[-1]}")
    return range(found[0].onset, found[-1].end)


def with_new_bars(
    soloist: Soloist, written: Score, gap: range, retake: Retake, rng: np.random.Generator
) -> tuple[Score, slice]:
    """The written solo with the best candidate in the gap, and where in its notes that is."""
    kept = tuple(note for note in written.melody.notes if note.onset not in gap)
    stage = Stage.of(written)
    who = who_of(in_groove(retake.controls, written.feel), soloist)
    session = Tally(soloist.net, soloist.memory, stage, 1, who)
    if soloist.habits is not None:
        session.follow([plan_like(written, retake.controls, stage, who)])
    tatums = range(gap.start // TICKS_PER_TATUM, -(-gap.stop // TICKS_PER_TATUM))
    line, policy = to_arrays(_with_melody(written, kept)), Policy(retake.controls, stage, soloist)
    best = regenerate(
        session, policy, line, tatums, retake.candidates, written.end, rng=rng, judge=_judge(soloist, stage)
    )[0].notes
    before = sum(note.onset < gap.start for note in kept)
    notes = (*kept[:before], *best, *kept[before:])
    return _with_melody(written, notes), slice(before, before + len(best))


def _judge(soloist: Soloist, stage: Stage) -> Judge | None:
    """The soloist's ear, if it has one."""
    ear = soloist.ear
    return None if ear is None else lambda session, before: odds_since(session, stage, ear, before)


def fitted(notes: Iterable[Note], kept: Sequence[Note], gap: range) -> Iterator[Note]:
    """Notes as they are played, cut so that they overlap none that is kept."""
    start = max((note.end for note in kept if note.onset < gap.start), default=0)
    end = min((note.onset for note in kept if note.onset >= gap.stop), default=None)
    for note in notes:
        onset, stop = max(note.onset, start), note.end if end is None else min(note.end, end)
        if onset < stop:
            yield replace(note, onset=onset, duration=stop - onset)


def _with_melody(score: Score, notes: Notes) -> Score:
    return score.with_parts(replace(score.melody, notes=notes), *score.parts[1:])


def first_recipe(source: _Recipe | None) -> _Recipe:
    """The recipe of the take that all others come from; empty if there is none."""
    return next(iter(deque(chain(source), maxlen=1)), {})


def swing_of(source: _Recipe | None) -> float | None:
    """The ratio that a recipe makes eighths swing in, 1 if they are even; None if there is no recipe to tell."""
    for recipe in chain(source):
        if recipe.get("op") == "retimed":
            return _ratio(recipe.get("swing"))
    recipe = first_recipe(source)
    options, arrangement = (_mapping(recipe.get(name)) for name in ("options", "arrangement"))
    if recipe.get("straight") is True or options.get("feel") == "straight" or arrangement.get("perform") is False:
        return 1.0
    bpm = options.get("bpm")
    by_tempo = swing_ratio(bpm) if isinstance(bpm, int | float) else None
    return _ratio(arrangement.get("swing")) or by_tempo


def chain(source: _Recipe | None) -> Iterator[_Recipe]:
    """The recipe, that of its source, and so on."""
    while source:
        yield source
        source = _mapping(source.get("source"))


def _mapping(value: Any) -> _Recipe:
    return value if isinstance(value, Mapping) else {}


def _ratio(swing: Any) -> float | None:
    return float(swing) if isinstance(swing, int | float) and 1 <= swing <= MAX_RATIO else None
