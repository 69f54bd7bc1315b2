"""Hypothesis strategies that more than one test module draws from."""
