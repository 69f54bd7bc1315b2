"""Chords, scales and lines of changes."""
