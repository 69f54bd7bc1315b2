"""`python -m jazzgen`."""

from jazzgen.cli import main

main(as_module=True)
