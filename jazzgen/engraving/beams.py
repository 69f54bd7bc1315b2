"""Beams: which notes are joined, and where sixteenths have hooks.

Notes are joined within a beat; eighths alone within half a bar of 4/4 and the like, and six of them over a bar of 3/4
(E. Gould, "Behind Bars", 2011, pages 153 to 155). Rests break beams, and so do tuplets longer than a beat; within a
beat a tuplet's edge breaks the beams of sixteenths, so that its number needs no bracket.
"""

from collections.abc import Hashable, Sequence
from itertools import groupby
from operator import itemgetter

from jazzgen.engraving.grouping import Grouping, Span
from jazzgen.engraving.values import Piece

Beam = tuple[str, ...]
Sign = tuple[Piece, bool]


def beams(line: Sequence[Sign], beats: Grouping) -> list[Beam]:
    """Return the beams of each (piece, is note), from the eighths' level down: begin, continue, end or hooks."""
    found: list[Beam] = []
    for joint, group in groupby(_keyed(line, beats), key=itemgetter(0)):
        joined = [piece for _, piece in group]
        found += _beam_group(joined) if joint is not None and len(joined) > 1 else [()] * len(joined)
    return found


def _keyed(line: Sequence[Sign], beats: Grouping) -> list[tuple[Hashable, Piece]]:
    """Return each piece with what it has in common with those it is joined to; None if it has no beam."""
    wide = {
        (first, last): _is_joined((first, last), [sign for sign in line if first <= sign[0].start < last], beats)
        for first, last in beats.groups
    }

    def key(piece: Piece) -> Hashable:
        leaf = piece.tuplet
        if leaf and not _is_in_beat((leaf.start, leaf.end), beats):
            return ("tuplet", leaf.start)
        group = beats.group(piece.start)
        return group if wide[group] else beats.beat(piece.start)

    return [(key(piece) if is_note and piece.beams else None, piece) for piece, is_note in line]


def _is_in_beat(span: Span, beats: Grouping) -> bool:
    return span[1] <= beats.beat(span[0])[1]


def _is_joined(group: Span, signs: Sequence[Sign], beats: Grouping) -> bool:
    """Return whether eighths are joined over a whole group: nothing in it is faster, and of three beats it is full."""
    inside = beats.beats_in(group)
    if any(beats.is_compound(beat) for beat in inside):
        return False
    beamed = [piece for piece, is_note in signs if is_note and piece.beams]
    eighths = all(piece.beams == 1 and piece.tuplet is None for piece in beamed)
    is_full = len(beamed) * beats.part == group[1] - group[0]
    return eighths and (is_full if len(inside) == 3 else len(inside) == 2)


def _beam_group(joined: Sequence[Piece]) -> list[Beam]:
    """Return the beams of pieces joined by one; beams below it are broken where a tuplet starts or ends."""
    found = []
    for index, piece in enumerate(joined):
        before = joined[index - 1] if index else None
        after = joined[index + 1] if index + 1 < len(joined) else None
        levels = range(1, piece.beams + 1)
        found.append(
            tuple(_beam(_shared(piece, before, n), _shared(piece, after, n), is_last=after is None) for n in levels)
        )
    return found


def _shared(piece: Piece, other: Piece | None, level: int) -> bool:
    """Return whether a neighbour shares the beam of a level."""
    return other is not None and other.beams >= level and (level == 1 or other.tuplet == piece.tuplet)


def _beam(before: bool, after: bool, *, is_last: bool) -> str:
    if before:
        return "continue" if after else "end"
    if after:
        return "begin"
    return "backward hook" if is_last else "forward hook"


def is_beamed_alone(beamed: Sequence[Beam]) -> bool:
    """Return whether a beam covers just a tuplet's signs, so that it needs no bracket.

    Args:
        beamed: the beams of the tuplet's signs, in order.
    """
    return any(
        all(len(beam) > level for beam in beamed)
        and beamed[0][level] == "begin"
        and beamed[-1][level] == "end"
        and all(beam[level] == "continue" for beam in beamed[1:-1])
        for level in range(min((len(beam) for beam in beamed), default=0))
    )
