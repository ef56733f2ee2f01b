"""Arrays as users give them, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def numbers(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """An array of finite or infinite numbers, or an error that names it."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise _core.ParameterError(f"{name} = {values!r}: must be numbers") from None
    if np.isnan(array).any():
        raise _core.ParameterError(f"{name} has NaN at {first_place(np.isnan(array))}: must be numbers")
    return array


def last_axis(name: str, values: ArrayLike, length: int, what: str) -> NDArray[np.float64]:
    """An array whose last axis has a certain length."""
    array = numbers(name, values)
    if array.ndim == 0 or array.shape[-1] != length:
        raise _core.ParameterError(f"{name} has the shape {array.shape}: must end in {length}, {what}")
    return array


def first_place(where: NDArray[np.bool_]) -> str:
    """The first place where an array is true, as an index in brackets."""
    return str([int(index) for index in np.argwhere(where)[0]]) if where.ndim else "[]"
