"""Pieces in figures."""

from helpers.chart_text import parse_changes

from jazzgen.corpus.table import CHANGES_ONLY, NO_MUSIC, SOLO, UNREAD, rows_of
from jazzgen.formats.reading import Provenance, Reading, Unread
from jazzgen.harmony.changes import ChordSpan
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

BAR = 1920
CHANGES = parse_changes("Dm7 G7 | Cmaj7 | % | N.C.")


def reading(score: Score) -> Reading:
    return Reading(score, "melody: so", "chords: thus", "piece", Provenance("home", "MIT"), ("lyrics",))


def test_a_solo_in_figures() -> None:
    melody = Part("Sax", (Note(0, 480, 60), Note(480, 480, 62)))
    score = Score("Tune", ((0, 96.0),), changes=CHANGES, parts=(melody, Part("Bass", (Note(0, 480, 40),), channel=1)))
    (row,) = rows_of("MIDI", (reading(score),))
    assert (row.format, row.piece, row.title, row.verdict) == ("MIDI", "piece", "Tune", SOLO)
    assert (row.meter, row.tempo, row.key, row.bars, row.notes) == ("4/4", 96.0, "C", 4, 2)
    assert row.why == "melody: so; chords: thus"
    assert (row.left_out, row.licence) == (("lyrics",), "MIT")


def test_chords_that_go_on_count_once_and_no_chord_counts_not() -> None:
    (row,) = rows_of("MIDI", (reading(Score(changes=CHANGES)),))
    assert row.chords == 3


def test_every_meter_is_named_once() -> None:
    meters = ((0, Meter(4, 4)), (BAR, Meter(3, 4)), (2 * BAR, Meter(4, 4)))
    (row,) = rows_of("MIDI", (reading(Score(meters=meters, changes=CHANGES)),))
    assert row.meter == "4/4 3/4"


def test_changes_alone_are_to_play_over() -> None:
    (row,) = rows_of("iReal Pro", (reading(Score(changes=CHANGES)),))
    assert (row.verdict, row.notes) == (CHANGES_ONLY, 0)


def test_silence_is_no_music() -> None:
    silent = Score(changes=(ChordSpan(0, BAR, None),))
    assert [row.verdict for row in rows_of("MIDI", (reading(Score()), reading(silent)))] == [NO_MUSIC] * 2


def test_what_cannot_be_read_says_why() -> None:
    (row,) = rows_of("MIDI", (Unread("3", "it ends too early"),))
    assert (row.verdict, row.piece, row.why, row.notes) == (UNREAD, "3", "it ends too early", 0)
