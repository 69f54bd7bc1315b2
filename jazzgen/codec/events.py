"""Solos as events: each note in full, rhythm before pitch, so that the pitch is chosen knowing the chord it lands on.

    note     = ioi wait* duration hold* pitch velocity
    event    = kind "," number                              ioi,6
    ioi      tatums (1/12 beat) from the previous onset, or from the start of the score
    wait     further beats
    duration tatums
    hold     further tatums

Inter-onset intervals over 96 are written as 85 to 96, with whole-beat waits for the rest; durations over 48 as 48 and a
hold. So nothing is lost, while `ioi` and `duration` alone are scored (docs/events.md). Notes may overlap or start
together, but must be on the grid. `decode(encode(score))` is the melody.

After the event codec of MT3 (J. Gardner et al., "MT3: Multi-Task Multitrack Music Transcription", ICLR 2022): a
vocabulary is a few declared ranges.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from jazzgen.codec.columns import Columns
from jazzgen.errors import GrammarError, OptionError
from jazzgen.harmony.changes import Changes
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_TATUM

# Set by hand: intervals up to 8 beats and durations up to 4 are written without waits and holds.
IOIS = range(97)
DURATIONS = range(1, 49)
PITCHES = range(128)
_FOLD = IOIS[-TATUMS_PER_BEAT]  # smallest value that a longer interval is folded to


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: the numbers it may hold, and the kinds it may follow (itself, if it may be repeated)."""

    name: str
    values: range
    after: tuple[str, ...]

    def words(self, value: int) -> Iterator[str]:
        """Yield the event for a value; a repeatable kind yields as many as add up to it, none for 0."""
        if self.name in self.after:
            most = self.values[-1]
            whole, rest = divmod(value, most)
            yield from whole * [f"{self.name},{most}"]
            value = rest
        if value in self.values:
            yield f"{self.name},{value}"


_RHYTHM_AND_PITCH = (
    Kind("ioi", IOIS, after=("velocity",)),
    Kind("wait", range(1, 17), after=("ioi", "wait")),
    Kind("duration", DURATIONS, after=("ioi", "wait")),
    Kind("hold", range(1, 49), after=("duration", "hold")),
    Kind("pitch", PITCHES, after=("duration", "hold")),
)


@dataclass(frozen=True, slots=True, eq=False)
class NoteArrays(Columns):
    """Notes as integer arrays (n,), in playing order; times in tatums.

    Attributes:
        onset: from the start of the score.
        since: since the previous onset; the first note's own onset.
        length: in full.
    """

    onset: np.ndarray
    since: np.ndarray
    length: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray

    @classmethod
    def of(cls, onset: np.ndarray, length: np.ndarray, pitch: np.ndarray, velocity: np.ndarray) -> "NoteArrays":
        return cls(onset, np.diff(onset, prepend=0), length, pitch, velocity)

    @property
    def ioi(self) -> np.ndarray:
        """`since` as it is scored: 0 to 96, longer intervals folded to 85 to 96."""
        return np.where(self.since < len(IOIS), self.since, _FOLD + (self.since - _FOLD) % TATUMS_PER_BEAT)

    @property
    def wait(self) -> np.ndarray:
        """Beats that folding removes."""
        return (self.since - self.ioi) // TATUMS_PER_BEAT

    @property
    def duration(self) -> np.ndarray:
        """`length` as it is scored: 1 to 48."""
        return np.minimum(self.length, DURATIONS[-1])

    @property
    def hold(self) -> np.ndarray:
        return self.length - self.duration

    def transposed(self, semitones: int) -> "NoteArrays":
        """Transpose all pitches.

        Raises:
            OptionError: a note would leave MIDI's range.
        """
        moved = self.pitch + semitones
        if not np.isin(moved, PITCHES).all():
            raise OptionError(f"{semitones:+} half steps take the solo to {moved.min()}-{moved.max()}, out of 0-127")
        return replace(self, pitch=moved)

    def notes(self) -> tuple[Note, ...]:
        """Convert to sorted notes; the inverse of `to_arrays`."""
        columns = (self.onset * TICKS_PER_TATUM, self.length * TICKS_PER_TATUM, self.pitch, self.velocity)
        return tuple(sorted(Note(*row) for row in zip(*(column.tolist() for column in columns), strict=True)))


def to_arrays(score: Score) -> NoteArrays:
    """Convert the melody exactly.

    Raises:
        GrammarError: a note starts or ends off the grid.
    """
    for note in score.melody.notes:
        if note.onset % TICKS_PER_TATUM or note.duration % TICKS_PER_TATUM:
            raise GrammarError(
                f"the melody of '{score.title}' has a note off the grid: {note} is not in steps of "
                f"{TICKS_PER_TATUM} ticks; quantize it first"
            )
    return snapped(score)


