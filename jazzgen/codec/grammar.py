"""The deepjazz grammar, made to invert.

    token    = kind "," duration ["," "<" upper "," lower ">"]
    kind     = R (rest) | C | S | A | X                          see `codec.kinds`
    duration = beats with three decimals: 0.500, 0.333, 1.250    exact, since ticks are 1/480 of a beat
    window   = directed intervals (P1, m3, P-4) from the pitch before, a minor third either side of the interval played

A rest has no window, nor has the first note. Tokens follow one another in time, so that onsets are sums of
durations; a rest is cut at bar lines, which keeps the vocabulary small and loses nothing. In
`decode(encode(score))` every onset, duration and kind survives; pitches are drawn anew inside the windows.

The source of the grammar is R. M. Keller and D. R. Morrison, "A Grammatical Approach to Automatic Improvisation",
SMC 2007.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jazzgen.codec.kinds import KINDS, WINDOW_WIDTH, kind_of, kinds_over
from jazzgen.errors import GrammarError, OptionError
from jazzgen.harmony.changes import Changes, chord_at
from jazzgen.harmony.chords import Chord
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import beats_to_ticks, ticks_to_beats

REST = "R"
REACH = 3  # half steps either side: a minor third
_NAMES = ("P1", "m2", "M2", "m3", "M3", "P4", "d5", "P5", "m6", "M6", "m7", "M7")
_DIATONIC = (0, 2, 4, 5, 7, 9, 11)
_PERFECT_SHIFTS = {"d": -1, "P": 0, "A": 1}
_MAJOR_SHIFTS = {"d": -2, "m": -1, "M": 0, "A": 1}
_TOKEN = re.compile(r"([RCSAX]),(\d+\.\d{3})(?:,<([PMmAd]-?\d+),([PMmAd]-?\d+)>)?")


@dataclass(frozen=True, slots=True)
class Window:
    """Half steps from the pitch before that the next may lie in, `lower` to `upper`, both included."""

    lower: int
    upper: int

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise GrammarError(f"window {self}: its upper end, written first, is below its lower end")

    @classmethod
    def around(cls, interval: int) -> "Window":
        """A minor third either side of an interval in half steps."""
        return cls(interval - REACH, interval + REACH)

    @property
    def center(self) -> float:
        return (self.lower + self.upper) / 2

    def __str__(self) -> str:
        return f"<{format_interval(self.upper)},{format_interval(self.lower)}>"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the grammar: `duration` in ticks, `window` None for rests and for notes free to start anywhere."""

    kind: str
    duration: int
    window: Window | None = None

    def __post_init__(self) -> None:
        if self.duration < 1 or self.kind not in (REST, *KINDS):
            raise GrammarError(f"token {self}: its kind is R, C, S, A or X and it lasts some time")
        if self.kind == REST and self.window:
            raise GrammarError(f"token {self}: a rest has no interval window")

    def __str__(self) -> str:
        window = f",{self.window}" if self.window else ""
        return f"{self.kind},{ticks_to_beats(self.duration):.3f}{window}"


def format_interval(semitones: int) -> str:
    """A directed interval: `m3` up, `P-4` down; one spelling each, the tritone being `d5`."""
    octaves, simple = divmod(abs(semitones), 12)
    name = _NAMES[simple]
    return f"{name[0]}{'-' if semitones < 0 else ''}{int(name[1]) + 7 * octaves}"


def parse_interval(text: str) -> int:
    """Half steps of a directed interval in any spelling (`A4` is `d5`); inverse of `format_interval`."""
    quality, number = text[0], int(text[1:])
    octaves, degree = divmod(abs(number) - 1, 7)
    shifts = _PERFECT_SHIFTS if degree in (0, 3, 4) else _MAJOR_SHIFTS
    if number == 0 or quality not in shifts:
        raise GrammarError(f"'{text}' is no interval: write P1, m3, P-4, d5")
    size = 12 * octaves + _DIATONIC[degree] + shifts[quality]
    return size if number > 0 else -size


def parse_token(text: str) -> Token:
    """Reads `C,0.500,<m3,P-4>`; the inverse of `str` for tokens in the canonical spelling."""
    match = _TOKEN.fullmatch(text)
    if not match:
        raise GrammarError(f"'{text}' is not a grammar token: write C,0.500,<m3,m-3> or R,1.000")
    kind, beats, upper, lower = match.groups()
    window = Window(parse_interval(lower), parse_interval(upper)) if upper else None
    return Token(kind, beats_to_ticks(float(beats)), window)


def token_ticks(text: str) -> int:
    """How long a token lasts."""
    return parse_token(text).duration


