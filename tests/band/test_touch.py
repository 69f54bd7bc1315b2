"""Solos are performed as people touch notes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.perform import with_swing
from jazzgen.band.touch import Amount, loudness_of, touched, touches_of, velocity_of, with_loudness
from jazzgen.errors import OptionError
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.harmony.changes import parse_chart
from jazzgen.improvise.written import as_written
from jazzgen.learning.touch.perform import Touched
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.written import as_told
from jazzgen.takes.remake import read_midi

LINE = tuple(Note(240 * place, 240, 60 + place * 5 % 12) for place in range(30))
SCORE = Score(changes=parse_chart("Dm7 | G7 | Cmaj7 | A7").changes, parts=(Part("Solo", LINE),))
BPM = 120.0
TOUCHES = st.lists(
    st.builds(Touched, st.floats(-2, 1.7), st.floats(-60, 120), st.floats(0.3, 1.0)), min_size=30, max_size=30
)


def played(how: Arrangement = Arrangement(), seed: int = 0, score: Score = SCORE) -> Score:
    return arrange(score, how, rng=np.random.default_rng(seed))


USUAL = Amount()


def as_touched(touches: list[Touched], amount: Amount = USUAL) -> Notes:
    return touched(LINE, with_loudness(LINE, touches, amount), touches, BPM, amount)


@given(TOUCHES, st.floats(0, 1.5), st.floats(0, 2), st.floats(0, 2))
def test_notes_keep_their_order_and_say_how_they_are_written(
    touches: list[Touched], touch: float, dynamics: float, laid_back: float
) -> None:
    notes = as_touched(touches, Amount(touch, dynamics, laid_back))
    assert [replace(as_told(note), velocity=80) for note in notes] == list(LINE)
    assert all(a.end <= b.onset for a, b in pairwise(notes))
    assert all(b.onset - a.onset >= 14 for a, b in pairwise(notes))  # 15 ms are 14.4 ticks


@given(TOUCHES)
def test_touches_can_be_told_from_the_notes(touches: list[Touched]) -> None:
    far = [replace_late(touch, max(min(touch.late_ms, 60), 0)) for touch in touches]  # far enough from each other
    for wanted, found in zip(far, touches_of(as_touched(far), LINE, BPM), strict=True):
        assert found.loudness == pytest.approx(wanted.loudness, abs=0.15)
        assert found.late_ms == pytest.approx(wanted.late_ms, abs=0.6)
    for wanted, found in list(zip(far, touches_of(as_touched(far), LINE, BPM), strict=True))[:-1]:
        assert found.length == pytest.approx(wanted.length, abs=0.08)


def replace_late(touch: Touched, late_ms: float) -> Touched:
    return touch._replace(late_ms=late_ms)


@given(st.integers(30, 120))
def test_velocity_and_loudness_are_inverse(velocity: int) -> None:
    assert velocity_of(loudness_of(velocity)) == velocity


def test_a_solo_has_dynamics_and_timing_and_reads_back_as_written() -> None:
    take = played()
    late = [note.onset - written.onset for note, written in zip(take.melody.notes, LINE, strict=True)]
    assert len(set(late)) > 10
    assert len({note.velocity for note in take.melody.notes}) > 10
    again = as_written(read_midi(midi_bytes(take)))
    assert [replace(note, velocity=80) for note in again.melody.notes] == list(LINE)
    assert again.feel == "swing"


def test_no_touch_goes_by_rules_and_little_touch_is_nearer_to_what_is_written() -> None:
    assert all(note.written is None for note in played(Arrangement(touch=0)).melody.notes)
    swung = with_swing(SCORE).melody.notes

    def farthest(touch: float) -> float:
        notes = played(Arrangement(touch=touch)).melody.notes
        return float(np.std([note.onset - place.onset for note, place in zip(notes, swung, strict=True)]))

    assert farthest(0.2) < farthest(1.0) < farthest(1.5)


def test_dynamics_alone_change_loudness_alone() -> None:
    flat, usual, far = (played(Arrangement(dynamics=dynamics)).melody.notes for dynamics in (0, 1, 2))
    assert len({note.velocity for note in flat}) == 1
    assert np.std([note.velocity for note in far]) > np.std([note.velocity for note in usual])
    assert [note.onset for note in flat] == [note.onset for note in far]


def test_a_laid_back_solo_is_later() -> None:
    early, late = (played(Arrangement(laid_back=laid_back)).melody.notes for laid_back in (0, 2))
    apart = np.array([b.onset - a.onset for a, b in zip(early, late, strict=True)])[1:]
    assert np.median(apart) == pytest.approx(44 / 1000 * 120 / 60 * 480, abs=1)


def test_the_bands_notes_are_those_of_the_rules() -> None:
    by_touch, by_rules = played(), played(Arrangement(touch=0))
    assert [part.name for part in by_touch.parts] == [part.name for part in by_rules.parts]
    for ours, theirs in zip(by_touch.parts[1:], by_rules.parts[1:], strict=True):
        assert [replace(note, velocity=80) for note in ours.notes] == [
            replace(note, velocity=80) for note in theirs.notes
        ]


def test_the_last_note_adds_no_bar() -> None:
    full = SCORE.with_parts(Part("Solo", tuple(Note(240 * place, 240, 60 + place % 7) for place in range(32))))
    for seed in range(5):
        take = played(Arrangement(laid_back=2), seed, full)
        assert take.melody.end <= full.end
        assert len(list(take.bars())) == 4


def test_a_solo_without_notes_is_played() -> None:
    silent = SCORE.with_parts(Part("Solo"))
    assert not played(score=silent).melody.notes


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"touch": -0.1}, "touch -0.1: it is 0"), ({"touch": 1.6}, "touch 1.6"), ({"dynamics": 3}, "dynamics 3: it is 0")],
)
def test_what_is_out_of_range_is_refused(asked: dict[str, float], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        Arrangement(**asked)  # type: ignore[arg-type]


def test_kept_touches_stay() -> None:
    first = played()
    touches = touches_of(first.melody.notes, with_swing(SCORE).melody.notes, SCORE.bpm)
    kept = (*touches[:10], *[None] * 10, *touches[20:])
    again = arrange(SCORE, Arrangement(), kept=kept, rng=np.random.default_rng(5))
    off = [abs(a.onset - b.onset) for a, b in zip(first.melody.notes, again.melody.notes, strict=True)]
    assert max((*off[:10], *off[21:])) <= 1
    assert max(off[10:20]) > 1
