"""Tell how the notes of a file were played from the notes themselves, where they are as played and not as written.

A file that was played to a click holds its player's timing and velocities. `measured` finds the written place of each
note and keeps the difference beside it, as readers of measured recordings do.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import fmean, pstdev

from jazzgen.music.melody import apart, monophonic
from jazzgen.music.score import Note, Played, Score
from jazzgen.music.swung import evened, hear_swing
from jazzgen.music.timing import TICKS_PER_BEAT

# Equal parts of a beat that notes may be written in, and what each costs beside the notes' mean distance in ticks; set
# by hand, so that a beat is cut finer only if its notes come much nearer to their places.
_DIVISIONS = ((1, 0.0), (2, 0.0), (4, 12.0), (3, 14.0), (6, 30.0))
_COLLISION = 100.0  # cost of two notes at one place, in ticks; set by hand
_LEAST_TICKS = 2.0  # mean distance from the written places below which notes were drawn on a grid; set by hand
_LEAST_VELOCITIES = 4  # fewer different ones were not played; set by hand
_LEAST_DEVIATION = 2.0  # of the velocities; set by hand


def measured(score: Score) -> Score:
    """Return the score with its melody at written places, and how each note was played.

    A score that has been measured is returned as it is. Where timing or velocities were not played but drawn, they are
    not measured; if neither was, no note has `played`.
    """
    if not score.parts or any(note.played for note in score.melody.notes):
        return score
    notes = monophonic(score.melody.notes)
    swing = hear_swing(notes, score)
    even = evened(notes, score, swing) if swing else notes
    places = _places([note.onset for note in even], score.pickup)
    apart_ticks = [note.onset - place for note, place in zip(notes, places, strict=True)]
    timed = bool(notes) and fmean(map(abs, apart_ticks)) >= _LEAST_TICKS
    loudness = _loudness([note.velocity for note in notes])
    if not timed and loudness is None:
        return score
    written = [
        replace(note, onset=place, played=_played(score, note, place if timed else None, level))
        for note, place, level in zip(notes, places, loudness or [None] * len(notes), strict=True)
    ]
    return replace(
        score,
        parts=(replace(score.melody, notes=apart(written)), *score.parts[1:]),
        feel="swing" if swing else score.feel,
    )


def _played(score: Score, note: Note, place: int | None, loudness: float | None) -> Played:
    bpm = next(bpm for onset, bpm in reversed(score.tempos) if onset <= note.onset)
    tick_ms = 60_000 / bpm / TICKS_PER_BEAT
    late = None if place is None else round((note.onset - place) * tick_ms, 3)
    return Played(late, loudness, round(note.duration * tick_ms, 3), round(60_000 / bpm, 3))


def _places(onsets: Sequence[int], first_beat: int) -> list[int]:
    """Return the written place of each onset, in ticks; each beat has the equal parts that cost least."""
    places: list[int] = []
    nearest = TICKS_PER_BEAT // 12  # a note so little before a beat belongs to it
    for beat, run in groupby(onsets, key=lambda onset: (onset - first_beat + nearest) // TICKS_PER_BEAT):
        start = first_beat + beat * TICKS_PER_BEAT
        offsets = [onset - start for onset in run]
        found = min((_cost(offsets, parts, cost), parts) for parts, cost in _DIVISIONS)[1]
        places += [max(start + offset, 0) for offset in _rounded(offsets, found)]
    return places


def _rounded(offsets: Sequence[int], parts: int) -> list[int]:
    size = TICKS_PER_BEAT // parts
    return [round(offset / size) * size for offset in offsets]


def _cost(offsets: Sequence[int], parts: int, cost: float) -> float:
    rounded = _rounded(offsets, parts)
    distance = fmean(abs(a - b) for a, b in zip(offsets, rounded, strict=True))
    return distance + cost + _COLLISION * (len(rounded) - len(set(rounded)))


def _loudness(velocities: Sequence[int]) -> list[float | None] | None:
    """Return velocities in standard deviations above their mean; None if they were not played."""
    if len(set(velocities)) < _LEAST_VELOCITIES or pstdev(velocities) < _LEAST_DEVIATION:
        return None
    mean, deviation = fmean(velocities), pstdev(velocities)
    return [round((velocity - mean) / deviation, 4) for velocity in velocities]
