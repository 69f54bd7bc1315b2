"""Draws the figures of the documentation: python scripts/make_figures.py"""

import checkout
import numpy as np

from jazzgen.plots import write_unrolled_graph
from jazzgen.plots_gradients import write_gradients

DOCS = checkout.ROOT / "docs"
write_unrolled_graph(DOCS / "unrolled.png")
write_gradients(DOCS / "gradients.png", np.random.default_rng(0))
