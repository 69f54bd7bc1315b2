"""An ear that is taught is in the folder, and is played by."""

from pathlib import Path

import numpy as np
import pytest
from helpers.small_soloist import STARTER, save_small_soloist

from jazzgen.corpus import Corpus, read_corpus
from jazzgen.corpus.split import Split
from jazzgen.errors import CorpusError, OptionError
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import improvise, improvise_takes
from jazzgen.learning.soloist.bundle import load_soloist
from jazzgen.listener.config import ListenerOptions
from jazzgen.listener.teach import Lesson, teach_ear

LESSON = Lesson(12, options=ListenerOptions(epochs=2, units=4))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus([STARTER])


@pytest.mark.slow
def test_a_soloist_is_taught_an_ear_and_plays_by_it(corpus: Corpus, tmp_path: Path) -> None:
    before = save_small_soloist(tmp_path / "ann")
    (tmp_path / "ann" / "report.json").write_text("{}")
    held_out = frozenset(["straw hat rain"])
    people, ours = teach_ear(tmp_path / "ann", corpus, Split(held_out), LESSON)
    assert (people, ours) == (29, 4 * 29)
    soloist = load_soloist(tmp_path / "ann")
    assert soloist.ear is not None
    assert (soloist.config, soloist.checksum != before.checksum) == (before.config, True)

    def played(seed: int = 0, ear: int = 8) -> object:
        return improvise(soloist, find_tune("blues-f"), Options(ear=ear), rng=np.random.default_rng(seed)).parts

    assert played() == played() == played(ear=8)
    assert len({played(), played(1), played(ear=1), played(ear=3)}) == 4
    takes = improvise_takes(soloist, find_tune("blues-f"), Options(ear=2), rng=np.random.default_rng(0))
    assert len(takes) == 1


def test_too_small_a_corpus_teaches_nothing(corpus: Corpus, tmp_path: Path) -> None:
    save_small_soloist(tmp_path / "ann")
    few = Corpus(corpus.readings[:5], ())
    with pytest.raises(CorpusError, match="5 solos to teach an ear by: it needs 10 or more"):
        teach_ear(tmp_path / "ann", few, Split(frozenset()), LESSON)


@pytest.mark.parametrize("ear", [0, -1, 33])
def test_an_ear_has_a_limit(ear: int) -> None:
    with pytest.raises(OptionError, match=f"ear {ear}: it chooses from 1 to 32"):
        Options(ear=ear)
