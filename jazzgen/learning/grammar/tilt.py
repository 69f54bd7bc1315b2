"""What a place in the bar adds to a network's logits, and how places and steps are named.

    place    = meter tatum ["R"]             "4/4 6": the bar's second eighth, after a note; "4/4 6 R": after a rest
             | "any" tatum ["R"]             the same by the quarter note, in any meter: "any 6"
    step     = beats                         "0.500": a note of that length
             | "R," beats | "R|"             a rest; one that reaches or crosses the bar line
             | "*" | "R*"                    notes and rests without a name of their own at that place
    strength = "strong" | "weak" | "off"     as in `metrics.chords`

A solo starts as if after a rest. Tatums count from 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jazzgen.codec import grammar
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Meter

TO_BAR_LINE, OTHER_NOTES, OTHER_RESTS = "R|", "*", "R*"
Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Balance:
    """Overall figures of a corpus, or those that its model's solos lean towards to reach them.

    Attributes:
        rests: share of the time.
        note_beats: mean length of a note, in quarter notes.
        chord_tones: their share of the notes on strong beats; None if the corpus has no notes there.
    """

    rests: float
    note_beats: float
    chord_tones: float | None

    def __post_init__(self) -> None:
        shares = [self.rests, 0.0 if self.chord_tones is None else self.chord_tones]
        if not all(0 <= share <= 1 for share in shares) or not 0 < self.note_beats < np.inf:
            raise ValueError(f"{self}: shares must be 0 to 1, and note lengths above 0")


@dataclass(frozen=True, slots=True)
class Tilt:
    """Offsets to logits: `rhythm` by place and step, `kinds` by strength and the note's kind; 0 if not named.

    Multiplying probabilities by exp(offset) and normalising is exponential tilting; `calibration` fits the offsets to a
    corpus. A `balance` also holds solos to the corpus's overall figures.
    """

    rhythm: Table = field(default_factory=dict)
    kinds: Table = field(default_factory=dict)
    balance: Balance | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Tilt":
        """Read JSON values; ValueError if an offset is not finite."""
        rhythm, kinds = (_table(values.get(name, {})) for name in ("rhythm", "kinds"))
        offsets = [offset for table in (rhythm, kinds) for row in table.values() for offset in row.values()]
        if not np.isfinite(offsets).all():
            raise ValueError("an offset of its tilt is not a finite number")
        balance = values.get("balance")
        return cls(rhythm, kinds, Balance(**balance) if balance else None)

    def place_of(self, meter: Meter | None, tick: int, *, after_rest: bool) -> str:
        """Name the place whose offsets hold at a tick of the bar: the meter's own if it has a row, else any meter's."""
        own = place_name(meter, tick, after_rest=after_rest)
        return own if own in self.rhythm else place_name(None, tick, after_rest=after_rest)


def place_name(meter: Meter | None, tick: int, *, after_rest: bool) -> str:
    """Name a place: `tick` counts from beat 1, None is any meter."""
    tatum = (tick if meter else tick % TICKS_PER_BEAT) // TICKS_PER_TATUM
    return f"{meter or 'any'} {tatum}{' R' if after_rest else ''}"


def step_name(token: grammar.Token, left: int) -> str:
    """Name a step, `left` being the ticks to the bar line."""
    length = f"{token.duration / TICKS_PER_BEAT:.3f}"
    if token.kind != grammar.REST:
        return length
    return TO_BAR_LINE if token.duration >= left else f"R,{length}"


def others(step: str) -> str:
    """Name the group that a step belongs to where it has no name of its own."""
    return OTHER_RESTS if step.startswith(grammar.REST) else OTHER_NOTES


def strength_name(meter: Meter, tick: int) -> str:
    """Name a place's metrical strength, `tick` counting from beat 1."""
    if tick % meter.beat_ticks:
        return "off"
    return "weak" if tick % meter.strong_ticks else "strong"


class Steps:
    """A vocabulary by steps and kinds, as arrays (n_values,).

    Attributes:
        durations: in ticks.
        rests: whether a token is one.
        kinds: of the tokens.
        names: of all steps, the rest to the bar line last.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        parsed = [grammar.parse_token(token) for token in tokens]
        self.durations = np.array([token.duration for token in parsed])
        self.rests = np.array([token.kind == grammar.REST for token in parsed])
        self.kinds = np.array([token.kind for token in parsed])
        self._kind_names, self._kind = np.unique(self.kinds, return_inverse=True)
        self.longest = int(self.durations.max())
        names = [step_name(token, self.longest + 1) for token in parsed]
        self.names = (*sorted(set(names)), TO_BAR_LINE)
        self._inside = np.array([self.names.index(name) for name in names])
        self._rest_of = np.full(self.longest + 1, -1)
        self._rest_of[self.durations[self.rests]] = np.flatnonzero(self.rests)

    def indices(self, left: int) -> np.ndarray:
        """Return the step (an index into `names`) that each token is with the bar line `left` ticks away."""
        return np.where(self.rests & (self.durations >= left), len(self.names) - 1, self._inside)

    def rest_of(self, ticks: np.ndarray) -> np.ndarray:
        """Return the indices of rests of these lengths, -1 where the vocabulary has none."""
        return np.where(ticks <= self.longest, self._rest_of[np.minimum(ticks, self.longest)], -1)

    def offsets(self, steps: Mapping[str, float], kinds: Mapping[str, float], left: int) -> np.ndarray:
        """Return the offset to each token's logit."""
        by_step = np.array([steps.get(name, steps.get(others(name), 0.0)) for name in self.names])
        by_kind = np.array([kinds.get(kind, 0.0) for kind in self._kind_names])
        return by_step[self.indices(left)] + by_kind[self._kind]


def _table(values: Mapping[str, Mapping[str, Any]]) -> Table:
    return {name: {key: float(offset) for key, offset in row.items()} for name, row in values.items()}
