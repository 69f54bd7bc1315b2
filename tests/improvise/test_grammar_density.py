"""Trained for real, grammar models play as densely as their corpus, rest as long, and are as often in the chord.

Of three corpora, each unlike the others. Without the fit none of them passes: a test holds that, too.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.grammar_models import Sums, played
from helpers.small_model import STARTER

from jazzgen.codec import grammar
from jazzgen.corpus import Corpus, read_corpus
from jazzgen.learning.grammar.bundle import Bundle, load_bundle
from jazzgen.learning.grammar.tilt import Tilt
from jazzgen.learning.grammar.training import DataOptions, build_data, train
from jazzgen.learning.grammar.windows import prepare
from jazzgen.learning.options import FitOptions
from jazzgen.music.timing import Bar, iter_bars

pytestmark = pytest.mark.slow
EPOCHS = 12
HELD = ("notes_a_bar", "rests", "chord_tones")
SEEDS = range(4)
Lines = list[tuple[Sequence[Bar], Sequence[str]]]
_CHORDS = ("Dm7", "G7", "Cmaj7", "A7")
_BARS = ("z6", "c2 z4", "e2g2z2", "z2 ag f2", "d4 z2", "z4 GA", "^f2 z4", "z3 B c2")


def waltzes(folder: Path) -> Corpus:
    """Four sparse waltzes, in ABC."""
    rng = np.random.default_rng(4)
    for number in range(4):
        bars = [f'"{_CHORDS[bar % 4]}"{rng.choice(_BARS)}' for bar in range(24)]
        head = f"X:1\nT:Waltz {number}\nM:3/4\nL:1/8\nQ:1/4=140\nK:C\n"
        (folder / f"waltz{number}.abc").write_text(head + "|".join(bars) + "|]\n", encoding="utf-8")
    return read_corpus([folder])


def weimar(path: Path) -> Corpus:
    """Six solos, of six players."""
    readings = read_corpus([path]).readings
    return Corpus(tuple(readings[number] for number in (0, 80, 160, 240, 320, 400)), ())


def lines_of(corpus: Corpus) -> Lines:
    scores = [prepare(reading.score) for _, reading in corpus.readings]
    return [(list(score.bars()), grammar.encode(score)) for score in scores]


def without_pickup(bars: Sequence[Bar]) -> list[Bar]:
    full = [bar for bar in bars if bar.number]
    meters = [(bar.onset - full[0].onset, bar.meter) for bar in full]
    return list(iter_bars(meters, 0, full[-1].end - full[0].onset))


@pytest.fixture(scope="module", params=["starter", "weimar", "waltzes"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Lines]:
    """A model, and the lines of its corpus."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "starter":
        corpus = read_corpus([STARTER])
    elif request.param == "weimar":
        corpus = weimar(request.getfixturevalue("weimar_path"))
    else:
        corpus = waltzes(tmp_path_factory.mktemp("abc"))
    train(build_data(corpus, DataOptions()), folder, FitOptions(epochs=EPOCHS))
    return load_bundle(folder), lines_of(corpus)


def misses(bundle: Bundle, lines: Lines) -> list[str]:
    """What is a fifth or more off the corpus's, for any of the seeds, over the corpus's own bars."""
    corpus = Sums.of(lines)
    forms = [without_pickup(bars) for bars, _ in lines]
    ratios = {
        (name, seed): getattr(solos, name) / getattr(corpus, name)
        for seed in SEEDS
        for solos in [Sums.of(played(bundle, forms, seed))]
        for name in HELD
    }
    return [f"{name}, seed {seed}: {ratio:.2f}" for (name, seed), ratio in ratios.items() if abs(ratio - 1) > 0.2]


def test_solos_are_as_dense_as_their_corpus_rest_as_long_and_are_as_often_in_the_chord(
    trained: tuple[Bundle, Lines],
) -> None:
    assert misses(*trained) == []


def test_the_fit_is_what_makes_them_so(trained: tuple[Bundle, Lines]) -> None:
    bundle, lines = trained
    assert misses(replace(bundle, config=replace(bundle.config, tilt=Tilt())), lines)


def test_phrases_are_as_long_as_the_corpus_s(trained: tuple[Bundle, Lines]) -> None:
    bundle, lines = trained
    solos = [line for seed in SEEDS for line in played(bundle, [without_pickup(bars) for bars, _ in lines], seed)]
    assert Sums.of(solos).notes_a_phrase == pytest.approx(Sums.of(lines).notes_a_phrase, rel=0.2)
