"""Perform written notes: accents, swing, articulation, timing. Each step returns a new score.

Timing: in recordings a soloist plays the beat 20 to 30 ms late, and the swung eighth between together with the cymbal;
that sounds laid back, and like more swing (A. Friberg and A. Sundström, "Swing Ratios and Ensemble Timing in Jazz
Performance", Music Perception 19(3), 2002; C. Nelias et al., "Downbeat Delays Are a Key Component of Swing in Jazz",
Communications Physics 5, 2022).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np

from jazzgen.band.players import PLAYERS, Touch, player_of
from jazzgen.band.seats import TIMING, stream_of
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import MAX_LATE_TICKS, in_each_meter, swing, swing_ratio
from jazzgen.music.timing import TICKS_PER_BEAT, milliseconds_to_ticks

_MIN_TICKS = 30  # shortest note; set by ear
_PHRASE_GAP = TICKS_PER_BEAT // 2
_EIGHTH = TICKS_PER_BEAT // 2
_GHOST_DEPTH = 3  # half steps below both neighbours; set by ear
# Milliseconds that a soloist plays the beat late: swung (see above) and straight (set by ear); and the standard
# deviation from note to note (set by ear).
_LATE_MS = 22.0
_LATE_STRAIGHT_MS = 10.0
_LATE_SPREAD_MS = 6.0

_ON_TIME = Touch(0, 0)


def with_swing(score: Score, ratio: float | None = None) -> Score:
    """Swing every part if the score's feel is swing; `ratio` None takes the tempo's.

    The result's feel is straight, since its notes are written as they are played.
    """
    if score.feel == "straight":
        return score
    chosen = swing_ratio(score.bpm) if ratio is None else ratio
    move = partial(_swung, chosen)
    parts = (replace(part, notes=tuple(sorted(in_each_meter(part.notes, score, move)))) for part in score.parts)
    return replace(score, parts=tuple(parts), feel="straight")


def _swung(ratio: float, notes: Notes, first_beat: int) -> Notes:
    return swing(notes, ratio, first_beat)


def with_accents(score: Score, *, rng: np.random.Generator) -> Score:
    """Give the solo velocities: off-beats, tops of the line and ends of phrases louder, low notes softer.

    A short note far below both neighbours is ghosted. All levels are set by ear.
    """
    notes = score.melody.notes
    return _with_melody(
        score, tuple(replace(n, velocity=v) for n, v in zip(notes, _velocities(notes, rng), strict=True))
    )


def _velocities(notes: Notes, rng: np.random.Generator) -> list[int]:
    velocities = []
    for index, note in enumerate(notes):
        before = notes[index - 1] if index else note
        after = notes[index + 1] if index + 1 < len(notes) else None
        off_beat = note.onset % TICKS_PER_BEAT != 0
        is_top = note.pitch > before.pitch and (after is None or note.pitch >= after.pitch)
        ends_phrase = after is None or after.onset - note.end >= _PHRASE_GAP
        level = 80 + 6 * off_beat + 10 * is_top + 6 * ends_phrase + 0.4 * (note.pitch - 67)
        level -= 22 * (after is not None and _is_ghost(before, note, after))
        velocities.append(int(np.clip(round(level + rng.normal(0, 3)), 36, 118)))
    return velocities


def _is_ghost(before: Note, note: Note, after: Note) -> bool:
    """Return whether a short note is a dip in the line, from which it comes back."""
    dips = min(before.pitch, after.pitch) - note.pitch >= _GHOST_DEPTH
    return dips and after.onset - note.onset <= _EIGHTH and note.onset - before.onset <= _EIGHTH


def with_articulation(score: Score) -> Score:
    """Play eighths legato, shorten a phrase's last note, and separate repeated pitches. Lengths are set by ear."""

    def played(note: Note, after: Note | None) -> Note:
        touches = after is not None and after.onset == note.end
        if after is not None and touches:
            cut = 30 if after.pitch == note.pitch else 0
        else:
            cut = note.duration // 3 if note.duration <= TICKS_PER_BEAT else note.duration // 12
        return replace(note, duration=max(note.duration - cut, min(note.duration, _MIN_TICKS)))

    return _map_melody(score, played)


