"""Find how a played line is written: eighths even, each note at the place that it is meant for.

Notes that say how they are written (`Note.written`) are believed; for the others the swing is heard in the line
(`music.swung`).
"""

from dataclasses import replace
from statistics import median

from jazzgen.music.melody import Notes, monophonic
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import EIGHTH
from jazzgen.music.swung import evened, hear_swing, known_swing
from jazzgen.music.timing import TICKS_PER_BEAT

# Ticks that second eighths come later than notes on the beat, at least, if a line swings: 1.2:1. Set by hand.
_LILT = 22


def as_told(note: Note) -> Note:
    """Return a note as it says that it is written, itself if it does not say.

    >>> from jazzgen.music.score import Written
    >>> as_told(Note(335, 200, 60, written=Written(late=95, duration=240)))
    Note(onset=240, duration=240, pitch=60, velocity=80)
    """
    if note.written is None:
        return note
    onset = written_onset(note)
    cut = min(onset, 0)  # of a note that started before an excerpt
    return replace(note, onset=onset - cut, duration=max(note.written.duration + cut, 1), written=None)


def written_onset(note: Note) -> int:
    """Return the tick at which a note is written, that at which it starts if it does not say."""
    return note.onset - note.written.late if note.written else note.onset


def is_told(notes: Notes) -> bool:
    """Return True if there are notes, and each says how it is written."""
    return bool(notes) and all(note.written is not None for note in notes)


def even(notes: Notes, score: Score, ratio: float | None = None) -> tuple[Notes, bool]:
    """Return each of the notes where it is written, in the order given, and whether they were swung.

    Args:
        notes: as played.
        score: its meters are used; if its feel is swing, notes that are told (`is_told`) were swung.
        ratio: of the first eighth's length to the second's; None hears it.
    """
    if is_told(notes):
        written = tuple(map(as_told, notes))
        return written, score.feel == "swing" or _lilts(notes, written, score)
    line = monophonic(notes)
    swing = hear_swing(line, score) if ratio is None else known_swing(line, score, ratio)
    moved = evened(notes, score, swing) if swing else notes
    placed = (as_told(before) if before.written else after for before, after in zip(notes, moved, strict=True))
    return tuple(placed), swing is not None


def _lilts(played: Notes, written: Notes, score: Score) -> bool:
    """Return whether second eighths are played late, compared with the notes on the beat."""
    places = [(note.onset - score.pickup) % TICKS_PER_BEAT for note in written]
    late = [a.onset - b.onset for a, b in zip(played, written, strict=True)]
    seconds, firsts = ([ticks for ticks, p in zip(late, places, strict=True) if p == place] for place in (EIGHTH, 0))
    return bool(seconds and firsts) and median(seconds) - median(firsts) >= _LILT


def written_line(score: Score, ratio: float | None = None) -> tuple[Notes, bool]:
    """Return a score's melody as `even` does, one note at a time."""
    played = score.melody.notes
    if any(note.written for note in played):
        notes, swings = even(played, score, ratio)
        return monophonic(notes, together_ticks=1), swings
    return even(monophonic(played), score, ratio)
