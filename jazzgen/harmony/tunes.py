"""Tunes to play over: original built-in forms by name, and those that a player writes."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import Chart, parse_chart, parse_written_chart
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.sheet import chart_lines, split_sheet
from jazzgen.harmony.unfold import Signs
from jazzgen.music.timing import Meter

_FORMS = Path(__file__).parent.parent / "data" / "tunes.toml"
_DEFAULTS = {"title": "your changes", "meter": "4/4", "feel": "swing"}
_BPM = 140.0  # a medium swing; set by hand


@dataclass(frozen=True)
class Tune:
    """A tune to play over.

    Attributes:
        chart: one chorus.
        bpm: its usual tempo.
        straight: whether its eighths are always even.
        style: the band's style (`data/styles.toml`), empty to choose by feel, meter and tempo.
    """

    title: str
    chart: Chart
    key: Key
    bpm: float = _BPM
    straight: bool = False
    style: str = ""

    @property
    def feel(self) -> Literal["swing", "straight"]:
        return "straight" if self.straight else "swing"

    def in_key(self, key: Key) -> "Tune":
        """Return the tune in another key of the same mode, its chords spelled for it."""
        if key.minor != self.key.minor:
            mode, cure = ("minor", f"{key.tonic}m") if self.key.minor else ("major", key.tonic)
            raise ChordError(
                f"key {key}: {self.title}, in {self.key}, can go to another {mode} key only; ask for {cure}"
            )
        return replace(self, chart=self.chart.transposed(self.key, key), key=key)

    def transposed(self, semitones: int) -> "Tune":
        """Return the tune moved by semitones, up, or down if negative."""
        return self.in_key(self.key.transposed(semitones)) if semitones % 12 else self


def parse_written_tune(text: str) -> tuple[Tune, tuple[Signs, ...]]:
    """Read changes as they are written, each bar once, with the signs of each; otherwise as `parse_tune` does."""
    headers, blocks = split_sheet(text, block="changes")
    meter = Meter.parse(headers.get("meter", _DEFAULTS["meter"]))
    chart, signs = parse_written_chart(blocks.get("changes", ""), meter)
    return replace(parse_tune(text), chart=chart), signs


def parse_tune(text: str, meter: Meter | None = None) -> Tune:
    """Read changes as a player writes them: a chart, with or without headers (`harmony.sheet`).

    Args:
        text: the chart, or a whole lead sheet, whose melody is ignored.
        meter: overrides the header's; None for the header's, or 4/4.

    Returns:
        The tune, in the key of its header, or else of its chords.

    Raises:
        ChordError, ScoreError: name the bar or header, what was found there and the cure.

    Example:
        >>> tune = parse_tune("Dm7 G7 | Cmaj7")
        >>> tune.title, str(tune.key), tune.bpm
        ('your changes', 'C', 140.0)
    """
    headers, blocks = split_sheet(text, block="changes")
    bpm = _tempo(headers["tempo"]) if "tempo" in headers else _BPM
    return _make_tune(headers, blocks.get("changes", ""), bpm, meter)


def format_tune(tune: Tune) -> str:
    """Write a tune as a player would, with headers; the inverse of `parse_tune`."""
    headers = {"title": tune.title, "key": str(tune.key), "tempo": f"{tune.bpm:g}", "feel": tune.feel}
    headers |= ({"style": tune.style} if tune.style else {}) | {"changes": ""}
    lines = [f"{name}: {value}".rstrip() for name, value in headers.items()]
    return "\n".join([*lines, *(f"  {line}" for line in chart_lines(tune.chart))])


def _make_tune(headers: Mapping[str, str], changes: str, bpm: float, meter: Meter | None = None) -> Tune:
    values = {**_DEFAULTS, **headers}
    chart = parse_chart(changes, meter or Meter.parse(values["meter"]))
    if values["feel"] not in ("swing", "straight"):
        raise ChordError(f"feel '{values['feel']}': write swing or straight")
    return Tune(
        values["title"],
        chart,
        Key.parse(values["key"]) if "key" in values else guess_key(chart.changes),
        bpm,
        values["feel"] == "straight",
        values.get("style", ""),
    )


def _tempo(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ChordError(f"tempo '{text}': write quarter notes a minute, as in 140") from None


@cache
def _library() -> Mapping[str, Mapping[str, Any]]:
    """Return the fields of each built-in form by name: texts, and the tempo as a number."""
    return tomllib.loads(_FORMS.read_text(encoding="utf-8"))


def tune_names() -> tuple[str, ...]:
    return tuple(_library())


def find_tune(name: str) -> Tune:
    """Return the built-in form of that name; raise ChordError with the nearest name if there is none."""
    forms = _library()
    if name not in forms:
        near = difflib.get_close_matches(name.lower(), forms, n=1)
        hint = f"did you mean {near[0]}?" if near else "'jazzgen tunes' lists them"
        raise ChordError(f"no tune is called '{name}'; {hint}")
    form = forms[name]
    return _make_tune(form, form["changes"], form["tempo"])
