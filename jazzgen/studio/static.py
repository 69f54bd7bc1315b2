"""The page's files, read once, so that no path in a request is ever used as a path on disk."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from jazzgen.errors import OutputError

_FOLDER = Path(__file__).parent / "static"
# Types that some systems do not know.
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page."""

    data: bytes
    media_type: str


def page_files() -> dict[str, PageFile]:
    """Return the page's files by their path from the studio's root.

    Raises:
        OutputError: if the page is not built.
    """
    files = {
        path.relative_to(_FOLDER).as_posix(): PageFile(path.read_bytes(), _media_type(path))
        for path in sorted(_FOLDER.rglob("*"))
        if path.is_file()
    }
    if "index.html" not in files:
        raise OutputError(f"{_FOLDER}: the page is not built; run 'npm ci && npm run build' in jazzgen/studio/page")
    return files


def _media_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
