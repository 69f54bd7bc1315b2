"""Chords, scales and chord changes.

Doors: `chords.parse_chord` (one language, every dialect), `scales`, `changes.parse_chart` (bars, endings, meters),
`tunes.find_tune` (the forms that come along), `pitch` (names, keys), `spelling` (transposing what is spelled).
"""
