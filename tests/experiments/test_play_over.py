"""`scripts/play_over.py`: solos over the changes of a corpus, on either side of a split."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from experiments.play_over import main
from helpers.small_soloist import STARTER, save_small_soloist

from jazzgen.corpus import read_score


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in sorted(STARTER.glob("*.mid"))[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def played(tmp_path: Path, corpus: Path, *arguments: str) -> list[str]:
    """The titles played over."""
    save_small_soloist(tmp_path / "ann")
    common = [str(corpus), "--model", str(tmp_path / "ann"), "-o", str(tmp_path / "over")]
    result = CliRunner().invoke(main, [*common, *arguments])
    assert result.exit_code == 0, result.output
    return [read_score(path).title for path in sorted((tmp_path / "over").glob("*.mid"))]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAZZGEN_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(("arguments", "count"), [([], 3), (["--split"], 1), (["--split", "--training"], 2)])
def test_each_side_of_a_split_is_played_over(tmp_path: Path, corpus: Path, arguments: list[str], count: int) -> None:
    titles = [read_score(path).title for path in sorted(corpus.glob("*.mid"))]
    split = tmp_path / "split.json"
    split.write_text(json.dumps({"val_titles": titles[:1]}))
    given = [word for name in arguments for word in ([name, str(split)] if name == "--split" else [name])]
    found = played(tmp_path, corpus, *given, "--max-quote", "off", "--ear", "off")
    assert len(found) == count
    assert set(found) <= set(titles)
    if arguments:
        assert (titles[0] in found) == ("--training" not in arguments)


def test_training_goes_with_a_split(tmp_path: Path, corpus: Path) -> None:
    save_small_soloist(tmp_path / "ann")
    arguments = [str(corpus), "--training", "--model", str(tmp_path / "ann"), "-o", str(tmp_path / "over")]
    assert CliRunner().invoke(main, arguments).exit_code == 2
