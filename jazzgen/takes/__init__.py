"""A take and what becomes of it, with the recipe that makes it again.

Doors: `take.make_take`, `recipe` (what made it, read and written), `remake` (from its recipe), `new_bars` (some bars
anew), `transform` (another key, tempo, swing or length), `like` (more like it), `titles`.
"""
