"""The drums: time, random answers to it, and fills at the ends of sections."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from jazzgen.band.players import Player
from jazzgen.band.rhythm import ACCENT, GHOST, NORMAL, Hit, placed
from jazzgen.band.styles import Beats, Groove
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

_LENGTH_TICKS = TICKS_PER_BEAT // 6  # drums do not ring by their length; set by hand
_STRESSES = {GHOST: 0.5, NORMAL: 1.0, ACCENT: 1.18}  # factors on the velocity; set by ear
# Probability of a fill in the last bar of a section, and of a chorus; set by ear.
_SECTION_FILL = 0.5
_CHORUS_FILL = 0.85
_PHRASE_BARS = 8  # a section, where the form names none
_CRASH: Beats = {"crash": (Hit(Fraction(0)),), "kick": (Hit(Fraction(0), stress=ACCENT),)}


def drum_notes(
    player: Player, score: Score, grooves: Sequence[tuple[Bar, Groove]], *, rng: np.random.Generator
) -> Notes:
    """Return the drums' notes over the score's bars, those without a chord too."""
    chances = _fill_chances(score, [bar for bar, _ in grooves])
    notes: list[Note] = []
    after_fill = False
    for index, (bar, groove) in enumerate(grooves):
        fills = rng.random() < chances.get(bar.end, 0.0) and bool(groove.fills)
        beats = groove.fills[int(rng.integers(len(groove.fills)))] if fills else _time(groove, index, rng)
        notes += _struck(_merged(beats, _CRASH) if after_fill else beats, player, bar, rng)
        after_fill = fills
    return tuple(sorted(notes))


def _time(groove: Groove, index: int, rng: np.random.Generator) -> Beats:
    """Return a bar of time, `index` bars into the piece."""
    beats = {drum: bars[index % len(bars)] for drum, bars in groove.drums.items()}
    answers = groove.answers
    return _merged(beats, answers[int(rng.integers(len(answers)))]) if answers else beats


def _merged(beats: Beats, others: Beats) -> Beats:
    """Return both patterns in one; where both have a hit of one drum at one time, `others` wins."""
    both = {drum: {hit.beats: hit for hit in (*beats.get(drum, ()), *hits)} for drum, hits in others.items()}
    return {**beats, **{drum: tuple(hits.values()) for drum, hits in both.items()}}


def _struck(beats: Beats, player: Player, bar: Bar, rng: np.random.Generator) -> Iterator[Note]:
    for drum, rhythm in beats.items():
        key, level = player.kit[drum]
        for tick, _, hit in placed(rhythm, bar):
            loud = level * _STRESSES[hit.stress] + rng.normal(0, player.touch.velocity_spread)
            yield Note(tick, min(_LENGTH_TICKS, bar.end - tick), key, int(np.clip(round(loud), 12, 120)))


def _fill_chances(score: Score, bars: Sequence[Bar]) -> dict[int, float]:
    """Return the probability of a fill by the tick where a section or chorus ends."""
    phrases = bars[_PHRASE_BARS - 1 :: _PHRASE_BARS]
    sections = [mark.end for mark in score.marked("section")] or [bar.end for bar in phrases]
    choruses = [mark.end for mark in score.marked("chorus")]
    return dict.fromkeys(sections, _SECTION_FILL) | dict.fromkeys(choruses, _CHORUS_FILL)
