"""Measure how good a solo is, with pure functions that neither read files nor preprocess.

Doors: `comparison.compare` (solos beside a corpus), `figures.measure`, `line.Line.of`, `originality` (runs shared).

Each takes a `Line`: a monophonic melody, times in ticks as played. Figures that need a grid quantize for themselves, as
their docstrings say. A figure is NaN where the line is too short for it. Each cites the source of its formula.
"""
