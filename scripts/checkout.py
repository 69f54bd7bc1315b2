"""Make a clone usable as it is, by importing its own package even if another is installed."""

import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parent

sys.path.insert(0, str(ROOT))


def run(*command: str) -> None:
    """Run a command of jazzgen with the remaining command-line arguments."""
    try:
        from jazzgen.cli import main  # noqa: PLC0415 - the path is set above

        main([*command, *sys.argv[1:]], scripts=SCRIPTS)
    except KeyboardInterrupt:  # as it loads
        sys.stderr.write("jazzgen: stopped\n")
        sys.exit(130)
