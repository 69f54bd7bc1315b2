"""Perform a solo as people touch their notes: how loud, how late and how long, drawn by a model of players.

A loudness in standard deviations becomes a velocity by the usual law of synthesizers, level in dB = 40 log10(velocity /
127) (MIDI Manufacturers Association, "General MIDI 2", 1999, and "DLS Level 1", 1997), and the spread of loudness in
the Weimar Jazz Database: 4.4 dB is the median over its solos of their standard deviation.

Each note says how it is written (`Note.written`), so that no touch is mistaken for rhythm when a file is read.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np

from jazzgen.band.answers import with_answers
from jazzgen.band.perform import with_band_timing, with_swing
from jazzgen.errors import OptionError
from jazzgen.learning.touch.bundle import TouchModel, load_touch
from jazzgen.learning.touch.perform import Touched, perform_touch, unheard
from jazzgen.learning.touch.scale import REACH_BEATS
from jazzgen.music.melody import ARTICULATION_TICKS, Notes
from jazzgen.music.score import Note, Score, Written
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM
from jazzgen.system.places import shipped_touch

MAX_TOUCH, MAX_DYNAMICS = 1.5, 2.0  # set by ear
_SPREAD_DB = 4.4
_DB_A_DECADE = 40.0
_MEDIUM = 78  # velocity of a note as loud as the mean; set by ear
_SOFTEST, _LOUDEST = 24, 124  # set by ear
_LATE_MS = 22.0  # how late soloists play on the beat, as in `perform`
_APART_MS = 15.0  # from one onset to the next, at least; set by hand
_MIN_TICKS = 30  # shortest note; set by ear
Kept = Sequence[Touched | None]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much touch.

    Attributes:
        touch: factor on how far notes are from flat: 0 is flat, 1 as players do.
        dynamics: a further factor on loudness.
        laid_back: 0 is about on the beat, 1 as late as players are.
    """

    touch: float = 1.0
    dynamics: float = 1.0
    laid_back: float = 1.0


@cache
def players_touch() -> TouchModel:
    """Return the model that ships, loaded once."""
    return load_touch(shipped_touch())


def with_touch(
    score: Score,
    amount: Amount,
    *,
    swing: float | None = None,
    articulate: bool = False,
    kept: Kept = (),
    timing: np.random.Generator,
    rng: np.random.Generator,
) -> Score:
    """Perform a score as written, the solo as people touch notes, the band with swing and in its own time.

    Args:
        score: the solo, with its band, as written.
        amount: how much touch.
        swing: ratio of the band's eighths; None for the tempo's.
        articulate: whether the solo's lengths are notation and not meant to sound; else a note before a rest is held as
            long as it is written, within a tatum.
        kept: touches that the solo's notes have already, None for those to draw; empty draws all.
        timing: source of the band's timing.
        rng: source of the touches.
    """
    solo, *band = score.parts
    touches = perform_touch(players_touch(), score, rng=rng, kept=kept, as_written=False)
    loud = with_loudness(solo.notes, touches, amount)
    swung = with_swing(with_answers(score.with_parts(replace(solo, notes=loud), *band)), swing)
    line = touched(solo.notes, swung.melody.notes, touches, score.bpm, amount, held=not articulate)
    played = with_band_timing(swung, rng=timing)
    return played.with_parts(replace(solo, notes=_within(line, score.end)), *played.parts[1:])


def known_player(name: str) -> str:
    """Return a player's name if the model has heard him, else nobody's."""
    return name if name in players_touch().config.performers else ""


def require_player(name: str) -> None:
    """Raise OptionError for a player whom the model has never heard."""
    if name and not known_player(name):
        known = players_touch().config.performers
        near = difflib.get_close_matches(name, known, 3, 0.4) or known[:8]
        raise OptionError(f"player '{name}': models/touch has heard nobody of that name; it knows {', '.join(near)}")


def strange_to_touch(score: Score) -> tuple[str, ...]:
    """Name what of a score the model has never heard, such as its tempo; empty if it knows all."""
    return unheard(players_touch(), score)


