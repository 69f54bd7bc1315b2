"""Write and read how the notes of a track are written, as a text of that track.

    jazzgen written: [onset, pitch, late, duration, ...]

in ticks of 1/480 beat: a note of `pitch` that starts at `onset` is written `late` ticks before, for `duration` ticks.
A note that a person moved or drew afterwards is not among them; how it is written is then heard in the line.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Written

PREFIX = "jazzgen written: "
_FIELDS = 4
_NEAR = 2  # ticks that programs move a note by, which write other resolutions; set by hand
_FARTHEST = 1920  # ticks from a note to the place where it is written, a bar; set by hand
_LONGEST = 1 << 20  # ticks; set by hand
# How notes are written, by onset and pitch.
Told = Mapping[tuple[int, int], Written]


def told_text(notes: Iterable[Note]) -> str:
    """Return the text of a track; empty if its notes do not say how they are written.

    >>> text = told_text([Note(335, 200, 60, written=Written(95, 240))])
    >>> read_told([text])
    {(335, 60): Written(late=95, duration=240)}
    """
    rows = [(note.onset, note.pitch, *note.written) for note in notes if note.written]
    flat = [number for row in rows for number in row]
    return PREFIX + json.dumps(flat, separators=(",", ":")) if flat else ""


def read_told(texts: Iterable[str]) -> Told:
    """Read a track's texts; inverse of `told_text`. What is not as it was written tells nothing."""
    text = next((text.removeprefix(PREFIX) for text in texts if text.startswith(PREFIX)), "")
    with suppress(ValueError, RecursionError):
        flat = json.loads(text)
        if isinstance(flat, list) and all(type(number) is int for number in flat):
            rows = zip(*(flat[column::_FIELDS] for column in range(_FIELDS)), strict=False)
            return {row[:2]: Written(*row[2:]) for row in rows if _makes_sense(*row[2:])}
    return {}


def _makes_sense(late: int, duration: int) -> bool:
    return abs(late) <= _FARTHEST and 1 <= duration <= _LONGEST


def as_told(notes: Notes, told: Told) -> Notes:
    """Return notes with what is told of them."""
    return tuple(replace(note, written=_near(note, told)) for note in notes)


def _near(note: Note, told: Told) -> Written | None:
    for off in sorted(range(-_NEAR, _NEAR + 1), key=abs):
        if found := told.get((note.onset + off, note.pitch)):
            return found._replace(late=found.late - off)
    return None
