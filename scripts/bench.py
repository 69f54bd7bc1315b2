"""Print how fast jazzgen reads, trains and plays: python scripts/bench.py [reading|soloist|network]"""

import sys

import checkout  # noqa: F401 - finds the package
from experiments import reading, soloist

if __name__ == "__main__":
    asked = sys.argv[1:] or ["reading", "soloist", "network"]
    if "reading" in asked:
        reading.main()
    if "soloist" in asked:
        soloist.main()
    if "network" in asked:
        from experiments import network

        network.main()
