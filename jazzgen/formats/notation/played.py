"""Make scores of sheets: unfold repeats, join ties, choose the melody and the changes and say why.

The melody is the part asked for, or one named like a solo, or the topmost with notes; of that part, the first voice
with notes and its highest note where several sound. Chord symbols are taken from the melody's part, or else from the
part with the most; if there are none, chords are inferred from the other parts, or from the melody alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice, pairwise

from jazzgen.errors import CorpusError
from jazzgen.formats.notation.symbols import placed
from jazzgen.formats.notation.written import MAX_NOTES, Sheet, SheetBar, SheetPart, WrittenChord, WrittenNote
from jazzgen.formats.reading import SOLO_NAMES, Reading, ReadOptions, asked_for
from jazzgen.harmony.changes import MAX_BARS, Changes, ChordSpan
from jazzgen.harmony.keyfinding import mode_of
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.unfold import Signs, lone_endings, play_order
from jazzgen.music.channels import channels_for
from jazzgen.music.infer import infer_changes
from jazzgen.music.melody import apart, monophonic
from jazzgen.music.score import PIANO, TENOR_SAX, Credits, Mark, Note, Part, Score
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Meter, from_start, iter_bars

_MAX_PARTS = 64  # of a score; set by hand


@dataclass(frozen=True, slots=True)
class _Voice:
    """One voice of a part, its notes as played; `rank` counts the part's voices from 0."""

    part: int
    rank: int
    name: str
    notes: tuple[Note, ...]
    program: int | None

    @property
    def number(self) -> int:
        return self.part + 1

    def __str__(self) -> str:
        return f"part {self.number} '{self.name}'"


def reading_of(sheet: Sheet, options: ReadOptions, piece: str = "") -> Reading:
    """Make a score of a sheet.

    Args:
        sheet: the piece as written.
        options: which parts and bars to take.
        piece: name of the piece within its file.

    Raises:
        CorpusError: when it has neither notes nor chords, is too long, or lacks a part that was asked for.
    """
    played = _Played(sheet, as_written=options.as_written)
    voices = list(played.voices())
    melody, melody_reason = _find_melody(voices, options.melody)
    line = monophonic(melody.notes) if melody else ()
    others = [voice for voice in voices if voice is not melody][: _MAX_PARTS - 1]
    changes, chords_reason = _find_changes(played, melody, others, options.chords)
    if not melody and not changes:
        raise CorpusError("holds neither notes nor chord symbols; give a file with music in it")
    score = Score(
        title=sheet.title,
        tempos=played.tempos(),
        meters=played.meters,
        key=_key(sheet, changes if others or any(map(_symbols, sheet.parts)) else (), line),
        pickup=played.pickup,
        changes=changes,
        parts=tuple(_parts(melody, line, others)),
        feel=sheet.feel,
        marks=tuple(played.sections()),
        credits=Credits(composer=sheet.composer, rhythm_feel=sheet.rhythm_feel),
    )
    left_out = (*sheet.left_out, *_left_out(melody, line, len(voices)), *_not_as_written(played))
    score = score.excerpt(*options.bars) if options.bars else score
    signs = () if options.bars else played.signs
    return Reading(score, melody_reason, chords_reason, piece, sheet.provenance, left_out, signs=signs)


def _key(sheet: Sheet, changes: Changes, line: tuple[Note, ...]) -> Key:
    """Return the key; if the sheet gives no mode, the changes and the last note decide it."""
    return sheet.key if sheet.has_mode else mode_of(sheet.key.fifths, changes, line[-1].pitch if line else None)


def _left_out(melody: _Voice | None, line: tuple[Note, ...], voices: int) -> Iterator[str]:
    if melody and len(line) < len(melody.notes):
        yield f"{len(melody.notes) - len(line)} notes that sound under others in {melody}"
    if voices > _MAX_PARTS:
        yield f"{voices - _MAX_PARTS} of {voices} voices: a score has at most {_MAX_PARTS}"


def _not_as_written(played: "_Played") -> Iterator[str]:
    if played.lone_endings:
        yield f"the bracket of an ending without a first one: its bars ({played.lone_endings}) are played every time"
    if played.without_room:
        yield f"{played.without_room} chord symbols: too many stand on one place"


