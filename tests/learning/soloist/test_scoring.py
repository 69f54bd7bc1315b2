"""Scores: those of a session fed the same notes, of proper distributions, whatever else is scored beside."""

from collections import Counter

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.small_soloist import small_soloist, starter_scores, starter_solos
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given, settings

from jazzgen.codec.context import SoloArrays, solo_arrays
from jazzgen.learning.soloist import scoring
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.licks import hash_contexts
from jazzgen.learning.soloist.memory import motif_advice
from jazzgen.learning.soloist.moments import CLASSES, PARTS, WIDEST, choices_of, moments_of
from jazzgen.learning.soloist.scoring import FORECASTERS, Scored, pitch_scores, score_solos
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score

PITCHES = range(LOWEST, HIGHEST + 1)


def scored(*solos: SoloArrays) -> list[dict[str, Scored]]:
    soloist = small_soloist()
    found = dict(score_solos(solos, soloist.net, soloist.memory, soloist.config.who))
    return [dict(found[index]) for index in range(len(solos))]


def played(*notes: tuple[int, int, int]) -> SoloArrays:
    return solo_arrays(plain_score(*notes, changes=parse_changes("| Dm7 | G7 | Cmaj7 | C6 |")))


def pitches_of_step(step: int, last: int) -> list[int]:
    """The pitches that a class stands for."""
    if abs(step) < WIDEST:
        return [last + step]
    return [pitch for pitch in PITCHES if (pitch - last) * np.sign(step) >= WIDEST]


def by_session(score: Score) -> Scored:
    """Bits and hits of a session that is fed the notes."""
    soloist, who = small_soloist(), score.credits
    columns = soloist.config.who.columns(who.performer, who.style, who.rhythm_feel)
    session = Session(soloist.net, soloist.memory, Stage.of(score), 1, columns, score.melody.program + 1)
    bits, hits = [], []
    for note in choices_of(solo_arrays(score).notes):
        for part, chosen in zip(PARTS, note.tolist(), strict=True):
            logits = session.logits()[0].astype(np.float64)
            share = len(pitches_of_step(chosen - WIDEST, int(session.pitch[0]))) if part == "pitch" else 1
            bits.append((np.logaddexp.reduce(logits) - logits[chosen]) / np.log(2) + np.log2(share))
            hits.append(logits.argmax() == chosen)
            session.choose(np.array([chosen]))
    return Scored(np.reshape(bits, (-1, 3)), np.reshape(hits, (-1, 3)))


@settings(max_examples=40)
@given(solo_scores())
def test_scores_are_those_of_a_session_fed_the_same_notes(score: Score) -> None:
    np.testing.assert_allclose(scored(solo_arrays(score))[0]["soloist"].bits, by_session(score).bits, atol=1e-4)


@pytest.mark.parametrize("score", starter_scores(), ids=lambda score: score.title)
def test_scores_of_whole_solos_are_those_of_a_session(score: Score) -> None:
    here, there = scored(solo_arrays(score))[0]["soloist"], by_session(score)
    np.testing.assert_allclose(here.bits, there.bits, atol=1e-4)
    np.testing.assert_array_equal(here.hits, there.hits)


@pytest.mark.parametrize("last", [21, 40, 56, 57, 58, 60, 71, 72, 73, 108])
def test_steps_become_a_distribution_over_pitches(last: int) -> None:
    steps = np.arange(-WIDEST, WIDEST + 1)
    probabilities = np.random.default_rng(last).random(len(steps))
    probabilities[(last + steps < LOWEST) | (last + steps > HIGHEST)] = 0
    probabilities /= probabilities.sum()
    with np.errstate(divide="ignore"):
        found = np.exp(pitch_scores(np.log(probabilities)[None], np.array([last]))[0])
    assert found.shape == (len(PITCHES),)
    assert found.sum() == pytest.approx(1)
    for step, probability in zip(steps.tolist(), probabilities, strict=True):
        for pitch in pitches_of_step(step, last) if LOWEST <= last + step <= HIGHEST else ():
            assert found[pitch - LOWEST] == pytest.approx(probability / len(pitches_of_step(step, last)))


@pytest.mark.parametrize("last", [30, 62, 100])
def test_every_forecaster_spreads_one_over_all_pitches(last: int) -> None:
    endings = scored(*(played((0, 6, last), (6, 6, pitch)) for pitch in PITCHES))
    for name in FORECASTERS:
        assert sum(2 ** -ending[name].bits[1, 1] for ending in endings) == pytest.approx(1)
        assert sum(ending[name].hits[1, 1] for ending in endings) == 1


