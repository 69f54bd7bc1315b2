"""The figure of vanishing and exploding gradients."""

from pathlib import Path

import numpy as np
from matplotlib.image import imread

from jazzgen.pictures.gradients import RADII, write_gradients


def test_the_figure_is_the_generator_s_and_shows_every_radius(tmp_path: Path) -> None:
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        write_gradients(tmp_path / name, np.random.default_rng(seed), steps=5)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again != other
    pixels = (imread(tmp_path / "one", "png")[..., :3] * 255).round().astype(int)
    for colour in RADII.values():
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (pixels == rgb).all(axis=-1).sum() > 100


def test_the_documentation_shows_it(repository: Path) -> None:
    assert "gradients.png" in (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    assert imread(repository / "docs" / "gradients.png").shape[1] >= 1000
