"""The deepjazz grammar, made invertible.

    token    = kind "," duration ["," "<" upper "," lower ">"]
    kind     = R (rest) | C | S | A | X                          see `codec.kinds`
    duration = beats with three decimals: 0.500, 0.333, 1.250    exact, since ticks are 1/480 of a beat
    window   = directed intervals (P1, m3, P-4) from the previous pitch, a minor third either side of the one played

Rests have no window, nor has the first note. Tokens follow one another in time, so onsets are sums of durations. Rests
are cut at bar lines, which keeps the vocabulary small and loses nothing. `decode(encode(score))` keeps every onset,
duration and kind; pitches are drawn anew inside the windows.

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
    """The half steps from the previous pitch that the next may lie within, `lower` to `upper`, both included."""

    lower: int
    upper: int

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise GrammarError(f"window {self}: its upper end, written first, is below its lower end")

    @classmethod
    def around(cls, interval: int) -> "Window":
        """Return the window a minor third either side of an interval in half steps."""
        return cls(interval - REACH, interval + REACH)

    @property
    def center(self) -> float:
        return (self.lower + self.upper) / 2

    def __str__(self) -> str:
        return f"<{format_interval(self.upper)},{format_interval(self.lower)}>"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the grammar: `duration` in ticks; `window` None for rests and for notes that may start anywhere."""

    kind: str
    duration: int
    window: Window | None = None

    def __post_init__(self) -> None:
        if self.duration < 1 or self.kind not in (REST, *KINDS):
            raise GrammarError(f"token {self}: its kind must be R, C, S, A or X, and its duration above 0")
        if self.kind == REST and self.window:
            raise GrammarError(f"token {self}: a rest has no interval window")

    def __str__(self) -> str:
        window = f",{self.window}" if self.window else ""
        return f"{self.kind},{ticks_to_beats(self.duration):.3f}{window}"


def format_interval(semitones: int) -> str:
    """Write a directed interval: `m3` up, `P-4` down; the tritone is always `d5`.

    >>> [format_interval(semitones) for semitones in (3, -5, 14)]
    ['m3', 'P-4', 'M9']
    """
    octaves, simple = divmod(abs(semitones), 12)
    name = _NAMES[simple]
    return f"{name[0]}{'-' if semitones < 0 else ''}{int(name[1]) + 7 * octaves}"


def parse_interval(text: str) -> int:
    """Read a directed interval in any spelling (`A4` is `d5`) as half steps; the inverse of `format_interval`.

    >>> parse_interval("A4"), parse_interval("P-4")
    (6, -5)
    """
    quality = text[0]
    number = int(text[1:])
    octaves, degree = divmod(abs(number) - 1, 7)
    shifts = _PERFECT_SHIFTS if degree in (0, 3, 4) else _MAJOR_SHIFTS
    if number == 0 or quality not in shifts:
        raise GrammarError(f"'{text}' is no interval: write P1, m3, P-4, d5")
    size = 12 * octaves + _DIATONIC[degree] + shifts[quality]
    return size if number > 0 else -size


def parse_token(text: str) -> Token:
    """Parse `C,0.500,<m3,P-4>`; the inverse of `str` for canonical spellings.

    >>> parse_token("C,0.500,<m3,P-4>")
    Token(kind='C', duration=240, window=Window(lower=-5, upper=3))
    """
    match = _TOKEN.fullmatch(text)
    if not match:
        raise GrammarError(f"'{text}' is not a grammar token: write C,0.500,<m3,m-3> or R,1.000")
    kind, beats, upper, lower = match.groups()
    window = Window(parse_interval(lower), parse_interval(upper)) if upper else None
    return Token(kind, beats_to_ticks(float(beats)), window)


def token_ticks(text: str) -> int:
    """Return a token's duration in ticks."""
    return parse_token(text).duration


def encode(score: Score) -> tuple[str, ...]:
    """Write the melody over its changes as tokens, from the first tick to the end of the last note or chord.

    Raises:
        GrammarError: the melody is not monophonic (`melody.monophonic` makes it so), or there are no chords.

    Example:
        >>> from jazzgen.harmony.changes import ChordSpan
        >>> from jazzgen.harmony.chords import parse_chord
        >>> from jazzgen.music.score import Part
        >>> changes = (ChordSpan(0, 1920, parse_chord("Cmaj7")),)
        >>> score = Score(changes=changes, parts=(Part("Solo", (Note(0, 240, 64), Note(240, 240, 67))),))
        >>> tokens = encode(score)
        >>> tokens
        ('C,0.500', 'C,0.500,<d5,P1>', 'R,3.000')
        >>> [(note.onset, note.duration) for note in decode(tokens, changes, np.random.default_rng(0))]
        [(0, 240), (240, 240)]
    """
    if not score.melody.is_monophonic:
        raise GrammarError(f"the melody of '{score.title}' has notes that overlap; make it monophonic first")
    if score.melody.notes and not any(span.chord for span in score.changes):
        raise GrammarError(f"'{score.title}' has no chords, and the grammar names notes by chord; give it changes")
    return tuple(str(token) for token in _tokens(score))


