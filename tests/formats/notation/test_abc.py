"""ABC tunes as scores."""

import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.notation import readings
from jazzgen.formats.notation.abc import sheets_from_abc
from jazzgen.formats.notation.abc.language import key_and_accidentals, length_of
from jazzgen.formats.reading import Reading, ReadOptions, Unread
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter

HEAD = "X:1\nT:Tune\nM:4/4\nL:1/8\nK:C\n"


def pieces(tmp_path: Path, text: str) -> list[Reading | Unread]:
    path = tmp_path / "tunes.abc"
    path.write_text(text, encoding="utf-8")
    return list(readings(path, ReadOptions()))


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read_one(text: str, head: str = HEAD) -> Reading:
        (reading,) = pieces(tmp_path, head + text)
        assert isinstance(reading, Reading)
        return reading

    return read_one


def line(score: Score) -> list[tuple[int, int, int]]:
    return [(n.onset, n.duration, n.pitch) for n in score.melody.notes]


LENGTHS = [
    ("c4 c/ c// c/4 c3/2 c2>c2", [960, 120, 60, 60, 360, 720, 240]),
    ("(3ccc (3:2:2 c2c (5ccccc c", [160, 160, 160, 320, 160, 96, 96, 96, 96, 96, 240]),
    ("c<c c>>c c2- c2", [120, 360, 420, 60, 960]),
]


@pytest.mark.parametrize(("music", "durations"), LENGTHS)
def test_lengths_broken_rhythm_and_tuplets(read, music: str, durations: list[int]) -> None:  # type: ignore[no-untyped-def]
    assert [n.duration for n in read(music).score.melody.notes] == durations


PITCHES = [
    ("C c c' C,, z ^c c =c _B", [60, 72, 84, 36, 73, 73, 72, 70]),
    ("^f f | f", [78, 78, 77]),
    ("^f2- | f2 f2", [78, 77]),
    ("[CEG]2 [c2e2]", [67, 76]),
    ("{ab}c {/d}e", [72, 76]),
    ("[K:Bb] b e [K:C] b", [82, 75, 83]),
]


@pytest.mark.parametrize(("music", "pitches"), PITCHES)
def test_pitches_with_their_accidentals(read, music: str, pitches: list[int]) -> None:  # type: ignore[no-untyped-def]
    assert [n.pitch for n in read(music).score.melody.notes] == pitches


def test_chord_symbols_stand_over_their_notes(read) -> None:  # type: ignore[no-untyped-def]
    reading = read('"Bb7"c2 "C-7"c>"Eb^7"c "Am/g"c4 | "N.C."z4 "_slow"c2 "Slow"c2')
    assert [(s.onset, s.symbol) for s in reading.score.changes] == [
        (0, "Bb7"),
        (480, "Cm7"),
        (840, "Ebmaj7"),
        (960, "Am/G"),
        (1920, "N.C."),
    ]
    assert "1 texts that are no chords" in reading.left_out


def test_a_chord_that_is_not_understood_is_told_with_its_bar(read) -> None:  # type: ignore[no-untyped-def]
    left_out = read('c8 | "C7xyz"c8').left_out
    assert len(left_out) == 1
    assert left_out[0].startswith("bar 2: chord 'C7xyz'")


@pytest.mark.parametrize(
    ("music", "pitches"),
    [
        ("|: c8 |1 d8 :|2 e8 |]", [72, 74, 72, 76]),
        ("c8 | d8 :: e8 :|", [72, 74, 72, 74, 76, 76]),
        ("c8 [1,2 d8 :| [3 e8 || f8", [72, 74, 72, 74, 72, 76, 77]),
        ('c8 !fine! | d8 "D.C."|', [72, 74, 72]),
        ("c8 | Sd8 | e8 !D.S.! |", [72, 74, 76, 74, 76]),
    ],
)
def test_repeats_are_played_out(read, music: str, pitches: list[int]) -> None:  # type: ignore[no-untyped-def]
    assert [n.pitch for n in read(music).score.melody.notes] == pitches