class _Played:
    """The bars of a sheet in the order of playing, their onsets in ticks, and the bars of its meters (`grid`).

    If they are wanted as written, each is there once, and `signs` says how they are played; unless bars are split, as
    by a repeat sign in their middle: then they are as played, and there are no signs.
    """

    def __init__(self, sheet: Sheet, *, as_written: bool = False) -> None:
        self.sheet = sheet
        signs = [bar.signs for bar in sheet.bars]
        self.signs: tuple[Signs, ...] = ()
        if as_written:
            self._lay_out([index for index, bar in enumerate(sheet.bars) if bar.length])
            is_whole = [bar.onset for bar in self.grid] == self.starts
            self.signs = tuple(bar.signs for bar in self.bars) if is_whole else ()
        if not self.signs:
            self._lay_out([index for index in play_order(signs, MAX_BARS) if sheet.bars[index].length])
        self.lone_endings = len(lone_endings(signs))
        self._check_size()

    def _lay_out(self, order: list[int]) -> None:
        self.order = order
        self.crowded = 0  # bars with several symbols on one place or after the last note
        self.without_room = 0  # symbols left out
        self.bars: list[SheetBar] = [self.sheet.bars[index] for index in order]
        *self.starts, self.end = accumulate((bar.length for bar in self.bars), initial=0)
        self.pickup = _pickup(self.bars)
        self.meters = tuple(_meters(self.bars, self.starts, self.pickup))
        self.grid = list(islice(iter_bars(self.meters, self.pickup, self.end), MAX_BARS + 1))

    def _check_size(self) -> None:
        if len(self.grid) > MAX_BARS:
            raise CorpusError(f"is longer than {MAX_BARS} bars of its meters; cut it, or mend its meters")
        sizes = [sum(len(part.bars[index].notes) for part in self.sheet.parts) for index in range(len(self.sheet.bars))]
        if sum(sizes[index] for index in self.order) > MAX_NOTES:
            raise CorpusError(f"has more than {MAX_NOTES} notes with its repeats played; split it")

    def voices(self) -> Iterator[_Voice]:
        """Yield the voices that have notes, by part and rank."""
        for number, part in enumerate(self.sheet.parts):
            by_voice: dict[int, list[Note]] = defaultdict(list)
            for voice, note in self._notes(part):
                by_voice[voice].append(note)
            for rank, (_, notes) in enumerate(sorted(by_voice.items())):
                name = part.name + (f" (voice {rank + 1})" if rank else "")
                yield _Voice(number, rank, name, tuple(sorted(notes)), part.program)

    def _notes(self, part: SheetPart) -> Iterator[tuple[int, Note]]:
        """Yield (voice, note) in any order, with ties joined."""
        ties = _Ties()
        for start, index in zip(self.starts, self.order, strict=True):
            by_onset = sorted(part.bars[index].notes, key=lambda note: note.onset)
            for onset, together in groupby(by_onset, key=lambda note: note.onset):
                yield from ties.take(list(together), start + onset)
        yield from ties.left()

    def changes(self, part: SheetPart) -> Changes:
        """Return the changes of a part as played; a chord lasts until the next symbol or the end."""
        by_bar = [placed(bar.chords, about) for bar, about in zip(part.bars, self.sheet.bars, strict=False)]
        self._count_crowded(part, by_bar)
        symbols = {
            start + symbol.onset: symbol.chord
            for start, index in zip(self.starts, self.order, strict=True)
            for symbol in by_bar[index]
        }
        onsets = sorted(onset for onset in symbols if onset < self.end)
        return tuple(ChordSpan(a, b - a, symbols[a]) for a, b in pairwise([*onsets, self.end]))

    def _count_crowded(self, part: SheetPart, by_bar: Sequence[Sequence[WrittenChord]]) -> None:
        for bar, about, found in zip(part.bars, self.sheet.bars, by_bar, strict=False):
            places = {symbol.onset for symbol in bar.chords if symbol.onset < about.length}
            self.crowded += len(bar.chords) > len(places)
            self.without_room += len({symbol.chord for symbol in bar.chords} - {symbol.chord for symbol in found})

    def tempos(self) -> tuple[tuple[int, float], ...]:
        found = {
            start + onset: min(max(bpm, MIN_BPM), MAX_BPM)
            for start, bar in zip(self.starts, self.bars, strict=True)
            for onset, bpm in bar.tempos
        }
        return _without_repeats(from_start(found, 120.0))  # MIDI's default tempo

    def sections(self) -> Iterator[Mark]:
        marked = [(start, bar.section) for start, bar in zip(self.starts, self.bars, strict=True) if bar.section]
        ends = [*(start for start, _ in marked[1:]), self.end]
        for (start, label), end in zip(marked, ends, strict=False):
            yield Mark(start, end - start, "section", label)


