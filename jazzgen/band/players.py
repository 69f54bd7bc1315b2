"""The players of the band, a row each. All that is said of a player elsewhere comes from here.

To add a player is to add a row at the end; docs/band.md says what else. The table's order counts: of those who play
chords, the first who is there leads, and the others keep out of the way. So one more row changes nobody's notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["chords", "bass", "drums"]


@dataclass(frozen=True, slots=True)
class Touch:
    """How a player strikes the notes, and when. All figures are ours, set by ear.

    Attributes:
        late_ms: how far behind the beat, on average.
        late_spread_ms: standard deviation of that.
        velocity: of a plain stroke, 1 to 127; of a kit the drums have their own.
        velocity_spread: standard deviation of that, from note to note.
        ghost, accent, under_solo: what is added for a ghost note, an accent, and where the solo is dense.
    """

    late_ms: float = 0.0
    late_spread_ms: float = 0.0
    velocity: int = 70
    velocity_spread: float = 4.0
    ghost: int = -16
    accent: int = 8
    under_solo: int = -6


@dataclass(frozen=True, slots=True)
class Register:
    """Where a player's notes lie.

    Attributes:
        low, high: MIDI pitches, both included.
        center: the pitch that they are kept about.
        open: whether chords are spread, the second voice from the top an octave lower ("drop 2").
    """

    low: int
    high: int
    center: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody plays chords.

    Attributes:
        ring_beats: how long a stroke sounds where the rhythm does not say.
        sustained: whether each stroke is held until the next, and tones that two chords share are held on.
        beside: the rhythms that are kept beside another who leads the chords.
        root_low: the lowest pitch of the octave for roots where nobody plays bass; None where there is no room for any.
    """

    ring_beats: float = 0.5
    sustained: bool = False
    beside: Literal["sparse", "four"] = "sparse"
    root_low: int | None = 36


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in the band.

    Attributes:
        role: what is played.
        programs: General MIDI programs by the name that a style knows the sound by; the first is the usual one.
        channel: the MIDI channel, counted from 0; None for the drums, which have theirs by the standard.
        volume, pan: of the part, 0 to 127; pan 64 is the middle.
        touch: how notes are struck.
        register: where they lie; of drums the kit says.
        habit: how chords are played.
        kit: the key of each drum in General MIDI's drum map, and its velocity.
    """

    role: Role
    programs: Mapping[str, int]
    channel: int | None
    volume: int
    pan: int
    touch: Touch
    register: Register = Register(0, 127, 64.0)
    habit: Habit = Habit()
    kit: Mapping[str, tuple[int, int]] = field(default_factory=dict)


_KIT = {
    "kick": (36, 72),
    "snare": (38, 70),
    "sidestick": (37, 64),
    "hat": (42, 58),
    "pedal-hat": (44, 62),
    "open-hat": (46, 60),
    "ride": (51, 76),
    "crash": (49, 84),
    "high-tom": (48, 78),
    "floor-tom": (43, 80),
    "cowbell": (56, 62),
    "clave": (75, 66),
    "conga-mute": (62, 60),
    "conga-open": (63, 68),
    "timbale": (65, 78),
}
PLAYERS: Mapping[str, Player] = {
    "piano": Player("chords", {"grand": 0}, 1, 104, 52, Touch(6, 4), Register(50, 72, 60.0)),
    "bass": Player(
        "bass",
        {"acoustic": 32, "electric": 33},
        *(2, 80, 64),
        Touch(3, 3, velocity=80, velocity_spread=3.0, ghost=-28, accent=0, under_solo=0),
        Register(28, 55, 38.0),  # E1, the lowest string, to G3
    ),
    "guitar": Player(
        "chords",
        {"jazz": 26},
        *(3, 92, 84),
        Touch(4, 4),
        Register(45, 74, 59.0, open=True),
        Habit(beside="four"),
    ),
    # General MIDI 2 has the kits as programs on the drums' channel.
    "drums": Player("drums", {"sticks": 32, "brushes": 40}, None, 92, 64, Touch(2, 2), kit=_KIT),
    # Four mallets, and a pedal that lets the bars ring. The instrument goes from F3 up: there is no room for roots.
    "vibraphone": Player(
        "chords",
        {"vibraphone": 11},
        *(4, 74, 40),
        Touch(5, 4, velocity=66),
        Register(53, 84, 66.0, open=True),
        Habit(ring_beats=1.0, root_low=None),
    ),
    # A drawbar organ sounds as loud however a key is pressed, and for as long as it is held.
    "organ": Player(
        "chords",
        {"drawbar": 16},
        *(5, 70, 76),
        Touch(5, 3, velocity=64, velocity_spread=0.0, ghost=0, accent=0, under_solo=0),
        Register(50, 74, 61.0),
        Habit(sustained=True),
    ),
}
TRIO = ("piano", "bass", "drums")


def part_name(player: str) -> str:
    """What a player's part is called in a score."""
    return player.capitalize()


def player_of(part: str) -> str | None:
    """The player whose part is called so: the inverse of `part_name`; None if it is nobody's."""
    return part.lower() if part.lower() in PLAYERS and part_name(part) == part else None
