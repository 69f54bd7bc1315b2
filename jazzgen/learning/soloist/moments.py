"""What each choice of a note depends on: the last notes, and the chord and the place under them.

A note is chosen in three parts: its onset (`ioi`), then its `pitch`, then its `duration`; each knows those before it.
What is known is a row of columns, each a number: 0 for nothing, else the value plus 1. Everything but the register is
relative, to the last pitch or to the chord's root, so what is learnt in one key holds in all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import QUALITY_NAMES, Context, SoloArrays
from jazzgen.codec.events import DURATIONS, IOIS, NoteArrays
from jazzgen.codec.ideas import GOES_BACK, IDEAS
from jazzgen.learning.soloist.bounds import GROOVES, HIGHEST, LOWEST
from jazzgen.learning.soloist.profile import N_PITCHES, PROFILE, figures_of, mean_pitch, profile_columns

PartName = Literal["ioi", "pitch", "duration"]
PARTS: tuple[PartName, ...] = ("ioi", "pitch", "duration")
START_PITCH = 60  # the first note's step is from here; set by hand
WIDEST = 36  # semitones; wider leaps are clipped; set by hand
CLASSES: dict[PartName, int] = {"ioi": len(IOIS), "pitch": 2 * WIDEST + 1, "duration": len(DURATIONS)}

# How many of the last notes are in the columns; this and the bins below are set by hand.
LAGS: dict[PartName, int] = {"ioi": 4, "pitch": 5, "duration": 3}
_LAG_NAMES: dict[PartName, str] = {"ioi": "ioi", "pitch": "step", "duration": "duration"}
_SLOWEST_BPM = 60
_TEMPO_STEP = 0.2
_UNTIL_EDGES = np.array([1, 7, 13, 19, 25, 37, 49, 97])  # tatums
_METER_TATUMS = (48, 36)  # bars of four and of three quarters; all others share a value
_REST_TATUMS = 3
_PHRASE_REST = 4  # value of the rest column from which a rest separates phrases: more than four tatums
_PHRASE_EDGES = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48])  # notes
# The columns, and the number of values of each.
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
_UNDER_THE_NOTE = {"pitch": N_PITCHES, "degree": 12, "rest": 10}
_WHO = {"performer": 127, "style": 31, "groove": len(GROOVES)}
# Mean pitch so far, notes since the last rest, last pitch in semitones above the next chord's root, and the General
# MIDI program, which is known from the start.
_SO_FAR = {"centre": N_PITCHES, "phrase": len(_PHRASE_EDGES), "next_degree": 12, "instrument": 128}
# What a plan decides for the whole solo: its profile, and the idea under way.
_PLAN = {**PROFILE, "idea": len(IDEAS), "back": len(GOES_BACK)}
_FIRST: dict[str, int] = _LAST_NOTES | _PLACE | _UNDER_THE_NOTE | _WHO
N_FIRST = len(_FIRST)  # licks use these columns alone; the hashes in saved models depend on this number
COLUMNS: dict[str, int] = _FIRST | _SO_FAR | _PLAN
INDEX = {name: index for index, name in enumerate(COLUMNS)}
LATELY: dict[PartName, slice] = {
    part: slice(INDEX[f"{_LAG_NAMES[part]}1"], INDEX[f"{_LAG_NAMES[part]}{LAGS[part]}"] + 1) for part in PARTS
}
PLACE = slice(INDEX["tatum"], INDEX["root"] + 1)
WHO = slice(INDEX["performer"], INDEX["groove"] + 1)
PROFILED = slice(INDEX["tessitura"], INDEX["unity"] + 1)
IDEA = slice(INDEX["idea"], INDEX["back"] + 1)


@dataclass(frozen=True, slots=True)
class Who:
    """The performers and styles that a model knows by name; any other is anybody."""

    performers: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    def columns(self, performer: str = "", style: str = "", groove: str = "") -> tuple[int, int, int]:
        """Return the columns of `_WHO`."""
        return _number(self.performers, performer), _number(self.styles, style), _number(GROOVES, groove)


def _number(names: Sequence[str], name: str) -> int:
    return names.index(name) + 1 if name in names else 0


def in_range(pitch: np.ndarray) -> np.ndarray:
    """Move pitches by octaves into the scored range."""
    low = np.where(pitch < LOWEST, LOWEST + (pitch - LOWEST) % 12, pitch)
    return np.where(low > HIGHEST, HIGHEST - (HIGHEST - low) % 12, low)


def choices_of(notes: NoteArrays) -> np.ndarray:
    """Return each note's classes (n, 3): its ioi, its pitch as a step counted from `-WIDEST`, its duration."""
    steps = np.diff(in_range(notes.pitch), prepend=START_PITCH)
    return np.stack([notes.ioi, np.clip(steps, -WIDEST, WIDEST) + WIDEST, notes.duration - 1], axis=-1)


