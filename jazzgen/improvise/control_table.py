"""The table of controls: what may be asked of a solo, a row each.

The command's options, the studio's request, page and `/api/setting`, the recipe and the table in docs/controls.md are
made from the rows. A new control is a row here, its field in `controls.Controls`, and its work in `policy`. Nothing is
imported that would make `--help` slow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from jazzgen.learning.soloist.bounds import GROOVES, HIGHEST, LOWEST

OFF = "off"
ModelKind = Literal["soloist", "grammar"]


class Kind(StrEnum):
    """What a control's text says; `control_kinds` reads it."""

    CURVE = "curve"  # a number, or numbers over the bars
    PITCHES = "pitches"  # likewise, of pitches
    COUNT = "count"  # a whole number
    SHARE = "share"  # above 0, at most 1
    NAME = "name"  # one of those that the model knows
    CHOICE = "choice"  # one of `choices`
    IDEAS = "ideas"  # bars and kinds of idea
    TARGETS = "targets"  # notes to arrive at; may be given more than once


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider, which need not reach all that may be asked for.

    Attributes:
        least, most: its ends.
        step: between two of its places.
        start: where it stands where nothing is asked for.
    """

    least: float
    most: float
    step: float
    start: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control.

    Attributes:
        name: its field in `Controls`, in requests and in recipes.
        kind: how its text is read.
        label: what a slider or field is called, in a word or two.
        help: what it does, in a sentence.
        usual: what holds where nothing is asked for, in words.
        default: the same as a text to be read; None for nothing.
        least, most: limits of its numbers, both included; None for none.
        slider: how a page shows it; None for a field to write in.
        unit: of its numbers.
        choices: texts that it takes; `off` with numbers is for no limit.
        models: the kinds of model that know it.
        sets: fields of `Controls` that it stands for, if it has none of its own.
        word: what it is called in options and messages.
    """

    name: str
    kind: Kind
    label: str
    help: str
    usual: str = ""
    default: str | None = None
    least: float | None = None
    most: float | None = None
    slider: Slider | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    models: tuple[ModelKind, ...] = ("soloist",)
    sets: tuple[str, ...] = ()
    word: str = ""

    @property
    def said(self) -> str:
        """Its name in messages: `pitch temperature`."""
        return self.word or self.name.replace("_", " ")

    @property
    def option(self) -> str:
        """Its name on a command line, without the dashes before it: `pitch-temperature`."""
        return self.said.replace(" ", "-")

    @property
    def limits(self) -> str:
        """Its limits in words: `0.25 to 4`, `4 or more`; nothing if there are none."""
        if self.kind is Kind.SHARE:
            return "above 0, at most 1"
        if self.least is None:
            return ""
        return f"{self.least:g} or more" if self.most is None else f"{self.least:g} to {self.most:g}"

    @property
    def is_curve(self) -> bool:
        """Whether its value is a `Curve`."""
        return self.kind in (Kind.CURVE, Kind.PITCHES)


_BOTH: tuple[ModelKind, ...] = ("soloist", "grammar")

