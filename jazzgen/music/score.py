"""Notes, parts and scores: the frozen, self-checking values that all of jazzgen uses.

Times are integer ticks, 480 a quarter note, from the start of the pickup bar (or of bar 1, if there is none).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, TypeVar

from jazzgen.errors import ScoreError
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.pitch import Key
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Bar, Meter, iter_bars

Feel = Literal["swing", "straight"]
MarkKind = Literal["section", "chorus", "phrase", "idea"]
# Sections around the choruses.
INTRO, TAG, ENDING = "Intro", "Tag", "Ending"
DRUM_CHANNEL = 9
PITCHED_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
# General MIDI programs, counted from 0.
PIANO, TENOR_SAX = 0, 66
_Event = TypeVar("_Event")
_Span = TypeVar("_Span", "Note", ChordSpan, "Mark")


@dataclass(frozen=True, slots=True)
class Played:
    """How somebody played a note, as measured on a recording; the note itself stands at its written place.

    Attributes:
        late_ms: actual onset minus written place, the place taken on the even grid of the beat as it was played;
            negative if early; None if not measured.
        loudness: standard deviations above the mean of the solo; None if not measured.
        duration_ms: how long it sounded.
        quarter_ms: how long a quarter note was there, as the band played it; None if not measured.
    """

    late_ms: float | None
    loudness: float | None
    duration_ms: float
    quarter_ms: float | None = None

    def __reduce__(self) -> tuple[type["Played"], tuple[float | None, ...]]:
        """Pickle as a plain constructor call, as notes do."""
        return Played, (self.late_ms, self.loudness, self.duration_ms, self.quarter_ms)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A note: `onset` and `duration` in ticks, MIDI `pitch` and `velocity`. Notes sort by onset, duration, pitch.

    `fifths` is how its source spells it, as a place on the line of fifths, or None if the source does not; notes that
    differ in nothing else are equal. `played` is how it was played, where that was measured; it too leaves notes equal.
    """

    onset: int
    duration: int
    pitch: int
    velocity: int = 80
    fifths: int | None = field(default=None, compare=False, repr=False)
    played: Played | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.onset < 0 or self.duration < 1:
            raise ScoreError(f"{self}: a note starts at tick 0 or later and lasts 1 tick or more")
        if not 0 <= self.pitch <= 127 or not 1 <= self.velocity <= 127:
            raise ScoreError(f"{self}: pitch is 0 to 127 and velocity 1 to 127")
        if self.fifths is not None and (7 * self.fifths - self.pitch) % 12:
            raise ScoreError(f"{self}: its spelling is not one of its pitch")

    def __reduce__(self) -> tuple[type["Note"], tuple[int | Played | None, ...]]:
        """Pickle as a plain constructor call, which is faster between processes than a frozen class's default."""
        return Note, (self.onset, self.duration, self.pitch, self.velocity, self.fifths, self.played)

    @property
    def end(self) -> int:
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Part:
    """One player's notes: sorted by time, no pitch struck while it still sounds.

    Attributes:
        name: the track's name.
        program: General MIDI program, 0 to 127.
        channel: MIDI channel counted from 0; 9 is for drums.
        volume: of the whole part, 0 to 127; 100 is MIDI's default.
        pan: 0 (left) through 64 (middle) to 127 (right).
    """

    name: str
    notes: tuple[Note, ...] = ()
    program: int = 0
    channel: int = 0
    volume: int = 100
    pan: int = 64

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127 or not 0 <= self.channel <= 15:
            raise ScoreError(
                f"part '{self.name}': program {self.program} is 0 to 127, channel {self.channel} is 0 to 15"
            )
        if not 0 <= self.volume <= 127 or not 0 <= self.pan <= 127:
            raise ScoreError(f"part '{self.name}': volume {self.volume} and pan {self.pan} are 0 to 127")
        if any(a.onset >= b.onset and a > b for a, b in pairwise(self.notes)):  # onsets alone are quick to compare
            raise ScoreError(f"part '{self.name}': its notes are not in order of time; sort them")
        sounding: dict[int, int] = {}
        for note in self.notes:
            if sounding.get(note.pitch, 0) > note.onset:
                raise ScoreError(f"part '{self.name}': {note} starts while the same pitch still sounds")
            sounding[note.pitch] = note.onset + note.duration

    @property
    def end(self) -> int:
        return max((note.end for note in self.notes), default=0)

    @property
    def is_drums(self) -> bool:
        """True if its pitches are keys of a drum kit (General MIDI's drum map)."""
        return self.channel == DRUM_CHANNEL

    @property
    def is_monophonic(self) -> bool:
        """True if no note starts before the one before it has ended."""
        return all(a.end <= b.onset for a, b in pairwise(self.notes))


