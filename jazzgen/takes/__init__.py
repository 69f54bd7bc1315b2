"""Takes: solos with their recipes, and what can be done to them afterwards.

Doors: `take.make_take`, `recipe` (how a take was made: read and write), `remake` (from its recipe), `new_bars` (play
some bars anew), `transform` (another key, tempo, swing or length), `like` (more takes like one), `titles`.
"""
