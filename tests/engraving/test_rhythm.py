"""Rhythm as it is printed: played lines made readable, written ones as they are."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from jazzgen.corpus import read_score
from jazzgen.engraving import musicxml_bytes
from jazzgen.engraving.engrave import engrave
from jazzgen.engraving.quantize import readable
from jazzgen.engraving.rhythm import asks_for_double_time, in_double_time, printed
from jazzgen.music.score import Feel, Note, Part, Score, Written
from jazzgen.music.swing import swing
from jazzgen.music.timing import Meter, iter_bars

CASES = Path(__file__).parent / "cases"


def value(note: Element) -> str:
    rest = note.find("rest")
    if rest is not None and rest.get("measure"):
        return "bar rest"
    ratio = note.findtext("time-modification/actual-notes")
    text = note.findtext("type", "?") + "." * len(note.findall("dot")) + (f"/{ratio}" if ratio else "")
    return ("r:" if rest is not None else "") + text


def bars(score: Score, *, exact: bool = False) -> list[list[str]]:
    root = fromstring(musicxml_bytes(score, tidy=True, exact=exact))
    return [[value(note) for note in measure.iter("note")] for measure in root.iter("measure")]


def line(*rows: tuple[int, int], bpm: float = 120.0, meter: str = "4/4") -> Score:
    notes = tuple(Note(onset, duration, 60 + number % 12) for number, (onset, duration) in enumerate(rows))
    return Score(tempos=((0, bpm),), meters=((0, Meter.parse(meter)),), parts=(Part("Solo", notes),), feel="straight")


def written(text: str, folder: Path) -> Score:
    """Return an ABC tune in C: its meter line and its notes."""
    path = folder / "tune.abc"
    path.write_text(f"X:1\nT:Tune\nL:1/8\nQ:1/4=120\nK:C\n{text}\n")
    return read_score(path)


def printed_bars(score: Score) -> list[str]:
    return [" ".join(bar) for bar in bars(score, exact=True)]


def brackets(score: Score) -> list[str]:
    """Return the tuplets as printed: their numbers, in brackets if they have one."""
    root = fromstring(musicxml_bytes(score, tidy=True, exact=True))
    return [
        f"[{number}]" if tuplet.get("bracket") == "yes" else number
        for note in root.iter("note")
        for tuplet in note.iter("tuplet")
        if (number := note.findtext("time-modification/actual-notes", "")) and tuplet.get("type") == "start"
    ]


def test_tuplets() -> None:
    assert printed_bars(read_score(CASES / "tuplets.abc")) == [
        "quarter/3 quarter/3 quarter/3 quarter quarter",
        "half/3 half/3 half/3",
        "eighth/3 eighth/3 eighth/3 eighth/3 eighth/3 eighth/3 16th/5 16th/5 16th/5 16th/5 16th/5 quarter",
        "quarter quarter/3 quarter/3 quarter/3 r:quarter",
        "r:eighth/3 eighth/3 eighth/3 eighth/3 r:eighth/3 eighth/3 eighth/3 eighth/3 r:eighth/3 r:quarter",
        "quarter. eighth/3 eighth/3 eighth/3 eighth quarter",
        "16th/7 16th/7 16th/7 16th/7 16th/7 16th/7 16th/7 quarter r:half",
        "16th/6 16th/6 16th/6 16th/6 16th/6 16th/6 16th/3 16th/3 16th/3 eighth quarter r:quarter",
        "16th 16th 16th 16th 32nd 32nd 32nd 32nd 32nd 32nd 32nd 32nd quarter r:quarter",
    ]


def test_a_tuplet_has_a_bracket_unless_a_beam_holds_it_together() -> None:
    assert brackets(read_score(CASES / "tuplets.abc")) == [
        *("[3]", "[3]"),  # quarters and halves have no beam
        *("3", "3", "5"),
        "[3]",
        *("[3]", "[3]", "[3]"),  # a rest breaks the beam
        *("3", "7", "6"),
        "3",  # sixteenths, before an eighth on the same beam
    ]


@pytest.mark.parametrize(
    ("text", "expected", "numbers"),
    [
        (
            "M:4/4\nC(3D/E/F/ G2 (3E/F/G/(3A/B/c/ c2|",
            "eighth 16th/3 16th/3 16th/3 quarter 16th/6 16th/6 16th/6 16th/6 16th/6 16th/6 quarter",
            ["3", "6"],
        ),
        (
            "M:3/4\n(3C2D2E2 (5:4:5F/G/A/B/c/|",
            "quarter/3 quarter/3 quarter/3 16th/5 16th/5 16th/5 16th/5 16th/5",
            ["[3]", "5"],
        ),
        ("M:6/8\n(4:3:4CDEF G3|", "eighth/4 eighth/4 eighth/4 eighth/4 quarter.", ["4"]),
        ("M:4/4\nC/D/(3E/F/G/ C2 C4|", "16th 16th 16th/3 16th/3 16th/3 quarter half", ["3"]),
    ],
)
def test_other_tuplets(text: str, expected: str, numbers: list[str], tmp_path: Path) -> None:
    score = written(text, tmp_path)
    assert printed_bars(score) == [expected]
    assert brackets(score) == numbers


def test_rests() -> None:
    assert printed_bars(read_score(CASES / "rests.abc")) == [
        "eighth r:eighth r:quarter r:half",
        "quarter r:quarter r:half",
        "eighth r:eighth r:quarter r:eighth eighth r:quarter",
        "r:eighth quarter eighth eighth quarter eighth",
        "quarter. eighth quarter quarter",
        "quarter quarter eighth quarter.",
        "bar rest",
        "r:quarter quarter r:half",
        "r:quarter r:eighth eighth r:half",
        "eighth r:eighth r:quarter r:quarter r:eighth eighth",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M:4/4\nC/ z/ z z2 z3 C|", "16th r:16th r:eighth r:quarter r:quarter r:eighth eighth"),
        ("M:3/4\nC2 z4|", "quarter r:quarter r:quarter"),
        ("M:5/4\nC2 z8|", "quarter r:quarter r:quarter r:half"),
        ("M:6/8\nC z2 z2 C|", "eighth r:eighth r:eighth r:quarter eighth"),
        ("M:12/8\nC3 z9|", "quarter. r:quarter. r:half."),
        ("M:7/8\nC2 z2 z3|", "quarter r:quarter r:quarter."),
    ],
)
def test_other_rests(text: str, expected: str, tmp_path: Path) -> None:
    assert printed_bars(written(text, tmp_path)) == [expected]


def test_meters() -> None:
    assert printed_bars(read_score(CASES / "meters.abc")) == [
        "quarter. r:quarter.",
        "eighth r:eighth r:eighth r:quarter eighth",
        "quarter eighth eighth quarter",
        "eighth eighth eighth eighth eighth eighth",
        "r:eighth quarter r:quarter eighth",
        "quarter. eighth quarter",
        "quarter quarter quarter quarter quarter",
        "half. half",
        "eighth eighth eighth eighth eighth eighth eighth",
        "half quarter.",
        " ".join(["eighth"] * 12),
        "half r:half",
        "quarter r:quarter",
        "bar rest",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M:5/4\nC3 D3 E4|", "quarter. quarter. half"),
        ("M:5/4\nC4 D6|", "half quarter half"),
        ("M:12/8\nC6 D2 E4|", "half. quarter eighth quarter."),
        ("M:7/8\nC3 D4|", "quarter. eighth quarter."),
        ("M:3/4\nC D4 E|", "eighth eighth quarter. eighth"),
        ("M:9/8\nC9|", "half. quarter."),
        ("M:2/2\nC D2 E2 F2 G|", "eighth quarter eighth eighth quarter eighth"),
    ],
)
def test_other_meters(text: str, expected: str, tmp_path: Path) -> None:
    assert printed_bars(written(text, tmp_path)) == [expected]


def pickup_beams(score: Score) -> list[str | None]:
    measure = next(fromstring(musicxml_bytes(score, tidy=True, exact=True)).iter("measure"))
    assert measure.get("implicit") == "yes"
    return [note.findtext("beam") for note in measure.iter("note")]


@pytest.mark.parametrize(("feel", "values"), [("swing", "eighth"), ("straight", "triplet")])
def test_a_long_and_a_short_third_that_are_told_are_eighths_where_they_swing(feel: Feel, values: str) -> None:
    """Played unevenly, as people do, so that nothing but what they say tells where they are written."""
    notes = tuple(
        Note(onset, 100, 60 + number, written=Written(late, 320 if number % 2 == 0 else 160))
        for number, (onset, late) in enumerate([(20, 20), (350, 30), (470, -10), (811, 11), (990, 30), (1310, 30)])
    )
    score = Score(parts=(Part("Solo", notes),), feel=feel)
    (bar,) = bars(score)
    expected = ["eighth"] * 6 if values == "eighth" else ["quarter/3", "eighth/3"] * 3
    assert bar[:6] == expected


def test_pickup_swing() -> None:
    score = read_score(CASES / "pickup_swing.abc")
    assert printed_bars(score)[:2] == ["eighth eighth eighth", "quarter eighth eighth eighth eighth quarter"]
    assert pickup_beams(score) == ["begin", "continue", "end"]


def test_pickup_tempo() -> None:
    score = read_score(CASES / "pickup_tempo.musicxml")
    assert pickup_beams(score) == ["begin", "continue", "end"]
    # bar 1 starts section A, and yet is on the line of its pickup; B starts the second
    (page,) = engrave(score)
    assert len(re.findall(r'class="system\b(?!Milestone)', page)) == 2


@pytest.mark.parametrize(
    ("text", "beamed"),
    [
        ("M:3/4\nC D|E2 F2 G2|", ["begin", "end"]),
        ("M:4/4\nB,C/D/|E2 F2 G2 A2|", ["begin", "continue", "end"]),
        ("M:6/8\nC D|E3 F3|", ["begin", "end"]),
        ("M:4/4\nC DEFG|E2 F2 G2 A2|", [None, "begin", "continue", "continue", "end"]),
    ],
)
def test_other_pickups_are_beamed_to_the_bar_line(text: str, beamed: list[str | None], tmp_path: Path) -> None:
    assert pickup_beams(written(text, tmp_path)) == beamed


def metronome(score: Score) -> str:
    mark = next(fromstring(musicxml_bytes(score, tidy=True)).iter("metronome"))
    return f"{mark.findtext('beat-unit')}{'.' * len(mark.findall('beat-unit-dot'))} {mark.findtext('per-minute')}"


def test_sixeight() -> None:
    assert metronome(read_score(CASES / "sixeight.musicxml")) == "quarter. 80"


def test_tempos_in_other_meters() -> None:
    assert metronome(line((0, 240), meter="12/8", bpm=90)) == "quarter. 60"
    assert metronome(line((0, 240), meter="3/4", bpm=90)) == "quarter 90"


def test_a_played_triplet_off_by_some_milliseconds_is_a_triplet() -> None:
    assert bars(line((3, 150), (165, 150), (318, 150), (484, 470), bpm=160)) == [
        ["eighth/3"] * 3 + ["quarter", "r:half"]
    ]


def test_swung_eighths_are_eighths() -> None:
    even = tuple(Note(240 * place, 240, 60 + place % 5) for place in range(16))
    swung = Score(tempos=((0, 120.0),), parts=(Part("Solo", tuple(swing(even, 1.7))),))
    assert bars(swung) == [["eighth"] * 8] * 2


def test_exact_keeps_what_is_played() -> None:
    score = line((0, 320), (320, 160), (480, 320), (800, 160))
    kept = printed(score.melody, score, "exact")
    assert kept.part.notes == score.melody.notes
    assert not kept.swung


def test_a_crushed_note_is_a_grace_note() -> None:
    score = line((0, 455), (455, 24), (480, 480))
    made = printed(score.melody, score, "readable")
    assert [note.onset for note in made.part.notes] == [0, 480]
    assert {onset: len(notes) for onset, notes in made.graces.items()} == {480: 1}


def test_notes_of_a_line_that_fall_on_one_place_are_no_chord() -> None:
    notes = (Note(0, 240, 60), Note(480, 40, 62), Note(480, 240, 64))
    bars = list(iter_bars(((0, Meter()),), 0, 3840))
    made = readable(notes, bars, ((0, 120.0),), is_line=True)
    assert [(note.onset, note.pitch) for note in made.notes] == [(0, 60), (480, 64)]
    assert [note.pitch for note in made.graces[480]] == [62]
    struck = readable(notes, bars, ((0, 120.0),), is_line=False)
    assert [note.pitch for note in struck.notes] == [60, 62, 64]


def test_double_time_writes_two_bars_for_each_and_keeps_the_time() -> None:
    ballad = line(*((60 * place, 60) for place in range(32)), bpm=60)
    assert asks_for_double_time(ballad)
    doubled = in_double_time(ballad)
    assert doubled.bpm == 120
    assert len(list(doubled.bars())) == 2 * len(list(ballad.bars()))
    assert [note.onset for note in doubled.melody.notes] == [120 * place for place in range(32)]
    assert not asks_for_double_time(replace(ballad, tempos=((0, 160.0),)))


@pytest.mark.parametrize("bpm", [60, 200])
def test_what_sounds_alike_is_written_the_simpler_way_when_fast(bpm: float) -> None:
    jittered = line(*((240 * place + (7 if place % 2 else -5) * (place > 0), 200) for place in range(8)), bpm=bpm)
    assert bars(jittered)[0] == ["eighth"] * 8
