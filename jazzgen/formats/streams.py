"""Convert music21 streams to scores.

Chord symbols are parsed from their text here, because music21 reads `Bb7` as B7. In its own spelling a minus after the
root is a flat: `B-7` is Bb7. Repeats are unfolded by `harmony.unfold`, which is faster than music21's own expansion and
accepts repeats that it refuses.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from music21 import (
    bar,
    chord,
    expressions,
    harmony,
    instrument,
    key,
    meter,
    note,
    pitch,
    repeat,
    roman,
    spanner,
    stream,
    tempo,
)

from jazzgen.errors import ChordError, CorpusError, ScoreError
from jazzgen.formats.notation.drafts import SWING
from jazzgen.formats.notation.played import reading_of
from jazzgen.formats.notation.written import PartBar, Sheet, SheetBar, SheetPart, WrittenChord, WrittenNote
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.harmony.chords import MUSIC21, Chord, is_no_chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES, MAJOR_TONICS, Key, written_fifths
from jazzgen.harmony.unfold import MAX_TIMES, Signs
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

# Semitones above the root, in order of preference: third, fifth, seventh.
_CHORD_TONES = ((4, 3, 5, 2), (7, 6, 8), (10, 11, 9))
_SIGNS = {
    repeat.Segno: "segno",
    repeat.Coda: "coda",
    repeat.Fine: "fine",
    repeat.DaCapo: "da_capo",
    repeat.DaCapoAlFine: "da_capo",
    repeat.DaCapoAlCoda: "da_capo",
    repeat.DalSegno: "dal_segno",
    repeat.DalSegnoAlFine: "dal_segno",
    repeat.DalSegnoAlCoda: "dal_segno",
}


def score_from_stream(melody: stream.Stream, accompaniment: stream.Stream | None = None) -> Score:
    """Make a score of a music21 stream, with a monophonic melody.

    Args:
        melody: a part or a whole score; its first voice becomes the melody, its chord symbols the changes.
        accompaniment: chords are inferred from it if `melody` has no chord symbols.

    Raises:
        CorpusError: when there are neither notes nor chords, or a chord symbol cannot be read.

    Example:
        >>> from music21 import converter
        >>> part = converter.parse("tinyNotation: 4/4 c4 d4 e2")
        >>> [(note.onset, note.pitch) for note in score_from_stream(part).melody.notes]
        [(0, 60), (480, 62), (960, 64)]
    """
    title = (melody.metadata and melody.metadata.bestTitle) or "Untitled"
    parts = [*_parts_of(melody), *(_parts_of(accompaniment) if accompaniment is not None else ())]
    sheet = sheet_from_parts([_at_sounding_pitch(part) for part in parts], title)
    if sheet.left_out and (lost := [text for text in sheet.left_out if text.startswith("bar ")]):
        raise CorpusError(lost[0])
    return reading_of(sheet, ReadOptions()).score


def sheet_from_score(score: stream.Score, title: str) -> Sheet:
    """Make a sheet of a music21 score, at sounding pitch.

    Args:
        score: any stream that music21 made of a file.
        title: used if the score has none.
    """
    sheet = sheet_from_parts([_at_sounding_pitch(part) for part in _parts_of(score)], title)
    metadata = score.metadata
    if metadata is not None:
        sheet.title = " ".join((metadata.bestTitle or "").split()) or title
        sheet.composer = " ".join((metadata.composer or "").split())
    return sheet


def sheet_from_parts(parts: Sequence[stream.Stream], title: str) -> Sheet:
    """Make a sheet of parts at sounding pitch; bar lines are those of the part with the most measures.

    Raises:
        CorpusError: when there are no measures, or too many.
    """
    measured = [part if part.getElementsByClass(stream.Measure) else _with_measures(part) for part in parts]
    longest = max(measured, key=lambda part: len(part.getElementsByClass(stream.Measure)), default=stream.Part())
    measures = list(longest.getElementsByClass(stream.Measure))
    if not measures or len(measures) > MAX_BARS:
        raise CorpusError(f"has {len(measures)} measures; give music with 1 to {MAX_BARS}")
    sheet = Sheet(title, list(_bars(longest, measures, measured)), [], key=_key(longest))
    starts = [_ticks(measure.offset) for measure in measures]
    counted: Counter[str] = Counter()
    for number, part in enumerate(measured, 1):
        reader = _PartReader(starts, [bar.number for bar in sheet.bars], sheet.left_out, counted)
        name = " ".join((part.partName or "").split()) or f"Part {number}"
        sheet.parts.append(SheetPart(name, reader.read(part), _program(part)))
    texts = [text.content or "" for part in measured for text in part[expressions.TextExpression]]
    if swing := next(filter(SWING.search, texts), None):
        sheet.feel, sheet.rhythm_feel = "swing", swing[:60]
    sheet.left_out += [f"{count} {what}" for what, count in counted.items()]
    return sheet


def _parts_of(score: stream.Stream) -> list[stream.Stream]:
    return list(score.getElementsByClass(stream.Part)) or [score]


def _with_measures(part: stream.Stream) -> stream.Stream:
    made = part.makeMeasures()
    made.makeTies(inPlace=True)
    return made


def _at_sounding_pitch(part: stream.Stream) -> stream.Stream:
    transposing = any(player.transposition for player in part.recurse().getElementsByClass(instrument.Instrument))
    return part.toSoundingPitch() if transposing else part


class _PartReader:
    """Sorts the notes and chord symbols of a part into bars, and records what is left out."""

    def __init__(
        self, starts: Sequence[int], numbers: Sequence[str], left_out: list[str], counted: Counter[str]
    ) -> None:
        self.starts = starts
        self.numbers = numbers
        self.left_out = left_out
        self.counted = counted
        self.bars = [PartBar() for _ in starts]

    def read(self, part: stream.Stream) -> list[PartBar]:
        for offset, voice, element in _elements(part):
            onset = _ticks(offset)
            index = max(bisect_right(self.starts, onset) - 1, 0)
            if isinstance(element, harmony.Harmony):
                self._symbol(element, index, onset - self.starts[index])
            elif isinstance(element, note.NotRest):
                self._notes(element, index, onset - self.starts[index], voice, offset)
        return self.bars

    def _symbol(self, symbol: harmony.Harmony, index: int, onset: int) -> None:
        try:
            read = _read_numeral(symbol) if isinstance(symbol, roman.RomanNumeral) else _read_symbol(symbol)
            self.bars[index].chords.append(WrittenChord(onset, read))
        except ChordError as error:
            self.left_out.append(f"bar {self.numbers[index]}: {error}")

    def _notes(self, element: note.NotRest, index: int, onset: int, voice: int, offset: Fraction) -> None:
        duration = _ticks(offset + Fraction(element.quarterLength)) - _ticks(offset)
        sounding = element.notes if isinstance(element, chord.Chord) else [element]
        if element.duration.isGrace or duration <= 0:
            self.counted["grace notes"] += 1
            return
        if element.lyrics:
            self.counted["syllables of lyrics"] += 1
        for single in sounding:
            if not isinstance(single, note.Note):
                self.counted["notes without pitch"] += 1
                continue
            tie = single.tie or element.tie
            tied = tie is not None and tie.type in ("start", "continue")
            velocity = min(max(single.volume.velocity or 80, 1), 127)  # 80 is set by hand
            self.bars[index].notes.append(
                WrittenNote(onset, duration, single.pitch.midi, velocity, voice, tied, fifths=_fifths(single.pitch))
            )


def _elements(part: stream.Stream) -> Iterator[tuple[Fraction, int, Any]]:
    """Yield (onset in quarters from the start, voice, element) for everything in a part's measures."""
    for measure in part.getElementsByClass(stream.Measure):
        voices = 0
        for element in measure:
            offset = Fraction(measure.offset) + Fraction(element.offset)
            if not isinstance(element, stream.Voice):
                yield offset, 0, element
                continue
            yield from ((offset + Fraction(inner.offset), voices, inner) for inner in element)
            voices += 1


