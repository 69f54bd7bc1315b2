"""Sample from a distribution in NumPy: temperature, top-k, nucleus, constraints, and the draw itself.

Filters are boolean masks over the last axis, True where a value may be chosen; combine them with `&`.
"""

import numpy as np

from jazzgen.errors import OptionError


def check_top_k(k: int) -> int:
    """Return `k`, or raise OptionError unless it is 1 or more."""
    if k < 1:
        raise OptionError(f"top-k {k}: must be 1 or more")
    return k


def check_top_p(p: float) -> float:
    """Return `p`, or raise OptionError unless it is above 0 and at most 1."""
    if not 0 < p <= 1:
        raise OptionError(f"top-p {p:g}: must be above 0 and at most 1")
    return p


def top_k_mask(probabilities: np.ndarray, k: int) -> np.ndarray:
    """Keep the `k` likeliest values, ties included.

    >>> top_k_mask(np.array([0.1, 0.6, 0.3]), 2)
    array([False,  True,  True])
    """
    k = min(check_top_k(k), probabilities.shape[-1])
    least = np.partition(probabilities, -k, axis=-1)[..., -k, None]
    return probabilities >= least


def nucleus_mask(probabilities: np.ndarray, p: float) -> np.ndarray:
    """Keep the fewest values that together hold `p` of the probability (Holtzman et al., 2020).

    >>> nucleus_mask(np.array([0.1, 0.6, 0.3]), 0.5)
    array([False,  True, False])
    """
    check_top_p(p)
    # Sort by probability; keep a value if those before it hold less than `p`.
    order = np.argsort(-probabilities, axis=-1, kind="stable")
    ordered = np.take_along_axis(probabilities, order, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    mask = np.zeros(probabilities.shape, bool)
    np.put_along_axis(mask, order, before < p * ordered.sum(axis=-1, keepdims=True), axis=-1)
    return mask


def gumbel(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw standard Gumbel noise: argmax(log p + noise) is a sample from p."""
    return rng.gumbel(size=shape).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities along the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return log-probabilities along the last axis; -inf stays -inf if one value of the row is finite."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def choose(
    logits: np.ndarray,
    noise: np.ndarray | None = None,
    *,
    temperature: float = 1.0,
    allowed: np.ndarray | None = None,
) -> np.ndarray:
    """Return the index of the likeliest value, or with `noise` of argmax(logits / temperature + noise).

    Args:
        logits: (..., n), log-probabilities up to a constant.
        noise: (..., n) standard Gumbel noise, for a sample from the softmax at that temperature.
        temperature: above 0; used with `noise` alone.
        allowed: (..., n) mask; at least one value of each row must be allowed.

    Example:
        >>> logits = np.log([[0.7, 0.2, 0.1]])
        >>> choose(logits), choose(logits, allowed=np.array([[False, True, True]]))
        (array([0]), array([1]))
    """
    scores = logits if noise is None else logits / temperature + noise
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return scores.argmax(axis=-1)


def draw(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw indices (m,) from rows (m, n) of probabilities; faster than `choose` if these are at hand."""
    sums = probabilities.cumsum(axis=-1)
    below = rng.random((len(sums), 1)) * sums[:, -1:]
    return (sums <= below).sum(axis=-1)
