"""The rungs of the model ladder: how much of the skin's geometry a run resolves."""

from __future__ import annotations

from typing import Literal, get_args

from inkfade._core import ParameterError

Rung = Literal["column", "well_mixed"]
RUNGS: tuple[str, ...] = get_args(Rung)


def check_rung(rung: object) -> str:
    """
    Check the name of a rung and return it.

    Raises
    ------
    ParameterError
        If there is no such rung.
    """
    if not isinstance(rung, str) or rung not in RUNGS:
        raise ParameterError(f"rung = {rung!r}: must be one of {', '.join(map(repr, RUNGS))}")
    return rung


def named(rung: str) -> str:
    """A rung as people say it: "well mixed"."""
    return rung.replace("_", " ")
