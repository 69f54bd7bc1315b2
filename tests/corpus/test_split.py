"""Corpora split by tune."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.corpus.split import Split, load_split, save_split, tune_of
from jazzgen.errors import CorpusError

titles = st.lists(st.sampled_from("ABCDEFGHIJ"), min_size=1, max_size=30)


@pytest.mark.parametrize(
    "take",
    [
        "Basement Stairs",
        "basement stairs",
        "Basement  Stairs!",
        "Basement Stairs (take 2)",
        "Basement Stairs [alternate take]",
        "Basement Stairs (Alt. Take)",
        "Basement Stairs - alternate take 3",
        "Basement Stairs, take #4",
        "Básement Stairs (live at the corner)",
    ],
)
def test_takes_of_one_tune_are_one_tune(take: str) -> None:
    assert tune_of(take) == "basement stairs"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blues No. 1", "Blues No. 2"),
        ("枯葉 1", "落葉 1"),
        ("Take Two", "Take Three"),
        ("Stairs (in F)", "Stairs (in Bb)"),
        ("Mistake", "Mis"),
    ],
)
def test_other_tunes_stay_apart(one: str, other: str) -> None:
    assert tune_of(one) != tune_of(other)


@given(names=titles, share=st.floats(0, 0.5), seed=st.integers(0, 99))
def test_the_order_and_number_of_takes_do_not_matter(names: list[str], share: float, seed: int) -> None:
    split = Split.by_share(names, share, seed)
    assert split == Split.by_share(sorted(names) * 2, share, seed)
    assert split.held_out < {tune_of(name) for name in names}


@pytest.mark.parametrize(
    ("tunes", "share", "held_out"), [(20, 0.1, 2), (20, 0.25, 5), (4, 0.1, 1), (3, 0.5, 0), (20, 0, 0), (5, 0.99, 4)]
)
def test_the_share_is_of_tunes_and_few_tunes_are_all_trained_on(tunes: int, share: float, held_out: int) -> None:
    assert len(Split.by_share([str(i) for i in range(tunes)], share, 0).held_out) == held_out


def test_the_tunes_held_out_depend_on_the_seed() -> None:
    names = [str(i) for i in range(20)]
    assert len({Split.by_share(names, 0.2, seed) for seed in range(10)}) > 1


def test_a_new_tune_moves_one_other_at_most() -> None:
    names = [str(i) for i in range(40)]
    before = Split.by_share(names, 0.1, 0).held_out
    assert len(before - Split.by_share([*names, "new"], 0.1, 0).held_out) <= 1


@given(names=titles, seed=st.integers(0, 9))
def test_loading_is_the_inverse_of_saving(
    names: list[str], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "split.json"
    split = Split.by_share(names, 0.3, seed)
    save_split(path, split, {f"{number}.mid": name for number, name in enumerate(names)})
    assert load_split(path) == split
    data = json.loads(path.read_text(encoding="utf-8"))
    assert sorted(data["train"] + data["val"]) == sorted(f"{number}.mid" for number in range(len(names)))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"val_titles": 3}', '{"val_titles": [1]}', "\x00"])
def test_other_files_are_no_split(text: str, tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"split\.json: is no split"):
        load_split(path)


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone\.json: cannot be read"):
        load_split(tmp_path / "gone.json")


def test_the_split_of_the_weimar_database_is_read(weimar_path: Path) -> None:
    split = load_split(weimar_path.with_name("split.json"))
    assert len(split.held_out) == 25  # 26 titles, one of them in two spellings
    assert split.holds_out("Body And Soul (alternate take)")
