"""How a line fits its chords, and how varied those are."""

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
_NGRAM = 3


def chord_tone_share(line: Line, strength: Strength) -> float:
    """Share of chord tones among the notes on places of one strength; NaN if none with a chord is there.

    Strong are beat 1 and, in meters of four beats and more that can be halved, the beat half-way; weak the other
    beats; off all else, on the grid of 12 a beat. A beat is the meter's unit. Tensions are no chord tones.
    Source: Y.-C. Yeh et al., "Automatic Melody Harmonization with Triad Chords", Journal of New Music Research 50(1),
    2021 (chord tone to non-chord tone ratio), here by strength and by notes instead of sixteenths.
    """
    return _share(line, strength, _chord_tones)


def scale_tone_share(line: Line, strength: Strength) -> float:
    """As `chord_tone_share`, of the notes in the chord's scale (`harmony.scales`), its own tones among them."""
    return _share(line, strength, _scale_tones)


def chord_irregularity(changes: Changes) -> float:
    """Share of the progression's trigrams that are unlike all others: CPI, 1 where none comes twice.

    A chord that is written again while it lasts counts once; N.C. is a chord. NaN with fewer than three chords.
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    chords = [chord for chord, _ in groupby(span.chord for span in changes)]
    trigrams = list(zip(*(chords[start:] for start in range(_NGRAM)), strict=False))
    return len(set(trigrams)) / len(trigrams) if trigrams else float("nan")


def degrees(line: Line) -> Array:
    """Semitones above the chord's root (0 to 11) of the notes that have a chord."""
    span = _span_of(line)
    roots = np.array([-1 if chord is None else chord.root_class for chord in _chords(line)])[span]
    return (line.pitches - roots)[roots >= 0] % 12


def strengths(line: Line) -> Array:
    """The index in `STRENGTHS` of each note's place."""
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
    """The chords of the changes, and None at the end, for notes that are under none."""
    return [*(span.chord for span in line.changes), None]


def _span_of(line: Line) -> Array:
    """The index in `_chords` of each note's, at its place on the grid."""
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
