"""The players of the band and their sounds (General MIDI), as tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from jazzgen.music.score import DRUM_CHANNEL, Part, Score


@dataclass(frozen=True, slots=True)
class Instrument:
    """A player: name of the track, General MIDI program, channel (counted from 0), volume and pan (0 to 127)."""

    name: str
    program: int
    channel: int
    volume: int
    pan: int


INSTRUMENTS: Mapping[str, Instrument] = {
    "piano": Instrument("Piano", 0, 1, 104, 52),
    "bass": Instrument("Bass", 32, 2, 80, 64),
    "guitar": Instrument("Guitar", 26, 3, 92, 84),
    "drums": Instrument("Drums", 32, DRUM_CHANNEL, 92, 64),
}
TRIO = ("piano", "bass", "drums")
# Programs of a bass; kits as programs on the drums' channel, where General MIDI 2 has Jazz and Brush.
BASSES = {"acoustic": 32, "electric": 33}
KITS = {"sticks": 32, "brushes": 40}
# General MIDI's drum map, and how loud each is played.
DRUMS: Mapping[str, tuple[int, int]] = {
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


def seat(name: str, score: Score, program: int | None = None) -> Part:
    """A player's empty part: on its own channel, or the first free one if another part has that."""
    player = INSTRUMENTS[name]
    taken = {part.channel for part in score.parts}
    channel = score.free_channel() if player.channel in taken and name != "drums" else player.channel
    return Part(player.name, (), player.program if program is None else program, channel, player.volume, player.pan)
