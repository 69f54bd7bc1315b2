"""Voices of a part, and the signs that print them bar by bar."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jazzgen.engraving.beams import Beam, beams, is_beamed_alone
from jazzgen.engraving.divisions import Leaf, exact_leaves
from jazzgen.engraving.grouping import grouping, place_in_bar
from jazzgen.engraving.values import Piece, pieces
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note
from jazzgen.music.timing import Bar


@dataclass(frozen=True, slots=True)
class Sounding:
    """Notes of a bar that start and end together, or a rest; cut at bar lines, where notes may be tied.

    Times are in ticks from the start of the bar; `graces` are the grace notes before.
    """

    start: int
    end: int
    notes: tuple[Note, ...] = ()
    from_before: bool = False
    goes_on: bool = False
    graces: Notes = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One printed note, chord or rest.

    Attributes:
        start: ticks from the start of the bar.
        ends: of the tuplet's number, "start" and "stop"; `bracket` says whether it has one.
    """

    item: Sounding
    piece: Piece
    start: int
    beam: Beam = ()
    ends: tuple[str, ...] = ()
    bracket: bool = True

    @property
    def ties(self) -> list[str]:
        if not self.item.notes:
            return []
        stops = self.start > self.item.start or self.item.from_before
        starts = self.start + self.piece.end - self.piece.start < self.item.end or self.item.goes_on
        return ["stop"] * stops + ["start"] * starts


def voices_of(notes: Sequence[Note]) -> list[list[tuple[Note, ...]]]:
    """Group notes that start and end together into chords, and these into the fewest voices without overlap."""
    chords: dict[tuple[int, int], list[Note]] = defaultdict(list)
    for note in notes:
        chords[note.onset, note.end].append(note)
    voices: list[list[tuple[Note, ...]]] = [[]]
    for (onset, _), chord in sorted(chords.items()):
        free = next((voice for voice in voices if not voice or voice[-1][0].end <= onset), None)
        if free is None:
            voices.append(free := [])
        free.append(tuple(sorted(chord, key=lambda note: note.pitch)))
    return voices


def in_bars(
    voice: Sequence[tuple[Note, ...]], bars: Sequence[Bar], graces: Mapping[int, Notes] | None = None
) -> list[list[Sounding]]:
    """Return the sounding notes of a voice in each bar, without rests.

    Args:
        voice: chords in order of time.
        bars: that hold them.
        graces: grace notes by the onset of the chord that they precede.
    """
    found: list[list[Sounding]] = [[] for _ in bars]
    index = 0
    for chord in voice:
        onset, end = chord[0].onset, chord[0].end
        while bars[index].end <= onset:
            index += 1
        for place in range(index, len(bars)):
            bar = bars[place]
            if end <= bar.onset:
                break
            start, stop = max(onset, bar.onset), min(end, bar.end)
            before = (graces or {}).get(onset, ()) if start == onset else ()
            found[place].append(
                Sounding(start - bar.onset, stop - bar.onset, chord, onset < bar.onset, end > bar.end, before)
            )
    return found


def signs_of(line: Sequence[Sounding], bar: Bar) -> list[Sign]:
    """Return the notes and rests that print a voice in a bar; empty for a rest of the whole bar."""
    if not line:
        return []
    beats = grouping(bar.meter)
    shift = place_in_bar(bar)
    filled = list(_with_rests(line, bar.duration))
    tuplets = _tuplets(filled, bar)
    cut = [
        (item, piece)
        for item in filled
        for piece in pieces(item.start + shift, item.end + shift, beats, tuplets, is_rest=not item.notes)
    ]
    joined = beams([(piece, bool(item.notes)) for item, piece in cut], beats)
    signs = [Sign(item, piece, piece.start - shift, beam) for (item, piece), beam in zip(cut, joined, strict=True)]
    return list(_numbered(signs))


def _with_rests(line: Sequence[Sounding], length: int) -> Iterator[Sounding]:
    position = 0
    for item in line:
        if item.start > position:
            yield Sounding(position, item.start)
        yield item
        position = item.end
    if position < length:
        yield Sounding(position, length)


def _tuplets(filled: Sequence[Sounding], bar: Bar) -> list[Leaf]:
    """Return the tuplets of a bar, their starts in ticks from beat 1."""
    shift = bar.onset - place_in_bar(bar)
    edges = {bar.onset + tick for item in filled for tick in (item.start, item.end)}
    return [replace(leaf, start=leaf.start - shift) for leaf in exact_leaves(edges, bar) if leaf.is_tuplet]


def _numbered(signs: Sequence[Sign]) -> Iterator[Sign]:
    """Yield the signs with the ends of their tuplets; one that a beam holds together needs no bracket."""
    inside: dict[Leaf, list[Sign]] = defaultdict(list)
    for sign in signs:
        if sign.piece.tuplet:
            inside[sign.piece.tuplet].append(sign)
    brackets = {leaf: not is_beamed_alone([sign.beam for sign in group]) for leaf, group in inside.items()}
    for sign in signs:
        leaf = sign.piece.tuplet
        if leaf is None:
            yield sign
            continue
        ends = ("start",) * (sign.piece.start == leaf.start) + ("stop",) * (sign.piece.end == leaf.end)
        yield replace(sign, ends=ends, bracket=brackets[leaf])