def test_every_forecaster_spreads_one_over_all_iois_and_durations() -> None:
    iois = scored(*(played((0, 6, 60), (ioi, 6, 62)) for ioi in range(CLASSES["ioi"])))
    durations = scored(*(played((0, 6, 60), (6, length + 1, 62)) for length in range(CLASSES["duration"])))
    for name in FORECASTERS:
        for endings, part in ((iois, 0), (durations, 2)):
            assert sum(2 ** -ending[name].bits[1, part] for ending in endings) == pytest.approx(1)
            assert sum(ending[name].hits[1, part] for ending in endings) == 1


def test_long_rests_and_notes_are_scored_folded() -> None:
    short, long = scored(played((0, 48, 60), (85, 6, 62)), played((0, 90, 60), (85 + 3 * 12, 6, 62)))
    for name in FORECASTERS:
        assert long[name].bits[1, 0] == pytest.approx(short[name].bits[1, 0])
        assert long[name].bits[0, 2] == pytest.approx(short[name].bits[0, 2])


def test_pitches_out_of_range_are_moved_by_octaves() -> None:
    far, near = scored(played((0, 6, 120), (6, 6, 60), (12, 6, 10)), played((0, 6, 108), (6, 6, 60), (12, 6, 22)))
    for name in FORECASTERS:
        np.testing.assert_allclose(far[name].bits, near[name].bits, rtol=1e-6)  # float32


def test_a_solo_scores_alike_whatever_is_scored_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    solos = [*starter_solos(), played((0, 6, 60))]
    together = scored(*solos)
    assert [len(one["soloist"]) for one in together] == [len(solo.notes) for solo in solos]
    monkeypatch.setattr(scoring, "_SIDE_BY_SIDE", 200)  # no two of the longer ones together
    monkeypatch.setattr(scoring, "_BATCH", 50)
    for one, other in zip(together, scored(*solos), strict=True):
        for name in FORECASTERS:
            np.testing.assert_allclose(one[name].bits, other[name].bits, atol=1e-4)
            np.testing.assert_array_equal(one[name].hits, other[name].hits)


def test_without_changes_and_in_any_meter_there_are_scores_too() -> None:
    found = scored(solo_arrays(plain_score((0, 6, 60), (0, 6, 64), (500, 90, 21), (507, 1, 108))))[0]
    for name in FORECASTERS:
        assert np.isfinite(found[name].bits).all()
        assert (found[name].bits > 0).all()


def test_a_unigram_is_the_discounted_count_of_the_corpus() -> None:
    counts = Counter(np.concatenate([choices_of(solo.notes)[:, 0] for solo in starter_solos()]).tolist())
    taken = {value: {1: 0.95, 2: 1.6}.get(count, 2.2) for value, count in counts.items()}
    left = sum(taken.values()) / CLASSES["ioi"]
    bits = scored(starter_solos()[0])[0]["unigram"].bits[:, 0]
    for ioi, found in zip(starter_solos()[0].notes.ioi.tolist(), bits, strict=True):
        probability = (counts[ioi] - taken[ioi] + left) / counts.total()
        assert found == pytest.approx(-np.log2(probability), abs=1e-5)


def test_n_grams_are_the_means_of_those_who_know() -> None:
    solo, soloist = starter_solos()[1], small_soloist()
    columns, classes = moments_of(solo, soloist.config.who)[:, 2], choices_of(solo.notes)[:, 2]
    licks = soloist.memory["duration"].ask(hash_contexts("duration", columns)).log_probabilities
    motifs = motif_advice("duration", [(columns, classes)], np.float64)[0].log_probabilities
    for name, known in (("ngram_no_motifs", licks), ("ngram", np.concatenate([licks, motifs], axis=1))):
        means = np.exp(known).mean(axis=1)[np.arange(len(classes)), classes]
        np.testing.assert_allclose(scored(solo)[0][name].bits[:, 2], -np.log2(means), atol=1e-5)


def test_figures_are_means_over_notes() -> None:
    one = Scored(np.array([[1.0, 2.0, 3.0]]), np.array([[True, False, False]]))
    two = Scored(np.array([[2.0, 4.0, 3.0], [3.0, 6.0, 3.0]]), np.array([[True, True, False], [False, False, False]]))
    assert Scored.joined([one, two]).figures() == {
        "ioi_bits": 2.0,
        "pitch_bits": 4.0,
        "duration_bits": 3.0,
        "total_bits": 9.0,
        "accuracy": pytest.approx({"ioi": 2 / 3, "pitch": 1 / 3, "duration": 0.0}),
    }


def test_nothing_to_score_gives_nothing() -> None:
    assert scored() == []
