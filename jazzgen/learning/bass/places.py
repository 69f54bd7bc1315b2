"""What a bassist hears of each beat before anything is played: chords now and next, bar, form and tempo.

Everything is relative to the chord's root, so that a line learnt in one key is known in all.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

import numpy as np

from jazzgen.codec.columns import NONE, Columns
from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import pitch_class
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

# Set by hand: what is counted, at most.
_MOST_BEATS = 8
_SECTION_BARS = 8
_TEMPOS = 8
GROOVES = ("SWING", "TWOBEAT", "BALLAD", "LATIN", "FUNK")  # as the Weimar Jazz Database names them; 0 is any other

# What is heard, and the number of values of each column; 0 is "nothing" or "none".
COLUMNS: Mapping[str, int] = {
    "bass": 13,  # the bass under a slash, above the root
    "next_root": 13,
    "next_bass": 13,
    "after_root": 13,  # of the chord after the next
    "tonic": 13,
    "minor": 2,
    "beat": _MOST_BEATS + 1,
    "meter": _MOST_BEATS + 1,
    "to_change": _MOST_BEATS + 1,
    "since_change": _MOST_BEATS + 1,
    "bar": _SECTION_BARS + 1,
    "tempo": _TEMPOS,
    "groove": len(GROOVES) + 1,
}
N_TONES = 24  # pitch classes of the chord and of the next, each above its own root


@dataclass(frozen=True, slots=True, eq=False)
class Places(Columns):
    """The beats of a score, one row each.

    Attributes:
        onset: tick.
        beats: beats of its bar, in whole; 0 where the bar's beats are no quarters.
        root: pitch class of the chord's root; `NONE` for no chord.
        next_bass: pitch class of the bass of the chord that follows; `NONE` for none.
        arrives: whether the chord starts here.
        columns: (n, len(COLUMNS)).
        tones: (n, N_TONES), ones and zeros.
    """

    onset: np.ndarray
    beats: np.ndarray
    root: np.ndarray
    next_bass: np.ndarray
    arrives: np.ndarray
    columns: np.ndarray
    tones: np.ndarray


class _Stretch(NamedTuple):
    """A chord over ticks [onset, end), however often it is written there."""

    onset: int
    end: int
    chord: Chord


class _Beat(NamedTuple):
    onset: int
    number: int
    bar: Bar


def places_of(score: Score, groove: str) -> Places:
    """Return the beats of a score's bars, the pickup's too.

    Args:
        score: changes, meters, tempo, key and sections count.
        groove: one of `GROOVES`, or another.
    """
    beats = list(_beats(score))
    chords = _stretches(score.changes)
    starts = [stretch.onset for stretch in chords]
    sections = [mark.onset for mark in score.marked("section")]
    whole = _of_score(score, groove)
    rows, tones, roots, targets, arrives = [], [], [], [], []
    for beat in beats:
        index = bisect_right(starts, beat.onset) - 1
        here = chords[index] if index >= 0 and beat.onset < chords[index].end else None
        later = chords[index + 1 : index + 3]
        rows.append({**_of_bar(beat, sections), **_of_chords(beat, here, later, score), **whole})
        tones.append(_tones(here, later))
        roots.append(here.chord.root_class if here else NONE)
        targets.append(later[0].chord.bass_class if later else NONE)
        arrives.append(here is not None and here.onset == beat.onset)
    return Places(
        np.array([beat.onset for beat in beats], np.int64),
        np.array([_quarters(beat.bar) for beat in beats], np.int64),
        np.array(roots, np.int64),
        np.array(targets, np.int64),
        np.array(arrives, bool),
        np.array([[row[name] for name in COLUMNS] for row in rows], np.int64).reshape(-1, len(COLUMNS)),
        np.array(tones, np.float32).reshape(-1, N_TONES),
    )


def _beats(score: Score) -> Iterator[_Beat]:
    for bar in score.bars():
        ticks = min(bar.meter.beat_ticks, TICKS_PER_BEAT)
        for onset in range(bar.onset, min(bar.end, max(score.end, bar.onset + 1)), ticks):
            yield _Beat(onset, (onset - bar.downbeat) // ticks, bar)


def _quarters(bar: Bar) -> int:
    return bar.meter.bar_ticks // TICKS_PER_BEAT if bar.meter.denominator <= 4 else 0


def _stretches(changes: Changes) -> list[_Stretch]:
    found: list[_Stretch] = []
    for span in changes:
        if span.chord is None:
            continue
        if found and (found[-1].end, found[-1].chord) == (span.onset, span.chord):
            found[-1] = found[-1]._replace(end=span.end)
        else:
            found.append(_Stretch(span.onset, span.end, span.chord))
    return found


def _of_score(score: Score, groove: str) -> dict[str, int]:
    # Doublings of the tempo from 50 beats a minute on, in halves.
    tempo = min(max(int(2 * log2(score.bpm / 50)), 0), _TEMPOS - 1)
    return {
        "minor": int(score.key.minor),
        "tempo": tempo,
        "groove": GROOVES.index(groove) + 1 if groove in GROOVES else 0,
    }


def _of_bar(beat: _Beat, sections: Sequence[int]) -> dict[str, int]:
    section = bisect_right(sections, beat.onset) - 1
    bars = (beat.onset - sections[section]) // beat.bar.meter.bar_ticks if section >= 0 else NONE
    return {
        "beat": min(beat.number + 1, _MOST_BEATS),
        "meter": min(_quarters(beat.bar), _MOST_BEATS),
        "bar": bars % _SECTION_BARS + 1 if bars >= 0 else 0,
    }


def _of_chords(beat: _Beat, here: _Stretch | None, later: Sequence[_Stretch], score: Score) -> dict[str, int]:
    if here is None:
        return dict.fromkeys(("bass", "next_root", "next_bass", "after_root", "tonic", "to_change", "since_change"), 0)
    root = here.chord.root_class
    coming, after = (*(stretch.chord for stretch in later), None, None)[:2]

    def above(tone: int | None) -> int:
        return 0 if tone is None else (tone - root) % 12 + 1

    return {
        "bass": above(here.chord.bass_class if here.chord.bass else None),
        "next_root": above(coming.root_class if coming else None),
        "next_bass": above(coming.bass_class if coming else None),
        "after_root": above(after.root_class if after else None),
        "tonic": above(pitch_class(score.key.tonic)),
        "to_change": min(-(-(here.end - beat.onset) // TICKS_PER_BEAT), _MOST_BEATS),
        "since_change": min((beat.onset - here.onset) // TICKS_PER_BEAT + 1, _MOST_BEATS),
    }


def _tones(here: _Stretch | None, later: Sequence[_Stretch]) -> np.ndarray:
    tones = np.zeros(N_TONES, np.float32)
    if here:
        for place, stretch in enumerate((here, *later[:1])):
            tones[[12 * place + tone for tone in stretch.chord.tones]] = 1
    return tones
