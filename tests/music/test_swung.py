"""Swing as it is heard: any ratio, exact or as people play, made even; all else stays."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jazzgen.codec.grammar import encode
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.learning.grammar.windows import prepare
from jazzgen.learning.soloist.training import straightened
from jazzgen.music.melody import close_gaps, monophonic, quantized
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import second_eighth, swing
from jazzgen.music.swung import evened, hear_swing, known_swing
from jazzgen.music.timing import Meter

PAIR = [0, 240]
OTHER_BEATS = [[0], [240], [], [0, 160, 320], [0, 120, 240, 360], [0, 120], [0, 160]]
RATIOS = st.floats(1.2, 3.5)


def line(beats: Sequence[Sequence[int]], length: int | None = None) -> tuple[Note, ...]:
    """A note for each place, held to the next, or so long if that is shorter."""
    places = [480 * beat + place for beat, found in enumerate(beats) for place in found]
    ends = [*places[1:], 480 * len(beats)]
    steps = enumerate(zip(places, ends, strict=True))
    return tuple(Note(a, min(b - a, length or b - a), 60 + (7 * i) % 24) for i, (a, b) in steps)


def score(notes: Sequence[Note], *meters: tuple[int, Meter], pickup: int = 0) -> Score:
    changes = (ChordSpan(0, 10**6, parse_chord("C7")),)
    return Score(
        changes=changes,
        parts=(Part("Solo", tuple(notes)),),
        meters=meters or ((0, Meter()),),
        pickup=pickup,
        feel="straight",
    )


def onsets(notes: Sequence[Note]) -> list[int]:
    return [note.onset for note in notes]


@st.composite
def tunes(draw: st.DrawFn) -> list[list[int]]:
    """Beats, at least half of them pairs of eighths."""
    others = draw(st.lists(st.sampled_from(OTHER_BEATS), max_size=12))
    beats = others + [PAIR] * (len(others) + 4)
    return draw(st.permutations(beats))


def may_be_sixteenths(beats: list[list[int]], ratio: float) -> bool:
    """Whether second eighths at 3:1 stand where sixteenths do, among others of those: they cannot be told apart."""
    return abs(second_eighth(ratio) - 360) <= 25 and any(120 in beat for beat in beats)


@given(tunes(), RATIOS)
def test_swung_then_heard_and_made_even_is_the_line_at_any_ratio(beats: list[list[int]], ratio: float) -> None:
    assume(not may_be_sixteenths(beats, ratio))
    notes = line(beats)
    played = score(swing(notes, ratio))
    heard = hear_swing(played.melody.notes, played)
    assert heard is not None
    assert heard.ratio == pytest.approx(ratio, abs=0.05)
    assert evened(played.melody.notes, played, heard) == notes


@given(tunes(), RATIOS, st.integers(0, 2**32 - 1), st.integers(1, 10))
@settings(max_examples=60)
def test_swing_with_jitter_is_made_even_but_for_a_few_notes(
    beats: list[list[int]], ratio: float, seed: int, deviation: int
) -> None:
    assume(not may_be_sixteenths(beats, ratio))
    rng = np.random.default_rng(seed)
    notes = line(beats * 3)
    moved = sorted({max(note.onset + round(rng.normal(0, deviation)), 0) for note in swing(notes, ratio)})
    steps = enumerate(pairwise([*moved, 10**6]))
    played = score([Note(a, max(b - a - 5, 1), 60 + i % 12) for i, (a, b) in steps])
    even = prepare(played)
    assert even.feel == "swing"
    right = set(onsets(notes)) & set(onsets(even.melody.notes))
    assert len(right) >= 0.75 * len(moved)
    assert encode(even)
    assert straightened(played).feel == "swing"


@pytest.mark.parametrize(
    "beats",
    [
        [PAIR] * 16,
        [[0, 160, 320]] * 16,
        [[0, 120, 240, 360]] * 16,
        [[0, 360], [0, 120, 240, 360]] * 8,
        [[0, 360], [0, 120], [0, 240, 360]] * 6,
        [[0], []] * 8,
        [PAIR, PAIR, [0, 320]] * 6,
        [[0, 400]] * 16,
    ],
    ids=[
        "even eighths",
        "triplets",
        "sixteenths",
        "dotted eighths",
        "sixteenths of all kinds",
        "halves",
        "mixed",
        "short upbeats",
    ],
)
def test_what_does_not_swing_stays(beats: list[list[int]]) -> None:
    tune = score(line(beats))
    assert hear_swing(tune.melody.notes, tune) is None
    assert prepare(tune).melody.notes == tune.melody.notes
    assert straightened(tune) is tune


def test_even_eighths_by_people_are_not_swung() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        notes = [Note(max(240 * i + 30 + round(rng.normal(0, 12)), 0), 150, 60) for i in range(64)]
        assert hear_swing(tuple(sorted(notes)), score(notes)) is None


def test_a_detached_line_is_not_left_overlapping() -> None:
    """A first eighth of 280 ticks of 320 reaches over the even second one."""
    notes = tuple(Note(480 * b + p, d, 60 + b) for b in range(16) for p, d in ((0, 280), (320, 140)))
    even = prepare(score(notes)).melody
    assert even.is_monophonic
    assert onsets(even.notes) == list(range(0, 16 * 480, 240))


def test_beats_are_counted_from_each_change_of_meter_and_after_a_pickup() -> None:
    beats = line([PAIR] * 12)
    shifted = tuple(Note(n.onset + 240, n.duration, n.pitch) for n in swing(beats, 1.7))
    tune = score(shifted, (0, Meter()), (240 + 1920, Meter(3, 4)), pickup=240)
    heard = hear_swing(shifted, tune)
    assert heard is not None
    assert onsets(evened(shifted, tune, heard)) == [240 + onset for onset in onsets(beats)]


def test_eighths_that_are_beats_do_not_swing() -> None:
    tune = score(swing(line([PAIR] * 12), 2.0), (0, Meter(6, 8)))
    assert hear_swing(tune.melody.notes, tune) is None


@given(tunes(), RATIOS, st.integers(0, 19))
def test_a_known_ratio_finds_notes_that_are_late_on_the_beat(beats: list[list[int]], ratio: float, late: int) -> None:
    notes = line(beats, length=120)
    played = [Note(n.onset + (late if n.onset % 480 == 0 else 0), n.duration, n.pitch) for n in swing(notes, ratio)]
    tune = score(played)
    heard = known_swing(tune.melody.notes, tune, ratio)
    assert heard is not None
    even = close_gaps(quantized(evened(monophonic(tune.melody.notes), tune, heard)))
    assert onsets(even) == onsets(notes)
