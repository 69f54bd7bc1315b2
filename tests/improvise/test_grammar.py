"""Solos fill their form, keep the grammar's promises and come out the same for one seed."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.small_model import save_small_model
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec import grammar
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune, find_tune, tune_names
from jazzgen.improvise.controls import Controls, Curve
from jazzgen.improvise.grammar import generate_tokens
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.improvise.solo import improvise
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.music.score import Mark, Score
from jazzgen.music.timing import Bar, Meter


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return save_small_model(tmp_path_factory.mktemp("models") / "small")


def bars(count: int) -> list[Bar]:
    return list(parse_chart("C").repeated(count).bars())


def solo(bundle: Bundle, tune: Tune, seed: int = 0, options: Options = Options()) -> Score:
    return improvise(bundle, tune, options, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("name", tune_names())
def test_a_solo_over_every_built_in_tune_ends_with_the_form(bundle: Bundle, name: str) -> None:
    tune = find_tune(name)
    score = solo(bundle, tune, options=Options(choruses=2))
    assert score.end == 2 * tune.chart.end
    assert score.melody.notes
    assert score.melody.is_monophonic
    assert score.melody.end <= score.end


@given(
    seed=st.integers(0, 10_000),
    temperature=st.floats(0.1, 3),
    meters=st.lists(st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/16"]), min_size=1, max_size=9),
)
@settings(max_examples=40)
def test_tokens_fill_the_time_to_the_tick(bundle: Bundle, seed: int, temperature: float, meters: list[str]) -> None:
    bars = list(parse_chart(" | ".join(f"{meter} C" for meter in meters)).bars())
    controls = Controls(pitch_temperature=Curve.of(temperature), rhythm_temperature=Curve.of(temperature))
    tokens = generate_tokens(bundle, bars, controls, rng=np.random.default_rng(seed))
    assert sum(grammar.token_ticks(token) for token in tokens) == sum(Meter.parse(meter).bar_ticks for meter in meters)


@pytest.mark.parametrize("form", ["C", "C | 3/4 C | 5/4 C", "7/8 C | 4/4 C"])
def test_no_rest_crosses_a_bar_line_and_every_start_was_heard_in_the_corpus(bundle: Bundle, form: str) -> None:
    bars = list(parse_chart(form).repeated(64).bars())
    tokens = generate_tokens(bundle, bars, Controls(), rng=np.random.default_rng(1))
    position = 0
    for token in map(grammar.parse_token, tokens):
        bar = next(bar for bar in reversed(bars) if bar.onset <= position)
        if token.kind == grammar.REST:
            assert position + token.duration <= bar.end
        else:
            assert token.duration in bundle.config.rhythm[(position - bar.onset) % 480 // 40]
        position += token.duration


def test_meters_that_change_inside_the_form_are_those_of_every_chorus(bundle: Bundle) -> None:
    tune = find_tune("mixed-c")
    score = solo(bundle, tune, options=Options(choruses=3))
    form = [bar.meter for bar in tune.chart.bars()]
    assert len(set(form)) == 3
    assert [bar.meter for bar in score.bars()] == 3 * form
    assert score.end == 3 * tune.chart.end


def test_choruses_and_sections_are_marked(bundle: Bundle) -> None:
    tune = Tune("A walk", parse_chart("C | [A] F | G | [B] 3/4 Am"), Key("C"))
    assert solo(bundle, tune, options=Options(choruses=2)).marks == (
        Mark(0, 7200, "chorus", "1"),
        Mark(1920, 3840, "section", "A"),
        Mark(5760, 1440, "section", "B"),
        Mark(7200, 7200, "chorus", "2"),
        Mark(9120, 3840, "section", "A"),
        Mark(12960, 1440, "section", "B"),
    )
    assert solo(bundle, find_tune("blues-f")).marks == (Mark(0, 12 * 1920, "chorus", "1"),)


def test_notes_stay_in_the_range_of_the_model(bundle: Bundle) -> None:
    narrow = replace(bundle, config=replace(bundle.config, low=60, high=75))
    pitches = [note.pitch for note in solo(narrow, find_tune("rhythm-bb")).melody.notes]
    assert min(pitches) >= 60
    assert max(pitches) <= 75


def test_one_seed_gives_one_solo_and_another_another(bundle: Bundle) -> None:
    tune = find_tune("blues-f")
    assert solo(bundle, tune, 1) == solo(bundle, tune, 1)
    assert solo(bundle, tune, 1) != solo(bundle, tune, 2)


def test_the_score_says_what_was_asked_for(bundle: Bundle) -> None:
    tune = Tune("A walk", parse_chart("Dm7 | G7"), Key("C"))
    score = solo(bundle, tune, options=Options(bpm=97.5, feel="straight"))
    assert (score.title, score.bpm, score.meter, score.key, score.feel) == (
        "A walk",
        97.5,
        Meter(),
        Key("C"),
        "straight",
    )
    assert [span.symbol for span in score.changes] == ["Dm7", "G7"]


def test_a_bossa_is_straight_whatever_the_model_learnt(bundle: Bundle) -> None:
    assert bundle.config.feel == "swing"
    assert solo(bundle, find_tune("bossa-a")).feel == "straight"
    assert solo(bundle, find_tune("blues-f")).feel == "swing"


def test_top_k_one_is_the_likeliest_line_whatever_the_noise(bundle: Bundle) -> None:
    first, second = (
        generate_tokens(bundle, bars(8), Controls(top_k=1), rng=np.random.default_rng(seed)) for seed in (1, 2)
    )
    assert first == second


def test_a_nucleus_narrows_the_choice(bundle: Bundle) -> None:
    def variety(controls: Controls) -> int:
        return len(set(generate_tokens(bundle, bars(64), controls, rng=np.random.default_rng(3))))

    assert variety(Controls(top_p=0.2)) < variety(Controls())


def test_repeats_are_joined_when_asked(bundle: Bundle) -> None:
    def struck_again(options: Options) -> int:
        notes = solo(bundle, find_tune("rhythm-bb"), 4, options).melody.notes
        return sum(a.end == b.onset and a.pitch == b.pitch for a, b in pairwise(notes))

    assert struck_again(Options()) > 0
    assert struck_again(Options(join_repeats=True)) == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"choruses": 0}, "choruses 0: play 1 to 1000"),
        ({"bpm": 5.0}, "tempo 5: it is 20 to 1000"),
        ({"takes": 0}, "best of 0: play 1 to 256"),
        ({"beam": 65}, "beam 65: the width is 1 to 64"),
        ({"beam": 2, "takes": 2}, "beam 2 and best of 2: a beam finds one solo"),
        ({"primer_before": True}, "give the primer too"),
    ],
)
def test_options_out_of_range_are_named_with_the_cure(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Options(**wrong)  # type: ignore[arg-type]


def test_more_bars_than_can_be_read_back_are_refused(bundle: Bundle) -> None:
    with pytest.raises(OptionError, match="choruses 1000: that makes 60000 bars; at most 50000"):
        solo(bundle, Tune("Long", parse_chart("C\n" * 60), Key()), options=Options(choruses=1000))


def test_changes_without_a_chord_are_refused(bundle: Bundle) -> None:
    with pytest.raises(OptionError, match=r"only N\.C\."):
        solo(bundle, Tune("Silence", parse_chart("N.C. | %"), Key()))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            Options(controls=Controls(density=Curve.of(2))),
            "density: grammar model 'small' has no such control; leave it out, or give a soloist",
        ),
        (
            Options(controls=Controls(max_quote=8)),
            "max-quote: grammar model 'small' has no such control",
        ),
        (Options(controls=Controls(pitch_temperature=Curve.of(2))), "temperature: grammar model 'small' has one"),
        (
            Options(
                controls=Controls(pitch_temperature=Curve.parse("1:1 2:2"), rhythm_temperature=Curve.parse("1:1 2:2"))
            ),
            "the same in all bars; give one number",
        ),
        (Options(takes=2), "best of several: grammar model 'small' cannot do it"),
        (Options(beam=2), "beam search: grammar model 'small' cannot do it"),
        (Options(primer=Primer.parse("C4:1")), "a primer: grammar model 'small' cannot do it"),
    ],
)
def test_what_a_grammar_model_cannot_do_is_said(bundle: Bundle, options: Options, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        solo(bundle, find_tune("blues-f"), options=options)
