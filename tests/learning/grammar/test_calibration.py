"""The fit makes even a network that nobody trained play as its corpus does; odd corpora do it no harm."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from helpers.grammar_models import Sums, played, random_bundle, random_weights
from helpers.small_model import STARTER

from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.grammar.bundle import Bundle, Config
from jazzgen.learning.grammar.calibration import fit_tilt
from jazzgen.learning.grammar.tilt import Tilt
from jazzgen.learning.grammar.usage import Usage
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.learning.grammar.windows import prepare, rhythm_table
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Bar

Encoded = list[tuple[Score, tuple[str, ...]]]


def model(encoded: Encoded, seed: int = 0) -> tuple[Bundle, Usage]:
    """A random network over the vocabulary of some scores, without a tilt."""
    sequences = [tokens for _, tokens in encoded]
    vocabulary = Vocabulary.of(sequences)
    rhythm = rhythm_table(sequences, [score.pickup for score, _ in encoded])
    return random_bundle(Config(len(vocabulary), n_a=16, rhythm=rhythm), vocabulary, seed), Usage.of(encoded)


def fitted(bundle: Bundle, usage: Usage, seed: int = 0) -> Bundle:
    tilt = fit_tilt(bundle.weights, bundle.vocabulary, bundle.config, usage, seed)
    return replace(bundle, config=replace(bundle.config, tilt=tilt))


@cache
def starter() -> Encoded:
    scores = [prepare(read_score(path)) for path in sorted(STARTER.glob("*.mid"))[:3]]
    return [(score, grammar.encode(score)) for score in scores]


@cache
def starter_model() -> Bundle:
    return fitted(*model(starter()))


def written(chart: str, *notes: tuple[int, int, int]) -> Encoded:
    """Notes: onset and duration in eighths, pitch."""
    melody = Part("Solo", tuple(Note(240 * onset, 240 * length, pitch) for onset, length, pitch in notes))
    changes = parse_chart(chart)
    score = Score(parts=(melody,), changes=changes.changes, meters=changes.meters)
    return [(score, grammar.encode(score))]


def bars(chart: str, times: int) -> list[list[Bar]]:
    return [list(parse_chart(chart).repeated(times).bars())]


def test_a_random_network_plays_as_its_corpus_does() -> None:
    corpus = Sums.of((list(score.bars()), tokens) for score, tokens in starter())
    forms = [list(score.bars()) for score, _ in starter()] * 3
    without, _ = model(starter())
    for bundle, is_like_it in ((without, False), (starter_model(), True)):
        found = Sums.of(played(bundle, forms, 1))
        close = [
            getattr(found, name) == pytest.approx(getattr(corpus, name), rel=0.2)
            for name in ("notes_a_bar", "rests", "chord_tones")
        ]
        assert all(close) == is_like_it


def test_a_meter_that_the_corpus_lacks_gets_as_many_notes_a_beat() -> None:
    corpus = Sums.of((list(score.bars()), tokens) for score, tokens in starter())
    found = Sums.of(played(starter_model(), bars("3/4 C", 200), 1))
    assert found.notes_a_bar / 3 == pytest.approx(corpus.notes_a_bar / 4, rel=0.2)
    assert found.rests == pytest.approx(corpus.rests, rel=0.2)


def test_one_seed_gives_one_tilt_and_another_another() -> None:
    bundle, usage = model(written("C | F", (0, 1, 60), (1, 2, 62), (4, 1, 64), (8, 3, 65), (12, 1, 67)))
    tilts = [fitted(bundle, usage, seed).config.tilt for seed in (0, 0, 1)]
    assert tilts[0] == tilts[1] != tilts[2]


@pytest.mark.parametrize(
    ("what", "encoded"),
    [
        ("no rests", written("C | F", *[(n, 1, 60 + n % 5) for n in range(16)])),
        ("no notes on strong beats", written("C | F", *[(n, 1, 60 + n % 5) for n in range(1, 16, 2)])),
        ("one kind", written("C | C", *[(n, 1, 60) for n in range(0, 16, 2)])),
        ("one note", written("C | C", (3, 1, 60))),
        ("an odd meter", written("5/16 C | F | 7/8 G", (0, 1, 60), (1, 1, 62), (4, 2, 67), (7, 1, 71))),
        ("notes longer than the solo", written("C", (0, 999, 60))),
    ],
)
def test_odd_corpora_are_fitted_and_fill_their_form(what: str, encoded: Encoded) -> None:
    bundle = fitted(*model(encoded))
    forms: Sequence[list[Bar]] = [list(score.bars()) for score, _ in encoded] + bars("C | 3/4 C", 8)
    for form, tokens in played(bundle, forms, 0):
        assert sum(map(grammar.token_ticks, tokens)) == form[-1].end
    if what == "no rests":
        assert Sums.of(played(bundle, bars("C", 16), 0)).rests == 0
    if what == "no notes on strong beats":
        assert Sums.of(played(bundle, bars("C", 16), 0)).rests == pytest.approx(0.5, rel=0.1)


def test_a_network_that_is_sure_of_itself_is_moved_too() -> None:
    bundle, usage = model(starter())
    sure = replace(bundle, weights=random_weights(bundle.config, 3, scale=1.5))
    corpus = Sums.of((list(score.bars()), tokens) for score, tokens in starter())
    found = Sums.of(played(fitted(sure, usage), [list(score.bars()) for score, _ in starter()] * 3, 1))
    assert found.notes_a_bar == pytest.approx(corpus.notes_a_bar, rel=0.2)
    assert found.rests == pytest.approx(corpus.rests, rel=0.2)


def test_a_bundle_without_a_tilt_is_left_alone() -> None:
    bundle, _ = model(starter())
    assert bundle.config.tilt == Tilt()
