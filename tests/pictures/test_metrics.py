"""The picture of a comparison shows what it is given."""

from pathlib import Path

import numpy as np
from helpers.melodies import played
from matplotlib.image import imread

from jazzgen.metrics.comparison import compare
from jazzgen.metrics.originality import Entry
from jazzgen.pictures.metrics import write_comparison

GENERATED = (0xC8, 0x55, 0x3D)


def columns_of(path: Path, colour: tuple[int, ...]) -> np.ndarray:
    """Where in the upper half, right of the labels, a colour is."""
    pixels = (imread(path)[..., :3] * 255).round().astype(int)
    return np.flatnonzero((pixels[60:580, 600:] == colour).all(axis=-1).any(axis=0))


def test_a_wider_range_lies_further_out(tmp_path: Path) -> None:
    human = [Entry(f"h{high}", str(high), played([60, 60, 60, high] * 4)) for high in (60, 64, 68, 72)]
    furthest = []
    for high in (66, 80):
        comparison = compare([Entry("g", "g", played([60, 60, 60, high] * 4))], human)
        write_comparison(tmp_path / "p.png", comparison)
        furthest.append(columns_of(tmp_path / "p.png", GENERATED).max(initial=0))
    assert furthest[0] < furthest[1]


def test_a_single_human_solo_has_no_spread_to_draw_by(tmp_path: Path) -> None:
    one = Entry("h", "h", played([60, 62, 64, 65]))
    write_comparison(tmp_path / "p.png", compare([one], [one]))
    assert imread(tmp_path / "p.png").shape[:2] == (1300, 1200)
