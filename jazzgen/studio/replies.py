"""What the API answers besides what `session` keeps; the page's types are made from these (`make page`)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from jazzgen.improvise.control_table import Control, ModelKind
from jazzgen.studio.requests import PlayerName
from jazzgen.studio.session import Session


class Reply(BaseModel):
    """What is answered: nothing is left out, and nothing else is in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Refused(Reply):
    """Why not, in one line; `bar` where it is about one of the changes."""

    error: str
    bar: int | None


class Made(Reply):
    """New takes, and their session with them in it."""

    made: list[int]
    session: Session


class Written(Reply):
    """Changes in a file, as text."""

    text: str


class ChartChord(Reply):
    """A chord, and the beat of the bar that it starts on, from 0."""

    symbol: str
    beat: float


class ChartBar(Reply):
    """A bar of changes; `section` where one begins."""

    number: int
    section: str
    chords: list[ChartChord]
    beats: int


class Chart(Reply):
    """Changes as they were understood."""

    title: str
    key: str
    minor: bool
    bpm: float
    meter: str
    style: str
    straight: bool
    bars: list[ChartBar]


class Wrong(Reply):
    """What is wrong with changes, and from where to where in the text."""

    error: str
    bar: int | None
    start: int | None
    end: int | None


class Looked(Reply):
    """Changes as they were understood, or what is wrong with them."""

    chart: Chart | None
    wrong: Wrong | None


class TempoMark(Reply):
    """A tempo from a tick on, quarter notes a minute."""

    tick: int
    bpm: float


class DrawnBar(Reply):
    """A bar, numbered from 1, a pickup 0; times in ticks."""

    number: int
    tick: int
    ticks: int
    beat_ticks: int


class DrawnChord(Reply):
    """A chord where it sounds."""

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
    """A take as it is played, times in ticks; `kinds` is a letter for each note of the solo (`codec.kinds`)."""

    ticks_per_beat: int
    end: int
    tempos: list[TempoMark]
    bars: list[DrawnBar]
    chords: list[DrawnChord]
    sections: list[Section]
    parts: list[DrawnPart]
    kinds: str


class ModelChoice(Reply):
    """A model; what it knows by name, by the control that asks for it."""

    name: str
    kind: ModelKind
    names: dict[str, list[str]]


class StyleChoice(Reply):
    """A style, and the band that it names; none if it leaves that to whoever asks."""

    name: str
    title: str
    feel: Literal["swing", "straight"]
    band: list[PlayerName]


class TuneChoice(Reply):
    """A form that comes with jazzgen."""

    name: str
    title: str
    key: str
    meter: str
    bars: int
    bpm: float
    text: str


class Limits(Reply):
    """The most choruses; the slowest and the fastest tempo."""

    choruses: int
    tempos: tuple[float, float]


class Sound(Reply):
    """Whether there is a soundfont; if not, why."""

    there: bool
    notice: str


class Setting(Reply):
    """What a page offers to choose from; `band` is the usual one."""

    version: str
    models: list[ModelChoice]
    styles: list[StyleChoice]
    players: list[PlayerName]
    band: list[PlayerName]
    tunes: list[TuneChoice]
    controls: list[Control]
    limits: Limits
    sound: Sound
