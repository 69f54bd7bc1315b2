"""Solos as events: every note in full, its rhythm before its pitch, so that the pitch hears the chord it lands on.

    note     = ioi wait* duration hold* pitch velocity
    event    = kind "," number                              ioi,6
    ioi      tatums (1/12 beat) since the note before started, or since the start of the score
    wait     beats more than that
    duration tatums
    hold     tatums more than that

An inter-onset interval over 96 is folded: whole beats are taken off until 85 to 96 are left, and become waits. A
duration over 48 is 48 and a hold. So nothing is lost, and `ioi` and `duration` alone are what is scored
(docs/events.md). Notes may overlap or start together; all they must be is on the grid. `decode(encode(score))` is
the melody.

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

IOIS = range(97)
DURATIONS = range(1, 49)
PITCHES = range(128)
_FOLD = IOIS[-TATUMS_PER_BEAT]  # the least of the classes that longer intervals fold to


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: the numbers it may hold, and the kinds it comes after (its own, if it may be repeated)."""

    name: str
    values: range
    after: tuple[str, ...]

    def words(self, value: int) -> Iterator[str]:
        """The event; of a kind that may be repeated, as many as add up to the value, none for 0."""
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
    """Notes as integer arrays (n,), in the order they are played; times in tatums.

    Attributes:
        onset: from the start of the score.
        since: since the note before started; for the first note its onset.
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
        """`since` as it is scored: 0 to 96, longer ones folded to 85 to 96."""
        return np.where(self.since < len(IOIS), self.since, _FOLD + (self.since - _FOLD) % TATUMS_PER_BEAT)

    @property
    def wait(self) -> np.ndarray:
        """Beats that folding takes off."""
        return (self.since - self.ioi) // TATUMS_PER_BEAT

    @property
    def duration(self) -> np.ndarray:
        """`length` as it is scored: 1 to 48."""
        return np.minimum(self.length, DURATIONS[-1])

    @property
    def hold(self) -> np.ndarray:
        return self.length - self.duration

    def transposed(self, semitones: int) -> "NoteArrays":
        """All pitches moved.

        Raises:
            OptionError: when one would leave MIDI's range.
        """
        moved = self.pitch + semitones
        if not np.isin(moved, PITCHES).all():
            raise OptionError(f"{semitones:+} half steps take the solo to {moved.min()}-{moved.max()}, out of 0-127")
        return replace(self, pitch=moved)

    def notes(self) -> tuple[Note, ...]:
        """Notes in order of time; the inverse of `to_arrays`."""
        columns = (self.onset * TICKS_PER_TATUM, self.length * TICKS_PER_TATUM, self.pitch, self.velocity)
        return tuple(sorted(Note(*row) for row in zip(*(column.tolist() for column in columns), strict=True)))


def to_arrays(score: Score) -> NoteArrays:
    """The melody, exactly.

    Raises:
        GrammarError: when a note starts or ends off the grid.
    """
    for note in score.melody.notes:
        if note.onset % TICKS_PER_TATUM or note.duration % TICKS_PER_TATUM:
            raise GrammarError(
                f"the melody of '{score.title}' has a note off the grid: {note} is not in steps of "
                f"{TICKS_PER_TATUM} ticks; quantize it first"
            )
    return snapped(score)


def snapped(score: Score) -> NoteArrays:
    """The melody with each onset and each length at the nearest tatum; no note is dropped or cut.

    This is how solos are scored: halves go to the even tatum, where `timing.quantize_ticks` takes them up, and lengths
    are rounded by themselves, where `melody.quantized` rounds ends and keeps one note of those that meet.
    """
    notes = score.melody.notes
    ticks = np.array([(note.onset, note.duration, note.pitch, note.velocity) for note in notes], np.int64)
    onset, length, pitch, velocity = ticks.reshape(-1, 4).T
    return NoteArrays.of(_nearest(onset), np.maximum(_nearest(length), 1), pitch, velocity)


def _nearest(ticks: np.ndarray) -> np.ndarray:
    return np.rint(ticks / TICKS_PER_TATUM).astype(np.int64)


@dataclass(frozen=True)
class EventCodec:
    """Events as words; a `Codec` that needs neither changes nor chance to decode.

    Attributes:
        velocity_step: velocities are written as multiples of it, the nearest; with 1 nothing is lost.
    """

    velocity_step: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.velocity_step <= 127:
            raise OptionError(f"velocity step {self.velocity_step}: it is 1 (every velocity) to 127 (one for all)")

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """By name, in the order in which a note has them."""
        velocity = Kind("velocity", range(self.velocity_step, 128, self.velocity_step), after=("pitch",))
        return {kind.name: kind for kind in (*_RHYTHM_AND_PITCH, velocity)}

    @cached_property
    def words(self) -> Mapping[str, tuple[Kind, int]]:
        """Every event there is, and what it says."""
        return {f"{kind.name},{value}": (kind, value) for kind in self.kinds.values() for value in kind.values}

    def stepped(self, velocity: np.ndarray) -> np.ndarray:
        """The nearest velocities that there are words for; halves go up."""
        steps = (2 * velocity + self.velocity_step) // (2 * self.velocity_step)
        return np.clip(steps, 1, 127 // self.velocity_step) * self.velocity_step

    def encode(self, score: Score) -> tuple[str, ...]:
        """Events for the score's melody.

        Raises:
            GrammarError: when a note starts or ends off the grid.
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
        """Notes in order of time, from tick 0; the inverse of `encode`.

        Raises:
            GrammarError: when an event does not parse or is out of place.
        """
        sums = [[note[name] for name in self.kinds] for note in self._notes(tokens)]
        ioi, wait, duration, hold, pitch, velocity = np.array(sums, np.int64).reshape(-1, len(self.kinds)).T
        return NoteArrays.of(np.cumsum(ioi + wait * TATUMS_PER_BEAT), duration + hold, pitch, velocity).notes()

    def _notes(self, tokens: Iterable[str]) -> Iterator[Counter[str]]:
        """For each note the sum of its events by kind."""
        note, before = Counter[str](), "velocity"
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
