"""Tables as columns: frozen values whose fields are NumPy arrays, one row for each note or moment."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

NONE = -1  # nothing here; `windows.one_hot` turns it into the zero vector
Rows = int | slice | np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Arrays, or other columns, aligned by their first axis."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def __getitem__(self, rows: Rows) -> Self:
        """Select rows by a slice, a mask or indices; one index gives numbers instead of arrays."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))