def snapped(score: Score) -> NoteArrays:
    """Round each onset and each length of the melody to the nearest tatum, dropping and cutting no note.

    Solos are scored this way. Halves go to the even tatum, where `timing.quantize_ticks` rounds up; lengths are rounded
    independently of onsets, where `melody.quantized` rounds ends and keeps one of the notes that then coincide.
    """
    notes = score.melody.notes
    ticks = np.array([(note.onset, note.duration, note.pitch, note.velocity) for note in notes], np.int64)
    onset, length, pitch, velocity = ticks.reshape(-1, 4).T
    return NoteArrays.of(_nearest(onset), np.maximum(_nearest(length), 1), pitch, velocity)


def _nearest(ticks: np.ndarray) -> np.ndarray:
    return np.rint(ticks / TICKS_PER_TATUM).astype(np.int64)


@dataclass(frozen=True)
class EventCodec:
    """Events as words; a `Codec` that decodes without changes and without randomness.

    Attributes:
        velocity_step: velocities are rounded to multiples of it; 1 loses nothing.

    Example:
        >>> from jazzgen.music.score import Part
        >>> codec = EventCodec(velocity_step=8)
        >>> words = codec.encode(Score(parts=(Part("Solo", (Note(240, 480, 60, velocity=80),)),)))
        >>> words
        ('ioi,6', 'duration,12', 'pitch,60', 'velocity,80')
        >>> codec.decode(words)
        (Note(onset=240, duration=480, pitch=60, velocity=80),)
    """

    velocity_step: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.velocity_step <= 127:
            raise OptionError(f"velocity step {self.velocity_step}: must be 1 (every velocity) to 127 (one for all)")

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds by name, in the order in which a note has them."""
        velocity = Kind("velocity", range(self.velocity_step, 128, self.velocity_step), after=("pitch",))
        return {kind.name: kind for kind in (*_RHYTHM_AND_PITCH, velocity)}

    @cached_property
    def words(self) -> Mapping[str, tuple[Kind, int]]:
        """Every event, with its kind and number."""
        return {f"{kind.name},{value}": (kind, value) for kind in self.kinds.values() for value in kind.values}

    def stepped(self, velocity: np.ndarray) -> np.ndarray:
        """Round velocities to the nearest that there are words for; halves go up."""
        steps = (2 * velocity + self.velocity_step) // (2 * self.velocity_step)
        return np.clip(steps, 1, 127 // self.velocity_step) * self.velocity_step

    def encode(self, score: Score) -> tuple[str, ...]:
        """Write the score's melody as events.

        Raises:
            GrammarError: a note starts or ends off the grid.
        """
        line = to_arrays(score)
        columns = (line.ioi, line.wait, line.duration, line.hold, line.pitch, self.stepped(line.velocity))
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(
            word
            for row in rows
            for kind, value in zip(self.kinds.values(), row, strict=True)
            for word in kind.words(value)
        )

    def decode(
        self,
        tokens: Sequence[str],
        changes: Changes = (),  # noqa: ARG002 - as Codec has it
        rng: np.random.Generator | None = None,  # noqa: ARG002 - as Codec has it
    ) -> tuple[Note, ...]:
        """Read notes, sorted, from tick 0; the inverse of `encode`.

        Raises:
            GrammarError: an event does not parse or is out of place.
        """
        sums = [[note[name] for name in self.kinds] for note in self._notes(tokens)]
        ioi, wait, duration, hold, pitch, velocity = np.array(sums, np.int64).reshape(-1, len(self.kinds)).T
        return NoteArrays.of(np.cumsum(ioi + wait * TATUMS_PER_BEAT), duration + hold, pitch, velocity).notes()

    def _notes(self, tokens: Iterable[str]) -> Iterator[Counter[str]]:
        """Yield, for each note, the sum of its events by kind."""
        note = Counter[str]()
        before = "velocity"
        for place, token in enumerate(tokens, 1):
            kind, value = self._parse(token)
            if before not in kind.after:
                usual = " or ".join(kind.after)
                raise GrammarError(f"event {place}, '{token}', follows {before}; it goes after {usual}")
            note[kind.name] += value
            before = kind.name
            if before == "velocity":
                yield note
                note = Counter()
        if before != "velocity":
            raise GrammarError(f"the last note stops after its {before}; write its events up to velocity")

    def _parse(self, token: str) -> tuple[Kind, int]:
        if token in self.words:
            return self.words[token]
        kind = self.kinds.get(token.partition(",")[0])
        if not kind:
            raise GrammarError(f"'{token}' is not an event: write {', '.join(self.kinds)} and a number, as in ioi,6")
        values = kind.values
        by = f" in steps of {values.step}" if values.step > 1 else ""
        raise GrammarError(f"'{token}' is not an event: {kind.name} is {values[0]} to {values[-1]}{by}")
