"""Draws the figures of the documentation: python scripts/make_figures.py"""

from pathlib import Path

from jazzgen.plots import write_unrolled_graph

write_unrolled_graph(Path(__file__).parent.parent / "docs" / "unrolled.png")
