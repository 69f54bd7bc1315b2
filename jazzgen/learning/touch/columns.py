"""What is known of each written note when it is played: columns of whole numbers and a few measures.

A column holds 0 for nothing known, else the value plus 1. All comes from the written score: the notes, their chords,
places and ideas, the tempo, the feel, the player and the instrument.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import QUALITY_NAMES, SoloArrays, solo_arrays
from jazzgen.codec.ideas import IDEAS
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import in_each_meter, swing, swing_ratio
from jazzgen.music.timing import TICKS_PER_BEAT

GROOVES = ("SWING", "TWOBEAT", "LATIN", "FUNK", "BALLAD")  # of the Weimar Jazz Database
MOST_PERFORMERS, MOST_STYLES = 127, 31
# Bins and limits below are set by hand; times in tatums, 12 a beat.
_WIDEST_STEP = 13
_TIME_EDGES = np.array([*range(1, 14), 16, 18, 20, 24, 30, 36, 48, 72, 96])
_COUNT_EDGES = np.array([1, 2, 3, 4, 5, 7, 9, 13, 19, 28])
_UNTIL_EDGES = np.array([1, 7, 13, 19, 25, 37, 49, 97])
PHRASE_GAP = 18  # onsets farther apart belong to two phrases
_DIVISIONS = (1, 2, 3, 4, 6, 5, 8, 7, 9, 10)
_METERS = (48, 36)  # bars of four and of three quarters; all others share a value
_SLOWEST_BPM, _TEMPO_STEP = 60, 0.2
_LOWEST_PITCH, _PITCHES_A_BIN = 24, 4
_SHORTEST_MS, _LONGEST_MS = 20.0, 2000.0  # between onsets, as measures

COLUMNS: dict[str, int] = {
    "step": 2 * _WIDEST_STEP + 1,
    "next_step": 2 * _WIDEST_STEP + 1,
    "contour": 9,
    "register": 22,
    "since": len(_TIME_EDGES) + 1,
    "until": len(_TIME_EDGES) + 1,
    "tatum": 12,
    "next_tatum": 12,
    "beat": 8,
    "meter": len(_METERS) + 1,
    "division": len(_DIVISIONS) + 1,
    "swung": 3,
    "next_swung": 3,
    "degree": 12,
    "quality": len(QUALITY_NAMES),
    "chordal": 2,
    "chord_until": len(_UNTIL_EDGES) + 1,
    "phrase_from": len(_COUNT_EDGES) + 1,
    "phrase_to": len(_COUNT_EDGES) + 1,
    "tempo": 10,
    "feel": 2,
    "length": len(_TIME_EDGES) + 1,
    "rest": len(_TIME_EDGES) + 1,
    "idea": len(IDEAS),
    "idea_from": 3,
    "performer": MOST_PERFORMERS,
    "style": MOST_STYLES,
    "groove": len(GROOVES),
    "instrument": 128,
}
INDEX = {name: place for place, name in enumerate(COLUMNS)}
SIZES = np.array(list(COLUMNS.values())) + 1
STARTS = np.cumsum(SIZES) - SIZES  # of each column's rows in the embedding
N_ROWS = int(SIZES.sum())
LENGTHS = [INDEX[name] for name in ("length", "rest")]
IDEA = [INDEX[name] for name in ("idea", "idea_from")]
WHO = ("performer", "style", "groove", "instrument")
NUMBERS = ("pitch", "high", "log_since", "log_until", "log_bpm", "place", "swing_ms", "bar_place", "progress")


@dataclass(frozen=True, slots=True)
class Names:
    """The performers and styles that a model knows by name; any other is nobody in particular."""

    performers: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of n notes.

    Attributes:
        columns: (n, len(COLUMNS)).
        numbers: (n, len(NUMBERS)), each about -2 to 2.
        onset: (n,) written places in ticks.
        swung: (n,) places on the grid that lateness is counted from, in ticks.
        tick_ms: (n,) length of a tick at the written tempo.
    """

    columns: np.ndarray
    numbers: np.ndarray
    onset: np.ndarray
    swung: np.ndarray
    tick_ms: np.ndarray

    def __len__(self) -> int:
        return len(self.onset)

    def without_lengths(self) -> "Facts":
        """Hide how long notes are written."""
        hidden = self.columns.copy()
        hidden[:, LENGTHS] = 0
        return replace(self, columns=hidden)


def facts_of(score: Score, names: Names) -> Facts:
    """Return what is known of the melody's notes, of which there must be some."""
    arrays = solo_arrays(score)
    onset = np.array([note.onset for note in score.melody.notes], np.int64)
    swung = swung_onsets(score)
    tick_ms = 60_000 / np.exp(arrays.here.tempo) / TICKS_PER_BEAT
    columns = _columns(score, arrays, onset, swung, names)
    return Facts(columns, _numbers(arrays, onset, swung, tick_ms), onset, swung, tick_ms)


def swung_onsets(score: Score) -> np.ndarray:
    """Return the ticks (n,) at which the melody's notes stand once their eighths are swung as the tempo has it."""
    notes = score.melody.notes
    if score.feel == "straight" or not notes:
        return np.array([note.onset for note in notes], np.int64)
    ratio = swing_ratio(score.bpm)
    moved = in_each_meter(notes, score, partial(_swung, ratio))
    return np.array([note.onset for note in moved], np.int64)


def _swung(ratio: float, notes: tuple[Note, ...], first_beat: int) -> tuple[Note, ...]:
    return swing(notes, ratio, first_beat)


