"""Motif memory: what came next in this solo where the music was as it is now.

Every place of the solo so far votes for what came there; its vote grows with the number of notes before it that match
those just played (a cache with a kernel over match lengths; cf. E. Grave et al., "Improving neural language models with
a continuous cache", ICLR 2017). What counts as equal is a key: the last step, the last pitch, the degree of the
chord... Several kinds of key are looked up at once, in a batch of solos.

Most places match nothing, and their votes are kept as running counts; only matching places are visited one by one.
"""

import copy
from typing import Self

import numpy as np

# All set by hand.
LONGEST_MATCH = 8
_EXTRA = 3.0 ** np.arange(LONGEST_MATCH + 1) - 1  # votes by match length, beyond the one that every place has
_DOUBT = 8.0  # votes spread evenly over all classes


class Motifs:
    """The keys and tokens of m solos so far, for each of some kinds of key."""

    def __init__(self, kinds: int, m: int, n_classes: int, widest_shift: int = 0, capacity: int = 512) -> None:
        """Start empty; a token is a class plus a shift of 0 to `widest_shift`, and is read back clipped to a class."""
        self._n_classes = n_classes
        # Newest first, from the end: so a place stays where it is, and its match length is found at its distance from
        # now.
        self._keys, self._tokens = (np.zeros((kinds, m, max(capacity, 1)), np.int32) for _ in range(2))
        self._lengths = np.zeros(self._keys.shape, np.int8)
        self._n = 0
        self._numbers = np.arange(n_classes + widest_shift + 1)
        self._below = np.zeros((kinds, m, len(self._numbers)), np.int32)  # number of tokens below each number

    def ask(self, keys: np.ndarray, shifts: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return log-probabilities (m, kinds, n_classes) of the next token, and longest matches (m, kinds).

        Args:
            keys: (kinds, m), of the token to come.
            shifts: (kinds, m), subtracted from tokens to get classes; results out of range are clipped.
        """
        kinds, m = keys.shape
        probabilities = np.empty((m, kinds, self._n_classes))
        longest = np.empty((m, kinds))
        self.fill(keys, shifts, probabilities, longest)
        return np.log(probabilities), longest

    def fill(self, keys: np.ndarray, shifts: np.ndarray | None, probabilities: np.ndarray, longest: np.ndarray) -> None:
        """Write probabilities, instead of log-probabilities, and longest matches into arrays of those shapes."""
        start = self._keys.shape[-1] - self._n
        self._keys[..., start - 1] = keys
        same = self._keys[..., start:] == self._keys[..., start - 1, None]
        # A place's match is one longer than the match just before it and now, if the keys are equal; else 0.
        lengths = self._lengths[..., : self._n]
        lengths += 1
        np.minimum(lengths, LONGEST_MATCH, out=lengths)
        lengths *= same
        longest[...] = np.maximum.reduce(lengths, axis=-1, initial=0).T
        # One vote for every place, extra votes for those that match, and a few spread evenly.
        votes = self._counts(shifts) + _DOUBT / self._n_classes
        votes += self._extra_votes(same, lengths, shifts)
        votes /= np.add.reduce(votes, axis=-1, keepdims=True)
        probabilities[...] = votes.swapaxes(0, 1)

    def _extra_votes(self, same: np.ndarray, lengths: np.ndarray, shifts: np.ndarray | None) -> np.ndarray:
        """Return the extra votes of matching places, (kinds, m, n_classes)."""
        kinds, m, n = same.shape
        (places,) = same.ravel().nonzero()
        classes = self._tokens[..., -n:].ravel().take(places)
        extra = _EXTRA.take(lengths.ravel().take(places))
        rows = places // n
        if shifts is not None:
            classes = np.minimum(np.maximum(classes - shifts.ravel().take(rows), 0), self._n_classes - 1)
        rows *= self._n_classes
        rows += classes
        return np.bincount(rows, extra, kinds * m * self._n_classes).reshape(kinds, m, self._n_classes)

    def _counts(self, shifts: np.ndarray | None) -> np.ndarray:
        """Count how often each class came, (kinds, m, n_classes)."""
        below = self._below
        if shifts is not None:
            bounds = shifts[..., None] + np.arange(self._n_classes + 1)
            bounds[..., 0] = 0
            bounds[..., -1] = len(self._numbers) - 1
            starts = len(self._numbers) * np.arange(shifts.size).reshape(shifts.shape)
            below = below.take(bounds + starts[..., None])
        return below[..., 1:] - below[..., :-1]

    def add(self, tokens: np.ndarray) -> None:
        """Append the tokens (kinds, m) that came."""
        self._n += 1
        self._tokens[..., -self._n] = tokens
        self._below += self._numbers > tokens[..., None]
        if self._n == self._keys.shape[-1]:
            self._make_room()

    def take(self, rows: np.ndarray) -> Self:
        """Select some of the solos (k,)."""
        taken = copy.copy(self)
        taken._keys = self._keys[:, rows]
        taken._tokens = self._tokens[:, rows]
        taken._lengths = self._lengths[:, rows]
        taken._below = self._below[:, rows]
        return taken

    def _make_room(self) -> None:
        older = ((0, 0), (0, 0), (self._n, 0))
        newer = ((0, 0), (0, 0), (0, self._n))
        self._keys = np.pad(self._keys, older)
        self._tokens = np.pad(self._tokens, older)
        self._lengths = np.pad(self._lengths, newer)
