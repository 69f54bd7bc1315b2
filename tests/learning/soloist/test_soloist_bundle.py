"""A soloist's folder: what is saved is loaded to half precision, and what is wrong is said in one line."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import CONFIG, save_small_soloist, small_soloist

from jazzgen.errors import BundleError
from jazzgen.learning.folder import sealed
from jazzgen.learning.soloist.bundle import EAR_FILE, RUNS_FILE, Config, arrays_of, load_soloist, net_of, save_soloist
from jazzgen.learning.soloist.ear import COLUMNS, WAYS, ear_to_bytes
from jazzgen.learning.soloist.hearing import N_FIRST_ROWS, N_ROWS
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.recency import N_LEVELS
from jazzgen.learning.soloist.runs import Runs, runs_to_bytes

Arrays = dict[str, np.ndarray]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_small_soloist(tmp_path / "ann")
    return tmp_path / "ann"


def change(folder: Path, name: str, spoil: Callable[[Arrays], object]) -> None:
    """Changes the arrays of a file, and the checksum with them."""
    with np.load(folder / name, allow_pickle=False) as found:
        arrays = dict(found)
    spoil(arrays)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    (folder / name).write_bytes(buffer.getvalue())
    about = json.loads((folder / "config.json").read_text())
    about[Path(name).stem] = sha256(buffer.getvalue()).hexdigest()
    (folder / "config.json").write_text(json.dumps(sealed(about)))


def change_config(folder: Path, **values: object) -> None:
    about = json.loads((folder / "config.json").read_text())
    about["config"] |= values
    (folder / "config.json").write_text(json.dumps(sealed(about)))


def refusal(folder: Path) -> str:
    with pytest.raises(BundleError) as caught:
        load_soloist(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_saved_is_loaded_to_half_precision(folder: Path) -> None:
    saved, loaded = small_soloist(), load_soloist(folder)
    assert loaded.name == "ann"
    assert loaded.config.who == saved.config.who
    for name, array in arrays_of(saved.net).items():
        found = arrays_of(loaded.net)[name]
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, array.astype(np.float16))
    for part in PARTS:
        for name in ("keys", "sizes", "classes", "counts"):
            np.testing.assert_array_equal(getattr(loaded.memory[part], name), getattr(saved.memory[part], name))


def test_everything_of_the_config_survives(tmp_path: Path) -> None:
    config = Config(
        n_x=8,
        n_a=8,
        n_joint=8,
        performers=("Ann", "Bob"),
        styles=("BEBOP", "COOL"),
        low=40,
        high=90,
        feel="straight",
        meters=(3.0, 4.0),
        human={"entropy_1": (1.9, 0.4)},
    )
    soloist = small_soloist()
    save_soloist(tmp_path, config, soloist.net, soloist.memory, {"notes": 4}, "# A card\n")
    assert load_soloist(tmp_path).config == config
    assert json.loads((tmp_path / "report.json").read_text()) == {"notes": 4}
    assert (tmp_path / "README.md").read_text() == "# A card\n"


def test_the_same_soloist_has_the_same_checksum(tmp_path: Path, folder: Path) -> None:
    first, again = load_soloist(folder), save_small_soloist(tmp_path / "again")
    assert first.checksum == again.checksum
    assert first.checksum != save_small_soloist(tmp_path / "other", seed=1).checksum


def test_a_soloist_from_before_plans_hears_and_says_nothing_of_them(folder: Path) -> None:
    def as_before(arrays: Arrays) -> None:
        arrays["embedding"] = np.delete(arrays["embedding"], np.s_[N_FIRST_ROWS:N_ROWS], axis=0)
        for name in ("pitch_out", "pitch_out_bias"):
            arrays[name] = arrays[name][..., : -12 - N_LEVELS]

    now = arrays_of(load_soloist(folder).net)
    change(folder, "weights.npz", as_before)
    old = arrays_of(load_soloist(folder).net)
    assert not old["embedding"][N_FIRST_ROWS:N_ROWS].any()
    assert not old["pitch_out"][:, -12 - N_LEVELS :].any()
    np.testing.assert_array_equal(old["embedding"][N_ROWS:], now["embedding"][N_ROWS:])
    np.testing.assert_array_equal(old["ioi_out"], now["ioi_out"])


def test_arrays_and_net_invert() -> None:
    arrays = arrays_of(small_soloist().net)
    assert {name: array.shape for name, array in arrays.items()} == CONFIG.shapes()
    for name, array in arrays_of(net_of(arrays)).items():
        assert array is arrays[name]


def test_counts_too_large_for_the_file_become_the_largest(tmp_path: Path) -> None:
    soloist = small_soloist()
    memory = {part: licks + licks for part, licks in soloist.memory.items()}
    for _ in range(12):
        memory = {part: licks + licks for part, licks in memory.items()}
    save_soloist(tmp_path, soloist.config, soloist.net, memory, {}, "")
    for part, licks in load_soloist(tmp_path).memory.items():
        np.testing.assert_array_equal(licks.counts, np.minimum(memory[part].counts, 65535))
        assert licks.counts.max() == 65535


def test_a_grammar_model_is_no_soloist(tmp_path: Path) -> None:
    save_small_model(tmp_path)
    assert "is not a jazzgen soloist; give a folder that 'jazzgen train' wrote" in refusal(tmp_path)


def test_a_missing_folder_is_named_with_the_cure(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").endswith("make one with 'jazzgen train' or give another")


@pytest.mark.parametrize("name", ["weights.npz", "licks.npz", "config.json"])
def test_a_missing_or_cut_file_is_named(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    assert Path(name).stem in refusal(folder)
    (folder / name).unlink()
    assert f"{name}: cannot be read" in refusal(folder)


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("embedding has shape", lambda arrays: arrays.update(embedding=arrays["embedding"][:-1])),
        ("no array pitch_out", lambda arrays: arrays.pop("pitch_out")),
        ("not a finite number", lambda arrays: arrays["pitch_bias"].fill(np.nan)),
    ],
)
def test_weights_that_do_not_fit_are_damage(folder: Path, what: str, spoil: Callable[[Arrays], object]) -> None:
    change(folder, "weights.npz", spoil)
    assert f"is damaged ({what}" in refusal(folder).replace("a weight is ", "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda arrays: arrays.update(pitch_keys=arrays["pitch_keys"][:-1]),
        lambda arrays: arrays.update(pitch_keys=arrays["pitch_keys"][::-1]),
        lambda arrays: arrays.update(pitch_counts=arrays["pitch_counts"][:-1]),
        lambda arrays: arrays["pitch_counts"].__setitem__(0, 0),
        lambda arrays: arrays["pitch_classes"].__setitem__(0, 200),
        lambda arrays: arrays["pitch_sizes"].__setitem__(0, arrays["pitch_sizes"][0] + 1),
        lambda arrays: arrays.update({f"pitch_{n}": arrays[f"pitch_{n}"][:0] for n in ("keys", "sizes")}),
    ],
)
def test_licks_that_do_not_fit_are_damage(folder: Path, spoil: Callable[[Arrays], object]) -> None:
    change(folder, "licks.npz", spoil)
    assert "is damaged (the licks for the pitch do not fit together)" in refusal(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"low": 84, "high": 50},
        {"high": 200},
        {"n_a": 0},
        {"n_a": 9},
        {"performers": 3},
        {"strings": 6},
        {"human": {"entropy_1": [1]}},
        {"n_x": "many"},
    ],
)
def test_a_config_that_cannot_be_is_damage(folder: Path, values: dict[str, object]) -> None:
    change_config(folder, **values)
    assert "is damaged (" in refusal(folder)


def test_an_absent_field_is_damage(folder: Path) -> None:
    about = json.loads((folder / "config.json").read_text())
    del about["config"]["styles"]
    (folder / "config.json").write_text(json.dumps(sealed(about)))
    assert "is damaged ('styles')" in refusal(folder)


def save_with_more(folder: Path) -> None:
    soloist, rng = small_soloist(), np.random.default_rng(0)
    runs = Runs.of([np.array([60, 62, 64, 65, 67])], ["x"], [""], ["x"])
    shapes: dict[str, tuple[int, ...]] = {name: (size, 2) for name, size in COLUMNS.items()}
    for way in WAYS:
        shapes |= {f"{way}_kernel": (16, 9), f"{way}_recurrent": (3, 9), f"{way}_bias": (2, 9)}
    ear = {
        name: rng.normal(size=shape) for name, shape in (shapes | {"odds_kernel": (12, 1), "odds_bias": (1,)}).items()
    }
    added = {RUNS_FILE: runs_to_bytes(runs), EAR_FILE: ear_to_bytes([ear])}
    save_soloist(folder, soloist.config, soloist.net, soloist.memory, {}, "", added=added)


def test_runs_and_an_ear_are_loaded_if_they_are_there(folder: Path, tmp_path: Path) -> None:
    plain = load_soloist(folder)
    assert (plain.runs, plain.ear) == (None, None)
    save_with_more(tmp_path / "bob")
    loaded = load_soloist(tmp_path / "bob")
    assert loaded.runs is not None
    assert loaded.ear is not None
    assert loaded.runs.titles == ("x",)
    assert loaded.checksum != plain.checksum


@pytest.mark.parametrize("name", [RUNS_FILE, EAR_FILE])
def test_runs_and_ears_that_are_not_theirs_or_lost_are_refused(tmp_path: Path, name: str) -> None:
    save_with_more(tmp_path / "bob")
    change(tmp_path / "bob", name, lambda arrays: arrays.pop(min(arrays)))
    assert "is damaged" in refusal(tmp_path / "bob")
    (tmp_path / "bob" / name).write_bytes(b"")
    assert "do not match its config.json" in refusal(tmp_path / "bob")
    (tmp_path / "bob" / name).unlink()
    assert "cannot be read" in refusal(tmp_path / "bob")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n_x": "96"}, "n_x is not int"),
        ({"n_a": True}, "n_a is not int"),
        ({"low": 48.5}, "low is not int"),
        ({"n_a": 10**30}, "its config says"),
        ({"feel": "shuffle"}, "feel 'shuffle'"),
        ({"performers": "Ann"}, "performers is not list"),
        ({"performers": [3]}, "a performer or a style has no name"),
        ({"meters": []}, "a length of bars"),
        ({"meters": [float("nan")]}, "a length of bars"),
        ({"meters": [[4]]}, "is damaged"),
        ({"human": {"swing": [1, float("inf")]}}, "a length of bars or a figure"),
        ({"human": {"swing": 3}}, "is damaged"),
    ],
)
def test_a_hostile_config_is_refused(values: dict[str, object], message: str, folder: Path) -> None:
    change_config(folder, **values)
    assert message in refusal(folder)


def test_weights_that_become_infinite_when_cast_are_refused(folder: Path) -> None:
    def spoil(arrays: Arrays) -> None:
        arrays["embedding"] = np.full(arrays["embedding"].shape, 1e300)

    change(folder, "weights.npz", spoil)
    assert "a weight is too large for float32" in refusal(folder)
