"""Measure spelling against what people wrote: python scripts/spelling.py"""

import checkout  # noqa: F401 - finds the package
from experiments.spelling import main

if __name__ == "__main__":
    main()
