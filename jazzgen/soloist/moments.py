"""What there is to go by when one part of a note is chosen: the last notes, and the chord and the place under them.

A note is chosen in three parts: when it starts (`ioi`), then its `pitch`, then its `duration`; each knows those before
it. What is known is a row of columns, each a number: 0 where there is nothing to say, else 1 and the value. Everything
but the register is relative, to the last pitch or to the chord's root, so what is learnt in one key is known in all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import QUALITY_NAMES, Context, SoloArrays
from jazzgen.codec.events import DURATIONS, IOIS, NoteArrays

PartName = Literal["ioi", "pitch", "duration"]
PARTS: tuple[PartName, ...] = ("ioi", "pitch", "duration")
LOWEST, HIGHEST = 21, 108
START_PITCH = 60  # what the first note is a step from
WIDEST = 36  # semitones; a wider leap counts for one as wide as this
CLASSES: dict[PartName, int] = {"ioi": len(IOIS), "pitch": 2 * WIDEST + 1, "duration": len(DURATIONS)}
GROOVES = ("SWING", "TWOBEAT", "LATIN", "FUNK", "BALLAD")

LAGS: dict[PartName, int] = {"ioi": 4, "pitch": 5, "duration": 3}  # how many of the last notes are in the columns
_LAG_NAMES: dict[PartName, str] = {"ioi": "ioi", "pitch": "step", "duration": "duration"}
_SLOWEST_BPM, _TEMPO_STEP = 60, 0.2
_UNTIL_EDGES = np.array([1, 7, 13, 19, 25, 37, 49, 97])  # tatums
_METER_TATUMS = (48, 36)  # bars of four and of three quarters; others are one
_REST_TATUMS = 3
# The columns, and how many values each has.
_LAST_NOTES = {f"{_LAG_NAMES[part]}{lag}": CLASSES[part] for part in PARTS for lag in range(1, LAGS[part] + 1)}
_PLACE = {
    "tatum": 12,
    "beat": 8,
    "meter": len(_METER_TATUMS) + 1,
    "form_bar": 8,
    "tempo": 10,
    "quality": len(QUALITY_NAMES),
    "next_quality": len(QUALITY_NAMES),
    "next_root": 12,
    "until": len(_UNTIL_EDGES) + 1,
    "root": 12,
}
_UNDER_THE_NOTE = {"pitch": HIGHEST - LOWEST + 1, "degree": 12, "rest": 10}
_WHO = {"performer": 127, "style": 31, "groove": len(GROOVES)}
COLUMNS: dict[str, int] = _LAST_NOTES | _PLACE | _UNDER_THE_NOTE | _WHO
INDEX = {name: index for index, name in enumerate(COLUMNS)}
LATELY: dict[PartName, slice] = {
    part: slice(INDEX[f"{_LAG_NAMES[part]}1"], INDEX[f"{_LAG_NAMES[part]}{LAGS[part]}"] + 1) for part in PARTS
}
PLACE = slice(INDEX["tatum"], INDEX["root"] + 1)
WHO = slice(INDEX["performer"], INDEX["groove"] + 1)


@dataclass(frozen=True, slots=True)
class Who:
    """The players and the schools that a model knows by name; one that it does not know is anybody."""

    performers: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    def columns(self, performer: str = "", style: str = "", groove: str = "") -> tuple[int, int, int]:
        """The columns of `_WHO`."""
        return _number(self.performers, performer), _number(self.styles, style), _number(GROOVES, groove)


def _number(names: Sequence[str], name: str) -> int:
    return names.index(name) + 1 if name in names else 0


def in_range(pitch: np.ndarray) -> np.ndarray:
    """Pitches moved by octaves into the range that is scored."""
    low = np.where(pitch < LOWEST, LOWEST + (pitch - LOWEST) % 12, pitch)
    return np.where(low > HIGHEST, HIGHEST - (HIGHEST - low) % 12, low)


def choices_of(notes: NoteArrays) -> np.ndarray:
    """The classes (n, 3) chosen for each note: its ioi, its pitch as a step up from `-WIDEST`, its duration."""
    steps = np.diff(in_range(notes.pitch), prepend=START_PITCH)
    return np.stack([notes.ioi, np.clip(steps, -WIDEST, WIDEST) + WIDEST, notes.duration - 1], axis=-1)


def moments_of(solo: SoloArrays, who: Who) -> np.ndarray:
    """The columns (n, 3, columns) at the three choices of each note."""
    classes = choices_of(solo.notes)
    pitch = in_range(solo.notes.pitch)
    moments = np.zeros((len(classes), len(PARTS), len(COLUMNS)), np.int64)
    for index in range(len(PARTS)):
        columns = moments[:, index]
        for other, part in enumerate(PARTS):
            back = int(other >= index)  # whether the last whose part is known is the note before
            columns[:, LATELY[part]] = _lately(classes[:, other] + 1, LAGS[part], back)
        columns[:, PLACE] = place_columns(solo.here if index else solo.before)
        columns[:, INDEX["pitch"]] = _delayed(pitch, int(index < 2), START_PITCH) - LOWEST + 1
        columns[:, INDEX["degree"]] = degree_column(columns)
    rest = rest_column(moments[:, 1])
    moments[..., INDEX["rest"]] = np.stack([_delayed(rest, 1), rest, rest], axis=-1)
    moments[..., WHO] = who.columns(solo.credits.performer, solo.credits.style, solo.credits.rhythm_feel)
    return moments


def _lately(values: np.ndarray, lags: int, back: int) -> np.ndarray:
    return np.stack([_delayed(values, back + lag) for lag in range(lags)], axis=-1)


def _delayed(values: np.ndarray, places: int, filler: int = 0) -> np.ndarray:
    return np.concatenate([np.full(places, filler), values])[: len(values)]


def place_columns(context: Context) -> np.ndarray:
    """The columns of `_PLACE` (n, 10) at moments."""
    chord, coming = context.chord, context.next_chord
    known = chord.sounds & coming.sounds
    tempo = (context.tempo - np.log(_SLOWEST_BPM)) / _TEMPO_STEP
    columns = (
        context.tatum,
        np.clip(context.beat, 0, _PLACE["beat"] - 1),
        np.select([context.bar_tatums == tatums for tatums in _METER_TATUMS], (0, 1), len(_METER_TATUMS)),
        np.where(context.section_bar == NONE, NONE, context.section_bar % _PLACE["form_bar"]),
        np.clip(tempo, 0, _PLACE["tempo"] - 1).astype(np.int64),
        chord.quality,
        coming.quality,
        np.where(known, (coming.root - chord.root) % 12, NONE),
        np.where(coming.sounds, np.searchsorted(_UNTIL_EDGES, context.until_next, side="right"), NONE),
        chord.root,
    )
    return np.stack(columns, axis=-1) - NONE


def bpm_of(tempo: np.ndarray) -> np.ndarray:
    """Quarter notes a minute in the middle of what the column of that name stands for."""
    return np.asarray(_SLOWEST_BPM * np.exp(_TEMPO_STEP * (tempo - 0.5)))


def rest_column(columns: np.ndarray) -> np.ndarray:
    """How long it was silent before a note, in threes of tatums, as its ioi is chosen: 1 if they overlap by three."""
    ioi, duration = columns[..., INDEX["ioi1"]] - 1, columns[..., INDEX["duration1"]]
    silent = (ioi - duration + _REST_TATUMS - 1) // _REST_TATUMS + 1
    known = (ioi >= 0) & (duration > 0)
    return np.where(known, np.clip(silent, 0, _UNDER_THE_NOTE["rest"] - 1) + 1, 0)


def degree_column(columns: np.ndarray) -> np.ndarray:
    """Semitones of the last pitch above the chord's root."""
    root = columns[..., INDEX["root"]]
    return np.where(root > 0, (columns[..., INDEX["pitch"]] + LOWEST - root) % 12 + 1, 0)
