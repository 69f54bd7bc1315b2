"""Look up what is installed among known vulnerabilities: python scripts/audit.py"""

import sys

import checkout  # noqa: F401 - finds the package
from experiments.audit import main

if __name__ == "__main__":
    sys.exit(main())
