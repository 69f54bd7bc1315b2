"""The pianist: what is in a voicing, how voicings follow one another, when there is silence."""

from itertools import pairwise

import numpy as np
import pytest
from chart_text import parse_changes
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SYMBOLS, scores

from jazzgen.band.comping import HIGH, LOW, NAME, add_comping, lead_voices, voicing_classes, voicings
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES
from jazzgen.score import Note, Part, Score

QUALITIES = (
    *("", "m", "6", "m6", "69", "7", "m7", "maj7", "9", "m9", "maj9", "13", "m11", "7b9", "7#9", "7#11", "7b13"),
    *("7alt", "m7b5", "dim7", "dim", "aug", "7#5", "mmaj7", "sus4", "sus2", "7sus4", "maj7#11", "13b9", "5", "add9"),
)
SOLO = Part("Solo", (Note(0, 480, 72), Note(480, 480, 74)))


def comped(changes: str, bpm: float = 160.0, seed: int = 1) -> Score:
    score = Score(tempos=((0, bpm),), changes=parse_changes(changes), parts=(SOLO,))
    return add_comping(score, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_voicing_is_close_in_the_register_and_holds_the_guide_tones(quality: str) -> None:
    for chord in (parse_chord(root + quality) for root in FLAT_NAMES):
        expected = {(chord.root_class + tone) % 12 for tone in voicing_classes(chord)}
        assert set(chord.guide_tones) <= expected
        assert len(voicings(chord)) >= len(expected)
        for voicing in voicings(chord):
            assert LOW <= voicing[0] <= voicing[-1] <= HIGH
            assert voicing[-1] - voicing[0] < 12
            assert list(voicing) == sorted(voicing)
            assert {pitch % 12 for pitch in voicing} == expected


@pytest.mark.parametrize(
    ("symbol", "classes"),
    [
        ("C7", {4, 10, 7, 2}),
        ("Cm7", {3, 10, 7, 2}),
        ("Cmaj7", {4, 11, 7, 2}),
        ("C6", {4, 9, 7, 2}),
        ("C9", {4, 10, 7, 2}),
        ("C13", {4, 10, 9, 2}),
        ("C7b9", {4, 10, 7, 1}),
        ("C7#9", {4, 10, 7, 3}),
        ("C7#11", {4, 10, 6, 2}),
        ("C13b9", {4, 10, 9, 1}),
        ("Cm7b5", {3, 10, 6}),
        ("C7sus4", {5, 10, 7, 2}),
        ("C", {0, 4, 7}),
        ("Cm", {0, 3, 7}),
        ("C5", {0, 7}),
        ("Cno3no5", {0}),
    ],
)
def test_voicings_are_guide_tones_and_colour_as_pianists_play_them(symbol: str, classes: set[int]) -> None:
    assert set(voicing_classes(parse_chord(symbol))) == classes


@pytest.mark.parametrize("quality", QUALITIES)
def test_seventh_chords_leave_the_root_to_the_bass_and_hold_the_tensions_asked_for(quality: str) -> None:
    chord = parse_chord("C" + quality)
    classes = voicing_classes(chord)
    assert len(classes) <= 4
    if chord.seventh is not None:
        assert 0 not in classes
        assert set(chord.tensions[-2:]) <= set(classes)


@given(symbol=st.sampled_from(QUALITIES), root=st.sampled_from(FLAT_NAMES))
def test_the_first_voicing_lies_about_middle_c(symbol: str, root: str) -> None:
    assert abs(np.mean(lead_voices(parse_chord(root + symbol), ())) - 60) <= 4


@pytest.mark.parametrize("tonic", range(12))
def test_no_voice_moves_more_than_a_whole_step_in_two_five_one(tonic: int) -> None:
    voicing: tuple[int, ...] = ()
    path = []
    for root, quality in ((2, "m7"), (7, "7"), (0, "maj7")):
        voicing = lead_voices(parse_chord(FLAT_NAMES[(tonic + root) % 12] + quality), voicing)
        path.append(voicing)
    for before, after in pairwise(path):
        assert all(min(abs(pitch - other) for other in before) <= 2 for pitch in after)


@given(symbols=st.lists(st.sampled_from(SYMBOLS), min_size=2, max_size=30))
def test_voices_move_two_half_steps_on_average_at_most_and_never_leave_the_register(symbols: list[str]) -> None:
    voicing: tuple[int, ...] = ()
    for symbol in symbols:
        previous, voicing = voicing, lead_voices(parse_chord(symbol), voicing)
        assert LOW <= voicing[0] <= voicing[-1] <= HIGH
        if previous:
            assert np.mean([min(abs(pitch - other) for other in previous) for pitch in voicing]) <= 2


def test_a_repeated_chord_keeps_its_voicing() -> None:
    chord = parse_chord("Dm7")
    first = lead_voices(chord, ())
    assert lead_voices(chord, first) == first


@given(score=scores(), seed=st.integers(0, 9))
@settings(max_examples=50)
def test_the_piano_plays_every_chord_inside_its_span_and_rests_over_no_chord(score: Score, seed: int) -> None:
    found = add_comping(score, rng=np.random.default_rng(seed))
    piano = found.parts[-1]
    assert found.parts[:-1] == score.parts
    for span in score.changes:
        inside = [note for note in piano.notes if span.onset <= note.onset < span.end]
        assert all(note.end <= span.end for note in inside)
        if span.chord:
            assert any(note.onset == span.onset for note in inside)
            expected = {(span.chord.root_class + tone) % 12 for tone in voicing_classes(span.chord)}
            for onset in {note.onset for note in inside}:
                assert {note.pitch % 12 for note in inside if note.onset == onset} == expected
        else:
            assert not inside


@given(score=scores(), seed=st.integers(0, 9))
@settings(max_examples=30)
def test_one_stroke_ends_before_the_next_begins(score: Score, seed: int) -> None:
    notes = add_comping(score, rng=np.random.default_rng(seed)).parts[-1].notes
    assert all(a.end <= b.onset or a.onset == b.onset for a, b in pairwise(notes))


def test_the_piano_has_a_name_and_a_channel_of_its_own() -> None:
    piano = comped("Dm7 | G7").parts[-1]
    assert (piano.name, piano.channel, piano.program) == (NAME, 1, 0)
    assert piano.channel != SOLO.channel


def test_slow_chords_are_held() -> None:
    notes = comped("Dm7 | G7", bpm=60.0).parts[-1].notes
    assert {(note.onset, note.duration) for note in notes} == {(0, 1920), (1920, 1920)}


def test_at_tempo_the_rhythm_is_a_charleston_in_most_bars() -> None:
    notes = comped(" | ".join(["Dm7", "G7"] * 50)).parts[-1].notes
    strokes = {note.onset for note in notes}
    charlestons = [bar for bar in range(100) if 1920 * bar + 720 in strokes]
    assert {onset % 1920 for onset in strokes} == {0, 720}
    assert 50 < len(charlestons) < 90


def test_the_same_seed_gives_the_same_notes_and_another_seed_others() -> None:
    changes = "Dm7 | G7 | Cmaj7 | A7"
    assert comped(changes) == comped(changes)
    assert comped(changes) != comped(changes, seed=2)


def test_a_chord_goes_on_over_several_bars_with_a_stroke_in_each() -> None:
    score = Score(changes=(ChordSpan(0, 3 * 1920, parse_chord("Dm7")),), parts=(SOLO,))
    notes = add_comping(score, rng=np.random.default_rng(0)).parts[-1].notes
    assert {0, 1920, 3840} <= {note.onset for note in notes}
