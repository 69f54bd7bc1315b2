"""Scores as music21 streams: the inverse of reading them, up to what a stream does not hold."""

from pathlib import Path

import pytest
from helpers.small_model import STARTER
from helpers.strategies import scores
from hypothesis import given, settings
from music21 import harmony, meter, stream

from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.formats.streams import score_from_stream
from jazzgen.formats.to_streams import stream_from_score
from jazzgen.harmony.changes import chord_at
from jazzgen.learning.grammar.windows import prepare
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Note, Part, Score


@settings(max_examples=30)
@given(score=scores())
def test_a_stream_has_the_score_s_line_chords_and_meters(score: Score) -> None:
    back = score_from_stream(stream_from_score(score))
    expected = [(note.onset, note.duration, note.pitch) for note in monophonic(score.melody.notes)]
    assert [(note.onset, note.duration, note.pitch) for note in back.melody.notes] == expected
    for tick in range(0, score.end, 120):
        assert chord_at(back.changes, tick) == chord_at(score.changes, tick)
    assert (back.pickup, back.meter, back.key, back.feel) == (score.pickup, score.meter, score.key, score.feel)


@pytest.mark.parametrize("path", sorted(STARTER.glob("*.mid"))[::4], ids=lambda path: path.stem)
@pytest.mark.parametrize("grid_ticks", [40, 120])
def test_the_tokens_are_the_same_by_either_way(path: Path, grid_ticks: int) -> None:
    score = read_score(path)
    back = score_from_stream(stream_from_score(score))
    assert grammar.encode(prepare(back, grid_ticks)) == grammar.encode(prepare(score, grid_ticks))


def test_notes_over_bar_lines_are_tied_and_drums_are_left_out() -> None:
    solo = Part("Solo", (Note(1440, 960, 70),))
    made = stream_from_score(Score(parts=(solo, Part("Drums", (Note(0, 40, 38),), channel=9))))
    assert len(made.parts) == 1
    tied = list(made.recurse().notes)
    assert [(n.tie.type, float(n.quarterLength), n.measureNumber) for n in tied] == [("start", 1, 1), ("stop", 1, 2)]


def test_music21_sees_measures_meters_and_chord_symbols() -> None:
    made = stream_from_score(read_score(STARTER / "waltz_g_paper_kite.mid"))
    assert made.recurse().getElementsByClass(meter.TimeSignature).first().ratioString == "3/4"
    assert all(measure.duration.quarterLength == 3 for measure in made.parts[0].getElementsByClass(stream.Measure)[:-1])
    assert len(made.recurse().getElementsByClass(harmony.ChordSymbol)) > 10
