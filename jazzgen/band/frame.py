"""Add an intro before the choruses and a last bar after them.

The intro is the last bars of the form, played by the band alone. The last bar is the tonic, held by everybody.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from jazzgen.band.players import PLAYERS, player_of
from jazzgen.band.voicings import lead_voices, rootless_classes
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.music.score import ENDING, INTRO, Mark, Note, Part, Score
from jazzgen.music.timing import without_repeats

INTRO_BARS = 4  # set by ear
_LAST_VELOCITY = 66  # set by ear
_LAST_DRUMS = ("kick", "crash")
_Event = TypeVar("_Event")


def with_intro(score: Score, bars: int = INTRO_BARS) -> Score:
    """Put the last bars of the first chorus, without their notes, before the score.

    A pickup of the solo falls into the last bar of the intro.
    """
    end = next((mark.end for mark in score.marked("chorus")), score.end)
    lead = [bar for bar in score.bars() if bar.number and bar.end <= end][-bars:]
    ticks = end - lead[0].onset
    shift = ticks - score.pickup
    before = score.excerpt(lead[0].number, lead[-1].number)
    return replace(
        score,
        tempos=((0, score.bpm), *_moved(score.tempos[1:], shift)),
        meters=tuple(without_repeats((*before.meters, (ticks, score.meter), *_moved(score.meters[1:], shift)))),
        pickup=0,
        changes=(*before.changes, *(replace(span, onset=span.onset + shift) for span in score.changes)),
        parts=tuple(_later(part, shift) for part in score.parts),
        marks=(Mark(0, ticks, "section", INTRO), *(replace(mark, onset=mark.onset + shift) for mark in score.marks)),
    )


def with_ending(score: Score) -> Score:
    """Add a last bar, the tonic, which all parts hold together."""
    last = list(score.bars())[-1]
    chord = _tonic(score)
    length = last.meter.bar_ticks
    span = ChordSpan(score.end, length, chord)
    return replace(
        score,
        changes=(*score.changes, span),
        parts=tuple(replace(part, notes=(*part.notes, *_last_notes(part, span, chord))) for part in score.parts),
        marks=(*score.marks, Mark(score.end, length, "section", ENDING)),
    )


def _tonic(score: Score) -> Chord:
    """Return the last chord if it is on the tonic, else the tonic's sixth chord."""
    chord = next((span.chord for span in reversed(score.changes) if span.chord), None)
    if chord and chord.root == score.key.tonic and not chord.bass:
        return chord
    return parse_chord(f"{score.key.tonic}{'m6' if score.key.minor else '6'}")


def _last_notes(part: Part, span: ChordSpan, chord: Chord) -> list[Note]:
    name = player_of(part.name)
    player = PLAYERS[name] if name else None
    if player and player.role == "drums":
        return [Note(span.onset, span.duration, *struck) for struck in sorted(player.kit[drum] for drum in _LAST_DRUMS)]
    pitches = [note.pitch for note in part.notes[-1:]]
    if player and player.role == "chords":
        before = tuple(note.pitch for note in part.notes if note.onset == part.notes[-1].onset)
        pitches = list(lead_voices(chord, rootless_classes(chord), before, player.register))
    elif pitches:
        classes = [chord.bass_class] if player and player.role == "bass" else chord.pitch_classes
        pitches = [_nearest(pitches[0], classes)]
    return [Note(span.onset, span.duration, pitch, _LAST_VELOCITY) for pitch in pitches]


def _nearest(pitch: int, classes: Collection[int]) -> int:
    """Return the pitch nearest to `pitch` in one of the pitch classes."""
    return min((pitch + step for step in range(-6, 7) if (pitch + step) % 12 in classes), key=lambda p: abs(p - pitch))


def _later(part: Part, ticks: int) -> Part:
    return replace(part, notes=tuple(replace(note, onset=note.onset + ticks) for note in part.notes))


def _moved(events: Iterable[tuple[int, _Event]], ticks: int) -> Iterator[tuple[int, _Event]]:
    return ((onset + ticks, value) for onset, value in events)
