"""Run any command of jazzgen in a clone with nothing installed: python scripts/run.py tunes"""

from checkout import run

run()
