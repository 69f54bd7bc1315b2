"""Policies: there is always something to choose, what is forbidden is not chosen, and controls do what they say."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from helpers.small_soloist import CONFIG, small_soloist
from helpers.strategies import changes_over
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec.events import IOIS, NoteArrays
from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.form import form_score
from jazzgen.improvise.guards import BREATH_TATUMS, FASTEST, NOTE_PLAYS, PHRASE_TATUMS, PITCH_PLAYS
from jazzgen.improvise.play import Tally, hear
from jazzgen.improvise.policy import Policy, who_of
from jazzgen.learning.sampling import choose, gumbel
from jazzgen.learning.soloist.bundle import Soloist, net_of
from jazzgen.learning.soloist.licks import EXPERTS
from jazzgen.learning.soloist.moments import CLASSES
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_TATUM, Meter

BLUES = Stage.of(form_score(find_tune("blues-f"), 1, 140.0, "swing"))
_METERS = [Meter(3, 4), Meter(4, 4), Meter(5, 4), Meter(7, 8)]
Solo = tuple[np.ndarray, np.ndarray, np.ndarray]  # onsets, durations and pitches, in the form


def played(
    controls: Controls, stage: Stage = BLUES, m: int = 1, seed: int = 0, soloist: Soloist | None = None
) -> list[Solo]:
    """Solos to the end of the form; each choice is checked."""
    soloist, rng = soloist or small_soloist(), np.random.default_rng(seed)
    policy = Policy(controls, stage, soloist)
    session = Session(soloist.net, soloist.memory, stage, m, who_of(controls, soloist))
    while (session.onset < stage.end).any():
        scores = policy.scores(session)
        assert scores.shape == (m, CLASSES[session.part])
        assert not np.isnan(scores).any()
        assert np.isfinite(scores).any(axis=1).all()
        classes = choose(scores, gumbel(scores.shape, rng))
        assert np.isfinite(scores[np.arange(m), classes]).all()
        session.choose(classes)
    onset, duration, pitch = session.notes()
    return [tuple(values[row][onset[row] < stage.end] for values in (onset, duration, pitch)) for row in range(m)]


@st.composite
def forms(draw: st.DrawFn) -> Score:
    """A few bars, perhaps after a pickup, and perhaps in two meters."""
    first, second = draw(st.sampled_from(_METERS)), draw(st.sampled_from(_METERS))
    pickup = draw(st.integers(0, first.bar_ticks // TICKS_PER_TATUM - 1)) * TICKS_PER_TATUM
    change = pickup + draw(st.integers(1, 4)) * first.bar_ticks
    end = change + draw(st.integers(0, 3)) * second.bar_ticks
    return Score(
        tempos=((0, float(draw(st.integers(60, 300)))),),
        meters=((0, first), (change, second)),
        pickup=pickup,
        changes=draw(changes_over(end, 480)),
    )


def _at(stage: Stage, tatum: int, pitch: int, any_octave: bool) -> Target:
    bar = int(stage.bar[tatum])
    number = bar + int(not stage.has_pickup)
    beat = 1 + (tatum - int(stage.bar_starts[bar])) / 12
    return Target(number, beat, pitch % 12 if any_octave else pitch, any_octave)


@st.composite
def stages_with_targets(draw: st.DrawFn) -> tuple[Stage, dict[int, Target]]:
    """Forms, and targets in them by tatum."""
    stage = Stage.of(draw(forms()))
    first = int(stage.bar_starts[int(stage.has_pickup)])
    wanted = draw(
        st.dictionaries(
            st.integers(first, stage.end - 1), st.tuples(st.integers(52, 82), st.booleans()), min_size=1, max_size=6
        )
    )
    return stage, {tatum: _at(stage, tatum, pitch, any_octave) for tatum, (pitch, any_octave) in wanted.items()}


@given(stages_with_targets(), st.integers(0, 99), st.sampled_from([0.5, 1.0, 1.3]), st.sampled_from([None, 8, 12]))
@settings(max_examples=40)
def test_targets_are_met_over_any_form(
    case: tuple[Stage, dict[int, Target]], seed: int, temperature: float, max_quote: int | None
) -> None:
    stage, targets = case
    hot = Curve.of(temperature)
    controls = Controls(hot, hot, targets=tuple(targets.values()), max_quote=max_quote)
    for onset, _, pitch in played(controls, stage, m=3, seed=seed):
        for tatum, target in targets.items():
            assert set(pitch[onset == tatum].tolist()) & target.pitches, target


@given(
    form=forms(),
    seed=st.integers(0, 99),
    heat=st.sampled_from([0.3, 1.0, 2.0]),
    top_k=st.none() | st.integers(1, 5),
    top_p=st.none() | st.sampled_from([0.1, 0.9]),
    low=st.none() | st.integers(21, 60),
    density=st.sampled_from([0.25, 1, 4]),
    rests=st.sampled_from([0.1, 1, 10]),
    register=st.none() | st.integers(21, 108),
    outside=st.sampled_from([-1, 0, 1]),
    motifs=st.sampled_from([0, 1, 2]),
    max_quote=st.none() | st.integers(4, 12),
)
@settings(max_examples=40)
def test_whatever_is_asked_for_there_is_something_to_play(
    form: Score,
    seed: int,
    heat: float,
    top_k: int | None,
    top_p: float | None,
    low: int | None,
    density: float,
    rests: float,
    register: int | None,
    outside: float,
    motifs: float,
    max_quote: int | None,
) -> None:
    controls = Controls(
        pitch_temperature=Curve.of(heat),
        rhythm_temperature=Curve(((1, heat), (3, 1.0))),
        top_k=top_k,
        top_p=top_p,
        low=None if low is None else Curve.of(low),
        high=None if low is None else Curve.of(low + 12),
        density=Curve.of(density),
        rests=Curve.of(rests),
        register=None if register is None else Curve.of(register),
        outside=Curve.of(outside),
        motifs=Curve.of(motifs),
        max_quote=max_quote,
    )
    stage = Stage.of(form)
    for onset, _, pitch in played(controls, stage, m=2, seed=seed):
        assert len(onset)
        assert (np.diff(onset) > 0).all()
        assert stage.end - onset[-1] <= IOIS[-1]
        if low is not None and max_quote is None:
            assert low <= pitch.min() <= pitch.max() <= low + 12


def test_a_target_far_off_is_come_near_to_in_time() -> None:
    low_down = Controls(
        low=Curve.of(24),
        high=Curve.of(100),
        register=Curve.of(36),
        targets=(Target.parse("8.1=C7"),),
        density=Curve.of(2),
    )
    for onset, _, pitch in played(low_down, m=20):
        assert pitch[onset == 7 * 48].tolist() == [96]
        assert pitch[onset < 4 * 48].mean() < 50


def test_a_line_that_hardly_rests_breathes_in_the_end() -> None:
    stage = Stage.of(form_score(find_tune("blues-f"), 5, 140.0, "swing"))
    for onset, duration, _ in played(Controls(rests=Curve.of(0.1), density=Curve.of(2)), stage, m=10):
        silent = np.flatnonzero(onset[1:] - onset[:-1] - duration[:-1] >= BREATH_TATUMS)
        phrases = np.diff(onset[np.concatenate([[0], silent + 1, [len(onset) - 1]])])
        assert phrases.max() < 2 * PHRASE_TATUMS


def test_at_the_highest_tempo_nothing_is_faster_than_people_play() -> None:
    stage = Stage.of(form_score(find_tune("blues-f"), 4, 300.0, "swing"))
    for onset, _, _ in played(Controls(density=Curve.of(4)), stage, m=10):
        for span, milliseconds in FASTEST.items():
            quickest = (onset[span:] - onset[:-span]).min(initial=1000) * 60_000 / 300 / 12
            assert quickest > span * milliseconds * 0.9  # the tempo is known to a tenth


def test_neutral_controls_leave_the_soloist_alone() -> None:
    soloist = small_soloist()
    one, other = (Session(soloist.net, soloist.memory, BLUES, 2) for _ in range(2))
    policy = Policy(Controls(), BLUES, soloist)
    for classes in ([6, 3], [38, 30], [5, 2], [6, 6], [37, 36], [5, 2]):
        scores, logits = policy.scores(one), other.logits()
        free = np.isfinite(scores)
        np.testing.assert_array_equal(scores[free], logits[free])
        assert free.sum() > free.size // 3
        for session in (one, other):
            session.choose(np.array(classes))


def turned(name: str, value: float) -> Controls:
    """Controls with one of them turned."""
    curve: dict[str, Any] = {name: Curve.of(value)}
    return replace(Controls(), **curve)


@pytest.mark.parametrize("part", ["ioi", "pitch", "duration"])
def test_a_temperature_is_for_rhythm_or_for_pitch(part: str) -> None:
    soloist = small_soloist()
    found = {}
    for name in ("pitch_temperature", "rhythm_temperature"):
        session = Session(soloist.net, soloist.memory, BLUES, 1)
        policy = Policy(turned(name, 2), BLUES, soloist)
        while session.part != part:
            session.logits()
            session.choose(np.array([36]))
        plain = session.take(np.array([0])).logits()
        scores = policy.scores(session)
        free = np.isfinite(scores)
        found[name] = float(np.median(plain[free] / scores[free]))
    hot, cold = ("pitch_temperature", "rhythm_temperature")[:: 1 if part == "pitch" else -1]
    assert found[hot] == pytest.approx(2, rel=1e-3)
    assert found[cold] == pytest.approx(1, rel=1e-3)


def test_a_curve_goes_by_the_bar() -> None:
    solos = played(Controls(low=Curve.parse("1:50 6:50 7:66"), high=Curve.parse("1:62 6:62 7:82")), m=20)
    onset, _, pitch = (np.concatenate(column) for column in zip(*solos, strict=True))
    bar = BLUES.bar[onset] + 1
    assert pitch[bar < 6].max() <= 62
    assert pitch[bar >= 7].min() >= 66
    assert set(bar.tolist()) == set(range(1, 13))


def test_copies_are_scored_as_the_solos_that_they_are_of() -> None:
    soloist = small_soloist()
    controls = Controls(density=Curve.of(2), outside=Curve.of(-1), max_quote=5, targets=(Target.parse("9.1=C5"),))
    policy, rng = Policy(controls, BLUES, soloist), np.random.default_rng(0)
    session = Session(soloist.net, soloist.memory, BLUES, 4)
    for _ in range(100):
        session.choose(choose(scores := policy.scores(session), gumbel(scores.shape, rng)))
    rows = np.array([2, 0, 2])
    copies = session.take(rows)
    np.testing.assert_allclose(policy.scores(copies), policy.scores(session)[rows], rtol=1e-4, atol=1e-4)


@cache
def _figures(name: str, value: float) -> dict[str, float]:
    """Means over some solos with one control turned."""
    solos = played(turned(name, value), m=30)
    pitch, onset = (np.concatenate([solo[index] for solo in solos]) for index in (2, 0))
    silent = [np.maximum(onset[1:] - onset[:-1] - duration[:-1], 0).sum() / BLUES.end for onset, duration, _ in solos]
    chord = BLUES.classes[BLUES.harmony[onset], 0, pitch % 12]
    scale = BLUES.scales[BLUES.harmony[onset], pitch % 12]
    return {
        "notes": len(pitch) / len(solos),
        "silent": float(np.mean(silent)),
        "off_beat": float((onset % TATUMS_PER_BEAT != 0).mean()),
        "pitch": float(pitch.mean()),
        "chord": float(chord.mean()),
        "scale": float(scale.mean()),
    }


@pytest.mark.parametrize(
    ("name", "figure", "values"),
    [
        ("density", "notes", (0.25, 0.5, 1, 2, 4)),
        ("rests", "silent", (0.1, 0.5, 1, 2, 10)),
        ("syncopation", "off_beat", (0.25, 0.5, 1, 2, 4)),
        ("register", "pitch", (55, 65, 75)),
        ("outside", "chord", (1, 0, -1)),
        ("outside", "scale", (1, 0, -1)),
    ],
)
def test_the_more_of_something_is_asked_for_the_more_there_is(
    name: str, figure: str, values: tuple[float, ...]
) -> None:
    found = [_figures(name, value)[figure] for value in values]
    assert (np.diff(found) > 0).all(), found


def test_outside_and_inside_are_far_apart_and_a_register_is_kept_to() -> None:
    assert _figures("outside", -1)["chord"] > 0.6
    assert _figures("outside", 1)["scale"] < 0.5
    assert abs(_figures("register", 70)["pitch"] - 70) < 3


def test_a_register_may_be_out_of_the_soloists_own_range() -> None:
    assert small_soloist().config.high == 84
    assert _figures("register", 95)["pitch"] > 88


def test_motifs_can_be_left_out() -> None:
    soloist, found = small_soloist(), []
    for strength in (0.0, 1.0):
        session = Tally(soloist.net, soloist.memory, BLUES, 1)
        notes = np.array([0, 6, 12, 18, 24, 30])
        hear(session, NoteArrays.of(notes, np.full(6, 5), np.array([60, 62, 64] * 2), np.full(6, 80)))
        found.append(Policy(Controls(motifs=Curve.of(strength)), BLUES, soloist).scores(session))
        expected = session.said
        assert np.array_equal(found[-1][0, 1:], expected[0, 1:])
    assert not np.allclose(found[0][0, 1:], found[1][0, 1:])


def _is_stuck(notes: list[tuple[int, int]]) -> bool:
    """By the definition: anywhere in these pitches and iois."""
    for values, limits in (([pitch for pitch, _ in notes], PITCH_PLAYS), (notes, NOTE_PLAYS)):
        for length, most in limits.items():
            alike = [a == b for a, b in zip(values[length:], values, strict=False)]
            run = 0
            for same in alike:
                run = run + 1 if same else 0
                if run >= length * most:
                    return True
    return False


def test_the_search_for_loops_finds_one() -> None:
    assert _is_stuck([(60, 6)] * 3 + [(62, 6), (64, 3)] * 7)
    assert not _is_stuck([(60, 6)] * 3 + [(62, 6), (64, 3)] * 6)


def _looper() -> Soloist:
    """A soloist that goes by its own motifs alone."""
    arrays = {name: np.zeros(shape, np.float32) for name, shape in CONFIG.shapes().items()}
    for part, classes in CLASSES.items():
        arrays[f"{part}_out_bias"][classes + len(EXPERTS[part])] = 1  # trust in the first kind of motif
    return Soloist("looper", CONFIG, net_of(arrays), small_soloist().memory, "")


@pytest.mark.parametrize("soloist", [small_soloist(), _looper()], ids=lambda soloist: soloist.name)
@pytest.mark.parametrize("temperature", [0.5, 0.8, 1.0, 1.3])
def test_over_two_hundred_choruses_nothing_gets_stuck(temperature: float, soloist: Soloist) -> None:
    controls = Controls(Curve.of(temperature), Curve.of(temperature))
    for onset, _, pitch in played(controls, m=50, seed=int(10 * temperature), soloist=soloist):
        assert not _is_stuck(list(zip(pitch.tolist(), np.diff(onset, prepend=0).tolist(), strict=True)))


@pytest.mark.parametrize("target", ["13.1=E4", "3.5=E4"])
def test_a_target_outside_the_form_is_refused(target: str) -> None:
    with pytest.raises(OptionError, match=target) as error:
        Policy(Controls(targets=(Target.parse(target),)), BLUES, small_soloist())
    assert "\n" not in str(error.value)


def test_a_name_that_the_soloist_does_not_know_is_refused_and_a_near_one_named() -> None:
    soloist = small_soloist()
    with pytest.raises(OptionError, match=r"Anne.*it knows Ann"):
        who_of(Controls(performer="Anne"), soloist)
    with pytest.raises(OptionError, match="school 'RAGTIME'"):
        who_of(Controls(school="RAGTIME"), soloist)
    assert who_of(Controls(performer="Bob", school="COOL", groove="LATIN"), soloist) == (2, 2, 3)
    assert who_of(Controls(), soloist) == (0, 0, 0)