def with_loudness(notes: Notes, touches: Sequence[Touched], amount: Amount) -> Notes:
    """Give notes the velocities of their touches."""
    factor = amount.touch * amount.dynamics
    return tuple(
        replace(note, velocity=velocity_of(factor * touch.loudness)) for note, touch in zip(notes, touches, strict=True)
    )


def velocity_of(loudness: float) -> int:
    """Return the velocity of a loudness in standard deviations above the solo's mean.

    >>> velocity_of(0), velocity_of(1), velocity_of(-1)
    (78, 100, 61)
    """
    return round(min(max(_MEDIUM * 10 ** (loudness * _SPREAD_DB / _DB_A_DECADE), _SOFTEST), _LOUDEST))


def loudness_of(velocity: int) -> float:
    """Return the loudness of a velocity; inverse of `velocity_of` within its limits."""
    return float(np.log10(velocity / _MEDIUM)) * _DB_A_DECADE / _SPREAD_DB


def touched(
    written: Notes, swung: Notes, touches: Sequence[Touched], bpm: float, amount: Amount, *, held: bool = False
) -> Notes:
    """Return a line as played; onsets keep their order, and no note sounds on into a rest for more than a tatum.

    Args:
        written: the line as written, eighths even.
        swung: the same notes with the band's swing, and their velocities.
        touches: one for each note.
        bpm: quarter notes a minute.
        amount: how much touch.
        held: whether notes before rests last as long as they are written, within a tatum.
    """
    tick_ms = 60_000 / bpm / TICKS_PER_BEAT
    shift = (amount.laid_back - 1) * _LATE_MS * min(amount.touch, 1)
    late = np.array([amount.touch * touch.late_ms + shift for touch in touches]) / tick_ms
    places = np.array([note.onset for note in swung]) + late
    steps = np.arange(len(places)) * _APART_MS / tick_ms
    onsets = np.rint(np.maximum.accumulate(np.maximum(places, 0) - steps) + steps).astype(int).tolist()
    return tuple(_played(written, swung, touches, onsets, amount, held=held))


def _played(
    written: Notes, swung: Notes, touches: Sequence[Touched], onsets: Sequence[int], amount: Amount, *, held: bool
) -> Iterator[Note]:
    reach = REACH_BEATS * TICKS_PER_BEAT
    nexts = zip(onsets[1:], (line.onset for line in written[1:]), strict=True)
    for line, note, touch, onset, after in zip(written, swung, touches, onsets, (*nexts, None), strict=False):
        room = after[0] - onset if after else None
        rests = after is None or after[1] - line.end > ARTICULATION_TICKS
        most = min(room or reach, note.duration + TICKS_PER_TATUM if rests else reach)
        least = max(note.duration - TICKS_PER_TATUM, _MIN_TICKS) if rests and held else _MIN_TICKS
        length = touch.length * min(reach, room or reach)
        duration = max(round(note.duration + amount.touch * (length - note.duration)), least)
        told = Written(onset - line.onset, line.duration)
        yield replace(note, onset=onset, duration=min(duration, most), written=told)


def _within(notes: Notes, end: int) -> Notes:
    """Return notes that end by a tick, so that a late last note adds no bar."""
    early = (note.started_at(max(min(note.onset, end - _MIN_TICKS), 0)) for note in notes)
    return tuple(note if note.end <= end else replace(note, duration=max(end - note.onset, 1)) for note in early)


def touches_of(played: Notes, swung: Notes, bpm: float) -> tuple[Touched, ...]:
    """Return the touches that notes were played with; inverse of `touched` at its usual amount.

    Args:
        played: the notes as played.
        swung: the same notes where they are written, with the band's swing.
        bpm: quarter notes a minute.
    """
    tick_ms = 60_000 / bpm / TICKS_PER_BEAT
    reach = REACH_BEATS * TICKS_PER_BEAT
    rooms = [min(after.onset - note.onset, reach) for note, after in pairwise(played)]
    return tuple(
        Touched(loudness_of(note.velocity), (note.onset - place.onset) * tick_ms, note.duration / max(room, 1))
        for note, place, room in zip(played, swung, [*rooms, reach], strict=False)
    )
