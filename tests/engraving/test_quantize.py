"""From ticks to notation: what is written stays, what is played loses nothing, and what is printed is read back."""

from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.engraving import musicxml_bytes
from jazzgen.engraving.division_table import DIVISIONS
from jazzgen.engraving.quantize import is_exact, readable
from jazzgen.engraving.rhythm import Rhythm, in_double_time, printed
from jazzgen.formats.notation import readings
from jazzgen.formats.reading import Reading
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter, iter_bars

METERS = ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8")
_WRITTEN = [d for d in DIVISIONS if not d.is_rare and d.count in (1, 2, 3, 5, 6, 7) and d.cost < 8]


@st.composite
def written_scores(draw: st.DrawFn) -> Score:
    """A line as somebody would write it: each beat in one division, a note on each part; some beats are rests."""
    meter = Meter.parse(draw(st.sampled_from(METERS)))
    beat = 720 if meter.denominator == 8 and meter.numerator % 3 == 0 else 240 if meter.denominator == 8 else 480
    fitting = [division for division in _WRITTEN if division.length == beat]
    notes: list[Note] = []
    for number in range(draw(st.integers(1, 3)) * meter.bar_ticks // beat):
        division = draw(st.none() | st.sampled_from(fitting))
        if division:
            points = [number * beat + division.point(part) for part in range(division.count + 1)]
            notes += (Note(a, b - a, draw(st.integers(50, 80))) for a, b in pairwise(points))
    notes = notes or [Note(0, beat, 60)]
    return Score(meters=((0, meter),), parts=(Part("Solo", tuple(notes)),), feel="straight")


@st.composite
def played_scores(draw: st.DrawFn) -> Score:
    """A line at any ticks and tempo, with or without a pickup."""
    meter = Meter.parse(draw(st.sampled_from(METERS)))
    gaps = draw(st.lists(st.tuples(st.integers(10, 700), st.integers(5, 100)), min_size=1, max_size=30))
    onset = draw(st.integers(0, 900))
    notes = []
    for gap, share in gaps:
        notes.append(Note(onset, max(gap * share // 100, 1), draw(st.integers(50, 80))))
        onset += gap
    return Score(
        tempos=((0, float(draw(st.integers(40, 320)))),),
        meters=((0, meter),),
        pickup=draw(st.integers(0, meter.bar_ticks // 240 - 1)) * 240,
        parts=(Part("Solo", tuple(notes)),),
        feel="straight",
    )


def read_back(document: bytes, folder: Path) -> Notes:
    path = folder / "quantized.musicxml"
    path.write_bytes(document)
    (reading,) = readings(path)
    assert isinstance(reading, Reading)
    return reading.score.melody.notes


def places(notes: Notes) -> list[tuple[int, int, int]]:
    return [(note.onset, note.end, note.pitch) for note in notes]


@settings(deadline=None)
@given(written_scores(), st.sampled_from(("readable", "grid", "exact")))
def test_what_is_written_stays(score: Score, rhythm: Rhythm) -> None:
    made = printed(score.melody, score, rhythm)
    if not made.swung:  # what sounds like swung eighths is written so
        assert made.part.notes == score.melody.notes
        assert not made.graces


@settings(deadline=None)
@given(written_scores())
def test_what_is_written_needs_no_ties(score: Score) -> None:
    root = fromstring(musicxml_bytes(score, exact=True))
    signs = [note for note in root.iter("note") if note.find("pitch") is not None]
    assert len(signs) == len(score.melody.notes)


@settings(deadline=None)
@given(played_scores())
def test_no_note_is_lost_and_order_stays(score: Score) -> None:
    made = printed(score.melody, score, "readable")
    in_order = [g.pitch for note in made.part.notes for g in (*made.graces.get(note.onset, ()), note)]
    assert in_order == [note.pitch for note in score.melody.notes]
    assert all(a.end <= b.onset for a, b in pairwise(made.part.notes))
    assert set(made.graces) <= {note.onset for note in made.part.notes}


@settings(deadline=None)
@given(played_scores())
def test_durations_fill_each_bar(score: Score) -> None:
    root = fromstring(musicxml_bytes(score, tidy=True))
    divisions = int(root.findtext(".//divisions") or 0)
    made = printed(score.melody, score, "readable")
    bars = list(iter_bars(score.meters, score.pickup, max(score.end, made.part.end)))
    for measure, bar in zip(root.iter("measure"), bars, strict=True):
        total = sum(int(note.findtext("duration") or 0) for note in measure.iter("note"))
        assert total * 480 == bar.duration * divisions


@settings(deadline=None)
@given(played_scores() | written_scores())
def test_what_is_printed_is_read_back(tmp_path_factory: pytest.TempPathFactory, score: Score) -> None:
    made = printed(score.melody, score, "readable")
    found = read_back(musicxml_bytes(score, tidy=True), tmp_path_factory.getbasetemp())
    assert places(found) == places(made.part.notes)


@settings(deadline=None)
@given(played_scores())
def test_double_time_is_twice_as_long_at_twice_the_tempo(score: Score) -> None:
    doubled = in_double_time(score)
    assert doubled.bpm == 2 * score.bpm
    assert [note.pitch for note in doubled.melody.notes] == [note.pitch for note in score.melody.notes]
    assert (doubled.pickup - 2 * score.pickup) % score.meter.bar_ticks == 0


def line(*rows: tuple[int, int]) -> Notes:
    return tuple(Note(onset, end - onset, 60 + number % 12) for number, (onset, end) in enumerate(rows))


def test_two_notes_of_a_pitch_near_one_place_both_stay() -> None:
    notes = tuple(Note(onset, length, 60) for onset, length in ((480, 9), (490, 300), (960, 400)))
    score = Score(parts=(Part("Solo", notes),), feel="straight")
    made = printed(score.melody, score, "readable")
    assert len(made.part.notes) + sum(map(len, made.graces.values())) == 3
    assert len(in_double_time(score).melody.notes) == 3


def set_at(notes: Notes, bpm: float) -> list[tuple[int, int]]:
    bars = list(iter_bars(((0, Meter()),), 0, 3840))
    return [(note.onset, note.end) for note in readable(notes, bars, ((0, bpm),), is_line=True).notes]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(0, 100), (240, 480)], [240, 480]),  # staccato eighths are eighths
        ([(0, 300), (480, 960)], [480, 960]),  # a quarter is a quarter however short
        ([(0, 200), (960, 1200)], [240, 1200]),  # before a rest of beats an eighth stays one
        ([(0, 700), (1920, 2400)], [720, 2400]),  # a note ends where a beat or its half is
        ([(0, 160), (160, 300), (320, 440)], [160, 320, 480]),  # triplets
    ],
)
def test_notes_end_where_the_next_starts_or_a_beat_or_its_half_is(
    rows: list[tuple[int, int]], expected: list[int]
) -> None:
    assert [end for _, end in set_at(line(*rows), 120)] == expected


def test_a_fast_figure_is_written_simply_and_a_slow_one_as_it_is() -> None:
    # the second of two notes comes a sixth of a beat late: 33 ms at 300 bpm, 167 ms at 60
    late = line((0, 320), (320, 480), (480, 960))
    assert [onset for onset, _ in set_at(late, 300)] == [0, 240, 480]
    assert [onset for onset, _ in set_at(late, 60)] == [0, 320, 480]


@pytest.mark.parametrize("count", [5, 6, 7])
def test_fast_runs_get_the_number_that_fits(count: int) -> None:
    onsets = [round(480 * part / count) for part in range(count)]
    played = line(*((max(onset + (-1) ** n * 4, 0), onset + 50) for n, onset in enumerate(onsets)), (480, 960))
    assert [onset for onset, _ in set_at(played, 70)] == [*onsets, 480]


def test_an_end_as_played_makes_no_tuplet() -> None:
    bars = list(iter_bars(((0, Meter()),), 0, 1920))
    assert is_exact(line((0, 160), (160, 320), (320, 480)), bars)
    assert not is_exact(line((0, 160), (480, 960)), bars)  # a short eighth, not a triplet of one note


def test_neighbours_agree_where_both_ways_are_as_near() -> None:
    # the middle beat's notes lie half way between places of a triplet and of sixteenths
    def middle(*places: int) -> int:
        around = [start + place for start in (0, 960, 1440) for place in places]
        onsets = sorted([*around, 480, 480 + 140, 480 + 340])
        return set_at(line(*((onset, onset + 50) for onset in onsets)), 140)[onsets.index(620)][0]

    assert middle(0, 160, 320) == 640
    assert middle(0, 120, 240, 360) == 600
