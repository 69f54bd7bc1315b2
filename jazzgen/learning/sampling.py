"""Choosing from a distribution, in NumPy: temperature, top-k, nucleus, constraints, and the draw itself.

Filters are boolean masks over the last axis, true where a value may be chosen; they combine with `&`.
"""

import numpy as np

from jazzgen.errors import OptionError


def check_top_k(k: int) -> int:
    """Returns it, or raises OptionError unless it keeps something."""
    if k < 1:
        raise OptionError(f"top-k {k}: it keeps 1 value or more")
    return k


def check_top_p(p: float) -> float:
    """Returns it, or raises OptionError unless it is a share of probability."""
    if not 0 < p <= 1:
        raise OptionError(f"top-p {p:g}: it is above 0 and at most 1")
    return p


def top_k_mask(probabilities: np.ndarray, k: int) -> np.ndarray:
    """The `k` likeliest values, ties included."""
    k = min(check_top_k(k), probabilities.shape[-1])
    least = np.partition(probabilities, -k, axis=-1)[..., -k, None]
    return probabilities >= least


def nucleus_mask(probabilities: np.ndarray, p: float) -> np.ndarray:
    """The fewest likeliest values that hold `p` of the probability (Holtzman et al., 2020)."""
    check_top_p(p)
    order = np.argsort(-probabilities, axis=-1, kind="stable")
    ordered = np.take_along_axis(probabilities, order, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    mask = np.zeros(probabilities.shape, bool)
    np.put_along_axis(mask, order, before < p * ordered.sum(axis=-1, keepdims=True), axis=-1)
    return mask


def gumbel(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Standard Gumbel noise: argmax(log p + noise) is a draw from p."""
    return rng.gumbel(size=shape).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log-probabilities along the last axis; -inf stays so, as long as one value of the row is finite."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def choose(
    logits: np.ndarray,
    noise: np.ndarray | None = None,
    *,
    temperature: float = 1.0,
    allowed: np.ndarray | None = None,
) -> np.ndarray:
    """Indices of the likeliest values, or with `noise` of argmax(logits / temperature + noise).

    Args:
        logits: (..., n), log-probabilities up to a constant.
        noise: (..., n) standard Gumbel, for a draw from the softmax at that temperature.
        allowed: (..., n) mask; at least one value of each row is allowed.
    """
    scores = logits if noise is None else logits / temperature + noise
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return scores.argmax(axis=-1)


def draw(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Indices (m,) drawn from rows (m, n) of probabilities; quicker than `choose` where these are at hand."""
    sums = probabilities.cumsum(axis=-1)
    below = rng.random((len(sums), 1)) * sums[:, -1:]
    return (sums <= below).sum(axis=-1)
