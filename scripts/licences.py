"""List the licence of everything that jazzgen installs, those with duties first: python scripts/licences.py"""

import checkout  # noqa: F401 - finds the package
from experiments.licences import main

if __name__ == "__main__":
    main()
