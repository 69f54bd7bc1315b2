"""Print how the package is built; with a file, draws its layers: python scripts/structure.py [docs/layers.png]"""

import sys
from pathlib import Path

import checkout  # noqa: F401 - finds the package
from experiments import structure

structure.main()
if len(sys.argv) > 1:
    structure.write_layers(Path(sys.argv[1]))
