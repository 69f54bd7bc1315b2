"""music21 streams as scores."""

import pytest
from helpers.chart_text import parse_changes
from music21 import bar, chord, harmony, instrument, key, meter, note, repeat, roman, spanner, stream, tempo

from jazzgen.codec import grammar
from jazzgen.errors import CorpusError
from jazzgen.formats.streams import score_from_stream
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

LINE = [("B-4", 0.5), ("D5", 0.5), (None, 1.0), ("F5", 1 / 3), ("E5", 1 / 3), ("E-5", 1 / 3), ("D5", 1.0)]
EXPECTED = [(0, 240, 70), (240, 240, 74), (960, 160, 77), (1120, 160, 76), (1280, 160, 75), (1440, 480, 74)]


def part(*extra: object) -> stream.Part:
    result = stream.Part()
    for element in extra:
        result.insert(0, element)
    offset = 0.0
    for name, beats in LINE:
        result.insert(offset, note.Note(name, quarterLength=beats) if name else note.Rest(quarterLength=beats))
        offset += beats
    return result


def with_symbols(figures: list[str]) -> stream.Part:
    result = part()
    for offset, figure in zip((0, 2), figures, strict=True):
        result.insert(offset, harmony.ChordSymbol(figure))
    return result


def test_notes_keep_time_and_pitch() -> None:
    score = score_from_stream(with_symbols(["B-7", "E-7"]))
    assert [(n.onset, n.duration, n.pitch) for n in score.melody.notes] == EXPECTED


def test_chord_symbols_are_read_by_our_parser() -> None:
    score = score_from_stream(with_symbols(["B-7", "E-maj7"]))
    assert [(span.onset, span.duration, span.symbol) for span in score.changes] == [
        (0, 960, "Bb7"),
        (960, 960, "Ebmaj7"),
    ]


def test_a_stream_encodes_as_the_score_it_stands_for() -> None:
    notes = tuple(Note(*values) for values in EXPECTED)
    written = Score(changes=parse_changes("Bb7 Eb7"), parts=(Part("Melody", notes),))
    assert grammar.encode(score_from_stream(with_symbols(["B-7", "E-7"]))) == grammar.encode(written)


def test_meter_key_and_tempo_come_along() -> None:
    marks = (meter.TimeSignature("3/4"), key.Key("g"), tempo.MetronomeMark(number=99))
    score = score_from_stream(part(*marks))
    assert (score.meter, score.key, score.bpm) == (Meter(3, 4), Key("G", minor=True), 99)


def test_ties_are_joined_and_the_top_of_a_chord_is_kept() -> None:
    tied = stream.Part()
    first, second = note.Note("C5", quarterLength=1), note.Note("C5", quarterLength=0.5)
    first.tie, second.tie = note.tie.Tie("start"), note.tie.Tie("stop")
    tied.append([first, second, chord.Chord(["C4", "E4", "G4"], quarterLength=1)])
    notes = score_from_stream(tied).melody.notes
    assert [(n.onset, n.duration, n.pitch) for n in notes] == [(0, 720, 72), (720, 480, 67)]


def test_a_pickup_measure_is_told_by_its_padding() -> None:
    melody = stream.Part()
    pickup = stream.Measure(number=0)
    pickup.append([meter.TimeSignature("4/4"), note.Note("C5", quarterLength=1)])
    pickup.paddingLeft = 3
    full = stream.Measure(number=1)
    full.append(note.Note("D5", quarterLength=4))
    melody.append([pickup, full])
    score = score_from_stream(melody)
    assert score.pickup == 480
    assert [bar.number for bar in score.bars()] == [0, 1]


@pytest.mark.parametrize("names", [["F3", "A3", "C4", "E-4"], ["A3", "C4", "E-4", "F4"]])
def test_without_symbols_chords_are_inferred_from_the_accompaniment(names: list[str]) -> None:
    accompaniment = stream.Part()
    accompaniment.append([note.Note("F2", quarterLength=4), chord.Chord(names, quarterLength=4)])
    accompaniment.elements[1].setOffsetBySite(accompaniment, 0)
    score = score_from_stream(part(), accompaniment)
    assert [span.symbol for span in score.changes] == ["F7"]


def measures(*beats: float) -> list[stream.Measure]:
    """Measures of one long C, D, E ... each."""
    made = []
    for number, (step, length) in enumerate(zip("CDEFGAB", beats, strict=False), 1):
        measure = stream.Measure(number=number)
        measure.append(note.Note(f"{step}5", quarterLength=length))
        made.append(measure)
    made[0].insert(0, meter.TimeSignature("4/4"))
    return made


def pitches_of(made: list[stream.Measure], *spanners: spanner.Spanner) -> list[int]:
    part_ = stream.Part([*made])
    for bracket in spanners:
        part_.insert(0, bracket)
    return [n.pitch for n in score_from_stream(part_).melody.notes]


def test_repeats_with_their_endings_are_played_out() -> None:
    made = measures(4, 4, 4)
    made[1].rightBarline = bar.Repeat(direction="end")
    first, second = spanner.RepeatBracket(made[1], number=1), spanner.RepeatBracket(made[2], number=2)
    assert pitches_of(made, first, second) == [72, 74, 72, 76]


def test_signs_of_the_road_are_followed() -> None:
    made = measures(4, 4, 4)
    made[0].append(repeat.Fine())
    made[2].append(repeat.DaCapoAlFine())
    assert pitches_of(made) == [72, 74, 76, 72]


def test_voices_of_a_measure_are_told_apart() -> None:
    measure = stream.Measure(number=1)
    for pitch in ("C5", "E4"):
        measure.insert(0, stream.Voice([note.Note(pitch, quarterLength=4)]))
    score = score_from_stream(stream.Part([measure]))
    assert [[n.pitch for n in part_.notes] for part_ in score.parts] == [[72], [64]]


def test_transposing_parts_are_read_as_they_sound() -> None:
    measure = stream.Measure(number=1)
    measure.append([instrument.AltoSaxophone(), key.KeySignature(3), note.Note("A5", quarterLength=4)])
    alto = stream.Part([measure])
    alto.atSoundingPitch = False
    assert [n.pitch for n in score_from_stream(alto).melody.notes] == [72]
    assert alto.recurse().notes.first().pitch.midi == 81, "the user's stream is left as it was"


def test_roman_numerals_are_chords() -> None:
    measure = stream.Measure(number=1)
    measure.append([roman.RomanNumeral(figure, "C", quarterLength=1) for figure in ("V9", "viio7", "ii6", "I")])
    assert [span.symbol for span in score_from_stream(stream.Part([measure])).changes] == ["G9", "Bdim7", "Dm/F", "C"]


def test_a_symbol_that_is_not_understood_is_an_error_with_its_bar() -> None:
    class Odd(harmony.ChordSymbol):
        figure = "C7 whatever"

    odd = part()
    odd.insert(0, Odd())
    with pytest.raises(CorpusError, match="bar 1: chord 'C7 whatever'"):
        score_from_stream(odd)


def test_grace_notes_take_no_time() -> None:
    measure = stream.Measure(number=1)
    measure.append([note.Note("B4", quarterLength=1).getGrace(), note.Note("C5", quarterLength=4)])
    assert [(n.onset, n.pitch) for n in score_from_stream(stream.Part([measure])).melody.notes] == [(0, 72)]
