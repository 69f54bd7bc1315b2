"""Short lines to measure."""

from collections.abc import Sequence

from hypothesis import strategies as st

from helpers.chart_text import parse_changes
from helpers.strategies import lines
from jazzgen.metrics.line import Line
from jazzgen.music.score import Note, Part, Score

BEAT = 480


def line_of(notes: Sequence[Note], changes: str = "", title: str = "Line") -> Line:
    score = Score(title=title, parts=(Part("Solo", tuple(notes)),))
    return Line.of(Score(title=title, parts=score.parts, changes=parse_changes(changes)) if changes else score)


def played(pitches: Sequence[int], ticks: int = BEAT, length: int | None = None, changes: str = "") -> Line:
    """The pitches, one every `ticks`, each `length` long (up to the next, if None)."""
    return line_of([Note(i * ticks, length or ticks, pitch) for i, pitch in enumerate(pitches)], changes)


def any_lines(**options: int) -> st.SearchStrategy[Line]:
    return lines(**{"min_size": 2} | options).map(line_of)


def transposed(line: Line, semitones: int) -> Line:
    return line_of(
        [
            Note(onset, end - onset, pitch + semitones)
            for onset, end, pitch in zip(*(a.tolist() for a in (line.onsets, line.ends, line.pitches)), strict=True)
        ]
    )
