"""Piano comping: voice-led rootless voicings in a Charleston rhythm or held.

A voicing is third and seventh with the fifth (or a tension) and the ninth where the chord has room for it, in the
octave around middle C; from chord to chord it takes the inversion whose notes move least.
"""

from collections.abc import Iterator

import numpy as np

from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale
from jazzgen.score import PIANO, Note, Part, Score
from jazzgen.timing import TICKS_PER_BEAT

NAME = "Chords"
LOW, HIGH = 50, 72
_CENTER = 60.0
_VELOCITY, _SOFTER = 62, 50
_SLOW_BPM = 80


def voicing_classes(chord: Chord) -> tuple[int, ...]:
    """Pitch classes of the voicing, above the root: guide tones, then colour, four at most."""
    third = chord.third if chord.third is not None else 0
    if chord.seventh is None:
        return tuple(sorted({0, third, *(tone for tone in chord.tones if tone > 5), *chord.tensions[:1]}))
    crowded = {7} if {6, 8} & set(chord.tensions) else set()  # the fifth, a half step from #11 or b13
    colours = [*(tone for tone in chord.tones if tone not in {0, third, chord.seventh} | crowded), *chord.tensions]
    if 2 in chord_scale(chord) and not {1, 2, 3} & set(chord.tensions):
        colours.append(2)
    return tuple(sorted({third, chord.seventh, *colours[-2:]}))


def voicings(chord: Chord) -> list[tuple[int, ...]]:
    """Every close voicing of the chord inside the register, low to high."""
    classes = [(chord.root_class + tone) % 12 for tone in voicing_classes(chord)]
    found = []
    for lowest in range(LOW, HIGH - 10):
        if lowest % 12 in classes:
            found.append(tuple(lowest + above for above in range(12) if (lowest + above) % 12 in classes))
    return found


def lead_voices(chord: Chord, previous: tuple[int, ...]) -> tuple[int, ...]:
    """The voicing that moves least from `previous` (or is nearest middle C), kept from creeping away."""

    def cost(voicing: tuple[int, ...]) -> float:
        drift = abs(float(np.mean(voicing)) - _CENTER)
        moves = sum(min(abs(pitch - other) for other in previous) for pitch in voicing) if previous else 0
        return moves + 0.5 * drift

    return min(voicings(chord), key=cost)


def add_comping(score: Score, *, rng: np.random.Generator) -> Score:
    """The score with a piano on its own channel, silent in N.C. bars."""
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    for span in score.changes:
        if span.chord:
            voicing = lead_voices(span.chord, voicing)
            for onset, duration, velocity in _rhythm(span, score, rng):
                notes += [Note(onset, duration, pitch, velocity + int(rng.integers(-4, 5))) for pitch in voicing]
    return score.with_parts(*score.parts, Part(NAME, tuple(sorted(notes)), PIANO, score.free_channel()))


def _rhythm(span: ChordSpan, score: Score, rng: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    """Onset, duration and velocity of one chord's strokes: held when slow or short, else mostly a Charleston a bar."""
    half_beat = TICKS_PER_BEAT // 2
    bar = next(meter for start, meter in reversed(score.meters) if start <= span.onset).bar_ticks
    for onset in range(span.onset, span.end, bar):
        length = min(bar, span.end - onset)
        if score.bpm < _SLOW_BPM or length < 2 * TICKS_PER_BEAT:
            yield onset, length, _SOFTER
        elif length < 3 * TICKS_PER_BEAT or rng.random() < 0.3:
            yield onset, length - half_beat, _VELOCITY
        else:  # the Charleston: one, and the "and" of two
            yield onset, TICKS_PER_BEAT, _VELOCITY
            yield onset + 3 * half_beat, length - 2 * TICKS_PER_BEAT, _SOFTER
