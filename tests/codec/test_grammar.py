"""The grammar: one spelling a token, times and kinds that survive, pitches inside their windows."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import changes_over, lines
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec import Codec, grammar
from jazzgen.codec.grammar import (
    REST,
    Token,
    Window,
    decode,
    encode,
    format_interval,
    parse_interval,
    parse_token,
    token_ticks,
)
from jazzgen.codec.kinds import KINDS, kind_of
from jazzgen.errors import GrammarError, OptionError, ScoreError
from jazzgen.harmony.changes import Changes, chord_at
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

METERS = [Meter(4, 4), Meter(3, 4), Meter(5, 4), Meter(6, 8), Meter(7, 8), Meter(2, 2)]
INTERVALS = (
    "P1 m2 M2 m3 M3 P4 d5 P5 m6 M6 m7 M7 P8 m9 M9 m10 M10 P11 d12 P12 m13 M13 m14 M14 P15 "
    "m16 M16 m17 M17 P18 d19 P19 m20 M20 m21 M21 P22"
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def score(changes: str, *notes: tuple[int, int, int], meter: str = "4/4", pickup: int = 0) -> Score:
    """A score of (onset, duration, pitch)."""
    read = Meter.parse(meter)
    return Score(
        meters=((0, read),),
        pickup=pickup,
        changes=parse_changes(changes, read),
        parts=(Part("Solo", tuple(Note(*note) for note in notes)),),
    )


@st.composite
def solos(draw: st.DrawFn) -> Score:
    """A line in the middle register over changes, in any meter, with or without a pickup."""
    meter = draw(st.sampled_from(METERS))
    pickup = draw(st.integers(0, meter.numerator - 1)) * meter.beat_ticks
    length = pickup + draw(st.integers(1, 4)) * meter.bar_ticks
    line = draw(lines(grid_ticks=draw(st.sampled_from([1, 40, 77, 120, 500])), min_size=0, max_size=12))
    changes = draw(changes_over(length, meter.beat_ticks))
    return Score(meters=((0, meter),), pickup=pickup, changes=changes, parts=(Part("Solo", line),))


def spans_of(notes: Sequence[Note]) -> list[tuple[int, int]]:
    return [(note.onset, note.duration) for note in notes]


def kinds_in(notes: Sequence[Note], changes: Changes) -> list[str]:
    kinds = []
    for note in notes:
        chord = chord_at(changes, note.onset)
        assert chord
        kinds.append(kind_of(note.pitch, chord))
    return kinds


def sounding(tokens: Sequence[str]) -> list[Token]:
    return [token for token in map(parse_token, tokens) if token.kind != REST]


def broken_windows(notes: Sequence[Note], tokens: Sequence[str]) -> int:
    intervals = [b.pitch - a.pitch for a, b in pairwise(notes)]
    windows = [token.window for token in sounding(tokens)[1:]]
    return sum(
        not window.lower <= interval <= window.upper
        for interval, window in zip(intervals, windows, strict=True)
        if window
    )


# Intervals


@pytest.mark.parametrize(("semitones", "name"), [*enumerate(INTERVALS.split())])
def test_intervals_have_one_spelling_each_to_three_octaves(semitones: int, name: str) -> None:
    assert format_interval(semitones) == name
    assert parse_interval(name) == semitones
    down = f"{name[0]}-{name[1:]}"
    assert parse_interval(down) == -semitones
    assert format_interval(-semitones) == (down if semitones else "P1")


@given(st.integers(-127, 127))
def test_an_interval_reads_back_from_its_name(semitones: int) -> None:
    assert parse_interval(format_interval(semitones)) == semitones


@pytest.mark.parametrize(
    ("text", "semitones"),
    [("A4", 6), ("A-4", -6), ("A1", 1), ("A2", 3), ("d4", 4), ("A5", 8), ("d7", 9), ("A6", 10), ("d8", 11), ("A8", 13),
     ("A11", 18), ("d-12", -18), ("d2", 0), ("d3", 2), ("A3", 5), ("P-1", 0)],
)  # fmt: skip
def test_intervals_are_read_in_other_spellings(text: str, semitones: int) -> None:
    assert parse_interval(text) == semitones


@pytest.mark.parametrize("text", ["P3", "m5", "M4", "P0", "x3", "M8", "P-6"])
def test_what_is_no_interval_is_an_error(text: str) -> None:
    with pytest.raises(GrammarError, match=f"'{text}' is no interval: write P1, m3, P-4, d5"):
        parse_interval(text)


# Tokens


@st.composite
def tokens(draw: st.DrawFn) -> Token:
    kind, duration = draw(st.sampled_from([REST, *KINDS])), draw(st.integers(1, 100_000))
    lower, upper = sorted(draw(st.tuples(st.integers(-60, 60), st.integers(-60, 60))))
    return Token(kind, duration, Window(lower, upper) if kind != REST and draw(st.booleans()) else None)


@given(tokens())
def test_a_token_reads_back_from_its_spelling(token: Token) -> None:
    assert parse_token(str(token)) == token
    assert token_ticks(str(token)) == token.duration


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("R,1.000", Token("R", 480)),
        ("C,0.333", Token("C", 160)),
        ("S,0.250,<m3,m-3>", Token("S", 120, Window(-3, 3))),
        ("A,0.002,<P-1,d-5>", Token("A", 1, Window(-6, 0))),
        ("X,12.500,<A4,P1>", Token("X", 6000, Window(0, 6))),
        ("C,0.500,<M10,m7>", Token("C", 240, Window(10, 16))),
    ],
)
def test_tokens_are_read_in_any_spelling(text: str, token: Token) -> None:
    assert parse_token(text) == token


def test_tokens_are_spelled_in_one_way() -> None:
    assert str(parse_token("X,0.500,<A4,P-1>")) == "X,0.500,<d5,P1>"
    assert str(Token("C", 160, Window.around(4))) == "C,0.333,<P5,m2>"
    assert str(Token("R", 1)) == "R,0.002"


@pytest.mark.parametrize(
    "text", ["", "C", "C,1", "C,1.00", "Q,1.000", "C,-1.000", "C,1.000,<m3>", "C,1.000,<m3,m-3", "c,1.000", "C,1.000 "]
)
def test_what_is_no_token_is_an_error(text: str) -> None:
    with pytest.raises(GrammarError, match=f"'{text}' is not a grammar token: write C,0.500,<m3,m-3> or R,1.000"):
        parse_token(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("C,0.000", "token C,0.000: its kind must be R, C, S, A or X, and its duration above 0"),
        ("R,1.000,<m3,m-3>", "token R,1.000,<m3,m-3>: a rest has no interval window"),
        ("C,1.000,<m-3,m3>", "window <m-3,m3>: its upper end, written first, is below its lower end"),
        ("C,1.000,<P3,P1>", "'P3' is no interval"),
    ],
)
def test_a_token_that_makes_no_sense_is_an_error(text: str, message: str) -> None:
    with pytest.raises(GrammarError, match=message):
        parse_token(text)


@given(st.integers(-40, 40))
def test_a_window_reaches_a_minor_third_to_either_side(interval: int) -> None:
    window = Window.around(interval)
    assert (window.lower, window.upper, window.center) == (interval - 3, interval + 3, interval)


# Encoding


def test_a_line_is_encoded_by_kind_duration_and_window() -> None:
    line = score("Cmaj7 | G7", (0, 480, 64), (480, 240, 67), (960, 960, 74), (1920, 160, 70), (2080, 160, 69))
    assert encode(line) == (
        "C,1.000",
        "C,0.500,<d5,P1>",
        "R,0.500",
        "S,2.000,<m7,M3>",
        "A,0.333,<m-2,P-5>",
        "S,0.333,<M2,M-3>",
        "R,3.333",
    )


@pytest.mark.parametrize(
    ("meter", "pickup", "changes", "notes", "expected"),
    [
        ("4/4", 0, "C | F | G", [(480, 480, 60)], ["R,1.000", "C,1.000", "R,2.000", "R,4.000", "R,4.000"]),
        ("4/4", 480, "C | F", [(2160, 240, 60)], ["R,1.000", "R,3.500", "C,0.500", "R,3.000"]),
        ("5/8", 0, "C | F", [(1440, 240, 60)], ["R,2.500", "R,0.500", "C,0.500", "R,1.500"]),
        ("7/4", 0, "C | F", [(0, 4000, 60)], ["C,8.333", "R,5.667"]),
        ("3/4", 0, "C | F", [], ["R,3.000", "R,3.000"]),
    ],
)
def test_rests_are_cut_at_bar_lines(
    meter: str, pickup: int, changes: str, notes: list[tuple[int, int, int]], expected: list[str]
) -> None:
    found = encode(score(changes, *notes, meter=meter, pickup=pickup))
    assert [token.partition(",<")[0] for token in found] == expected


def test_a_rest_is_cut_where_the_meter_changes() -> None:
    bars = Score(meters=((0, Meter(3, 4)), (1440, Meter(2, 4))), changes=parse_changes("C | F"), parts=(Part("Solo"),))
    assert encode(bars) == ("R,3.000", "R,2.000", "R,2.000", "R,1.000")


def test_over_no_chord_notes_are_named_by_the_chord_in_the_ear() -> None:
    held = score("Cmaj7 | N.C. | F7", (1920, 960, 71), (3840, 960, 71))
    assert [token.kind for token in sounding(encode(held))] == ["C", "A"]  # B is Cmaj7's seventh, a half step below C


def test_an_overlapping_melody_is_an_error() -> None:
    with pytest.raises(GrammarError, match="the melody of 'Untitled' has notes that overlap; make it monophonic first"):
        encode(score("C", (0, 480, 60), (240, 480, 64)))


def test_a_melody_without_chords_is_an_error() -> None:
    with pytest.raises(GrammarError, match="'Untitled' has no chords, and the grammar names notes by chord"):
        encode(score("N.C.", (0, 480, 60)))
    with pytest.raises(GrammarError, match="the changes hold no chord to name notes by"):
        decode(["C,1.000"], (), rng())


def test_a_score_without_a_part_is_an_error() -> None:
    with pytest.raises(ScoreError, match="'Untitled' has no part"):
        encode(Score())


@given(solos())
def test_tokens_last_as_long_as_the_score(solo: Score) -> None:
    assert sum(map(token_ticks, encode(solo))) == solo.end


@given(solos())
def test_tokens_are_in_the_canonical_spelling(solo: Score) -> None:
    written = encode(solo)
    assert tuple(str(parse_token(token)) for token in written) == written


@given(solos())
def test_no_rest_crosses_a_bar_line(solo: Score) -> None:
    bar_lines = {bar.end for bar in solo.bars()}
    position = 0
    for token in map(parse_token, encode(solo)):
        end = position + token.duration
        assert token.kind != REST or not any(position < line < end for line in bar_lines)
        position = end


# Round trips


@given(solos(), st.integers(0, 99))
def test_onsets_durations_and_kinds_survive_the_round_trip(solo: Score, seed: int) -> None:
    written = encode(solo)
    notes = decode(written, solo.changes, rng(seed))
    assert spans_of(notes) == spans_of(solo.melody.notes)
    assert kinds_in(notes, solo.changes) == kinds_in(solo.melody.notes, solo.changes)
    assert broken_windows(notes, written) == 0


@given(solos(), changes_over(8 * 1920, 480), st.integers(0, 99))
def test_over_any_other_changes_every_pitch_has_its_kind_and_lies_in_its_window(
    solo: Score, others: Changes, seed: int
) -> None:
    written = encode(solo)
    notes = decode(written, others, rng(seed))
    assert spans_of(notes) == spans_of(solo.melody.notes)
    assert kinds_in(notes, others) == [token.kind for token in sounding(written)]
    assert broken_windows(notes, written) == 0


@given(solos())
@settings(max_examples=50)
def test_with_a_narrow_spread_the_line_comes_back_note_for_note_but_for_its_register(solo: Score) -> None:
    notes = decode(encode(solo), solo.changes, rng(), spread=0.02)
    shifts = {played.pitch - written.pitch for played, written in zip(notes, solo.melody.notes, strict=True)}
    assert len(shifts) <= 1


def test_decoding_is_the_same_for_one_seed_and_differs_between_seeds() -> None:
    line = score("Cmaj7 | A7 | Dm7 | G7", *((240 * n, 240, 60 + n % 12) for n in range(32)))
    written = encode(line)
    assert decode(written, line.changes, rng(7)) == decode(written, line.changes, rng(7))
    assert len({decode(written, line.changes, rng(seed)) for seed in range(10)}) == 10


def test_pitches_near_the_middle_of_a_window_are_likelier() -> None:
    changes = parse_changes("C7alt")
    notes = [decode(["S,1.000", "S,1.000,<m3,m-3>"], changes, rng(seed)) for seed in range(600)]
    distances = [abs(b.pitch - a.pitch) for a, b in notes]
    assert distances.count(0) > distances.count(2) + distances.count(3) > 0


def test_nothing_to_decode_is_nothing_played() -> None:
    assert decode([], parse_changes("C"), rng()) == ()
    assert decode(["R,4.000", "R,4.000"], (), rng()) == ()


# The range


def fewest_breaks(written: Sequence[str], changes: Changes, low: int, high: int) -> int:
    """Windows that no line can keep: the pitches in reach are followed, and anew wherever there are none left."""
    position, breaks = 0, 0
    reach: set[int] | None = None
    for token in map(parse_token, written):
        chord = chord_at(changes, position)
        position += token.duration
        if token.kind == REST:
            continue
        assert chord
        able = {pitch for pitch in range(low, high + 1) if kind_of(pitch, chord) == token.kind}
        window = token.window
        onward = (
            able
            if reach is None or window is None
            else {b for b in able if any(window.lower <= b - a <= window.upper for a in reach)}
        )
        breaks += not onward
        reach = onward or able
    return breaks


@given(solos(), changes_over(8 * 1920, 480), st.integers(0, 121), st.integers(6, 30), st.integers(0, 99))
def test_in_any_range_kinds_are_kept_and_no_more_windows_broken_than_must_be(
    solo: Score, changes: Changes, low: int, width: int, seed: int
) -> None:
    written, high = encode(solo), min(low + width, 127)
    notes = decode(written, changes, rng(seed), low=low, high=high)
    assert all(low <= note.pitch <= high for note in notes)
    assert kinds_in(notes, changes) == [token.kind for token in sounding(written)]
    assert broken_windows(notes, written) == fewest_breaks(written, changes, low, high)


def test_a_line_that_climbs_out_of_the_range_goes_on_near_where_it_was() -> None:
    written = ["C,1.000", *["C,1.000,<m10,M6>"] * 7]
    changes = parse_changes("C | C | C")
    for seed in range(20):
        notes = decode(written, changes, rng(seed), low=48, high=84)  # three octaves hold four notes of the climb
        breaks = [b.pitch - a.pitch for a, b in pairwise(notes) if not 9 <= b.pitch - a.pitch <= 15]
        assert len(breaks) == fewest_breaks(written, changes, 48, 84) == 1
        assert breaks[0] < 9


def test_a_long_line_keeps_every_window() -> None:
    notes = [(120 * n, 120, 60 + (7 * n) % 12) for n in range(2000)]
    line = score(" | ".join(["Dm7 G7", "Cmaj7", "F#m7b5 B7alt", "Em"] * 32), *notes)
    written = encode(line)
    assert broken_windows(decode(written, line.changes, rng(), low=50, high=80), written) == 0


@pytest.mark.parametrize(("low", "high"), [(60, 65), (60, 59), (-1, 60), (60, 128)])
def test_a_range_that_cannot_hold_all_kinds_is_an_error(low: int, high: int) -> None:
    with pytest.raises(OptionError, match=f"pitches {low} to {high}: choose 7 neighbouring ones or more"):
        decode(["C,1.000"], parse_changes("C"), rng(), low=low, high=high)


def test_a_range_of_seven_half_steps_will_do() -> None:
    notes = decode([f"{kind},1.000" for kind in KINDS], parse_changes("Bb7"), rng(), low=60, high=66)
    assert kinds_in(notes, parse_changes("Bb7")) == list(KINDS)


def test_a_first_note_with_a_window_may_start_anywhere() -> None:
    assert len(decode(["C,1.000,<P22,P15>"], parse_changes("C"), rng())) == 1


def test_the_grammar_is_a_codec() -> None:
    codec: Codec = grammar
    notes = (Note(0, 480, 60), Note(480, 240, 64))
    score = Score(changes=parse_changes("Cmaj7"), parts=(Part("Solo", notes),))
    decoded = codec.decode(codec.encode(score), score.changes, np.random.default_rng(0))
    assert [(n.onset, n.duration) for n in decoded] == [(0, 480), (480, 240)]
