"""Generate solos over the changes of a corpus: python scripts/play_over.py CORPUS --split FILE -o FOLDER"""

import checkout  # noqa: F401 - finds the package
from experiments.play_over import main

if __name__ == "__main__":
    main()
