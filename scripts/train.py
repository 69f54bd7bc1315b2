"""Run `jazzgen train` in a clone with nothing installed: python scripts/train.py --help"""

from checkout import run

if __name__ == "__main__":  # other processes import this module
    run("train")
