"""Comping: a piano's or a guitar's chords, in the rhythms of the style, voices led from one to the next.

Where the solo is dense there are fewer strokes and thinner voicings, in its rests more. A stroke just before a change
anticipates it. Every chord of half a beat or more is heard.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from jazzgen.band.instruments import seat
from jazzgen.band.rhythm import ACCENT, GHOST, Rhythm, placed
from jazzgen.band.sounding import Sounding, sounding_at
from jazzgen.band.styles import DENSITIES, Density, Groove
from jazzgen.band.voicings import (
    GUITAR,
    PIANO,
    Register,
    Voicing,
    lead_voices,
    rootless_classes,
    shell_classes,
    with_root,
)
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

REGISTERS = {"piano": PIANO, "guitar": GUITAR}
_SHORT_TICKS = TICKS_PER_BEAT // 2
_ANTICIPATION_TICKS = TICKS_PER_BEAT // 2
_HEARD_TICKS = TICKS_PER_BEAT // 2
# Notes a beat of the solo from which on it is dense, and up to which it rests.
_DENSE, _SPARE = 2.0, 0.75
_VELOCITY, _JITTER = 70, 4.0
_STRESSES = {GHOST: -16, ACCENT: 8}
_UNDER_DENSE = -6


@dataclass(frozen=True, slots=True)
class Comping:
    """How chords are played.

    Attributes:
        player: a name in `REGISTERS`.
        density: of strokes, where the solo is neither dense nor resting.
        rooted: whether roots are played too, as nobody else does.
        four: whether the player keeps four to the bar, beside another who comps.
    """

    player: str = "piano"
    density: Density = "medium"
    rooted: bool = False
    four: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A chord to be struck; `dense` tells that the solo is."""

    onset: int
    end: int
    sounding: Sounding
    velocity: float
    dense: bool


def comping_part(
    score: Score,
    how: Comping,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    *,
    rng: np.random.Generator,
) -> Part:
    """The part of one who comps; silent in N.C. bars."""
    strokes = _strokes(score, how, grooves, sounding, rng)
    notes: list[Note] = []
    voicing: Voicing = ()
    for stroke in strokes:
        voicing = _voiced(stroke, how, voicing)
        pitches = with_root(stroke.sounding.chord, voicing) if how.rooted else voicing
        for pitch, jitter in zip(pitches, rng.normal(0, _JITTER, len(pitches)).tolist(), strict=True):
            notes.append(Note(stroke.onset, stroke.end - stroke.onset, pitch, round(stroke.velocity + jitter)))
    return replace(seat(how.player, score), notes=tuple(sorted(notes)))


def _voiced(stroke: Stroke, how: Comping, previous: Voicing) -> Voicing:
    register: Register = REGISTERS[how.player]
    chord = stroke.sounding.chord
    classes = shell_classes(chord) if stroke.dense or how.four else rootless_classes(chord)
    return lead_voices(chord, classes, previous, register)


def _strokes(
    score: Score,
    how: Comping,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    rng: np.random.Generator,
) -> list[Stroke]:
    """The strokes in order, each cut where the next comes."""
    solo = [note.onset for note in score.melody.notes]
    strokes: dict[int, Stroke] = {}
    for bar, groove in grooves:
        busy = _notes_a_beat(solo, bar.onset, bar.end)
        rhythm = _rhythm(groove, how, busy, rng)
        strokes |= {stroke.onset: stroke for stroke in _in_bar(rhythm, bar, sounding, dense=busy >= _DENSE)}
    heard = {stroke.sounding.onset for stroke in strokes.values()}
    for chord in sounding:
        end = min(chord.end, chord.onset + TICKS_PER_BEAT)
        if chord.onset not in heard and end - chord.onset >= _HEARD_TICKS:
            dense = _notes_a_beat(solo, chord.onset, end) >= _DENSE
            strokes[chord.onset] = Stroke(chord.onset, end, chord, _VELOCITY, dense)
    following = pairwise([*sorted(strokes), score.end])
    return [replace(strokes[onset], end=min(strokes[onset].end, after)) for onset, after in following]


def _notes_a_beat(onsets: Sequence[int], start: int, end: int) -> float:
    return (bisect_left(onsets, end) - bisect_left(onsets, start)) * TICKS_PER_BEAT / (end - start)


def _rhythm(groove: Groove, how: Comping, busy: float, rng: np.random.Generator) -> Rhythm:
    """A bar's rhythm: a step sparser under a dense solo, a step busier in its rests."""
    if how.four and "four" in groove.comping:
        choices = groove.comping["four"]
    else:
        level = DENSITIES.index(how.density) - (busy >= _DENSE) + (busy <= _SPARE)
        choices = groove.comping[DENSITIES[min(max(level, 0), len(DENSITIES) - 1)]]
    return choices[int(rng.integers(len(choices)))]


def _in_bar(rhythm: Rhythm, bar: Bar, sounding: Sequence[Sounding], *, dense: bool) -> Iterator[Stroke]:
    for tick, length, hit in placed(rhythm, bar):
        chord = sounding_at(sounding, tick)
        ahead = sounding_at(sounding, tick + _ANTICIPATION_TICKS) if tick % TICKS_PER_BEAT else None
        struck = ahead if chord and ahead else chord
        if struck:
            end = min(tick + (length or _SHORT_TICKS), struck.end)
            yield Stroke(tick, end, struck, _VELOCITY + _STRESSES.get(hit.stress, 0) + _UNDER_DENSE * dense, dense)
