"""Chords heard in notes that name none."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from helpers.strategies import lines
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.harmony.changes import ChordSpan, chord_at
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES, pitch_class
from jazzgen.music import infer
from jazzgen.music.infer import NO_BASS, best_chords, infer_changes
from jazzgen.music.score import Note
from jazzgen.music.timing import Bar, Meter, iter_bars

COMPED = ["", "m", "7", "m7", "maj7", "6", "m6", "m7b5", "dim7", "mmaj7", "7sus4", "aug", "9", "m9", "maj9", "13"]


def bars_of(meter: str, count: int, pickup: int = 0) -> list[Bar]:
    return list(iter_bars(((0, Meter.parse(meter)),), pickup, pickup + count * Meter.parse(meter).bar_ticks))


def comped(symbol: str, onset: int, duration: int) -> list[Note]:
    """The chord as a pianist plays it: its root low, all its tones above."""
    chord = parse_chord(symbol)
    above = [chord.root_class + tone for tone in (*chord.tones, *chord.tensions)]
    return [Note(onset, duration, 36 + chord.root_class)] + [Note(onset, duration, 60 + tone) for tone in above]


def weights(*names: str) -> np.ndarray:
    found = np.zeros(12)
    found[[pitch_class(name) for name in names]] = 1
    return found


def infer_chord(heard: np.ndarray, bass_class: int | None = None) -> Chord | None:
    return next(best_chords(heard[None], np.array([NO_BASS if bass_class is None else bass_class])))


@pytest.mark.parametrize("quality", COMPED)
def test_a_chord_played_over_its_root_is_heard(quality: str) -> None:
    for root in FLAT_NAMES:
        chord = parse_chord(root + quality)
        assert infer_changes(comped(str(chord), 0, 1920), bars_of("4/4", 1)) == (ChordSpan(0, 1920, chord),)


@pytest.mark.parametrize(
    ("names", "bass", "symbol"),
    [
        ("C E G", None, "C"),
        ("C E G A", "C", "C6"),
        ("C E G A", "A", "Am7"),
        ("D F Ab C", "D", "Dm7b5"),
        ("D F Ab C", "F", "Fm6"),
        ("B D F Ab", "D", "Ddim7"),
        ("F B D G", None, "G7"),
    ],
)
def test_the_bass_tells_chords_of_the_same_tones_apart(names: str, bass: str | None, symbol: str) -> None:
    bass_class = None if bass is None else pitch_class(bass)
    assert infer_chord(weights(*names.split()), bass_class) == parse_chord(symbol)


@pytest.mark.parametrize(
    ("ticks", "symbol"),
    [
        ({"C": 1, "E": 1, "G#": 1}, "Caug"),
        ({"D": 960, "Eb": 960, "E": 480, "G": 240, "B": 480}, "Em7"),
        ({"Eb": 960, "E": 960, "F": 240, "A": 960}, "F7"),
        ({"D": 720, "Eb": 720, "Gb": 480, "A": 720, "B": 240}, "B7"),
    ],
)
def test_of_chords_that_fit_alike_the_first_in_the_table_is_taken(ticks: dict[str, int], symbol: str) -> None:
    heard = np.zeros(12)
    for name, length in ticks.items():
        heard[pitch_class(name)] = length
    assert infer_chord(heard) == parse_chord(symbol)


def test_silence_has_no_chord() -> None:
    assert infer_chord(np.zeros(12)) is None
    assert infer_changes([], bars_of("4/4", 2)) == (ChordSpan(0, 3840, None),)
    assert infer_changes([], []) == ()


def test_a_passing_tone_does_not_change_the_chord() -> None:
    heard = weights("C", "E", "G")
    heard[pitch_class("F")] = 0.1
    assert infer_chord(heard) == parse_chord("C")


def test_chords_change_at_half_bars() -> None:
    notes = comped("Dm7", 0, 960) + comped("G7", 960, 960) + comped("Cmaj7", 1920, 1920)
    assert infer_changes(notes, bars_of("4/4", 2)) == (
        ChordSpan(0, 960, parse_chord("Dm7")),
        ChordSpan(960, 960, parse_chord("G7")),
        ChordSpan(1920, 1920, parse_chord("Cmaj7")),
    )


def test_a_bar_without_a_half_has_one_chord() -> None:
    notes = comped("Dm7", 0, 960) + comped("G7", 960, 480)
    assert infer_changes(notes, bars_of("3/4", 1)) == (ChordSpan(0, 1440, parse_chord("Dm7")),)


def test_a_pickup_bar_has_one_chord() -> None:
    notes = comped("G7", 0, 960) + comped("Cmaj7", 960, 1920)
    assert infer_changes(notes, bars_of("4/4", 1, pickup=960)) == (
        ChordSpan(0, 960, parse_chord("G7")),
        ChordSpan(960, 1920, parse_chord("Cmaj7")),
    )


def test_a_chord_goes_on_through_silence_and_over_bar_lines() -> None:
    notes = comped("Dm7", 0, 480) + comped("Dm7", 3840, 1920)
    assert infer_changes(notes, bars_of("4/4", 3)) == (ChordSpan(0, 5760, parse_chord("Dm7")),)


@given(lines(grid_ticks=200, low=36, max_size=40))
def test_a_piece_judged_in_blocks_has_the_same_chords(notes: tuple[Note, ...]) -> None:
    bars = bars_of("4/4", notes[-1].end // 1920 + 1)
    whole = infer_changes(notes, bars)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(infer, "_BLOCK", 3)
        assert infer_changes(notes, bars) == whole


def test_a_held_chord_sounds_in_every_bar_it_reaches() -> None:
    notes = comped("Ebmaj7", 0, 5 * 1920 + 960) + comped("Bb7", 5 * 1920 + 960, 960)
    assert infer_changes(notes, bars_of("4/4", 6)) == (
        ChordSpan(0, 5 * 1920 + 960, parse_chord("Ebmaj7")),
        ChordSpan(5 * 1920 + 960, 960, parse_chord("Bb7")),
    )


def test_a_bass_note_shorter_than_a_quarter_of_the_stretch_counts_for_no_root() -> None:
    above = [Note(0, 960, pitch) for pitch in (60, 64, 67, 69)]
    assert infer_changes([Note(0, 240, 48), *above], bars_of("4/4", 1))[0].chord == parse_chord("C6")
    assert infer_changes([Note(0, 239, 48), *above], bars_of("4/4", 1))[0].chord == parse_chord("Am7")


@given(st.lists(st.tuples(st.sampled_from(FLAT_NAMES), st.sampled_from(COMPED)), min_size=1, max_size=12))
def test_changes_comped_by_half_bars_are_heard_as_they_are(symbols: list[tuple[str, str]]) -> None:
    chords: list[Chord] = [parse_chord(root + quality) for root, quality in symbols]
    notes = [note for half, chord in enumerate(chords) for note in comped(str(chord), 960 * half, 960)]
    heard = infer_changes(notes, bars_of("4/4", (len(chords) + 1) // 2))
    assert [chord_at(heard, 960 * half) for half in range(len(chords))] == chords


@given(lines(grid_ticks=70, low=36, max_size=40), st.sampled_from(["4/4", "3/4", "6/8", "7/8"]), st.integers(0, 400))
def test_changes_fill_the_bars_and_no_chord_follows_itself(notes: tuple[Note, ...], meter: str, pickup: int) -> None:
    bars = list(iter_bars(((0, Meter.parse(meter)),), pickup, notes[-1].end))
    changes = infer_changes(notes, bars)
    assert (changes[0].onset, changes[-1].end) == (0, bars[-1].end)
    assert all(a.end == b.onset and a.chord != b.chord for a, b in pairwise(changes))


def cut(note: Note, at: int) -> list[Note]:
    left = min(at, note.duration - 1)
    if not left:
        return [note]
    return [Note(note.onset, left, note.pitch), Note(note.onset + left, note.duration - left, note.pitch)]


@given(lines(grid_ticks=70, low=36, max_size=40), st.integers(1, 400), st.randoms(use_true_random=False))
def test_only_how_long_each_pitch_sounds_counts(notes: tuple[Note, ...], at: int, random: Random) -> None:
    bars = bars_of("4/4", notes[-1].end // 1920 + 1)
    pieces = [piece for note in notes for piece in cut(note, at)]
    assert infer_changes(random.sample(pieces, len(pieces)), bars) == infer_changes(notes, bars)
