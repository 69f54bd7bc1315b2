"""Scores as the page draws them: plain values, times in ticks, bars numbered from 1."""

import re
from collections.abc import Iterator

from jazzgen.codec.kinds import kind_of
from jazzgen.harmony.changes import Changes, ChordSpan, chord_at
from jazzgen.harmony.tunes import Tune
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import MAX_RATIO
from jazzgen.music.timing import TICKS_PER_BEAT, Bar, tempo_seconds
from jazzgen.studio import replies
from jazzgen.studio.kept import About
from jazzgen.takes.plain import Json
from jazzgen.takes.recipe import improvised, known_steps
from jazzgen.takes.steps import Improvised, Lengthened, Retaken
from jazzgen.takes.transform import heard_swing

# The bar at the start of an error, after a file's name if there is one.
_BAR = re.compile(r"(?:[^']*: )?bar (\d{1,6})\b")
# For a note over N.C.
_NO_KIND = "-"


def bar_named_in(message: str) -> int | None:
    """Return the bar that an error names, None if it names none.

    Example:
        >>> bar_named_in("bar 3: 'H7' is no chord")
        3
    """
    named = _BAR.match(message)
    return int(named[1]) if named else None


def about(score: Score, recipe: Json | None) -> About:
    """Return what a list shows of a take."""
    first = improvised(recipe)
    played = next((step for step in known_steps(recipe) if isinstance(step, Improvised | Retaken | Lengthened)), None)
    return About(
        title=score.title,
        key=str(score.key),
        meter=str(score.meter),
        bpm=round(score.bpm, 2),
        bars=sum(1 for _ in score.bars()),
        choruses=len(score.marked("chorus")),
        notes=len(score.melody.notes),
        seconds=round(tempo_seconds(score.tempos, score.end), 2),
        swing=round(min(heard_swing(score, recipe), MAX_RATIO), 3),
        style=(first and first.arrangement.style) or "",
        model=played.model if played else "",
        seed=played.seed if played else None,
    )


def drawn(score: Score) -> replies.Drawn:
    """Return a take as played: bars, chords, sections, parts with notes, and the kind of each note of the solo."""
    return replies.Drawn(
        ticks_per_beat=TICKS_PER_BEAT,
        end=score.end,
        tempos=[replies.TempoMark(tick=tick, bpm=bpm) for tick, bpm in score.tempos],
        bars=[_bar(bar) for bar in score.bars()],
        chords=[_chord(span) for span in score.changes],
        sections=[
            replies.Section(tick=mark.onset, ticks=mark.duration, kind=mark.kind, label=mark.label)
            for mark in score.marks
        ],
        parts=[_part(part) for part in score.parts],
        kinds="".join(_kinds(score)),
    )


def _bar(bar: Bar) -> replies.DrawnBar:
    return replies.DrawnBar(number=bar.number, tick=bar.onset, ticks=bar.duration, beat_ticks=bar.meter.beat_ticks)


def _chord(span: ChordSpan) -> replies.DrawnChord:
    return replies.DrawnChord(tick=span.onset, ticks=span.duration, symbol=span.symbol)


def _part(part: Part) -> replies.DrawnPart:
    return replies.DrawnPart(
        name=part.name,
        channel=part.channel,
        program=part.program,
        volume=part.volume,
        drums=part.is_drums,
        notes=[_note(note) for note in part.notes],
    )


def _note(note: Note) -> tuple[int, int, int, int]:
    return note.onset, note.duration, note.pitch, note.velocity


def _kinds(score: Score) -> Iterator[str]:
    """Yield the kind of each note of the solo: C, S, A or X (`codec.kinds`)."""
    for note in score.melody.notes:
        chord = chord_at(score.changes, note.onset)
        yield kind_of(note.pitch, chord) if chord else _NO_KIND


def chart(tune: Tune) -> replies.Chart:
    """Return changes as understood."""
    starts = dict(tune.chart.sections)
    return replies.Chart(
        title=tune.title,
        key=str(tune.key),
        minor=tune.key.minor,
        bpm=tune.bpm,
        meter=str(tune.chart.meter),
        style=tune.style,
        straight=tune.straight,
        bars=[_chart_bar(bar, starts.get(bar.onset, ""), tune.chart.changes) for bar in tune.chart.bars()],
    )


def _chart_bar(bar: Bar, section: str, changes: Changes) -> replies.ChartBar:
    chords = [
        replies.ChartChord(symbol=span.symbol, beat=(span.onset - bar.onset) / bar.meter.beat_ticks)
        for span in changes
        if bar.onset <= span.onset < bar.end
    ]
    return replies.ChartBar(number=bar.number, section=section, chords=chords, beats=bar.meter.numerator)
