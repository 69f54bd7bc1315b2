"""Draw PNG pictures with matplotlib, which is imported nowhere else.

Doors: `plots` (piano rolls, training curves), `metrics` (generated solos against human ones), `listener` (the windows
that give a model away), `gradients` (how far a gradient reaches).
"""

from jazzgen.system.extras import require

require("plots")  # before a module of this package imports it
