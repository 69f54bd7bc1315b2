"""Print the types that the studio's API sends and takes, for the page (`make page`): python scripts/page_api.py"""

import json

import checkout  # noqa: F401 - sets the path

from jazzgen.studio.app import page_schemas

print(json.dumps(page_schemas()))
