"""The bass: a walking line, or what the style's rhythm says, with the root (or the slash bass) at every change.

A line is drawn from a Markov chain over the pitches of the instrument. How well a note fits its place (chord tone,
scale tone, anything else) is one factor, how it is reached another: by step, by a chromatic or dominant approach, with
a reason for each leap. Every line is weighed before one is drawn (messages backward, samples forward), so that the one
drawn knows where it is going. What makes a line is after M. Levine, "The Jazz Theory Book" (1995), and R. Carter,
"Building Jazz Bass Lines" (1998).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from jazzgen.band.instruments import BASSES, seat
from jazzgen.band.rhythm import GHOST, Hit, placed
from jazzgen.band.sounding import Sounding, sounding_at
from jazzgen.band.styles import Groove, Style
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

LOW, HIGH = 28, 55  # E1, the lowest string, to G3
_CENTER, _SPREAD = 38.0, 7.0
_PITCHES = np.arange(LOW, HIGH + 1)
_NEAR_TICKS = TICKS_PER_BEAT // 2
# Weight of a move by its size in half steps, up to an octave: within a chord, and to the first note of the next.
_MOVES = (0.12, 1.0, 1.3, 0.7, 0.6, 0.5, 0.06, 0.22, 0.03, 0.03, 0.01, 0.005, 0.08)
_ARRIVALS = (0.01, 2.0, 1.2, 0.15, 0.1, 0.6, 0.03, 0.4, 0.01, 0.01, 0.003, 0.002, 0.02)
_FAR = 1e-5
_ONWARD, _LEAP_ONWARD, _LEAP = 1.7, 0.4, 5
# How well a tone fits.
_ROOT, _CHORD_TONE, _SCALE_TONE, _OTHER, _PEDAL = 0.8, 1.0, 0.5, 0.04, 25.0
_VELOCITY, _GHOST_VELOCITY, _BACK_BEAT, _JITTER = 80, 52, 4, 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """A note to be chosen: ticks, what sounds, whether that is new here, and what the rhythm says."""

    onset: int
    end: int
    sounding: Sounding
    hit: Hit

    @property
    def arrives(self) -> bool:
        return self.onset == self.sounding.onset


def bass_part(
    score: Score,
    style: Style,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    *,
    rng: np.random.Generator,
) -> Part:
    """The bass's part over the score's bars."""
    steps = list(_steps(score, grooves, sounding, rng))
    pitches, noise = _draw_line(steps, rng), rng.normal(0, _JITTER, len(steps))
    notes = (
        Note(step.onset, step.end - step.onset, pitch, _velocity(step, jitter))
        for step, pitch, jitter in zip(steps, pitches, noise.tolist(), strict=True)
    )
    return replace(seat("bass", score, BASSES[style.bass]), notes=tuple(notes))


def _velocity(step: Step, jitter: float) -> int:
    level = _GHOST_VELOCITY if step.hit.stress == GHOST else _VELOCITY + _BACK_BEAT * (step.hit.beats % 2 == 1)
    return round(level + jitter)


def _steps(
    score: Score, grooves: Sequence[tuple[Bar, Groove]], sounding: Sequence[Sounding], rng: np.random.Generator
) -> Iterator[Step]:
    """Where the bass plays: the hits of its rhythms, and the changes that they miss."""
    hits: dict[int, tuple[int | None, Hit]] = {}
    for bar, groove in grooves:
        rhythm = groove.bass[int(rng.integers(len(groove.bass)))]
        hits |= {tick: (length, hit) for tick, length, hit in placed(rhythm, bar)}
    for tick in {chord.onset for chord in sounding} - set(hits):
        for near in range(tick - _NEAR_TICKS + 1, tick + _NEAR_TICKS):
            hits.pop(near, None)
        hits[tick] = None, Hit(Fraction(0))
    for tick, following in pairwise([*sorted(hits), score.end]):
        chord = sounding_at(sounding, tick)
        if chord:
            length, hit = hits[tick]
            yield Step(tick, min(following, chord.silence, tick + (length or following)), chord, hit)


def _draw_line(steps: Sequence[Step], rng: np.random.Generator) -> list[int]:
    """A pitch for each step. States are pitches reached from above and from below, in this order."""
    if not steps:
        return []
    fits = [np.tile(_fit(step), 2) for step in steps]
    moves = [_ARRIVAL_MATRIX if step.arrives else _MOVE_MATRIX for step in steps]
    ahead = [np.ones(len(fits[0]))]  # how well a line can go on from each state
    for fit, move in zip(fits[:0:-1], moves[:0:-1], strict=True):
        onward = move @ (fit * ahead[-1])
        ahead.append(onward / onward.sum())
    ahead.reverse()
    state = _draw(fits[0] * ahead[0], rng)
    line = [state]
    for fit, move, onward in zip(fits[1:], moves[1:], ahead[1:], strict=True):
        line.append(state := _draw(move[state] * fit * onward, rng))
    return [int(_PITCHES[state % len(_PITCHES)]) for state in line]


def _draw(weights: np.ndarray, rng: np.random.Generator) -> int:
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right"))


def _fit(step: Step) -> np.ndarray:
    """How well each pitch fits, (pitches,)."""
    classes = np.zeros(12)
    for pitch_class, weight in _tones(step).items():
        classes[pitch_class] = weight
    return classes[_PITCHES % 12] * _REGISTER


def _tones(step: Step) -> dict[int, float]:
    """Weights of pitch classes: one alone at a change or if the rhythm names a degree."""
    chord = step.sounding.chord
    if step.arrives:
        return {chord.bass_class: 1.0}
    if step.hit.degree:
        return {_degree(step.hit.degree, step.sounding): 1.0}
    scale = {(chord.root_class + tone) % 12 for tone in chord_scale(chord)}
    weights = {tone: _SCALE_TONE if tone in scale else _OTHER for tone in range(12)}
    weights |= dict.fromkeys(chord.pitch_classes, _CHORD_TONE) | {chord.bass_class: _ROOT}
    return weights | {chord.bass_class: _PEDAL} if chord.bass else weights


def _degree(name: str, sounding: Sounding) -> int:
    """Pitch class of a degree as styles name them."""
    chord: Chord = sounding.chord
    if name == "N":
        return (sounding.after or chord).bass_class
    if name == "R" or chord.bass:
        return chord.bass_class
    third, fifth, seventh = chord.skeleton
    tone = {"3": third, "5": fifth or 7, "7": seventh}[name]
    return (chord.root_class + (tone or 0)) % 12


def _move_matrix(by_size: Sequence[float]) -> np.ndarray:
    """Weights (states, states) of going from one to another."""
    steps = _PITCHES[None, :] - _PITCHES[:, None]
    sizes = np.abs(steps)
    plain = np.where(sizes < len(by_size), np.take(by_size, np.minimum(sizes, len(by_size) - 1)), _FAR)
    onward = np.where(sizes >= _LEAP, _LEAP_ONWARD, _ONWARD)
    falls, rises = plain * (steps < 0), plain * (steps > 0)
    stays = np.diag(np.diag(plain))
    from_above = np.concatenate([falls * onward + stays, rises], axis=1)
    from_below = np.concatenate([falls, rises * onward + stays], axis=1)
    return np.concatenate([from_above, from_below])


_REGISTER = np.exp(-(((_PITCHES - _CENTER) / _SPREAD) ** 2) / 2)
_MOVE_MATRIX, _ARRIVAL_MATRIX = _move_matrix(_MOVES), _move_matrix(_ARRIVALS)
