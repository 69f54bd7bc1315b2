"""Print the losses of character models on a list of names: python scripts/names_loss.py [NAMES.txt]"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import checkout
from experiments.names import print_losses

DINOSAURS = checkout.ROOT / "jazzgen" / "data" / "dinosaurs.txt"
print_losses(Path(sys.argv[1]) if len(sys.argv) > 1 else DINOSAURS)
