"""A soloist over tunes: solos fill the form, are the same for one seed, and go on from a primer."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.small_soloist import small_soloist

from jazzgen.errors import OptionError
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune, find_tune
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.improvise.solo import improvise, improvise_takes
from jazzgen.music.score import Score

PRIMER = Primer.parse("E4:1/2 G4:1/2 r:1 C5:1")


def solo(tune: Tune, options: Options = Options(), seed: int = 0) -> Score:
    return improvise(small_soloist(), tune, options, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["blues-f", "waltz-g", "mixed-c", "bossa-a"])
def test_a_solo_fills_its_form_one_note_at_a_time(name: str) -> None:
    tune = find_tune(name)
    score = solo(tune, Options(choruses=2, bpm=97.5))
    assert score.end == 2 * tune.chart.end
    assert score.melody.is_monophonic
    assert all(a.end <= b.onset for a, b in pairwise(score.melody.notes))
    assert all(note.onset % 40 == 0 for note in score.melody.notes)
    assert {note.velocity for note in score.melody.notes} == {80}
    assert (score.title, score.bpm, score.key, score.feel) == (tune.title, 97.5, tune.key, tune.feel)
    assert len(score.marked("chorus")) == 2


def test_a_form_that_ends_off_the_grid_is_not_passed() -> None:
    score = solo(Tune("Odd", parse_chart("5/32 C | 7/32 F | 3/32 G"), Key("C")))
    assert all(note.end <= score.end == 900 for note in score.melody.notes)


def test_one_seed_gives_one_solo_and_another_another() -> None:
    tune = find_tune("blues-f")
    assert solo(tune, seed=1) == solo(tune, seed=1)
    assert solo(tune, seed=1) != solo(tune, seed=2)


def test_controls_are_heeded() -> None:
    low = Options(controls=Controls(low=Curve.of(50), high=Curve.of(62)))
    assert {note.pitch for note in solo(find_tune("blues-f"), low).melody.notes} <= set(range(50, 63))


def test_a_name_the_model_does_not_know_is_an_error() -> None:
    with pytest.raises(OptionError, match="performer 'Eve': model 'small' has not heard of it"):
        solo(find_tune("blues-f"), Options(controls=Controls(performer="Eve")))


def test_repeats_are_joined_when_asked() -> None:
    notes = solo(find_tune("rhythm-bb"), Options(join_repeats=True, choruses=2)).melody.notes
    assert not any(a.end == b.onset and a.pitch == b.pitch for a, b in pairwise(notes))


def test_a_primer_opens_the_solo_and_its_last_rest_is_kept() -> None:
    primer = Primer.parse("E4:1/2 G4:1/2 r:1 C5:1 r:2")
    for seed in range(5):
        notes = solo(find_tune("blues-f"), Options(primer=primer), seed).melody.notes
        assert notes[:3] == primer.notes
        assert notes[3].onset >= primer.ticks


@pytest.mark.parametrize("choruses", [1, 2])
def test_a_primer_heard_before_is_left_out(choruses: int) -> None:
    tune = find_tune("blues-f")
    primed = solo(tune, Options(primer=PRIMER, primer_before=True, choruses=choruses), 4)
    assert primed.melody.notes[0].onset >= 0
    assert primed.melody.notes[: len(PRIMER.notes)] != PRIMER.notes
    assert primed.end == choruses * tune.chart.end
    assert primed.melody.notes[-1].onset > primed.end - 4 * 1920
    assert primed.melody.notes != solo(tune, Options(choruses=choruses), 4).melody.notes


def test_a_primer_longer_than_the_form_is_refused() -> None:
    tune = Tune("One", parse_chart("Dm7"), Key("C"))
    primer = Primer.parse("C4:2 D4:2 E4:1")
    for before in (False, True):
        with pytest.raises(OptionError, match="the primer lasts 5 quarter notes, the form 4; shorten it"):
            solo(tune, Options(primer=primer, primer_before=before))
        assert solo(tune, Options(primer=primer, primer_before=before, choruses=2)).melody.notes


def test_a_target_where_the_primer_plays_something_else_is_refused() -> None:
    tune = find_tune("blues-f")
    for text in ("1.1=F4", "1.2=E4", "1.3.5=C"):
        with pytest.raises(OptionError, match="the primer has another note there, or none; move it past the primer"):
            solo(tune, Options(primer=PRIMER, controls=Controls(targets=(Target.parse(text),))))
    met = Controls(targets=(Target.parse("1.1=E"), Target.parse("2.1=A4")))
    notes = solo(tune, Options(primer=PRIMER, controls=met)).melody.notes
    assert (1920, 69) in [(note.onset, note.pitch) for note in notes]


def test_a_primer_as_long_as_the_form_is_all_of_the_solo() -> None:
    primer = Primer.parse("C4:2 D4:2")
    notes = solo(Tune("One", parse_chart("Dm7"), Key("C")), Options(primer=primer)).melody.notes
    assert notes == primer.notes


def test_the_best_take_is_the_nearest_to_human_figures() -> None:
    human = {"density": (1.5, 0.5), "rest_share": (0.2, 0.1)}
    soloist = replace(small_soloist(), config=replace(small_soloist().config, human=human))
    rng = np.random.default_rng(0)
    takes = improvise_takes(soloist, find_tune("blues-f"), Options(takes=6), rng=rng)
    verdicts = [take.verdict for take in takes if take.verdict]
    assert [verdict.distance for verdict in verdicts] == sorted(verdict.distance for verdict in verdicts)
    assert len({take.score for take in takes}) == 6
    best = improvise(soloist, find_tune("blues-f"), Options(takes=6), rng=np.random.default_rng(0))
    assert best == takes[0].score
    assert all(verdict.bits > 0 for verdict in verdicts)


def test_a_beam_finds_the_same_solo_whatever_the_seed() -> None:
    tune = Tune("Two", parse_chart("Dm7 | G7"), Key("C"))
    assert solo(tune, Options(beam=3), 1) == solo(tune, Options(beam=3), 2)
    assert solo(tune, Options(beam=3, primer=PRIMER)).melody.notes[:3] == PRIMER.notes
