"""Paths that a caller gives."""

from __future__ import annotations

import os
from pathlib import Path

from inkfade._core import ParameterError


def as_path(given: object) -> Path:
    """
    The path that a caller gave.

    Raises
    ------
    ParameterError
        If it is neither text nor a path, or holds a NUL character.
    """
    if not isinstance(given, str | os.PathLike):
        raise ParameterError(f"path = {given!r}: must be text or a pathlib.Path")
    path = Path(given)
    if "\0" in str(path):
        raise ParameterError(f"path = {str(path)!r}: must not hold a NUL character")
    return path
