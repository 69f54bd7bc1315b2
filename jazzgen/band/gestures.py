"""Choose the gestures of a soloist: scoops, bends, vibrato and falls, on the performed notes that ask for them.

- A scoop comes up to an accented note near a beat, after a rest or at the top of a line.
- Vibrato is for long notes: straight at first, then growing, and gone by the end.
- A bend presses a blue note, the minor third or the flat fifth of a major key over a chord that lacks it, and lets go.
- A fall drops away from a phrase's last note, if it is neither short nor long, and fades out.

Vibrato is a pitch bend and never modulation (controller 1): any synthesizer follows the one, and what the other does is
the sound's own affair; both together would double it.

How often is set by ear. The Weimar Jazz Database annotates such gestures only where they are clearest, so its counts
are no rates (J. Abesser et al., "Score-Informed Analysis of Intonation and Pitch Modulation in Jazz Solos", ISMIR
2015).
Vibrato on strings is 0.2 to 0.35 half steps wide, at 5.5 to 8 Hz (R. Timmers and P. Desain, "Vibrato: Questions and
Answers from Musicians and Science", ICMPC 2000); a jazz saxophone's is set as wide and slower, by ear.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.harmony.changes import chord_at
from jazzgen.harmony.pitch import pitch_class
from jazzgen.music.gesture import FULL_LEVEL, MAX_CENTS, Gesture, Steps
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import MAX_LATE_TICKS
from jazzgen.music.timing import TICKS_PER_BEAT, tempo_seconds

_STEP_MS = 10.0  # between two steps, at least; set by ear
_PHRASE_GAP = TICKS_PER_BEAT // 2
# Chances where a gesture is possible. Set by ear, as are all lengths and depths below that name no source.
_SCOOP_AFTER_REST, _SCOOP_AT_TOP, _FALL, _BEND, _VIBRATO = 0.45, 0.2, 0.3, 0.5, 0.85
_SCOOP_MS, _SCOOP_CENTS, _SCOOP_SPREAD, _SCOOP_LIMITS = (60.0, 120.0), 60.0, 0.4, (25.0, 200.0)
_SCOOPED_MS, _SCOOP_SHARE = 150.0, 0.35  # a note's least length, and how much of it a scoop may take
_FALLING_MS, _FALL_STARTS, _FALL_CENTS = (180.0, 700.0), (0.4, 0.55), (200.0, float(MAX_CENTS))
_FALL_LEVEL, _FASTEST_FALL = 16.0, 3.0  # expression at its end; cents a millisecond on average
_BENT_MS, _BEND_STARTS, _BEND_CENTS = 280.0, 0.36, (25.0, 50.0)
_VIBRATO_MS, _STRAIGHT_MS, _VIBRATO_HZ, _VIBRATO_CENTS = 500.0, (200.0, 300.0), (4.8, 5.8), (20.0, 35.0)
_STRAIGHT_SHARE, _GROWS_MS, _EASES_MS = 0.4, 250.0, 60.0
_BLUE = (3, 6)  # half steps above a major key's tonic
# General MIDI programs without bends: pianos, mallets, organs and accordions; the harmonica (22) bends.
_FIXED_PITCH = frozenset(range(24)) - {22} | frozenset((46, 47, *range(112, 128)))  # harp, timpani, drums, effects


@dataclass(frozen=True, slots=True)
class _Heard:
    """A note among its neighbours: lengths in milliseconds, `ms_ticks` of its ticks a millisecond."""

    note: Note
    ms: float
    ms_ticks: float
    after_rest: bool
    is_top: bool
    ends_phrase: bool
    on_beat: bool
    is_blue: bool


def can_bend(part: Part) -> bool:
    """Return whether an instrument can bend its notes: no keyboard, mallets, harp or drums."""
    return not part.is_drums and part.program not in _FIXED_PITCH


def with_gestures(score: Score, *, rng: np.random.Generator) -> Score:
    """Give the solo gestures in place of those it has; none if the instrument cannot bend.

    Notes stay as they are, and one that still sounds when the next starts has none.

    Args:
        score: as performed, with its changes.
        rng: source of which notes, and of what each does.
    """
    solo, *band = score.parts
    heard = _heard(score) if can_bend(solo) else ()
    found = [gesture for one in heard if (gesture := _gesture(one, rng)) is not None]
    return score.with_parts(replace(solo, gestures=tuple(found)), *band)


def _heard(score: Score) -> Iterator[_Heard]:
    notes = score.melody.notes
    starts = [score.pickup, *(onset for onset, _ in score.meters[1:])]
    for index, note in enumerate(notes):
        before = notes[index - 1] if index else None
        after = notes[index + 1] if index + 1 < len(notes) else None
        if (after and after.onset < note.end) or (before and before.end > note.onset):
            continue
        ms = 1_000 * (tempo_seconds(score.tempos, note.end) - tempo_seconds(score.tempos, note.onset))
        first_beat = max((start for start in starts if start <= note.onset), default=starts[0])
        yield _Heard(
            note,
            ms,
            note.duration / ms,
            after_rest=before is None or note.onset - before.end >= _PHRASE_GAP,
            is_top=before is not None and note.pitch > before.pitch and (after is None or note.pitch >= after.pitch),
            ends_phrase=after is None or after.onset - note.end >= _PHRASE_GAP,
            on_beat=(note.onset - first_beat) % TICKS_PER_BEAT <= MAX_LATE_TICKS,
            is_blue=_is_blue(note, score),
        )


def _is_blue(note: Note, score: Score) -> bool:
    chord = chord_at(score.changes, note.onset)
    above = (note.pitch - pitch_class(score.key.tonic)) % 12
    return not score.key.minor and above in _BLUE and chord is not None and note.pitch % 12 not in chord.pitch_classes


def _gesture(one: _Heard, rng: np.random.Generator) -> Gesture | None:
    """Draw what a note does, None for nothing. Every note takes the same draws, so that none changes the next."""
    start, body, end, *shape = rng.random(10).tolist()
    bends: list[tuple[int, float]] = []
    levels: list[tuple[int, float]] = []
    if start < _scoop_chance(one):
        bends += _scoop(one, *shape[:2])
    falls = one.ends_phrase and _FALLING_MS[0] <= one.ms <= _FALLING_MS[1] and end < _FALL
    if falls:
        bends += (fall := _fall(one, *shape[2:4]))
        levels += ((tick, FULL_LEVEL + (_FALL_LEVEL - FULL_LEVEL) * cents / fall[-1][1]) for tick, cents in fall)
    elif one.ms >= _VIBRATO_MS and body < _VIBRATO:
        bends += _vibrato(one, *shape[4:])
    elif one.is_blue and one.ms >= _BENT_MS and body < _BEND:
        bends += _bend(one, shape[4])
    made = Gesture(one.note.onset, _steps(bends, 0), _steps(levels, FULL_LEVEL))
    return made if made.bends else None


def _scoop_chance(one: _Heard) -> float:
    if not one.on_beat or one.ms < _SCOOPED_MS:
        return 0.0
    return _SCOOP_AFTER_REST if one.after_rest else _SCOOP_AT_TOP * one.is_top


def _between(limits: tuple[float, float], share: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * share


def _scoop(one: _Heard, length: float, depth: float) -> list[tuple[int, float]]:
    """Rise from below: quickly first, then settling."""
    cents = min(max(_SCOOP_CENTS * math.exp(_SCOOP_SPREAD * _normal(depth)), _SCOOP_LIMITS[0]), _SCOOP_LIMITS[1])
    until = min(_between(_SCOOP_MS, length), _SCOOP_SHARE * one.ms)
    return _curve(one, 0, until, lambda ms: -cents * (1 - ms / until) ** 1.5)


def _normal(share: float) -> float:
    """Turn a uniform draw into one of about a standard normal distribution (the logistic one's quantile, scaled)."""
    share = min(max(share, 1e-3), 1 - 1e-3)
    return math.log(share / (1 - share)) / 1.702


def _fall(one: _Heard, start: float, depth: float) -> list[tuple[int, float]]:
    """Drop away faster and faster, to the note's end."""
    since = one.ms * _between(_FALL_STARTS, start)
    lasts = one.ms - since
    cents = min(_between(_FALL_CENTS, depth), _FASTEST_FALL * lasts)
    return _curve(one, since, one.ms, lambda ms: -cents * ((ms - since) / lasts) ** 1.6)


def _bend(one: _Heard, depth: float) -> list[tuple[int, float]]:
    """Press the note sharp and let go again."""
    cents, since = _between(_BEND_CENTS, depth), one.ms * _BEND_STARTS
    lasts = one.ms - since
    return _curve(one, since, one.ms, lambda ms: cents * math.sin(math.pi * (ms - since) / lasts))


def _vibrato(one: _Heard, straight: float, rate: float, depth: float) -> list[tuple[int, float]]:
    since, cents, hertz = (
        min(_between(_STRAIGHT_MS, straight), _STRAIGHT_SHARE * one.ms),
        _between(_VIBRATO_CENTS, depth),
        _between(_VIBRATO_HZ, rate),
    )

    def wave(ms: float) -> float:
        width = min((ms - since) / _GROWS_MS, (one.ms - ms) / _EASES_MS, 1.0)
        return -cents * max(width, 0.0) * math.sin(2 * math.pi * hertz * (ms - since) / 1_000)

    return _curve(one, since, one.ms, wave)


def _curve(one: _Heard, since: float, until: float, cents: Callable[[float], float]) -> list[tuple[int, float]]:
    """Return (ticks after the onset, cents) of a curve over milliseconds, a step each `_STEP_MS` or a little more."""
    step = max(math.ceil(_STEP_MS * one.ms_ticks), 2)
    first, last = round(since * one.ms_ticks), min(round(until * one.ms_ticks), one.note.duration - 1)
    ticks = range(first, last - step + 1, step)
    return [*((tick, cents(min(max(tick / one.ms_ticks, since), until))) for tick in ticks), (last, cents(until))]


def _steps(curve: Sequence[tuple[int, float]], rest: int) -> Steps:
    """Round a curve to whole values, without steps that change nothing or come in a tick that has one."""
    steps: list[tuple[int, int]] = []
    for tick, value in curve:
        before, held = steps[-1] if steps else (-1, rest)
        if tick > before and round(value) != held:
            steps.append((tick, round(value)))
    return tuple(steps)
