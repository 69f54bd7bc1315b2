"""Small files that went wrong, each for a whole kind; what is right of each."""

from pathlib import Path

import pytest

from jazzgen.codec.grammar import encode
from jazzgen.errors import CorpusError
from jazzgen.formats.charts import sheet_text
from jazzgen.formats.midi import readings
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.improvise.written import as_written
from jazzgen.learning.grammar.windows import prepare
from jazzgen.learning.soloist.training import straightened
from jazzgen.music.score import Mark
from jazzgen.music.timing import Meter

CASES = Path(__file__).parent / "cases"


def read(name: str, options: ReadOptions = ReadOptions()) -> Reading:
    return next(readings(CASES / f"{name}.mid", options))


def chords(reading: Reading, bars: int = 4) -> str:
    return " | ".join(format_chart(Chart(reading.score.changes)).split(" | ")[:bars])


@pytest.mark.parametrize("name", ["swung280", "ratio2.0"])
def test_swing_as_played_is_made_even_for_the_grammar_the_soloist_and_a_primer_alike(name: str) -> None:
    score = read(name).score
    for even in (prepare(score), straightened(score), as_written(score)):
        assert even.feel == "swing"
        assert {note.onset % 480 for note in even.melody.notes} <= {0, 240} | set(range(-6, 7))
    assert encode(prepare(score))
    assert len(prepare(score).melody.notes) == len(score.melody.notes)


def test_onoffon() -> None:
    score = read("onoffon").score
    first, second, *_ = score.melody.notes
    assert [(note.onset, note.duration) for note in (first, second)] == [(0, 240), (480, 240)]


def test_gtr6_one_guitar_over_six_channels_is_one_line() -> None:
    melody = read("gtr6").score.melody
    assert (melody.name, len(melody.notes)) == ("Guitar solo", 64)


def test_organ2_both_hands_have_the_program_of_their_channel() -> None:
    assert [(part.name, part.program) for part in read("organ2").score.parts] == [("Organ RH", 16), ("Organ LH", 16)]


def test_key255_says_what_made_no_sense_and_what_was_left_out() -> None:
    left_out = read("key255").left_out
    assert {"keys that make no sense (1)", "controllers (2)", "pitch bends (2)", "later programs (1)"} <= set(left_out)


def test_steel_drums_play_the_melody() -> None:
    assert read("steel").score.melody.name == "Steel Drums"


@pytest.mark.parametrize(("name", "program"), [("t0_basstitle", 65), ("bassclar", 71)])
def test_bass_in_a_title_or_a_name_hides_no_melody(name: str, program: int) -> None:
    reading = read(name)
    assert (reading.score.melody.program, len(reading.score.melody.notes)) == (program, 64)
    assert chords(reading) == "Dm7 | G7 | Cmaj7 | C6"


def test_t0_prog_the_solo_instrument_wins_and_channels_can_be_asked_for() -> None:
    assert read("t0_prog").score.melody.program == 65
    asked = read("t0_prog", ReadOptions(melody="channel 5"))
    assert (asked.score.melody.program, asked.score.melody.channel) == (24, 4)
    with pytest.raises(CorpusError, match=r"no track is 'channel 7' \(melody\).*\(channel 4\).*\(channel 5\)"):
        read("t0_prog", ReadOptions(melody="channel 7"))


def test_base0_jazzgens_own_type_0_file_has_its_solo_first() -> None:
    score = read("base0").score
    assert [part.channel for part in score.parts] == [0, 1, 2, 9]
    assert score.melody.program == 66


def test_nomark_says_that_chords_are_inferred() -> None:
    assert read("nomark").infers_chords
    assert not read("base0").infers_chords


def test_latemeter34_is_in_4_4_until_its_first_meter() -> None:
    score = read("latemeter34").score
    assert score.meters == ((0, Meter()), (1920, Meter(3, 4)))
    assert score.pickup == 0


def test_reh1_letters_that_go_against_the_notes_are_sections() -> None:
    reading = read("reh1")
    assert chords(reading) == "Dm7 | G7 | Cmaj7 | C6"
    assert reading.score.marks == (
        *(Mark(3840 * i, 3840, "section", label) for i, label in enumerate(("A1", "A2", "B"))),
        Mark(11520, 3840, "section", "A3"),
    )


def test_sparse_d_a_kit_on_another_channel_changes_nothing_and_is_named() -> None:
    with_kit, without = read("sparse_d"), read("sparse_n")
    assert with_kit.score.changes == without.score.changes
    assert with_kit.score.parts == without.score.parts
    assert with_kit.left_out == ("track 3 'Drums', a drum kit (80 notes)",)


def test_click_tracks_are_left_out_and_named() -> None:
    reading = read("click")
    assert [part.name for part in reading.score.parts] == ["Lead"]
    assert "track 1 'Click', a click track (128 notes)" in reading.left_out


def test_midprog_later_programs_are_named() -> None:
    reading = read("midprog")
    assert reading.score.melody.program == 56
    assert reading.left_out == ("later programs (1)",)


def test_xf_chords_are_read() -> None:
    assert chords(read("xf"), 3) == "Dm7 | G7 | Cmaj7"


def test_hugedelta_is_named() -> None:
    assert read("hugedelta").left_out == ("the end of track 2, which is damaged",)


def test_t7_onepiano_gives_its_right_hand_and_says_so() -> None:
    reading = read("t7_onepiano")
    right, left = reading.score.parts
    assert reading.melody_reason.startswith("melody: right hand of track 1 'Piano'")
    assert reading.chords_reason.startswith("chords: inferred from left hand of track 1 'Piano'")
    assert 205 <= len(right.notes) <= 225  # 213 are the right hand's
    assert chords(reading) == "Ebmaj7 | C7 | Fm7 | Bb7"
    assert min(note.pitch for note in right.notes) > 50 > min(note.pitch for note in left.notes)


def test_t5_live_is_put_on_the_beats_that_it_was_played_on_with_a_warning() -> None:
    reading = read("t5_live")
    assert reading.score.bpm == pytest.approx(173, abs=0.5)
    assert chords(reading) == "Dm7 | G7 | Cmaj7 | A7"
    (warning,) = reading.warnings
    assert "do not fit its beats at 120 beats a minute" in warning
    even = prepare(reading.score).melody.notes
    assert sum(note.onset % 240 == 0 for note in even) >= 0.97 * len(even)


def test_t5_live_may_be_told_its_tempo_and_where_bar_1_is() -> None:
    asked = read("t5_live", ReadOptions(bpm=86.5, downbeat=1.36 + 60 / 86.5))
    assert asked.score.bpm == pytest.approx(86.5, abs=0.3)
    first = min(note.onset for part in asked.score.parts for note in part.notes)
    assert round(first / 480) % 4 == 3  # the beat before the one that was named


def test_ports_are_sixteen_channels_more() -> None:
    assert [(part.name, part.program) for part in read("ports").score.parts] == [("Sax", 65), ("Piano", 0)]


def test_own_swing_blues_swings_as_its_recipe_says() -> None:
    score = read("own-swing-blues").score
    assert score.feel == "swing"
    assert "feel: swing" in sheet_text(score)


@pytest.mark.parametrize(("name", "feel"), [("ratio2.0", "swing"), ("swung280", "swing"), ("gtr6", "straight")])
def test_changes_taken_from_a_file_swing_as_its_notes_do(name: str, feel: str) -> None:
    assert f"feel: {feel}" in sheet_text(read(name).score)


def test_a_track_called_melody_wins_over_one_called_guitar() -> None:
    assert read("melody_vs_guitar").score.melody.name == "Melody"
