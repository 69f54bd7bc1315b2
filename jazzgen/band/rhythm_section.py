"""The rhythm section of a score: its players, in a style, from one source of chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.bass import bass_part
from jazzgen.band.choice import plain_groove
from jazzgen.band.comping import REGISTERS, Comping, comping_part
from jazzgen.band.drums import drum_part
from jazzgen.band.instruments import TRIO
from jazzgen.band.sounding import soundings
from jazzgen.band.styles import Density, Groove, Style
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import Bar

_Bars = Sequence[tuple[Bar, Groove]]


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who plays, and how.

    Attributes:
        players: names of `band.instruments`.
        density: of the comping where the solo is neither dense nor resting.
    """

    players: tuple[str, ...] = TRIO
    density: Density = "medium"


def add_band(score: Score, style: Style, lineup: Lineup = Lineup(), *, rng: np.random.Generator) -> Score:
    """The score with a rhythm section: chords and bass where a chord sounds, drums in every full bar.

    Each player has its own stream of chance, so that one who is left out changes nothing for the others.
    """
    bars = [
        (replace(bar, duration=min(bar.end, score.end) - bar.onset), style.groove(bar.meter) or plain_groove(bar.meter))
        for bar in score.bars()
        if bar.number
    ]
    streams = dict(zip((*REGISTERS, "bass", "drums"), rng.spawn(len(REGISTERS) + 2), strict=True))
    for player in lineup.players:
        part = _part(player, score, style, lineup, bars, streams[player])
        score = score.with_parts(*score.parts, _held(part, score))
    return score


def _held(part: Part, score: Score) -> Part:
    """The part with its last notes held to the end of the music, or of the last chord, so that all end together."""
    last = max((note.onset for note in part.notes), default=0)
    chords = (chord.silence for chord in soundings(score.changes) if chord.onset <= last)
    end = score.end if part.is_drums else max(chords, default=score.end)
    held = (replace(note, duration=end - last) if note.onset == last else note for note in part.notes)
    return replace(part, notes=tuple(sorted(held)))


def _part(player: str, score: Score, style: Style, lineup: Lineup, bars: _Bars, rng: np.random.Generator) -> Part:
    if player == "drums":
        return drum_part(score, style, bars, rng=rng)
    sounding = soundings(score.changes)
    if player == "bass":
        return bass_part(score, style, bars, sounding, rng=rng)
    beside_piano = player == "guitar" and "piano" in lineup.players
    rooted = "bass" not in lineup.players and not beside_piano
    return comping_part(score, Comping(player, lineup.density, rooted, beside_piano), bars, sounding, rng=rng)
