"""`python -m jazzgen`, and what the installed command starts."""

import sys


def start(*, as_module: bool = False) -> None:
    """Run the command line; when interrupted, even as it loads, say so in one line and exit with 130."""
    try:
        from jazzgen.cli import main  # noqa: PLC0415 - so that an interruption of the import is caught

        main(as_module=as_module)
    except KeyboardInterrupt:
        sys.stderr.write("jazzgen: stopped\n")
        sys.exit(130)


if __name__ == "__main__":
    start(as_module=True)
