"""Improvising: a model plays over chord changes, within controls; critics rank the takes."""
