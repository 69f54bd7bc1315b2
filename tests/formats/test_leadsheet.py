"""Lead sheets as text: what they say, and errors that name the bar."""

import random
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.leadsheet import parse_leadsheet, readings
from jazzgen.formats.reading import Reading
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.harmony.pitch import Key
from jazzgen.music.timing import Meter

SHEET = """title: Basement Stairs
form: two bars
key: Bb
meter: 4/4
tempo: 160
feel: swing
pickup: 1
changes:
  | F7 | Bb7 . . Cm7 |
melody:
  | 8 C5 D5 |
  | 4 F5 - r 3 A4 C5 Eb5 |
  | 2. D5 4 - |
"""
# Each fills a beat: how it is written, and its values as parts of the beat.
BEATS = {
    "4 C5": ["1"],
    "8 C5 C5": ["1/2", "1/2"],
    "3 C5 C5 C5": ["1/3"] * 3,
    "16 C5 C5 C5 C5": ["1/4"] * 4,
    "8. C5 16 C5": ["3/4", "1/4"],
    "16 C5 8. C5": ["1/4", "3/4"],
}


def changed(old: str, new: str) -> str:
    assert old in SHEET
    return SHEET.replace(old, new)


def waltz(melody: str, changes: str = "C6") -> str:
    return f"key: C\ntempo: 100\nmeter: 3/4\nchanges:\n{changes}\nmelody:\n{melody}"


def notes(text: str) -> list[tuple[int, int, int]]:
    return [(note.onset, note.duration, note.pitch) for note in parse_leadsheet(text).melody.notes]


def test_headers_say_what_the_score_is() -> None:
    score = parse_leadsheet(SHEET)
    assert (score.title, score.key, score.bpm, score.meter) == ("Basement Stairs", Key("Bb"), 160.0, Meter(4, 4))
    assert (score.feel, score.pickup, len(score.parts)) == ("swing", 480, 1)


def test_what_a_sheet_leaves_out_is_common_time_swung_from_bar_1() -> None:
    score = parse_leadsheet("key: C\ntempo: 100\nchanges:\nC6\nmelody:\n1 C5")
    assert (score.title, score.meter, score.feel, score.pickup) == ("Untitled", Meter(4, 4), "swing", 0)


def test_notes_are_laid_out_in_time() -> None:
    assert notes(SHEET) == [
        (0, 240, 72),
        (240, 240, 74),
        (480, 960, 77),
        (1920, 160, 69),
        (2080, 160, 72),
        (2240, 160, 75),
        (2400, 1920, 74),
    ]


def test_the_changes_start_in_bar_1_after_the_pickup() -> None:
    spans = parse_leadsheet(SHEET).changes
    assert [(s.onset, s.duration, s.symbol) for s in spans] == [
        (480, 1920, "F7"),
        (2400, 1440, "Bb7"),
        (3840, 480, "Cm7"),
    ]


@pytest.mark.parametrize(
    ("bar", "durations"),
    [
        ("1 C5", [1920]),
        ("2 C5 C5", [960, 960]),
        ("2. C5 4 C5", [1440, 480]),
        ("4. C5 8 C5 2 C5", [720, 240, 960]),
        ("6 C5 C5 C5 2 C5", [320, 320, 320, 960]),
        ("2 C5 4. C5 16 C5 C5", [960, 720, 120, 120]),
    ],
)
def test_a_value_holds_until_the_next(bar: str, durations: list[int]) -> None:
    found = notes(f"key: C\ntempo: 100\nchanges:\nC6\nmelody:\n{bar}")
    assert [duration for _, duration, _ in found] == durations


@given(beats=st.lists(st.sampled_from(sorted(BEATS)), min_size=4, max_size=4))
def test_every_note_starts_where_the_values_before_it_end(beats: list[str]) -> None:
    values = [480 * Fraction(value) for beat in beats for value in BEATS[beat]]
    found = notes("key: C\ntempo: 100\nchanges:\nC6\nmelody:\n" + " ".join(beats))
    assert [duration for _, duration, _ in found] == values
    assert [onset for onset, _, _ in found] == [sum(values[:i]) for i in range(len(values))]


def test_a_tie_goes_over_the_bar_line_and_adds_up_any_values() -> None:
    assert notes(waltz("2 r 4 G4 | - 8 - - 4 r", "C6 | %")) == [(960, 1440, 67)]


def test_meters_may_change_inside_the_changes_and_the_melody_follows_them() -> None:
    sheet = "key: C\ntempo: 100\npickup: 1\nchanges:\n[A] C6 | 3/4 F6 | G7\nmelody:\n4 C5\n1 C5 | 2. C5 | 2 C5 4 r"
    score = parse_leadsheet(sheet)
    assert score.meters == ((0, Meter(4, 4)), (480 + 1920, Meter(3, 4)))
    assert [note.onset for note in score.melody.notes] == [0, 480, 2400, 3840]
    with pytest.raises(CorpusError, match=r"bar 2: it is \+1 beats off 3/4"):
        parse_leadsheet(sheet.replace("2. C5 |", "1 C5 |"))


def test_a_pickup_counts_in_beats_of_the_meter() -> None:
    assert (
        parse_leadsheet("key: C\ntempo: 100\nmeter: 6/8\npickup: 1\nchanges:\nC6\nmelody:\n8 C5\n2. C5").pickup == 240
    )


