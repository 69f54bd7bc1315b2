"""The players of the band, one row each: the only place that describes a player.

To add a player, add a row at the end; docs/band.md says what else. The order counts: the first chord player present
leads, and the others keep out of the way. A row at the end therefore changes nobody's notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["chords", "bass", "drums"]


@dataclass(frozen=True, slots=True)
class Touch:
    """How a player strikes notes, and when. All numbers are set by ear.

    Attributes:
        late_ms: mean delay behind the beat.
        late_spread_ms: standard deviation of the delay.
        velocity: of a plain stroke, 1 to 127; drums have one for each drum of the kit.
        velocity_spread: standard deviation of the velocity, from note to note.
        ghost, accent, under_solo: added to the velocity of a ghost note, of an accent, and under a dense solo.
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
    """The pitches that a player uses; set by ear within the instrument's range.

    Attributes:
        low, high: MIDI pitches, both included.
        center: the pitch that notes stay around.
        open: whether chords are spread, with the second voice from the top an octave lower ("drop 2").
    """

    low: int
    high: int
    center: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """How a player comps; set by ear.

    Attributes:
        ring_beats: length of a stroke where the rhythm does not say.
        sustained: whether each stroke is held until the next, and common tones of two chords are held over.
        beside: the rhythms to play when another player leads the chords.
        root_low: lowest pitch of the octave for roots where there is no bass; None for no roots.
    """

    ring_beats: float = 0.5
    sustained: bool = False
    beside: Literal["sparse", "four"] = "sparse"
    root_low: int | None = 36


@dataclass(frozen=True, slots=True)
class Player:
    """A player of the band.

    Attributes:
        role: chords, bass or drums.
        programs: General MIDI programs by the name that styles use; the first is the default.
        channel: MIDI channel from 0; None for drums, whose channel the standard fixes.
        volume, pan: of the part, 0 to 127; pan 64 is the middle. Set by ear.
        touch: how notes are struck.
        register: the pitches used; drums have the kit's keys.
        habit: how chords are played.
        kit: for each drum its key in General MIDI's drum map, and its velocity.
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
    # Four mallets, and a pedal that lets the bars ring. The instrument starts at F3: there is no room for roots.
    "vibraphone": Player(
        "chords",
        {"vibraphone": 11},
        *(4, 74, 40),
        Touch(5, 4, velocity=66),
        Register(53, 84, 66.0, open=True),
        Habit(ring_beats=1.0, root_low=None),
    ),
    # A drawbar organ sounds equally loud however a key is struck, for as long as it is held.
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
    """Return the name of a player's part in a score."""
    return player.capitalize()


def player_of(part: str) -> str | None:
    """Return the player whose part has a name; None if there is none. The inverse of `part_name`."""
    return part.lower() if part.lower() in PLAYERS and part_name(part) == part else None
