"""The starter corpus: its files are what its sources say, and its sources are music."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.harmony.changes import chord_at
from jazzgen.learning.grammar.windows import prepare
from jazzgen.music.melody import close_gaps
from jazzgen.music.score import Note, Score

STARTER = Path(__file__).parents[1] / "midi" / "starter"
SOURCES = sorted((STARTER.parent / "leadsheets").glob("*.txt"))
RUN = 12  # intervals
each_tune = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def midi_of(source: Path) -> Path:
    return STARTER / f"{source.stem}.mid"


def facts(notes: Sequence[Note]) -> list[tuple[int, int, int]]:
    return [(note.onset, note.duration, note.pitch) for note in notes]


def strong_beats(score: Score) -> list[Note]:
    """Notes on the first beat of a bar, and on the third of four."""
    bar = score.meter.bar_ticks
    strong = (0, bar // 2) if score.meter.numerator == 4 else (0,)
    return [note for note in score.melody.notes if (note.onset - score.pickup) % bar in strong]


def is_in_chord(note: Note, score: Score) -> bool:
    chord = chord_at(score.changes, note.onset)
    assert chord is not None
    return (note.pitch - chord.root_class) % 12 in {*chord.tones, *chord.tensions}


def test_there_are_24_tunes_or_more_in_many_keys_with_a_midi_file_each() -> None:
    assert len(SOURCES) >= 24
    assert sorted(STARTER.glob("*.mid")) == sorted(midi_of(source) for source in SOURCES)
    scores = [read_score(source) for source in SOURCES]
    assert len({score.title for score in scores}) == len(scores)
    assert len({score.key for score in scores}) >= 8
    assert {score.feel for score in scores} == {"swing", "straight"}


@each_tune
def test_each_midi_file_is_what_its_lead_sheet_makes(source: Path) -> None:
    as_written = Arrangement(swing=2.0, articulate=False, laid_back=0, touch=0, bass="rules")
    score = arrange(read_score(source), as_written, rng=np.random.default_rng(0))
    assert midi_bytes(score) == midi_of(source).read_bytes()


@each_tune
def test_each_midi_file_gives_its_lead_sheet_back(source: Path) -> None:
    written, found = read_score(source), prepare(read_score(midi_of(source)))
    # A rest of a sixteenth or less cannot be told from articulation.
    assert facts(found.melody.notes) == facts(close_gaps(written.melody.notes))
    assert found.changes == written.changes
    assert (found.title, found.key, found.pickup, found.feel) == (
        written.title,
        written.key,
        written.pickup,
        written.feel,
    )
    assert (found.tempos, found.meters) == (written.tempos, written.meters)


@each_tune
def test_each_melody_breathes(source: Path) -> None:
    score = read_score(source)
    rest = 1 - sum(note.duration for note in score.melody.notes) / score.end
    assert 0.1 <= rest <= 0.4


@each_tune
def test_strong_beats_are_mostly_in_the_chord(source: Path) -> None:
    score = read_score(source)
    strong = strong_beats(score)
    assert len(strong) >= 8
    # Four or five of twelve tones are in a chord, so that chance would be right two times in five.
    assert np.mean([is_in_chord(note, score) for note in strong]) >= 0.6


@each_tune
def test_each_melody_lies_where_a_horn_can_play_it(source: Path) -> None:
    pitches = [note.pitch for note in read_score(source).melody.notes]
    assert min(pitches) >= 55
    assert max(pitches) <= 88


@each_tune
def test_each_tune_can_be_spoken_in_the_grammar(source: Path) -> None:
    score = prepare(read_score(midi_of(source)))
    assert sum(grammar.token_ticks(token) for token in grammar.encode(score)) == score.end


def test_no_two_melodies_share_a_run_of_12_intervals() -> None:
    owners: dict[tuple[int, ...], str] = {}
    for source in SOURCES:
        pitches = [note.pitch for note in read_score(source).melody.notes]
        intervals = tuple(np.diff(pitches).tolist())
        for start in range(len(intervals) - RUN + 1):
            run = intervals[start : start + RUN]
            assert owners.setdefault(run, source.stem) == source.stem
