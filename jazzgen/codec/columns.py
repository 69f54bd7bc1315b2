"""Tables as columns: frozen values whose fields are NumPy arrays, one row a note or a moment."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

NONE = -1  # where there is nothing to name; `windows.one_hot` makes it the zero vector
Rows = int | slice | np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Arrays, or other columns, that are aligned by their first axis."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def __getitem__(self, rows: Rows) -> Self:
        """Some of the rows: a slice, a mask or indices; or one of them, with numbers for arrays."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))
