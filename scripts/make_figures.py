"""Draws the figures of the documentation: python scripts/make_figures.py"""

from pathlib import Path

import numpy as np

from jazzgen.plots import write_unrolled_graph
from jazzgen.plots_gradients import write_gradients

DOCS = Path(__file__).parent.parent / "docs"
write_unrolled_graph(DOCS / "unrolled.png")
write_gradients(DOCS / "gradients.png", np.random.default_rng(0))
