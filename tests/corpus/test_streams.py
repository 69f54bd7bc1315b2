"""music21 streams as scores."""

import pytest
from music21 import chord, harmony, key, meter, note, stream, tempo

from jazzgen.codec import grammar
from jazzgen.corpus.streams import score_from_stream
from jazzgen.harmony.changes import parse_changes
from jazzgen.harmony.pitch import Key
from jazzgen.score import Note, Part, Score
from jazzgen.timing import Meter

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
