"""Where jazzgen's own files are: the starter corpus, the models that ship, and the user's models.

The shipped files are in `models` and `midi` at the top of a clone; a wheel has the same folders under `jazzgen/data`.
A newly trained model goes into the clone's `models`, or, without a clone, into `models` under the working folder. The
environment variable JAZZGEN_MODELS names another folder for trained models.
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
    """Return the folder of the starter corpus: under the working folder if it is there, else the shipped one."""
    return _here_or_shipped(Path("midi") / "starter")


def shipped_soloist() -> Path:
    """Return the default soloist's folder: under the working folder if it is there, else the shipped one."""
    return _here_or_shipped(Path("models") / "soloist")


def shipped_names() -> Path:
    """Return the folder of the model that makes up titles."""
    return _shipped() / "models" / "names-titles"


def shipped_touch() -> Path:
    """Return the folder of how players touch notes: under the working folder if it is there, else the shipped one."""
    return _here_or_shipped(Path("models") / "touch")


def shipped_bass() -> Path:
    """Return the folder of the band's bassist."""
    return _shipped() / "models" / "bass"


def models_folder() -> Path:
    """Return the folder for newly trained models."""
    asked = os.environ.get(_MODELS)
    source = clone()
    return Path(asked) if asked else shown(source / "models") if source else Path("models")


def models_here() -> list[Path]:
    """Return the models under the working folder's `models` and in `models_folder`, each sorted by name."""
    folders = dict.fromkeys((Path("models"), models_folder()))
    return [model for folder in folders if folder.is_dir() for model in sorted(folder.iterdir()) if model.is_dir()]


def remember_trained(folder: Path) -> None:
    """Record which model was trained last, for `last_trained`; skip it where the record cannot be written."""
    note = models_folder() / _LAST
    if note.parent.is_dir():
        try:
            write_bytes(note, str(folder.resolve()).encode())
        except OutputError:
            return


def last_trained() -> Path | None:
    """Return the folder of the model trained last; None if there is none or it is gone."""
    try:
        folder = Path((models_folder() / _LAST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return shown(folder) if (folder / "config.json").is_file() else None


def shown(path: Path) -> Path:
    """Return the path as a user would type it: relative if inside the working folder, else in full."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _here_or_shipped(folder: Path) -> Path:
    return folder if folder.is_dir() else shown(_shipped() / folder)


def _shipped() -> Path:
    """Return the folder that holds the shipped `models` and `midi`."""
    return clone() or DATA


def clone() -> Path | None:
    """Return the root of the repository's clone that this package is in; None if it is not in one."""
    return _ROOT if (_ROOT / "pyproject.toml").is_file() else None
