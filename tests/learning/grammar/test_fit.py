"""Training: it learns, it stops, it resumes to the same weights."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from jazzgen.errors import BundleError, OptionError, TrainingError
from jazzgen.learning.grammar.bundle import Config, Weights
from jazzgen.learning.grammar.fit import Epoch, State, Trainer, fingerprint, fit
from jazzgen.learning.grammar.windows import NOTHING, Windows, make_windows
from jazzgen.learning.loop import state_from_bytes
from jazzgen.learning.options import FitOptions

CONFIG = Config(n_values=5, n_a=8, tx=6)
OPTIONS = FitOptions(epochs=6, batch_size=4, learning_rate=0.02, seed=4)


def windows(seed: int = 0, count: int = 6) -> Windows:
    """Windows of a scale that goes round, with a little noise: easy to learn in part."""
    rng = np.random.default_rng(seed)
    sequences = [(np.arange(17) + start + (rng.random(17) < 0.1)) % 5 for start in range(count)]
    return make_windows([sequence.astype(np.int32) for sequence in sequences], CONFIG.tx)


def assert_same(a: Sequence[np.ndarray], b: Sequence[np.ndarray]) -> None:
    for mine, other in zip(a, b, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_it_learns(tmp_path: Path) -> None:
    options = FitOptions(epochs=40, batch_size=8, learning_rate=0.03, patience=40)
    state = fit(CONFIG, options, windows(), windows(1), tmp_path / "checkpoint.npz")
    assert state.history[0].loss > 1.4  # ln 5 is 1.6: nothing is known yet
    assert state.best_epoch.score < 0.8
    assert state.best_epoch.accuracy > 0.7


def test_the_best_weights_are_those_of_the_best_epoch(tmp_path: Path) -> None:
    state = fit(
        CONFIG, FitOptions(epochs=12, learning_rate=0.3, patience=12), windows(), windows(1), tmp_path / "c.npz"
    )
    trainer = Trainer(CONFIG, OPTIONS)
    trainer.shared.load(Weights(*state.best))
    assert trainer.evaluate(windows(1)) == pytest.approx(state.best_epoch.score, rel=1e-5)
    assert state.best_epoch.score == min(epoch.score for epoch in state.history)


def test_it_stops_when_patience_is_used_up(tmp_path: Path) -> None:
    wild = FitOptions(epochs=300, learning_rate=1.0, patience=3, seed=1)
    state = fit(CONFIG, wild, windows(), windows(1), tmp_path / "c.npz")
    assert len(state.history) == state.best_epoch.number + 3


def test_without_held_out_tunes_the_training_loss_counts(tmp_path: Path) -> None:
    state = fit(CONFIG, OPTIONS, windows(), None, tmp_path / "c.npz")
    assert all(epoch.validation is None for epoch in state.history)
    assert state.best_epoch.score == state.best_epoch.loss


def test_one_seed_gives_one_result(tmp_path: Path) -> None:
    first = fit(CONFIG, OPTIONS, windows(), windows(1), tmp_path / "a.npz")
    second = fit(CONFIG, OPTIONS, windows(), windows(1), tmp_path / "b.npz")
    assert_same(first.best, second.best)
    assert first.history == second.history


def _load(checkpoint: Path, run: str) -> State:
    return state_from_bytes(checkpoint.read_bytes(), checkpoint, run, lambda values: Epoch(**values))


class Killed(BaseException):
    """Stands for the end of the process: nothing may catch it."""


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_run_broken_off_after_any_epoch_resumes_to_the_same_weights(tmp_path: Path, after: int) -> None:
    whole = fit(CONFIG, OPTIONS, windows(), windows(1), tmp_path / "whole.npz")

    def kill(state: State) -> None:
        if len(state.history) == after:
            raise Killed

    checkpoint = tmp_path / "broken.npz"
    with pytest.raises(Killed):
        fit(CONFIG, OPTIONS, windows(), windows(1), checkpoint, on_epoch=kill)
    resumed = fit(CONFIG, OPTIONS, windows(), windows(1), checkpoint, resume=True)
    assert resumed.history == whole.history
    assert_same(resumed.best, whole.best)
    for a, b in zip(resumed.arrays["variable"], whole.arrays["variable"], strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_finished_run_can_go_on_with_more_epochs(tmp_path: Path) -> None:
    checkpoint = tmp_path / "c.npz"
    fit(CONFIG, OPTIONS, windows(), None, checkpoint)
    longer = FitOptions(epochs=8, batch_size=4, learning_rate=0.02, seed=4)
    resumed = fit(CONFIG, longer, windows(), None, checkpoint, resume=True)
    whole = fit(CONFIG, longer, windows(), None, tmp_path / "whole.npz")
    assert_same(resumed.best, whole.best)


def test_a_checkpoint_of_another_corpus_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "c.npz"
    fit(CONFIG, OPTIONS, windows(), None, checkpoint)
    with pytest.raises(BundleError, match="another corpus or other options"):
        fit(CONFIG, OPTIONS, windows(7), None, checkpoint, resume=True)


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, damage: bytes | None) -> None:
    checkpoint = tmp_path / "c.npz"
    fit(CONFIG, OPTIONS, windows(), None, checkpoint)
    checkpoint.write_bytes(checkpoint.read_bytes()[:-200] if damage is None else damage)
    with pytest.raises(BundleError, match=r"c\.npz: the checkpoint is damaged .* delete it"):
        _load(checkpoint, fingerprint(CONFIG, OPTIONS, windows(), None))


def test_a_loss_that_is_no_number_stops_with_advice(tmp_path: Path) -> None:
    hopeless = FitOptions(epochs=5, learning_rate=float("inf"))
    with pytest.raises(TrainingError, match=r"epoch 1: .* not finite; give a lower learning rate"):
        fit(CONFIG, hopeless, windows(), None, tmp_path / "c.npz")
    assert not (tmp_path / "c.npz").exists()


def test_the_last_good_checkpoint_stays_when_the_weights_blow_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = tmp_path / "c.npz"
    whole = Trainer.run_epoch

    def blow_up(self: Trainer, number: int, train: Windows, validation: Windows | None) -> Epoch:
        if number == 3:
            self.shared.load(self.shared.weights()._replace(bias=np.full(4 * CONFIG.n_a, np.nan, np.float32)))
        return whole(self, number, train, validation)

    monkeypatch.setattr(Trainer, "run_epoch", blow_up)
    with pytest.raises(TrainingError, match="epoch 3"):
        fit(CONFIG, OPTIONS, windows(), None, checkpoint)
    state = _load(checkpoint, fingerprint(CONFIG, OPTIONS, windows(), None))
    assert len(state.history) == 2
    assert all(np.isfinite(array).all() for array in (*state.best, *state.arrays["variable"]))


def test_filler_windows_count_for_nothing() -> None:
    rows = np.array([[NOTHING, 0, 1, 2, NOTHING, NOTHING], [0, 1, 2, 3, NOTHING, NOTHING]], np.int32)
    padded = Windows(rows[:1], rows[1:])
    short = Windows(padded.inputs[:, :4], padded.targets[:, :4])
    trainer = Trainer(CONFIG, OPTIONS)
    shorter = Trainer(Config(n_values=5, n_a=8, tx=4), OPTIONS)
    assert trainer.evaluate(padded) == pytest.approx(shorter.evaluate(short), rel=1e-6)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch_size": -1}, {"learning_rate": float("nan")}, {"seed": -1}])
def test_options_out_of_range_are_named(wrong: dict[str, float]) -> None:
    name = next(iter(wrong)).replace("_", " ")
    with pytest.raises(OptionError, match=f"{name} .* must be"):
        FitOptions(**wrong)  # type: ignore[arg-type]


def test_shards_add_up_to_the_batch() -> None:
    """A batch large enough for three shards, of unequal size, has the loss of its windows one by one."""
    many = windows(count=376)
    sharded = Trainer(CONFIG, FitOptions(batch_size=len(many)))
    single = Trainer(CONFIG, FitOptions(batch_size=50))
    assert len(many) >= 3 * 120
    assert sharded.evaluate(many) == pytest.approx(single.evaluate(many), rel=1e-5)
    epoch = sharded.run_epoch(1, many, None)
    assert epoch.loss == pytest.approx(single.evaluate(many), rel=1e-5)
