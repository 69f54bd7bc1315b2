"""Optional libraries: which extra installs them, and what to type where one is missing.

The extras are those of pyproject.toml. Call `require` before importing such a library.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from jazzgen.errors import ExtraError
from jazzgen.system.places import clone

# By extra: what needs it, and the libraries that it installs.
EXTRAS = {
    "train": ("training or checking a model", ("tensorflow", "keras")),
    "notation": ("a sheet, or a file of this kind,", ("music21", "verovio", "typst")),
    "sound": ("sound", ("soundfile", "scipy", "pyloudnorm", "miniaudio")),
    "plots": ("a picture", ("matplotlib",)),
    "studio": ("the studio", ("fastapi", "uvicorn")),
    "cluster": ("reading on a cluster", ("distributed",)),
}
# Files that mark an environment made by pipx or by uv.
_PIPX = "pipx_metadata.json"
_UV = "uv-receipt.toml"


def missing(extra: str) -> list[str]:
    """Return the names of an extra's libraries that are not installed."""
    return [name for name in EXTRAS[extra][1] if find_spec(name) is None]


def require(extra: str) -> None:
    """Raise ExtraError, with the command to type, unless all libraries of an extra are installed."""
    if names := missing(extra):
        raise ExtraError(f"{EXTRAS[extra][0]} needs {', '.join(names)}; type: {install_command(extra)}")


def install_command(extra: str) -> str:
    """Return the command that installs an extra beside this jazzgen; its double quotes work on Windows too."""
    environment = Path(sys.prefix)
    source = clone()
    if source is not None:
        return f'pip install -e "{source}[{extra}]"'
    if (environment / _PIPX).is_file():
        return f'pipx install -f "jazzgen[{extra}]"'
    if (environment / _UV).is_file():
        return f'uv tool install "jazzgen[{extra}]"'
    return f'pip install "jazzgen[{extra}]"'