CONTROLS: tuple[Control, ...] = (
    Control(
        name="temperature",
        kind=Kind.CURVE,
        label="Boldness",
        help="How bold pitch and rhythm are: 1 as learnt, lower safer, higher bolder.",
        least=0.01,
        most=100,
        slider=Slider(0.5, 1.5, step=0.05, start=1),
        models=_BOTH,
        sets=("pitch_temperature", "rhythm_temperature"),
    ),
    Control(
        name="pitch_temperature",
        kind=Kind.CURVE,
        label="Boldness of pitch",
        help="Temperature of the pitch alone.",
        usual="1",
        default="1",
        least=0.01,
        most=100,
        models=_BOTH,
    ),
    Control(
        name="rhythm_temperature",
        kind=Kind.CURVE,
        label="Boldness of rhythm",
        help="Temperature of onsets and durations alone.",
        usual="1",
        default="1",
        least=0.01,
        most=100,
        models=_BOTH,
    ),
    Control(
        name="density",
        kind=Kind.CURVE,
        label="Notes",
        help="Times as many notes: 0.5 for fewer, 2 for more.",
        usual="1",
        default="1",
        least=0.25,
        most=4,
        slider=Slider(0.25, 4, step=0.05, start=1),
        unit="times",
    ),
    Control(
        name="rests",
        kind=Kind.CURVE,
        label="Space",
        help="Times the odds that there is silence before a note.",
        usual="1",
        default="1",
        least=0.1,
        most=10,
        slider=Slider(0.1, 10, step=0.1, start=1),
        unit="times",
    ),
    Control(
        name="syncopation",
        kind=Kind.CURVE,
        label="Syncopation",
        help="Times the odds that a note starts off the beat: 0.5 for less often, 2 for more.",
        usual="1",
        default="1",
        least=0.25,
        most=4,
        slider=Slider(0.25, 4, step=0.05, start=1),
        unit="times",
    ),
    Control(
        name="outside",
        kind=Kind.CURVE,
        label="Outside",
        help="-1 keeps to chord tones, 1 seeks notes outside the chord's scale.",
        usual="0",
        default="0",
        least=-1,
        most=1,
        slider=Slider(-1, 1, step=0.1, start=0),
    ),
    Control(
        name="motifs",
        kind=Kind.CURVE,
        label="Motifs",
        help="How much the solo takes up its own motifs: 1 as learnt, 0 not at all.",
        usual="1",
        default="1",
        least=0,
        most=2,
        slider=Slider(0, 2, step=0.05, start=1),
        unit="times",
    ),
    Control(
        name="register",
        kind=Kind.PITCHES,
        label="Register",
        help="The pitch that the line moves about, as in C4 or 60.",
        usual="drawn",
        least=LOWEST,
        most=HIGHEST,
        slider=Slider(40, 90, step=1, start=64),
        unit="MIDI pitch",
    ),
    Control(
        name="low",
        kind=Kind.PITCHES,
        label="Lowest note",
        help="No note is lower, as in E3 or 52; an octave or more below the highest.",
        usual="drawn",
        least=LOWEST,
        most=HIGHEST,
        unit="MIDI pitch",
    ),
    Control(
        name="high",
        kind=Kind.PITCHES,
        label="Highest note",
        help="No note is higher.",
        usual="drawn",
        least=LOWEST,
        most=HIGHEST,
        unit="MIDI pitch",
    ),
    Control(
        name="school",
        kind=Kind.NAME,
        label="School",
        help="Play like this school, such as BEBOP, if the model knows it.",
        usual="any",
        default="",
    ),
    Control(
        name="performer",
        kind=Kind.NAME,
        label="Performer",
        help="Play like this performer, if the model knows one so called.",
        usual="any",
        default="",
    ),
    Control(
        name="groove",
        kind=Kind.CHOICE,
        label="Groove",
        help="How time feels.",
        usual="by the feel",
        default="",
        choices=GROOVES,
    ),
    Control(
        name="ideas",
        kind=Kind.IDEAS,
        label="Ideas",
        help="What is played from bars on, as in '1:lick 3:line 7:#melody'; 'off' for no plan of it.",
        usual="drawn",
        default="",
        choices=(OFF,),
    ),
    Control(
        name="profile",
        kind=Kind.CHOICE,
        label="Profile",
        help="'off' for no register, pace and space like those of a player's solo.",
        usual="drawn",
        default="",
        choices=(OFF,),
    ),
    Control(
        name="targets",
        kind=Kind.TARGETS,
        label="Notes to arrive at",
        help="A note to arrive at, as in 5.1=E4, 8.3+1/3=70, or 8.3.5=Bb for any B flat; may be given again.",
        usual="none",
        word="target",
    ),
    Control(
        name="max_quote",
        kind=Kind.COUNT,
        label="Longest quote",
        help="At most so many notes in a row that one tune learnt alone has, in any key.",
        usual="12",
        least=4,
        unit="notes",
        choices=(OFF,),
        word="max-quote",
    ),
    Control(
        name="top_k",
        kind=Kind.COUNT,
        label="Top k",
        help="Choose among so many likeliest values.",
        usual="all",
        least=1,
        unit="values",
        models=_BOTH,
        word="top-k",
    ),
    Control(
        name="top_p",
        kind=Kind.SHARE,
        label="Top p",
        help="Choose among the likeliest values that hold this much probability (nucleus sampling).",
        usual="1",
        unit="probability",
        models=_BOTH,
        word="top-p",
    ),
)
# Those that `Controls` has fields for, by name.
FIELDS: Mapping[str, Control] = MappingProxyType({row.name: row for row in CONTROLS if not row.sets})
