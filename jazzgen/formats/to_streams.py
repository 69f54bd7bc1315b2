"""Convert scores to music21 streams, for analysis, other notation and other file formats.

`streams.score_from_stream` is the inverse: the tokens of the grammar are the same afterwards, while velocities, marks
and drums are lost. Times are exact: an offset is ticks / 480 as a fraction.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

from music21 import expressions, harmony, instrument, key, metadata, meter, note, pitch, stream, tempo, tie

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chord_music21 import format_music21
from jazzgen.harmony.pitch import ACCIDENTALS, Key, name_at
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar


def stream_from_score(score: Score) -> stream.Score:
    """Make a music21 score, with chord symbols over its first part and no drums.

    Example:
        >>> from jazzgen.music.score import Part, Score
        >>> made = stream_from_score(Score(parts=(Part("Solo", (Note(0, 240, 70),)),)))
        >>> [element.nameWithOctave for element in made.recurse().notes]
        ['B-4']
    """
    bars = list(score.bars())
    made = stream.Score()
    made.metadata = metadata.Metadata(title=score.title)
    for number, part in enumerate(part for part in score.parts if not part.is_drums):
        made.insert(0, _part(part, bars, score, leads=number == 0))
    return made


def _part(part: Part, bars: Sequence[Bar], score: Score, *, leads: bool) -> stream.Part:
    measures = [_measure(bar) for bar in bars]
    starts = [bar.onset for bar in bars]

    def place(onset: int, element: object) -> None:
        index = bisect_right(starts, onset) - 1
        measures[index].insert(_quarters(onset - starts[index]), element)

    if leads:
        for onset, element in _signs(score):
            place(onset, element)
        for onset, symbol in _symbols(score.changes, score.end):
            place(onset, symbol)
    for single in part.notes:
        for onset, element in _tied(single, bars, starts):
            place(onset, element)
    made = stream.Part()
    made.partName = part.name
    made.insert(0, instrument.instrumentFromMidiProgram(part.program))
    for measure, bar in zip(measures, bars, strict=True):
        for start, length in _silences(measure, _quarters(bar.duration)):
            measure.insert(start, note.Rest(quarterLength=length))
        made.insert(_quarters(bar.onset), measure)
    return made


def _silences(measure: stream.Measure, length: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return (start, length) in quarters of each rest of a measure that is `length` quarters long."""
    found: list[tuple[Fraction, Fraction]] = []
    position = Fraction(0)
    for element in measure.notes:
        start = Fraction(element.offset)
        if start > position:
            found.append((position, start - position))
        position = max(position, start + Fraction(element.quarterLength))
    return [*found, (position, length - position)] if position < length else found


def _measure(bar: Bar) -> stream.Measure:
    measure = stream.Measure(number=bar.number)
    measure.paddingLeft = _quarters(bar.meter.bar_ticks - bar.duration) if bar.number == 0 else 0
    return measure


def _signs(score: Score) -> Iterator[tuple[int, object]]:
    yield 0, _signature(score.key)
    if score.feel == "swing":
        yield 0, expressions.TextExpression("Swing")
    yield from ((onset, tempo.MetronomeMark(number=bpm)) for onset, bpm in score.tempos if onset < score.end)
    yield from ((onset, meter.TimeSignature(str(value))) for onset, value in score.meters if onset < score.end)


def _signature(written: Key) -> key.Key:
    return key.Key(written.tonic.replace("b", "-"), "minor" if written.minor else "major")


def _symbols(changes: Changes, end: int) -> Iterator[tuple[int, harmony.Harmony]]:
    """Yield (onset in ticks, chord symbol), with N.C. where nothing follows a chord."""
    following = [*(span.onset for span in changes[1:]), end]
    for span, after in zip(changes, following, strict=False):
        yield span.onset, harmony.ChordSymbol(format_music21(span.chord)) if span.chord else harmony.NoChord()
        if span.end < after:
            yield span.end, harmony.NoChord()


def _tied(single: Note, bars: Sequence[Bar], starts: Sequence[int]) -> Iterator[tuple[int, note.Note]]:
    """Split a note at bar lines; yield (onset in ticks, tied piece)."""
    first = bisect_right(starts, single.onset) - 1
    inside = [bar for bar in bars[first:] if bar.onset < single.end]
    for bar in inside:
        onset, end = max(single.onset, bar.onset), min(single.end, bar.end)
        made = note.Note(_pitch(single), quarterLength=_quarters(end - onset))
        made.volume.velocity = single.velocity
        if len(inside) > 1:
            made.tie = tie.Tie("start" if bar is inside[0] else "stop" if bar is inside[-1] else "continue")
        yield onset, made


def _pitch(single: Note) -> pitch.Pitch:
    if single.fifths is None:
        return pitch.Pitch(single.pitch)
    name = name_at(single.fifths)
    octave = (single.pitch - ACCIDENTALS[name[1:]]) // 12 - 1
    return pitch.Pitch(name.replace("b", "-"), octave=octave)


def _quarters(ticks: int) -> Fraction:
    return Fraction(ticks, TICKS_PER_BEAT)
