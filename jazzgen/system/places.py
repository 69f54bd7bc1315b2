"""Where jazzgen's own things are: the starter corpus, the models that ship, the models that one trains.

What ships stands in `models` and `midi` at the top of a clone, wherever one stands and however it is installed. A wheel
has the same folders under `jazzgen/data`, where pyproject.toml has them put. A trained model goes into the clone's
`models`, or without a clone into `models` under the working folder. JAZZGEN_MODELS names another folder for them.
"""

import os
from pathlib import Path

from jazzgen.errors import OutputError
from jazzgen.system.files import write_bytes

DATA = Path(__file__).parents[1] / "data"
_ROOT = Path(__file__).parents[2]
_LAST = ".last-trained"
_MODELS = "JAZZGEN_MODELS"


def starter_corpus() -> Path:
    """The folder of the starter corpus: the one under the working folder, or else the one that ships."""
    return _here_or_shipped(Path("midi") / "starter")


def shipped_soloist() -> Path:
    """The soloist that comes with jazzgen: the one under the working folder, or else the one that ships."""
    return _here_or_shipped(Path("models") / "soloist")


def shipped_names() -> Path:
    """The model that makes up titles."""
    return _shipped() / "models" / "names-titles"


def models_folder() -> Path:
    """Where models go that one trains."""
    asked, source = os.environ.get(_MODELS), clone()
    return Path(asked) if asked else shown(source / "models") if source else Path("models")


def models_here() -> list[Path]:
    """What is in `models` under the working folder, and where models go that one trains, by name."""
    folders = dict.fromkeys((Path("models"), models_folder()))
    return [model for folder in folders if folder.is_dir() for model in sorted(folder.iterdir()) if model.is_dir()]


def remember_trained(folder: Path) -> None:
    """Notes which model was trained last, for `last_trained`; where there is no place to note it, nothing is noted."""
    note = models_folder() / _LAST
    if note.parent.is_dir():
        try:
            write_bytes(note, str(folder.resolve()).encode())
        except OutputError:
            return


def last_trained() -> Path | None:
    """The model that was trained last, if it is still there."""
    try:
        folder = Path((models_folder() / _LAST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return shown(folder) if (folder / "config.json").is_file() else None


def shown(path: Path) -> Path:
    """The path as one would type it: from the working folder where it is inside, else in full."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _here_or_shipped(folder: Path) -> Path:
    return folder if folder.is_dir() else shown(_shipped() / folder)


def _shipped() -> Path:
    """The folder that `models` and `midi` stand in."""
    return clone() or DATA


def clone() -> Path | None:
    """The clone of the repository that this package is in, if it is in one."""
    return _ROOT if (_ROOT / "pyproject.toml").is_file() else None
