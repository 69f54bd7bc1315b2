"""Convert a performance to notation: eighths even, on the grid, the gaps of articulation closed."""

from dataclasses import replace

from jazzgen.learning.grammar.windows import prepare
from jazzgen.music.melody import close_gaps, monophonic, quantized
from jazzgen.music.score import Score
from jazzgen.music.swing import is_swung, swing_ratio
from jazzgen.music.swung import evened, known_swing


def as_written(played: Score, swing: float | None = None) -> Score:
    """Return the score with its melody as a model hears it; the feel is swing if it was swung.

    Args:
        played: a score in its own timing.
        swing: the ratio that it was swung by, 1 for even eighths. None tries the ratio of the tempo, and then what
            is heard.
    """
    line, by_tempo = monophonic(played.melody.notes), swing_ratio(played.bpm)
    if swing is None and is_swung(line, played.pickup, by_tempo):
        swing = by_tempo
    played = replace(played, parts=(replace(played.melody, gestures=()), *played.parts[1:]))
    if swing is None:
        return prepare(played)
    even = evened(line, played, known_swing(line, played, swing))
    melody = replace(played.melody, notes=close_gaps(quantized(even)))
    return replace(played, parts=(melody, *played.parts[1:]), feel="swing" if swing > 1 else "straight")
