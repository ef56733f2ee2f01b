"""The axes of a sweep: which parameters take which values, checked before anything runs."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from inkfade._core import FileError, ParameterError
from inkfade.protocol import TABLES
from inkfade.scenario import find_parameter
from inkfade.units import linspace, setting, split

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from inkfade.scenario import Scenario
    from inkfade.units import Given, Setting

Values: TypeAlias = "Iterable[Given]"
MAX_POINTS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One swept parameter: its dotted name, its values as given, and the numbers (or text) of its axis."""

    label: str
    parameter: str
    units: str
    values: tuple[Setting, ...]
    numbers: tuple[float, ...] | tuple[int, ...] | tuple[str, ...]

    def array(self) -> np.ndarray[Any, Any]:
        """The coordinate's values as an array (n,)."""
        return np.array(self.numbers, dtype=object if isinstance(self.numbers[0], str) else None)

    def attributes(self) -> dict[str, Any]:
        """What a result file says of the coordinate."""
        name = self.label.replace("_", " ").replace(".", " ")
        attrs: dict[str, Any] = {"parameter": self.parameter, "long_name": name}
        return attrs if isinstance(self.numbers[0], str) else {**attrs, "units": self.units}


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of a sweep: one coordinate, or several that advance together."""

    dim: str
    coordinates: tuple[Coordinate, ...]

    def __len__(self) -> int:
        return len(self.coordinates[0].values)

    def settings(self, index: int) -> dict[str, Setting]:
        """The parameters at one place of the axis."""
        return {c.parameter: c.values[index] for c in self.coordinates}


def make_axes(scenario: Scenario, given: Mapping[str, Values], together: Sequence[str]) -> tuple[Axis, ...]:
    """
    Check the axes of a sweep.

    Parameters
    ----------
    scenario
        The scenario that is varied; every value is tried on it.
    given
        Values by alias or dotted name, in the order of the dimensions.
    together
        Names of axes that advance together, as one dimension named after the first.

    Raises
    ------
    ParameterError
        If an axis is unknown, empty or has a value twice, if zipped axes differ in length, or if there are no
        or too many points.
    """
    if isinstance(together, str) or not isinstance(together, Sequence):
        raise ParameterError(f"zip = {together!r}: expected a list of axes, for example ['depth', 'dot_density']")
    if not given:
        raise ParameterError("the sweep has no axis: give at least one, for example depth=['0.3 mm', '0.4 mm']")
    coordinates = {name: _coordinate(scenario, name, values) for name, values in given.items()}
    _refuse_repeated_parameters(coordinates)
    zipped = _zipped(coordinates, together)
    axes = []
    for name, coordinate in coordinates.items():
        if name not in together:
            axes.append(Axis(coordinate.label, (coordinate,)))
        elif name == together[0]:
            axes.append(Axis(coordinate.label, zipped))
    for axis in axes:
        _refuse_duplicates(axis)
    n_points = math.prod(len(a) for a in axes)
    if n_points > MAX_POINTS:
        raise ParameterError(f"the sweep has {n_points} points: at most {MAX_POINTS} are allowed")
    return tuple(axes)


def read_axes(path: Path) -> tuple[dict[str, Values], Any]:
    """
    The [sweep] table of an experiment file: values by name, and the names that advance together (``zip``).

    Those names come as they are written: `make_axes` checks them.

    Raises
    ------
    FileError
        If the file cannot be read.
    ParameterError
        If it has no [sweep] table, or an axis is neither a list nor {from, to, n}.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: {error}") from error
    table = content.get("sweep")
    if not isinstance(table, dict):
        raise ParameterError(f"{path}: has no [sweep] table: add one, for example depth = ['0.3 mm', '0.4 mm']")
    together = table.pop("zip", [])
    axes: dict[str, Values] = {}
    for name, value in _flat(table).items():
        if isinstance(value, list):
            axes[name] = value
        elif isinstance(value, dict) and set(value) == {"from", "to", "n"}:
            try:
                axes[name] = linspace(value["from"], value["to"], value["n"])
            except ParameterError as error:
                raise ParameterError(f"{path}: [sweep]: {name}: {error}") from None
        else:
            raise ParameterError(f"{path}: [sweep]: {name}: expected a list, or {{ from = ..., to = ..., n = ... }}")
    return axes, together


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables with dotted names; {from, to, n} stays together."""
    result: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and "from" not in value and "to" not in value:
            result.update(_flat(value, f"{prefix}{key}."))
        else:
            result[f"{prefix}{key}"] = value
    return result


def _coordinate(scenario: Scenario, name: str, values: Values) -> Coordinate:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ParameterError(f"axis {name} = {values!r}: expected a list of values")
    values = list(values)
    if name in TABLES and not all(isinstance(value, str) for value in values):
        raise ParameterError(
            f"axis {name}: lists of sessions, spans or interventions are no values of an axis; make a sweep of each "
            "scenario"
        )
    given = tuple(setting(v) for v in values)
    if not given:
        raise ParameterError(f"axis {name} is empty: give at least one value")
    parameter = find_parameter(name)
    label, dotted = name, name
    if parameter is not None and name in (parameter.name, parameter.alias):
        label, dotted = parameter.alias or parameter.name, parameter.name
    # A measure asks for its threshold, which may be another axis: each point is checked as a whole.
    beside = {"touch_up.threshold": scenario["touch_up.threshold"]} if dotted == "touch_up.measure" else {}
    changed = [scenario.with_({dotted: v, **beside}) for v in given]
    if parameter is None:  # aftercare: a regime by name
        return Coordinate(label, dotted, "", given, tuple(str(v) for v in given))
    resolved = [s[dotted] for s in changed]
    if parameter.kind == "real":
        unit, numbers = _in_first_unit(given, [float(v) for v in resolved], parameter.factor, parameter.unit)
        return Coordinate(label, dotted, unit, given, numbers)
    if parameter.kind == "choice":
        return Coordinate(label, dotted, "", given, tuple(str(v) for v in resolved))
    return Coordinate(label, dotted, "1", given, tuple(int(v) for v in resolved))


def _in_first_unit(
    given: tuple[Setting, ...], si: list[float], factor: float, unit: str
) -> tuple[str, tuple[float, ...]]:
    """Unit of the first value, and all values in it: as written where all share it."""
    if unit == "1":
        return unit, tuple(si)
    parts = [split(str(v)) for v in given]
    first = parts[0][1].replace("µ", "u").replace("μ", "u")
    if all(p[1] == parts[0][1] for p in parts):
        return first, tuple(p[0] for p in parts)
    return unit, tuple(float(f"{v / factor:.12g}") for v in si)


def _zipped(coordinates: Mapping[str, Coordinate], together: Sequence[str]) -> tuple[Coordinate, ...]:
    """The coordinates that advance together, checked."""
    for name in together:
        if list(together).count(name) > 1:
            raise ParameterError(f"zip names {name!r} twice")
    for name in together:
        if name not in coordinates:
            raise ParameterError(f"zip names {name!r}, which is no axis of this sweep ({', '.join(coordinates)})")
    zipped = tuple(coordinates[name] for name in together)
    if len({len(c.values) for c in zipped}) > 1:
        said = ", ".join(f"{c.label} has {len(c.values)}" for c in zipped)
        raise ParameterError(f"zipped axes must have the same number of values: {said}")
    return zipped


def _refuse_repeated_parameters(coordinates: Mapping[str, Coordinate]) -> None:
    taken: dict[str, str] = {}
    for name, coordinate in coordinates.items():
        if coordinate.parameter in taken:
            raise ParameterError(f"axes {taken[coordinate.parameter]!r} and {name!r} are the same parameter")
        taken[coordinate.parameter] = name


def _refuse_duplicates(axis: Axis) -> None:
    seen = set()
    for index in range(len(axis)):
        place = tuple(c.numbers[index] for c in axis.coordinates)
        if place in seen:
            raise ParameterError(f"axis {axis.dim} has the value {axis.coordinates[0].values[index]!r} twice")
        seen.add(place)