def _tokens(score: Score) -> Iterator[Token]:
    lines = [bar.end for bar in score.bars()]
    position = 0
    previous = None
    for note in score.melody.notes:
        yield from _rests(position, note.onset, lines)
        window = None if previous is None else Window.around(note.pitch - previous)
        yield Token(kind_of(note.pitch, _chord(score.changes, note.onset)), note.duration, window)
        position = note.end
        previous = note.pitch
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
    """Draw notes for `tokens` over `changes`, from tick 0.

    Pitches are one draw from all lines between `low` and `high` that keep every window and kind, weighted towards the
    centres of the windows (by e to the minus distance / `spread`, in half steps, set by hand). Where every line would
    leave the range, as few windows as possible are broken, and the line goes on near where it was.

    Raises:
        GrammarError: a token does not parse, or there are no chords.
        OptionError: the range is too narrow to hold all kinds.
    """
    if low < 0 or high > 127 or high - low + 1 < WINDOW_WIDTH:
        raise OptionError(f"pitches {low} to {high}: choose {WINDOW_WIDTH} neighbouring ones or more, within 0 to 127")
    placed = list(_place(tokens, changes))
    pitches = _draw_line([(token, kinds) for _, token, kinds in placed], low, high, spread, rng)
    return tuple(Note(onset, token.duration, pitch) for (onset, token, _), pitch in zip(placed, pitches, strict=True))


def _place(tokens: Iterable[str], changes: Changes) -> Iterator[tuple[int, Token, tuple[str, ...]]]:
    """Yield onset, token and the kinds of the pitch classes, for each token that sounds."""
    position = 0
    for text in tokens:
        token = parse_token(text)
        if token.kind != REST:
            yield position, token, kinds_over(_chord(changes, position))
        position += token.duration


def _draw_line(
    steps: Sequence[tuple[Token, tuple[str, ...]]], low: int, high: int, spread: float, rng: np.random.Generator
) -> list[int]:
    """Draw pitches by backward filtering and forward sampling.

    `ahead[t][p]` is, up to a factor, the weight of all continuations from pitch `low + p` at note t to the end.
    """
    # Which pitches are of each note's kind, and the weights of moving between pitches within each window.
    pitches = np.arange(low, high + 1)
    allowed = [np.array([kinds[pitch % 12] == token.kind for pitch in pitches], float) for token, kinds in steps]
    moves = {token.window: _moves(token.window, pitches, spread) for token, _ in steps}
    # Backwards: the weight of each pitch times that of all its continuations.
    ahead = [mask.copy() for mask in allowed]
    for t in range(len(steps) - 2, -1, -1):
        onward = moves[steps[t + 1][0].window] @ ahead[t + 1]
        if (allowed[t] * onward).any():
            ahead[t] *= onward / onward.max()
    # Forwards: draw each pitch by its weight given the one before.
    line: list[int] = []
    for t, (token, _) in enumerate(steps):
        reached = moves[token.window][line[-1]] if line else _register(pitches)
        weights = reached * ahead[t]
        if not weights.any():  # no line within the range keeps this window
            weights = ahead[t] * np.exp(-np.abs(pitches - pitches[line[-1]])) if line else ahead[t]
        line.append(int(rng.choice(len(pitches), p=weights / weights.sum())))
    return [int(pitches[place]) for place in line]


def _moves(window: Window | None, pitches: np.ndarray, spread: float) -> np.ndarray:
    """Return the weights of moving from each pitch (rows) to each pitch (columns)."""
    interval = pitches[None, :] - pitches[:, None]
    if window is None:
        return np.exp(-np.abs(interval) / 6)  # half steps, set by hand
    inside = (interval >= window.lower) & (interval <= window.upper)
    return inside * np.exp(-np.abs(interval - window.center) / spread)


def _register(pitches: np.ndarray) -> np.ndarray:
    """Return the weights of first pitches: highest mid-range, half as high a fifth away (set by hand)."""
    return np.exp(-np.abs(pitches - pitches.mean()) / 10)
