"""Measure jazzgen: benchmarks, ablations, solos over a corpus's changes. Not part of the installed package."""
