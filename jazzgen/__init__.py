"""jazzgen learns from a jazz corpus and improvises."""

__version__ = "0.1.0"
