"""Impro-Visor leadsheets: words and directives, bars of chords, notes and durations, choruses."""

import random
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from helpers.mutations import mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.improvisor import MAX_BYTES, parse_sheet, readings
from jazzgen.formats.improvisor.sheet import read_sheet
from jazzgen.formats.improvisor.text import MAX_DEPTH, Word, read_items, read_note
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Credits, Mark
from jazzgen.music.timing import Meter

HEAD = """(title Tin Roof, Part (one))
(composer Jane Doe)
(comments )
(meter 4 4)
(key -1)
(tempo 180.0)
(volume 127)
(playback-transpose 0 0 0)
(layout 4)
(style swing
    (swing 0.67)
    (chord-base c- e- g-)
)
(part
    (type chords)
    (title Untitled Part)
    (instrument 0)
    (key -1)
)
"""
CHORDS = """(section (style swing))

F6 | Em7b5 A7 | Dm7 | Cm7 F7 |
"""
BAR = 1920


def melody(*words: str, title: str = "Chorus 1", program: int = 11) -> str:
    return f"(part (type melody) (title {title}) (instrument {program}) (stave treble))\n {' '.join(words)}\n"


def chords(text: str) -> list[tuple[str, int]]:
    """Symbol and length in ticks of each chord."""
    return [(span.symbol, span.duration) for span in parse_sheet(text).score.changes]


def notes(*words: str) -> list[tuple[int, int, int]]:
    """Onset, duration and pitch of each note over as many bars of C as they need."""
    score = parse_sheet("CM7 |" * 8 + melody(*words)).score
    return [(note.onset, note.duration, note.pitch) for note in score.melody.notes]


def test_a_sheet_with_all_its_headers() -> None:
    reading = parse_sheet(HEAD + CHORDS + melody("f8", "a8", "c+4", "r2"))
    score = reading.score
    assert score.title == "Tin Roof, Part (one)"
    assert score.credits == Credits(composer="Jane Doe", rhythm_feel="swing")
    assert (score.key, score.bpm, score.meter, score.feel) == (Key("F"), 180, Meter(4, 4), "swing")
    assert [span.symbol for span in score.changes] == ["F6", "Em7b5", "A7", "Dm7", "Cm7", "F7"]
    assert [note.pitch for note in score.melody.notes] == [65, 69, 72]
    assert score.melody.program == 11
    assert score.marks == (Mark(0, 4 * BAR, "section", "swing"),)
    assert (reading.left_out, reading.piece) == ((), "")
    assert reading.provenance.source == "Impro-Visor leadsheet"
    assert (reading.melody_reason, reading.chords_reason) == ("melody: as written, choruses: 1", "chords: as written")


def test_a_bare_old_sheet_has_usual_values() -> None:
    score = parse_sheet("(meter 3)\n| Am7 | D7 |\n c+4 c+4 c+4").score
    assert (score.title, score.meter, score.bpm, score.feel) == ("Untitled", Meter(3, 4), 160, "swing")
    assert [span.duration for span in score.changes] == [1440, 1440]
    assert score.melody.program == 0


@pytest.mark.parametrize(
    ("bars", "expected"),
    [
        ("C | G7 |", [("C", BAR), ("G7", BAR)]),
        ("C G7", [("C", 960), ("G7", 960)]),
        ("C / / G7 |", [("C", 1440), ("G7", 480)]),
        ("Dm7 / / C7 / / Dm7 / |", [("Dm7", 720), ("C7", 720), ("Dm7", 480)]),
        ("C | / | / F |", [("C", BAR), ("C", BAR), ("C", 960), ("F", 960)]),
        ("C | | F |", [("C", BAR), ("C", BAR), ("F", BAR)]),
        ("/ | NC | C , F", [("N.C.", BAR), ("N.C.", BAR), ("C", BAR), ("F", BAR)]),
        ("CM7 CmM7 C13_ C7#5#9", [("Cmaj7", 480), ("Cmmaj7", 480), ("C13", 480), ("C7#5#9", 480)]),
        ("C /* F | */ G // A\n|", [("C", 960), ("G", 960)]),
        ("C D E |", [("C", 640), ("D", 640), ("E", 640)]),
        ("C D E F G A / |", [("C", 274), ("D", 275), ("E", 274), ("F", 274), ("G", 274), ("A", 549)]),
    ],
)
def test_chords_share_their_bar(bars: str, expected: list[tuple[str, int]]) -> None:
    assert chords(bars) == expected


@pytest.mark.parametrize(
    ("word", "pitch", "ticks"),
    [
        ("c4", 60, 480),
        ("c", 60, 240),
        ("bb-2.", 58, 1440),
        ("f#++16", 90, 120),
        ("cb8", 71, 240),
        ("b#8", 60, 240),
        ("e8/3", 64, 160),
        ("e4/5", 64, 384),
        ("a2/3+16/3", 69, 720),
        ("a1+4..", 69, 1920 + 840),
        ("r", None, 240),
        ("r1+1+32", None, 3900),
        ("g480", 67, 4),
    ],
)
def test_notes_and_durations(word: str, pitch: int | None, ticks: int) -> None:
    assert read_note(Word(word, 1))[:2] == (pitch, Fraction(ticks))