def test_pickup_tempo_meter_and_feel(read) -> None:  # type: ignore[no-untyped-def]
    head = 'X:1\nT:A  tune\nC:Someone\nR:swing\nM:3/4\nL:1/4\nQ:"Fast" 1/2=100\nK:Dm\n'
    score = read("c | c3 | [M:2/4] c2 | [Q:1/4=90] c2", head).score
    assert (score.title, score.credits.composer, score.feel) == ("A tune", "Someone", "swing")
    assert (score.key, score.pickup) == (Key("D", minor=True), 480)
    assert score.meters == ((0, Meter(3, 4)), (1920, Meter(2, 4)))
    assert score.tempos == ((0, 200.0), (2880, 90.0))


def test_voices_are_parts(read) -> None:  # type: ignore[no-untyped-def]
    score = read('V:1 name="Flute"\nc8 | d8\nV:2 octave=-1\nC8 |\n[V:1] e8 | [V:2] D8 |').score
    assert [(p.name, [(n.onset, n.pitch) for n in p.notes]) for p in score.parts] == [
        ("Flute", [(0, 72), (1920, 74), (3840, 76)]),
        ("2", [(0, 48), (1920, 50)]),
    ]


def test_an_overlay_sounds_together(read) -> None:  # type: ignore[no-untyped-def]
    score = read("c4 d4 & C8 | e8").score
    assert [[(n.onset, n.pitch) for n in part.notes] for part in score.parts] == [
        [(0, 72), (960, 74), (1920, 76)],
        [(0, 60)],
    ]


def test_rests_for_several_bars(read) -> None:  # type: ignore[no-untyped-def]
    assert line(read("c8 | Z2 | d8").score) == [(0, 1920, 72), (5760, 1920, 74)]


def test_a_book_of_tunes_is_read_tune_by_tune(tmp_path: Path) -> None:
    broken_tune = "X:2\nT:Broken\nL:1/8\nK:C\nc'''''''''|\n"
    last_tune = "X:3\nT:Three\nL:1/8\nK:C\n%%a directive\nd8|\n"
    book = f"M:4/4\n{HEAD}c8|\n\nfree text\n\n{broken_tune}\n{last_tune}"
    first, broken, last = pieces(tmp_path, book)
    assert isinstance(first, Reading)
    assert isinstance(last, Reading)
    assert (first.piece, last.piece) == ("1 Tune", "3 Three")
    assert isinstance(broken, Unread)
    assert broken.piece == "2 Broken"
    assert "outside MIDI's range" in broken.reason
    assert line(last.score) == [(0, 1920, 74)]


@pytest.mark.parametrize("text", ["", "no tune", "X:1\nT:Empty\nK:C\n"])
def test_a_file_without_a_tune_is_told_so(text: str) -> None:
    with pytest.raises(CorpusError, match=r"no (?:tune|music)"):
        list(sheets_from_abc(text, "x"))


def test_bars_without_number_are_refused(tmp_path: Path) -> None:
    music = "c8888|" * 1000
    with pytest.raises(CorpusError, match="longer than 50000 bars"):
        pieces(tmp_path, f"X:1\nM:1/32\nL:1/32\nK:C\n{music}\n")


KEYS = [
    ("G", 1, Key("G")),
    ("Am", 0, Key("A", minor=True)),
    ("Bb", 2, Key("Bb")),
    ("Ador", 1, Key("G")),
    ("E phrygian", 0, Key("C")),
]


@pytest.mark.parametrize(("text", "accidentals", "key"), KEYS)
def test_keys_and_modes(text: str, accidentals: int, key: Key) -> None:
    found, signs = key_and_accidentals(text)
    assert (found, len(signs)) == (key, accidentals)


def test_a_key_may_add_accidentals() -> None:
    assert key_and_accidentals("D mix ^g _e")[1] == {"F": 1, "G": 1, "E": -1}


