"""Draws the figures of the documentation: python scripts/make_figures.py"""

import checkout

from jazzgen.plots import write_unrolled_graph

write_unrolled_graph(checkout.ROOT / "docs" / "unrolled.png")
