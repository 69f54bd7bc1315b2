"""Read a soundfont's tables, and check them.

SoundFont 2.04 (Creative, 2006), chapter 7, calls its nine tables the hydra. Each preset or instrument has a run of
bags, and each bag a run of generators. A run goes from the index in one record to that in the next; a table's last
record only ends the last run. In an .sf3 a sample is a compressed stream, and its offsets are in bytes.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

_BAG = np.dtype([("generator", "<u2"), ("modulator", "<u2")])
_GENERATOR = np.dtype([("kind", "<u2"), ("amount", "<u2")])
COMPRESSED = 0x10  # a sample's kind, in an .sf3
_TABLES = {
    b"phdr": np.dtype([("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("unused", "S12")]),
    b"pbag": _BAG,
    b"pmod": np.dtype("S10"),
    b"pgen": _GENERATOR,
    b"inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    b"ibag": _BAG,
    b"imod": np.dtype("S10"),
    b"igen": _GENERATOR,
    b"shdr": np.dtype(
        [
            ("name", "S20"),
            ("start", "<u4"),
            ("end", "<u4"),
            ("loop_start", "<u4"),
            ("loop_end", "<u4"),
            ("rate", "<u4"),
            ("pitch", "u1"),
            ("correction", "i1"),
            ("link", "<u2"),
            ("kind", "<u2"),
        ]
    ),
}
# (table, column, other table): the column holds indices into the other table.
_RUNS = (
    (b"phdr", "bag", b"pbag"),
    (b"pbag", "generator", b"pgen"),
    (b"inst", "bag", b"ibag"),
    (b"ibag", "generator", b"igen"),
)
# Generators whose amount is an index (by their number in the standard): 41 an instrument, 53 a sample.
_LINKS = ((b"pgen", 41, b"inst"), (b"igen", 53, b"shdr"))
_HEAD = struct.Struct("<4sI")
SAMPLE_BYTES = 2
Tables = dict[bytes, np.ndarray]
_Chunk = tuple[bytes, int, int]  # name, offset of its content, size in bytes


def fault(path: Path) -> str | None:
    """Describe what is wrong with a soundfont's tables in a few words; None if nothing is.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        tables, _, sample_bytes = read_tables(path)
    except KeyError as missing:
        return f"it has no {missing.args[0]}"
    return next(_faults(tables, sample_bytes), None)


def read_tables(path: Path) -> tuple[Tables, int, int]:
    """Read the nine tables, by name; also where the samples start in the file, and their size in bytes.

    Raises:
        KeyError: there is no table of that name.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        chunks = {name: (start, size) for name, start, size in _chunks(file, 12, os.fstat(file.fileno()).st_size)}
        for name in (*_TABLES, b"smpl"):
            if name not in chunks:
                raise KeyError(name.decode())
        return {name: _table(file, name, *chunks[name]) for name in _TABLES}, *chunks[b"smpl"]


def _chunks(file: BinaryIO, start: int, end: int) -> Iterator[_Chunk]:
    """Yield the chunks between two offsets, descending into lists; stop at one that is cut off.

    Chunks are not padded to even sizes: neither the synthesizer nor MuseScore's writer does that.
    """
    while start + _HEAD.size <= end:
        file.seek(start)
        name, size = _HEAD.unpack(file.read(_HEAD.size))
        start += _HEAD.size
        if start + size > end:
            return
        if name == b"LIST":
            yield from _chunks(file, start + 4, start + size)
        else:
            yield name, start, size
        start += size


def _table(file: BinaryIO, name: bytes, start: int, size: int) -> np.ndarray:
    file.seek(start)
    return np.frombuffer(file.read(size), _TABLES[name], size // _TABLES[name].itemsize)


def _faults(tables: Tables, sample_bytes: int) -> Iterator[str]:
    for name in (b"phdr", b"inst", b"shdr"):
        if len(tables[name]) < 2:
            yield f"its {name.decode()} is empty"
    for name, column, target in _RUNS:
        index = tables[name][column].astype(int)
        if (np.diff(index) < 0).any() or index.max(initial=0) >= len(tables[target]):
            yield f"its {name.decode()} points outside {target.decode()}"
    for name, kind, target in _LINKS:
        amounts = tables[name]["amount"][tables[name]["kind"] == kind]
        if amounts.max(initial=0) >= len(tables[target]) - 1:
            yield f"its {name.decode()} points outside {target.decode()}"
    if _outside(tables[b"shdr"][:-1], sample_bytes).any():
        yield "its shdr points outside smpl"


def _outside(samples: np.ndarray, sample_bytes: int) -> np.ndarray:
    """Mark the samples that lie outside the sample data."""
    unit = np.where(samples["kind"] & COMPRESSED, 1, SAMPLE_BYTES)
    start, end = samples["start"].astype(int), samples["end"].astype(int)
    return (start > end) | (end * unit > sample_bytes)
