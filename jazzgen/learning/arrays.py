"""Named arrays as an .npz file (a ZIP archive of .npy files), read so that a damaged or hostile one costs little.

An array's header says its shape. NumPy's reader allocates so much before it reads; this one first compares the shape
with the size of the member, and that with a limit.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from math import prod

import numpy as np

_MAX_UNPACKED_BYTES = 1024**3  # of one file's arrays together; set by hand, far above what jazzgen writes
_MAX_MEMBERS = 10_000  # set by hand
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NUMBERS = "fiub"  # kinds of types: floats, integers, truth
_ENDING = ".npy"


def arrays_to_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Serialise named arrays as an .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def arrays_from_bytes(data: bytes, names: Iterable[str]) -> list[np.ndarray]:
    """Read arrays in the order of `names`; inverse of `arrays_to_bytes`.

    Raises:
        ValueError: one is missing, not of numbers or not finite, or is not as large as its header says.
        BadZipFile: the archive is damaged.

    Example:
        >>> arrays_from_bytes(arrays_to_bytes({"a": np.arange(3)}), ["a"])
        [array([0, 1, 2])]
    """
    wanted = list(names)
    found = all_arrays(data, wanted)
    if not all(np.isfinite(array).all() for array in found.values()):
        raise ValueError("a weight is not a finite number")
    return [found[name] for name in wanted]


def all_arrays(data: bytes, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Read the arrays of these names, or all, finite or not; raises as `arrays_from_bytes` does."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = _members(archive)
        wanted = list(held if names is None else names)
        if missing := set(wanted) - set(held):
            raise ValueError(f"no array {min(missing)}")
        return {name: _array(archive, held[name]) for name in wanted}


def names_in(data: bytes) -> set[str]:
    """Return the names of the arrays in a file, without reading them; BadZipFile if the archive is damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return set(_members(archive))


def as_type(array: np.ndarray, dtype: type[np.floating]) -> np.ndarray:
    """Convert an array of finite numbers; ValueError if one is too large for the type."""
    with np.errstate(over="ignore"):
        converted = array.astype(dtype)
    if not np.isfinite(converted).all():
        raise ValueError(f"a weight is too large for {np.dtype(dtype).name}")
    return converted


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED_BYTES:
        raise ValueError(f"its arrays have more than {_MAX_UNPACKED_BYTES >> 20} MiB, or are too many")
    if any(member.compress_type not in _METHODS or member.flag_bits & 1 for member in members):
        raise ValueError("an array is encrypted, or packed in an unusual way")
    return {member.filename.removesuffix(_ENDING): member for member in members}


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(member) as file:
        data = io.BytesIO(file.read(member.file_size))
    version = np.lib.format.read_magic(data)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"{member.filename} has version {version}")
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = header(data)
    if dtype.kind not in _NUMBERS or dtype.itemsize > 8:
        raise ValueError(f"{member.filename} holds {dtype.name}, not numbers")
    if min(shape, default=0) < 0 or prod(shape) * dtype.itemsize != len(data.getbuffer()) - data.tell():
        raise ValueError(f"{member.filename} is not as large as its header says")
    data.seek(0)
    return np.lib.format.read_array(data, allow_pickle=False)
