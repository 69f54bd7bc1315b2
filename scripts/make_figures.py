"""Draw the figures of the documentation: python scripts/make_figures.py"""

import checkout
import numpy as np

from jazzgen.pictures.gradients import write_gradients
from jazzgen.pictures.plots import write_unrolled_graph

DOCS = checkout.ROOT / "docs"
write_unrolled_graph(DOCS / "unrolled.png")
write_gradients(DOCS / "gradients.png", np.random.default_rng(0))
