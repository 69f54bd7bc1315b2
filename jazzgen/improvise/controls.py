"""Controls: what a user asks of a solo, as numbers, curves over its bars, and notes to arrive at.

`control_table` describes each control; docs/controls.md says what it does, with measurements.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from jazzgen.errors import ChordError, OptionError
from jazzgen.harmony.pitch import FLAT_NAMES, parse_pitch, pitch_class, pitch_name
from jazzgen.improvise.asked_ideas import parse_ideas
from jazzgen.improvise.control_table import FIELDS, Control, Kind
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.music.timing import TATUMS_PER_BEAT

OCTAVE = 12
ONLY_IF_ASKED = "only if asked"  # metadata of a field: recipes leave it out at its default
_TARGET = re.compile(r"(\d+)\.(\d+(?:\.\d+)?(?:\+\d+/\d+)?)=(.+)")
_OFF_GRID = Fraction(1, 200)  # of a beat: rounding to two decimals, so that 2.33 is a third
_EPSILON = 1e-6
_LAST_BAR = 999_999  # six digits, as in `asked_ideas`


@dataclass(frozen=True, slots=True)
class Curve:
    """A value for each bar: linear between points, constant before the first and after the last.

    Attributes:
        points: (bar, value) in order; bars count from 1 through all choruses, and 2.5 is the middle of bar 2.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        bars = [bar for bar, _ in self.points]
        if not self.points or not np.isfinite(self.points).all():
            raise OptionError(f"curve '{self}': it needs one point or more, all of them numbers")
        if bars[0] < 1 or any(bar >= after for bar, after in pairwise(bars)):
            raise OptionError(f"curve '{self}': its bars count from 1 and go up")

    @classmethod
    def of(cls, value: float) -> "Curve":
        """Return a curve that has one value in every bar."""
        return cls(((1.0, float(value)),))

    @classmethod
    def parse(cls, text: str, read: Callable[[str], float] = float) -> "Curve":
        """Read `0.8`, or bars and values as in `1:0.5 9:1 17:2`; the inverse of `str`.

        Args:
            text: the curve.
            read: reads one value; `read_pitch` takes note names too.

        Raises:
            OptionError: when it does not parse.

        Example:
            >>> Curve.parse("1:0.5 9:1").at(np.array([1, 5, 9, 20]))
            array([0.5 , 0.75, 1.  , 1.  ])
        """
        items = text.split()
        try:
            if len(items) == 1 and ":" not in text:
                return cls.of(read(items[0]))
            pairs = [item.split(":") for item in items]
            return cls(tuple((float(bar), float(read(value))) for bar, value in pairs))
        except (ValueError, ChordError):
            raise OptionError(f"'{text}': write a number, or bars and numbers as in '1:0.5 9:1'") from None

    def __str__(self) -> str:
        if len(self.points) == 1:
            return f"{self.points[0][1]:.10g}"
        return " ".join(f"{bar:.10g}:{value:.10g}" for bar, value in self.points)

    def at(self, bars: np.ndarray) -> np.ndarray:
        """Return the values at bars, an array of any shape; fractions are places within bars."""
        where, values = np.array(self.points).T
        return np.asarray(np.interp(bars, where, values))

    def is_all(self, value: float) -> bool:
        return all(here == value for _, here in self.points)

    @property
    def lowest(self) -> float:
        return min(value for _, value in self.points)

    @property
    def highest(self) -> float:
        return max(value for _, value in self.points)


def read_pitch(text: str) -> float:
    """Read a MIDI number or a note name with its octave, such as `60` or `C4`."""
    try:
        return float(text)
    except ValueError:
        return parse_pitch(text)


