"""Print what the soloist loses without each of its parts: python scripts/ablate.py CORPUS --split FILE"""

import checkout  # noqa: F401 - finds the package
from experiments.ablation import main

if __name__ == "__main__":
    main()
