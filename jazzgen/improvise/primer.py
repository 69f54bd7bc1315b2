"""A primer: notes that a solo starts from, as text.

    C4:1/2 Eb4:1/2 G4:1 r:1

    item = (pitch | "r") ":" beats      r is a rest; middle C is C4
    beats = whole number, decimal or fraction, of a quarter note, in steps of 1/12

`str` of a primer is the inverse of `Primer.parse`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jazzgen.codec.events import NoteArrays, to_arrays
from jazzgen.errors import ChordError, OptionError
from jazzgen.harmony.pitch import parse_pitch, pitch_name
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.music.melody import Notes, monophonic, quantized
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_TATUM, Bar, ticks_to_beats

_ITEM = re.compile(r"(?P<pitch>[^:]+):(?P<beats>\d+(?:\.\d+|/[1-9]\d*)?)")
_REST = "r"
_MAX_LAST = 8  # quarter notes: the longest inter-onset interval of the model
_EXAMPLE = "as in 'C4:1/2 Eb4:1/2 G4:1 r:1'"


@dataclass(frozen=True, slots=True)
class Primer:
    """Notes one at a time on the grid, in ticks from a bar line; `ticks` is the whole length, rests included."""

    notes: Notes
    ticks: int

    def __post_init__(self) -> None:
        if not self.notes:
            raise OptionError(f"the primer has no note; write some, {_EXAMPLE}, or give a file with a melody")
        last = ticks_to_beats(self.ticks - self.notes[-1].onset)
        if last > _MAX_LAST:
            raise OptionError(f"primer: its last note and the rest after it last {last:g} quarter notes; at most 8 do")
        for note in self.notes:
            if not LOWEST <= note.pitch <= HIGHEST:
                where = f"{pitch_name(LOWEST)} to {pitch_name(HIGHEST)}"
                raise OptionError(f"primer: {pitch_name(note.pitch)} is outside {where}; move it by octaves")

    @classmethod
    def parse(cls, text: str) -> "Primer":
        """Read the syntax above.

        Raises:
            OptionError: naming the item and the cure.

        Example:
            >>> str(Primer.parse("C4:1/2 Eb4:0.5 r:1"))
            'C4:1/2 Eb4:1/2 r:1'
        """
        notes: list[Note] = []
        tick = 0
        for item in text.split():
            pitch, duration = _read_item(item)
            if pitch is not None:
                notes.append(Note(tick, duration, pitch))
            tick += duration
        return cls(tuple(notes), tick)

    @classmethod
    def of(cls, notes: Iterable[Note], bars: Sequence[Bar]) -> "Primer":
        """Make a primer of written notes, from the first bar that has one to the end of the last note.

        Raises:
            OptionError: when there are none.
        """
        line = quantized(monophonic(notes))
        start = max((bar.onset for bar in bars if line and bar.onset <= line[0].onset), default=0)
        moved = tuple(Note(note.onset - start, note.duration, note.pitch, fifths=note.fifths) for note in line)
        return cls(moved, moved[-1].end if moved else 0)

    def __str__(self) -> str:
        return " ".join(
            f"{name}:{Fraction(ticks // TICKS_PER_TATUM, TATUMS_PER_BEAT)}" for name, ticks in self._items()
        )

    def _items(self) -> Iterator[tuple[str, int]]:
        tick = 0
        for note in self.notes:
            if note.onset > tick:
                yield _REST, note.onset - tick
            yield pitch_name(note.pitch), note.duration
            tick = note.end
        if self.ticks > tick:
            yield _REST, self.ticks - tick

    def arrays(self, tick: int = 0) -> NoteArrays:
        """Return the notes as arrays for a model, with the bar line at `tick`."""
        notes = tuple(Note(note.onset + tick, note.duration, note.pitch, fifths=note.fifths) for note in self.notes)
        return to_arrays(Score(parts=(Part("Primer", notes),)))


def _read_item(item: str) -> tuple[int | None, int]:
    """Return the pitch, None for a rest, and the length in ticks."""
    match = _ITEM.fullmatch(item)
    if not match:
        raise OptionError(f"primer: '{item}' is no note; write pitch, colon and quarter notes, {_EXAMPLE}")
    tatums = Fraction(match["beats"]) * TATUMS_PER_BEAT
    if tatums < 1 or tatums.denominator > 1:
        raise OptionError(f"primer: '{item}' lasts {match['beats']} quarter notes; it is a multiple of 1/12, as is 1/3")
    ticks = int(tatums) * TICKS_PER_TATUM
    return (None if match["pitch"] == _REST else _read_pitch(match["pitch"], item)), ticks


def _read_pitch(name: str, item: str) -> int:
    try:
        return parse_pitch(name)
    except ChordError:
        raise OptionError(f"primer: '{item}' has no pitch such as C4 or Bb3, or r for a rest") from None
