"""Run `jazzgen train` in a clone with nothing installed: python scripts/train.py --help"""

from checkout import run

run("train")
