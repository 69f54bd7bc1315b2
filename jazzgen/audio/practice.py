"""What a player wants to hear of a score: parts left out, bars counted in, a metronome."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from jazzgen.errors import OptionError
from jazzgen.music.gesture import shifted
from jazzgen.music.score import DRUM_CHANNEL, Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar, iter_bars

SOLO = "solo"
# General MIDI's wood blocks: the first beat of a bar and the others; loudness set by ear.
_FIRST, _OTHER = (76, 110), (77, 84)
_CLICK_TICKS = TICKS_PER_BEAT // 8
_Event = TypeVar("_Event")


def to_hear(score: Score, *, mute: Collection[str] = (), count_in: bool = False, click: bool = False) -> Score:
    """Return what is to sound.

    Args:
        score: the music.
        mute: names of parts to leave out; "solo" is the first.
        count_in: whether a bar is counted before the music, and what is missing of the pickup's.
        click: whether a metronome plays on.

    Raises:
        OptionError: if a part is not there, or nothing is left.

    Example:
        >>> tune = Score(parts=(Part("Sax", (Note(0, 1920, 60),)), Part("Bass", (Note(0, 1920, 36),))))
        >>> [part.name for part in to_hear(tune, mute=["solo"], click=True).parts]
        ['Bass', 'Click']
    """
    kept = _without(score, mute)
    early = _count_in_ticks(score) if count_in else 0
    beats = [note for note in _clicks(iter_bars(((0, score.meter),), 0, early)) if note.onset < early]
    if click:
        beats += (replace(note, onset=note.onset + early) for note in _clicks(score.bars()))
    if not kept.parts and not beats:
        raise OptionError("everybody is mute; let somebody play")
    clicks = (Part("Click", tuple(beats), channel=DRUM_CHANNEL),) if beats else ()
    moved = _later(kept, early) if early else kept
    return moved.with_parts(*moved.parts, *clicks)


def _count_in_ticks(score: Score) -> int:
    """Return the length of a bar, or of one and what is missing of the pickup's."""
    bar = score.meter.bar_ticks
    return 2 * bar - score.pickup if score.pickup else bar


def _without(score: Score, mute: Collection[str]) -> Score:
    names = {number: part.name.casefold() for number, part in enumerate(score.parts)}
    wanted = {name.strip().casefold() for name in mute}
    known = {SOLO, *names.values()} if names else set()
    if unknown := sorted(wanted - known):
        there = ", ".join([SOLO, *(part.name for part in score.parts)]) if names else "no parts"
        raise OptionError(f"mute '{unknown[0]}': the file has {there}")
    out = {number for number, name in names.items() if name in wanted or (number == 0 and SOLO in wanted)}
    return score.with_parts(*(part for number, part in enumerate(score.parts) if number not in out))


def _clicks(bars: Iterator[Bar]) -> Iterator[Note]:
    """Yield a click on each beat; of compound meters the beat is a dotted note."""
    for bar in bars:
        for tick in range(bar.downbeat, bar.end, bar.meter.pulse_ticks):
            if tick >= bar.onset:
                pitch, velocity = _FIRST if tick == bar.downbeat else _OTHER
                yield Note(tick, _CLICK_TICKS, pitch, velocity)


def _later(score: Score, ticks: int) -> Score:
    """Move all music to a later time, so that it starts at a bar line there."""
    return replace(
        score,
        tempos=_moved(score.tempos, ticks),
        meters=_moved(score.meters, ticks),
        pickup=0,
        changes=tuple(replace(span, onset=span.onset + ticks) for span in score.changes),
        parts=tuple(
            replace(
                part,
                notes=tuple(replace(note, onset=note.onset + ticks) for note in part.notes),
                gestures=shifted(part.gestures, ticks),
            )
            for part in score.parts
        ),
        marks=tuple(replace(mark, onset=mark.onset + ticks) for mark in score.marks),
    )


def _moved(events: tuple[tuple[int, _Event], ...], ticks: int) -> tuple[tuple[int, _Event], ...]:
    return (events[0], *((onset + ticks, value) for onset, value in events[1:]))
