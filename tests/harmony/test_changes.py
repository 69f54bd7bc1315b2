"""The line of changes: laid out in ticks, written again, moved to other keys, errors by bar."""

from itertools import pairwise
from pathlib import Path

import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import chords
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import MAX_BARS, Changes, Chart, ChordSpan, chord_at, format_chart, parse_chart
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.timing import Meter

METERS = [Meter(), Meter(3, 4), Meter(5, 4), Meter(6, 8), Meter(7, 8), Meter(2, 2), Meter(1, 4)]
LABELS = st.sampled_from(["A", "B", "A1", "Bridge", "Solo & vamp", "#1", "1.", "3/4", "%"])
KEYS = [Key(tonic) for tonic in MAJOR_TONICS] + [Key(tonic, minor=True) for tonic in MINOR_TONICS]


def spans(*laid_out: tuple[int, int, str]) -> Changes:
    return tuple(
        ChordSpan(onset, duration, None if symbol == "N.C." else parse_chord(symbol))
        for onset, duration, symbol in laid_out
    )


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Bars of several meters, each filled with chords whole beats long, some of them the start of a section."""
    spans: list[ChordSpan] = []
    meters: list[tuple[int, Meter]] = []
    sections: list[tuple[int, str]] = []
    onset = 0
    for meter in draw(st.lists(st.sampled_from(METERS), min_size=1, max_size=5)):
        if not meters or meter != meters[-1][1]:
            meters.append((onset, meter))
        if draw(st.booleans()):
            sections.append((onset, draw(LABELS)))
        left = meter.numerator
        while left:
            beats = draw(st.integers(1, left))
            spans.append(ChordSpan(onset, beats * meter.beat_ticks, draw(st.none() | chords())))
            onset, left = spans[-1].end, left - beats
    return Chart(tuple(spans), tuple(meters), tuple(sections))


@pytest.mark.parametrize(
    ("text", "meter", "expected"),
    [
        ("Dm7 | G7", "4/4", [(0, 1920, "Dm7"), (1920, 1920, "G7")]),
        ("| Dm7 G7 | Cmaj7 |", "4/4", [(0, 960, "Dm7"), (960, 960, "G7"), (1920, 1920, "Cmaj7")]),
        ("C | %", "4/4", [(0, 1920, "C"), (1920, 1920, "C")]),
        ("C F | % | %", "4/4", [(t * 960, 960, "CF"[t % 2]) for t in range(6)]),
        ("F7 . . Bb7", "4/4", [(0, 1440, "F7"), (1440, 480, "Bb7")]),
        ("F7 / Bb7 /", "4/4", [(0, 960, "F7"), (960, 960, "Bb7")]),
        ("N.C. | nc | C", "4/4", [(0, 1920, "N.C."), (1920, 1920, "N.C."), (3840, 1920, "C")]),
        ("N.C. . . C7", "4/4", [(0, 1440, "N.C."), (1440, 480, "C7")]),
        ("C | F", "3/4", [(0, 1440, "C"), (1440, 1440, "F")]),
        ("C . F", "3/4", [(0, 960, "C"), (960, 480, "F")]),
        ("C F", "6/8", [(0, 720, "C"), (720, 720, "F")]),
        ("C . . F .", "5/4", [(0, 1440, "C"), (1440, 960, "F")]),
        ("C\nF", "4/4", [(0, 1920, "C"), (1920, 1920, "F")]),
        ("| C |\n\n|\n| F |\n", "4/4", [(0, 1920, "C"), (1920, 1920, "F")]),
        ("C |\nF | G", "4/4", [(0, 1920, "C"), (1920, 1920, "F"), (3840, 1920, "G")]),
        ("CΔ %", "4/4", [(0, 960, "Cmaj7"), (960, 960, "Cmaj7")]),
        ("F7 % . Bb7", "4/4", [(0, 480, "F7"), (480, 960, "F7"), (1440, 480, "Bb7")]),
        ("C F | % G", "4/4", [(0, 960, "C"), (960, 960, "F"), (1920, 960, "F"), (2880, 960, "G")]),
        ("C7(b9, #11) F#m7", "4/4", [(0, 960, "C7b9#11"), (960, 960, "F#m7")]),
        ("C|F||G7", "2/4", [(0, 960, "C"), (960, 960, "F"), (1920, 960, "G7")]),
    ],
)
def test_changes_are_laid_out_in_ticks(text: str, meter: str, expected: list[tuple[int, int, str]]) -> None:
    assert parse_changes(text, Meter.parse(meter)) == spans(*expected)


@pytest.mark.parametrize(
    ("text", "meter", "message"),
    [
        ("", "4/4", "the changes are empty: write bars"),
        (" | \n", "4/4", "the changes are empty"),
        ("C | . F", "4/4", "bar 2: '.' holds a chord, and the bar starts with none"),
        ("/ C", "4/4", "bar 1: '/' holds a chord"),
        ("C | F | C F G", "4/4", "bar 3: 3 chords do not share 4/4 equally; write one item a beat.*'C . F G'"),
        ("C F", "3/4", "bar 1: 2 chords do not share 3/4 equally.*, as in 'C . F'"),
        ("C | F G A B", "3/4", "bar 2: 4 chords are more than 3/4 has beats; write fewer, or another meter"),
        ("C F G", "5/4", "bar 1: 3 chords do not share 5/4 equally"),
        ("C F | 3/4 %", "4/4", "bar 2: 2 chords do not share 3/4 equally"),
        ("C | Dmm7", "4/4", "bar 2: chord 'Dmm7': 'm7' is not understood; did you mean Dm7"),
        ("C\nF\nH7", "4/4", "bar 3: chord 'H7': a chord starts with its root"),
        ("|: C | F :| H7", "4/4", "bar 3: chord 'H7'"),
        ("Dm7 G7 xyz", "4/4", "bar 1: chord 'xyz'.*, after 'G7'"),
        ("Fmaj7 7", "4/4", "bar 1: chord '7'.*, after 'Fmaj7'"),
        ("C Es7 F G", "4/4", "bar 1: chord 'Es7'.*did you mean Eb7"),
    ],
)
def test_errors_name_the_bar_and_the_cure(text: str, meter: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_changes(text, Meter.parse(meter))


def test_as_many_bars_are_read_as_the_limit_says_and_no_more() -> None:
    assert len(parse_changes("C\n" * MAX_BARS)) == MAX_BARS
    with pytest.raises(ChordError, match=f"more than {MAX_BARS} bars; no more are read"):
        parse_changes("C\n" * (MAX_BARS + 1))
    with pytest.raises(ChordError, match=f"more than {MAX_BARS} bars with their repeats"):
        parse_changes("C\n" * (MAX_BARS // 2 + 1) + ":|")


def test_meters_and_sections_are_kept_where_they_start() -> None:
    chart = parse_chart("[A] C | 3/4 F | G . C | [B] 4/4 Am | 4/4 Dm\n[A] 6/8 G F")
    assert chart.meters == ((0, Meter()), (1920, Meter(3, 4)), (4800, Meter()), (8640, Meter(6, 8)))
    assert chart.sections == ((0, "A"), (4800, "B"), (8640, "A"))
    assert [span.onset for span in chart.changes] == [0, 1920, 3360, 4320, 4800, 6720, 8640, 9360]
    assert [bar.duration for bar in chart.bars()] == [1920, 1440, 1440, 1920, 1920, 1440]


def test_a_text_may_give_its_first_meter_itself() -> None:
    assert parse_chart("3/4 C | F") == parse_chart("C | F", Meter(3, 4))
    assert parse_chart("3/4 C | F", Meter(5, 4)).meter == Meter(3, 4)


def test_repeats_play_meters_and_sections_again() -> None:
    chart = parse_chart("[A] |: C | 3/4 F :| [B] G")
    assert chart.meters == ((0, Meter()), (1920, Meter(3, 4)), (3360, Meter()), (5280, Meter(3, 4)))
    assert chart.sections == ((0, "A"), (3360, "A"), (6720, "B"))


@given(charts())
def test_charts_read_back_from_the_line_they_are_written_as(chart: Chart) -> None:
    assert parse_chart(format_chart(chart)) == chart


@given(charts(), st.sampled_from(METERS))
def test_what_a_chart_says_itself_is_stronger_than_what_it_is_read_in(chart: Chart, meter: Meter) -> None:
    if chart.meter != Meter():
        assert parse_chart(format_chart(chart), meter) == chart


@pytest.mark.parametrize(
    ("laid_out", "line"),
    [
        ([(0, 1920, "C"), (1920, 1920, "N.C.")], "C | N.C."),
        ([(0, 960, "Dm7"), (960, 960, "G7")], "Dm7 G7"),
        ([(0, 1440, "F7"), (1440, 480, "Bb7")], "F7 . . Bb7"),
        ([(0, 3840, "C")], "C | C"),
    ],
)
def test_dots_are_written_only_where_chords_differ_in_length(laid_out: list[tuple[int, int, str]], line: str) -> None:
    assert format_chart(Chart(spans(*laid_out))) == line


@pytest.mark.parametrize(
    ("laid_out", "bar"),
    [
        ([(0, 1900, "C")], 1),
        ([(0, 240, "C"), (240, 1680, "F")], 1),
        ([(0, 1920, "C"), (1920, 960, "F")], 2),
        ([(1920, 1920, "C")], 1),
        ([(0, 1920, "C"), (3840, 1920, "F")], 2),
        ([(0, 2400, "C"), (2640, 1200, "F")], 2),
        ([(240, 1920, "C")], 1),
        ([(0, 480, "C"), (960, 1440, "F")], 1),
    ],
)
def test_chords_that_do_not_fill_their_bar_cannot_be_written(laid_out: list[tuple[int, int, str]], bar: int) -> None:
    with pytest.raises(ChordError, match=f"bar {bar}: its chords do not fill 4/4 in whole beats"):
        format_chart(Chart(spans(*laid_out)))


@pytest.mark.parametrize("label", ["", " A", "A]", "[A", "A|B", "A\nB"])
def test_a_section_whose_name_would_not_be_read_back_cannot_be_written(label: str) -> None:
    with pytest.raises(ChordError, match="without brackets and bar lines"):
        format_chart(Chart(parse_changes("C | F"), sections=((0, label),)))


def test_sections_and_meters_that_start_inside_a_bar_cannot_be_written() -> None:
    changes = parse_changes("C | F")
    with pytest.raises(ChordError, match=r"section \[A\] stands at tick 480, where no bar starts"):
        format_chart(Chart(changes, sections=((480, "A"),)))
    with pytest.raises(ChordError, match=r"section \[B\] stands at tick 0, where .* another section does"):
        format_chart(Chart(changes, sections=((0, "A"), (0, "B"))))
    with pytest.raises(ChordError, match="bar 1: its chords do not fill 4/4"):
        format_chart(Chart(changes, meters=((0, Meter()), (960, Meter(3, 4)))))


@given(st.sampled_from(METERS), st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_a_chord_that_goes_on_over_bar_lines_is_written_again_in_each_bar(meter: Meter, beats: list[int]) -> None:
    edges = [meter.beat_ticks * sum(beats[:place]) for place in range(len(beats))]
    end = -(-(edges[-1] + 1) // meter.bar_ticks) * meter.bar_ticks
    changes = tuple(ChordSpan(a, b - a, parse_chord("C")) for a, b in pairwise([*edges, end]))
    found = parse_changes(format_chart(Chart(changes, ((0, meter),))), meter)
    assert {span.onset for span in found} == {*edges, *range(0, end, meter.bar_ticks)}
    assert found[-1].end == end


def test_a_form_repeated_follows_on_itself() -> None:
    twice = parse_chart("[A] C F | 3/4 G").repeated(2)
    assert twice == parse_chart("[A] C F | 3/4 G | [A] 4/4 C F | 3/4 G")
    assert parse_chart("C | F").repeated(2).meters == ((0, Meter()),)


@given(charts(), st.integers(1, 4))
def test_as_many_choruses_have_as_many_times_the_bars(chart: Chart, times: int) -> None:
    bars, form = list(chart.repeated(times).bars()), list(chart.bars())
    assert [bar.meter for bar in bars] == [bar.meter for bar in form] * times
    assert bars[-1].end == times * chart.end


@pytest.mark.parametrize(
    ("text", "start", "target", "expected"),
    [
        ("Dm7 | G7 | Cmaj7 | C#dim7", "C", "Eb", "Fm7 | Bb7 | Ebmaj7 | Edim7"),
        ("Abm7 | Db7 | Gbmaj7 | Cb7", "Gb", "A", "Bm7 | E7 | Amaj7 | D7"),
        ("Bm7b5 | E7b9 | Am6 | G#dim7", "Am", "F#m", "G#m7b5 | C#7b9 | F#m6 | E#dim7"),
        ("F7 | Bb7 | Bdim7 | Gb7", "F", "Gb", "Gb7 | Cb7 | Cdim7 | G7"),
        ("C7/Bb | F/A | D7/F# | N.C.", "C", "E", "E7/D | A/C# | F#7/A# | N.C."),
        ("Fm7 | Bbm7", "Fm", "G#m", "G#m7 | C#m7"),
        ("Db7 | Bbm7 | Ab7", "C", "Eb", "E7 | Dbm7 | B7"),
        ("E7/G# | Fm/Ab | F#m7b5/C", "C", "Eb", "G7/B | Abm/Cb | Am7b5/Eb"),
        ("E7/G# | Am", "C", "E", "G#7/B# | C#m"),
        ("F#7 | G#7/B#", "F#", "Gb", "Gb7 | Ab7/C"),
        ("C | E7 | Ebdim7", "C", "F#", "F# | A#7 | Adim7"),
        ("C | Db7 | Ab7", "C", "Cb", "Cb | C7 | G7"),
    ],
)
def test_chords_are_spelled_for_the_key_they_are_moved_to(text: str, start: str, target: str, expected: str) -> None:
    moved = parse_chart(text).transposed(Key.parse(start), Key.parse(target))
    assert format_chart(moved) == expected


@given(charts(), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_changes_moved_to_another_key_and_back_sound_the_same(chart: Chart, start: Key, target: Key) -> None:
    def sounds(some: Chart) -> list[object]:
        return [
            span.chord and (span.chord.root_class, span.chord.bass_class, span.chord.tones, span.chord.tensions)
            for span in some.changes
        ]

    moved = chart.transposed(start, target)
    assert sounds(moved.transposed(target, start)) == sounds(chart)
    assert parse_chart(format_chart(moved)) == moved
    assert (moved.meters, moved.sections) == (chart.meters, chart.sections)


@pytest.mark.parametrize("target", KEYS[:15])
def test_moved_changes_are_found_in_the_key_they_were_moved_to(target: Key) -> None:
    moved = parse_chart("Dm7 | G7 | Cmaj7 | A7b9 | Dm7 | G7 | C6 | %").transposed(Key("C"), target)
    found = guess_key(moved.changes)
    assert found.transposed(0) == target.transposed(0)


@pytest.mark.parametrize(
    ("onset", "heard"),
    [(0, "Dm7"), (959, "Dm7"), (960, "Dm7"), (1920, "Dm7"), (3839, "Dm7"), (3840, "G7"), (5760, "C"), (99999, "C")],
)
def test_over_no_chord_the_last_one_stays_in_the_ear(onset: int, heard: str) -> None:
    assert chord_at(parse_changes("N.C. Dm7 | N.C. | G7 | C"), onset) == parse_chord(heard)


def test_changes_without_a_chord_leave_nothing_in_the_ear() -> None:
    assert chord_at(parse_changes("N.C. | N.C."), 0) is None
    assert chord_at((), 0) is None


def test_a_span_names_its_chord_and_end() -> None:
    span = ChordSpan(480, 960, parse_chord("C^7"))
    assert (span.end, span.symbol, ChordSpan(0, 1, None).symbol) == (1440, "Cmaj7", "N.C.")


def test_the_examples_of_the_documentation_are_read_as_it_says(repository: Path) -> None:
    lines = (repository / "docs" / "changes.md").read_text(encoding="utf-8").splitlines()
    examples = [line.split("->") for line in lines if "->" in line]
    assert len(examples) > 20
    for text, expected in examples:
        if expected.strip() == "error":
            with pytest.raises(ChordError):
                parse_chart(text)
        else:
            assert format_chart(parse_chart(text)) == expected.strip(), text
