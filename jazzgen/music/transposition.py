"""Move parts to another key: notes by half steps, and the names that they have along the line of fifths."""

from dataclasses import replace

from jazzgen.errors import OptionError
from jazzgen.harmony.pitch import HIGHEST_FIFTHS, LOWEST_FIFTHS, Key, fifths_of
from jazzgen.music.score import Part


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
