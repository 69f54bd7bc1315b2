"""Prints how fast jazzgen is, as ratios to the exercise's graphs: python scripts/bench.py"""

from jazzgen.network.quiet import load_tensorflow

load_tensorflow()

from jazzgen.network.benchmark import main  # noqa: E402 - TensorFlow greets whoever imports it first

main()
