"""What was observed: measured values over time, with units, to lay over a run and to compare it with."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from inkfade import html
from inkfade._core import FileError, ParameterError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import pandas as pd
    import xarray as xr

    Data: TypeAlias = "str | Path | Observations | pd.DataFrame | xr.Dataset | Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a run that can be observed: a number at every saved time, in the dataset's unit."""

    name: str
    unit: str
    meaning: str


# Those of the dataset's variables that are one number at a time; `mass` is the sum over its pools.
QUANTITIES = {
    each.name: each
    for each in (
        Quantity("retained_of_deposit", "1", "pigment in the skin over pigment deposited"),
        Quantity("retained_of_healed", "1", "pigment in the skin over that when healed"),
        Quantity("patch_dose", "ug cm-2", "pigment per area of treated skin, dots and gaps together"),
        Quantity("mass", "mg cm-2", "pigment per area of the dot, all pools together"),
        Quantity("deposited", "mg cm-2", "pigment placed in the skin of the dot so far"),
        Quantity("centroid", "um", "mean depth of the pigment"),
        Quantity("spread", "um", "standard deviation of the pigment's depth"),
        Quantity("peak_load", "1", "largest macrophage load of any depth"),
        Quantity("patch_contrast", "1", "contrast of the patch to bare skin"),
        Quantity("patch_contrast_of_healed", "1", "contrast of the patch over that when healed"),
    )
}


def find_quantity(name: object) -> Quantity:
    """
    What is fixed about one quantity.

    Raises
    ------
    ParameterError
        If a run has no such quantity; the message names those there are.
    """
    found = QUANTITIES.get(name) if isinstance(name, str) else None
    if found is None:
        hint = did_you_mean(name, list(QUANTITIES)) if isinstance(name, str) else ""
        raise ParameterError(f"quantity = {name!r}{hint}: must be one of {', '.join(QUANTITIES)}")
    return found


@dataclass(frozen=True, slots=True)
class Observation:
    """
    One observed value.

    Attributes
    ----------
    time
        Days since the start of the scenario.
    quantity, value
        What was observed, by the name of the dataset's variable, and how much, in the dataset's unit.
    sd
        Standard deviation, in the same unit, or None.
    low, high
        Ends of an interval, in the same unit, or None.
    series
        Whose value: a subject, an animal, a site; "" where there is one series.
    comment
        What else was noted.
    """

    time: float
    quantity: str
    value: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    series: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        unit = find_quantity(self.quantity).unit.removeprefix("1")
        for name in ("time", "value", "sd", "low", "high"):
            value = getattr(self, name)
            if value is None and name not in ("time", "value"):
                continue
            if not isinstance(value, int | float) or not 0 <= value < math.inf or (name == "sd" and value == 0):
                said = f"number of {'days' if name == 'time' else unit}".removesuffix(" of ")
                least = "above 0" if name == "sd" else "not below 0"
                raise ParameterError(f"{self.quantity}: {name} = {value!r}: must be a finite {said}, {least}")


