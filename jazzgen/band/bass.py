"""The bass: a walking line or the style's rhythm, with the root, another chord tone, or the slash bass at every change.

A line is sampled from a Markov chain over the pitches of the instrument. Its weights are how well a note fits its place
(chord tone, scale tone, other) times how it is reached (by step, by a chromatic or dominant approach, by a leap).
Forward sampling after backward messages makes each note take account of all that follow. The rules of a line are after
M. Levine, "The Jazz Theory Book" (1995), and R. Carter, "Building Jazz Bass Lines" (1998); the weights are set by ear.

By the rules a change has the root. A learned bassist draws every beat that it knows by its own probabilities
(`band.bassist`): a change has any chord tone there, and only the first note and a chorus's have to be the root. Notes
between beats, pedals and degrees that a style names remain the rules'.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np

from jazzgen.band.bassist import Listening
from jazzgen.band.players import Player, Register, Touch
from jazzgen.band.rhythm import GHOST, Hit, placed
from jazzgen.band.sounding import Sounding, sounding_at
from jazzgen.band.styles import Groove
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

_SPREAD = 7.0  # standard deviation about the register's center, half steps
_NEAR_TICKS = TICKS_PER_BEAT // 2
# Weight of a move by its size in half steps, from 0 to 12: within a chord, and to the first note of the next.
_MOVES = (0.12, 1.0, 1.3, 0.7, 0.6, 0.5, 0.06, 0.22, 0.03, 0.03, 0.01, 0.005, 0.08)
_ARRIVALS = (0.01, 2.0, 1.2, 0.15, 0.1, 0.6, 0.03, 0.4, 0.01, 0.01, 0.003, 0.002, 0.02)
_FAR = 1e-5  # weight of a larger move
# A learned bassist's moves, up to an octave and a fifth: 0.01 % of players' are larger (docs/results.md).
_WITHIN_REACH = (1.0,) * 20
# Factors on a move that keeps its direction: by step, and by a leap of so many half steps or more.
_ONWARD = 1.7
_LEAP_ONWARD = 0.4
_LEAP = 5
# Weights of tones.
_ROOT = 0.8
_CHORD_TONE = 1.0
_SCALE_TONE = 0.5
_OTHER = 0.04
_PEDAL = 25.0  # a slash bass
_BACK_BEAT = 4  # added velocity on beats 2 and 4


@dataclass(frozen=True, slots=True)
class Step:
    """A place for a note.

    Attributes:
        onset, end: ticks.
        sounding: the chord that sounds there.
        hit: the stroke of the rhythm.
        opens: whether it is the first note of the line or of a chorus.
    """

    onset: int
    end: int
    sounding: Sounding
    hit: Hit
    opens: bool

    @property
    def arrives(self) -> bool:
        return self.onset == self.sounding.onset


def bass_notes(
    player: Player,
    score: Score,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    *,
    learned: Listening | None = None,
    rng: np.random.Generator,
) -> Notes:
    """Return the bass's notes over the score's bars; `learned` draws the pitches of the beats that it knows."""
    steps = list(_steps(score, grooves, sounding, rng))
    pitches = _draw_line(steps, player.register, learned, rng)
    noise = rng.normal(0, player.touch.velocity_spread, len(steps))
    return tuple(
        Note(step.onset, step.end - step.onset, pitch, round(_level(step, player.touch) + jitter))
        for step, pitch, jitter in zip(steps, pitches, noise.tolist(), strict=True)
    )


def _level(step: Step, touch: Touch) -> int:
    """Return the mean velocity of a note."""
    stress = touch.ghost if step.hit.stress == GHOST else _BACK_BEAT * (step.hit.beats % 2 == 1)
    return touch.velocity + stress


def _steps(
    score: Score, grooves: Sequence[tuple[Bar, Groove]], sounding: Sequence[Sounding], rng: np.random.Generator
) -> Iterator[Step]:
    """Yield the places of notes: the hits of the bars' rhythms, and changes that they miss."""
    hits: dict[int, tuple[int | None, Hit]] = {}
    for bar, groove in grooves:
        rhythm = groove.bass[int(rng.integers(len(groove.bass)))]
        hits |= {tick: (length, hit) for tick, length, hit in placed(rhythm, bar)}
    for tick in {chord.onset for chord in sounding} - set(hits):
        for near in range(tick - _NEAR_TICKS + 1, tick + _NEAR_TICKS):
            hits.pop(near, None)
        hits[tick] = None, Hit(Fraction(0))
    tops = {mark.onset for mark in score.marked("chorus")} | {min(hits, default=0)}
    for tick, following in pairwise([*sorted(hits), score.end]):
        chord = sounding_at(sounding, tick)
        if chord:
            length, hit = hits[tick]
            yield Step(tick, min(following, chord.silence, tick + (length or following)), chord, hit, tick in tops)