def encode(score: Score) -> tuple[str, ...]:
    """Tokens for the score's melody over its changes, from the first tick to the end of the last note or chord.

    Raises:
        GrammarError: when the melody is not monophonic or there are no chords; `melody.monophonic` mends the first.
    """
    if not score.melody.is_monophonic:
        raise GrammarError(f"the melody of '{score.title}' has notes that overlap; make it monophonic first")
    if score.melody.notes and not any(span.chord for span in score.changes):
        raise GrammarError(f"'{score.title}' has no chords, and the grammar names notes by chord; give it changes")
    return tuple(str(token) for token in _tokens(score))


def _tokens(score: Score) -> Iterator[Token]:
    lines = [bar.end for bar in score.bars()]
    position, previous = 0, None
    for note in score.melody.notes:
        yield from _rests(position, note.onset, lines)
        window = None if previous is None else Window.around(note.pitch - previous)
        yield Token(kind_of(note.pitch, _chord(score.changes, note.onset)), note.duration, window)
        position, previous = note.end, note.pitch
    yield from _rests(position, score.end, lines)


def _chord(changes: Changes, onset: int) -> Chord:
    chord = chord_at(changes, onset)
    if chord is None:
        raise GrammarError("the changes hold no chord to name notes by; write at least one")
    return chord


def _rests(start: int, end: int, bar_lines: Sequence[int]) -> Iterator[Token]:
    inside = bar_lines[bisect_right(bar_lines, start) : bisect_left(bar_lines, end)]
    yield from (Token(REST, b - a) for a, b in pairwise([start, *inside, end]) if b > a)


def decode(
    tokens: Sequence[str],
    changes: Changes,
    rng: np.random.Generator,
    *,
    low: int = 0,
    high: int = 127,
    spread: float = 1.5,
) -> tuple[Note, ...]:
    """Notes for `tokens` over `changes`, from tick 0.

    Pitches are one draw from all lines that keep every window and kind within `low` to `high`, those near the
    middle of their windows being likelier (by e to the minus distance / `spread`, in half steps). Where every
    line would run out of the range, as few windows as can be are broken, and the line goes on near where it was.

    Raises:
        GrammarError: when a token does not parse or there are no chords.
        OptionError: when the range is too narrow to hold all kinds.
    """
    if low < 0 or high > 127 or high - low + 1 < WINDOW_WIDTH:
        raise OptionError(f"pitches {low} to {high}: choose {WINDOW_WIDTH} neighbouring ones or more, within 0 to 127")
    placed = list(_place(tokens, changes))
    pitches = _draw_line([(token, kinds) for _, token, kinds in placed], low, high, spread, rng)
    return tuple(Note(onset, token.duration, pitch) for (onset, token, _), pitch in zip(placed, pitches, strict=True))


def _place(tokens: Iterable[str], changes: Changes) -> Iterator[tuple[int, Token, tuple[str, ...]]]:
    """Onset, token and kinds in force for each token that sounds."""
    position = 0
    for text in tokens:
        token = parse_token(text)
        if token.kind != REST:
            yield position, token, kinds_over(_chord(changes, position))
        position += token.duration


def _draw_line(
    steps: Sequence[tuple[Token, tuple[str, ...]]], low: int, high: int, spread: float, rng: np.random.Generator
) -> list[int]:
    """Draws pitches by backward filtering and forward sampling.

    `ahead[t][p]` is, up to a factor, the weight of all ways to go on from pitch `low + p` at note t to the end.
    """
    pitches = np.arange(low, high + 1)
    allowed = [np.array([kinds[pitch % 12] == token.kind for pitch in pitches], float) for token, kinds in steps]
    moves = {token.window: _moves(token.window, pitches, spread) for token, _ in steps}
    ahead = [mask.copy() for mask in allowed]
    for t in range(len(steps) - 2, -1, -1):
        onward = moves[steps[t + 1][0].window] @ ahead[t + 1]
        if (allowed[t] * onward).any():
            ahead[t] *= onward / onward.max()
    line: list[int] = []
    for t, (token, _) in enumerate(steps):
        reached = moves[token.window][line[-1]] if line else _register(pitches)
        weights = reached * ahead[t]
        if not weights.any():  # no line within the range keeps this window
            weights = ahead[t] * np.exp(-np.abs(pitches - pitches[line[-1]])) if line else ahead[t]
        line.append(int(rng.choice(len(pitches), p=weights / weights.sum())))
    return [int(pitches[place]) for place in line]


def _moves(window: Window | None, pitches: np.ndarray, spread: float) -> np.ndarray:
    """Weights of going from each pitch (rows) to each pitch (columns)."""
    interval = pitches[None, :] - pitches[:, None]
    if window is None:
        return np.exp(-np.abs(interval) / 6)
    inside = (interval >= window.lower) & (interval <= window.upper)
    return inside * np.exp(-np.abs(interval - window.center) / spread)


def _register(pitches: np.ndarray) -> np.ndarray:
    """Where a line may begin: likeliest in the middle of the range, a fifth away half as likely."""
    return np.exp(-np.abs(pitches - pitches.mean()) / 10)
