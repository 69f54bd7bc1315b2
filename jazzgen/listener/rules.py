"""How the band's rules would touch a solo's notes, in the units of `learning.touch`, to compare it with."""

from dataclasses import replace

import numpy as np

from jazzgen.band.perform import with_accents, with_articulation, with_swing, with_timing
from jazzgen.codec.events import snapped
from jazzgen.learning.touch.columns import Facts
from jazzgen.learning.touch.examples import lengths
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM


def rules_touch(score: Score, facts: Facts, *, rng: np.random.Generator) -> np.ndarray:
    """Return loudness, lateness and length (n, 3) of each note of the melody as `band.perform` plays it.

    Notes are as long as a soloist writes them, in whole tatums, and legato where they reach the next. Loudness is in
    standard deviations above the mean of the solo.
    """
    melody = score.melody
    ticks = snapped(score).length * TICKS_PER_TATUM
    room = np.append(np.diff(facts.onset), np.iinfo(np.int64).max)[: len(ticks)]
    written = tuple(
        replace(note, duration=max(int(min(length, space)), 1))
        for note, length, space in zip(melody.notes, ticks, room, strict=True)
    )
    alone = score.with_parts(replace(melody, notes=written))
    accented = with_accents(alone, rng=rng)
    played = with_timing(with_articulation(with_swing(accented)), swung=score.feel == "swing", rng=rng).melody.notes
    velocity, onset, duration = np.array([(note.velocity, note.onset, note.duration) for note in played], float).T
    late = (onset - facts.swung) * facts.tick_ms
    quarter = facts.tick_ms * TICKS_PER_BEAT
    even = late + (facts.swung - facts.onset) * facts.tick_ms
    loudness = (velocity - velocity.mean()) / max(velocity.std(), 1.0)
    return np.stack([loudness, late, lengths(facts.onset, even, duration * facts.tick_ms, quarter)], axis=-1)