@given(st.integers(1, 999), st.integers(1, 99))
def test_a_length_is_the_fraction_that_is_written(numerator: int, denominator: int) -> None:
    assert length_of(f"{numerator}/{denominator}") * denominator == numerator


def test_damaged_tunes_raise_nothing_but_our_errors() -> None:
    whole = f'{HEAD}V:1 name="A"\n|:"Bb7"c2 (3def [CEG]2>{{g}}a2 |1 z8 :|2 [K:Eb] Z2 & c8 || !D.C.! Q:1/4=90\n'
    rng = random.Random(2)
    outcomes = set()
    for _ in range(400):
        damaged = list(whole)
        for _ in range(rng.randint(1, 6)):
            place = rng.randrange(len(damaged))
            damaged[place : place + rng.randrange(3)] = rng.choice(
                ['"', "[", "]", "|", ":", "9999", "\n", "'" * 9, "K:H"]
            )
        try:
            list(sheets_from_abc("".join(damaged), "x"))
            outcomes.add("read")
        except JazzgenError as error:
            outcomes.add("error" if "\n" not in str(error) else str(error))
    assert outcomes == {"read", "error"}


ORDERS = [
    ("AABA", "AABA"),
    ("A2BA", "AABA"),
    ("(AB)2 A", "ABABA"),
    ("((A)2B)2", "AABAAB"),
    ("A.B", "AB"),
]


@pytest.mark.parametrize(("order", "played"), ORDERS)
def test_parts_are_played_in_the_order_of_the_head(tmp_path: Path, order: str, played: str) -> None:
    head = HEAD.replace("K:C\n", f"P:{order}\nK:C\n")
    (reading,) = pieces(tmp_path, head + "P:A\nc8|\nP:B\n|:e8:|\n")
    assert isinstance(reading, Reading)
    letters = "".join({72: "A", 76: "B"}[note.pitch] for note in reading.score.melody.notes)
    assert letters == played.replace("B", "BB")


@pytest.mark.parametrize("order", ["AC", "A(B", "2", "A)B", "by ear"])
def test_an_order_that_fits_no_labels_is_named(tmp_path: Path, order: str) -> None:
    head = HEAD.replace("K:C\n", f"P:{order}\nK:C\n")
    (reading,) = pieces(tmp_path, head + "P:A\nc8|\nP:B\ne8|\n")
    assert isinstance(reading, Reading)
    assert len(reading.score.melody.notes) == 2
    assert any("order of parts" in what for what in reading.left_out)


def test_an_order_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="its order of parts has more than"):
        pieces(tmp_path, HEAD.replace("K:C\n", "P:((((A99)99)99)99)99\nK:C\n") + "P:A\nc8|\n")


def test_symbols_before_a_bar_line_are_the_next_bars_unless_that_has_one(read) -> None:  # type: ignore[no-untyped-def]
    free = read('"C"c8 "G7"|c8|').score.changes
    assert [(span.onset, span.symbol) for span in free] == [(0, "C"), (1920, "G7")]
    taken = read('"C"c8 "G7"|"F"c8|').score.changes
    assert [(span.onset, span.symbol) for span in taken] == [(0, "C"), (960, "G7"), (1920, "F")]


def test_an_alternate_in_brackets_is_left_out_and_named(read) -> None:  # type: ignore[no-untyped-def]
    reading = read('"G(Em)"c8|"C7(b9)"c8|')
    assert [span.symbol for span in reading.score.changes] == ["G", "C7b9"]
    assert "1 alternate chords in brackets" in reading.left_out


@pytest.mark.parametrize("piece", ["[c3", "[K:", "{a", '"C', "[V:a", "[c!x", ":", "(3", "c/", "[^c'/2"])
def test_what_is_never_closed_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    with suppress(JazzgenError):
        list(sheets_from_abc(HEAD + "c8|" + piece * 20_000 + "\n", "t"))
    assert time.process_time() - start < 5
