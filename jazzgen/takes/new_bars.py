"""A retake: some bars of a solo anew, and the rest, the band's too, as it was played."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.codec.events import to_arrays
from jazzgen.errors import OptionError
from jazzgen.improvise.by_ear import odds_since
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.infill import Judge, fill_gap
from jazzgen.improvise.options import check_takes
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
from jazzgen.takes.plain import Json
from jazzgen.takes.reading import NOTHING_ASKED, Asked
from jazzgen.takes.recipe import Recipe, improvised, known_steps
from jazzgen.takes.steps import Retaken, Retimed
from jazzgen.takes.take import Take


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


def make_retake(
    soloist: Soloist,
    played: Score,
    retake: Retake,
    *,
    seed: int,
    source: Json | None = None,
    asked: Asked = NOTHING_ASKED,
) -> Take:
    """Plays bars anew: the same for the same arguments.

    What starts in the bars is replaced; every other note stays as it is, to the tick. A note that rings into the bars
    is let ring.

    Args:
        soloist: the model.
        played: a solo as played, in its own timing, with its changes.
        retake: which bars, and how.
        seed: of all that is chance.
        source: the recipe of `played`, if it has one: it tells how it swings.
        asked: what was said of the solo as it was read, kept in the recipe.

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
    return Take(whole, _with_melody(played, tuple(notes)), _recipe(soloist, retake, seed, source, asked))


def _recipe(soloist: Soloist, retake: Retake, seed: int, source: Json | None, asked: Asked) -> Recipe:
    how = retake.bars, retake.controls, retake.candidates, retake.swing
    return Recipe(Retaken(soloist.name, soloist.checksum, seed, *how, asked), source)


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
    best = fill_gap(
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


def swing_of(source: Json | None) -> float | None:
    """The ratio that a recipe makes eighths swing in, 1 if they are even; None if there is no recipe to tell."""
    for step in known_steps(source):
        if isinstance(step, Retimed):
            return step.swing
    first = improvised(source)
    if first is None:
        return None
    if first.straight or first.options.feel == "straight" or not first.arrangement.perform:
        return 1.0
    swing = first.arrangement.swing
    return swing if swing is not None and 1 <= swing <= MAX_RATIO else swing_ratio(first.options.bpm)