def _map_melody(score: Score, change: Callable[[Note, Note | None], Note]) -> Score:
    notes = score.melody.notes
    changed = [change(a, b) for a, b in pairwise(notes)] + [change(note, None) for note in notes[-1:]]
    return _with_melody(score, tuple(changed))


def with_timing(score: Score, laid_back: float = 1.0, *, swung: bool, rng: np.random.Generator) -> Score:
    """Play the solo behind the beat, and give each player of the band human timing.

    No note starts earlier than written, nor half a tatum late or more, so that the written time can be recovered. Notes
    end where they did, unless the next note is joined to them.

    Args:
        score: with swing and articulation.
        laid_back: factor on the delays: 0 on the beat, 1 as in recordings.
        swung: whether the score swings; straight solos are less late.
        rng: source of the differences from note to note.
    """
    solo, *band = with_band_timing(score, rng=rng).parts
    late = Touch(laid_back * (_LATE_MS if swung else _LATE_STRAIGHT_MS), laid_back * _LATE_SPREAD_MS)
    behind = partial(_behind_the_beat, late, score.bpm, stream_of("solo", rng, TIMING))
    return score.with_parts(replace(solo, notes=in_each_meter(solo.notes, score, behind)), *band)


def with_band_timing(score: Score, *, rng: np.random.Generator) -> Score:
    """Give each player of the band human timing; the solo, which is the first part, stays."""
    solo, *band = score.parts
    players = [_in_own_time(part, score.bpm, stream_of(part.name.lower(), rng, TIMING)) for part in band]
    return score.with_parts(solo, *players)


def _delays(touch: Touch, bpm: float, count: int, rng: np.random.Generator) -> list[int]:
    """Draw `count` delays, in ticks."""
    drawn = rng.normal(touch.late_ms, touch.late_spread_ms, count).tolist()
    return [min(max(milliseconds_to_ticks(delay, bpm), 0), MAX_LATE_TICKS) for delay in drawn]


def _behind_the_beat(late: Touch, bpm: float, rng: np.random.Generator, notes: Notes, first_beat: int) -> Notes:
    """Delay notes on the beat, and prolong the note before if it was joined to them."""
    moved: list[Note] = []
    for note, delay in zip(notes, _delays(late, bpm, len(notes), rng), strict=True):
        on_beat = (note.onset - first_beat) % TICKS_PER_BEAT == 0
        ticks = max(min(delay, note.duration - _MIN_TICKS), 0) if on_beat else 0
        if ticks and moved and moved[-1].end == note.onset:
            moved[-1] = replace(moved[-1], duration=moved[-1].duration + ticks)
        moved.append(replace(note, onset=note.onset + ticks, duration=note.duration - ticks))
    return tuple(moved)


def _in_own_time(part: Part, bpm: float, rng: np.random.Generator) -> Part:
    """Delay a player's notes; notes struck together stay together."""
    onsets = list(dict.fromkeys(note.onset for note in part.notes))
    player = player_of(part.name)
    delays = _delays(PLAYERS[player].touch if player else _ON_TIME, bpm, len(onsets), rng)
    late = dict(zip(onsets, delays, strict=True))
    notes = (_started_later(note, late[note.onset]) for note in part.notes)
    return replace(part, notes=tuple(sorted(notes)))


def _started_later(note: Note, ticks: int) -> Note:
    late = max(min(ticks, note.duration - _MIN_TICKS), 0)
    return replace(note, onset=note.onset + late, duration=note.duration - late)


def _with_melody(score: Score, notes: Notes) -> Score:
    return score.with_parts(replace(score.melody, notes=notes), *score.parts[1:])