@pytest.mark.parametrize(("name", "pitch"), [("C4", 60), ("Bb4", 70), ("F#5", 78), ("Cb5", 71), ("E♭4", 63)])
def test_pitches_are_in_scientific_notation(name: str, pitch: int) -> None:
    assert notes(waltz(f"2. {name}")) == [(0, 1440, pitch)]


def test_a_sheet_is_one_part_at_a_time() -> None:
    assert parse_leadsheet(SHEET).melody.is_monophonic


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (changed("4 F5 - r", "4 F5 r"), r"bar 1: it is -1 beats off 4/4"),
        (changed("4 -", "4. -"), r"bar 2: it is \+0\.5 beats off 4/4"),
        (changed("8 C5 D5", "8 C5"), r"bar 0: it is -0\.5 beats off the pickup"),
        (changed("8 C5", "8 -"), r"bar 0: '-' holds a note, and there is none before it"),
        (changed("2. D5 4 -", "2. r 4 -"), r"bar 2: '-' holds a note"),
        (changed("Eb5", "H5"), r"bar 1: 'H5' is not a pitch: write a name and an octave, as in Bb4"),
        (changed("2. D5", "2. D"), r"bar 2: 'D' is not a pitch"),
        (changed("2. D5", "2. D12"), r"bar 2: 'D12' is not a pitch"),
        (changed("  | 2. D5 4 - |\n", ""), r"melody has 2 bars .* write as many of each"),
        (changed("| F7 |", "| F7 | F7 |"), r"melody has 3 bars .* write as many of each"),
        (changed("Bb7 . . Cm7", "Bb7 Qm7"), r"bar 2: chord 'Qm7'"),
        (changed("Bb7 . . Cm7", "Bb7 . Cm7"), r"bar 2: 3 chords do not share 4/4 equally"),
        (changed("key: Bb", "key: H"), r"key 'H': write it as F, Bb or F#m"),
        (changed("meter: 4/4", "meter: four"), r"meter 'four': write it as 4/4"),
        (changed("tempo: 160", "tempo: fast"), r"tempo 'fast': write quarter notes a minute"),
        (changed("tempo: 160", "tempo: 5000"), r"tempo 5000 is outside 4 to 1000"),
        (changed("pickup: 1", "pickup: one"), r"pickup 'one': write how many beats"),
        (changed("pickup: 1", "pickup: inf"), r"pickup 'inf': write how many beats"),
        (changed("feel: swing", "feel: funky"), r"feel 'funky': write swing or straight"),
        (changed("changes:\n  | F7 | Bb7 . . Cm7 |\n", ""), r"the changes are empty"),
        ("Basement Stairs\n" + SHEET, r"'Basement' and what follows stand before 'changes:'"),
        (SHEET.replace("form: two bars", "melody: C5"), r"'C5' and what follows stand before 'melody:'"),
    ],
)
def test_mistakes_are_named_with_their_bar_or_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(JazzgenError, match=message):
        parse_leadsheet(text)
    (tmp_path / "tune.txt").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"tune\.txt: .*{message}") as caught:
        read_score(tmp_path / "tune.txt")
    assert "\n" not in str(caught.value)


def test_files_that_are_missing_or_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone\.txt"):
        read_score(tmp_path / "gone.txt")
    (tmp_path / "latin.txt").write_bytes(SHEET.replace("Basement", "Été").encode("latin1"))
    with pytest.raises(CorpusError, match=r"latin\.txt"):
        read_score(tmp_path / "latin.txt")


def test_a_file_is_read_as_its_text(tmp_path: Path) -> None:
    (tmp_path / "tune.txt").write_text(SHEET, encoding="utf-8")
    assert read_score(tmp_path / "tune.txt") == parse_leadsheet(SHEET)


def test_without_a_melody_the_changes_are_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "tune.txt"
    path.write_text(SHEET.partition("melody:")[0], encoding="utf-8")
    (reading,) = readings(path)
    assert isinstance(reading, Reading)
    assert reading.score == replace(parse_leadsheet(SHEET), parts=())
    assert reading.melody_reason == "no melody"


def test_without_headers_the_whole_text_is_changes() -> None:
    score = parse_leadsheet("|: [A] Dm7 G7 | Cmaj7 :|\n")
    assert format_chart(Chart(score.changes)) == "Dm7 G7 | Cmaj7 | Dm7 G7 | Cmaj7"
    assert [(mark.onset, mark.label) for mark in score.marks] == [(0, "A"), (3840, "A")]
    assert (score.bpm, score.key, score.parts) == (140, Key("C"), ())


def test_mutated_sheets_are_read_or_are_an_error_of_ours(tmp_path: Path) -> None:
    rng, path = random.Random(0), tmp_path / "tune.txt"
    words = (
        "|",
        "|:",
        ":|",
        "1.",
        "%",
        "[A]",
        "3/4",
        "0/0",
        "tempo: nan",
        "pickup: 1e300",
        "melody:",
        "changes:",
        "\0",
    )
    for _ in range(500):
        text = SHEET
        for _ in range(rng.randint(1, 5)):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + f" {rng.choice(words)} " + text[place + rng.choice((0, 0, 1, 20)) :]
        path.write_text(text, encoding="utf-8")
        with suppress(JazzgenError):
            list(readings(path))


def test_digits_of_other_scripts_are_no_octaves() -> None:
    with pytest.raises(CorpusError, match="bar 1: "):
        parse_leadsheet("changes:\n| F7 |\nmelody:\n| 1 A٣ |")
