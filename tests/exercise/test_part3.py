"""Part 3: the data, the layers, and what is wrong said in one line. The notebook itself is in test_listings."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError, GrammarError, JazzgenError, OptionError
from jazzgen.exercise import part3
from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.graphs import training_graph
from jazzgen.learning.grammar.layers import SharedLayers

N, A = 9, 5


def own_layers(n: int = N, a: int = A) -> dict[str, Any]:
    return {
        "reshapor": keras.layers.Reshape((1, n)),
        "LSTM_cell": keras.layers.LSTM(a, return_state=True),
        "densor": keras.layers.Dense(n, activation="softmax"),
    }


@pytest.fixture
def tune(repository: Path) -> Path:
    return repository / "midi" / "starter" / "blues_f_side_door.mid"


def test_without_a_file_there_is_a_tune_with_the_exercise_s_78_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    x, y, n_values, values = part3.load_music_utils()
    assert (x.shape, y.shape, n_values, len(values)) == ((60, 30, 78), (30, 60, 78), 78, 78)
    np.testing.assert_array_equal(y[:-1], x[:, 1:].transpose(1, 0, 2))


def test_grid_and_gap_are_options(tune: Path) -> None:
    def lengths(**options: Any) -> set[int]:
        values = part3.load_music_utils(tune, 10, 7, **options)[3].values()
        return {grammar.token_ticks(value) for value in values}

    sixteenths, triplets = lengths(), lengths(grid=12, gap=0.25)
    assert all(ticks % 120 == 0 for ticks in sixteenths)
    assert any(ticks % 120 for ticks in triplets)
    x, y, n_values, _ = part3.load_music_utils(tune, 10, 7, grid=12)
    assert (x.shape, y.shape) == ((7, 10, n_values), (10, 7, n_values))


@pytest.mark.parametrize("options", [{}, {"grid": 12, "gap": 0.25}])
def test_through_music21_the_values_are_the_same(tune: Path, options: dict[str, Any]) -> None:
    plain = part3.load_music_utils(tune, **options)
    through = part3.load_music_utils(tune, through_music21=True, **options)
    np.testing.assert_array_equal(through[0], plain[0])
    assert through[3] == plain[3]


def test_through_music21_the_exercise_s_own_file_gives_the_same(metheny_path: Path) -> None:
    plain, through = (part3.load_music_utils(metheny_path, through_music21=way) for way in (False, True))
    assert plain[2] == 78
    np.testing.assert_array_equal(through[1], plain[1])
    assert through[3] == plain[3]


def test_the_module_s_layers_are_made_once_and_without_them_tensorflow_is_not_loaded() -> None:
    assert part3.LSTM_cell is part3.LSTM_cell
    assert (part3.LSTM_cell.units, part3.densor.units, part3.reshapor.target_shape) == (64, 78, (1, 78))
    check = "import sys; from jazzgen.exercise.part3 import load_music_utils; assert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'dense'"):
        part3.dense  # noqa: B018


def test_the_layers_of_where_it_is_called_are_trained() -> None:
    names = own_layers()
    exec("from jazzgen.exercise.part3 import djmodel\nmodel = djmodel(4, 5, 9)", names)
    assert names["LSTM_cell"].built
    assert names["model"].count_params() == 4 * A * (N + A + 1) + N * (A + 1)
    before = names["LSTM_cell"].cell.kernel.numpy().copy()
    names["model"].compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    x = np.eye(N, dtype=np.float32)[np.random.default_rng(0).integers(0, N, (6, 4))]
    z = np.zeros((6, A))
    names["model"].fit([x, z, z], list(x.transpose(1, 0, 2)), verbose=0)
    assert not np.array_equal(names["LSTM_cell"].cell.kernel.numpy(), before)


def test_the_form_of_the_board_and_the_fast_one_compute_the_same() -> None:
    layers = own_layers()
    fast, unrolled = (part3.djmodel(4, A, N, unrolled=form, layers=layers) for form in (False, True))
    x = np.eye(N, dtype=np.float32)[np.random.default_rng(1).integers(0, N, (3, 4))]
    states = np.random.default_rng(2).normal(size=(2, 3, A)).astype(np.float32)
    for one, other in zip(fast([x, *states]), unrolled([x, *states]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_rate_falls_as_decay_had_it() -> None:
    rate = part3.Adam(lr=0.01, decay=0.5).learning_rate
    assert float(keras.ops.convert_to_numpy(rate)) == pytest.approx(0.01)
    schedule = part3.Adam(lr=0.01, decay=0.5)._learning_rate
    assert float(schedule(2)) == pytest.approx(0.01 / (1 + 0.5 * 2))


def untrained() -> keras.Model:
    layers = own_layers()
    part3.djmodel(4, A, N, layers=layers)
    return part3.music_inference_model(layers["LSTM_cell"], layers["densor"], N, A, Ty=6)


def test_what_is_played_is_fed_back() -> None:
    results, indices = part3.predict_and_sample(untrained())
    assert (results.shape, indices.shape) == ((6, N), (6, 1))
    np.testing.assert_array_equal(results.argmax(axis=1), indices[:, 0])


def test_music_is_over_other_chords_if_asked(
    tmp_path: Path, tune: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    values = dict(enumerate(sorted(part3.load_music_utils(tune, 10, 7)[3].values())[:N]))
    score = part3.generate_music(untrained(), values, "Dm7 G7 | Cmaj7", path="a/b.mid", bpm=99, music=tune)
    read = read_score(tmp_path / "a" / "b.mid")
    assert read.bpm == score.bpm == 99
    assert {span.symbol for span in read.changes} <= {"Dm7", "G7", "Cmaj7"}
    assert "over Dm7 G7 | Cmaj7, 99 bpm" in capsys.readouterr().out


LOADS: list[tuple[dict[str, Any], type[JazzgenError], str]] = [
    ({"path": "gone.mid"}, CorpusError, "path: there is no file gone.mid; give a MIDI file, or nothing"),
    ({"Tx": 0}, OptionError, "Tx 0: must be a whole number from 1"),
    ({"m": 2.5}, OptionError, "m 2.5: must be a whole number from 1"),
    ({"Tx": 5000}, CorpusError, r"\.mid: the solo has \d+ tokens; examples of 5000 steps need 5001"),
    ({"grid": 5}, OptionError, "grid 5: must be 12, 6, 4, 3, 2 or 1 steps of a beat"),
    ({"gap": -1}, OptionError, "gap -1: must be 0 or more beats"),
    ({"gird": 4}, OptionError, "gird: there is no such option; choose from grid, gap, bars, melody, through_music21"),
]


@pytest.mark.parametrize(("given", "error", "message"), LOADS, ids=[message for *_, message in LOADS])
def test_wrong_data_is_one_line(given: dict[str, Any], error: type[JazzgenError], message: str) -> None:
    with pytest.raises(error, match=message):
        part3.load_music_utils(**given)


def plain_lstm() -> keras.layers.LSTM:
    return keras.layers.LSTM(A, return_state=True)


def softmax(n: int = N) -> keras.layers.Dense:
    return keras.layers.Dense(n, activation="softmax")


LAYERS: list[tuple[Callable[[], object], str]] = [
    (lambda: part3.djmodel(4, A, N + 1, layers=own_layers()), "n_values 10: the densor has 9 units"),
    (lambda: part3.djmodel(4, A + 1, N, layers=own_layers()), "n_a 6: the lstm_cell has 5 units"),
    (lambda: part3.djmodel(0, A, N, layers=own_layers()), "Tx 0: must be a whole number from 1"),
    (
        lambda: part3.djmodel(4, A, N, layers=own_layers() | {"LSTM_cell": keras.layers.GRU(A)}),
        r"LSTM_cell: it is of type GRU; give keras.layers.LSTM\(n_a, return_state=True\)",
    ),
    (
        lambda: part3.djmodel(4, A, N, layers=own_layers() | {"densor": keras.layers.Dense(N)}),
        "densor: it is not a softmax layer but a Dense",
    ),
    (
        lambda: part3.djmodel(4, A, N, layers=own_layers() | {"reshapor": keras.layers.Reshape((N, 1))}),
        r"reshapor: it reshapes to \(9, 1\), and the densor has 9 values; give keras.layers.Reshape\(\(1, 9\)\)",
    ),
    (
        lambda: part3.music_inference_model(plain_lstm(), softmax(), N, A),
        "LSTM_cell: it has no weights yet; make the training model of it first",
    ),
    (
        lambda: part3.predict_and_sample(part3.djmodel(4, A, N, layers=own_layers())),
        r"inference_model: its inputs are \(4, 9\), \(5,\), \(5,\), expected \(1, n_values\)",
    ),
    (lambda: part3.predict_and_sample("model"), "inference_model: its inputs are str"),
    (
        lambda: part3.predict_and_sample(untrained(), np.zeros((1, N))),
        r"x_initializer has shape \(1, 9\), expected \(1, 1, 9\)",
    ),
    (
        lambda: part3.predict_and_sample(untrained(), c_initializer=np.zeros((1, 2))),
        r"c_initializer has shape \(1, 2\), expected \(1, 5\)",
    ),
    (lambda: part3.generate_music(untrained()), "indices_values: it has 78 values, the model 9"),
    # The exercise's LSTM gives its last state alone: a graph over a sequence of it would have one output, not Tx.
    (
        lambda: training_graph(SharedLayers(keras.layers.Reshape((1, N)), plain_lstm(), softmax()), Config(N, A), 4),
        "lstm_cell: it returns its last state alone; make it with return_sequences=True and return_state=True",
    ),
]


@pytest.mark.parametrize(("call", "message"), LAYERS, ids=[message for _, message in LAYERS])
def test_wrong_layers_and_models_are_one_line_that_names_the_argument(
    call: Callable[[], object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(JazzgenError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_values_that_are_no_tokens_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GrammarError, match="indices_values: 'C4' is not a grammar token"):
        part3.generate_music(untrained(), dict.fromkeys(range(N), "C4"))
