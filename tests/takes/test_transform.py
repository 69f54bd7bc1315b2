"""A solo in another key, at another tempo, swung otherwise, longer: what changes, and what does not."""

from dataclasses import replace

import pytest
from helpers.small_soloist import small_soloist
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement
from jazzgen.errors import OptionError
from jazzgen.formats.midi.write import Layout, midi_bytes
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune, find_tune
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.music.gesture import Gesture, fitting
from jazzgen.music.score import Note, Part, Score
from jazzgen.takes.recipe import Recipe, recipe_in, source_in
from jazzgen.takes.remake import read_midi, remake
from jazzgen.takes.steps import Retimed
from jazzgen.takes.take import Take, make_take
from jazzgen.takes.transform import Longer, Timing, heard_swing, make_longer, make_retimed, make_transposed

SOLOIST = small_soloist()
BAR = 1920
ODD = Tune("Odd", parse_chart("[A] 3/4 Dm7 | G7 | 4/4 Cmaj7 | [B] A7 | 5/4 Dm7 . . G7 ."), Key("C"))
TUNES = {"blues": find_tune("blues-f"), "bossa": find_tune("bossa-a"), "odd": ODD}
HOWS = {
    "plain": (Options(bpm=150), Arrangement()),
    "framed": (Options(bpm=120, choruses=2, tag=True), Arrangement(intro=True, ending=True, swing=2.5, gestures=True)),
    "alone": (Options(bpm=200), Arrangement(band=())),
    "straight": (Options(bpm=150), Arrangement(perform=False)),
}


def file_of(take: Take) -> bytes:
    layout = Layout()
    return midi_bytes(take.played, take.recipe.to_json(layout), layout)


def found(*_: str) -> Model:
    return SOLOIST


@pytest.fixture(scope="module", params=[(tune, how) for tune in TUNES for how in HOWS], ids="-".join)
def data(request: pytest.FixtureRequest) -> bytes:
    tune, how = request.param
    options, arrangement = HOWS[how]
    return file_of(make_take(SOLOIST, TUNES[tune], options, replace(arrangement, any_meter=True), seed=3))


def test_transposing_there_and_back_is_nothing(data: bytes) -> None:
    played = read_midi(data)
    for semitones in (-12, -5, 1, 6, 7, 12):
        there = make_transposed(played, semitones).played
        assert there.key == played.key.transposed(semitones)
        assert [n.pitch - semitones for n in there.melody.notes] == [n.pitch for n in played.melody.notes]
        back = make_transposed(there, -semitones).played
        assert back.melody == played.melody
        assert [span.chord and span.chord.root_class for span in back.changes] == [
            span.chord and span.chord.root_class for span in played.changes
        ]
        for before, after in zip(played.parts, there.parts, strict=True):
            if before.is_drums:
                assert after == before
            elif before is not played.melody:
                moved = {b.pitch - a.pitch for a, b in zip(before.notes, after.notes, strict=True)}
                assert moved <= {step for step in range(-5, 7) if (step - semitones) % 12 == 0}


def test_a_note_that_would_leave_the_range_is_an_error() -> None:
    score = Score(parts=(Part("Solo", (Note(0, 480, 120),)),))
    with pytest.raises(OptionError, match="'Solo' would leave the range"):
        make_transposed(score, 12)
    with pytest.raises(OptionError, match="-12 to 12"):
        make_transposed(score, 13)


def test_another_tempo_moves_no_note(data: bytes) -> None:
    played = read_midi(data)
    slower = make_retimed(played, Timing(bpm=90), source_in(data)).played
    assert (round(slower.bpm, 6), slower.changes) == (90, played.changes)
    assert [replace(part, gestures=()) for part in slower.parts] == [replace(p, gestures=()) for p in played.parts]


# Not near 2: there a second eighth may fall on the place of a triplet, and is one from then on.
@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.5])
def test_swinging_otherwise_and_back_is_nothing(data: bytes, ratio: float) -> None:
    played, source = read_midi(data), source_in(data)
    before = heard_swing(played, source)
    there = make_retimed(played, Timing(swing=ratio), source)
    assert heard_swing(there.played, there.recipe.to_json()) == ratio
    back = make_retimed(there.played, Timing(swing=before), there.recipe.to_json()).played
    for one, other in zip(played.parts, back.parts, strict=True):
        same = {(n.onset, n.pitch) for n in one.notes} & {(n.onset, n.pitch) for n in other.notes}
        assert len(same) >= 0.97 * len(one.notes)


def test_swing_moves_second_eighths_alone() -> None:
    notes = (Note(0, 320, 60), Note(320, 160, 62), Note(485, 315, 64), Note(805, 155, 65), Note(960, 160, 67))
    score = Score(parts=(Part("Solo", (*notes, Note(1120, 160, 69), Note(1280, 160, 71))),))
    moved = make_retimed(score, Timing(swing=1.0), Recipe(Retimed(2.0)).to_json()).played
    assert [n.onset for n in moved.melody.notes] == [0, 240, 485, 725, 960, 1120, 1280]


NOTES = (Note(0, 960, 60), Note(960, 320, 62), Note(1280, 160, 64), Note(1440, 960, 65))
SCOOP, FALL = ((0, -80), (48, -20), (96, 0)), ((500, -100), (700, -250), (959, -400))
MOVED = Score(
    tempos=((0, 120.0),),
    parts=(Part("Solo", NOTES, 66, gestures=(Gesture(0, SCOOP), Gesture(960, SCOOP), Gesture(1440, FALL))),),
)