def _ticks(beats: float | Fraction) -> int:
    return round(Fraction(beats) * TICKS_PER_BEAT)


def _bars(longest: stream.Stream, measures: Sequence[stream.Measure], parts: Sequence[Any]) -> Iterator[SheetBar]:
    ends = [measure.offset for measure in measures[1:]] + [max(part.highestTime for part in parts)]
    signs = _signs(longest, measures)
    tempos = _events(parts, tempo.MetronomeMark)
    meters = _events([longest], meter.TimeSignature)
    marks = {tick: mark.content for tick, mark in _events(parts, expressions.RehearsalMark).items()}
    current = next(map(_meter, meters.values()), None) or Meter()
    for index, (measure, end) in enumerate(zip(measures, ends, strict=True)):
        start = _ticks(measure.offset)
        current = (_meter(meters[start]) if start in meters else None) or current
        length = max(_ticks(end) - start, 0)
        yield SheetBar(
            number=str(measure.measureNumberWithSuffix()),
            length=length,
            meter=current,
            signs=signs[index],
            tempos=tuple((t - start, b) for t, m in tempos.items() if start <= t < start + length and (b := _bpm(m))),
            section=next((str(m)[:40] for t, m in marks.items() if start <= t < start + length), ""),
        )


def _events(parts: Sequence[Any], kind: type) -> dict[int, Any]:
    """Map ticks to the elements of a kind; where several parts have one, the first part's."""
    found: dict[int, Any] = {}
    for part in parts:
        for element in part.recurse().getElementsByClass(kind):
            found.setdefault(_ticks(element.getOffsetInHierarchy(part)), element)
    return dict(sorted(found.items()))