@dataclass(frozen=True, slots=True)
class Observations:
    """
    Observed values over time: from a CSV file, a table or arrays, checked and converted to the dataset's units.

    Make one with `Observations.read_csv` or `Observations.of`. Observations do not change, compare by value (where they
    were read does not count), and can be copied, hashed and pickled.

    Attributes
    ----------
    records
        The values, in the order of the file.
    source
        Where they were read.
    """

    records: tuple[Observation, ...]
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.records or not all(isinstance(r, Observation) for r in self.records):
            raise ParameterError("Observations take a tuple of at least one Observation; or use Observations.of(...)")
        object.__setattr__(self, "records", tuple(self.records))
        seen = set()
        for r in self.records:
            place = (r.series, r.quantity, r.time)
            if place in seen:
                whose = f" of series {r.series}" if r.series else ""
                raise ParameterError(f"{r.quantity}{whose} is there twice at {r.time:g} days")
            seen.add(place)

    @classmethod
    def read_csv(cls, path: str | Path) -> Observations:
        """
        Read a CSV file: commas, decimal points, UTF-8; lines that begin with # are comments.

        The first line names the columns, each with its unit in brackets where it has one::

            time [day], retained_of_healed [%], sd, series, comment
            42,         100,                    4,  A,      reference
            365,        81,                     6,  A,

        `time` is since the start of the scenario. Quantities have the names of the dataset's variables
        (retained_of_deposit, retained_of_healed, patch_dose, mass, ...). ``sd``, or ``low`` and ``high``, belong to the
        quantity on their left (or are written ``patch_dose_sd``) and have its unit unless they name their own.
        ``series`` (or ``subject``) and ``comment`` are text. An empty cell is a value that was not taken.

        Raises
        ------
        FileError
            If the file cannot be read.
        FormatError
            If something in it is not allowed; the message begins with file:line:column.
        """
        from inkfade.csv_text import read_csv_rows
        from inkfade.observations_table import read_records

        rows = read_csv_rows(Path(path))
        return cls(read_records(rows, str(path)), str(path))

    @classmethod
    def of(cls, data: Data) -> Observations:
        """
        Take observations from whatever holds them.

        Parameters
        ----------
        data
            Path of a CSV file; a mapping or pandas.DataFrame with the columns of such a file, units in the column names
            or in ``frame.attrs["units"]``; an xarray.Dataset over time, units in the variables' attributes; or
            `Observations`, which come back as they are.

        Raises
        ------
        ParameterError
            If it is none of these.
        FormatError
            If something in it is not allowed; the message names row and column.
        """
        if isinstance(data, Observations):
            return data
        if isinstance(data, str | Path):
            return cls.read_csv(data)
        from inkfade.observations_table import read_records, rows_of

        rows = rows_of(data)
        if rows is None:
            raise ParameterError(
                f"data: expected a CSV file, a pandas.DataFrame, an xarray.Dataset, a mapping of columns or "
                f"inkfade.Observations, got {type(data).__name__}"
            )
        name = type(data).__name__
        return cls(read_records(rows, name), name)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of the observed quantities, in their order."""
        return tuple(dict.fromkeys(r.quantity for r in self.records))

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series, in their order; ("",) where they have none."""
        return tuple(dict.fromkeys(r.series for r in self.records))

    def to_dataframe(self) -> pd.DataFrame:
        """
        Collect the values as a table, one row for each visit, in the columns of a CSV file.

        Units are in the column names and in ``frame.attrs["units"]``; ``Observations.of(frame)`` gives the same back.
        """
        import pandas as pd

        used = [q for q in QUANTITIES if q in self.quantities]
        visits: dict[tuple[str, float], dict[str, Any]] = {}
        for r in self.records:
            visit = visits.setdefault((r.series, r.time), {"time": r.time, "series": r.series, "comment": r.comment})
            visit[r.quantity] = r.value
            visit |= {f"{r.quantity}_{part}": getattr(r, part) for part in ("sd", "low", "high")}
        names = ["time", *(f"{q}{part}" for q in used for part in ("", "_sd", "_low", "_high")), "series", "comment"]
        units = {"time": "day"} | {
            n: QUANTITIES[q].unit for q in used for n in names if n == q or n[len(q) :] in _PARTS
        }
        columns: dict[str, list[Any]] = {}
        for name in names:
            values = [visit.get(name) for visit in visits.values()]
            if name == "time" or name in used or any(v not in (None, "") for v in values):
                columns[column_name(name, units.get(name, "1"))] = values
        frame = pd.DataFrame(columns)
        for name in frame.columns:
            if name not in ("series", "comment"):
                frame[name] = frame[name].astype(float)
        frame.attrs["units"] = {c: u for c, u in ((column_name(n, u), u) for n, u in units.items()) if c in columns}
        return frame

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """
        Write a CSV file that `Observations.read_csv` reads, and return its path.

        Raises
        ------
        FileError
            If the file exists and `overwrite` is not set, or cannot be written.
        """
        target = Path(path)
        text = io.StringIO()
        frame = self.to_dataframe()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(frame.columns)
        for row in frame.itertuples(index=False):
            writer.writerow([_text(value) for value in row])
        try:
            with target.open("w" if overwrite else "x", encoding="utf-8", newline="") as file:
                file.write(text.getvalue())
        except FileExistsError as error:
            raise FileError(f"{target}: is there already: give another file name, or overwrite=True") from error
        except OSError as error:
            raise FileError(f"{target}: cannot be written: {error.strerror}") from error
        return target

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.records)

    def __repr__(self) -> str:
        return f"<inkfade.Observations{f' of {self.source}' if self.source else ''}: {self._summary()}>"

    def _repr_html_(self) -> str:
        frame = self.to_dataframe()
        rows = [[_text(value) for value in row] for row in frame.itertuples(index=False)]
        head = html.line(f"Observations: {self._summary()}", strong=True)
        return html.page(head, html.table([str(c) for c in frame.columns], rows))

    def _summary(self) -> str:
        times = [r.time for r in self.records]
        n_series = len(self.series)
        who = f" in {n_series} series" if n_series > 1 else ""
        return f"{len(self)} values of {', '.join(self.quantities)}{who}, {min(times):g} to {max(times):g} days"


_PARTS = ("_sd", "_low", "_high")


def column_name(name: str, unit: str) -> str:
    """The name of a column with its unit, for example 'patch_dose [ug cm-2]'."""
    return name if unit == "1" else f"{name} [{unit}]"


def _text(value: object) -> str:
    """A cell of a CSV file; numbers in full."""
    if isinstance(value, float):
        return "" if value != value else repr(value)  # noqa: PLR0124  # NaN: not taken
    return "" if value is None else str(value)
