"""Everything measured of one solo: its figures and its note histograms."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np

from jazzgen.metrics.chords import chord_irregularity, chord_tone_share, degrees, scale_tone_share
from jazzgen.metrics.line import Array, Line, nearest_tatum
from jazzgen.metrics.pitch import pitch_class_entropy, pitch_range
from jazzgen.metrics.rhythm import grooving_similarity, note_density, rest_share, swing_ratio
from jazzgen.metrics.structure import bar_similarity, phrases_of

# Where the histograms end, set by hand: an octave, and four quarter notes.
WIDEST_INTERVAL = 12
LONGEST_TATUMS = 48


def _of(label: str, measure: Callable[[Line], Any]) -> dict[str, Any]:
    return {"label": label, "measure": measure}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a solo; NaN where it is too short or has no chords."""

    entropy_1: float = field(metadata=_of("pitch-class entropy, 1 bar (bits)", partial(pitch_class_entropy, bars=1)))
    entropy_4: float = field(metadata=_of("pitch-class entropy, 4 bars (bits)", partial(pitch_class_entropy, bars=4)))
    grooving: float = field(metadata=_of("grooving similarity", grooving_similarity))
    chord_tones_strong: float = field(
        metadata=_of("chord tones, beats 1 and 3", partial(chord_tone_share, strength="strong"))
    )
    chord_tones_weak: float = field(
        metadata=_of("chord tones, other beats", partial(chord_tone_share, strength="weak"))
    )
    chord_tones_off: float = field(metadata=_of("chord tones, off the beat", partial(chord_tone_share, strength="off")))
    scale_tones_strong: float = field(
        metadata=_of("scale tones, beats 1 and 3", partial(scale_tone_share, strength="strong"))
    )
    scale_tones_weak: float = field(
        metadata=_of("scale tones, other beats", partial(scale_tone_share, strength="weak"))
    )
    scale_tones_off: float = field(metadata=_of("scale tones, off the beat", partial(scale_tone_share, strength="off")))
    chord_irregularity: float = field(metadata=_of("chord irregularity", lambda line: chord_irregularity(line.changes)))
    phrase_notes: float = field(metadata=_of("notes a phrase", lambda line: phrases_of(line).notes.mean()))
    phrase_beats: float = field(metadata=_of("quarter notes a phrase", lambda line: phrases_of(line).beats.mean()))
    phrase_range: float = field(
        metadata=_of("range of a phrase (semitones)", lambda line: phrases_of(line).ranges.mean())
    )
    pitch_range: float = field(metadata=_of("range in all (semitones)", pitch_range))
    rest_share: float = field(metadata=_of("share of rests", rest_share))
    density: float = field(metadata=_of("notes a quarter note", note_density))
    similarity_2: float = field(metadata=_of("bars like the one 2 before", partial(bar_similarity, lag_bars=2)))
    similarity_4: float = field(metadata=_of("bars like the one 4 before", partial(bar_similarity, lag_bars=4)))
    similarity_8: float = field(metadata=_of("bars like the one 8 before", partial(bar_similarity, lag_bars=8)))
    swing_ratio: float = field(metadata=_of("swing ratio", swing_ratio))


def interval_histogram(line: Line) -> Array:
    """Count intervals from an octave down to an octave up, with a bin at either end for wider ones (27,)."""
    widest = WIDEST_INTERVAL + 1
    return np.bincount(np.clip(line.intervals, -widest, widest) + widest, minlength=2 * widest + 1)


def duration_histogram(line: Line) -> Array:
    """Count durations as played, 1 to 48 tatums; longer ones go in the last bin (48,)."""
    return _tatum_histogram(line.ends - line.onsets)


def ioi_histogram(line: Line) -> Array:
    """Count inter-onset intervals, 1 to 48 tatums; longer ones go in the last bin (48,)."""
    return _tatum_histogram(np.diff(line.onsets))


def degree_histogram(line: Line) -> Array:
    """Count semitones above the chord's root, for notes that have a chord (12,)."""
    return np.bincount(degrees(line), minlength=12)


def _tatum_histogram(ticks: Array) -> Array:
    return np.bincount(np.clip(nearest_tatum(ticks), 1, LONGEST_TATUMS) - 1, minlength=LONGEST_TATUMS)


@dataclass(frozen=True, eq=False, slots=True)
class Histograms:
    """The histograms of a solo's notes, as counts."""

    interval: Array = field(metadata=_of("interval (semitones)", interval_histogram))
    duration: Array = field(metadata=_of("duration (twelfths of a quarter note)", duration_histogram))
    inter_onset: Array = field(metadata=_of("onset to onset (twelfths of a quarter note)", ioi_histogram))
    degree: Array = field(metadata=_of("semitones above the chord's root", degree_histogram))


FIGURE_LABELS = {item.name: str(item.metadata["label"]) for item in fields(Figures)}
HISTOGRAM_LABELS = {item.name: str(item.metadata["label"]) for item in fields(Histograms)}


def measure(line: Line) -> Figures:
    """Compute every figure of a solo.

    Example:
        >>> from jazzgen.music.score import Note, Part, Score
        >>> notes = tuple(Note(240 * i, 240, pitch) for i, pitch in enumerate((60, 62, 64, 67)))
        >>> figures = measure(Line.of(Score(parts=(Part("Solo", notes),))))
        >>> figures.pitch_range, figures.density, figures.entropy_1
        (7.0, 2.0, 2.0)
    """
    return Figures(**{item.name: float(item.metadata["measure"](line)) for item in fields(Figures)})


def histograms(line: Line) -> Histograms:
    """Compute every histogram of a solo."""
    return Histograms(**{item.name: item.metadata["measure"](line) for item in fields(Histograms)})
