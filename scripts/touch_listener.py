"""Tell people's touch from a model's: python scripts/touch_listener.py MODEL CORPUS --split FILE"""

import checkout  # noqa: F401 - finds the package
from experiments.touch_listener import main

if __name__ == "__main__":
    main()
