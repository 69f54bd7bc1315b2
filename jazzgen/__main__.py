"""`python -m jazzgen`."""

from jazzgen.cli import main

main()
