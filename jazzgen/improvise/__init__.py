"""Improvising: a model plays over chord changes, within controls; critics rank the takes.

Doors: `models.load_model`, `solo.improvise_takes`, `options.Options` and `controls.Controls` (`control_table` has a row
for each). `plan` decides first, `play` draws the notes, `policy` bends the odds, `by_ear` chooses, `infill` fills gaps.
"""
