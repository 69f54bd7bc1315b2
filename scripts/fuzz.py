"""Throw spoilt files, chords, changes, configs and recipes at their readers: python scripts/fuzz.py --seconds 60"""

import checkout  # noqa: F401 - finds the package
from experiments.fuzz import main

if __name__ == "__main__":
    main()
