"""Habits: the profiles and ideas of a corpus's solos, to draw a plan for a new solo from.

A plan is the profile of a human solo at a similar tempo, and a sequence of ideas. The ideas are a Markov chain over
kinds of idea and what they refer back to; each is as long as a human one of its kind that started at the same place in
the bar. The chain backs off from the last two ideas to one and none (absolute discounting, as in `licks`).

Source: K. Frieler, "A hierarchical generative model of jazz improvisation by mid-level units", TISMIR 5 (2022).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import SoloArrays, context_at
from jazzgen.codec.ideas import GOES_BACK, IDEAS, parse_idea
from jazzgen.learning.arrays import arrays_from_bytes
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.moments import Who, in_range
from jazzgen.learning.soloist.profile import FIGURES, figures_of
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_TATUM

# All set by hand.
_TEMPO_SD = 0.25  # width, in log tempo, within which tempos count as similar
_DISCOUNT = 0.7
_ORDER = 2
_ELSEWHERE = 0.02  # weight of an idea that started on another beat
_NO_WORD = -1
_UNKNOWN = -1.0  # stands for an unknown figure in a file


class Plan(NamedTuple):
    """What a solo is to be like.

    Attributes:
        who: the columns of performer, style and instrument; 0 for any.
        profile: (7,), the figures, NaN for any.
        limits: (2,), the lowest and highest MIDI pitch.
        ideas: (tatums, 2), the idea at each tatum, `NONE` for none.
    """

    who: np.ndarray
    profile: np.ndarray
    limits: np.ndarray
    ideas: np.ndarray


@dataclass(frozen=True, eq=False)
class Habits:
    """Solos as wholes.

    Attributes:
        tempo: (solos,) natural logarithm of quarter notes a minute.
        profile: (solos, 7), the figures.
        limits: (solos, 2), the lowest and highest MIDI pitch.
        who: (solos, 3), the columns of performer, style and instrument.
        idea: (ideas, 2), kinds and what they refer back to, solo after solo.
        solo: (ideas,) index of its solo.
        beat: (ideas,) beat of the bar where it starts.
        span: (ideas,) tatums until the next starts.
    """

    tempo: np.ndarray
    profile: np.ndarray
    limits: np.ndarray
    who: np.ndarray
    idea: np.ndarray
    solo: np.ndarray
    beat: np.ndarray
    span: np.ndarray

    @classmethod
    def of(cls, scores: Sequence[Score], solos: Sequence[SoloArrays], who: Who) -> "Habits":
        """Collect the habits of scores, given also as arrays, each with a note or more."""
        ideas = [_ideas(score) for score in scores]
        return cls(
            tempo=np.array([solo.here.tempo[0] for solo in solos], np.float32),
            profile=np.stack([figures_of(solo, in_range(solo.notes.pitch) - LOWEST) for solo in solos]),
            limits=np.stack([limits_of(solo) for solo in solos]),
            who=np.array([(*who.columns(of.credits.performer, of.credits.style)[:2], of.program + 1) for of in solos]),
            idea=np.concatenate([idea for idea, _, _ in ideas]),
            solo=np.repeat(np.arange(len(solos)), [len(idea) for idea, _, _ in ideas]),
            beat=np.concatenate([beat for _, beat, _ in ideas]),
            span=np.concatenate([span for _, _, span in ideas]),
        )

    def __add__(self, other: "Habits") -> "Habits":
        solo = np.concatenate([self.solo, other.solo + len(self.tempo)])
        both = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _NAMES}
        return Habits(**both | {"solo": solo})

    def draw_solo(self, tempo: float, allowed: np.ndarray, rng: np.random.Generator) -> int:
        """Draw a solo, whose profile and range the plan takes.

        Args:
            tempo: natural logarithm of quarter notes a minute; solos at nearer tempos are likelier.
            allowed: (solos,) mask of those that may be drawn, one or more.
            rng: source of randomness.
        """
        return _drawn(self._likeness(tempo) * allowed, rng)

    def draw_ideas(self, tempo: float, beats: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw the idea at each tatum (tatums, 2); `NONE` if the solos have no ideas.

        Args:
            tempo: as in `draw_solo`.
            beats: (tatums,) beat of the bar.
            rng: source of randomness.
        """
        ideas = np.full((len(beats), 2), NONE)
        likeness = self._likeness(tempo)[self.solo]
        before: tuple[int, ...] = (_NO_WORD,) * _ORDER
        now = 0
        while len(self.idea) and now < len(beats):
            word = self._next_word(before, rng)
            span = self._span(word, int(beats[now]), likeness, rng)
            ideas[now : now + span] = divmod(word, len(GOES_BACK))
            before = (*before[1:], word)
            now += span
        return ideas

    def _likeness(self, tempo: float) -> np.ndarray:
        """Return how similar each solo's tempo is, (solos,), up to 1 and never quite 0."""
        return np.exp(-0.5 * ((self.tempo - tempo) / _TEMPO_SD) ** 2) + 1e-9

    @property
    def _words(self) -> np.ndarray:
        return self.idea @ np.array([len(GOES_BACK), 1])

    def _next_word(self, before: tuple[int, ...], rng: np.random.Generator) -> int:
        """Draw an idea, kind and what it refers back to as one number, given the ideas before it."""
        words = self._words
        starts = np.ones(len(self.idea), bool)
        # Masks of the ideas that follow the last 0, 1 and 2 of these.
        contexts = [starts]
        for lag, word in enumerate(reversed(before), 1):
            earlier = np.where(np.roll(self.solo, lag) == self.solo, np.roll(words, lag), _NO_WORD)
            earlier[:lag] = _NO_WORD
            contexts.append(contexts[-1] & (earlier == word))
        # From the longest context to none: draw there, or back off with the probability that discounting frees.
        for context in reversed(contexts):
            found, counts = np.unique(words[context], return_counts=True)
            left = (counts - _DISCOUNT).clip(0)
            if len(found) and (context is starts or rng.random() * counts.sum() < left.sum()):
                return int(found[_drawn(left if context is not starts else counts, rng)])
        raise AssertionError("the last context is all ideas")

    def _span(self, word: int, beat: int, likeness: np.ndarray, rng: np.random.Generator) -> int:
        """Draw the length in tatums of an idea that starts on a beat, from human ones of its kind."""
        kind = self.idea[:, 0] == word // len(GOES_BACK)
        weights = likeness * kind * np.where(self.beat == beat, 1, _ELSEWHERE)
        return int(self.span[_drawn(weights, rng)])


