"""Run `jazzgen generate` in a clone with nothing installed: python scripts/generate.py --help"""

from checkout import run

run("generate")
