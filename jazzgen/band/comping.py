"""Comping: chords in the rhythms of the style, with voice leading.

Under a dense solo there are fewer strokes and thinner voicings, in its rests more. A stroke just before a change
anticipates it. Every chord of half a beat or more is played.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from jazzgen.band.players import PLAYERS, Player, Touch
from jazzgen.band.rhythm import ACCENT, GHOST, Hit, Rhythm, placed
from jazzgen.band.sounding import Sounding, sounding_at
from jazzgen.band.styles import DENSITIES, Density, Groove
from jazzgen.band.voicings import Voicing, lead_voices, rootless_classes, shell_classes, with_root
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

_ANTICIPATION_TICKS = TICKS_PER_BEAT // 2  # an eighth; set by ear
_HEARD_TICKS = TICKS_PER_BEAT // 2
# Notes a beat: a solo with as many or more is dense, with as few or fewer it rests. Set by ear.
_DENSE = 2.0
_SPARE = 0.75


@dataclass(frozen=True, slots=True)
class Comping:
    """How one player comps.

    Attributes:
        player: the player.
        density: of strokes, where the solo is neither dense nor resting.
        rooted: whether to play roots too, as there is no bass.
        beside: whether another player leads the chords.
    """

    player: Player = PLAYERS["piano"]
    density: Density = "medium"
    rooted: bool = False
    beside: bool = False

    @property
    def four(self) -> bool:
        """True if the player strums four to the bar."""
        return self.beside and self.player.habit.beside == "four"

    @property
    def sparse(self) -> bool:
        """True if the player makes fewer strokes, to leave room for another's."""
        return self.beside and self.player.habit.beside == "sparse"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A chord to be struck; `dense` says whether the solo is dense there."""

    onset: int
    end: int
    sounding: Sounding
    velocity: float
    dense: bool


def comping_notes(
    how: Comping,
    score: Score,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    *,
    rng: np.random.Generator,
) -> Notes:
    """Return the notes of a comping player; none in N.C. bars."""
    spread = how.player.touch.velocity_spread
    low = how.player.habit.root_low
    strokes = _strokes(score, how, grooves, sounding, rng)
    notes: list[Note] = []
    voicing: Voicing = ()
    for stroke in strokes:
        voicing = _voiced(stroke, how, voicing)
        pitches = with_root(stroke.sounding.chord, voicing, low) if how.rooted and low is not None else voicing
        for pitch, jitter in zip(pitches, rng.normal(0, spread, len(pitches)).tolist(), strict=True):
            notes.append(Note(stroke.onset, stroke.end - stroke.onset, pitch, round(stroke.velocity + jitter)))
    changes = {new.onset for old, new in pairwise(strokes) if new.sounding != old.sounding}
    return tuple(sorted(_held_on(notes, changes) if how.player.habit.sustained else notes))


def _held_on(notes: Iterable[Note], at: Collection[int]) -> Iterator[Note]:
    """Join each note that starts `at` one of these ticks to the one of its pitch that ends there.

    Args:
        notes: in order of time.
        at: ticks.
    """
    sounding: dict[int, Note] = {}
    for note in notes:
        before = sounding.get(note.pitch)
        if before and before.end == note.onset and note.onset in at:
            sounding[note.pitch] = replace(before, duration=note.end - before.onset)
            continue
        if before:
            yield before
        sounding[note.pitch] = note
    yield from sounding.values()


def _voiced(stroke: Stroke, how: Comping, previous: Voicing) -> Voicing:
    chord = stroke.sounding.chord
    classes = shell_classes(chord) if stroke.dense or how.four else rootless_classes(chord)
    return lead_voices(chord, classes, previous, how.player.register)


def _strokes(
    score: Score,
    how: Comping,
    grooves: Sequence[tuple[Bar, Groove]],
    sounding: Sequence[Sounding],
    rng: np.random.Generator,
) -> list[Stroke]:
    """Return the strokes in order, each cut at the next."""
    solo = [note.onset for note in score.melody.notes]
    strokes: dict[int, Stroke] = {}
    for bar, groove in grooves:
        busy = _notes_a_beat(solo, bar.onset, bar.end)
        rhythm = _rhythm(groove, how, busy, rng)
        strokes |= {s.onset: s for s in _in_bar(rhythm, bar, how.player, sounding, dense=busy >= _DENSE)}
    heard = {stroke.sounding.onset for stroke in strokes.values()}
    for chord in sounding:
        end = min(chord.end, chord.onset + TICKS_PER_BEAT)
        if chord.onset not in heard and end - chord.onset >= _HEARD_TICKS:
            dense = _notes_a_beat(solo, chord.onset, end) >= _DENSE
            strokes[chord.onset] = Stroke(chord.onset, end, chord, how.player.touch.velocity, dense)
    following = pairwise([*sorted(strokes), score.end])
    return [replace(strokes[onset], end=min(_end(strokes[onset], how.player), after)) for onset, after in following]


def _end(stroke: Stroke, player: Player) -> int:
    """Return where a stroke ends if no other follows."""
    return stroke.sounding.end if player.habit.sustained else stroke.end


def _notes_a_beat(onsets: Sequence[int], start: int, end: int) -> float:
    return (bisect_left(onsets, end) - bisect_left(onsets, start)) * TICKS_PER_BEAT / (end - start)


def _rhythm(groove: Groove, how: Comping, busy: float, rng: np.random.Generator) -> Rhythm:
    """Draw a bar's rhythm: one density sparser under a dense solo, one busier in its rests."""
    if how.four and "four" in groove.comping:
        choices = groove.comping["four"]
    else:
        level = DENSITIES.index(how.density) - (busy >= _DENSE) + (busy <= _SPARE) - how.sparse
        choices = groove.comping[DENSITIES[min(max(level, 0), len(DENSITIES) - 1)]]
    return choices[int(rng.integers(len(choices)))]


def _in_bar(rhythm: Rhythm, bar: Bar, player: Player, sounding: Sequence[Sounding], *, dense: bool) -> Iterator[Stroke]:
    ring = round(player.habit.ring_beats * TICKS_PER_BEAT)
    for tick, length, hit in placed(rhythm, bar):
        chord = sounding_at(sounding, tick)
        ahead = sounding_at(sounding, tick + _ANTICIPATION_TICKS) if tick % TICKS_PER_BEAT else None
        struck = ahead if chord and ahead else chord
        if struck:
            yield Stroke(
                tick, min(tick + (length or ring), struck.end), struck, _level(hit, player.touch, dense=dense), dense
            )


def _level(hit: Hit, touch: Touch, *, dense: bool) -> int:
    """Return the mean velocity of a stroke."""
    stress = {GHOST: touch.ghost, ACCENT: touch.accent}.get(hit.stress, 0)
    return touch.velocity + stress + touch.under_solo * dense
