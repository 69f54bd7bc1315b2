"""Archives of arrays: what is damaged or hostile is refused before it costs anything."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from jazzgen.learning.arrays import all_arrays, arrays_from_bytes, arrays_to_bytes, as_type, names_in


def packed(header: bytes, content: bytes = b"", method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive with one member, `a`, with this header."""
    padded = header + b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + content)
    return buffer.getvalue()


def header(shape: str, dtype: str = "<f4") -> bytes:
    return f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()


def test_arrays_survive_bytes_and_are_the_same_bytes_each_time() -> None:
    arrays = {"a": np.arange(3.0), "b": np.ones((2, 2), np.float32), "c": np.asfortranarray(np.arange(6).reshape(2, 3))}
    assert arrays_to_bytes(arrays) == arrays_to_bytes(arrays)
    b, a, c = arrays_from_bytes(arrays_to_bytes(arrays), ["b", "a", "c"])
    np.testing.assert_array_equal(a, arrays["a"])
    np.testing.assert_array_equal(b, arrays["b"])
    np.testing.assert_array_equal(c, arrays["c"])
    assert b.dtype == np.float32
    assert names_in(arrays_to_bytes(arrays)) == {"a", "b", "c"}


def test_arrays_that_are_missing_or_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="no array b"):
        arrays_from_bytes(arrays_to_bytes({"a": np.ones(1)}), ["a", "b"])
    with pytest.raises(ValueError, match="not a finite number"):
        arrays_from_bytes(arrays_to_bytes({"a": np.array([np.inf])}), ["a"])
    for strange in (np.array(["C7"]), np.array([1j]), np.array([1.0], np.longdouble)):
        with pytest.raises(ValueError, match=r"a\.npy holds .*, not numbers"):
            arrays_from_bytes(arrays_to_bytes({"a": strange}), ["a"])
    assert np.isnan(all_arrays(arrays_to_bytes({"a": np.array([np.nan])}))["a"]).all()


@pytest.mark.parametrize("shape", ["(1073741824, 8)", "(3,)", "(-1,)", f"({2**62}, {2**62})"])
def test_a_header_that_promises_more_than_there_is_costs_nothing(shape: str) -> None:
    data = packed(header(shape), bytes(16))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="not as large as its header says"):
            all_arrays(data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_unpacks_to_too_much_is_refused_unread() -> None:
    data = bytearray(packed(header("(4,)"), bytes(16)))
    place = data.rindex(b"PK\x01\x02") + 24  # the unpacked size in the central directory (APPNOTE 4.3.12)
    data[place : place + 4] = (2**32 - 2).to_bytes(4, "little")
    with pytest.raises(ValueError, match="more than 1024 MiB"):
        all_arrays(bytes(data))


def test_weights_that_a_smaller_type_cannot_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="a weight is too large for float32"):
        as_type(np.array([1e300]), np.float32)
    np.testing.assert_array_equal(as_type(np.array([1, 2]), np.float32), [1, 2])