@dataclass(frozen=True, slots=True)
class Target:
    """A note to arrive at: a note starts at this time, with this pitch.

    Attributes:
        bar: from 1, through all choruses.
        beat: quarter note of the bar, from 1, in steps of 1/12.
        pitch: MIDI number, or a pitch class 0 to 11 if any octave will do.
        any_octave: whether any octave will do.
    """

    bar: int
    beat: float
    pitch: int
    any_octave: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.bar <= _LAST_BAR or self.beat < 1:
            raise OptionError(f"target '{self}': bars and beats count from 1, bars to {_LAST_BAR}")
        if abs(self.beat - 1 - self.tatum / TATUMS_PER_BEAT) > _EPSILON:
            raise OptionError(f"target '{self}': beat {self.beat:g} is not a multiple of 1/12, as are 2.5 and 2.33")
        if not (0 <= self.pitch < OCTAVE if self.any_octave else LOWEST <= self.pitch <= HIGHEST):
            raise OptionError(f"target '{self}': a pitch is {pitch_name(LOWEST)} to {pitch_name(HIGHEST)}")

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read bar, beat and pitch: `5.1=E4`, `8.3.5=Bb` for any B flat, `8.3+1/3=70`; the inverse of `str`.

        Raises:
            OptionError: when it does not parse.

        Example:
            >>> Target.parse("5.1=E4")
            Target(bar=5, beat=1.0, pitch=64, any_octave=False)
        """
        match = _TARGET.fullmatch(text.strip())
        try:
            if match:
                bar, beat, name = match.groups()
                return cls(int(bar), _on_grid(sum(map(Fraction, beat.split("+")))), *_read_target_pitch(name))
        except (ValueError, ArithmeticError, ChordError):
            pass
        raise OptionError(f"target '{text}': write bar.beat=pitch, as in 5.1=E4, 8.3.5=Bb or 8.3+1/3=70")

    def __str__(self) -> str:
        whole, rest = divmod(self.tatum, TATUMS_PER_BEAT)
        beat = f"{whole + 1}" + (f"+{Fraction(rest, TATUMS_PER_BEAT)}" if rest else "")
        return f"{self.bar}.{beat}={FLAT_NAMES[self.pitch % OCTAVE] if self.any_octave else pitch_name(self.pitch)}"

    @property
    def tatum(self) -> int:
        """The tatum of the bar, from 0."""
        return round((self.beat - 1) * TATUMS_PER_BEAT)

    @property
    def pitches(self) -> frozenset[int]:
        """The MIDI pitches that satisfy the target."""
        if self.any_octave:
            return frozenset(pitch for pitch in range(LOWEST, HIGHEST + 1) if pitch % OCTAVE == self.pitch)
        return frozenset([self.pitch])


def _on_grid(beat: Fraction | int) -> float:
    """Return the multiple of 1/12 that a beat with few decimals means; the beat itself if it is near none."""
    nearest = Fraction(round(beat * TATUMS_PER_BEAT), TATUMS_PER_BEAT)
    return float(nearest if abs(beat - nearest) <= _OFF_GRID else beat)


def _read_target_pitch(name: str) -> tuple[int, bool]:
    if name.isdecimal():
        return int(name), False
    if name[-1].isdecimal():
        return parse_pitch(name), False
    return pitch_class(name[0].upper() + name[1:]), True


# The first controls, which recipes have always named. Later ones are written only where asked for: a file's bytes
# include its recipe, and must not change because of a control that nobody asked for.
_ALWAYS_WRITTEN = frozenset(
    {
        *("pitch_temperature", "rhythm_temperature", "top_k", "top_p", "low", "high", "density", "rests", "register"),
        *("outside", "motifs", "school", "performer", "groove", "ideas", "profile", "targets", "max_quote"),
    }
)


def _usual(name: str) -> Any:
    """Return a dataclass field with the default of the control's row."""
    row = FIELDS[name]
    default: Any = row.default
    if row.kind is Kind.TARGETS:
        default = ()
    elif row.is_curve and row.default is not None:
        default = Curve.parse(row.default)
    return field(default=default, metadata={ONLY_IF_ASKED: name not in _ALWAYS_WRITTEN})


@dataclass(frozen=True, slots=True)
class Controls:
    """What a user asks of a solo; the defaults leave the model as it is.

    Each field is described by its row in `control_table`. None and "" mean not asked for.
    """

    pitch_temperature: Curve = _usual("pitch_temperature")
    rhythm_temperature: Curve = _usual("rhythm_temperature")
    density: Curve = _usual("density")
    rests: Curve = _usual("rests")
    syncopation: Curve = _usual("syncopation")
    outside: Curve = _usual("outside")
    motifs: Curve = _usual("motifs")
    register: Curve | None = _usual("register")
    low: Curve | None = _usual("low")
    high: Curve | None = _usual("high")
    school: str = _usual("school")
    performer: str = _usual("performer")
    groove: str = _usual("groove")
    ideas: str = _usual("ideas")
    profile: str = _usual("profile")
    targets: tuple[Target, ...] = _usual("targets")
    max_quote: int | None = _usual("max_quote")
    top_k: int | None = _usual("top_k")
    top_p: float | None = _usual("top_p")

    def __post_init__(self) -> None:
        for name, row in FIELDS.items():
            _check(row, getattr(self, name))
        self._check_range()
        self._check_targets()

    def range_at(self, bars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the lowest and highest pitch at bars, in their shape; the piano's where nothing is asked for."""
        low = self.low or Curve.of(LOWEST)
        high = self.high or Curve.of(HIGHEST)
        return np.ceil(low.at(bars)).astype(np.int64), np.floor(high.at(bars)).astype(np.int64)

    def _check_range(self) -> None:
        bars = sorted({bar for curve in (self.low, self.high) if curve for bar, _ in curve.points})
        for bar, low, high in zip(bars, *self.range_at(np.array(bars)), strict=True):
            if high - low < OCTAVE:
                raise OptionError(
                    f"range {low} to {high} in bar {bar:g}: leave an octave or more, so that a line can move"
                )

    def _check_targets(self) -> None:
        here: dict[tuple[int, int], Target] = {}
        for target in self.targets:
            other = here.setdefault((target.bar, target.tatum), target)
            if not other.pitches & target.pitches:
                raise OptionError(f"targets '{other}' and '{target}' are on the same beat; keep one")
            low, high = self.range_at(np.array(float(target.bar)))
            if not any(low <= pitch <= high for pitch in target.pitches):
                raise OptionError(f"target '{target}' is out of range, {low} to {high}; move it or widen the range")


def _check(row: Control, value: Any) -> None:
    """Raise OptionError unless the row allows the value."""
    if isinstance(value, Curve):
        _check_numbers(row, value.lowest, value.highest)
    elif row.kind is Kind.COUNT and value is not None:
        _check_numbers(row, value, value)
    elif row.kind is Kind.SHARE and value is not None and not 0 < value <= 1:
        raise OptionError(f"{row.said} {value:g}: it is above 0 and at most 1")
    elif row.kind is Kind.CHOICE and value not in ("", *row.choices):
        raise OptionError(f"{row.said} '{value}': it is {', '.join(row.choices)}, or left out")
    elif row.kind is Kind.IDEAS:
        parse_ideas(value)


def _check_numbers(row: Control, lowest: float, highest: float) -> None:
    least = -np.inf if row.least is None else row.least
    most = np.inf if row.most is None else row.most
    if not least <= lowest <= highest <= most:
        raise OptionError(f"{row.said} {lowest if lowest < least else highest:g}: it is {row.limits}")
