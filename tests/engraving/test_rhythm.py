"""Rhythm as it is printed: played lines made readable, written ones as they are."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.corpus import read_score
from jazzgen.engraving import musicxml_bytes
from jazzgen.engraving.quantize import readable
from jazzgen.engraving.rhythm import asks_for_double_time, in_double_time, printed
from jazzgen.music.score import Note, Part, Score
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


def test_tuplets_are_written_as_they_were() -> None:
    sheet = bars(read_score(CASES / "tuplets.abc"), exact=True)
    assert sheet[0] == ["quarter/3"] * 3 + ["quarter"] * 2
    assert sheet[1] == ["half/3"] * 3
    assert sheet[2][6:11] == ["16th/5"] * 5
    assert sheet[6][:7] == ["16th/7"] * 7
    assert sheet[7][:6] == ["16th/6"] * 6
    assert sheet[8][4:12] == ["32nd"] * 8


def test_rests_show_the_beats() -> None:
    sheet = bars(read_score(CASES / "rests.abc"), exact=True)
    assert sheet[0] == ["eighth", "r:eighth", "r:quarter", "r:half"]
    assert sheet[1] == ["quarter", "r:quarter", "r:half"]
    assert sheet[6] == ["bar rest"]
    assert not any(sign.startswith("r:") and sign.endswith(".") for bar in sheet for sign in bar)


def test_compound_and_odd_meters_show_their_beats() -> None:
    sheet = bars(read_score(CASES / "meters.abc"), exact=True)
    assert sheet[0] == ["quarter.", "r:quarter."]
    assert sheet[5] == ["quarter.", "eighth", "quarter"]
    assert sheet[7] == ["half.", "half"]
    assert sheet[13] == ["bar rest"]


def test_a_pickup_that_swings_stays_before_the_bar_line() -> None:
    assert bars(read_score(CASES / "pickup_swing.abc"), exact=True)[0] == ["eighth"] * 3


def test_a_tempo_in_dotted_quarters_is_printed_so() -> None:
    root = fromstring(musicxml_bytes(read_score(CASES / "sixeight.musicxml"), tidy=True))
    (mark, *_) = root.iter("metronome")
    assert [child.tag for child in mark] == ["beat-unit", "beat-unit-dot", "per-minute"]
    assert mark.findtext("per-minute") == "80"


def test_a_pickup_is_beamed_to_the_bar_line() -> None:
    root = fromstring(musicxml_bytes(read_score(CASES / "pickup_tempo.musicxml"), tidy=True))
    first = next(root.iter("measure"))
    assert first.get("implicit") == "yes"
    beams = [note.findtext("beam") for note in first.iter("note")]
    assert beams[-1] in ("end", None)


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


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1900), st.integers(20, 400)), min_size=1, max_size=14),
    st.sampled_from(["3/4", "4/4", "5/4", "6/8", "7/8", "12/8"]),
    st.floats(50, 300),
)
def test_played_lines_lose_no_note_and_keep_their_order(rows: list[tuple[int, int]], meter: str, bpm: float) -> None:
    onsets = sorted({onset // 40: onset for onset, _ in rows}.values())
    onsets = onsets[:1] + [b for a, b in pairwise(onsets) if b - a >= 40]  # those nearer may be a chord
    ends = [*onsets[1:], onsets[-1] + 400]
    score = line(*((a, b - a) for a, b in zip(onsets, ends, strict=True)), bpm=bpm, meter=meter)
    made = printed(score.melody, score, "readable")
    graces = [note for notes in made.graces.values() for note in notes]
    assert len(made.part.notes) + len(graces) == len(onsets)
    pitches = [note.pitch for note in sorted([*made.part.notes], key=lambda note: note.onset)]
    assert len({note.onset for note in made.part.notes}) == len(pitches)
    root = fromstring(musicxml_bytes(score, tidy=True))
    divisions = int(root.findtext(".//divisions", "480"))
    for measure, bar in zip(root.iter("measure"), score.bars(), strict=False):
        total = sum(int(note.findtext("duration", "0")) for note in measure.iter("note") if note.find("chord") is None)
        assert total * 480 == bar.duration * divisions


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([120, 240, 480, 720, 960]), min_size=1, max_size=12))
def test_a_line_of_plain_values_is_printed_as_it_is(values: list[int]) -> None:
    rows, onset = [], 0
    for duration in values:
        rows.append((onset, duration))
        onset += duration
    score = line(*rows)
    if not printed(score.melody, score, "grid").swung:
        assert printed(score.melody, score, "readable").part.notes == score.melody.notes


@pytest.mark.parametrize("bpm", [60, 200])
def test_what_sounds_alike_is_written_the_simpler_way_when_fast(bpm: float) -> None:
    jittered = line(*((240 * place + (7 if place % 2 else -5) * (place > 0), 200) for place in range(8)), bpm=bpm)
    assert bars(jittered)[0] == ["eighth"] * 8
