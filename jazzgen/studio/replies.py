"""Replies of the API, other than those of `session`; the page's types are generated from them (`make page`)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from jazzgen.improvise.control_table import Control, ModelKind
from jazzgen.studio.kept import Session
from jazzgen.studio.requests import PlayerName


class Reply(BaseModel):
    """A reply, with exactly the fields of its class."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Refused(Reply):
    """The reason for an error, in one line; `bar` if it is about a bar of the changes."""

    error: str
    bar: int | None


class Token(Reply):
    """What all other requests send as `Authorization: Bearer`."""

    token: str


class Address(Reply):
    """An address that lets one browser in."""

    address: str


class Made(Reply):
    """New takes, and the session that now holds them."""

    made: list[int]
    session: Session


class Opened(Made):
    """A take from a file, the number of its tune, and the names of all tunes in the file."""

    tune: int
    tunes: list[str]


class Written(Reply):
    """The changes in a file as text, the number of their tune, and the names of all tunes in the file."""

    text: str
    tune: int
    tunes: list[str]


class ChartChord(Reply):
    """A chord, and the beat of the bar on which it starts, from 0."""

    symbol: str
    beat: float


class ChartBar(Reply):
    """A bar of changes; `section` if one starts here, else empty."""

    number: int
    section: str
    chords: list[ChartChord]
    beats: int


class Chart(Reply):
    """Changes as understood."""

    title: str
    key: str
    minor: bool
    bpm: float
    meter: str
    style: str
    straight: bool
    bars: list[ChartBar]


class Wrong(Reply):
    """An error in the changes, and its start and end in the text."""

    error: str
    bar: int | None
    start: int | None
    end: int | None


class Looked(Reply):
    """Changes as understood, or the error in them."""

    chart: Chart | None
    wrong: Wrong | None


class TempoMark(Reply):
    """A tempo from a tick on, in quarter notes per minute."""

    tick: int
    bpm: float


class DrawnBar(Reply):
    """A bar, numbered from 1 (a pickup is 0), times in ticks."""

    number: int
    tick: int
    ticks: int
    beat_ticks: int


class DrawnChord(Reply):
    """A chord and its time in ticks."""

    tick: int
    ticks: int
    symbol: str


class Section(Reply):
    """A chorus, section or idea."""

    tick: int
    ticks: int
    kind: str
    label: str


class DrawnPart(Reply):
    """A part; its notes are onset and duration in ticks, MIDI pitch, velocity."""

    name: str
    channel: int
    program: int
    volume: int
    drums: bool
    notes: list[tuple[int, int, int, int]]


class Drawn(Reply):
    """A take as played, times in ticks; `kinds` has a letter for each note of the solo (`codec.kinds`)."""

    ticks_per_beat: int
    end: int
    tempos: list[TempoMark]
    bars: list[DrawnBar]
    chords: list[DrawnChord]
    sections: list[Section]
    parts: list[DrawnPart]
    kinds: str


class ModelChoice(Reply):
    """A model, and the names it knows, by control."""

    name: str
    kind: ModelKind
    names: dict[str, list[str]]


class StyleChoice(Reply):
    """A style and its band; empty if the style leaves the band open."""

    name: str
    title: str
    feel: Literal["swing", "straight"]
    band: list[PlayerName]


class TuneChoice(Reply):
    """A built-in form."""

    name: str
    title: str
    key: str
    meter: str
    bars: int
    bpm: float
    text: str


class Limits(Reply):
    """The largest number of choruses, and the slowest and fastest tempo."""

    choruses: int
    tempos: tuple[float, float]


class Sound(Reply):
    """Whether there is a soundfont; if not, `notice` says why."""

    there: bool
    notice: str


class Setting(Reply):
    """All choices for the page; `band` is the default one."""

    version: str
    models: list[ModelChoice]
    styles: list[StyleChoice]
    players: list[PlayerName]
    band: list[PlayerName]
    tunes: list[TuneChoice]
    controls: list[Control]
    limits: Limits
    sound: Sound
