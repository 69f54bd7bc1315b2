"""What a corpus plays where in the bar, on lines that one can count by hand."""

from collections import Counter

from jazzgen.codec import grammar
from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.grammar.tilt import Balance
from jazzgen.learning.grammar.usage import Usage
from jazzgen.music.score import Note, Part, Score


def usage(chart: str, *notes: tuple[int, int, int], pickup: int = 0) -> Usage:
    """Notes: onset and duration in eighths, pitch."""
    melody = Part("Solo", tuple(Note(240 * onset, 240 * length, pitch) for onset, length, pitch in notes))
    changes = parse_chart(chart)
    score = Score(parts=(melody,), changes=changes.changes, meters=changes.meters, pickup=pickup)
    return Usage.of([(score, grammar.encode(score))])


def test_steps_are_counted_by_place_in_the_meter_and_in_any() -> None:
    found = usage("C | C", (0, 1, 60), (1, 1, 62), (4, 3, 64), (8, 8, 67))
    assert found.steps == {
        "4/4 0 R": Counter({"0.500": 1}),
        "4/4 6": Counter({"0.500": 1}),
        "4/4 12": Counter({"R,1.000": 1}),
        "4/4 24 R": Counter({"1.500": 1}),
        "4/4 42": Counter({"R|": 1}),
        "any 0 R": Counter({"0.500": 1, "1.500": 1, "4.000": 1}),
        "any 6": Counter({"0.500": 1, "R|": 1}),
        "any 0": Counter({"R,1.000": 1}),
    } | {"4/4 0 R": Counter({"0.500": 1, "4.000": 1})}
    assert found.kinds == {"strong": Counter({"C": 3}), "off": Counter({"S": 1})}


def test_the_balance_is_that_of_the_whole_line() -> None:
    found = usage("C | C", (0, 2, 62), (4, 2, 64), (8, 2, 65), (12, 2, 67))
    assert found.balance == Balance(rests=0.5, note_beats=1.0, chord_tones=0.5)


def test_a_pickup_counts_by_its_place_before_the_bar_line_and_is_no_bar_to_play_over() -> None:
    found = usage("C | C", (0, 2, 60), (2, 8, 64), pickup=480)
    assert found.steps["4/4 36 R"] == Counter({"1.000": 1})
    assert found.steps["4/4 0"] == Counter({"4.000": 1, "R,3.000": 1})
    assert {bar.number for bar in found.bars} == {1, 2}
    assert found.kinds["weak"] == Counter({"C": 1})


def test_without_notes_on_strong_beats_there_is_no_share_of_chord_tones() -> None:
    assert usage("C", (1, 1, 60), (3, 1, 60)).balance.chord_tones is None


def test_a_line_without_rests_rests_for_no_time() -> None:
    assert usage("3/4 C", (0, 3, 60), (3, 3, 60)).balance == Balance(0, 1.5, 1)
