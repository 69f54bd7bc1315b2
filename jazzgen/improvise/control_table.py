"""The table of controls, one row for each thing that a user may ask of a solo.

The command's options, the studio's request, page and `/api/setting`, the recipe and the table in docs/controls.md are
made from the rows. To add a control, add a row here, its field in `controls.Controls`, and its work in `policy`. Keep
imports light: `--help` loads this module.
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
    """The syntax of a control's text; `control_kinds` reads it."""

    CURVE = "curve"  # a number, or numbers over the bars
    PITCHES = "pitches"  # the same for pitches
    COUNT = "count"  # a whole number
    SHARE = "share"  # above 0, at most 1
    NAME = "name"  # a name that the model knows
    CHOICE = "choice"  # one of `choices`
    IDEAS = "ideas"  # bars and kinds of idea
    TARGETS = "targets"  # notes to arrive at; may be given more than once


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider; its range may be smaller than the control's.

    Attributes:
        least, most: its ends.
        step: the distance between two positions.
        start: its position when nothing is asked for.
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
        label: the name on the page, a word or two.
        help: what it does, in a sentence.
        usual: the default in words, for help.
        default: the default as text to be read; None for nothing.
        least, most: limits of its numbers, both included; None for no limit.
        slider: how the page shows it; None for a text field.
        unit: of its numbers.
        choices: words that it takes; `off` beside numbers means no limit.
        models: the kinds of model that know it.
        sets: fields of `Controls` that it sets, if it has none of its own.
        word: the name in options and messages, if not made from `name`.
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
        """The name in messages, such as `pitch temperature`."""
        return self.word or self.name.replace("_", " ")

    @property
    def option(self) -> str:
        """The name on the command line without leading dashes, such as `pitch-temperature`."""
        return self.said.replace(" ", "-")

    @property
    def limits(self) -> str:
        """The limits in words, such as `0.25 to 4` or `4 or more`; empty if there are none."""
        if self.kind is Kind.SHARE:
            return "above 0, at most 1"
        if self.least is None:
            return ""
        return f"{self.least:g} or more" if self.most is None else f"{self.least:g} to {self.most:g}"

    @property
    def is_curve(self) -> bool:
        """True if the value is a `Curve`."""
        return self.kind in (Kind.CURVE, Kind.PITCHES)


# Limits and sliders are set by hand; docs/controls.md says what the values do.
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
        help="Temperature of pitch only.",
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
        help="Temperature of onsets and durations only.",
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
        help="Note density: 2 gives about 1.4 times the notes, 0.5 about two thirds.",
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
        help="Multiplies the odds of a rest before a note: 2 for more space, 0.5 for less.",
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
        help="Multiplies the odds that a note starts off the beat: 2 for more syncopation, 0.5 for less.",
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
        help="-1 prefers chord tones, 1 prefers notes outside the chord's scale.",
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
        help="How much the solo repeats its own motifs: 1 as learnt, 0 not at all.",
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
        help="The pitch around which the line moves, such as C4 or 60.",
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
        help="Lowest pitch allowed, such as E3 or 52; at least an octave below the highest.",
        usual="drawn",
        least=LOWEST,
        most=HIGHEST,
        unit="MIDI pitch",
    ),
    Control(
        name="high",
        kind=Kind.PITCHES,
        label="Highest note",
        help="Highest pitch allowed.",
        usual="drawn",
        least=LOWEST,
        most=HIGHEST,
        unit="MIDI pitch",
    ),
    Control(
        name="school",
        kind=Kind.NAME,
        label="School",
        help="Play like this school, such as BEBOP; the model must know it.",
        usual="any",
        default="",
    ),
    Control(
        name="performer",
        kind=Kind.NAME,
        label="Performer",
        help="Play like this performer; the model must know the name.",
        usual="any",
        default="",
    ),
    Control(
        name="groove",
        kind=Kind.CHOICE,
        label="Groove",
        help="Rhythmic feel that the soloist plays in.",
        usual="by the feel",
        default="",
        choices=GROOVES,
    ),
    Control(
        name="ideas",
        kind=Kind.IDEAS,
        label="Ideas",
        help="Kinds of idea from given bars on, as in '1:lick 3:line 7:#melody'; 'off' plans none.",
        usual="drawn",
        default="",
        choices=(OFF,),
    ),
    Control(
        name="profile",
        kind=Kind.CHOICE,
        label="Profile",
        help="'off' does not steer register, pace and space towards those of a player's solo.",
        usual="drawn",
        default="",
        choices=(OFF,),
    ),
    Control(
        name="targets",
        kind=Kind.TARGETS,
        label="Notes to arrive at",
        help="A note to arrive at (bar.beat=pitch), as in 5.1=E4, 8.3+1/3=70, or 8.3.5=Bb for any B flat; repeatable.",
        usual="none",
        word="target",
    ),
    Control(
        name="max_quote",
        kind=Kind.COUNT,
        label="Longest quote",
        help="The most notes in a row, in any key, that exactly one tune of the training corpus has.",
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
        help="Choose among the N likeliest values only.",
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
        help="Choose among the likeliest values that together have this probability (nucleus sampling).",
        usual="1",
        unit="probability",
        models=_BOTH,
        word="top-p",
    ),
)
# The rows that have a field of their own in `Controls`, by name.
FIELDS: Mapping[str, Control] = MappingProxyType({row.name: row for row in CONTROLS if not row.sets})
