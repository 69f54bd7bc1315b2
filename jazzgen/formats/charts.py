"""Chord changes to play over: tunes from scores, from typed text and from iReal Pro links, and scores as text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from jazzgen.errors import CorpusError
from jazzgen.formats.ireal import parse_links
from jazzgen.formats.reading import Reading, Unread, chosen
from jazzgen.harmony.changes import Changes, Chart, ChordSpan
from jazzgen.harmony.tunes import Tune, format_tune, parse_tune
from jazzgen.music.score import Score
from jazzgen.music.timing import Bar, Meter
from jazzgen.music.written import written_line

_LINK = re.compile(r"irealb(?:ook)?(?::|%3A)(?://|%2F%2F)", re.I)
_NUMBER = re.compile(r"([0-9]{1,5})\.?")


def tune_of_text(text: str, meter: Meter | None = None, number: int | None = None) -> Tune:
    """Read a tune from typed chord changes or an iReal Pro link.

    Args:
        text: what a player types or pastes. A song's number may precede a link with several: `2 irealb://..`
        meter: overrides the meter in the text's header.
        number: of the song in a link, from 1, if the text names none.

    Raises:
        JazzgenError: naming the bar and what is wrong in it; a ChoiceError if a link has several songs and no number.

    Example:
        >>> tune = tune_of_text("| Dm7 G7 | C^7 |")
        >>> [str(span.chord) for span in tune.chart.changes]
        ['Dm7', 'G7', 'Cmaj7']
    """
    songs, named = songs_in(text)
    if not songs:
        return parse_tune(text, meter)
    song = chosen(songs, named or number)
    if isinstance(song, Unread):
        raise CorpusError(song.reason)
    return tune_of(song.score)


def songs_in(text: str) -> tuple[list[Reading | Unread], int | None]:
    """Return the songs of the iReal Pro links in a text, and the number before the first; no songs in changes.

    Raises:
        JazzgenError: when the link holds no song, or the only one cannot be read.

    Example:
        >>> songs, number = songs_in("2 irealbook://A=X=Swing=C=n=[T44C6 Z=B=X=Swing=F=n=[T44F6 Z")
        >>> [song.piece for song in songs], number
        (['A', 'B'], 2)
    """
    found = _LINK.search(text)
    if not found:
        return [], None
    before = text[: found.start()].strip()
    if "|" in before or "#" in before:  # a link in a comment
        return [], None
    number = _NUMBER.fullmatch(before)
    if before and not number:
        return list(parse_links(text)), None
    link = text[found.start() :].strip().replace(" ", "%20")  # a link's text would end at a blank
    return list(parse_links(link)), int(number[1]) if number else None


def tune_of(score: Score) -> Tune:
    """Make a tune of a score's chord changes, from bar 1 on; a pickup is dropped.

    Raises:
        CorpusError: when there is no chord, or none after the pickup.
    """
    if not any(span.chord for span in score.changes):
        raise CorpusError(f"'{score.title}' has no chords to play over")
    bars = [bar for bar in score.bars() if bar.number and bar.onset < score.changes[-1].end]
    if not bars:
        raise CorpusError(f"'{score.title}' has chords in its pickup alone; nothing to play over")
    starts = {bar.onset: bar.onset - score.pickup for bar in bars}
    meters = [next(run) for _, run in groupby(((starts[b.onset], b.meter) for b in bars), key=itemgetter(1))]
    sections = {starts[mark.onset]: mark.label for mark in score.marked("section") if mark.onset in starts}
    chart = Chart(tuple(_on_beats(score, bars)), tuple(meters), tuple(sections.items()))
    return Tune(score.title, chart, score.key, score.bpm, not _swings(score))


def _swings(score: Score) -> bool:
    """Whether it is meant to swing, or its melody was played so."""
    return score.feel == "swing" or (bool(score.parts) and written_line(score)[1])


def sheet_text(score: Score) -> str:
    """Write a score's chord changes, without its notes, as text that `formats.leadsheet` reads."""
    return format_tune(tune_of(score)) + "\n"


def _on_beats(score: Score, bars: Sequence[Bar]) -> Iterator[ChordSpan]:
    """Yield the chords over the bars, moved to whole beats and to start at tick 0; N.C. where there is none.

    A beat gets the chord that sounds in its middle, so a chord early or late by less than half a beat is corrected.
    """
    beats = [(onset, bar.meter.beat_ticks) for bar in bars for onset in range(bar.onset, bar.end, bar.meter.beat_ticks)]
    for span, run in groupby(beats, key=lambda beat: _span_at(score.changes, beat[0] + beat[1] // 2)):
        held = list(run)
        onset, end = held[0][0], min(held[-1][0] + held[-1][1], bars[-1].end)
        yield ChordSpan(onset - bars[0].onset, end - onset, span.chord if span else None)


def _span_at(changes: Changes, tick: int) -> ChordSpan | None:
    place = bisect_right(changes, tick, key=lambda span: span.onset) - 1
    return changes[place] if place >= 0 and tick < changes[place].end else None
