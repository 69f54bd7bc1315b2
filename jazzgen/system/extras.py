"""Libraries that only some of jazzgen needs: which extra brings them, and what to type where one is missing.

The extras are those of pyproject.toml. Whoever is about to import such a library calls `require` first.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from jazzgen.errors import ExtraError
from jazzgen.system.places import clone

# By extra: what needs it, and the libraries that it brings.
EXTRAS = {
    "train": ("training or checking a model", ("tensorflow", "keras")),
    "notation": ("a sheet, or a file of this kind,", ("music21", "verovio", "typst")),
    "sound": ("sound", ("soundfile", "scipy", "pyloudnorm", "miniaudio")),
    "plots": ("a picture", ("matplotlib",)),
    "studio": ("the studio", ("fastapi", "uvicorn")),
    "cluster": ("reading on a cluster", ("distributed",)),
}
# What lies in the environment of an application that these tools installed.
_PIPX, _UV = "pipx_metadata.json", "uv-receipt.toml"


def missing(extra: str) -> list[str]:
    """Names the libraries of an extra that are not installed."""
    return [name for name in EXTRAS[extra][1] if find_spec(name) is None]


def require(extra: str) -> None:
    """Raises ExtraError, which says what to type, unless all libraries of an extra are installed."""
    if names := missing(extra):
        raise ExtraError(f"{EXTRAS[extra][0]} needs {', '.join(names)}; type: {install_command(extra)}")


def install_command(extra: str) -> str:
    """The command that installs an extra where jazzgen is installed now; double quotes suit Windows too."""
    environment, source = Path(sys.prefix), clone()
    if source is not None:
        return f'pip install -e "{source}[{extra}]"'
    if (environment / _PIPX).is_file():
        return f'pipx install -f "jazzgen[{extra}]"'
    if (environment / _UV).is_file():
        return f'uv tool install "jazzgen[{extra}]"'
    return f'pip install "jazzgen[{extra}]"'
