"""Prints how fast jazzgen is, as ratios to the exercise's graphs: python scripts/bench.py"""

from jazzgen.network.benchmark import main

if __name__ == "__main__":
    main()