_NAMES = tuple(field.name for field in fields(Habits))


def _drawn(weights: np.ndarray, rng: np.random.Generator) -> int:
    """Draw an index with probability proportional to its weight."""
    sums = np.cumsum(weights, dtype=float)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right").clip(max=len(sums) - 1))


def limits_of(solo: SoloArrays) -> np.ndarray:
    """Return a solo's lowest and highest MIDI pitch (2,), as scored."""
    pitch = in_range(solo.notes.pitch)
    return np.array([pitch.min(), pitch.max()])


def _ideas(score: Score) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a solo's known ideas: what each is (n, 2), the beat of the bar it starts on, and tatums until the next."""
    marks = score.marked("idea")
    starts = np.array([mark.onset for mark in marks] + [mark.end for mark in marks[-1:]], np.int64) // TICKS_PER_TATUM
    idea = np.array([parse_idea(mark.label) for mark in marks], np.int64).reshape(-1, 2)
    spans = np.diff(starts)
    known = (idea[:, 0] != NONE) & (spans > 0)
    beats = context_at(score, starts[:-1]).beat if marks else np.zeros(0, np.int64)
    return idea[known], beats[known], spans[known]


def habits_to_bytes(habits: Habits) -> bytes:
    """Serialise habits as an .npz file."""
    buffer = io.BytesIO()
    arrays = {name: getattr(habits, name) for name in _NAMES} | {"profile": np.nan_to_num(habits.profile, nan=_UNKNOWN)}
    small = {name: array.astype(np.int16) for name, array in arrays.items() if array.dtype.kind == "i"}
    np.savez_compressed(buffer, allow_pickle=False, **arrays | small)
    return buffer.getvalue()


def habits_from_bytes(data: bytes) -> Habits:
    """Read habits; inverse of `habits_to_bytes`. ValueError if they are damaged."""
    arrays = dict(zip(_NAMES, arrays_from_bytes(data, _NAMES), strict=True))
    whole = {name: array.astype(np.int64) for name, array in arrays.items() if array.dtype.kind == "i"}
    profile = np.where(arrays["profile"] == _UNKNOWN, np.nan, arrays["profile"])
    habits = Habits(**arrays | whole | {"profile": profile})
    solos = len(habits.tempo)
    ideas = len(habits.idea)
    shapes = {
        "profile": (solos, len(FIGURES)),
        "limits": (solos, 2),
        "who": (solos, 3),
        "idea": (ideas, 2),
    } | dict.fromkeys(("solo", "beat", "span"), (ideas,))
    if (
        not solos
        or any(getattr(habits, name).shape != shape for name, shape in shapes.items())
        or (habits.idea < 0).any()
        or (habits.idea >= (len(IDEAS), len(GOES_BACK))).any()
        or (habits.span < 1).any()
        or (habits.limits[:, 0] > habits.limits[:, 1]).any()
        or (habits.solo >= solos).any()
    ):
        raise ValueError("the habits do not fit together")
    return habits
