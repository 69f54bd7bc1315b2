"""A model as a folder of files, of whatever kind; `config.json` names the kind, and is written last.

    config.json   kind, format, the model's own config, and checksums of the files that must belong together

NumPy is enough to read it; it holds no pickle.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from jazzgen.errors import BundleError, JazzgenError
from jazzgen.system.files import make_folder, write_bytes

CONFIG_FILE = "config.json"
_MAX_BYTES = 256 * 1024 * 1024  # set by hand, far above any model that jazzgen writes
_Model = TypeVar("_Model")


@dataclass(frozen=True, slots=True)
class FolderKind:
    """One kind of model folder.

    Attributes:
        kind: its name in `config.json`.
        format: version of the layout that is written.
        made_by: the command that makes one.
        checked: files that must be there, each verified by its checksum.
        added: optional files, verified likewise; older models lack them.
        older: earlier versions that can still be read.
    """

    kind: str
    format: int
    made_by: str
    checked: tuple[str, ...]
    added: tuple[str, ...] = ()
    older: tuple[int, ...] = ()

    def save(self, folder: Path, files: Mapping[str, bytes], config: Mapping[str, Any]) -> None:
        """Write the files, `config.json` last: without a matching one the folder does not load."""
        make_folder(folder)
        for name, data in files.items():
            write_bytes(folder / name, data)
        named = (*self.checked, *(name for name in self.added if name in files))
        sums = {Path(name).stem: _checksum(files[name]) for name in named}
        about = {"kind": self.kind, "format": self.format} | sums | {"config": config}
        write_bytes(folder / CONFIG_FILE, json.dumps(about, indent=1).encode())

    def load(self, folder: Path, make: Callable[[Mapping[str, Any], Mapping[str, bytes]], _Model]) -> _Model:
        """Verify the files and return what `make` builds from the config and them.

        Raises:
            BundleError: the folder is missing, incomplete, damaged, of another kind or from another version.
        """
        if not folder.is_dir():
            raise BundleError(f"{folder}: no such model; make one with '{self.made_by}' or give another")
        about = self._read_about(folder)
        named = (*self.checked, *(name for name in self.added if Path(name).stem in about))
        files = {name: _read(folder / name) for name in named}
        for name, data in files.items():
            what = Path(name).stem
            if about.get(what) != _checksum(data):
                raise BundleError(f"{folder}: the {what} do not match its config.json; train it again")
        try:
            return make(about["config"], files)
        except (KeyError, TypeError, ValueError, BadZipFile, JazzgenError) as error:
            raise BundleError(f"{folder}: is damaged ({error}); train it again") from None

    def _read_about(self, folder: Path) -> dict[str, Any]:
        about = read_about(folder)
        if about.get("kind") != self.kind:
            raise BundleError(f"{folder}: is not a {self.kind}; give a folder that '{self.made_by}' wrote")
        if about.get("format") not in {self.format, *self.older}:
            raise BundleError(
                f"{folder}: has format {about.get('format')}, this jazzgen reads {self.format}; "
                "train it again, or use the jazzgen that wrote it"
            )
        return about


def read_about(folder: Path) -> dict[str, Any]:
    """Read `config.json`; empty if it holds no JSON object."""
    path = folder / CONFIG_FILE
    try:
        about = json.loads(_read(path))
    except ValueError:
        raise BundleError(f"{path}: is not JSON; train the model again") from None
    return about if isinstance(about, dict) else {}


def arrays_to_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Serialise named arrays as an .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def arrays_from_bytes(data: bytes, names: Iterable[str]) -> list[np.ndarray]:
    """Read arrays in the order of `names`; inverse of `arrays_to_bytes`. ValueError: one is missing or not finite."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        missing = set(names) - set(arrays.files)
        if missing:
            raise ValueError(f"no array {min(missing)}")
        found = [arrays[name] for name in names]
    if not all(np.isfinite(array).all() for array in found):
        raise ValueError("a weight is not a finite number")
    return found


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BundleError(f"{path}: is larger than any model that jazzgen writes")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}); train the model again") from None


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
