"""Makes a clone of the repository usable as it is: its package is imported, whether or not one is installed."""

import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parent

sys.path.insert(0, str(ROOT))


def run(*command: str) -> None:
    """Runs a command of jazzgen with what else was typed."""
    from jazzgen.cli import main  # noqa: PLC0415 - the path is set above

    main([*command, *sys.argv[1:]], scripts=SCRIPTS)
