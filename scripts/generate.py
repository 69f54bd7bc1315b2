"""The same as `jazzgen generate`: python scripts/generate.py --help"""

import sys

from jazzgen.cli import main

main(["generate", *sys.argv[1:]])