def moments_of(solo: SoloArrays, who: Who, *, planned: bool = False) -> np.ndarray:
    """Return the columns (n, 3, columns) at the three choices of each note.

    Args:
        solo: the notes and their contexts.
        who: performers and styles known by name.
        planned: include the solo's profile and ideas, which depend on the whole of it.
    """
    classes = choices_of(solo.notes)
    pitch = in_range(solo.notes.pitch)
    centre = mean_pitch(np.cumsum(pitch - LOWEST), np.arange(1, len(pitch) + 1)) + 1
    moments = np.zeros((len(classes), len(PARTS), len(COLUMNS)), np.int64)
    for index in range(len(PARTS)):
        columns = moments[:, index]
        for other, part in enumerate(PARTS):
            back = int(other >= index)  # 1 if the last known value of this part is the previous note's
            columns[:, LATELY[part]] = _lately(classes[:, other] + 1, LAGS[part], back)
        columns[:, PLACE] = place_columns(solo.here if index else solo.before)
        columns[:, INDEX["pitch"]] = _delayed(pitch, int(index < 2), START_PITCH) - LOWEST + 1
        columns[:, INDEX["degree"]] = degree_column(columns)
        columns[:, INDEX["next_degree"]] = next_degree_column(columns)
        columns[:, INDEX["centre"]] = _delayed(centre, int(index < 2))
        if planned:
            columns[:, IDEA] = 1 + (solo.ideas[1:] if index else solo.ideas[:-1])
    if planned:
        moments[..., PROFILED] = profile_columns(figures_of(solo, pitch - LOWEST))
    rest = rest_column(moments[:, 1])
    moments[..., INDEX["rest"]] = np.stack([_delayed(rest, 1), rest, rest], axis=-1)
    phrase = phrase_column(_phrase_notes(rest))
    moments[..., INDEX["phrase"]] = np.stack([_delayed(phrase, 1), phrase, phrase], axis=-1)
    moments[..., INDEX["instrument"]] = solo.program + 1
    moments[..., WHO] = who.columns(solo.credits.performer, solo.credits.style, solo.credits.rhythm_feel)
    return moments


def _lately(values: np.ndarray, lags: int, back: int) -> np.ndarray:
    """Stack the last `lags` values, the latest first, starting `back` notes ago."""
    return np.stack([_delayed(values, back + lag) for lag in range(lags)], axis=-1)


def _delayed(values: np.ndarray, places: int, filler: int = 0) -> np.ndarray:
    return np.concatenate([np.full(places, filler), values])[: len(values)]


def place_columns(context: Context) -> np.ndarray:
    """Return the columns of `_PLACE` (n, 10) at moments."""
    chord = context.chord
    coming = context.next_chord
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
    """Return quarter notes a minute in the middle of what a value of the tempo column stands for."""
    return np.asarray(_SLOWEST_BPM * np.exp(_TEMPO_STEP * (tempo - 0.5)))


def rest_column(columns: np.ndarray) -> np.ndarray:
    """Return the rest before a note in units of 3 tatums, offset by 1; its ioi must be set."""
    ioi = columns[..., INDEX["ioi1"]] - 1
    duration = columns[..., INDEX["duration1"]]
    silent = (ioi - duration + _REST_TATUMS - 1) // _REST_TATUMS + 1
    known = (ioi >= 0) & (duration > 0)
    return np.where(known, np.clip(silent, 0, _UNDER_THE_NOTE["rest"] - 1) + 1, 0)


def degree_column(columns: np.ndarray) -> np.ndarray:
    """Return the last pitch in semitones above the chord's root, plus 1."""
    root = columns[..., INDEX["root"]]
    return np.where(root > 0, (columns[..., INDEX["pitch"]] + LOWEST - root) % 12 + 1, 0)


def next_degree_column(columns: np.ndarray) -> np.ndarray:
    """Return the last pitch in semitones above the next chord's root, plus 1; `degree` must be set."""
    degree = columns[..., INDEX["degree"]]
    away = columns[..., INDEX["next_root"]]
    return np.where((degree > 0) & (away > 0), (degree - away) % 12 + 1, 0)


def starts_phrase(columns: np.ndarray) -> np.ndarray:
    """Mark notes that come after a rest; their ioi has just been chosen."""
    return np.asarray(columns[..., INDEX["rest"]] >= _PHRASE_REST)


def phrase_column(notes: np.ndarray) -> np.ndarray:
    """Return the column for a number of notes in the phrase so far, 1 or more."""
    return np.searchsorted(_PHRASE_EDGES, notes, side="right")


def _phrase_notes(rest: np.ndarray) -> np.ndarray:
    """Count the notes of each note's phrase up to it, from the rest column before each note (n,)."""
    number = np.arange(len(rest))
    first = np.maximum.accumulate(np.where(rest >= _PHRASE_REST, number, 0))
    return number - first + 1
