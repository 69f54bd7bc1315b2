"""The names of a part's notes on the staff."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.line_spelling import Tone, spell_line
from jazzgen.harmony.pitch import Key, name_at
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_TATUM

Names = Mapping[tuple[int, int], str]


def names_of(notes: Sequence[Note], changes: Changes, key: Key) -> Names:
    """Return the name of each note by its onset and pitch.

    A note that is held into the next chord, as one that anticipates it, is spelled by that chord.
    """
    tones = [Tone(note.pitch, _chord_over(note, changes), note.fifths) for note in notes]
    spelled = spell_line(tones, key)
    return {(note.onset, note.pitch): name_at(fifths) for note, fifths in zip(notes, spelled, strict=True)}


def _chord_over(note: Note, changes: Changes) -> Chord | None:
    place = bisect_right(changes, note.onset, key=lambda span: span.onset) - 1
    if place + 1 < len(changes) and note.end - changes[place + 1].onset > TICKS_PER_TATUM:
        place += 1
    return changes[place].chord if place >= 0 else None
