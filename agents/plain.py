"""Values as Python itself has them, whichever library made them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The same with Python's numbers, switches, words and lists in the place of NumPy's, also inside of tables.

    An array without dimensions is its one value; fractions and decimals are floats.
    """
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        item = value.item()
        # Wider floats than Python's have no other item than themselves.
        return float(value) if isinstance(item, np.floating) else item
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else [plain(inner) for inner in value]  # pyright: ignore
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real | Decimal) else value
