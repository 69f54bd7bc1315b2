"""Measure how a line fits its chords, and how varied the chords are."""

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Literal

import numpy as np

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale
from jazzgen.metrics.line import Array, Line

Strength = Literal["strong", "weak", "off"]
STRENGTHS: tuple[Strength, ...] = ("strong", "weak", "off")
_NGRAM = 3  # trigrams, as in the Jazz Transformer paper


def chord_tone_share(line: Line, strength: Strength) -> float:
    """Return the share of chord tones among the notes of one metrical strength; NaN without such notes over a chord.

    Strong is beat 1 and, in meters of 4, 6, 8 ... beats, the beat half-way; weak is any other beat; off is anywhere
    else, on the grid of 12 a beat. A beat is the meter's unit. Tensions are not chord tones.
    Source: Y.-C. Yeh et al., "Automatic Melody Harmonization with Triad Chords", Journal of New Music Research 50(1),
    2021 (chord tone to non-chord tone ratio), here by strength, and counting notes instead of sixteenths.
    """
    return _share(line, strength, _chord_tones)


def scale_tone_share(line: Line, strength: Strength) -> float:
    """Return the share of notes in the chord's scale (`harmony.scales`, chord tones included), by strength."""
    return _share(line, strength, _scale_tones)


def chord_irregularity(changes: Changes) -> float:
    """Return the share of distinct trigrams in the chord progression (CPI); 1 if no trigram is repeated.

    A repeated symbol for the chord that already sounds counts once; N.C. is a chord. NaN with fewer than three chords.
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    chords = [chord for chord, _ in groupby(span.chord for span in changes)]
    trigrams = list(zip(*(chords[start:] for start in range(_NGRAM)), strict=False))
    return len(set(trigrams)) / len(trigrams) if trigrams else float("nan")


def degrees(line: Line) -> Array:
    """Return semitones above the chord's root (0 to 11) of the notes that have a chord."""
    span = _span_of(line)
    roots = np.array([-1 if chord is None else chord.root_class for chord in _chords(line)])[span]
    return (line.pitches - roots)[roots >= 0] % 12


def strengths(line: Line) -> Array:
    """Return each note's metrical strength, an index into `STRENGTHS`."""
    bar, tick = line.tatums
    beat = np.array([bar.meter.beat_ticks for bar in line.bars])[bar]
    strong = np.array([bar.meter.strong_ticks for bar in line.bars])[bar]
    return np.where(tick % beat > 0, 2, np.where(tick % strong > 0, 1, 0))


def _share(line: Line, strength: Strength, tones_of: Callable[[Chord], frozenset[int]]) -> float:
    table = np.array([[-1] * 12 if chord is None else _mask(chord, tones_of) for chord in _chords(line)])
    fits = table[_span_of(line), line.pitches % 12]
    counted = fits[(fits >= 0) & (strengths(line) == STRENGTHS.index(strength))]
    return float(counted.mean()) if counted.size else float("nan")


def _chords(line: Line) -> list[Chord | None]:
    """Return the chords of the changes, then None for notes without one."""
    return [*(span.chord for span in line.changes), None]


def _span_of(line: Line) -> Array:
    """Return, for each note, the index into `_chords` of the chord at its place on the grid."""
    bar, tick = line.tatums
    places = line.bar_starts[bar] + tick
    span = np.searchsorted([span.onset for span in line.changes], places, side="right") - 1
    ends = np.array([*(span.end for span in line.changes), 0])
    return np.where(places < ends[span], span, len(line.changes))


@lru_cache(maxsize=4096)
def _mask(chord: Chord, tones_of: Callable[[Chord], frozenset[int]]) -> tuple[int, ...]:
    tones = tones_of(chord)
    return tuple(int((pitch_class - chord.root_class) % 12 in tones) for pitch_class in range(12))


def _chord_tones(chord: Chord) -> frozenset[int]:
    return frozenset(chord.tones)


def _scale_tones(chord: Chord) -> frozenset[int]:
    return chord_scale(chord)
