"""From a corpus to windows; the training itself is tested in tests/network and tests/cli."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.small_model import STARTER, save_small_model

from jazzgen.codec import grammar
from jazzgen.corpus import Corpus, read_corpus
from jazzgen.errors import CorpusError, OptionError
from jazzgen.learning.grammar.bundle import load_bundle
from jazzgen.learning.grammar.training import CHECKPOINT, DataOptions, build_data, is_trained
from jazzgen.learning.grammar.windows import prepare


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(sorted(STARTER.glob("*.mid"))[:8])


def test_tunes_are_on_one_side_of_the_split(corpus: Corpus) -> None:
    data = build_data(corpus, DataOptions(validation=0.25))
    assert len(data.train_titles) == 6
    assert len(data.validation_titles) == 2
    assert set(data.train_titles).isdisjoint(data.validation_titles)
    assert data.validation is not None
    held_out = [grammar.encode(prepare(r.score)) for _, r in corpus.readings if r.score.title in data.validation_titles]
    assert int((data.validation.targets >= 0).sum()) == sum(map(len, held_out))


def test_two_takes_of_one_tune_stay_together(corpus: Corpus) -> None:
    twins = [
        (path, replace(reading, score=replace(reading.score, title=f"Tune {index // 2}")))
        for index, (path, reading) in enumerate(corpus.readings)
    ]
    data = build_data(Corpus(tuple(twins), ()), DataOptions(validation=0.25))
    assert len(data.train_titles) == 3
    assert len(data.validation_titles) == 1


def test_the_split_follows_the_seed(corpus: Corpus) -> None:
    splits = {build_data(corpus, DataOptions(validation=0.25, seed=seed)).validation_titles for seed in range(8)}
    assert len(splits) > 1
    same = build_data(corpus, DataOptions(validation=0.25, seed=3)).validation_titles
    assert same == build_data(corpus, DataOptions(validation=0.25, seed=3)).validation_titles


def test_the_config_tells_of_the_corpus(corpus: Corpus) -> None:
    data = build_data(corpus, DataOptions(units=9, tx=7))
    pitches = [note.pitch for _, reading in corpus.readings for note in reading.score.melody.notes]
    assert (data.config.n_a, data.config.tx, data.config.n_values) == (9, 7, len(data.vocabulary))
    assert min(pitches) <= data.config.low < data.config.high <= max(pitches)
    assert data.config.feel == "swing"
    assert 240 in data.config.rhythm[0]
    assert data.train.inputs.shape[1] == 7


def test_a_coarser_grid_has_no_triplets(corpus: Corpus) -> None:
    fine, coarse = (build_data(corpus, DataOptions(grid=grid)) for grid in (12, 4))
    assert any(token.startswith("C,0.333") for token in fine.vocabulary.tokens)
    assert not any(token.startswith("C,0.333") for token in coarse.vocabulary.tokens)


def test_too_little_music_is_refused_with_the_least(tmp_path: Path, corpus: Corpus) -> None:
    (path, reading), *_ = corpus.readings
    short = replace(reading.score.melody, notes=reading.score.melody.notes[:2])
    score = replace(reading.score, parts=(short,), changes=reading.score.changes[:2])
    with pytest.raises(CorpusError, match="tokens in all; training needs 16"):
        build_data(Corpus(((path, replace(reading, score=score)),), ()), DataOptions())


@pytest.mark.parametrize("wrong", [{"units": 0}, {"tx": 1}, {"validation": -0.1}, {"grid": 0}, {"grid": 7}])
def test_options_out_of_range_are_named(wrong: dict[str, int]) -> None:
    name = next(iter(wrong)).replace("tx", "window steps")
    with pytest.raises(OptionError, match=name):
        DataOptions(**wrong)


def test_a_bundle_counts_as_trained_unless_its_training_was_broken_off(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    assert not is_trained(folder)
    save_small_model(folder)
    assert is_trained(folder)
    (folder / CHECKPOINT).write_bytes(b"")
    assert not is_trained(folder)
    assert load_bundle(folder).name == "small"
