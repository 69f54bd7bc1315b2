"""Measure how easy sheets of solos are to read: python scripts/legibility.py make|measure FOLDER"""

import checkout  # noqa: F401 - finds the package
from experiments.legibility import main

if __name__ == "__main__":
    main()