def _meter(signature: meter.TimeSignature) -> Meter | None:
    try:
        return Meter(signature.numerator, signature.denominator)
    except ScoreError:
        return None


def _bpm(mark: tempo.MetronomeMark) -> float | None:
    return mark.getQuarterBPM()


def _signs(part: stream.Stream, measures: Sequence[stream.Measure]) -> list[Signs]:
    signs = [_signs_of(measure) for measure in measures]
    places = {id(measure): index for index, measure in enumerate(measures)}
    for bracket in part.recurse().getElementsByClass(spanner.RepeatBracket):
        spanned = [places[id(m)] for m in bracket.getSpannedElements() if id(m) in places]
        numbers = frozenset(n for n in bracket.numberRange if 1 <= n <= MAX_TIMES)
        for index in range(min(spanned, default=0), max(spanned, default=-1) + 1):
            signs[index] = replace(signs[index], endings=signs[index].endings | numbers)
    return signs


def _signs_of(measure: stream.Measure) -> Signs:
    words: dict[str, Any] = {_SIGNS[type(element)]: True for element in measure if type(element) in _SIGNS}
    left, right = measure.leftBarline, measure.rightBarline
    if isinstance(left, bar.Repeat) and left.direction == "start":
        words["repeat_start"] = True
    if isinstance(right, bar.Repeat) and right.direction == "end":
        words["times"] = min(max(right.times or 2, 1), MAX_TIMES)
    return Signs(**words)


def _read_symbol(symbol: harmony.Harmony) -> Chord | None:
    if isinstance(symbol, harmony.NoChord) or is_no_chord(symbol.figure):
        return None
    return parse_chord(symbol.figure, MUSIC21)


def _read_numeral(numeral: roman.RomanNumeral) -> Chord:
    """Return the chord that a roman numeral means in its key.

    Raises:
        ChordError: when the numeral has no notes.
    """
    if not numeral.pitches:
        raise ChordError(f"roman numeral '{numeral.figure[:20]}' has no notes")
    root, bass = numeral.root().pitchClass, numeral.bass().pitchClass
    above = {(pitch.pitchClass - root) % 12 for pitch in numeral.pitches}
    found = (next((tone for tone in tones if tone in above), None) for tones in _CHORD_TONES)
    tones = (0, *sorted(tone for tone in found if tone is not None))
    tensions = tuple(sorted(above - {*tones}))
    return Chord(FLAT_NAMES[root], tones, tensions, FLAT_NAMES[bass] if bass != root else None)


def _key(part: stream.Stream) -> Key:
    signature = part.recurse().getElementsByClass(key.KeySignature).first()
    if signature is None or not -7 <= signature.sharps <= 7:
        return Key()
    if isinstance(signature, key.Key) and signature.mode == "minor":
        return Key(signature.tonic.name.replace("-", "b"), minor=True)
    return Key(MAJOR_TONICS[signature.sharps + 7])


def _program(part: stream.Stream) -> int | None:
    players = (player.midiProgram for player in part.recurse().getElementsByClass(instrument.Instrument))
    return next((program for program in players if program is not None), None)


def _fifths(written: pitch.Pitch) -> int | None:
    """Return the place of a pitch on the line of fifths; None where the source has no spelling, or quarter tones."""
    alter = written.alter
    if written.spellingIsInferred or alter != int(alter):
        return None
    return written_fifths(written.step, int(alter))
