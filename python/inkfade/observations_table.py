"""From the cells of a table to checked observations in the dataset's units."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError, convert, did_you_mean
from inkfade.csv_text import Cell, Row
from inkfade.observations import QUANTITIES, Observation
from inkfade.units import unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_HEADER = re.compile(r"([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_TIMES = {"time_day": "day", "time_week": "week", "time_year": "year"}
_TEXTS = {"series": "series", "subject": "series", "comment": "comment", "note": "comment"}
_ENDS = ("sd", "low", "high")
_MOST_SHARE = 1.5  # a share above this was meant in per cent


@dataclass(slots=True)
class _Column:
    """A column of numbers: where it stands, in which unit it is written, and what of its quantity it holds."""

    place: int
    unit: str
    ends: dict[str, _Column] = field(default_factory=dict)


@dataclass(slots=True)
class _Layout:
    """What the columns of a table mean."""

    time: _Column | None = None
    quantities: dict[str, _Column] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)


def rows_of(data: object) -> list[Row] | None:
    """
    Take the rows of a table in memory, with the units of its attributes in the header; None if it is no table.

    Parameters
    ----------
    data
        pandas.DataFrame, xarray.Dataset over time, or mapping of columns.
    """
    columns: dict[str, Sequence[Any]]
    units: Mapping[str, object] = {}
    if hasattr(data, "data_vars"):  # xarray.Dataset
        columns, units = _of_xarray(data)
    elif hasattr(data, "columns") and hasattr(data, "attrs"):  # pandas.DataFrame
        frame: Any = data
        columns = {str(name): list(frame[name]) for name in frame.columns}
        given = frame.attrs.get("units", {})
        units = given if isinstance(given, Mapping) else {}
    elif isinstance(data, Mapping):
        columns, units = _of_mapping(data)
    else:
        return None
    if not columns:
        raise ParameterError("data: has no columns")
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        said = ", ".join(f"{name} has {len(values)}" for name, values in columns.items())
        raise ParameterError(f"data: all columns must have the same number of values: {said}")
    heads = [_with_unit(name, units) for name in columns]
    header = Row(tuple(Cell(h, f"data: column {n!r}") for h, n in zip(heads, columns, strict=True)), "data")
    body = []
    for i, values in enumerate(zip(*columns.values(), strict=True)):
        place = f"data: row {i} (from 0)"
        cells = (Cell(_text(v), f"{place}, column {n!r}") for n, v in zip(columns, values, strict=True))
        body.append(Row(tuple(cells), place))
    return [header, *body]


def read_records(rows: Sequence[Row], origin: str) -> tuple[Observation, ...]:
    """
    Check a table, header first, and convert it.

    Raises
    ------
    FormatError
        If something in it is not allowed; the message says where, and what is.
    """
    header = rows[0]
    layout = _layout(header)
    if len(rows) == 1:
        raise header.cells[0].refuse(f"{origin} has column names but no values")
    records: list[Observation] = []
    seen: dict[str, tuple[float, str]] = {}
    for row in rows[1:]:
        _check_width(row, header)
        records += _of_row(row, layout, seen)
    return tuple(records)


def _layout(header: Row) -> _Layout:
    layout = _Layout()
    left: str | None = None
    names: dict[str, Cell] = {}
    for place, cell in enumerate(header.cells):
        name, unit = _split_header(cell)
        name, unit = ("time", _TIMES[name] if unit is None else unit) if name in _TIMES else (name, unit)
        key = _TEXTS.get(name, name if name not in _ENDS or left is None else f"{left}_{name}")
        if key in names:
            raise cell.refuse(f"a second column {name}: the first is at {names[key].place}")
        names[key] = cell
        if name in _TEXTS:
            layout.texts[key] = place
        elif name == "time":
            layout.time = _Column(place, _checked_unit(cell, "time", unit, "day"))
        elif name in QUANTITIES:
            left = name
            layout.quantities[name] = _Column(place, _checked_unit(cell, name, unit, QUANTITIES[name].unit))
        else:
            _add_end(layout, cell, key, unit, place)
    _check_layout(layout, header)
    return layout


def _add_end(layout: _Layout, cell: Cell, key: str, unit: str | None, place: int) -> None:
    """A column of standard deviations, or of an end of an interval."""
    quantity, _, end = key.rpartition("_")
    owner = layout.quantities.get(quantity)
    if end not in _ENDS or quantity not in QUANTITIES:
        if key in _ENDS:
            raise cell.refuse(f"column {key} stands before any quantity: put it to the right of what it belongs to")
        known = ["time", *QUANTITIES, "sd", "low", "high", *_TEXTS]
        raise cell.refuse(
            f"unknown column {key!r}{did_you_mean(key, known)}: columns are time, sd, low, high, series, comment and "
            f"the quantities {', '.join(QUANTITIES)}"
        )
    if owner is None:
        raise cell.refuse(f"column {key} stands before its quantity: add a column {quantity} on its left")
    wanted = owner.unit if unit is None else _checked_unit(cell, key, unit, QUANTITIES[quantity].unit)
    owner.ends[end] = _Column(place, wanted)


def _split_header(cell: Cell) -> tuple[str, str | None]:
    """Name and unit of a column; None where it names no unit."""
    found = _HEADER.fullmatch(cell.text)
    if found is None:
        raise cell.refuse(
            f"column {cell.text!r}: write a name and its unit in brackets, such as 'patch_dose [ug cm-2]'"
        )
    if not found[1]:
        raise cell.refuse("a column without a name: name it, or take it out")
    if _NUMBER.fullmatch(found[1]):
        raise cell.refuse(f"the first line names the columns, got the number {found[1]}: add a line 'time [day], ...'")
    return found[1], None if found[2] is None else found[2].strip()


def _checked_unit(cell: Cell, name: str, unit: str | None, wanted: str) -> str:
    if unit is None:
        if wanted == "1":
            return "1"
        raise cell.refuse(f"column {name} has no unit: write for example '{name} [{wanted}]'")
    try:
        convert(1.0, unit, wanted)
    except ParameterError as error:
        raise cell.refuse(f"column {name}: {error}") from None
    return unit


def _check_layout(layout: _Layout, header: Row) -> None:
    there = ", ".join(c.text for c in header.cells)
    if layout.time is None:
        raise header.cells[0].refuse(f"no column time: add one, for example 'time [day]' (columns: {there})")
    if not layout.quantities:
        raise header.cells[0].refuse(
            f"no observed quantity: add a column named as in the dataset, for example retained_of_deposit, "
            f"retained_of_healed or 'patch_dose [ug cm-2]' (columns: {there})"
        )
    for name, column in layout.quantities.items():
        if {"low", "high"} & set(column.ends):
            if len({"low", "high"} & set(column.ends)) == 1:
                raise header.cells[column.place].refuse(f"{name} has one end of its interval: give both low and high")
            if "sd" in column.ends:
                raise header.cells[column.place].refuse(f"{name} has sd as well as low and high: give one of them")


def _check_width(row: Row, header: Row) -> None:
    n, expected = len(row.cells), len(header.cells)
    if n == expected:
        return
    said = f"{n} cells, but the first line names {expected} columns"
    hint = (
        ": write 0.5 with a decimal point, not 0,5" if n > expected else ": leave a cell empty where nothing was taken"
    )
    raise row.cells[min(n, expected + 1) - 1].refuse(said + hint)


def _of_row(row: Row, layout: _Layout, seen: dict[str, tuple[float, str]]) -> list[Observation]:
    assert layout.time is not None
    text = {name: row.cells[place].text for name, place in layout.texts.items()}
    series = text.get("series", "")
    time = _time(row, layout.time, series, seen)
    records = []
    for name, column in layout.quantities.items():
        value = _number(row, column, name)
        if value is None:
            for end, other in column.ends.items():
                if row.cells[other.place].text:
                    raise row.cells[other.place].refuse(f"{name} has {end} but no value here")
            continue
        _check_value(row.cells[column.place], name, value, column.unit)
        ends = _interval(row, name, column, value)
        records.append(Observation(time, name, value, **ends, series=series, comment=text.get("comment", "")))
    if not records:
        missing = row.cells[next(iter(layout.quantities.values())).place]
        raise missing.refuse(
            f"no value of {' or '.join(layout.quantities)} at this time: give one, or take the line out"
        )
    return records


def _time(row: Row, column: _Column, series: str, seen: dict[str, tuple[float, str]]) -> float:
    """Time [day], rising within a series."""
    cell = row.cells[column.place]
    number = _parse(cell, "time")
    if number is None:
        raise cell.refuse("time is missing: every line needs one")
    time = convert(number, column.unit, "day")
    if time < 0:
        raise cell.refuse(f"time = {cell.text} {column.unit}: must not be negative; it counts from the first session")
    before, place = seen.get(series, (-math.inf, ""))
    whose = f" of series {series}" if series else ""
    if time == before:
        hint = "" if series else "; name subjects in a column series"
        raise cell.refuse(f"time = {cell.text} {column.unit}{whose} is there already at {place}{hint}")
    if time < before:
        raise cell.refuse(f"time = {cell.text} {column.unit}{whose} is before that at {place}: times must rise")
    seen[series] = (time, cell.place)
    return time


def _number(row: Row, column: _Column, name: str) -> float | None:
    """A value in the unit of the dataset."""
    number = _parse(row.cells[column.place], name)
    quantity = name if name in QUANTITIES else name.rpartition("_")[0]
    return None if number is None else convert(number, column.unit, QUANTITIES[quantity].unit)


def _parse(cell: Cell, name: str) -> float | None:
    if not cell.text:
        return None
    if _NUMBER.fullmatch(cell.text) is None:
        if cell.text.lstrip("+-").lower() in ("nan", "na", "n/a", "inf", "infinity"):
            raise cell.refuse(
                f"{name} = {cell.text}: must be a finite number; leave the cell empty where there is none"
            )
        if _DECIMAL_COMMA.fullmatch(cell.text):
            raise cell.refuse(f"{name} = {cell.text}: write a decimal point, {cell.text.replace(',', '.')}")
        if _NUMBER.match(cell.text):
            raise cell.refuse(f"{name} = {cell.text!r}: write the number alone, and its unit in the name of the column")
        raise cell.refuse(f"{name} = {cell.text!r}: expected a number")
    number = float(cell.text)
    if not math.isfinite(number):
        raise cell.refuse(f"{name} = {cell.text}: must be a finite number")
    return number


def _check_value(cell: Cell, name: str, value: float, unit: str) -> None:
    if value < 0:
        raise cell.refuse(f"{name} = {cell.text}: must not be negative")
    if name.startswith("retained_") and value > _MOST_SHARE:
        if unit == "1":
            raise cell.refuse(
                f"{name} = {cell.text}, but it is a share of 1: write 0.5 for 50 %, or name the column '{name} [%]'"
            )
        raise cell.refuse(f"{name} = {cell.text} {unit}: must be at most {100 * _MOST_SHARE:g} %")


def _interval(row: Row, name: str, column: _Column, value: float) -> dict[str, float | None]:
    """sd, low and high of one value, checked."""
    found: dict[str, float | None] = {}
    for end, other in column.ends.items():
        found[end] = _number(row, other, f"{name}_{end}")
        cell = row.cells[other.place]
        given = found[end]
        if given is None:
            continue
        if end == "sd" and not given > 0:
            raise cell.refuse(f"{name}_sd = {cell.text}: must be above 0; leave the cell empty where it is not known")
        if (end == "low" and given > value) or (end == "high" and given < value):
            said = "above" if end == "low" else "below"
            raise cell.refuse(f"{name}_{end} = {cell.text}: lies {said} the value {row.cells[column.place].text}")
    if (found.get("low") is None) != (found.get("high") is None):
        raise row.cells[column.place].refuse(f"{name} has one end of its interval here: give both low and high")
    return found


def _of_xarray(data: Any) -> tuple[dict[str, Sequence[Any]], dict[str, object]]:
    """Columns and units of the variables over time."""
    if "time" not in data.variables or data["time"].dims != ("time",):
        raise ParameterError("data: the xarray.Dataset needs a coordinate time over a dimension of that name")
    held = {str(n): v for n, v in data.variables.items() if n == "time" or (n in data.data_vars)}
    for name, variable in held.items():
        if variable.dims != ("time",):
            raise ParameterError(
                f"data: {name} has dimensions {', '.join(map(str, variable.dims))}: expected time alone"
            )
    columns: dict[str, Sequence[Any]] = {name: list(v.values) for name, v in held.items()}
    return columns, {name: v.attrs["units"] for name, v in held.items() if "units" in v.attrs}


def _of_mapping(data: Mapping[Any, Any]) -> tuple[dict[str, Sequence[Any]], dict[str, object]]:
    """Columns and units; arrays of pint, unyt and astropy bring theirs along, and those of xarray in attributes."""
    columns: dict[str, Sequence[Any]] = {}
    units: dict[str, object] = {}
    for key, values in data.items():
        name, attrs = str(key), getattr(values, "attrs", None)
        if isinstance(attrs, Mapping):  # xarray.DataArray, pandas.Series
            units[name] = attrs.get("units")
            columns[name] = _values(name, getattr(values, "values", values))
            continue
        unit = getattr(values, "units", None) or getattr(values, "unit", None)
        numbers = getattr(values, "magnitude", None)
        numbers = getattr(values, "value", None) if numbers is None else numbers
        units[name] = None if unit is None else unit_text(unit)
        columns[name] = _values(name, values if unit is None or numbers is None else numbers)
    return columns, units


def _values(name: str, values: object) -> Sequence[Any]:
    if isinstance(values, str | Mapping) or not hasattr(values, "__len__") or not hasattr(values, "__iter__"):
        raise ParameterError(f"data: column {name}: expected a list of values, got {type(values).__name__}")
    array = np.asarray(values, dtype=object)
    if array.ndim != 1:
        raise ParameterError(f"data: column {name} has the shape {array.shape}: expected one value for each time")
    return list(array)


def _with_unit(name: str, units: Mapping[str, object]) -> str:
    unit = units.get(name)
    return f"{name} [{unit}]" if isinstance(unit, str) and "[" not in name else name


def _text(value: object) -> str:
    """A value as a cell of text; what pandas shows for a missing value is an empty cell."""
    if value is None or type(value).__name__ == "NAType":
        return ""
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else repr(float(value))
    return str(value).strip()
