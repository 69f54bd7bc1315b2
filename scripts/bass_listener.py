"""Train listeners to tell the band's bass from people's: python scripts/bass_listener.py CORPUS --split FILE"""

import checkout  # noqa: F401 - finds the package
from experiments.bass_listener import main

if __name__ == "__main__":
    main()
