"""The bass: a walking line or the style's rhythm, with the root (or the slash bass) at every change.

A line is sampled from a Markov chain over the pitches of the instrument. Its weights are how well a note fits its place
(chord tone, scale tone, other) times how it is reached (by step, by a chromatic or dominant approach, by a leap).
Forward sampling after backward messages makes each note take account of all that follow. The rules of a line are after
M. Levine, "The Jazz Theory Book" (1995), and R. Carter, "Building Jazz Bass Lines" (1998); the weights are set by ear.

A learned bassist has a say on every beat that it knows (`band.bassist`): there its probabilities are multiplied with
the rules' weights, which are softened. Notes between beats, and the roots at changes, remain the rules'.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np

from jazzgen.band.bassist import RULES_SAY, Listening
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
    """A place for a note, in ticks: the chord that sounds there, and the stroke of the rhythm."""

    onset: int
    end: int
    sounding: Sounding
    hit: Hit

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
    """Return the bass's notes over the score's bars; `learned` has a say on them."""
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
    for tick, following in pairwise([*sorted(hits), score.end]):
        chord = sounding_at(sounding, tick)
        if chord:
            length, hit = hits[tick]
            yield Step(tick, min(following, chord.silence, tick + (length or following)), chord, hit)


def _draw_line(
    steps: Sequence[Step], register: Register, learned: Listening | None, rng: np.random.Generator
) -> list[int]:
    """Draw a pitch for each step. The states are the pitches reached from above, then those reached from below."""
    if not steps:
        return []
    says = [RULES_SAY if learned and learned.knows(step.onset) else 1.0 for step in steps]
    tables = [_ARRIVALS if step.arrives else _MOVES for step in steps]
    fits = [np.tile(_fit(step, register), 2) ** say for step, say in zip(steps, says, strict=True)]
    moves = [_move_matrix(table, register, say) for table, say in zip(tables, says, strict=True)]
    ahead = [np.ones(len(fits[0]))]  # how well a line can continue from each state
    for fit, move in zip(fits[:0:-1], moves[:0:-1], strict=True):
        onward = move @ (fit * ahead[-1])
        ahead.append(onward / onward.sum())
    ahead.reverse()
    line: list[int] = []
    for step, fit, move, onward in zip(steps, fits, moves, ahead, strict=True):
        weights = (move[line[-1]] * fit if line else fit) * onward
        if learned:
            weights = weights * np.tile(learned.chances(step.onset, register), 2)
        line.append(_draw(weights, rng))
        if learned:
            learned.hear(step.onset, _pitch(line[-1], register))
    return [_pitch(state, register) for state in line]


def _pitch(state: int, register: Register) -> int:
    return register.low + state % (register.high - register.low + 1)


def _draw(weights: np.ndarray, rng: np.random.Generator) -> int:
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right"))


def _pitches(register: Register) -> np.ndarray:
    return np.arange(register.low, register.high + 1)


def _fit(step: Step, register: Register) -> np.ndarray:
    """Return how well each pitch fits (pitches,): by its pitch class and its distance from the register's center."""
    pitches = _pitches(register)
    classes = np.zeros(12)
    for pitch_class, weight in _tones(step).items():
        classes[pitch_class] = weight
    return classes[pitches % 12] * np.exp(-(((pitches - register.center) / _SPREAD) ** 2) / 2)


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


@cache
def _move_matrix(by_size: tuple[float, ...], register: Register, say: float = 1.0) -> np.ndarray:
    """Return the weights (states, states) of moves between states; to the power `say`, but of leaps over an octave."""
    pitches = _pitches(register)
    steps = pitches[None, :] - pitches[:, None]
    sizes = np.abs(steps)
    if say != 1.0:
        softened = _move_matrix(by_size, register) ** say
        return np.where(np.tile(sizes, (2, 2)) < len(by_size), softened, _FAR)
    plain = np.where(sizes < len(by_size), np.take(by_size, np.minimum(sizes, len(by_size) - 1)), _FAR)
    onward = np.where(sizes >= _LEAP, _LEAP_ONWARD, _ONWARD)
    falls = plain * (steps < 0)
    rises = plain * (steps > 0)
    stays = np.diag(np.diag(plain))
    from_above = np.concatenate([falls * onward + stays, rises], axis=1)
    from_below = np.concatenate([falls, rises * onward + stays], axis=1)
    return np.concatenate([from_above, from_below])
