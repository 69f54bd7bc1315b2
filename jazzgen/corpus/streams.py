"""music21 streams as scores, so that whatever music21 holds can be encoded.

Chord symbols are read from their own text by our parser; music21's reading of it is not used (it takes `Bb7` for B7).
In music21's spelling a minus after the root is a flat: `B-7` is Bb7.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from music21 import chord, harmony, key, meter, note, stream, tempo

from jazzgen.harmony.changes import Changes, ChordSpan, is_no_chord
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.infer import infer_changes
from jazzgen.harmony.pitch import MAJOR_TONICS, Key
from jazzgen.melody import monophonic
from jazzgen.score import TENOR_SAX, Note, Part, Score
from jazzgen.timing import MAX_BPM, MIN_BPM, TICKS_PER_BEAT, Meter, from_start, iter_bars

_FLAT_ROOT = re.compile(r"^([A-G])-")


def score_from_stream(melody: stream.Stream, accompaniment: stream.Stream | None = None) -> Score:
    """The score of a music21 stream, its melody made monophonic.

    Args:
        melody: a part or a whole score; its notes are the melody, its chord symbols the changes.
        accompaniment: where chords are inferred from if `melody` holds no chord symbol; then needed.
    """
    flat = melody.flatten()
    pickup = _pickup(melody)
    meters = _meters(flat)
    notes = monophonic(_notes(flat))
    accompanying = tuple(_notes(accompaniment.flatten())) if accompaniment is not None else notes
    end = max((sounding.end for sounding in (*notes, *accompanying)), default=0)
    bars = list(iter_bars(meters, pickup, end))
    changes = _written_changes(flat, bars[-1].end if bars else 0) or infer_changes(accompanying, bars)
    metadata = melody.metadata
    return Score(
        title=(metadata and metadata.bestTitle) or "Untitled",
        tempos=_tempos(flat),
        meters=meters,
        key=_key(flat),
        pickup=pickup,
        changes=changes,
        parts=(Part("Melody", notes, program=TENOR_SAX),),
        feel="straight",
    )


def _ticks(beats: float | Fraction) -> int:
    return round(Fraction(beats) * TICKS_PER_BEAT)


def _notes(flat: Any) -> Iterator[Note]:
    """Every sounding note, ties joined; grace notes, which take no time, are left out."""
    for element in flat.stripTies().notes:
        onset = _ticks(element.offset)
        duration = _ticks(element.offset + element.quarterLength) - onset
        if duration <= 0 or isinstance(element, harmony.ChordSymbol):
            continue
        sounding = element.notes if isinstance(element, chord.Chord) else [element]
        for single in sounding:
            if isinstance(single, note.Note):
                yield Note(onset, duration, single.pitch.midi, single.volume.velocity or 80)


def _written_changes(flat: Any, end: int) -> Changes:
    symbols = [(_ticks(s.offset), _read_symbol(s)) for s in flat.getElementsByClass(harmony.ChordSymbol)]
    onsets = [onset for onset, _ in symbols] + [end]
    pairs = zip(symbols, onsets[1:], strict=True)
    return tuple(ChordSpan(onset, stop - onset, read) for (onset, read), stop in pairs if stop > onset)


def _read_symbol(symbol: harmony.ChordSymbol) -> Chord | None:
    if isinstance(symbol, harmony.NoChord) or is_no_chord(symbol.figure):
        return None
    return parse_chord(_FLAT_ROOT.sub(r"\1b", symbol.figure))


def _pickup(melody: stream.Stream) -> int:
    first = melody.recurse().getElementsByClass(stream.Measure).first()
    if first is None or not first.paddingLeft:
        return 0
    return _ticks(first.barDuration.quarterLength - first.paddingLeft)


def _meters(flat: Any) -> tuple[tuple[int, Meter], ...]:
    found = {_ticks(m.offset): Meter(m.numerator, m.denominator) for m in flat.getElementsByClass(meter.TimeSignature)}
    return from_start(found, Meter())


def _tempos(flat: Any) -> tuple[tuple[int, float], ...]:
    marks = [(_ticks(mark.offset), mark.getQuarterBPM()) for mark in flat.getElementsByClass(tempo.MetronomeMark)]
    return from_start({onset: min(max(bpm, MIN_BPM), MAX_BPM) for onset, bpm in marks if bpm}, 120.0)


def _key(flat: Any) -> Key:
    signature = flat.getElementsByClass(key.KeySignature).first()
    if signature is None or not -7 <= signature.sharps <= 7:
        return Key()
    if isinstance(signature, key.Key) and signature.mode == "minor":
        return Key(signature.tonic.name.replace("-", "b"), minor=True)
    return Key(MAJOR_TONICS[signature.sharps + 7])
