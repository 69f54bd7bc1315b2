"""A bar of an ABC voice while it is read; its lengths stay open until it ends, because broken rhythm changes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from jazzgen.formats.notation.written import PartBar, WrittenChord, WrittenNote
from jazzgen.harmony.chords import Chord
from jazzgen.music.timing import TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Head:
    """A note's MIDI pitch, whether it is tied to the next, and its place on the line of fifths, if it has one."""

    pitch: int
    tied: bool
    fifths: int | None = None


@dataclass(slots=True)
class _Event:
    """Notes that start together, or a rest if there are none; `length` in quarters."""

    length: Fraction
    heads: tuple[Head, ...] = ()


@dataclass(slots=True)
class AbcBar:
    """The contents of a bar so far.

    Attributes:
        layers: events of the voice, and of each overlay after `&`.
        chords: (index of an event in the first layer, chord over it).
        accidentals: semitones by letter, as written in this bar.
    """

    layers: list[list[_Event]] = field(default_factory=lambda: [[]])
    chords: list[tuple[int, Chord | None]] = field(default_factory=list)
    accidentals: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.layers)

    def add(self, length: Fraction, heads: tuple[Head, ...] = ()) -> None:
        """Add notes or a rest; `length` is in quarters."""
        self.layers[-1].append(_Event(length, heads))

    def stretch_last(self, factor: Fraction) -> bool:
        """Multiply the last length; return False if there is none."""
        if self.layers[-1]:
            self.layers[-1][-1].length *= factor
        return bool(self.layers[-1])

    def position(self) -> int:
        """Return the onset of the next event of the first layer, in ticks."""
        return _ticks(sum((event.length for event in self.layers[0]), Fraction(0)))

    def laid_out(self) -> tuple[PartBar, int]:
        """Return the notes and chords of the bar, and its length in ticks."""
        bar = PartBar()
        length = 0
        for voice, layer in enumerate(self.layers):
            onsets = _onsets(layer)
            for event, onset in zip(layer, onsets, strict=False):
                bar.notes += _written(event, onset, voice)
            if voice == 0:
                bar.chords = [WrittenChord(_ticks(onsets[index]), chord) for index, chord in self.chords]
            length = max(length, _ticks(onsets[-1]))
        return bar, length


def _onsets(layer: list[_Event]) -> list[Fraction]:
    """Return the onset of each event and the end of the last one, in quarters."""
    onsets = [Fraction(0)]
    for event in layer:
        onsets.append(onsets[-1] + event.length)
    return onsets


def _written(event: _Event, position: Fraction, voice: int) -> Iterator[WrittenNote]:
    onset = _ticks(position)
    duration = _ticks(position + event.length) - onset
    if duration > 0:
        yield from (
            WrittenNote(onset, duration, head.pitch, voice=voice, tied=head.tied, fifths=head.fifths)
            for head in event.heads
        )


def _ticks(beats: Fraction) -> int:
    return round(beats * TICKS_PER_BEAT)
