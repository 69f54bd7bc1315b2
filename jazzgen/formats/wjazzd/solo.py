"""Make scores of solos as the Jazzomat project annotates them, in rows of beats and of notes.

A note's place is a beat of a bar and one (`tatum`) of the equal parts (`division`) of that beat. Its onset here is on
the grid of beats, without the band's changes of tempo, so one tempo holds for the solo and it fits the bars of a DAW.
Durations are as played: seconds, divided by the length of the beat in which the note starts.

Format: Jazzomat Research Project, "Database Format" (jazzomat.hfm-weimar.de/dbformat/dbformat.html).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple, TypeVar

from jazzgen.errors import CorpusError
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.formats.wjazzd.grid import Beat, Grid, lay_out
from jazzgen.formats.wjazzd.terms import INSTRUMENTS, PROVENANCE, feel_of, key_of
from jazzgen.formats.wjazzd.touch import Event, played, velocities
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import WEIMAR, is_no_chord, parse_chord
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.music.melody import apart
from jazzgen.music.score import TENOR_SAX, Credits, Mark, MarkKind, Note, Part, Score

_LONGEST_BEATS = 64  # of a note; set by hand
_BASS_BEATS = 2  # longest bass note; set by hand
_BASS_PROGRAM = 32  # General MIDI's acoustic bass, counted from 0
_T = TypeVar("_T")


class Stretch(NamedTuple):
    """Notes `first` to `last` of a solo, both included, counted from 0."""

    first: int
    last: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Solo:
    """A solo as annotated.

    Attributes:
        tempo: beats per minute, or None to derive it from the notes.
        key: tonic and mode, such as Bb-maj, or empty.
        signature: for beats before the first one that has a signature.
        source: where the chords come from, for people.
    """

    title: str
    credits: Credits
    beats: Sequence[Beat]
    events: Sequence[Event]
    phrases: Sequence[Stretch] = ()
    ideas: Sequence[Stretch] = ()
    instrument: str = ""
    tempo: float | None = None
    key: str = ""
    signature: str = "4/4"
    source: str = "the beat track"


def read_solo(solo: Solo, options: ReadOptions, piece: str = "") -> Reading:
    """Make a score of a solo.

    Raises:
        JazzgenError: naming the bar and beat of a row that is wrong.
    """
    try:
        grid = lay_out(solo.beats, solo.signature)
        tempo = solo.tempo or _tempo(solo.events)
        line = _line(solo, grid, 60 / tempo)
        score = _score(solo, grid, tempo, line)
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise CorpusError(f"its tempo or a row of its beats or phrases holds what cannot be read ({error})") from None
    key_reason = f"key as annotated: {solo.key}" if key_of(solo.key) else "key guessed from them"
    return Reading(
        score.excerpt(*options.bars) if options.bars else score,
        f"melody: the transcribed solo, {score.melody.name}",
        f"chords: {len(score.changes)} symbols annotated in {solo.source}; {key_reason}",
        piece,
        PROVENANCE,
        tuple(_left_out(len(line) - len(score.melody.notes), grid.gaps)),
    )


def _tempo(events: Sequence[Event]) -> float:
    """Return beats per minute, from the median length of the notes' beats."""
    seconds = [event.beatdur for event in events if event.beatdur]
    if not seconds:
        raise CorpusError("it has no tempo, and no note says how long its beat is")
    return 60 / median(seconds)


def _score(solo: Solo, grid: Grid, tempo: float, line: Sequence[Note]) -> Score:
    changes = tuple(_chords(solo.beats, grid))
    return Score(
        title=solo.title or "Untitled",
        tempos=((0, tempo * 4 / grid.meters[0][1].denominator),),
        meters=grid.meters,
        key=key_of(solo.key) or guess_key(changes),
        pickup=grid.pickup,
        changes=changes,
        parts=(_solo_part(solo.instrument, line), *_bass_parts(solo.beats, grid)),
        feel=feel_of(solo.credits.rhythm_feel),
        marks=tuple(sorted(_marks(solo, grid, line), key=lambda mark: mark.onset)),
        credits=solo.credits,
    )


def _line(solo: Solo, grid: Grid, beat_seconds: float) -> list[Note]:
    """Return a note for each event, with its played duration, so legato notes overlap."""
    events = solo.events
    if not events:
        raise CorpusError("it has no notes")
    placed = [_place(event, grid, beat_seconds) for event in events]
    for event, (a, b) in zip(events, pairwise(placed), strict=False):
        if b.onset < a.onset:
            raise CorpusError(f"the note after bar {event.bar}, beat {event.beat} comes before it")
    levels = velocities([event.loudness for event in events])
    touches = played(events, solo.beats, beat_seconds, grid.meters[0][1].denominator / 4)
    return [
        Note(a.onset, max(a.duration, 1), a.pitch, level, played=touch)
        for a, level, touch in zip(placed, levels, touches, strict=True)
    ]


