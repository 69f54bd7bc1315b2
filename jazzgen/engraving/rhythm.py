"""The rhythm of a part as it is printed: without swing, and easy to read, on the grid, or exactly as it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, TypeVar

from jazzgen.engraving.divisions import exact_leaves
from jazzgen.engraving.quantize import is_exact, readable
from jazzgen.engraving.voices import voices_of
from jazzgen.harmony.changes import ChordSpan
from jazzgen.music.melody import Notes, apart, close_gaps, quantized
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.swing import in_each_meter, is_swung, settled, swing_ratio, unswing
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Bar, iter_bars, quantize_ticks
from jazzgen.music.written import even, is_told

DOUBLE_TIME = "Double-time feel"
# A solo at a slow tempo asks for double-time notation if a good share of its beats have notes faster than sixteenths.
# Set by hand.
_SLOW_BPM = 90.0
_FAST_SHARE = 0.2
_FAST_TICKS = TICKS_PER_BEAT // 5
# Easy to read; all times kept that notation holds, others on the grid of 12 a beat; the same with swing left in.
Rhythm = Literal["readable", "grid", "exact"]
_Span = TypeVar("_Span", Note, ChordSpan, Mark)


@dataclass(frozen=True, slots=True)
class Printed:
    """A part as printed.

    Attributes:
        swung: whether swing was taken out, so that the sheet must say Swing.
        graces: grace notes by the onset of the note that they precede.
    """

    part: Part
    swung: bool = False
    graces: Mapping[int, Notes] = field(default_factory=dict)


def printed(part: Part, score: Score, rhythm: Rhythm) -> Printed:
    """Return a part of a score as printed."""
    if rhythm == "exact":
        return Printed(replace(part, notes=_held(part.notes, part, score)))
    notes, swung = _even(part, score)
    if not swung and _is_written(part.notes, _bars(score, part.notes)):
        return Printed(part)
    if rhythm == "grid":
        return Printed(replace(part, notes=_held(notes, part, score)), swung)
    bars = _bars(score, notes)
    if _is_written(notes, bars):
        return Printed(replace(part, notes=notes), swung)
    line = readable(notes, bars, score.tempos, is_line=_is_line(part, score))
    return Printed(replace(part, notes=line.notes), swung, line.graces)


def _is_written(notes: Notes, bars: Sequence[Bar]) -> bool:
    """Return whether notation holds each voice as it is."""
    return all(is_exact((note for chord in voice for note in chord), bars) for voice in voices_of(notes))


def _bars(score: Score, notes: Notes) -> list[Bar]:
    """Return bars that cover the notes, and one more."""
    end = max((note.end for note in notes), default=0)
    longest = max(meter.bar_ticks for _, meter in score.meters)
    return list(iter_bars(score.meters, score.pickup, max(end, score.end) + longest))


def _even(part: Part, score: Score) -> tuple[Notes, bool]:
    """Return the notes without swing, and whether there was any."""
    if part is score.melody:
        notes, swung = even(part.notes, score)
        if is_told(part.notes) and swung:
            notes = in_each_meter(notes, score, _as_eighths)
        if is_told(part.notes) or swung:
            return _kept(part.notes, notes), swung
    shift = -score.pickup % TICKS_PER_BEAT  # beats count from bar 1
    ratio = swing_ratio(score.bpm)
    played = tuple(replace(note, onset=note.onset + shift) for note in part.notes)
    notes = _kept(played, [moved for note in played for moved in settled([note], ratio)])
    ratios = (ratio,) if part.is_drums else (ratio, 2.0)
    by = next((ratio for ratio in ratios if is_swung(notes, ratio=ratio)), None)
    if by:
        notes = unswing(notes, by)
    return tuple(_moved_back(notes, shift)), by is not None


def _as_eighths(notes: Notes, first_beat: int) -> Notes:
    """Write a quarter and an eighth of a triplet as two eighths: under the word Swing they sound the same."""
    return unswing(notes, 2.0, first_beat)


def _kept(played: Notes, moved: Sequence[Note]) -> Notes:
    """Return moved notes, but those that would fall on another of their pitch as played."""
    places = Counter((note.onset, note.pitch) for note in moved)
    found = apart(
        before if places[after.onset, after.pitch] > 1 else after for before, after in zip(played, moved, strict=True)
    )
    return found if len(found) == len(played) else played


def _held(notes: Notes, part: Part, score: Score) -> Notes:
    """Return the notes if notation holds them, else on the grid of 12 a beat, the gaps of articulation closed."""
    bars = _bars(score, notes)
    if all(_is_held(voice, bars) for voice in voices_of(notes)):
        return notes
    shift = -score.pickup % TICKS_PER_BEAT
    moved = [replace(note, onset=note.onset + shift) for note in notes]
    on_grid = close_gaps(quantized(moved)) if _is_line(part, score) else apart(map(_quantized, moved))
    return tuple(_moved_back(on_grid, shift))


def _is_held(voice: Sequence[tuple[Note, ...]], bars: Sequence[Bar]) -> bool:
    places = {tick for chord in voice for tick in (chord[0].onset, chord[0].end)}
    return all(
        leaf.division.unit or not any(leaf.start < tick < leaf.end for tick in places)
        for bar in bars
        for leaf in exact_leaves(places, bar)
    )


def _is_line(part: Part, score: Score) -> bool:
    """Return True for a line of single notes; those of the solo may overlap the next, as in legato."""
    rises = all(a.onset < b.onset for a, b in pairwise(part.notes))
    return part.is_monophonic or (rises and part is score.melody)


def _moved_back(notes: Iterable[Note], shift: int) -> Iterator[Note]:
    """Yield the notes `shift` ticks earlier, those before the start cut to begin with it."""
    for note in sorted(notes):
        if note.end > shift:
            onset = max(note.onset - shift, 0)
            yield replace(note, onset=onset, duration=note.end - shift - onset)


def _quantized(note: Note) -> Note:
    onset, end = quantize_ticks(note.onset), quantize_ticks(note.end)
    return replace(note, onset=onset, duration=max(end - onset, TICKS_PER_TATUM))


def in_double_time(score: Score) -> Score:
    """Return the score in double-time notation: eighths where sixteenths were, two bars for each, at twice the tempo.

    Swing of the slow eighths is taken out first.
    """
    parts = tuple(replace(part, notes=tuple(map(_doubled, _even(part, score)[0]))) for part in score.parts)
    return replace(
        score,
        tempos=tuple((2 * onset, 2 * bpm) for onset, bpm in score.tempos),
        meters=tuple((2 * onset, meter) for onset, meter in score.meters),
        pickup=2 * score.pickup % score.meter.bar_ticks,
        changes=tuple(map(_doubled, score.changes)),
        parts=parts,
        feel="straight",
        marks=tuple(map(_doubled, score.marks)),
        credits=replace(score.credits, rhythm_feel=DOUBLE_TIME),
    )


def _doubled(span: _Span) -> _Span:
    return replace(span, onset=2 * span.onset, duration=2 * span.duration)


def asks_for_double_time(score: Score) -> bool:
    """Return whether the solo is slow with many fast notes, so that double-time notation is easier to read."""
    if not score.parts or score.bpm >= _SLOW_BPM:
        return False
    onsets = sorted(note.onset for note in score.melody.notes)
    beats = {onset // TICKS_PER_BEAT for onset in onsets}
    fast = {a // TICKS_PER_BEAT for a, b in pairwise(onsets) if b - a < _FAST_TICKS}
    return len(fast) > _FAST_SHARE * len(beats)
