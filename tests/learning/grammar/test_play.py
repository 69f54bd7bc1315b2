"""A grammar model at play: rests and bar lines, dead ends, solos side by side, and leaning against drift."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from helpers.grammar_models import random_bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec import grammar
from jazzgen.harmony.changes import parse_chart
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.grammar import generate_tokens
from jazzgen.learning.grammar.balance import Account
from jazzgen.learning.grammar.bundle import Bundle, Config
from jazzgen.learning.grammar.play import Playing
from jazzgen.learning.grammar.tilt import Balance, Steps, Tilt
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.music.timing import Bar

EVERYWHERE = ((240, 480, 960, 1440),) * 12
BALANCE = Balance(0.25, 0.5, 0.8)
NEVER = -50.0
NO_TILT = Tilt()


def model(*tokens: str, tilt: Tilt = NO_TILT, rhythm: tuple[tuple[int, ...], ...] = EVERYWHERE) -> Bundle:
    vocabulary = Vocabulary.of([tokens])
    return random_bundle(Config(len(vocabulary), n_a=4, rhythm=rhythm, tilt=tilt), vocabulary)


def bars(chart: str) -> list[Bar]:
    return list(parse_chart(chart).bars())


def line(bundle: Bundle, chart: str, seed: int = 0) -> tuple[str, ...]:
    return generate_tokens(bundle, bars(chart), Controls(), rng=np.random.default_rng(seed))


def playing(bundle: Bundle, *forms: Sequence[Bar]) -> Playing:
    return Playing(bundle.weights, Steps(bundle.vocabulary.tokens), bundle.config, forms)


def test_a_rest_is_cut_at_the_bar_line_and_not_forbidden() -> None:
    assert line(model("R,3.000"), "C | 3/4 C | 5/4 C") == (
        *("R,3.000", "R,1.000"),
        "R,3.000",
        *("R,3.000", "R,2.000"),
    )


def test_the_network_hears_the_rest_that_was_cut() -> None:
    bundle = model("R,1.000", "R,3.000")
    known, long = playing(bundle, bars("C | C")), np.array([1])
    for _ in range(2):
        known.scores()
        known.take(long, np.array([False]))
    expected = playing(bundle, bars("3/4 C | C"))
    expected.scores()
    expected.take(long, np.array([False]))
    expected.scores()
    expected.take(np.array([0]), np.array([False]))
    np.testing.assert_array_equal(known.scores(), expected.scores())


def test_where_nothing_fits_a_rest_fills_the_beat() -> None:
    assert line(model("C,3.000"), "C | C") == ("C,3.000", "C,3.000", "R,1.000", "R,1.000")
    only_on_beats = ((1200,), *((),) * 11)
    assert line(model("C,2.500", rhythm=only_on_beats), "C") == ("C,2.500", "R,0.500", "R,1.000")


def test_a_place_that_a_meter_has_no_row_for_goes_by_that_of_any_meter() -> None:
    no_rest = {"*": 0.0, "R*": NEVER, "R|": NEVER}
    places = {f"{meter} {tatum}{after}" for meter in ("3/4", "any") for tatum in range(36) for after in ("", " R")}
    rows = {place: {"*": NEVER} if place.startswith("3/4") else no_rest for place in places}
    bundle = model("C,0.500", "R,0.500", tilt=Tilt(rows))
    assert set(line(bundle, "3/4 C | C")) == {"R,0.500"}
    assert set(line(bundle, "4/4 C | C")) == {"C,0.500"}


def test_kinds_are_tilted_by_the_strength_of_the_beat() -> None:
    tilt = Tilt({}, {"strong": {"S": NEVER}, "weak": {"C": NEVER}})
    assert line(model("C,1.000", "S,1.000", tilt=tilt), "C | C") == ("C,1.000", "S,1.000") * 4


def test_solos_side_by_side_are_those_played_alone() -> None:
    bundle = model("C,0.500", "S,1.000", "R,2.000", "A,1.500", tilt=Tilt(balance=BALANCE))
    forms = bars("C | C | C"), bars("3/4 C | 7/8 C"), bars("5/4 C")
    together, alone = playing(bundle, *forms), [playing(bundle, form) for form in forms]
    rng = np.random.default_rng(1)
    while together.under_way.any():
        scores, chosen = together.scores(), rng.integers(0, 4, 3)
        stuck = ~np.isfinite(scores).any(axis=1)
        ticks, resting = together.take(chosen, stuck)
        for row, one in enumerate(alone):
            if one.under_way[0]:
                np.testing.assert_allclose(one.scores()[0], scores[row], rtol=1e-5)
                found = one.take(chosen[[row]], stuck[[row]])
                assert (found[0][0], found[1][0]) == (ticks[row], resting[row])
            else:
                assert ticks[row] == 0
    assert not any(one.under_way[0] for one in alone)


@given(data=st.data())
@settings(max_examples=60)
def test_any_model_fills_any_form_to_the_tick_and_no_rest_crosses_a_bar_line(data: st.DataObject) -> None:
    lengths = st.integers(1, 96).map(lambda tatums: 20 * tatums)
    tokens = data.draw(st.lists(st.builds(grammar.Token, st.sampled_from("RCSAX"), lengths), min_size=1, max_size=12))
    heard = st.lists(st.sampled_from([token.duration for token in tokens]), max_size=4).map(tuple)
    names = st.sampled_from(["4/4 0", "4/4 6 R", "any 0", "any 0 R", "any 3", "3/4 12"])
    steps = st.sampled_from(["*", "R*", "R|", "0.500", "R,0.500"])
    tilt = Tilt(
        data.draw(st.dictionaries(names, st.dictionaries(steps, st.floats(-8, 8)))),
        data.draw(st.dictionaries(st.sampled_from(["strong", "weak", "off"]), st.just({"C": 2.0}))),
        data.draw(st.none() | st.just(BALANCE)),
    )
    rhythm = tuple(data.draw(st.lists(heard, min_size=12, max_size=12)))
    meters = data.draw(
        st.lists(st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/16", "5/32", "9/2"]), min_size=1, max_size=6)
    )
    chart = " | ".join(f"{meter} C" for meter in meters)
    bundle = model(*map(str, tokens), tilt=tilt, rhythm=rhythm)
    found = line(bundle, chart, data.draw(st.integers(0, 99)))
    form, position = bars(chart), 0
    for token in map(grammar.parse_token, found):
        bar = next(bar for bar in form if position < bar.end)
        assert token.kind != grammar.REST or position + token.duration <= bar.end
        assert token.kind == grammar.REST or token in tokens
        position += token.duration
    assert position == form[-1].end


def test_bars_too_many_to_tell_apart_are_few_rows() -> None:
    chart = "64/1 C"
    assert len(playing(model("C,0.500", "R,4.000"), bars(chart)).places.names) < 1000
    assert sum(map(grammar.token_ticks, line(model("C,0.500", "R,4.000"), chart))) == 64 * 1920


def account(*steps: tuple[int, bool, str]) -> np.ndarray:
    """Offsets (3,) of a rest, a note of twice the mean length and a chord tone of the mean, after steps on beat 1."""
    one = Account(BALANCE, Steps(("C,0.500", "R,0.500", "S,1.000")), 1)
    for ticks, resting, kind in steps:
        one.count(np.array([ticks]), np.array([resting]), np.array([kind]), np.array([True]))
    chord, rest, long = one.offsets(np.array([True]))[0]
    return np.array([rest, long, chord])


def test_a_solo_leans_against_what_it_has_too_much_of() -> None:
    rest, long, chord = account((1920, True, "R"))
    assert (rest < 0, long, chord) == (True, 0, 0)
    rest, long, chord = account(*[(120, False, "C")] * 8)
    assert (rest > 0, long > 0, chord < 0) == (True, True, True)
    rest, long, chord = account(*[(480, False, "S")] * 8)
    assert (rest > 0, long < 0, chord > 0) == (True, True, True)


def test_a_solo_that_is_as_it_should_be_leans_nowhere_and_one_that_is_over_does_not_count() -> None:
    even = [(240, False, "C")] * 4 + [(240, False, "S")] + [(400, True, "R")]
    np.testing.assert_allclose(account(*even), 0, atol=1e-12)
    np.testing.assert_allclose(account(*even, (0, False, "C"), (0, True, "R")), 0, atol=1e-12)


def test_off_the_strong_beats_chord_tones_are_left_alone() -> None:
    one = Account(BALANCE, Steps(("C,0.500",)), 2)
    one.count(np.array([240, 240]), np.zeros(2, bool), np.array(["S", "S"]), np.array([True, True]))
    assert one.offsets(np.array([True, False]))[:, 0].tolist() == [0.8 * 0.8, 0]


def test_bundles_of_before_play_without_a_tilt() -> None:
    bundle = model("C,0.500", "R,1.000")
    old = replace(bundle, config=replace(bundle.config, tilt=Tilt.of({})))
    assert line(old, "C | C") == line(bundle, "C | C")


@pytest.mark.parametrize("rhythm", [((),) * 12, ((240,), *((),) * 11)])
def test_rests_start_where_notes_do(rhythm: tuple[tuple[int, ...], ...]) -> None:
    found = line(model("C,0.500", "R,0.333", rhythm=rhythm), "C | C | C | C")
    allowed = {"C,0.500", "R,0.333", "R,0.500", "R,0.667"} if rhythm[0] else {"R,1.000"}
    assert set(found) <= allowed