def _draw_line(
    steps: Sequence[Step], register: Register, learned: Listening | None, rng: np.random.Generator
) -> list[int]:
    """Draw a pitch for each step. The states are the pitches reached from above, then those reached from below."""
    if not steps:
        return []
    known = [learned is not None and learned.knows(step.onset) for step in steps]
    fits = [np.tile(_fit(step, register, free=free), 2) for step, free in zip(steps, known, strict=True)]
    moves = [_moves(step, register, free=free) for step, free in zip(steps, known, strict=True)]
    ahead = _ahead(fits, moves, known)
    line: list[int] = []
    for step, fit, move, onward in zip(steps, fits, moves, ahead, strict=True):
        weights = (move[line[-1]] * fit if line else fit) * onward
        if learned:
            weights = weights * np.tile(learned.chances(step.onset, register), 2)
        line.append(_draw(weights, rng))
        if learned:
            learned.hear(step.onset, _pitch(line[-1], register))
    return [_pitch(state, register) for state in line]


def _ahead(fits: Sequence[np.ndarray], moves: Sequence[np.ndarray], known: Sequence[bool]) -> list[np.ndarray]:
    """Return how well a line can continue from each state of each step, up to the next that a bassist draws.

    A bassist hears the chords to come, so nothing is looked ahead for it.
    """
    ahead = [np.ones(len(fits[0]))]
    for fit, move, drawn in zip(fits[:0:-1], moves[:0:-1], known[:0:-1], strict=True):
        onward = np.ones(len(fit)) if drawn else move @ (fit * ahead[-1])
        ahead.append(onward / onward.sum())
    return ahead[::-1]


def _pitch(state: int, register: Register) -> int:
    return register.low + state % (register.high - register.low + 1)


def _draw(weights: np.ndarray, rng: np.random.Generator) -> int:
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right"))


def _pitches(register: Register) -> np.ndarray:
    return np.arange(register.low, register.high + 1)


def _fit(step: Step, register: Register, *, free: bool) -> np.ndarray:
    """Return how well each pitch fits (pitches,): by its pitch class and its distance from the register's center.

    `free` leaves both to a learned bassist, as far as `_allowed` lets it.
    """
    pitches = _pitches(register)
    classes = np.zeros(12)
    for pitch_class, weight in (_allowed(step) if free else _tones(step)).items():
        classes[pitch_class] = weight
    distances = np.zeros(len(pitches)) if free else (pitches - register.center) / _SPREAD
    return classes[pitches % 12] * np.exp(-(distances**2) / 2)


def _allowed(step: Step) -> dict[int, float]:
    """Return the pitch classes that a learned bassist may choose from, weighted where the rules hold a pedal."""
    chord = step.sounding.chord
    if step.opens:
        return {chord.bass_class: 1.0}
    if chord.bass or step.hit.degree:
        return _tones(step)
    if not step.arrives:
        return dict.fromkeys(range(12), 1.0)
    return dict.fromkeys(chord.pitch_classes, 1.0)


def _tones(step: Step) -> dict[int, float]:
    """Return weights of pitch classes; a single class at a change, or where the rhythm names a degree."""
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
    """Return the pitch class of a degree as styles write it."""
    chord: Chord = sounding.chord
    if name == "N":
        return (sounding.after or chord).bass_class
    if name == "R" or chord.bass:
        return chord.bass_class
    third, fifth, seventh = chord.skeleton
    tone = {"3": third, "5": fifth or 7, "7": seventh}[name]
    return (chord.root_class + (tone or 0)) % 12


def _moves(step: Step, register: Register, *, free: bool) -> np.ndarray:
    """Return the weights (states, states) of moves to a step; within its reach a learned bassist is free."""
    if free:
        return _move_matrix(_WITHIN_REACH, register, onward=1.0, leap_onward=1.0)
    return _move_matrix(_ARRIVALS if step.arrives else _MOVES, register)


@cache
def _move_matrix(
    by_size: tuple[float, ...], register: Register, onward: float = _ONWARD, leap_onward: float = _LEAP_ONWARD
) -> np.ndarray:
    """Return the weights (states, states) of moves between states, by size, and by whether the direction is kept."""
    pitches = _pitches(register)
    steps = pitches[None, :] - pitches[:, None]
    sizes = np.abs(steps)
    plain = np.where(sizes < len(by_size), np.take(by_size, np.minimum(sizes, len(by_size) - 1)), _FAR)
    kept = np.where(sizes >= _LEAP, leap_onward, onward)
    falls = plain * (steps < 0)
    rises = plain * (steps > 0)
    stays = np.diag(np.diag(plain))
    from_above = np.concatenate([falls * kept + stays, rises], axis=1)
    from_below = np.concatenate([falls, rises * kept + stays], axis=1)
    return np.concatenate([from_above, from_below])