class _Placed(NamedTuple):
    onset: int
    duration: int
    pitch: int


def _place(event: Event, grid: Grid, beat_seconds: float) -> _Placed:
    where = f"the note at bar {event.bar}, beat {event.beat}"
    try:
        onset, length = grid.places[event.bar, event.beat]
        if not (1 <= event.tatum <= event.division and event.duration > 0):
            raise CorpusError(
                f"{where} is part {event.tatum} of {event.division} and lasts {event.duration} s; that cannot be"
            )
        beats = min(event.duration / (event.beatdur or beat_seconds), _LONGEST_BEATS)
        offset = round((event.tatum - 1) * length / event.division)
        return _Placed(onset + offset, round(beats * length), round(event.pitch))
    except KeyError:
        raise CorpusError(f"{where} is on a beat that its beat track lacks") from None
    except (TypeError, ValueError, ArithmeticError):
        raise CorpusError(f"{where} has no fit numbers: {event}") from None


def _solo_part(code: str, line: Sequence[Note]) -> Part:
    """Make the part, with the last of the notes on a tick, each cut where the same pitch starts again."""
    name, program = INSTRUMENTS.get(code, (code or "Solo", TENOR_SAX))
    kept = [a for a, b in pairwise(line) if a.onset < b.onset]
    return Part(name, apart([*kept, line[-1]]), program)


def _bass_parts(beats: Sequence[Beat], grid: Grid) -> Iterator[Part]:
    """Yield the bass part, if there is one; notes last until the next one, at most two beats."""
    starts = [(onset, beat) for onset, beat in zip(grid.onsets, beats, strict=True) if beat.bass_pitch is not None]
    notes = [
        Note(onset, min(duration, _BASS_BEATS * grid.places[beat[:2]][1]), round(beat.bass_pitch or 0))
        for onset, duration, beat in _until_next(starts, grid.end)
    ]
    if notes:
        yield Part("Bass", tuple(notes), _BASS_PROGRAM, channel=1)


def _chords(beats: Sequence[Beat], grid: Grid) -> Iterator[ChordSpan]:
    starts = [(onset, beat.chord) for onset, beat in zip(grid.onsets, beats, strict=True) if beat.chord]
    for onset, duration, symbol in _until_next(starts, grid.end):
        yield ChordSpan(onset, duration, None if is_no_chord(symbol) else parse_chord(symbol, WEIMAR))


def _marks(solo: Solo, grid: Grid, line: Sequence[Note]) -> Iterator[Mark]:
    beats = list(zip(grid.onsets, solo.beats, strict=True))
    sections = [(onset, beat.form) for onset, beat in beats if beat.form]
    for onset, duration, label in _until_next(sections, grid.end):
        yield Mark(onset, duration, "section", label)
    choruses = [next(run) for _, run in groupby(beats, key=lambda pair: pair[1].chorus)]
    for onset, duration, beat in _until_next(choruses, grid.end):
        if beat.chorus and beat.chorus > 0:  # the intro is 0 or -1
            yield Mark(onset, duration, "chorus", str(beat.chorus))
    kinds: tuple[tuple[MarkKind, Sequence[Stretch]], ...] = (("phrase", solo.phrases), ("idea", solo.ideas))
    for kind, stretches in kinds:
        for stretch in stretches:
            yield _mark_of(kind, stretch, line)


def _mark_of(kind: MarkKind, stretch: Stretch, line: Sequence[Note]) -> Mark:
    first, last, label = stretch
    if not 0 <= first <= last < len(line):
        raise CorpusError(f"{kind} {label} is notes {first} to {last}; it has notes 0 to {len(line) - 1}")
    after = [note.onset for note in line[last + 1 : last + 2]]
    end = min([line[last].end, *after])
    return Mark(line[first].onset, max(end - line[first].onset, 1), kind, label)


def _until_next(starts: Sequence[tuple[int, _T]], end: int) -> Iterator[tuple[int, int, _T]]:
    """Yield (onset, duration, value) of spans that each last until the next one starts, the last until `end`."""
    stops = [*(onset for onset, _ in starts[1:]), end]
    for (onset, value), stop in zip(starts, stops, strict=False):  # without starts there is still an end
        yield onset, stop - onset, value


def _left_out(dropped: int, gaps: int) -> Iterable[str]:
    yield "the timing of beats and notes in seconds"
    if dropped:
        yield f"{dropped} notes that start with another"
    if gaps:
        yield f"{gaps} bars that have no beats"