@dataclass(frozen=True, slots=True)
class Mark:
    """A named stretch of the music: a section of the form, a chorus, a phrase of the solo or an idea in it.

    Times are in ticks. Marks of one kind do not overlap; marks of different kinds may.
    """

    onset: int
    duration: int
    kind: MarkKind
    label: str = ""

    def __post_init__(self) -> None:
        if self.onset < 0 or self.duration < 1:
            raise ScoreError(f"{self}: a {self.kind} starts at tick 0 or later and lasts 1 tick or more")

    @property
    def end(self) -> int:
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Credits:
    """Who made the music and of what kind, as far as the file says; "" where it does not.

    Attributes:
        style: the school, such as bebop.
        rhythm_feel: the groove in the source's own words, such as swing or latin.
    """

    composer: str = ""
    performer: str = ""
    style: str = ""
    rhythm_feel: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A piece of music.

    Attributes:
        tempos: (onset in ticks, quarter notes a minute), the first at 0, in order.
        meters: (onset in ticks, meter), the first at 0, in order.
        pickup: ticks before bar 1, less than a bar.
        changes: the chords, as ordered spans that do not overlap.
        parts: the solo first.
        feel: "swing" if eighths written even are to be swung.
        marks: sections, choruses, phrases and ideas, in order of time.

    Example:
        >>> score = Score(parts=(Part("Solo", (Note(0, 480, 60), Note(480, 240, 64))),))
        >>> score.bpm, str(score.meter), score.end, len(list(score.bars()))
        (120.0, '4/4', 720, 1)
        >>> score.excerpt(1, 1).melody.notes[1].pitch
        64
    """

    title: str = "Untitled"
    tempos: tuple[tuple[int, float], ...] = ((0, 120.0),)
    meters: tuple[tuple[int, Meter], ...] = ((0, Meter()),)
    key: Key = field(default_factory=Key)
    pickup: int = 0
    changes: Changes = ()
    parts: tuple[Part, ...] = ()
    feel: Feel = "swing"
    marks: tuple[Mark, ...] = ()
    credits: Credits = Credits()

    def __post_init__(self) -> None:
        for what, onsets in (("tempos", [t for t, _ in self.tempos]), ("meters", [t for t, _ in self.meters])):
            if not onsets or onsets[0] != 0 or any(a >= b for a, b in pairwise(onsets)):
                raise ScoreError(
                    f"score '{self.title}': its {what} start at tick {onsets[:1]}; the first must be at 0, others later"
                )
        for _, bpm in self.tempos:
            if not MIN_BPM <= bpm <= MAX_BPM:
                raise ScoreError(
                    f"score '{self.title}': tempo {bpm:g} is outside {MIN_BPM:g} to {MAX_BPM:g} beats a minute"
                )
        if not 0 <= self.pickup < self.meter.bar_ticks:
            raise ScoreError(f"score '{self.title}': pickup of {self.pickup} ticks does not fit a bar of {self.meter}")
        if any(span.duration < 1 or span.onset < 0 for span in self.changes):
            raise ScoreError(f"score '{self.title}': a chord lasts no time at all or starts before the music")
        if any(a.end > b.onset for a, b in pairwise(self.changes)):
            raise ScoreError(f"score '{self.title}': two chords sound at once")
        if any(a.onset > b.onset for a, b in pairwise(self.marks)):
            raise ScoreError(f"score '{self.title}': its marks are not in order of time; sort them")

    @property
    def bpm(self) -> float:
        """The first tempo."""
        return self.tempos[0][1]

    @property
    def meter(self) -> Meter:
        """The first meter."""
        return self.meters[0][1]

    @property
    def end(self) -> int:
        """The tick at which the last note and the last chord have ended."""
        return max([part.end for part in self.parts] + [span.end for span in self.changes[-1:]], default=0)

    @property
    def melody(self) -> Part:
        """The solo, which is the first part."""
        if not self.parts:
            raise ScoreError(f"score '{self.title}' has no part")
        return self.parts[0]

    def marked(self, kind: MarkKind) -> tuple[Mark, ...]:
        """Return the marks of one kind."""
        return tuple(mark for mark in self.marks if mark.kind == kind)

    def bars(self) -> Iterator[Bar]:
        return iter_bars(self.meters, self.pickup, self.end)

    def free_channel(self) -> int:
        """Return the lowest MIDI channel that no part uses, the drum channel aside.

        Raises:
            ScoreError: all fifteen are taken.
        """
        taken = {part.channel for part in self.parts}
        channel = next((channel for channel in PITCHED_CHANNELS if channel not in taken), None)
        if channel is None:
            raise ScoreError(f"score '{self.title}': all channels are taken; leave out a part")
        return channel

    def with_parts(self, *parts: Part) -> "Score":
        return replace(self, parts=parts)

    def excerpt(self, first_bar: int, last_bar: int) -> "Score":
        """Cut out bars `first_bar` to `last_bar`, both included, and move them to tick 0; notes are cut at the edges.

        Raises:
            ScoreError: the score has no such bars.
        """
        chosen = [bar for bar in self.bars() if first_bar <= bar.number <= last_bar]
        if not chosen or (chosen[0].number, chosen[-1].number) != (first_bar, last_bar):
            last = max((bar.number for bar in self.bars()), default=0)
            raise ScoreError(
                f"bars {first_bar}-{last_bar} of '{self.title}': it has bars 1 to {last}; choose from those"
            )
        start, end = chosen[0].onset, chosen[-1].end
        return replace(
            self,
            tempos=_restart(self.tempos, start, end),
            meters=_restart(self.meters, start, end),
            pickup=chosen[0].duration if first_bar == 0 else 0,
            changes=tuple(_clip(self.changes, start, end)),
            parts=tuple(replace(part, notes=tuple(sorted(_clip(part.notes, start, end)))) for part in self.parts),
            marks=tuple(_clip(self.marks, start, end)),
        )


def _restart(events: tuple[tuple[int, _Event], ...], start: int, end: int) -> tuple[tuple[int, _Event], ...]:
    """Return the events in force over [start, end), their onsets relative to `start`."""
    first = max(onset for onset, _ in events if onset <= start)
    return tuple((max(onset - start, 0), value) for onset, value in events if first <= onset < end)


def _clip(spans: Iterable[_Span], start: int, end: int) -> Iterator[_Span]:
    """Yield the spans that overlap [start, end), cut to it, their onsets relative to `start`."""
    for span in spans:
        onset, stop = max(span.onset, start), min(span.end, end)
        if onset < stop:
            yield replace(span, onset=onset - start, duration=stop - onset)
