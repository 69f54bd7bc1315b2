"""Print how fast names are learnt, and how fast the exercise's way is: python scripts/bench_names.py [NAMES.txt]"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads; one core for both

import checkout
from experiments.names import main

DINOSAURS = checkout.ROOT / "jazzgen" / "data" / "dinosaurs.txt"
main(Path(sys.argv[1]) if len(sys.argv) > 1 else DINOSAURS)