def test_gestures_keep_their_cents_in_another_key() -> None:
    assert make_transposed(MOVED, 5).played.melody.gestures == MOVED.melody.gestures


def test_gestures_last_as_long_at_another_tempo_the_fall_up_to_the_end() -> None:
    first, second, last = make_retimed(MOVED, Timing(bpm=240)).played.melody.gestures
    assert first.bends == ((0, -80), (96, -20), (192, 0))
    assert second == replace(first, onset=960)
    assert last.bends == ((40, -100), (440, -250), (958, -400))
    back = make_retimed(make_retimed(MOVED, Timing(bpm=60)).played, Timing(bpm=120)).played.melody
    assert [gesture.kinds for gesture in back.gestures] == [gesture.kinds for gesture in MOVED.melody.gestures]


def test_gestures_go_with_notes_that_swing_otherwise() -> None:
    swung = replace(MOVED, parts=(replace(MOVED.melody, gestures=(Gesture(1280, SCOOP),)),))
    even = make_retimed(swung, Timing(swing=1.0), Recipe(Retimed(2.0)).to_json()).played.melody
    assert [note.onset for note in even.notes] == [0, 960, 1200, 1440]
    assert even.gestures == (Gesture(1200, SCOOP),)


def test_added_choruses_have_gestures_if_the_solo_has() -> None:
    how = Arrangement(gestures=True)
    played = read_midi(file_of(make_take(SOLOIST, TUNES["blues"], Options(bpm=60, choruses=2), how, seed=1)))
    longer = make_longer(SOLOIST, played, Longer(2, candidates=1), seed=1).played.melody
    assert longer.gestures[: len(played.melody.gestures)] == played.melody.gestures
    assert any(gesture.onset >= 24 * BAR for gesture in longer.gestures)
    assert fitting(longer.gestures, longer.notes) == longer.gestures
    plain = replace(played, parts=(replace(played.melody, gestures=()), *played.parts[1:]))
    assert not make_longer(SOLOIST, plain, Longer(2, candidates=1), seed=1).played.melody.gestures


@pytest.mark.parametrize("timing", [{"bpm": 3}, {"bpm": 2000}, {"swing": 0.9}, {"swing": 3.6}])
def test_odd_timings_are_errors(timing: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        Timing(**timing)


def test_a_longer_solo_keeps_what_it_had(data: bytes) -> None:
    played, source = read_midi(data), source_in(data)
    longer = make_longer(SOLOIST, played, Longer(2, candidates=2), seed=1, source=source).played
    last = played.marked("chorus")[-1]
    gap = 2 * last.duration
    for before, after in zip(played.parts, longer.parts, strict=True):
        head = [n for n in before.notes if n.onset < last.end]
        assert [n for n in after.notes if n.onset < last.end and n in set(head)] == head
        tail = [replace(n, onset=n.onset + gap) for n in before.notes if n.onset >= last.end]
        assert [n for n in after.notes if n.onset >= last.end + gap] == tail
    assert any(last.end <= n.onset < last.end + gap for n in longer.melody.notes)
    assert [mark.label for mark in longer.marked("chorus")] == [
        *(mark.label for mark in played.marked("chorus")),
        str(int(last.label) + 1),
        str(int(last.label) + 2),
    ]
    assert longer.end - played.end == gap
    chorus = [(s.onset - last.onset, s.chord) for s in played.changes if last.onset <= s.onset < last.end]
    for time in (1, 2):
        start = last.onset + time * last.duration
        again = [(s.onset - start, s.chord) for s in longer.changes if start <= s.onset < start + last.duration]
        assert again == chorus


def test_a_solo_without_a_recipe_gets_longer_too() -> None:
    plain = read_midi(file_of(make_take(SOLOIST, TUNES["blues"], Options(), Arrangement(), seed=1)))
    longer = make_longer(SOLOIST, plain, Longer(candidates=2), seed=1).played
    assert len(list(longer.bars())) == 24
    assert [part.name for part in longer.parts] == ["Solo", "Piano", "Bass", "Drums"]
    assert all(any(n.onset >= 12 * BAR for n in part.notes) for part in longer.parts)


def test_too_long_is_an_error() -> None:
    plain = read_midi(file_of(make_take(SOLOIST, TUNES["blues"], Options(), Arrangement(band=()), seed=1)))
    with pytest.raises(OptionError, match="choruses"):
        Longer(0)
    many = make_longer(SOLOIST, replace(plain, marks=()), Longer(8, candidates=1), seed=1).played
    with pytest.raises(OptionError, match="more than 50000 bars; play fewer"):
        make_longer(SOLOIST, many, Longer(1000), seed=1)


STEPS = st.lists(st.sampled_from(["longer", "transposed", "retimed"]), min_size=1, max_size=3)


@given(steps=STEPS, seed=st.integers(0, 9))
@settings(max_examples=12)
def test_whatever_was_done_is_made_again_from_its_recipe(steps: list[str], seed: int) -> None:
    data = file_of(
        make_take(SOLOIST, TUNES["bossa"], Options(bpm=126), Arrangement(ending=True, gestures=True), seed=seed)
    )
    for step in steps:
        played, source = read_midi(data), source_in(data)
        if step == "longer":
            take = make_longer(SOLOIST, played, Longer(candidates=1), seed=seed, source=source)
        elif step == "transposed":
            take = make_transposed(played, seed - 5, source)
        else:
            take = make_retimed(played, Timing(100 + seed, 1 + seed / 9), source)
        data = file_of(take)
    recipe = recipe_in(data)
    assert recipe is not None
    assert remake(recipe, found) == data
