"""Infer chords from notes, for files that name none.

Each stretch is a set of pitch classes weighted by how long they sound. The chord with most of that weight in its tones
and least outside is chosen; a bass on its root counts for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES
from jazzgen.music.score import Note
from jazzgen.music.timing import Bar

# In order of preference among equal fits.
_QUALITIES = [
    "",
    *[
        "m",
        "7",
        "m7",
        "maj7",
        "6",
        "m6",
        "m7b5",
        "dim7",
        "mmaj7",
        "7sus4",
        "sus4",
        "aug",
        "7#5",
        "9",
        "m9",
        "maj9",
        "13",
    ],
]
_CHORDS = [parse_chord(root + quality) for quality in _QUALITIES for root in FLAT_NAMES]
_PITCHES = 132  # MIDI's 128, filled up to whole octaves
# Terms of a chord's fit, in which a tone that sounds all the time is worth 1; set by hand.
_BASS_BELOW = 55  # MIDI pitch
_BASS_BONUS = 0.35  # if the bass is the root
_TENSION_WEIGHT = 0.6
_OUTSIDE_COST = 1.0
_MISSING_COST = 0.12  # for each chord tone with less than `_SILENT_SHARE` of the weight
_SILENT_SHARE = 0.02
NO_BASS = -1
# Fits are rounded, so that floating-point noise does not decide between equal ones.
_DECIMALS = 9
# Stretches computed at once, to bound the memory of a long piece; set by hand.
_BLOCK = 1024


def _templates() -> np.ndarray:
    """Return (chords, 12): the worth of each pitch class to each chord."""
    worth = np.full((len(_CHORDS), 12), -_OUTSIDE_COST)
    for row, chord in enumerate(_CHORDS):
        worth[row, [(chord.root_class + t) % 12 for t in chord.tensions]] = _TENSION_WEIGHT
        worth[row, list(chord.pitch_classes)] = 1.0
    return worth


_WORTH = _templates().T
_TONES = (_WORTH == 1.0).astype(float)
_ROOTS = np.array([chord.root_class for chord in _CHORDS])


@dataclass(frozen=True, slots=True)
class _Sounded:
    """Ticks for which a pitch has sounded by time t, as straight lines: slope * t + start, from each of `times` on."""

    times: np.ndarray
    slopes: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> "_Sounded":
        """Build it from (onset, end) of each note; where two overlap, the time counts twice."""
        moments = np.array(list(spans), dtype=np.int64).T
        order = np.argsort(moments, axis=None, kind="stable")
        times = moments.ravel()[order]
        steps = np.repeat([1, -1], moments.shape[1])[order]  # +1 at an onset, -1 at an end
        return cls(times, np.append(0, np.cumsum(steps)), np.append(0, -np.cumsum(steps * times)))

    def by(self, times: np.ndarray) -> np.ndarray:
        place = np.searchsorted(self.times, times)
        return self.slopes[place] * times + self.starts[place]


def infer_changes(notes: Sequence[Note], bars: Sequence[Bar]) -> Changes:
    """Infer a chord for each half bar, or each bar if the meter has an odd number of beats.

    A chord that continues is one span, across bar lines too; in silence the chord before continues.

    >>> from jazzgen.music.timing import Meter
    >>> notes = [Note(0, 1920, pitch) for pitch in (50, 65, 69, 72)]
    >>> [span.symbol for span in infer_changes(notes, [Bar(1, 0, 1920, Meter())])]
    ['Dm7']
    """
    stretches = [stretch for bar in bars for stretch in _stretches(bar)]
    heads: list[tuple[int, Chord | None]] = []
    for (onset, _), chord in zip(stretches, _heard(notes, stretches), strict=True):
        if not heads or (chord is not None and chord != heads[-1][1]):
            heads.append((onset, chord))
    stops = [onset for onset, _ in heads[1:]] + [end for _, end in stretches[-1:]]
    return tuple(ChordSpan(onset, stop - onset, chord) for (onset, chord), stop in zip(heads, stops, strict=True))


def _stretches(bar: Bar) -> list[tuple[int, int]]:
    """Return (onset, end) of the halves of a bar, or of the whole bar if it is a pickup, cut short or odd."""
    halves = 2 if bar.number and bar.meter.numerator % 2 == 0 and bar.duration == bar.meter.bar_ticks else 1
    step = bar.duration // halves
    return [(bar.onset + half * step, bar.onset + (half + 1) * step) for half in range(halves)]


def _heard(notes: Sequence[Note], stretches: Sequence[tuple[int, int]]) -> Iterator[Chord | None]:
    """Yield the chord of each stretch, None where nothing sounds."""
    sounded = _sounded(notes)
    for start in range(0, len(stretches), _BLOCK):
        block = np.array(stretches[start : start + _BLOCK])
        sounding = np.zeros((len(block), _PITCHES))
        for pitch, line in sounded.items():
            sounding[:, pitch] = np.diff(line.by(block)).ravel()
        yield from best_chords(sounding.reshape(-1, _PITCHES // 12, 12).sum(axis=1), _basses(sounding, block))


def _sounded(notes: Iterable[Note]) -> Mapping[int, _Sounded]:
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for note in notes:
        spans[note.pitch].append((note.onset, note.onset + note.duration))
    return {pitch: _Sounded.of(of_pitch) for pitch, of_pitch in spans.items()}


def _basses(sounding: np.ndarray, stretches: np.ndarray) -> np.ndarray:
    """Return each stretch's bass: pitch class of the lowest low note that sounds for a quarter of it, or `NO_BASS`."""
    held = 4 * sounding[:, :_BASS_BELOW] >= np.diff(stretches)
    return np.where(held.any(axis=1), held.argmax(axis=1) % 12, NO_BASS)


def best_chords(weights: np.ndarray, basses: np.ndarray) -> Iterator[Chord | None]:
    """Yield the chord that fits best in each of n stretches.

    Args:
        weights: (n, 12), time that each pitch class sounds, in any unit.
        basses: (n,), pitch class of the bass, `NO_BASS` where there is none.

    Yields:
        The chord, or None where nothing sounds.
    """
    totals = weights.sum(axis=1)
    shares = weights / np.where(totals > 0, totals, 1)[:, None]
    missing = (shares < _SILENT_SHARE) @ _TONES
    fits = shares @ _WORTH - _MISSING_COST * missing + _BASS_BONUS * (basses[:, None] == _ROOTS)
    best = fits.round(_DECIMALS).argmax(axis=1)
    yield from (_CHORDS[chord] if total > 0 else None for chord, total in zip(best, totals, strict=True))
