"""A soloist's training solos as steps, to tell how long a line quotes one, and whose.

A run is the same in every key. It lies within one solo: a chain from two solos is two runs. Places of the corpus are
looked up by their last three steps, then compared step by step backwards.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from jazzgen.learning.arrays import arrays_from_bytes
from jazzgen.learning.soloist.moments import CLASSES, WIDEST, in_range

# In steps, all set by hand.
FEWEST_STEPS = 3  # shorter runs are ignored
LOOKED_BACK = 64  # longer runs count as this long
LONG = 8  # a run this long that is repeated again and again is a loop
_STEPS = CLASSES["pitch"]
_END = -1  # between solos
_NO_STEP = -2  # before the start of a line


class Reach(NamedTuple):
    """How long a run with the corpus each next step would make.

    Attributes:
        steps: (m, classes) length of the longest run that would end with it; 0 if `FEWEST_STEPS` or less.
        sole: (m, classes) whether that run occurs on one tune alone.
        solo: (m, classes) index of a solo that has it.
    """

    steps: np.ndarray
    sole: np.ndarray
    solo: np.ndarray


class Quote(NamedTuple):
    """A run of a line that occurs on one tune alone: its length and first note, and one solo that has it."""

    notes: int
    first: int
    title: str
    performer: str

    def __str__(self) -> str:
        by = f" ({self.performer})" if self.performer else ""
        return f"{self.notes} notes of '{self.title}'{by}"


@dataclass(frozen=True, eq=False)
class Runs:
    """Solos as steps, one after the other.

    Attributes:
        steps: (n,) int8, as classes of the pitch; -1 after each solo.
        titles, performers: of each solo.
        tunes: (solos,) number of each one's tune.
    """

    steps: np.ndarray
    titles: tuple[str, ...]
    performers: tuple[str, ...]
    tunes: np.ndarray

    @classmethod
    def of(
        cls, pitches: Sequence[np.ndarray], titles: Sequence[str], performers: Sequence[str], tunes: Sequence[str]
    ) -> "Runs":
        """Index solos by their pitches (n,) each."""
        numbers = {tune: number for number, tune in enumerate(sorted(set(tunes)))}
        steps = [np.append(step_classes(pitch[None])[0], _END) for pitch in pitches]
        return cls(
            np.concatenate(steps).astype(np.int8),
            tuple(titles),
            tuple(performers),
            np.array([numbers[tune] for tune in tunes]),
        )

    def __add__(self, other: "Runs") -> "Runs":
        """Concatenate both; their tunes count as different, so runs that both have are common vocabulary."""
        tunes = np.concatenate([self.tunes, other.tunes + self.tunes.max(initial=-1) + 1])
        steps = np.concatenate([self.steps, other.steps])
        return Runs(steps, self.titles + other.titles, self.performers + other.performers, tunes)

    def reach(self, steps: np.ndarray) -> Reach | None:
        """Return the reach of lines with these last steps (m, n); None if the corpus has none of them."""
        steps = steps[:, -LOOKED_BACK:]
        if steps.shape[1] < FEWEST_STEPS:
            return None
        # Corpus places that match the last steps, and the step that follows each, unless the solo ends there.
        row, place = self._places(steps)
        following = self.steps[place + 1]
        row, place, following = (values[following != _END] for values in (row, place, following))
        if not len(row):
            return None
        length = matched(self.steps, steps, row, place) + 1
        return self._longest(len(steps), row, following.astype(np.int64), length, self._solo_of[place])

    def longest(self, pitches: np.ndarray) -> "Quote | None":
        """Find the longest run of a line (n,) that occurs on one tune alone; None if there is none of five notes."""
        steps = step_classes(pitches[None])[0]
        # The steps before each note, as the rows of one batch.
        back = np.pad(steps, (LOOKED_BACK, 0), constant_values=_NO_STEP)
        lines = np.lib.stride_tricks.sliding_window_view(back, LOOKED_BACK)[FEWEST_STEPS : len(steps)]
        reach = self.reach(lines) if len(lines) else None
        if reach is None:
            return None
        taken = np.arange(len(lines)), steps[FEWEST_STEPS:]  # the step that was in fact taken
        length = np.where(reach.sole[taken], reach.steps[taken], 0)
        row = int(length.argmax())
        if not length[row]:
            return None
        solo = int(reach.solo[taken][row])
        first = row + FEWEST_STEPS + 1 - int(length[row])
        return Quote(int(length[row]) + 1, first, self.titles[solo], self.performers[solo])

    def _longest(self, m: int, row: np.ndarray, step: np.ndarray, length: np.ndarray, solo: np.ndarray) -> Reach:
        """Reduce matches to the longest for each row and next step; its tunes, if one alone; and its first solo."""
        cell = row * _STEPS + step
        longest = np.zeros(m * _STEPS, np.int64)
        np.maximum.at(longest, cell, length)
        kept = length == longest[cell]
        cell = cell[kept]
        solo = solo[kept]
        lowest = np.full(m * _STEPS, len(self.tunes))
        highest = np.full(m * _STEPS, -1)
        np.minimum.at(lowest, cell, self.tunes[solo])
        np.maximum.at(highest, cell, self.tunes[solo])
        whose = np.zeros(m * _STEPS, np.int64)
        whose[cell[::-1]] = solo[::-1]
        return Reach(*(values.reshape(m, _STEPS) for values in (longest, lowest == highest, whose)))

    def _places(self, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return pairs of a row and a corpus place whose last steps are the row's."""
        order, starts = self._index
        code = run_codes(steps[:, -FEWEST_STEPS:])[:, 0]
        first = starts[code]
        sizes = starts[code + 1] - starts[code]
        ends = sizes.cumsum()
        return np.arange(len(steps)).repeat(sizes), order[(first - ends + sizes).repeat(sizes) + np.arange(sizes.sum())]

    @cached_property
    def _index(self) -> tuple[np.ndarray, np.ndarray]:
        """Places sorted by the code of their last steps, and where each code starts."""
        steps = self.steps.astype(np.int64)
        whole = np.ones(max(len(steps) - FEWEST_STEPS + 1, 0), bool)
        for back in range(FEWEST_STEPS):
            whole &= steps[back : back + len(whole)] != _END
        places = np.flatnonzero(whole) + FEWEST_STEPS - 1
        codes = run_codes(steps[None])[0][whole]
        starts = np.zeros(_STEPS**FEWEST_STEPS + 1, np.int64)
        np.cumsum(np.bincount(codes, minlength=_STEPS**FEWEST_STEPS), out=starts[1:])
        return places[codes.argsort(kind="stable")], starts

    @cached_property
    def _solo_of(self) -> np.ndarray:
        ends = self.steps == _END
        return np.cumsum(ends) - ends


