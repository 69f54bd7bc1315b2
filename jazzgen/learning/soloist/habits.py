"""What solos of a corpus are like as wholes: their profiles and their ideas, to draw a plan for a new one from.

A plan is a profile, which is a player's of like tempo, and a sequence of ideas: a chain over kinds of idea and what
they go back to, each as long as a player's of its kind that started at the same place in the bar. The chain backs off
from the last two ideas to one and none (absolute discounting, as in `licks`).

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
from jazzgen.learning.folder import arrays_from_bytes
from jazzgen.learning.soloist.moments import LOWEST, Who, in_range
from jazzgen.learning.soloist.profile import FIGURES, figures_of
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_TATUM

_TEMPO_SD = 0.25  # of the logarithm: how far a tempo is that is still like another
_DISCOUNT = 0.7
_ORDER = 2
_ELSEWHERE = 0.02  # what an idea that started on another beat counts for
_NO_WORD = -1
_UNKNOWN = -1.0  # a figure that says nothing, in a file


class Plan(NamedTuple):
    """What a solo is to be.

    Attributes:
        who: the columns of performer, style and instrument; 0 for any.
        profile: (7,), the figures, NaN for what is left open.
        limits: (2,), the lowest and the highest MIDI pitch.
        ideas: (tatums, 2), the idea under way at each tatum, `NONE` for none.
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
        limits: (solos, 2), the lowest and the highest MIDI pitch.
        who: (solos, 3), the columns of performer, style and instrument.
        idea: (ideas, 2), kinds and what they go back to, solo after solo.
        solo: (ideas,) whose.
        beat: (ideas,) in the bar, where it starts.
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
        """Of scores, and the same as arrays, each with a note or more."""
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
        """One of the solos, for what it is like as a whole.

        Args:
            tempo: natural logarithm of quarter notes a minute; the nearer a solo's is, the likelier it is drawn.
            allowed: (solos,) which may be drawn, one or more.
            rng: chance.
        """
        return _drawn(self._likeness(tempo) * allowed, rng)

    def draw_ideas(self, tempo: float, beats: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The idea (tatums, 2) under way at each tatum, `NONE` if the solos have none.

        Args:
            tempo: as in `draw_solo`.
            beats: (tatums,) in the bar.
            rng: chance.
        """
        ideas = np.full((len(beats), 2), NONE)
        likeness, before, now = self._likeness(tempo)[self.solo], (_NO_WORD,) * _ORDER, 0
        while len(self.idea) and now < len(beats):
            word = self._next_word(before, rng)
            span = self._span(word, int(beats[now]), likeness, rng)
            ideas[now : now + span] = divmod(word, len(GOES_BACK))
            before, now = (*before[1:], word), now + span
        return ideas

    def _likeness(self, tempo: float) -> np.ndarray:
        """(solos,) how like theirs a tempo is, up to 1; never quite 0."""
        return np.exp(-0.5 * ((self.tempo - tempo) / _TEMPO_SD) ** 2) + 1e-9

    @property
    def _words(self) -> np.ndarray:
        return self.idea @ np.array([len(GOES_BACK), 1])

    def _next_word(self, before: tuple[int, ...], rng: np.random.Generator) -> int:
        """A kind of idea and what it goes back to, as one number, after others."""
        words, starts = self._words, np.ones(len(self.idea), bool)
        contexts = [starts]
        for lag, word in enumerate(reversed(before), 1):
            earlier = np.where(np.roll(self.solo, lag) == self.solo, np.roll(words, lag), _NO_WORD)
            earlier[:lag] = _NO_WORD
            contexts.append(contexts[-1] & (earlier == word))
        for context in reversed(contexts):
            found, counts = np.unique(words[context], return_counts=True)
            left = (counts - _DISCOUNT).clip(0)
            if len(found) and (context is starts or rng.random() * counts.sum() < left.sum()):
                return int(found[_drawn(left if context is not starts else counts, rng)])
        raise AssertionError("the last context is all ideas")

    def _span(self, word: int, beat: int, likeness: np.ndarray, rng: np.random.Generator) -> int:
        """Tatums of an idea that starts on a beat: those of one of its kind."""
        kind = self.idea[:, 0] == word // len(GOES_BACK)
        weights = likeness * kind * np.where(self.beat == beat, 1, _ELSEWHERE)
        return int(self.span[_drawn(weights, rng)])


_NAMES = tuple(field.name for field in fields(Habits))


def _drawn(weights: np.ndarray, rng: np.random.Generator) -> int:
    """An index, with odds in proportion to the weights."""
    sums = np.cumsum(weights, dtype=float)
    return int(np.searchsorted(sums, rng.random() * sums[-1], side="right").clip(max=len(sums) - 1))


def limits_of(solo: SoloArrays) -> np.ndarray:
    """The lowest and the highest MIDI pitch (2,) of a solo, as it is scored."""
    pitch = in_range(solo.notes.pitch)
    return np.array([pitch.min(), pitch.max()])


def _ideas(score: Score) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The known ideas of a solo: what each is (n, 2), on which beat of the bar it starts, and tatums until the next."""
    marks = score.marked("idea")
    starts = np.array([mark.onset for mark in marks] + [mark.end for mark in marks[-1:]], np.int64) // TICKS_PER_TATUM
    idea, spans = np.array([parse_idea(mark.label) for mark in marks], np.int64).reshape(-1, 2), np.diff(starts)
    known = (idea[:, 0] != NONE) & (spans > 0)
    beats = context_at(score, starts[:-1]).beat if marks else np.zeros(0, np.int64)
    return idea[known], beats[known], spans[known]


def habits_to_bytes(habits: Habits) -> bytes:
    """As an .npz file."""
    buffer = io.BytesIO()
    arrays = {name: getattr(habits, name) for name in _NAMES} | {"profile": np.nan_to_num(habits.profile, nan=_UNKNOWN)}
    small = {name: array.astype(np.int16) for name, array in arrays.items() if array.dtype.kind == "i"}
    np.savez_compressed(buffer, allow_pickle=False, **arrays | small)
    return buffer.getvalue()


def habits_from_bytes(data: bytes) -> Habits:
    """Inverse of `habits_to_bytes`; ValueError when it is damaged."""
    arrays = dict(zip(_NAMES, arrays_from_bytes(data, _NAMES), strict=True))
    whole = {name: array.astype(np.int64) for name, array in arrays.items() if array.dtype.kind == "i"}
    profile = np.where(arrays["profile"] == _UNKNOWN, np.nan, arrays["profile"])
    habits = Habits(**arrays | whole | {"profile": profile})
    solos, ideas = len(habits.tempo), len(habits.idea)
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
