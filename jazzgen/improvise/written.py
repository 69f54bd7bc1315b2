"""Convert a performance to notation: eighths even, on the grid, the gaps of articulation closed."""

from dataclasses import replace

from jazzgen.music.melody import close_gaps, monophonic, quantized
from jazzgen.music.score import Score
from jazzgen.music.swing import is_swung, swing_ratio
from jazzgen.music.written import is_told, written_line


def as_written(played: Score, swing: float | None = None) -> Score:
    """Return the score with its melody as a model hears it; the feel is swing if it was swung.

    A melody whose notes say how they are written is returned as they say, gaps and all.

    Args:
        played: a score in its own timing.
        swing: the ratio that it was swung by, 1 for even eighths. None tries the ratio of the tempo, and then what
            is heard.
    """
    notes, by_tempo = played.melody.notes, swing_ratio(played.bpm)
    told = is_told(notes)
    if swing is None and not told and is_swung(monophonic(notes), played.pickup, by_tempo):
        swing = by_tempo
    line, swings = written_line(played, swing)
    melody = replace(played.melody, gestures=(), notes=line if told else close_gaps(quantized(line)))
    is_swing = swing > 1 if swing is not None else swings or played.feel == "swing"
    return replace(played, parts=(melody, *played.parts[1:]), feel="swing" if is_swing else "straight")
