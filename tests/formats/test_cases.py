"""Small files that went wrong once, one test a file and named after it; `cases/` holds them."""

import time
from pathlib import Path

import pytest

from jazzgen.errors import ChoiceError, CorpusError
from jazzgen.formats.charts import tune_of, tune_of_text
from jazzgen.formats.reading import Reading, Unread, chosen
from jazzgen.formats.registry import read_file
from jazzgen.harmony.pitch import Key

CASES = Path(__file__).parent / "cases"
BEAT, BAR = 480, 1920


def pieces(name: str) -> tuple[Reading | Unread, ...]:
    return read_file(CASES / name)


def read(name: str) -> Reading:
    (piece,) = pieces(name)
    assert isinstance(piece, Reading), piece
    return piece


def symbols(name: str) -> list[tuple[int, str]]:
    """Onset in ticks and symbol of each chord."""
    return [(span.onset, span.symbol) for span in read(name).score.changes]


def test_latin055() -> None:
    assert read("latin055.ls").score.feel == "straight"


def test_two_chords_one_place() -> None:
    assert symbols("two_chords_one_place.musicxml") == [(0, "Dm7"), (2 * BEAT, "G7"), (BAR, "Cmaj7")]
    assert "those on one place in 1 bar shared out" in read("two_chords_one_place.musicxml").chords_reason


def test_nudged_chords() -> None:
    assert symbols("nudged_chords.musicxml") == [(0, "Dm7"), (2 * BEAT, "G7"), (BAR, "Cmaj7")]


def test_ls_phryg() -> None:
    assert symbols("ls_phryg.ls") == [
        (0, "G7sus4b9"),
        (2 * BEAT, "G7"),
        (BAR, "Cm7"),
        (2 * BAR, "C7add13"),
        (3 * BAR, "Cno5"),
    ]


def test_ls_one_bad_chord() -> None:
    reading = read("ls_one_bad_chord.ls")
    assert symbols("ls_one_bad_chord.ls") == [(0, "C"), (BAR, "N.C."), (2 * BAR, "G7"), (3 * BAR, "C")]
    assert len(reading.score.melody.notes) == 11
    assert any("line 3: chord 'Fm6/E6'" in what for what in reading.left_out)


def test_utf8_name_no_flag() -> None:
    assert symbols("utf8_name_no_flag.mxl") == [(0, "Dm7"), (2 * BEAT, "G7"), (BAR, "Cmaj7")]


def test_utf16_declared_utf8() -> None:
    (note,) = read("utf16_declared_utf8.xml").score.melody.notes
    assert (note.onset, note.duration, note.pitch) == (0, BAR, 60)


def test_minor_no_mode() -> None:
    assert read("minor_no_mode.musicxml").score.key == Key("C", minor=True)


def test_tie_unison() -> None:
    notes = read("tie_unison.musicxml").score.melody.notes
    assert [(note.onset, note.duration, note.pitch) for note in notes] == [(0, 2 * BEAT, 71), (2 * BEAT, 2 * BEAT, 72)]


def test_ending2_only() -> None:
    assert symbols("ending2_only.txt") == [(0, "F7"), (BAR, "Bb7"), (2 * BAR, "F7"), (3 * BAR, "C7")]
    assert any("ending without a first one" in what for what in read("ending2_only.txt").left_out)


def test_two_tunes_playlist() -> None:
    found = pieces("two-tunes-playlist.html")
    with pytest.raises(ChoiceError, match="it holds 2 pieces: 1 'My Blues', 2 'Other'; say which"):
        chosen(found, None)
    second = chosen(found, 2)
    assert isinstance(second, Reading)
    assert tune_of(second.score).title == "Other"
    with pytest.raises(CorpusError, match="there is no number 3; it holds 2 pieces"):
        chosen(found, 3)


def test_a_link_with_two_tunes_says_so_and_a_number_before_it_chooses() -> None:
    link = (CASES / "two-tunes-playlist.html").read_text().split('"')[1]
    with pytest.raises(ChoiceError, match="1 'My Blues', 2 'Other'"):
        tune_of_text(link)
    assert tune_of_text(f"2 {link}").title == "Other"
    assert tune_of_text(link, number=2).title == "Other"


def test_kinds() -> None:
    assert [symbol for _, symbol in symbols("kinds.musicxml")] == [
        *("Cmaj7", "Cmaj7", "Cdim7", "Cmmaj7", "Cmaj7", "C7sus4", "Cm7", "C7alt", "Cm7", "Cmmaj11"),
    ]


def test_poly() -> None:
    chord = read("poly.musicxml").score.changes[0].chord
    assert chord is not None
    assert (chord.root, chord.tones, chord.tensions) == ("C", (0, 4, 7, 10), (2, 6, 9))


def test_pickup_tempo() -> None:
    score = read("pickup_tempo.musicxml").score
    assert (score.pickup, score.tempos) == (3 * BEAT // 2, ((0, 66.0),))
    assert [(mark.onset, mark.label) for mark in score.marked("section")] == [(720, "A"), (720 + 2 * BAR, "B")]


def test_sixeight() -> None:
    assert read("sixeight.musicxml").score.bpm == 120  # quarter notes: 80 dotted ones


def test_abc_exponential() -> None:
    start = time.perf_counter()
    assert read("abc_exponential.abc").score.melody.notes
    assert time.perf_counter() - start < 2


def test_fault_degree() -> None:
    reading = read("fault_degree.musicxml")
    assert reading.left_out == ("bar 1: of a chord on C: degree-value '--1' is no whole number",)
    assert len(reading.score.melody.notes) == 1
    assert [span.symbol for span in reading.score.changes] == ["C"]


def test_slow2() -> None:
    start = time.perf_counter()
    (piece,) = pieces("slow2.mei")
    assert isinstance(piece, Unread)
    assert "has a number 1e308 of beats in a meter; at most 99 are read" in piece.reason
    assert time.perf_counter() - start < 5  # the time that importing music21 may take
