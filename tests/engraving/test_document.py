"""Scores written as MusicXML and read back."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import SYMBOLS, lines
from hypothesis import given
from hypothesis import strategies as st
from music21 import converter

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.players import PLAYERS, part_name
from jazzgen.engraving import musicxml_bytes, write_musicxml
from jazzgen.errors import OutputError
from jazzgen.formats.notation import readings
from jazzgen.formats.reading import Reading
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.score import Credits, Mark, Note, Part, Score
from jazzgen.music.swing import is_swung, swing, swing_ratio
from jazzgen.music.swung import hear_swing
from jazzgen.music.timing import Bar, Meter, iter_bars

EVEN = tuple(Note(240 * place, 240, 60 + place % 7, 64 + place) for place in range(16))
_LETTERS = st.characters(exclude_categories=["Cs", "Cn", "Zs", "Zl", "Zp", "Cc"])


@st.composite
def written_scores(draw: st.DrawFn) -> Score:
    """Scores that print holds whole: on the grid, in even eighths, with chords on beats and sections on bar lines."""
    meter = draw(st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(5, 4), Meter(7, 8), Meter(2, 2)]))
    pickup = 240 * draw(st.integers(0, meter.bar_ticks // 240 - 1))
    change = (pickup + 2 * meter.bar_ticks, draw(st.sampled_from([Meter(3, 4), Meter(12, 8)])))
    parts = [Part("Solo", draw(lines(grid_ticks=40)), 66)]
    if draw(st.booleans()):
        parts.append(Part("Bass", draw(lines(grid_ticks=120, low=28, high=50)), 32, 1))
    end = max(*(part.end for part in parts), pickup + 1)
    is_changed = draw(st.booleans()) and change[0] < end and change[1] != meter
    meters = ((0, meter), *((change,) if is_changed else ()))
    bars = list(iter_bars(meters, pickup, end))
    return Score(
        title=draw(st.text(_LETTERS, min_size=1)),
        tempos=((0, draw(st.integers(40_000, 300_000)) / 1000),),
        meters=meters,
        key=draw(st.sampled_from([Key(t) for t in MAJOR_TONICS] + [Key(t, minor=True) for t in MINOR_TONICS])),
        pickup=pickup,
        changes=draw(_changes(bars)),
        parts=tuple(parts),
        feel=draw(st.sampled_from(("swing", "straight"))),
        marks=_sections(bars),
    )


@st.composite
def _changes(draw: st.DrawFn, bars: list[Bar]) -> Changes:
    spans = []
    for bar in bars:
        halves = draw(st.sampled_from((1, 2))) if bar.duration % 80 == 0 else 1
        for half in range(halves):
            symbol = draw(st.sampled_from((*SYMBOLS, "C7b9/E", None)))
            length = bar.duration // halves
            spans.append(ChordSpan(bar.onset + half * length, length, parse_chord(symbol) if symbol else None))
    return tuple(spans)


def _sections(bars: list[Bar]) -> tuple[Mark, ...]:
    starts = [bar.onset for bar in bars[::3]]
    ends = [*starts[1:], bars[-1].end]
    return tuple(Mark(a, b - a, "section", "ABC"[n % 3]) for n, (a, b) in enumerate(zip(starts, ends, strict=True)))


def read_back(score: Score, path: Path) -> Score:
    path.write_bytes(musicxml_bytes(score))
    (reading,) = readings(path)
    assert isinstance(reading, Reading)
    return reading.score


@given(written_scores())
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, score: Score) -> None:
    back = read_back(score, tmp_path_factory.getbasetemp() / "score.musicxml")
    ratios = (2.0, swing_ratio(score.bpm))
    heard = hear_swing(score.melody.notes, score) if score.parts else None
    if heard or any(is_swung(part.notes, score.pickup, ratio) for part in score.parts for ratio in ratios):
        return  # it is evened, which another test is about
    assert [(p.name, p.program, p.notes) for p in back.parts] == [(p.name, p.program, p.notes) for p in score.parts]
    assert (back.title, back.key, back.pickup, back.feel) == (score.title, score.key, score.pickup, score.feel)
    assert back.meters == score.meters
    assert back.tempos == score.tempos
    assert back.changes == score.changes
    assert back.marks == score.marks


@given(written_scores())
def test_every_bar_is_filled_and_every_triplet_closed(score: Score) -> None:
    root = fromstring(musicxml_bytes(score))
    for part in root.iterfind("part"):
        for measure, bar in zip(part.iterfind("measure"), score.bars(), strict=False):
            assert sum(_length(note) for note in measure.iterfind("note")) == bar.duration
            ends = [end.get("type") for end in measure.iter("tuplet")]
            assert ends == ["start", "stop"] * (len(ends) // 2)
            assert all(_value(note) in (None, _length(note)) for note in measure.iterfind("note"))


def _length(note: Element) -> int:
    return 0 if note.find("chord") is not None else int(note.findtext("duration", "0"))


def _value(note: Element) -> Fraction | None:
    """Ticks that the printed value stands for."""
    names = {"whole": 1920, "half": 960, "quarter": 480, "eighth": 240, "16th": 120, "32nd": 60, "64th": 30}
    if (name := note.findtext("type")) is None:
        return None
    dotted = names[name] * (2 - Fraction(1, 2 ** len(note.findall("dot"))))
    return dotted * (Fraction(2, 3) if note.find("time-modification") is not None else 1)


def test_a_played_solo_is_written_even_under_the_word_swing(tmp_path: Path) -> None:
    for bpm in (80.0, 160.0, 230.0):
        played = tuple(replace(n, duration=n.duration - 9) for n in swing(EVEN, swing_ratio(bpm)))
        score = Score("Take", tempos=((0, bpm),), parts=(Part("Sax", played),), feel="straight")
        back = read_back(score, tmp_path / "take.musicxml")
        assert [(n.onset, n.duration) for n in back.melody.notes] == [(n.onset, n.duration) for n in EVEN]
        assert (back.feel, back.credits.rhythm_feel) == ("swing", "Swing")


def test_a_swung_pickup_of_an_eighth_stays_in_the_music(tmp_path: Path) -> None:
    notes = (Note(20, 140, 60), *(Note(180 + 320 + 480 * beat, 160, 60) for beat in range(4)))
    score = Score(pickup=180, parts=(Part("Sax", notes),), feel="straight")
    assert len(read_back(score, tmp_path / "pickup.musicxml").melody.notes) == 5


def test_chords_are_chords_and_what_overlaps_has_a_voice_of_its_own() -> None:
    comping = tuple(sorted([*(Note(0, 960, p) for p in (48, 52, 55)), Note(480, 960, 64)]))
    root = fromstring(musicxml_bytes(Score(parts=(Part("Piano", comping),), feel="straight")))
    notes = [note for note in root.iter("note") if note.find("pitch") is not None]
    heads = [(n.findtext("pitch/octave"), n.findtext("voice"), n.find("chord") is not None) for n in notes]
    assert heads == [("3", "1", False), ("3", "1", True), ("3", "1", True), ("4", "2", False)]


def test_drums_are_written_without_pitch() -> None:
    drums = Part("Drums", (Note(0, 240, 36), Note(480, 240, 51)), channel=9)
    root = fromstring(musicxml_bytes(Score(parts=(Part("Sax", EVEN), drums))))
    assert [n.findtext("unpitched/display-step") for n in root.findall("part[2]//note[unpitched]")] == ["F", "F"]
    assert [i.findtext("midi-unpitched") for i in root.findall("part-list/score-part[2]/midi-instrument")] == [
        "37",
        "52",
    ]


def test_a_gap_between_chords_is_no_chord(tmp_path: Path) -> None:
    gap = (ChordSpan(0, 480, parse_chord("C7")), ChordSpan(960, 960, parse_chord("F7")))
    back = read_back(Score(changes=gap, parts=(Part("Sax", EVEN[:8]),)), tmp_path / "gap.musicxml")
    assert [(s.onset, s.symbol) for s in back.changes] == [(0, "C7"), (480, "N.C."), (960, "F7")]


def test_changes_alone_are_a_chart(tmp_path: Path) -> None:
    chart = Score("Chart", changes=parse_changes("Dm7 G7alt | Cmaj7"))
    assert read_back(chart, tmp_path / "chart.musicxml").changes == chart.changes


def test_names_and_titles_that_xml_cannot_hold_are_written_without_those_signs(tmp_path: Path) -> None:
    score = Score('A "tune" & <more>\x00\x0b 🎷', parts=(Part("Sax\x07", EVEN),), credits=Credits(composer="Ann"))
    back = read_back(score, tmp_path / "odd.musicxml")
    assert (back.title, back.melody.name, back.credits.composer) == ('A "tune" & <more> 🎷', "Sax", "Ann")


def test_music21_reads_the_same_notes_and_chords() -> None:
    score = Score("Song", changes=parse_changes("Dm7 G7 | Cmaj7"), parts=(Part("Sax", EVEN, 66),), pickup=0)
    read = converter.parseData(musicxml_bytes(score).decode(), format="musicxml")
    notes = [(float(n.offset) * 480, n.pitch.midi) for n in read.parts[0].flatten().notes if n.isNote]
    assert notes == [(n.onset, n.pitch) for n in EVEN]
    assert [symbol.figure for symbol in read.recurse().getElementsByClass("ChordSymbol")] == ["Dm7", "G7", "Cmaj7"]
    assert read.metadata.title == "Song"


def test_the_same_score_gives_the_same_bytes_and_no_date() -> None:
    score = Score("Song", parts=(Part("Sax", EVEN),))
    assert musicxml_bytes(score) == musicxml_bytes(score)
    assert b"encoding-date" not in musicxml_bytes(score)


def test_writing_needs_no_music21() -> None:
    code = "import sys, jazzgen.engraving; print('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_folder_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="folder"):
        write_musicxml(Score(parts=(Part("Sax", EVEN),)), tmp_path / "no" / "x.musicxml")


def test_a_legato_solo_is_one_voice() -> None:
    notes = (Note(0, 500, 60), Note(480, 700, 62), Note(960, 480, 64))
    solo, other = Part("Sax", notes, 66), Part("Guitar", notes, 26, channel=1)
    root = fromstring(musicxml_bytes(Score(parts=(solo, other))))
    voices = [{voice.text for voice in part.iter("voice")} for part in root.iter("part")]
    assert len(voices[0]) == 1
    assert len(voices[1]) > 1


def test_a_full_score_names_every_player_with_clef_and_sound() -> None:
    solo = Part("Solo", EVEN, 66)
    score = Score(changes=parse_changes("Dm7 | G7 | Cmaj7 | Cmaj7"), parts=(solo,))
    band = arrange(score, Arrangement(band=tuple(PLAYERS)), rng=np.random.default_rng(1))
    root = fromstring(musicxml_bytes(band, tidy=True))
    listed = root.findall("part-list/score-part")
    assert [part.findtext("part-name") for part in listed] == ["Solo", *map(part_name, PLAYERS)]
    programs = {part.findtext("part-name"): part.findtext("midi-instrument/midi-program") for part in listed}
    assert (programs["Vibraphone"], programs["Organ"]) == ("12", "17")
    clefs = dict(zip(programs, (part.findtext(".//clef/sign") for part in root.iter("part")), strict=True))
    assert clefs == dict.fromkeys(programs, "G") | {"Bass": "F", "Drums": "percussion"}


@pytest.mark.parametrize(
    ("feel", "named", "printed"),
    [
        ("swing", "", ["Swing"]),
        ("swing", "Medium swing", ["Medium swing"]),
        ("swing", "Blues", ["Swing"]),
        ("straight", "Bossa Nova", ["Bossa Nova"]),
        ("straight", "", []),
    ],
)
def test_the_style_stands_beside_the_tempo(feel: Literal["swing", "straight"], named: str, printed: list[str]) -> None:
    score = Score(feel=feel, credits=Credits(rhythm_feel=named), parts=(Part("Sax", EVEN),))
    root = fromstring(musicxml_bytes(score))
    assert [words.text for words in root.iter("words")] == printed