def _columns(score: Score, arrays: SoloArrays, onset: np.ndarray, swung: np.ndarray, names: Names) -> np.ndarray:
    notes, here = arrays.notes, arrays.here
    count = len(onset)
    step = np.diff(notes.pitch, prepend=notes.pitch[:1])
    next_step = np.append(step[1:], 0)
    since = np.diff(notes.onset, prepend=notes.onset[:1])
    until = np.append(since[1:], _TIME_EDGES[-1])
    starts = (since > PHRASE_GAP) | (np.arange(count) == 0)
    moved = 1 + (swung > onset) + (onset % TICKS_PER_BEAT == 0) * (score.feel == "swing") * 2
    idea_starts = np.append(True, (arrays.ideas[2:] != arrays.ideas[1:-1]).any(axis=1))
    sounds = here.chord.sounds
    found = {
        "step": _clipped(step),
        "next_step": _clipped(next_step),
        "contour": 1 + 3 * (np.sign(step) + 1) + np.sign(next_step) + 1,
        "register": 1 + np.clip((notes.pitch - _LOWEST_PITCH) // _PITCHES_A_BIN, 0, COLUMNS["register"] - 1),
        "since": _timed(since),
        "until": _timed(until),
        "tatum": 1 + here.tatum,
        "next_tatum": np.append(1 + here.tatum[1:], 0),
        "beat": 1 + np.clip(here.beat, 0, COLUMNS["beat"] - 1),
        "meter": 1 + np.select([here.bar_tatums == tatums for tatums in _METERS], (0, 1), len(_METERS)),
        "division": 1 + _divisions(onset),
        "swung": np.minimum(moved, 3),
        "next_swung": np.append(np.minimum(moved, 3)[1:], 0),
        "degree": np.where(sounds, (notes.pitch - here.chord.root) % 12 + 1, 0),
        "quality": here.chord.quality - NONE,
        "chordal": np.where(sounds, 1 + here.chord.pitch_classes[np.arange(count), notes.pitch % 12], 0),
        "chord_until": 1 + np.searchsorted(_UNTIL_EDGES, here.until_next, side="right"),
        "phrase_from": _counted(_since_start(starts)),
        "phrase_to": _counted(_since_start(np.append(starts[1:], True)[::-1])[::-1]),
        "tempo": 1 + np.clip((here.tempo - np.log(_SLOWEST_BPM)) / _TEMPO_STEP, 0, 9).astype(np.int64),
        "feel": np.full(count, 1 + (score.feel == "swing")),
        "length": _timed(notes.length),
        "rest": _timed(np.maximum(until - notes.length, 0)),
        "idea": 1 + arrays.ideas[1:, 0],
        "idea_from": np.where(arrays.ideas[1:, 0] == NONE, 0, 1 + idea_starts),
    }
    who = arrays.credits
    known = ((names.performers, who.performer), (names.styles, who.style), (GROOVES, who.rhythm_feel))
    for name, (heard, asked) in zip(WHO, known, strict=False):
        found[name] = np.full(count, heard.index(asked) + 1 if asked in heard else 0)
    found["instrument"] = np.full(count, arrays.program + 1)
    return np.stack([found[name] for name in COLUMNS], axis=-1).astype(np.int64).reshape(count, len(COLUMNS))


def _numbers(arrays: SoloArrays, onset: np.ndarray, swung: np.ndarray, tick_ms: np.ndarray) -> np.ndarray:
    pitch = arrays.notes.pitch
    gaps = np.diff(swung) * tick_ms[1:]
    since = np.append(_LONGEST_MS, np.clip(gaps, _SHORTEST_MS, _LONGEST_MS))
    until = np.append(np.clip(gaps, _SHORTEST_MS, _LONGEST_MS), _LONGEST_MS)
    bar = np.maximum(arrays.here.bar_tatums, 1)
    columns = (
        (pitch - 65) / 12,
        (pitch - pitch.mean()) / 8,
        np.log(since / 200),
        np.log(until / 200),
        arrays.here.tempo - np.log(150),
        2 * (onset % TICKS_PER_BEAT) / TICKS_PER_BEAT - 1,
        (swung - onset) * tick_ms / 50,
        2 * (arrays.here.beat * 12 + arrays.here.tatum) / bar - 1,
        np.linspace(-1, 1, len(onset)),
    )
    return np.stack(columns, axis=-1).astype(np.float32)


def _clipped(step: np.ndarray) -> np.ndarray:
    return np.clip(step, -_WIDEST_STEP, _WIDEST_STEP) + _WIDEST_STEP + 1


def _timed(tatums: np.ndarray) -> np.ndarray:
    return 1 + np.searchsorted(_TIME_EDGES, tatums, side="right")


def _counted(notes: np.ndarray) -> np.ndarray:
    return 1 + np.searchsorted(_COUNT_EDGES, notes, side="right")


def _since_start(starts: np.ndarray) -> np.ndarray:
    """Count notes since the last start, the starting note being 1; the first note starts."""
    number = np.arange(len(starts))
    return number - np.maximum.accumulate(np.where(starts, number, 0)) + 1


def _divisions(onset: np.ndarray) -> np.ndarray:
    """Return the index in `_DIVISIONS` of the fewest equal parts of its beat that each note's beat needs."""
    place = onset % TICKS_PER_BEAT
    firsts = np.flatnonzero(np.diff(onset // TICKS_PER_BEAT, prepend=-1))
    found = np.full(len(onset), len(_DIVISIONS))
    sizes = np.diff(np.append(firsts, len(onset)))
    for index, division in reversed(list(enumerate(_DIVISIONS))):
        part = TICKS_PER_BEAT / division
        fits = np.abs(place - np.rint(place / part) * part) <= 1  # a tick: places are whole ticks
        every = np.repeat(np.logical_and.reduceat(fits, firsts), sizes)
        found = np.where(every, index, found)
    return found
