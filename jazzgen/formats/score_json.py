"""Convert readings to JSON and back, for the cache: notes as flat lists of integers, each distinct chord once.

`reading_from_json` is the inverse of `reading_to_json`; scores are checked as they are built.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple
from itertools import chain
from typing import Any

from jazzgen.formats.reading import Provenance, Reading
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import Key
from jazzgen.music.gesture import Gesture
from jazzgen.music.score import Credits, Mark, Note, Part, Played, Score, Written
from jazzgen.music.timing import Meter

_NOTE_FIELDS = 7  # onset, duration, pitch, velocity, fifths; late and duration as written
_PLAYED_FIELDS = 4  # late_ms, loudness, duration_ms, quarter_ms
_UNTOLD = (None, None)
_PART_FIELDS = ("name", "program", "channel", "volume", "pan")


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Convert a reading to values that JSON can hold.

    Example:
        >>> reading = Reading(Score(), "melody: none", "chords: none")
        >>> reading_from_json(reading_to_json(reading)) == reading
        True
    """
    return {
        "score": _score_to_json(reading.score),
        "melody_reason": reading.melody_reason,
        "chords_reason": reading.chords_reason,
        "piece": reading.piece,
        "provenance": asdict(reading.provenance),
        "left_out": reading.left_out,
        "warnings": reading.warnings,
    }


def reading_from_json(data: dict[str, Any]) -> Reading:
    """Build a reading from what `reading_to_json` returned."""
    return Reading(
        score=_score_from_json(data["score"]),
        melody_reason=data["melody_reason"],
        chords_reason=data["chords_reason"],
        piece=data["piece"],
        provenance=Provenance(**data["provenance"]),
        left_out=tuple(data["left_out"]),
        warnings=tuple(data["warnings"]),
    )


def _score_to_json(score: Score) -> dict[str, Any]:
    chords, spans = _changes_to_json(score.changes)
    return {
        "title": score.title,
        "tempos": score.tempos,
        "meters": [(onset, str(meter)) for onset, meter in score.meters],
        "key": str(score.key),
        "pickup": score.pickup,
        "chords": chords,
        "spans": spans,
        "parts": [_part_to_json(part) for part in score.parts],
        "feel": score.feel,
        "marks": [astuple(mark) for mark in score.marks],
        "credits": asdict(score.credits),
    }


def _score_from_json(data: dict[str, Any]) -> Score:
    return Score(
        title=data["title"],
        tempos=tuple((onset, bpm) for onset, bpm in data["tempos"]),
        meters=tuple((onset, Meter.parse(meter)) for onset, meter in data["meters"]),
        key=Key.parse(data["key"]),
        pickup=data["pickup"],
        changes=_changes_from_json(data["chords"], data["spans"]),
        parts=tuple(_part_from_json(part) for part in data["parts"]),
        feel=data["feel"],
        marks=tuple(Mark(*mark) for mark in data["marks"]),
        credits=Credits(**data["credits"]),
    )


def _changes_to_json(changes: Changes) -> tuple[list[Any], list[int]]:
    """Return the distinct chords, and one flat list: onset, duration (ticks) and chord index of each span."""
    numbers: dict[Chord | None, int] = {}
    spans = chain.from_iterable(
        (span.onset, span.duration, numbers.setdefault(span.chord, len(numbers))) for span in changes
    )
    flat = list(spans)
    return [chord and (chord.root, chord.tones, chord.tensions, chord.bass) for chord in numbers], flat


def _changes_from_json(chords: Iterable[Any], spans: list[int]) -> Changes:
    table = [c and Chord(c[0], tuple(c[1]), tuple(c[2]), c[3]) for c in chords]
    return tuple(ChordSpan(spans[i], spans[i + 1], table[spans[i + 2]]) for i in range(0, len(spans), 3))


def _part_to_json(part: Part) -> dict[str, Any]:
    notes = chain.from_iterable(
        (note.onset, note.duration, note.pitch, note.velocity, note.fifths, *(note.written or _UNTOLD))
        for note in part.notes
    )
    settings = {field: getattr(part, field) for field in _PART_FIELDS}
    played = {index: note.played for index, note in enumerate(part.notes) if note.played}
    gestures = {"gestures": [astuple(gesture) for gesture in part.gestures]} if part.gestures else {}
    return {**settings, "notes": list(notes)} | ({"played": _played_to_json(played)} if played else {}) | gestures


def _part_from_json(data: dict[str, Any]) -> Part:
    flat = data["notes"]
    columns = [flat[field::_NOTE_FIELDS] for field in range(_NOTE_FIELDS)]
    played = _played_from_json(data.get("played", []), len(columns[0]))
    notes = (
        Note(onset, duration, pitch, velocity, fifths, None if late is None else Written(late, length), how)
        for onset, duration, pitch, velocity, fifths, late, length, how in zip(*columns, played, strict=True)
    )
    gestures = tuple(
        Gesture(onset, tuple(map(tuple, bends)), tuple(map(tuple, levels)))
        for onset, bends, levels in data.get("gestures", ())
    )
    return Part(notes=tuple(notes), gestures=gestures, **{field: data[field] for field in _PART_FIELDS})


def _played_to_json(played: Mapping[int, Played]) -> list[Any]:
    """Return one flat list: the index of each note that was measured, and its fields."""
    return list(chain.from_iterable((index, *astuple(touch)) for index, touch in played.items()))


def _played_from_json(flat: Sequence[Any], count: int) -> list[Played | None]:
    notes: list[Played | None] = [None] * count
    for start in range(0, len(flat), 1 + _PLAYED_FIELDS):
        index, *fields = flat[start : start + 1 + _PLAYED_FIELDS]
        notes[index] = Played(*fields)
    return notes
