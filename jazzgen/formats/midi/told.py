"""Write and read how the notes of a track are written, as a text of that track.

    jazzgen written: {"feel": "swing", "notes": [onset, pitch, late, duration, ...]}

in ticks of 1/480 beat: a note of `pitch` that starts at `onset` is written `late` ticks before, for `duration` ticks.
A note that a person moved or drew afterwards is not among them; how it is written is then heard in the line.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import get_args

from jazzgen.music.melody import Notes
from jazzgen.music.score import Feel, Note, Written

PREFIX = "jazzgen written: "
_FIELDS = 4
_NEAR = 2  # ticks that programs move a note by, which write other resolutions; set by hand
_FARTHEST = 1920  # ticks from a note to the place where it is written, a bar; set by hand
_LONGEST = 1 << 20  # ticks; set by hand


@dataclass(frozen=True, slots=True)
class Told:
    """How a track's notes are written, by onset and pitch; `feel` says whether its eighths are meant to swing."""

    feel: Feel = "straight"
    notes: Mapping[tuple[int, int], Written] = field(default_factory=dict)

    def of(self, notes: Notes) -> Notes:
        """Return the notes with what is told of them."""
        if not self.notes:
            return notes
        return tuple(replace(note, written=self._near(note)) for note in notes)

    def _near(self, note: Note) -> Written | None:
        for off in sorted(range(-_NEAR, _NEAR + 1), key=abs):
            if found := self.notes.get((note.onset + off, note.pitch)):
                return found._replace(late=found.late - off)
        return None


def told_text(notes: Iterable[Note], feel: Feel) -> str:
    """Return the text of a track; empty if its notes do not say how they are written.

    >>> text = told_text([Note(335, 200, 60, written=Written(95, 240))], "swing")
    >>> read_told([text]).notes
    {(335, 60): Written(late=95, duration=240)}
    """
    rows = [(note.onset, note.pitch, *note.written) for note in notes if note.written]
    if not rows:
        return ""
    flat = [number for row in rows for number in row]
    return PREFIX + json.dumps({"feel": feel, "notes": flat}, separators=(",", ":"))


def read_told(texts: Iterable[str]) -> Told:
    """Read a track's texts; inverse of `told_text`. What is not as it was written tells nothing."""
    text = next((text.removeprefix(PREFIX) for text in texts if text.startswith(PREFIX)), "")
    with suppress(ValueError, RecursionError, TypeError, KeyError):
        found = json.loads(text)
        flat = found["notes"]
        if found["feel"] in get_args(Feel) and all(type(number) is int for number in flat):
            rows = zip(*(flat[column::_FIELDS] for column in range(_FIELDS)), strict=False)
            return Told(found["feel"], {row[:2]: Written(*row[2:]) for row in rows if _makes_sense(*row[2:])})
    return Told()


def _makes_sense(late: int, duration: int) -> bool:
    return abs(late) <= _FARTHEST and 1 <= duration <= _LONGEST
