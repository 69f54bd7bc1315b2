"""Pictures as PNG, drawn with matplotlib, which is imported nowhere else.

Doors: `plots` (piano rolls, training curves), `metrics` (histograms beside people's), `listener` (the windows that give
a model away), `gradients` (how far a gradient reaches).
"""
