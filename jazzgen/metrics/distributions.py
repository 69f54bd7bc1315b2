"""Compare histograms, and sets of figures.

Source: L.-C. Yang and A. Lerch, "On the evaluation of generative models in music", Neural Computing and Applications
32, 2020. They compare two sets by the distances between members: those within one set and those across the two,
each smoothed to a density. The plain overlap and divergence of two histograms are here as well.
"""

import numpy as np

from jazzgen.metrics.line import Array

# Set by hand: points at which a density is sampled, kernel widths beyond the data, and the least density.
_POINTS = 512
_TAILS = 4.0
_SMALLEST = 1e-12


def overlap(counts: Array, others: Array) -> float:
    """Return the shared area of two histograms scaled to sum to 1: 1 if equal, 0 if disjoint; NaN if one is empty.

    >>> overlap(np.array([1, 1, 0]), np.array([0, 1, 1]))
    0.5
    """
    if not counts.any() or not others.any():
        return float("nan")
    return float(np.minimum(counts / counts.sum(), others / others.sum()).sum())


def divergence_bits(counts: Array, others: Array) -> float:
    """Return the Kullback-Leibler divergence KL(counts || others) of two histograms, in bits; 0 if equal.

    Half a count is added to each bin, so that an empty bin does not make it infinite.
    """
    ours, theirs = ((part + 0.5) / (part + 0.5).sum() for part in (counts.astype(float), others.astype(float)))
    return float((ours * np.log2(ours / theirs)).sum())


def distances_within(rows: Array) -> Array:
    """Return the Euclidean distances between every two of the rows (n, d)."""
    return _distances(rows, rows)[np.triu_indices(len(rows), k=1)]


def distances_across(rows: Array, others: Array) -> Array:
    """Return the Euclidean distances from each row (n, d) to each of the others (m, d)."""
    return _distances(rows, others).ravel()


def density_overlap(values: Array, others: Array) -> float:
    """Return the area under both of two smoothed densities (OA); NaN without values."""
    if not len(values) or not len(others):
        return float("nan")
    ours, theirs = _densities(values, others)
    return float(np.minimum(ours, theirs).sum())


def density_divergence_bits(values: Array, others: Array) -> float:
    """Return the divergence of one smoothed density from another (KLD), in bits; NaN without values."""
    if not len(values) or not len(others):
        return float("nan")
    ours, theirs = (np.maximum(density, _SMALLEST) for density in _densities(values, others))
    return float((ours * np.log2(ours / theirs)).sum())


def _distances(rows: Array, others: Array) -> Array:
    squares = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * rows @ others.T
    return np.sqrt(np.maximum(squares, 0))


def _densities(values: Array, others: Array) -> tuple[Array, Array]:
    """Return both densities on a shared grid, each summing to 1: Gaussian kernels with Scott's bandwidth."""
    low, high = min(values.min(), others.min()), max(values.max(), others.max())
    if high - low <= _SMALLEST * max(abs(high), 1):
        return np.ones(1), np.ones(1)
    margin = _TAILS * max(_bandwidth(values), _bandwidth(others), (high - low) / _POINTS)
    edges = np.linspace(low - margin, high + margin, _POINTS + 1)
    return _density(values, edges), _density(others, edges)


def _bandwidth(values: Array) -> float:
    """Return Scott's bandwidth for one dimension."""
    return float(values.std() * len(values) ** -0.2)


def _density(values: Array, edges: Array) -> Array:
    """Smooth a histogram instead of the values, so that the cost depends on bins and not on thousands of distances."""
    step = edges[1] - edges[0]
    width = max(_bandwidth(values), step)
    places = np.arange(_POINTS) * step
    kernel = np.exp(-0.5 * ((places[:, None] - places) / width) ** 2)
    density = kernel @ np.histogram(values, edges)[0]
    return density / density.sum()