def runs_to_bytes(runs: Runs) -> bytes:
    """Serialise runs as an .npz file, names as JSON in it."""
    names = json.dumps([runs.titles, runs.performers], ensure_ascii=False).encode()
    buffer = io.BytesIO()
    arrays = {"steps": runs.steps, "tunes": runs.tunes.astype(np.int32), "names": np.frombuffer(names, np.uint8)}
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def runs_from_bytes(data: bytes) -> Runs:
    """Read runs; inverse of `runs_to_bytes`. ValueError if the parts do not fit together."""
    steps, tunes, names = arrays_from_bytes(data, ("steps", "tunes", "names"))
    titles, performers = json.loads(names.tobytes())
    solos = int((steps == _END).sum())
    fits = steps.dtype == np.int8 and len(steps) and steps[-1] == _END and steps.min() >= _END and steps.max() < _STEPS
    if (
        not fits
        or not solos == len(tunes) == len(titles) == len(performers)
        or not 0 <= tunes.min() <= tunes.max() < solos
    ):
        raise ValueError("the runs do not fit together")
    return Runs(steps, tuple(titles), tuple(performers), tunes.astype(np.int64))


def step_classes(pitches: np.ndarray) -> np.ndarray:
    """Return steps (m, n - 1) between pitches (m, n), as classes."""
    return np.clip(np.diff(in_range(pitches), axis=1), -WIDEST, WIDEST) + WIDEST


def matched(line: np.ndarray, steps: np.ndarray, row: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Count how many steps of a line, up to and including each place, equal the last steps of a row.

    Args:
        line: (n,) steps.
        steps: (m, k), whose last `FEWEST_STEPS` are known to match at the places.
        row, place: (p,) what to compare.
    """
    length = np.full(len(row), FEWEST_STEPS)
    alike = np.arange(len(row))
    for back in range(FEWEST_STEPS, steps.shape[1]):
        there = place[alike] - back
        alike = alike[(there >= 0) & (line[there] == steps[row[alike], -1 - back])]
        if not len(alike):
            break
        length[alike] += 1
    return length


class Said(NamedTuple):
    """How long a repetition of the line itself each next step would make.

    Attributes:
        steps: (m, classes) length of the longest earlier run that would end with it; 0 if `FEWEST_STEPS` or less.
        times: (m, classes) number of places with such a run of `LONG` steps or more.
    """

    steps: np.ndarray
    times: np.ndarray


def said_before(steps: np.ndarray) -> Said | None:
    """Return what lines (m, n) would repeat of themselves; None if nothing."""
    m, n = steps.shape
    if n <= FEWEST_STEPS:
        return None
    # Places whose last three steps equal those at the end of the line.
    alike = np.ones((m, n - FEWEST_STEPS), bool)
    for back in range(FEWEST_STEPS):
        alike &= steps[:, FEWEST_STEPS - 1 - back : n - 1 - back] == steps[:, n - 1 - back, None]
    row, place = alike.nonzero()
    if not len(row):
        return None
    place += FEWEST_STEPS - 1
    # Compare backwards from there; a line's places are counted in the flattened, end-marked lines.
    line = np.pad(steps, ((0, 0), (1, 0)), constant_values=_END)
    length = matched(line.ravel(), steps[:, -LOOKED_BACK:], row, row * (n + 1) + 1 + place) + 1
    reach = np.zeros((m, _STEPS), np.int64)
    times = np.zeros((m, _STEPS), np.int64)
    cell = (row, steps[row, place + 1])
    np.maximum.at(reach, cell, length)
    np.add.at(times, cell, length >= LONG)
    return Said(reach, times)


def run_codes(steps: np.ndarray, n: int = FEWEST_STEPS) -> np.ndarray:
    """Code each n steps in a row as a number, (m, steps - n + 1)."""
    codes = np.zeros((len(steps), max(steps.shape[1] - n + 1, 0)), np.int64)
    for place in range(n):
        codes = codes * _STEPS + steps[:, place : place + codes.shape[1]]
    return codes