VALUES = {"1": 1920, "2": 960, "4.": 720, "4": 480, "8.": 360, "8": 240, "16": 120, "8/3": 160, "16/5": 96, "32": 60}


@given(
    st.integers(0, 127), st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4), st.sampled_from(("#", "b"))
)
def test_a_note_comes_through_its_notation(pitch: int, values: list[str], sign: str) -> None:
    names = {"#": ("c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b")}.get(
        sign, ("c", "db", "d", "eb", "e", "f", "gb", "g", "ab", "a", "bb", "b")
    )
    octave = pitch // 12 - 5
    word = names[pitch % 12] + ("+" * octave or "-" * -octave) + "+".join(values)
    assert read_note(Word(word, 1))[:2] == (pitch, Fraction(sum(VALUES[value] for value in values)))


def test_tuplets_that_are_no_whole_ticks_do_not_drift() -> None:
    found = notes(*["c4/7"] * 7, "d4")
    assert found[7][0] == round(7 * Fraction(480 * 6, 7))
    assert all(a[0] + a[1] == b[0] for a, b in pairwise(found))


def test_volumes_become_velocities() -> None:
    score = parse_sheet("C |" + melody("c4", "v100", "d4", "v0", "e4", "v999", "f4")).score
    assert [note.velocity for note in score.melody.notes] == [80, 100, 1, 127]


def test_melody_parts_are_choruses_over_the_changes_repeated() -> None:
    text = HEAD + CHORDS + melody("c1+1+1+1") + melody("r1", title="Silence") + melody("d1", title="", program=65)
    reading = parse_sheet(text)
    score = reading.score
    assert [(note.onset, note.pitch) for note in score.melody.notes] == [(0, 60), (4 * BAR, 62)]
    assert (score.melody.program, score.end) == (11, 8 * BAR)
    assert [span.symbol for span in score.changes[:6]] == [span.symbol for span in score.changes[6:]]
    assert [(mark.onset, mark.kind, mark.label) for mark in score.marks] == [
        (0, "chorus", "Chorus 1"),
        (0, "section", "swing"),
        (4 * BAR, "chorus", "2"),
        (4 * BAR, "section", "swing"),
    ]
    assert reading.melody_reason == "melody: as written, choruses: 2"
    assert reading.left_out == ("melody parts without a note: 1",)


def test_a_part_longer_than_the_changes_takes_another_chorus_and_its_last_note_is_cut() -> None:
    score = parse_sheet("C | G7 |" + melody("c1+1", "d1", "e1+1")).score
    assert [(note.onset, note.duration) for note in score.melody.notes] == [(0, 3840), (3840, BAR), (5760, BAR)]
    assert [span.symbol for span in score.changes] == ["C", "G7"] * 2


def test_without_chords_they_are_inferred_and_without_melody_there_is_no_part() -> None:
    reading = parse_sheet(melody("c4", "e4", "g4", "c+4", "f4", "a4", "c+4", "f4"))
    assert reading.chords_reason == "chords: inferred from the melody alone, so a guess; the sheet has none"
    assert [span.duration for span in reading.score.changes]
    bare = parse_sheet("C | G7 |" + melody("r1", "r1"))
    assert bare.score.parts == ()
    assert (bare.melody_reason, bare.left_out) == ("melody: none in the sheet", ())


