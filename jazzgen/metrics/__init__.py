"""How good a solo is, in figures: pure functions that neither read files nor clean up what they are given.

All take a `Line`, one note at a time, in ticks as played. What needs a grid puts times on it by itself: a figure's own
docstring says which. A figure that a line is too short for is NaN. Each cites where its formula comes from.
"""
