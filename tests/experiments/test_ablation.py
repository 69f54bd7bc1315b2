"""What each variation changes in the data, and that it changes nothing else."""

from pathlib import Path

import numpy as np
import pytest
from experiments.ablation import HEADING, VARIATIONS, Outcome, ablate, main, without_chords
from helpers.small_soloist import CONFIG, STARTER, small_soloist

from jazzgen.corpus import Corpus, read_corpus
from jazzgen.corpus.split import Split, save_split, tune_of
from jazzgen.errors import CorpusError
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.soloist.bundle import load_soloist
from jazzgen.learning.soloist.examples import Examples, make_batch, windows
from jazzgen.learning.soloist.hearing import HEARD, OFFSETS
from jazzgen.learning.soloist.licks import EXPERTS, Advice
from jazzgen.learning.soloist.memory import N_ADVISERS
from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, PARTS
from jazzgen.learning.soloist.net import Given
from jazzgen.learning.soloist.training import SoloistData, build_soloist_data

OF_CHORDS = [
    HEARD.index(name) for name in ("degree", "quality", "next_quality", "next_root", "until", "next_degree", "inside")
]
SIZES = {"half size": 4, "double size": 16}
MEMORIES = {"no licks": (True, False), "no motifs": (False, True), "no memory": (True, True)}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(sorted(STARTER.glob("*.mid"))[:6])


@pytest.fixture(scope="module")
def split(corpus: Corpus) -> Split:
    return Split(frozenset({tune_of(corpus.readings[0][1].score.title)}))


@pytest.fixture(scope="module")
def whole(corpus: Corpus, split: Split) -> SoloistData:
    return build_soloist_data(corpus, CONFIG, split=split)


def sides(data: SoloistData) -> list[Examples]:
    assert data.validation is not None
    return [data.train, data.validation]


def test_the_whole_is_the_data_itself(whole: SoloistData) -> None:
    assert VARIATIONS["whole"].change(whole) is whole


@pytest.mark.parametrize("name", MEMORIES)
def test_a_memory_that_is_left_out_says_nothing_on_either_side(whole: SoloistData, name: str) -> None:
    without_licks, without_motifs = MEMORIES[name]
    for before, after in zip(sides(whole), sides(VARIATIONS[name].change(whole)), strict=True):
        for part in PARTS:
            experts = len(EXPERTS[part])
            for old, new in zip(before.advice[part], after.advice[part], strict=True):
                assert old[:, :experts].any()
                assert old[:, experts:].any()
                np.testing.assert_array_equal(new[:, :experts], 0 if without_licks else old[:, :experts])
                np.testing.assert_array_equal(new[:, experts:], 0 if without_motifs else old[:, experts:])
                assert new.dtype == old.dtype
        assert after.rows is before.rows
        assert after.chords is before.chords


@pytest.mark.parametrize("name", MEMORIES)
def test_a_memory_that_was_left_out_is_not_heard_when_it_plays(name: str) -> None:
    net, rng = small_soloist().net, np.random.default_rng(0)
    played = VARIATIONS[name].played(net)
    for part in PARTS:
        experts, a = len(EXPERTS[part]), np.zeros((1, CONFIG.n_a), np.float32)
        silent = np.repeat(MEMORIES[name], [experts, N_ADVISERS[part] - experts])
        says = Advice(*(rng.normal(size=(1, *shape)) for shape in ((len(silent), CLASSES[part]), (len(silent),))))
        nothing = Advice(np.where(silent[:, None], 0, says.log_probabilities), np.where(silent, 0, says.orders))
        columns, recency = np.ones((1, len(COLUMNS)), np.int64), np.zeros((1, CLASSES["pitch"]), np.int64)
        before, after, quiet = (
            voices[part].logits(a, Given(np.zeros((1, CONFIG.n_x)), advice, columns, recency))
            for voices, advice in ((net.voices, says), (played.voices, says), (net.voices, nothing))
        )
        assert not np.allclose(before, after)
        np.testing.assert_allclose(after, quiet, rtol=1e-5)


