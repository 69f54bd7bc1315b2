"""Prints how fast jazzgen reads, trains and plays, as ratios to other ways: python scripts/bench.py [reading]"""

import sys

from jazzgen.corpus import benchmark as reading

if __name__ == "__main__":
    reading.main()
    if sys.argv[1:] != ["reading"]:
        from jazzgen.network import benchmark as network

        network.main()
