"""Where jazzgen's own things are: the starter corpus, the model that ships, the models that one trains.

In a clone of the repository they are in the clone, wherever one stands. Elsewhere a trained model goes into `models`
under the working folder. JAZZGEN_MODELS names another folder for them.
"""

import os
from pathlib import Path

from jazzgen.errors import CorpusError, OutputError
from jazzgen.system.files import write_bytes

_ROOT = Path(__file__).parents[2]
_LAST = ".last-trained"
_MODELS = "JAZZGEN_MODELS"


def starter_corpus() -> Path:
    """The folder of the starter corpus, `midi/starter`.

    Raises:
        CorpusError: when it is not there, as in an installed package.
    """
    here, beside = Path("midi") / "starter", _ROOT / "midi" / "starter"
    found = next((folder for folder in (here, beside) if folder.is_dir()), None)
    if found is None:
        raise CorpusError("the starter corpus, midi/starter, is not here; give files or folders to learn from")
    return shown(found)


def shipped_soloist() -> Path:
    """The soloist that comes with jazzgen: the one under the working folder, or else the one beside the package."""
    here = Path("models") / "soloist"
    return here if here.is_dir() else shown(_ROOT / "models" / "soloist")


def models_folder() -> Path:
    """Where models go that one trains."""
    asked, in_clone = os.environ.get(_MODELS), _ROOT / "models"
    return Path(asked) if asked else shown(in_clone) if _is_clone() else Path("models")


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


def _is_clone() -> bool:
    return (_ROOT / "pyproject.toml").is_file()
