"""Run any command of jazzgen in a clone with nothing installed: python scripts/run.py tunes"""

from checkout import run

if __name__ == "__main__":  # other processes import this module
    run()