def test_without_transposition_no_window_leaves_its_key(whole: SoloistData) -> None:
    data = VARIATIONS["no transposition"].change(whole)
    cuts = windows(data.train, 16)
    own = make_batch(whole.train, cuts, 16).pitch
    kept, moved = (
        make_batch(examples, cuts, 16, rng=np.random.default_rng(0)).pitch for examples in (data.train, whole.train)
    )
    np.testing.assert_array_equal(kept, own)
    assert (moved != own).any()
    assert data.validation is whole.validation


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_that_of_the_lstm(whole: SoloistData, name: str) -> None:
    data = VARIATIONS[name].change(whole)
    assert (data.config.n_a, data.config.n_x, data.config.n_joint) == (SIZES[name], CONFIG.n_x, CONFIG.n_joint)
    assert data.train is whole.train


def test_without_chords_the_same_notes_are_chosen_and_no_chord_is_heard(
    corpus: Corpus, split: Split, whole: SoloistData
) -> None:
    assert not VARIATIONS["no chords"].has_chords
    data = build_soloist_data(without_chords(corpus), CONFIG, split=split)
    for before, after in zip(sides(whole), sides(data), strict=True):
        np.testing.assert_array_equal(after.choices, before.choices)
        assert before.chords.any()
        assert not after.chords.any()
        assert before.degree.any()
        assert not after.degree.any()
        heard = np.ones(len(HEARD), bool)
        heard[OF_CHORDS] = False
        np.testing.assert_array_equal(after.rows[..., heard], before.rows[..., heard])
        assert (after.rows[..., OF_CHORDS] == OFFSETS[OF_CHORDS]).all()


def test_a_row_has_a_cell_for_each_column_of_the_heading() -> None:
    row = str(Outcome("no licks", (1.0, 2.25, 3.5), 4, 59.6))
    assert row == "| no licks | 1.000 | 2.250 | 3.500 | 6.750 | 4 | 60 |"
    assert {line.count("|") for line in HEADING.splitlines()} == {row.count("|")}


def test_a_split_that_holds_out_nothing_is_refused(corpus: Corpus) -> None:
    with pytest.raises(CorpusError, match="holds out no tune"):
        next(ablate(corpus, Split(frozenset()), SoloistFitOptions(), ["whole"], CONFIG))


def test_a_mistake_is_one_line(tmp_path: Path, corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "split.json"
    save_split(path, Split(frozenset()), {"a": "Unknown Tune"})
    with pytest.raises(SystemExit, match=r"^ablate.py: epochs 0: must be above 0$"):
        main([str(STARTER), "--split", str(path), "--epochs", "0"])
    with pytest.raises(SystemExit, match=r"^2$"):
        main([str(STARTER), "--split", str(path), "--only", "no drums"])
    assert "no drums" in capsys.readouterr().err


@pytest.mark.slow
def test_each_variation_is_trained_measured_and_kept(corpus: Corpus, split: Split, tmp_path: Path) -> None:
    options = SoloistFitOptions(epochs=2, tx=16, batch_size=8)
    first, second, again = ablate(corpus, split, options, ["whole", "no memory", "whole"], CONFIG, tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {"whole", "no-memory"}
    kept = load_soloist(tmp_path / "no-memory")
    assert (kept.runs, kept.habits, kept.ear) == (None, None, None)
    silent = slice(CLASSES["pitch"], CLASSES["pitch"] + N_ADVISERS["pitch"])
    assert not kept.net.voices["pitch"].out[:, silent].any()
    assert load_soloist(tmp_path / "whole").net.voices["pitch"].out[:, silent].any()
    assert (first.name, second.name, len(first.bits)) == ("whole", "no memory", len(PARTS))
    assert first.bits == again.bits
    assert sum(second.bits) > sum(first.bits) > 0
    assert first.best_epoch in (1, 2)
