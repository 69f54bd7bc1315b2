"""The band answers the soloist: the stroke at or after the loudest note of a phrase is an accent.

Rhythm sections play together with a soloist's accents and right after them (P. Berliner, "Thinking in Jazz", 1994,
chapter 13); how soon, and how loud, is set by ear.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jazzgen.band.players import PLAYERS, player_of
from jazzgen.music.melody import Notes
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT

_PHRASE_GAP = TICKS_PER_BEAT // 2  # as in `perform`
_LEAST_NOTES = 4  # of a phrase that is answered
_SOON = TICKS_PER_BEAT  # an answer starts before so many ticks have gone by
_ROLES = ("chords", "drums")
_LOUDEST = 127


def with_answers(score: Score) -> Score:
    """Accent the strokes of chords and drums that meet or follow the peaks of the solo's phrases."""
    solo, *band = score.parts
    peaks = list(phrase_peaks(solo.notes))
    return score.with_parts(solo, *(_answering(part, peaks) for part in band))


def phrase_peaks(line: Notes) -> Iterator[int]:
    """Yield the tick of the loudest note of each phrase, the first of equal ones; short phrases have none."""
    phrase: list[int] = []
    for index, note in enumerate(line):
        phrase.append(index)
        if index + 1 == len(line) or line[index + 1].onset - note.end >= _PHRASE_GAP:
            if len(phrase) >= _LEAST_NOTES:
                yield line[max(phrase, key=lambda i: line[i].velocity)].onset
            phrase = []


def _answering(part: Part, peaks: Sequence[int]) -> Part:
    name = player_of(part.name)
    if name is None or PLAYERS[name].role not in _ROLES:
        return part
    onsets = sorted({note.onset for note in part.notes})
    nexts = ((peak, bisect_left(onsets, peak)) for peak in peaks)
    answers = {onsets[place] for peak, place in nexts if place < len(onsets) and onsets[place] < peak + _SOON}
    accent = PLAYERS[name].touch.accent
    return replace(
        part,
        notes=tuple(
            replace(note, velocity=min(note.velocity + accent, _LOUDEST)) if note.onset in answers else note
            for note in part.notes
        ),
    )
