"""Styles: the patterns of a rhythm section in each meter, read from `data/styles.toml`."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from math import lcm
from pathlib import Path
from typing import Any, Literal

from jazzgen.band.players import PLAYERS, TRIO
from jazzgen.band.rhythm import Rhythm, joined, parse_rhythm
from jazzgen.errors import ScoreError
from jazzgen.music.score import Feel, Score
from jazzgen.music.timing import Meter

_FILE = Path(__file__).parent.parent / "data" / "styles.toml"
_MOST_JOINED = 24  # combinations of the bars of joined meters; set by hand
_WEIGHTED = re.compile(r"(?:(\d+)x )?(.*)")
Density = Literal["sparse", "medium", "busy", "four"]
DENSITIES: tuple[Density, ...] = ("sparse", "medium", "busy")
Beats = Mapping[str, Rhythm]


@dataclass(frozen=True, slots=True)
class Groove:
    """A style in one meter.

    Attributes:
        comping: bars for a chord player to choose from, by density; "four" is a guitar's beside a piano.
        bass: bars for the bass to choose from.
        drums: the bars that each drum repeats in turn.
        answers: patterns that the drummer may add to a bar.
        fills: bars for the end of a section.
    """

    comping: Mapping[Density, tuple[Rhythm, ...]]
    bass: tuple[Rhythm, ...]
    drums: Mapping[str, tuple[Rhythm, ...]]
    answers: tuple[Beats, ...] = ()
    fills: tuple[Beats, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """A style of the rhythm section.

    Attributes:
        feel: whether eighths swing.
        tempos: quarter notes a minute, from and to, for which it is chosen; None if it is chosen only by name.
        home: the meter for which it is chosen.
        sounds: names of programs, for players who do not use their default.
        band: the players, unless others are asked for.
        rhythm_feel: its name in the Weimar Jazz Database.
        meters: those with patterns; quarters and halves count alike, so 2/2 is 4/4.
    """

    name: str
    title: str
    feel: Feel
    tempos: tuple[float, float] | None
    home: Meter
    sounds: Mapping[str, str]
    band: tuple[str, ...]
    rhythm_feel: str
    meters: tuple[Meter, ...]

    def groove(self, meter: Meter) -> Groove | None:
        """Return the patterns for a meter; None if there are none."""
        return _load_groove(self.name, str(counted(meter))) if counted(meter) in self.meters else None

    def misses(self, score: Score) -> list[Meter]:
        """Return the meters of a score that the style has no patterns for."""
        return [
            meter for meter in dict.fromkeys(meter for _, meter in score.meters) if counted(meter) not in self.meters
        ]


def counted(meter: Meter) -> Meter:
    """Return the meter counted in quarters, if its beats are longer."""
    return Meter(meter.numerator * 4 // meter.denominator, 4) if meter.denominator < 4 else meter


@cache
def _file() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def style_names() -> tuple[str, ...]:
    return tuple(_file())


@cache
def load_style(name: str) -> Style:
    """Return the style of exactly this name; KeyError if there is none."""
    table = _inherited(name)
    tempos = table["tempos"]
    return Style(
        name=name,
        title=table["title"],
        feel=table["feel"],
        tempos=(tempos[0], tempos[1]) if tempos else None,
        home=Meter.parse(table["home"]),
        sounds=table.get("sounds", {}),
        band=tuple(table.get("band", TRIO)),
        rhythm_feel=table["groove"],
        meters=tuple(Meter.parse(meter) for meter in table if "/" in meter),
    )


@cache
def _load_groove(name: str, meter: str) -> Groove:
    return _groove(meter, _inherited(name))


def _inherited(name: str) -> dict[str, Any]:
    """Return a style's table with what it inherits from the style that it is like, down to each drum's rhythms.

    A meter that is joined from others neither inherits nor is inherited.
    """
    table = _file()[name]
    return _over(_inherited(table["like"]), table) if "like" in table else dict(table)


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _over(below[key], above[key]) for key in below if _are_of_a_kind(below[key], above.get(key))}
    return {**below, **above, **both}


def _are_of_a_kind(*values: object) -> bool:
    return all(isinstance(value, Mapping) and "of" not in value for value in values)


def _groove(meter: str, table: Mapping[str, Any]) -> Groove:
    values = table[meter]
    if "of" in values:
        return _joined([(_groove(part, table), Meter.parse(part).numerator) for part in values["of"]])
    counted = Meter.parse(meter)
    return Groove(
        {density: _choices(texts, counted) for density, texts in values["comping"].items()},
        _choices(values["bass"], counted),
        {_known(drum): _bars(texts, counted) for drum, texts in values["drums"].items()},
        tuple(_beats(beats, counted) for beats in values["answers"]),
        tuple(_beats(beats, counted) for beats in values["fills"]),
    )


def _choices(texts: Iterable[str], meter: Meter) -> tuple[Rhythm, ...]:
    """Return the rhythms, each repeated by its weight."""
    weighted = (_WEIGHTED.fullmatch(text) for text in texts)
    return tuple(
        chain.from_iterable(int(match[1] or 1) * [parse_rhythm(match[2], meter)] for match in weighted if match)
    )


def _bars(texts: str | Sequence[str], meter: Meter) -> tuple[Rhythm, ...]:
    return tuple(parse_rhythm(text, meter) for text in ([texts] if isinstance(texts, str) else texts))


def _beats(beats: Mapping[str, str], meter: Meter) -> Beats:
    return {_known(drum): parse_rhythm(text, meter) for drum, text in beats.items()}


def _known(drum: str) -> str:
    kit = PLAYERS["drums"].kit
    if drum not in kit:
        raise ScoreError(f"{_FILE.name}: drum '{drum}' is not one of {', '.join(kit)}")
    return drum


def _joined(grooves: Sequence[tuple[Groove, int]]) -> Groove:
    """Join grooves, given with their lengths in beats, into one, choice by choice."""
    drums = dict.fromkeys(drum for groove, _ in grooves for drum in groove.drums)
    return Groove(
        {density: _side_by_side([(g.comping[density], n) for g, n in grooves]) for density in DENSITIES},
        _side_by_side([(g.bass, n) for g, n in grooves]),
        {drum: _side_by_side([(g.drums.get(drum, ((),)), n) for g, n in grooves]) for drum in drums},
        _merged([(g.answers, n) for g, n in grooves]),
        _merged([(g.fills, n) for g, n in grooves]),
    )


def _side_by_side(choices: Sequence[tuple[Sequence[Rhythm], int]]) -> tuple[Rhythm, ...]:
    """Join the first choices, the second and so on; shorter lists repeat."""
    count = min(lcm(*(len(rhythms) for rhythms, _ in choices)), _MOST_JOINED)
    return tuple(joined((rhythms[i % len(rhythms)], beats) for rhythms, beats in choices) for i in range(count))


def _merged(choices: Sequence[tuple[Sequence[Beats], int]]) -> tuple[Beats, ...]:
    sizes = [size for _, size in choices]
    found = []
    for row in zip_longest(*(beats for beats, _ in choices), fillvalue={}):
        drums = dict.fromkeys(drum for beats in row for drum in beats)
        found.append({d: joined((b.get(d, ()), n) for b, n in zip(row, sizes, strict=True)) for d in drums})
    return tuple(found)
