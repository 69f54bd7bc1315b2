"""Bounds of every soloist: the piano's pitches, and the grooves of the Weimar Jazz Database."""

LOWEST, HIGHEST = 21, 108  # MIDI pitches
GROOVES = ("SWING", "TWOBEAT", "LATIN", "FUNK", "BALLAD")