class _Ties:
    """Joins tied notes.

    A note continues an open tie of its pitch that ends where it starts: one of its own voice, or else, if the file says
    that a tie ends here, one of another voice that does not continue it itself.
    """

    def __init__(self) -> None:
        self._open: dict[int, list[tuple[int, Note]]] = defaultdict(list)  # (voice, note) by pitch

    def take(self, together: Sequence[WrittenNote], onset: int) -> Iterator[tuple[int, Note]]:
        """Add the notes that start at tick `onset`; yield the (voice, note) that are complete."""
        before: dict[int, tuple[int, Note]] = {}
        # First the ties of each note's own voice, then those of other voices.
        for number, written in enumerate(together):
            if tie := self._pop(written.pitch, onset, written.voice):
                before[number] = tie
        for number, written in enumerate(together):
            if number not in before and written.ends_tie and (tie := self._pop(written.pitch, onset)):
                before[number] = tie
        for number, written in enumerate(together):
            voice = written.voice
            note = _sounding(written, onset - written.onset)
            if number in before:
                voice, first = before[number]
                note = replace(first, duration=note.end - first.onset)
            if written.tied:
                self._open[note.pitch].append((voice, note))
            else:
                yield voice, note

    def left(self) -> Iterator[tuple[int, Note]]:
        """Yield the notes whose tie was never continued."""
        for ties in self._open.values():
            yield from ties

    def _pop(self, pitch: int, onset: int, voice: int | None = None) -> tuple[int, Note] | None:
        ties = self._open[pitch]
        for place, (tied_voice, note) in enumerate(ties):
            if abs(note.end - onset) <= 1 and voice in (None, tied_voice):
                return ties.pop(place)
        return None


def _sounding(written: WrittenNote, start: int) -> Note:
    return Note(start + written.onset, written.duration, written.pitch, written.velocity, written.fifths)


def _without_repeats(events: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    kept: list[tuple[int, float]] = []
    for onset, value in events:
        if not kept or kept[-1][1] != value:
            kept.append((onset, value))
    return tuple(kept)


def _pickup(bars: Sequence[SheetBar]) -> int:
    return bars[0].length if bars and bars[0].length < bars[0].meter.bar_ticks else 0


def _meters(bars: Sequence[SheetBar], starts: Sequence[int], pickup: int) -> Iterator[tuple[int, Meter]]:
    """Yield (onset, meter) at the start, at each change, and after a short or long bar, so that bar lines agree.

    A bar that is split, as at a repeat sign, counts as one.
    """
    meter = bars[0].meter if bars else Meter()
    line = pickup  # the last bar line
    yield 0, meter
    for start, bar in zip(starts, bars, strict=True):
        filled = (start - line) % meter.bar_ticks
        overflows = filled + bar.length > meter.bar_ticks and filled
        if start > 0 and (bar.meter != meter or (overflows and start > line)):
            yield start, bar.meter
            meter = bar.meter
            line = start


def _find_melody(voices: Sequence[_Voice], wanted: str | None) -> tuple[_Voice | None, str]:
    if wanted is not None:
        voice = asked_for(voices, wanted, "melody", "part")[0]
        return voice, f"melody: {voice}, as asked"
    if not voices:
        return None, "no melody: the file holds chords alone"
    named = next((voice for voice in voices if not voice.rank and SOLO_NAMES.search(voice.name)), None)
    best = named or voices[0]
    why = "named like one" if named else "the topmost part"
    return best, f"melody: {best}: {len(best.notes)} notes, {why}"


def _find_changes(
    played: _Played, melody: _Voice | None, others: Sequence[_Voice], wanted: str | None
) -> tuple[Changes, str]:
    parts = played.sheet.parts
    if wanted is not None:
        voice = asked_for(others, wanted, "chords", "part")[0]
        return infer_changes(voice.notes, played.grid), f"chords: inferred from {voice}, as asked"
    first = [parts[melody.part]] if melody else []
    with_symbols = [part for part in [*first, *sorted(parts, key=_symbols, reverse=True)] if _symbols(part)]
    if with_symbols:
        changes = played.changes(with_symbols[0])
        shared = played.crowded
        crowded = f", those on one place in {shared} {'bar' if shared == 1 else 'bars'} shared out" if shared else ""
        return changes, f"chords: {_symbols(with_symbols[0])} symbols written{crowded}"
    if others:
        names = " and ".join(str(voice) for voice in others) if len(others) < 4 else f"{len(others)} other voices"
        notes = sorted(note for voice in others for note in voice.notes)
        return infer_changes(notes, played.grid), f"chords: inferred from {names}; no chord symbols in the file"
    if melody is None:
        return (), ""
    return infer_changes(melody.notes, played.grid), "chords: inferred from the melody alone, so a guess"


def _symbols(part: SheetPart) -> int:
    return sum(len(bar.chords) for bar in part.bars)


def _parts(melody: _Voice | None, line: tuple[Note, ...], others: Sequence[_Voice]) -> Iterator[Part]:
    if melody is None:
        return
    solo = TENOR_SAX if melody.program is None else melody.program
    programs = [solo, *(PIANO if voice.program is None else voice.program for voice in others)]
    channel, *channels = channels_for(programs)
    yield Part(melody.name, line, solo, channel)
    for voice, program, own in zip(others, programs[1:], channels, strict=True):
        yield Part(voice.name, apart(voice.notes), program, own)
