"""A bar of an ABC voice while it is read. Lengths are kept until it ends, for broken rhythm alters them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from jazzgen.formats.notation.written import PartBar, WrittenChord, WrittenNote
from jazzgen.harmony.chords import Chord
from jazzgen.music.timing import TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Head:
    """A note's pitch, and whether it is tied to the next."""

    pitch: int
    tied: bool


@dataclass(slots=True)
class _Event:
    """Notes that start together, or a rest if there are none, with their length in quarters."""

    length: Fraction
    heads: tuple[Head, ...] = ()


@dataclass(slots=True)
class AbcBar:
    """What stands in the bar so far.

    Attributes:
        layers: the voice, and what is laid over it after `&`.
        chords: with the number of the event in the first layer that each stands over.
        accidentals: of letters, as written in this bar.
    """

    layers: list[list[_Event]] = field(default_factory=lambda: [[]])
    chords: list[tuple[int, Chord | None]] = field(default_factory=list)
    accidentals: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.layers)

    def add(self, length: Fraction, heads: tuple[Head, ...] = ()) -> None:
        """Adds notes or a rest, `length` in quarters."""
        self.layers[-1].append(_Event(length, heads))

    def stretch_last(self, factor: Fraction) -> bool:
        """Multiplies the last length; False if there is none."""
        if self.layers[-1]:
            self.layers[-1][-1].length *= factor
        return bool(self.layers[-1])

    def position(self) -> int:
        """Ticks from the start of the bar to what comes next."""
        return _ticks(sum((event.length for event in self.layers[0]), Fraction(0)))

    def laid_out(self) -> tuple[PartBar, int]:
        """Notes and chords at their ticks, and how long the bar is."""
        bar, length = PartBar(), 0
        for voice, layer in enumerate(self.layers):
            onsets = _onsets(layer)
            for event, onset in zip(layer, onsets, strict=False):
                bar.notes += _written(event, onset, voice)
            if voice == 0:
                bar.chords = [WrittenChord(_ticks(onsets[index]), chord) for index, chord in self.chords]
            length = max(length, _ticks(onsets[-1]))
        return bar, length


def _onsets(layer: list[_Event]) -> list[Fraction]:
    """Where each event starts, in quarters, and where the last one ends."""
    onsets = [Fraction(0)]
    for event in layer:
        onsets.append(onsets[-1] + event.length)
    return onsets


def _written(event: _Event, position: Fraction, voice: int) -> Iterator[WrittenNote]:
    onset = _ticks(position)
    duration = _ticks(position + event.length) - onset
    if duration > 0:
        yield from (WrittenNote(onset, duration, head.pitch, voice=voice, tied=head.tied) for head in event.heads)


def _ticks(beats: Fraction) -> int:
    return round(beats * TICKS_PER_BEAT)
