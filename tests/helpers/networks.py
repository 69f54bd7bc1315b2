"""Random networks for the tests of the NumPy reference: sizes from Hypothesis, numbers from a generator."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from hypothesis import strategies as st

from jazzgen.reference.shapes import Shape


@dataclass(frozen=True)
class Sizes:
    """The letters of every shape; the defaults differ from each other, so that a swap shows."""

    n_x: int = 3
    n_a: int = 5
    n_y: int = 2
    m: int = 4
    T_x: int = 6

    def of(self, shape: Shape) -> tuple[int, ...]:
        letters = asdict(self)
        return tuple(
            sum(letters[term] if term in letters else int(term) for term in size.split(" + ")) for size in shape
        )

    def draw(self, shapes: Mapping[str, Shape], rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Standard normal arrays."""
        return {name: rng.normal(size=self.of(shape)) for name, shape in shapes.items()}

    def targets(self, rng: np.random.Generator) -> np.ndarray:
        """One-hot columns (n_y, m, T_x), the last example's last a column of zeros where there is another."""
        targets = np.eye(self.n_y)[rng.integers(0, self.n_y, (self.m, self.T_x))].transpose(2, 0, 1)
        if self.m * self.T_x > 1:
            targets[:, -1, -1] = 0
        return targets


sizes = st.builds(Sizes, *[st.integers(1, 4)] * 3, m=st.integers(1, 2), T_x=st.integers(1, 4))
generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)
