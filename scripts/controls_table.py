"""Write the table of controls into docs/controls.md: python scripts/controls_table.py"""

import re

import checkout

from jazzgen.cli.control_options import options_table

PAGE = checkout.ROOT / "docs" / "controls.md"

text = PAGE.read_text(encoding="utf-8")
PAGE.write_text(re.sub(r"(?m)^\| option \|.*\n(\|.*\n)+", lambda _: options_table(), text, count=1), encoding="utf-8")
