"""Look up what is installed among known vulnerabilities: python scripts/audit.py"""

import sys

from experiments.audit import main

if __name__ == "__main__":
    sys.exit(main())
