"""Parts for transposing instruments."""

from dataclasses import replace

import pytest
from helpers.chart_text import parse_changes
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.engraving.instruments import INSTRUMENTS, instrument_named, part_for
from jazzgen.errors import OptionError
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, fifths_of
from jazzgen.music.score import Note, Part, Score

KEYS = [Key(tonic) for tonic in MAJOR_TONICS] + [Key(tonic, minor=True) for tonic in MINOR_TONICS]


def score(*pitches: int, key: str = "F", changes: str = "F6 | C7") -> Score:
    notes = tuple(Note(480 * i, 480, pitch) for i, pitch in enumerate(pitches))
    return Score(key=Key.parse(key), changes=parse_changes(changes), parts=(Part("Solo", notes),))


@pytest.mark.parametrize(
    ("name", "key", "written", "root"),
    [
        ("trumpet", "G", 62, "G"),
        ("tenor sax", "G", 74, "G"),
        ("alto sax", "D", 69, "D"),
        ("baritone sax", "D", 81, "D"),
        ("horn", "C", 67, "C"),
        ("guitar", "F", 72, "F"),
        ("flute", "F", 60, "F"),
    ],
)
def test_a_part_is_written_where_its_instrument_reads_it(name: str, key: str, written: int, root: str) -> None:
    part = part_for(score(60), instrument_named(name))
    assert part.octaves == 0
    assert str(part.score.key) == key
    assert [note.pitch for note in part.score.melody.notes] == [written]
    chord = part.score.changes[0].chord
    assert chord is not None
    assert chord.root == root


def test_a_key_alone_takes_the_octave_that_stays_on_the_staff() -> None:
    assert part_for(score(58, 60, 62), instrument_named("Bb")).instrument.sounds == (-14,)
    assert part_for(score(70, 72, 74), instrument_named("Bb")).instrument.sounds == (-2,)
    assert part_for(score(48, 50, 52), instrument_named("Eb")).instrument.sounds == (-21,)


def test_a_part_beyond_the_range_moves_by_octaves_and_what_stays_beyond_is_counted() -> None:
    low = part_for(score(45, 48, 52), instrument_named("flute"))
    assert (low.octaves, low.beyond) == (2, 0)
    wide = part_for(score(36, 60, 64, 67, 71), instrument_named("trumpet"))
    assert (wide.octaves, wide.beyond) == (0, 1)


def test_the_names_of_the_source_move_along() -> None:
    spelled = Score(key=Key("C"), parts=(Part("Solo", (Note(0, 480, 63, fifths=fifths_of("D#")),)),))
    (note,) = part_for(spelled, instrument_named("alto sax")).score.melody.notes
    assert note.fifths == fifths_of("B#")


def test_a_chart_without_notes_moves_its_chords() -> None:
    chart = replace(score(), parts=())
    moved = part_for(chart, instrument_named("Eb")).score
    assert [span.chord and str(span.chord.root) for span in moved.changes] == ["D", "A"]


@pytest.mark.parametrize("name", ["Tenor-Sax", "tenor saxophone", "TENOR SAX", "tenor_sax"])
def test_names_are_read_as_people_write_them(name: str) -> None:
    assert instrument_named(name) is INSTRUMENTS["tenor sax"]


def test_an_unknown_instrument_is_named_with_those_that_there_are() -> None:
    with pytest.raises(OptionError, match=r"a part for 'kazoo': choose from Bb, Eb, F, bass-clef, flute"):
        instrument_named("kazoo")


@given(st.sampled_from(list(INSTRUMENTS)), st.lists(st.integers(45, 75), min_size=1, max_size=8), st.sampled_from(KEYS))
def test_what_sounds_is_the_same_by_octaves(name: str, pitches: list[int], key: Key) -> None:
    made = part_for(replace(score(*pitches), key=key), INSTRUMENTS[name])
    (sounds,) = made.instrument.sounds
    sounding = [note.pitch + sounds for note in made.score.melody.notes]
    assert sounding == [pitch + 12 * made.octaves for pitch in pitches]
    assert abs(made.score.key.fifths) <= 7