def test_sections_and_phrases_are_marked() -> None:
    sheet = (
        "(section (style bossa)) C | F | (phrase (style)) G | C (section (style waltz)) | (phrase) D | E | (style x) F"
    )
    assert [
        (mark.kind, mark.onset // BAR, mark.duration // BAR, mark.label) for mark in parse_sheet(sheet).score.marks
    ] == [
        ("section", 0, 4, "bossa"),
        ("phrase", 2, 2, ""),
        ("section", 4, 2, "waltz"),
        ("phrase", 4, 2, ""),
        ("section", 6, 1, "x"),
    ]


@pytest.mark.parametrize(
    ("style", "feel"),
    [
        ("(style african-slow (swing 0.5))", "straight"),
        ("(style bossa (swing 0.67))", "straight"),
        ("(style latin (swing 0.55))", "straight"),
        ("(style swing (swing 0.5))", "swing"),
        ("(style latin-swing)", "swing"),
        ("(style my-own (swing 0.67))", "swing"),
        ("(style my-own (swing 0.55))", "straight"),
        ("(style jazz-waltz)", "swing"),
        ("(style swing-SonnyClark)", "swing"),
        ("(style bossa-nova)", "straight"),
        ("(section (style funk))", "straight"),
        ("", "swing"),
    ],
)
def test_feel_comes_from_the_style(style: str, feel: str) -> None:
    assert parse_sheet(f"{style} C | F |").score.feel == feel


@pytest.mark.parametrize(
    ("key", "bars", "expected"),
    [
        ("(key 0)", "Am6 | E7b9 | Am6 |", "Am"),
        ("(key 0)", "CM7 | G7 | CM7 |", "C"),
        ("(key 5)", "CM7 | G7 | CM7 |", "B"),
        ("", "Gm6 | D7 | Gm6 |", "Gm"),
    ],
)
def test_the_signature_decides_and_the_chords_say_major_or_minor(key: str, bars: str, expected: str) -> None:
    assert str(parse_sheet(f"{key} {bars}").score.key) == expected


def test_what_is_left_out_is_said() -> None:
    head = "(comments as sung)(transpose 2)(playback-transpose -2)(lyrics la la)(lyrics la)"
    assert parse_sheet(head + "(part (type chords)(roadmap x)) C |").left_out == (
        "comments",
        "a transposition: all is as written",
        "a playback transposition: all is as written",
        "the directive (lyrics ..)",
        "a roadmap",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Xm7 |\n Hm7 |", "line 1: chord 'Xm7'"),
        ("C |\n\n c8 hb4", "line 3: 'hb4' is no note; write a to g (or r) and a duration, as in bb+8/3"),
        ("C |\n c8/0", "line 2: 'c8/0' lasts a 0th of a note; write 1 to 32"),
        ("C | c9999", "line 1: 'c9999' is shorter than a 1920th note"),
        ("C | c++++++", "line 1: 'c++++++' is outside MIDI's range: c----- to g+++++"),
        ("C " * 1921 + "|", "line 1: 1921 chords in one bar of 4/4; write one a beat"),
        ("(title x\n(key 0)\n C |", "line 1: '(' is never closed; write ')' after its directive"),
        ("C |\n)", "line 2: ')' closes nothing; take it out"),
        ("(" * (MAX_DEPTH + 1), "line 1: parentheses are 32 deep; is this an Impro-Visor leadsheet?"),
        ("(key 9) C |", "line 1: (key 9): write a whole number, -7 to 7"),
        ("(meter 4 3) C |", "line 1: (meter 4 3): the lower number is 1, 2, 4, 8, 16 or 32"),
        ("(meter four) C |", "line 1: (meter four): write a whole number, 1 to 64"),
        ("(tempo quick) C |", "line 1: (tempo quick): write beats a minute, as in (tempo 160.0)"),
        ("(tempo 2) C |", "tempo 2 is outside 4 to 1000"),
        ("(part (type drums)) C |", "line 1: a part of type 'drums'; write chords or melody"),
        ("(title nothing)", "holds neither chords nor a melody; is this an Impro-Visor leadsheet?"),
        ("- [ 8 ]", "holds neither chords nor a melody; is this an Impro-Visor leadsheet?"),
        ("C / D / |" + "c1+1+1+1 " * 12_600, "its choruses go on past 50000 bars or 200000 chords; split it"),
        ("| " * 3 + "C |" * 50_001, "line 1: the sheet goes on past 50000 bars; split it"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(JazzgenError, match=re.escape(message)):
        parse_sheet(text)


def test_a_file_in_latin_1_and_one_too_large(tmp_path: Path) -> None:
    path = tmp_path / "sheet.ls"
    path.write_bytes("(title Änne)\nC | F | G7 |".encode("latin-1"))
    (reading,) = readings(path, ReadOptions(bars=(2, 3)))
    assert reading.score.title == "Änne"
    assert [span.symbol for span in reading.score.changes] == ["F", "G7"]
    path.write_bytes(b"C |" * MAX_BYTES)
    with pytest.raises(CorpusError, match=r"it has 3 MiB; at most 1 are read, split it"):
        list(readings(path))


def test_bar_lines_among_notes_are_no_bars_of_chords() -> None:
    sheet = read_sheet("C | F |" + melody("c4 | d4 | e4") + "G7 | a4 |")
    assert [[word.text for word in bar] for bar in sheet.bars] == [["C"], ["F"], ["G7"]]


def test_items_read_as_they_are_written() -> None:
    (form,) = read_items("(title  My , (old) [x] song)")
    assert str(form) == "(title My , (old) [ x ] song)"


SPLICES = (
    "(",
    ")",
    "|",
    "/",
    "//",
    "/*",
    "*/",
    "(part (type melody))",
    "(meter 5 8)",
    "c8/0",
    "v",
    "NC",
    "+",
    "é",
    "\\",
)


@settings(max_examples=1)
@given(st.integers(0, 1 << 30))
def test_broken_sheets_end_in_one_line(seed: int) -> None:
    rng = random.Random(seed)
    source = HEAD + CHORDS + melody("f8", "a8/3", "c+4+8", "r2.", "v90", "bb-16") + melody("d1+2")
    for _ in range(300):
        assert all(len(line.splitlines()) == 1 for line in _lines(mutated(source, SPLICES, rng)))


def _lines(text: str) -> list[str]:
    """What reading a text says, whatever comes of it."""
    try:
        reading: Reading = parse_sheet(text)
    except JazzgenError as error:
        return [str(error)]
    return [reading.score.title, reading.melody_reason, reading.chords_reason, *reading.left_out]
