"""From written notes to played ones: swing, accents, articulation. Each step returns a new score."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from jazzgen.feel import swing, swing_ratio
from jazzgen.score import Note, Score
from jazzgen.timing import TICKS_PER_BEAT

_MIN_TICKS = 30
_PHRASE_GAP = TICKS_PER_BEAT // 2


def with_swing(score: Score, ratio: float | None = None) -> Score:
    """Swings every part if the score's feel asks for it; `ratio` None goes by the tempo.

    The result's feel is straight: it is written as it is played.
    """
    if score.feel == "straight":
        return score
    chosen = swing_ratio(score.bpm) if ratio is None else ratio
    parts = (replace(part, notes=swing(part.notes, chosen, score.pickup)) for part in score.parts)
    return replace(score, parts=tuple(parts), feel="straight")


def with_accents(score: Score, *, rng: np.random.Generator) -> Score:
    """Gives the solo velocities: off-beats, tops of the line and ends of phrases stand out, low notes recede."""
    notes = score.melody.notes
    return _with_melody(
        score, tuple(replace(n, velocity=v) for n, v in zip(notes, _velocities(notes, rng), strict=True))
    )


def _velocities(notes: tuple[Note, ...], rng: np.random.Generator) -> list[int]:
    velocities = []
    for index, note in enumerate(notes):
        before = notes[index - 1] if index else note
        after = notes[index + 1] if index + 1 < len(notes) else None
        off_beat = note.onset % TICKS_PER_BEAT != 0
        is_top = note.pitch > before.pitch and (after is None or note.pitch >= after.pitch)
        ends_phrase = after is None or after.onset - note.end >= _PHRASE_GAP
        level = 80 + 6 * off_beat + 10 * is_top + 6 * ends_phrase + 0.4 * (note.pitch - 67) + rng.normal(0, 3)
        velocities.append(int(np.clip(round(level), 40, 118)))
    return velocities


def with_articulation(score: Score) -> Score:
    """Eighths are played legato, the last note of a phrase short if it is short already, repeated pitches tongued."""

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


def _with_melody(score: Score, notes: tuple[Note, ...]) -> Score:
    return score.with_parts(replace(score.melody, notes=notes), *score.parts[1:])
