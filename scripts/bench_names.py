"""Prints how fast names are learnt beside the exercise's way: python scripts/bench_names.py [NAMES.txt]"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads; one core for both

from jazzgen.reference.charlm_bench import main

DINOSAURS = Path(__file__).parent.parent / "jazzgen" / "data" / "dinosaurs.txt"
main(Path(sys.argv[1]) if len(sys.argv) > 1 else DINOSAURS)
