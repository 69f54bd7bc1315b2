"""Add a rhythm section to a score: players in a style, each with a random stream of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.bass import bass_notes
from jazzgen.band.bassist import BassKind, Listening
from jazzgen.band.choice import plain_groove
from jazzgen.band.comping import Comping, comping_notes
from jazzgen.band.drums import drum_notes
from jazzgen.band.players import PLAYERS, TRIO
from jazzgen.band.seats import NOTES, seat, stream_of
from jazzgen.band.sounding import soundings
from jazzgen.band.styles import Density, Groove, Style
from jazzgen.music.melody import Notes
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import Bar

_Bars = Sequence[tuple[Bar, Groove]]


@dataclass(frozen=True, slots=True)
class Lineup:
    """The players of the band, and how densely they comp.

    Attributes:
        players: names in `band.players`.
        density: of the comping, where the solo is neither dense nor resting.
        bass: whether the bass goes by what was learnt, where it is known, or by rules alone.
    """

    players: tuple[str, ...] = TRIO
    density: Density = "medium"
    bass: BassKind = "learned"

    def having(self, role: str) -> list[str]:
        """Return the players of a role, in the table's order."""
        return [name for name, player in PLAYERS.items() if name in self.players and player.role == role]

    def comping(self, name: str) -> Comping:
        """Return how a player comps: the first leads, and without a bass the first who can plays roots."""
        chords = self.having("chords")
        low = [other for other in chords if PLAYERS[other].habit.root_low is not None]
        rooted = not self.having("bass") and name in low[:1]
        return Comping(PLAYERS[name], self.density, rooted, beside=name != chords[0])


def add_band(score: Score, style: Style, lineup: Lineup = Lineup(), *, rng: np.random.Generator) -> Score:
    """Add a rhythm section: chords and bass where a chord sounds, drums in every full bar.

    Each player's random stream goes by name, so that one player more or less changes nothing for the others.
    """
    bars = [
        (replace(bar, duration=min(bar.end, score.end) - bar.onset), style.groove(bar.meter) or plain_groove(bar.meter))
        for bar in score.bars()
        if bar.number
    ]
    for name in lineup.players:
        notes = _notes(name, score, lineup, style, bars, stream_of(name, rng, NOTES))
        part = replace(seat(name, score, style.sounds.get(name)), notes=notes)
        score = score.with_parts(*score.parts, _held(part, score))
    return score


def _notes(name: str, score: Score, lineup: Lineup, style: Style, bars: _Bars, rng: np.random.Generator) -> Notes:
    player = PLAYERS[name]
    if player.role == "drums":
        return drum_notes(player, score, bars, rng=rng)
    sounding = soundings(score.changes)
    if player.role == "bass":
        learned = Listening.over(score, style) if lineup.bass == "learned" else None
        return bass_notes(player, score, bars, sounding, learned=learned, rng=rng)
    return comping_notes(lineup.comping(name), score, bars, sounding, rng=rng)


def _held(part: Part, score: Score) -> Part:
    """Hold the part's last notes to the end of the music, or of the last chord, so that all end together."""
    last = max((note.onset for note in part.notes), default=0)
    chords = (chord.silence for chord in soundings(score.changes) if chord.onset <= last)
    end = score.end if part.is_drums else max(chords, default=score.end)
    held = (replace(note, duration=end - last) if note.onset == last else note for note in part.notes)
    return replace(part, notes=tuple(sorted(held)))
