"""Chords, scales and chord changes."""
