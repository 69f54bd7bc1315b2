"""Retakes: play some bars of a solo anew and keep every other note, the band's included."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.perform import with_swing
from jazzgen.band.touch import touches_of
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
from jazzgen.learning.touch.perform import Touched
from jazzgen.music.gesture import fitting
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import MAX_RATIO, swing_ratio
from jazzgen.music.timing import TICKS_PER_TATUM
from jazzgen.music.written import is_told, written_onset
from jazzgen.takes.plain import Json
from jazzgen.takes.reading import NOTHING_ASKED, Asked
from jazzgen.takes.recipe import Recipe, improvised, known_steps
from jazzgen.takes.steps import Retaken, Retimed
from jazzgen.takes.take import Take


@dataclass(frozen=True, slots=True)
class Retake:
    """Which bars to play anew, and how.

    Attributes:
        bars: the first and the last bar, both included.
        controls: for the new notes; targets must lie in the bars.
        candidates: the number of candidates; the one that leads best into the notes after it is kept.
        swing: ratio of the first eighth to the second; None for the recipe's, or else that of the tempo.
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
    """Play bars anew; the same arguments give the same take.

    Notes written in the bars are replaced; every other note stays as it is, to the tick. A note that starts before the
    bars keeps its length. The new notes are touched so that they follow from those before them.

    Args:
        soloist: the model.
        played: a solo as played, in its own timing, with its changes.
        retake: which bars, and how.
        seed: of all random choices.
        source: the recipe of `played`, which gives its swing; None if it has none.
        asked: what was said of the solo as it was read; it goes into the recipe.

    Raises:
        OptionError: when the solo does not have the bars.
    """
    gap = _ticks_of(played, retake.bars)
    rng = np.random.default_rng(seed)
    swing = swing_of(source)
    written = as_written(played, swing)
    if retake.swing is not None:
        swing = retake.swing
        written = replace(written, feel="swing")
    whole, new = with_new_bars(soloist, written, gap, retake, rng)
    kept = [note for note in played.melody.notes if written_onset(note) not in gap]
    how = _how(played, swing, source)
    touches = _kept_touches(tuple(kept), whole, new, swing) if how.touch else ()
    performed = arrange(whole.with_parts(whole.melody), how, kept=touches, rng=rng).melody
    fresh = list(fitted(performed.notes[new], kept, gap))
    gestures = sorted((*fitting(played.melody.gestures, kept), *fitting(performed.gestures, fresh)))
    melody = replace(played.melody, notes=tuple(sorted((*kept, *fresh))), gestures=tuple(gestures))
    return Take(whole, played.with_parts(melody, *played.parts[1:]), _recipe(soloist, retake, seed, source, asked))


def _how(played: Score, swing: float | None, source: Json | None) -> Arrangement:
    """Return how new notes are played: as the first take was by its recipe, else as usual."""
    gestures = bool(played.melody.gestures)
    usual = Arrangement(band=(), swing=swing, articulate=False, gestures=gestures)
    first = improvised(source)
    if first is None:
        return usual
    was = first.arrangement
    late = was.laid_back if was.touch else usual.laid_back  # before there was touch, new bars were laid back as usual
    return replace(usual, touch=was.touch, dynamics=was.dynamics, laid_back=late, player=was.player)


def _kept_touches(kept: Notes, whole: Score, new: slice, swing: float | None) -> tuple[Touched | None, ...]:
    """Return the touches of the kept notes, None for each new one; empty if a kept one does not tell its place."""
    if not is_told(kept):
        return ()
    swung = with_swing(whole.with_parts(whole.melody), swing).melody.notes
    places = (*swung[: new.start], *swung[new.stop :])
    touches = touches_of(kept, places, whole.bpm)
    return (*touches[: new.start], *[None] * (new.stop - new.start), *touches[new.start :])


def _recipe(soloist: Soloist, retake: Retake, seed: int, source: Json | None, asked: Asked) -> Recipe:
    how = retake.bars, retake.controls, retake.candidates, retake.swing
    return Recipe(Retaken(soloist.name, soloist.checksum, seed, *how, asked), source)


def _ticks_of(played: Score, bars: tuple[int, int]) -> range:
    """Return the ticks from the first bar's start to the last one's end."""
    found = [bar for bar in played.bars() if bars[0] <= bar.number <= bars[1]]
    if not found or (found[0].number, found[-1].number) != bars:
        numbers = [bar.number for bar in played.bars()]
        raise OptionError(f"bars {bars[0]}-{bars[1]}: '{played.title}' has bars {numbers[0]} to {numbers[-1]}")
    return range(found[0].onset, found[-1].end)


def with_new_bars(
    soloist: Soloist, written: Score, gap: range, retake: Retake, rng: np.random.Generator
) -> tuple[Score, slice]:
    """Return the written solo with the best candidate in the gap, and the slice of its notes that are new."""
    kept = tuple(note for note in written.melody.notes if note.onset not in gap)
    stage = Stage.of(written)
    who = who_of(in_groove(retake.controls, written.feel), soloist)
    session = Tally(soloist.net, soloist.memory, stage, 1, who)
    if soloist.habits is not None:
        session.follow([plan_like(written, retake.controls, stage, who)])
    tatums = range(gap.start // TICKS_PER_TATUM, -(-gap.stop // TICKS_PER_TATUM))
    line = to_arrays(_with_melody(written, kept))
    policy = Policy(retake.controls, stage, soloist)
    best = fill_gap(
        session, policy, line, tatums, retake.candidates, written.end, rng=rng, judge=_judge(soloist, stage)
    )[0].notes
    before = sum(note.onset < gap.start for note in kept)
    notes = (*kept[:before], *best, *kept[before:])
    return _with_melody(written, notes), slice(before, before + len(best))


def _judge(soloist: Soloist, stage: Stage) -> Judge | None:
    """Return a judge by the soloist's ear; None if it has no ear."""
    ear = soloist.ear
    return None if ear is None else lambda session, before: odds_since(session, stage, ear, before)


def fitted(notes: Iterable[Note], kept: Sequence[Note], gap: range) -> Iterator[Note]:
    """Yield the notes, cut or left out so that they overlap none of those kept."""
    start = max((note.end for note in kept if written_onset(note) < gap.start), default=0)
    end = min((note.onset for note in kept if written_onset(note) >= gap.stop), default=None)
    for note in notes:
        onset = max(note.onset, start)
        stop = note.end if end is None else min(note.end, end)
        if onset < stop:
            yield replace(note.started_at(onset), duration=stop - onset)


def _with_melody(score: Score, notes: Notes) -> Score:
    return score.with_parts(replace(score.melody, notes=notes), *score.parts[1:])


def swing_of(source: Json | None) -> float | None:
    """Return the swing ratio by a recipe, 1 for even eighths; None without a readable recipe."""
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
