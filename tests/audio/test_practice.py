"""Parts left out, bars counted in, a metronome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.audio.practice import to_hear
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.timing import Meter

BAR = 1920
CHANGES = (ChordSpan(0, 2 * BAR, parse_chord("C7")),)


def score(meter: str = "4/4", pickup: int = 0) -> Score:
    first = Meter.parse(meter)
    return Score(
        meters=((0, first),),
        pickup=pickup,
        changes=(ChordSpan(pickup, 2 * first.bar_ticks, parse_chord("C7")),),
        parts=(Part("Sax", (Note(0, 240, 60), Note(960, 240, 62))), Part("Bass", (Note(480, 480, 36),), channel=1)),
        marks=(Mark(pickup, first.bar_ticks, "section", "A"),),
    )


def clicks(heard: Score) -> list[tuple[int, int]]:
    """Return (onset, pitch) of each click."""
    return [(note.onset, note.pitch) for part in heard.parts if part.name == "Click" for note in part.notes]


def test_without_wishes_nothing_changes() -> None:
    assert to_hear(score()) == score()


@pytest.mark.parametrize(("mute", "left"), [(["solo"], ["Bass"]), (["SAX"], ["Bass"]), (["bass"], ["Sax"])])
def test_parts_are_left_out_by_name(mute: list[str], left: list[str]) -> None:
    assert [part.name for part in to_hear(score(), mute=mute).parts] == left


def test_a_part_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(OptionError, match="mute 'tuba': the file has solo, Sax, Bass"):
        to_hear(score(), mute=["tuba"])


def test_somebody_has_to_play() -> None:
    with pytest.raises(OptionError, match="everybody is mute"):
        to_hear(score(), mute=["solo", "bass"])
    assert clicks(to_hear(score(), mute=["solo", "bass"], click=True))


def test_a_bar_is_counted_in_and_all_moves_behind_it() -> None:
    heard = to_hear(score(), count_in=True)
    assert clicks(heard) == [(0, 76), (480, 77), (960, 77), (1440, 77)]
    assert [note.onset for note in heard.parts[0].notes] == [BAR, BAR + 960]
    assert heard.changes[0].onset == heard.marks[0].onset == BAR


def test_a_pickup_comes_at_the_end_of_a_second_bar() -> None:
    heard = to_hear(score(pickup=480), count_in=True)
    assert heard.parts[0].notes[0].onset == 2 * BAR - 480
    assert [onset for onset, pitch in clicks(heard) if pitch == 76] == [0, BAR]
    assert max(onset for onset, _ in clicks(heard)) < 2 * BAR - 480


@pytest.mark.parametrize(
    ("meter", "beats"), [("3/4", [0, 480, 960]), ("6/8", [0, 720]), ("12/8", [0, 720, 1440, 2160]), ("5/4", [0, 480])]
)
def test_a_metronome_clicks_on_the_beats_that_are_felt(meter: str, beats: list[int]) -> None:
    onsets = [onset for onset, _ in clicks(to_hear(score(meter), click=True))]
    assert onsets[: len(beats)] == beats


def test_a_metronome_clicks_in_the_pickup_too() -> None:
    assert clicks(to_hear(score(pickup=960), click=True))[:3] == [(0, 77), (480, 77), (960, 76)]


@given(st.sampled_from(["4/4", "3/4", "6/8", "7/8"]), st.booleans(), st.booleans())
def test_what_is_played_stays_as_it_was_but_for_the_time(meter: str, count_in: bool, click: bool) -> None:
    tune = score(meter)
    heard = to_hear(tune, count_in=count_in, click=click)
    early = tune.meter.bar_ticks if count_in else 0
    assert [[note.onset - early for note in part.notes] for part in heard.parts[:2]] == [
        [note.onset for note in part.notes] for part in tune.parts
    ]
