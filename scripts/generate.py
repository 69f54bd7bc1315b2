"""Run `jazzgen generate` in a clone with nothing installed: python scripts/generate.py --help"""

from checkout import run

if __name__ == "__main__":  # other processes import this module
    run("generate")
