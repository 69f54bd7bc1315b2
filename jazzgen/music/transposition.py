"""Move music to another key: notes by half steps, their names and the chords along the line of fifths."""

from dataclasses import replace

from jazzgen.errors import OptionError
from jazzgen.harmony.changes import Changes
from jazzgen.harmony.pitch import HIGHEST_FIFTHS, LOWEST_FIFTHS, Key, fifths_of
from jazzgen.harmony.spelling import transpose_chord
from jazzgen.music.score import Part


def moved_changes(changes: Changes, start: Key, target: Key) -> Changes:
    """Move chords from key `start` to key `target`."""
    return tuple(replace(span, chord=span.chord and transpose_chord(span.chord, start, target)) for span in changes)


def moved_part(part: Part, semitones: int, start: Key, target: Key) -> Part:
    """Move a part by half steps, the names that its source gave along with it; drums stay.

    Raises:
        OptionError: if a note would leave the range of MIDI.
    """
    if part.is_drums:
        return part
    if not all(0 <= note.pitch + semitones <= 127 for note in part.notes):
        raise OptionError(f"transpose {semitones}: '{part.name}' would leave the range of MIDI; move it less")
    fifths = fifths_of(target.tonic) - fifths_of(start.tonic)
    notes = (
        replace(note, pitch=note.pitch + semitones, fifths=_moved_name(note.fifths, fifths)) for note in part.notes
    )
    return replace(part, notes=tuple(notes))


def _moved_name(fifths: int | None, moved: int) -> int | None:
    target = None if fifths is None else fifths + moved
    return target if target is not None and LOWEST_FIFTHS <= target <= HIGHEST_FIFTHS else None
