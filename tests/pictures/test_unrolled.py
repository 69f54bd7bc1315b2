"""The figure of the unrolled graphs."""

from pathlib import Path

import pytest
from matplotlib.image import imread

from jazzgen.pictures.plots import write_unrolled_graph

CELL, DENSOR, FEEDBACK = (0x1B, 0x6C, 0xA8), (0x5F, 0xB4, 0x9C), (0xC8, 0x55, 0x3D)


def share_of(path: Path, colour: tuple[int, ...]) -> float:
    pixels = (imread(path)[..., :3] * 255).round().astype(int)
    return float((pixels == colour).all(axis=-1).mean())


@pytest.mark.parametrize("steps", [1, 3])
def test_each_step_is_drawn_and_only_a_step_after_another_is_fed(tmp_path: Path, steps: int) -> None:
    path = tmp_path / "graph.png"
    write_unrolled_graph(path, steps)
    assert share_of(path, CELL) == pytest.approx(share_of(path, DENSOR), rel=0.15)
    assert share_of(path, CELL) > 0.01
    assert (share_of(path, FEEDBACK) > 0) == (steps > 1)


def test_the_figure_of_the_documentation_is_there(repository: Path) -> None:
    assert "unrolled.png" in (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    assert share_of(repository / "docs" / "unrolled.png", CELL) > 0.01
