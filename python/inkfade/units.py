"""Numbers with units, as text: the one form in which a dimensional value enters inkfade."""

from __future__ import annotations

import operator
import re
from typing import Protocol, TypeAlias, runtime_checkable

from inkfade._core import ParameterError

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)

# What unit libraries write and the core spells out.
_SPELLINGS = {"d": "day", "a": "year", "yr": "year", "h": "hour", "deg": "degree", "°": "degree"}
_SYMBOL = re.compile(r"(?<![A-Za-z°])(?:d|a|yr|h|deg|°)(?![A-Za-z])")


@runtime_checkable
class Quantity(Protocol):
    """What pint and its like have in common: a number and its unit."""

    @property
    def magnitude(self) -> object:
        """The bare number."""

    @property
    def units(self) -> object:
        """The unit, which formats itself with '~C' as text such as 'um' or '1/cm**2'."""


MAX_VALUES = 1_000_000  # of one axis

Given: TypeAlias = "str | float | int | bool | Quantity"
Setting: TypeAlias = "str | float | int | bool"


def split(text: str) -> tuple[float, str]:
    """
    Split text such as "0.2 mm" into its number and its unit.

    Parameters
    ----------
    text
        A number, then a unit, or nothing for a dimensionless number.

    Returns
    -------
    tuple of float and str
        The number and the unit as written ("" where there is none).

    Raises
    ------
    ParameterError
        If the text does not begin with a number.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ParameterError(f"{text!r}: expected a number and a unit, such as '0.3 mm'")
    return float(match[1]), match[2]


def join(number: float, unit: str) -> str:
    """Text of a number (15 significant digits) and its unit."""
    return f"{number:.15g} {unit}".rstrip()


def setting(value: Given, name: str = "value") -> Setting:
    """
    Change a pint or unyt quantity into text with a unit; leave everything else to be checked by the core.

    Parameters
    ----------
    value
        Text with a unit, a bare number, a flag, or any object with ``magnitude`` and ``units``.
    name
        What messages call it.

    Returns
    -------
    str, float, int or bool
        What `Scenario.with_` of the core takes.

    Raises
    ------
    ParameterError
        If a quantity is not of one number.
    """
    if isinstance(value, str | bool | int | float):
        return value
    number = getattr(value, "magnitude", None)
    if number is None:  # unyt and astropy call it `value`
        number = getattr(value, "value", None)
    unit = getattr(value, "units", None) or getattr(value, "unit", None)
    if number is None or unit is None:
        return value  # type: ignore[return-value]  # the core names the type that it does not take
    try:
        plain = float(number)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} = {number!r} {unit}: the magnitude of a quantity must be one number") from None
    return join(plain, unit_text(unit))


def linspace(start: str, stop: str, n: int) -> list[str]:
    """
    Evenly spaced values with a unit, both ends included.

    Parameters
    ----------
    start, stop
        First and last value with the same unit, for example "0.2 mm" and "0.8 mm".
    n
        How many values, at least 2 and at most a million.

    Returns
    -------
    list of str
        n values with their unit, ready for a `Sweep` axis.

    Raises
    ------
    ParameterError
        If n is below 2 or above a million, or the units differ.

    Examples
    --------
    >>> linspace("0.2 mm", "0.4 mm", 3)
    ['0.2 mm', '0.3 mm', '0.4 mm']
    """
    for end in (start, stop):
        if not isinstance(end, str):
            raise ParameterError(f"linspace with {end!r}: write both ends as text with a unit, such as '0.2 mm'")
    first, unit = split(start)
    last, last_unit = split(stop)
    if unit != last_unit:
        raise ParameterError(f"linspace from {start!r} to {stop!r}: write both ends in the same unit")
    if isinstance(n, bool) or not isinstance(n, int) or not 2 <= n <= MAX_VALUES:
        raise ParameterError(f"linspace with n = {n!r}: must be a whole number from 2 to {MAX_VALUES}")
    steps = n - 1
    return [f"{(first * (steps - i) + last * i) / steps:.12g} {unit}".rstrip() for i in range(n)]


def check_whole(name: str, value: object, least: int, most: int, said: str = "") -> None:
    """Refuse what is no whole number within these bounds; one of NumPy's is one."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # whatever a caller may have passed
    except TypeError:
        number = None
    if isinstance(value, bool) or number is None or not least <= number <= most:
        raise ParameterError(f"{name} = {value!r}: must be a whole number from {least}{said} to {most}")


def check_threads(threads: object) -> None:
    """Refuse what is no number of threads."""
    check_whole("threads", threads, 0, 4096, " (all cores)")


def unit_text(unit: object) -> str:
    """'1/cm**2' and 'µm' in the core's spelling: '1/cm2', 'um'."""
    try:
        text = format(unit, "~C")
    except (TypeError, ValueError):
        text = str(unit)
    text = text.replace("**", "").replace("*", " ").replace("µ", "u").replace("μ", "u")
    return _SYMBOL.sub(lambda found: _SPELLINGS[found[0]], text)
