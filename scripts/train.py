"""The same as `jazzgen train`: python scripts/train.py --help"""

import sys

from jazzgen.cli import main

main(["train", *sys.argv[1:]])
