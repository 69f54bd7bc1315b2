"""Improvising: a model plays over changes, held to controls, judged by critics, in part again if it must."""
