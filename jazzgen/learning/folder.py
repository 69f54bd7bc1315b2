"""A model as a folder of files, of whatever kind; `config.json` names the kind, and is written last.

    config.json   kind, format, the model's own config, checksums of the files that must belong together, and `sum`,
                  a checksum of all of these; folders made before there was one load without

NumPy is enough to read it (`learning.arrays`); it holds no pickle. Nothing in a folder is trusted: sizes are checked
before anything is unpacked, and types and ranges before anything is used.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from jazzgen.errors import BundleError, JazzgenError
from jazzgen.system.files import make_folder, open_plain, write_bytes

CONFIG_FILE = "config.json"
_SUM = "sum"
_MAX_CONFIG_BYTES = 8 * 1024 * 1024  # set by hand
_MAX_BYTES = 256 * 1024 * 1024  # set by hand, far above any model that jazzgen writes
_Model = TypeVar("_Model")
# What reading a damaged file may raise: a folder is a stranger's, and its checksums too.
DAMAGE = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    JazzgenError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


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
        about = sealed({"kind": self.kind, "format": self.format} | sums | {"config": config})
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
        except DAMAGE as error:
            what = " ".join(str(error).split())[:200] or type(error).__name__
            raise BundleError(f"{folder}: is damaged ({what}); train it again") from None

    def _read_about(self, folder: Path) -> dict[str, Any]:
        about = read_about(folder)
        if about.get("kind") != self.kind:
            raise BundleError(f"{folder}: is not a {self.kind}; give a folder that '{self.made_by}' wrote")
        if about.get("format") not in (self.format, *self.older):
            raise BundleError(
                f"{folder}: has format {str(about.get('format'))[:20]}, this jazzgen reads {self.format}; "
                "train it again, or use the jazzgen that wrote it"
            )
        stems = {Path(name).stem for name in (*self.checked, *self.added)}
        if strange := set(about) - stems - {"kind", "format", "config", _SUM}:
            raise BundleError(f"{folder}: is damaged (its {CONFIG_FILE} holds '{min(strange)[:40]}'); train it again")
        if _SUM in about and about != sealed(about):
            raise BundleError(f"{folder}: its {CONFIG_FILE} is not as it was written; train it again")
        return about


def read_about(folder: Path) -> dict[str, Any]:
    """Read `config.json`; empty if it holds no JSON object."""
    path = folder / CONFIG_FILE
    try:
        about = json.loads(_read(path, _MAX_CONFIG_BYTES))
    except (ValueError, RecursionError):
        raise BundleError(f"{path}: is not JSON; train the model again") from None
    return about if isinstance(about, dict) else {}


def sealed(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the contents of a `config.json` with their own checksum, which does not depend on how JSON is laid out."""
    plain = json.loads(json.dumps({name: value for name, value in about.items() if name != _SUM}))
    return {**plain, _SUM: _checksum(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode())}


def require_types(values: Mapping[str, Any], types: Mapping[str, type | tuple[type, ...]]) -> None:
    """Raise ValueError unless each value has one of its types; a bool is no int."""
    for name, kinds in types.items():
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
        if type(values[name]) not in wanted:
            raise ValueError(f"{name} is not {' or '.join(kind.__name__ for kind in wanted)}")


def _read(path: Path, limit: int = _MAX_BYTES) -> bytes:
    try:
        with open_plain(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise BundleError(f"{path}: is larger than any model that jazzgen writes")
        return data
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}); train the model again") from None


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
