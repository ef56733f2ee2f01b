"""The result of a sweep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade.dataset import CoreDataset, from_xarray, same_results, status_names, to_xarray
from inkfade.paths import as_path
from inkfade.scenario import Scenario
from inkfade.touch_up import check_interval, check_scheduled, draw_interval
from inkfade.units import check_threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from inkfade.axes import Axis
    from inkfade.fade import Fade

_STILL = 1e-9  # relative change below which an axis does nothing: far below any solver tolerance
_NEAR = 0.05  # share of the step between two values, within which a number means one of them


class Study:
    """
    All points of a sweep: the result of `inkfade.Sweep.run`.

    Studies are equal when every result has the same bits, wall time apart. They can be copied, hashed and pickled: one
    whose file is there by that file's path (its digest is checked when it is read back), else with its data.

    Attributes
    ----------
    scenario
        What all points share.
    dataset
        Everything as an xarray.Dataset; the sweep's dimensions come first.
    path
        The study's file, or None where it is in memory alone.
    """

    def __init__(self, dataset: CoreDataset, path: str | Path | None = None) -> None:
        attrs = dataset["attrs"]
        self.scenario = Scenario.from_toml(str(attrs["scenario"]), "study: scenario")
        self.dataset: xr.Dataset = to_xarray(dataset)
        self._labels: dict[str, list[str]] = json.loads(str(attrs["sweep"]))
        extra = [label for labels in self._labels.values() for label in labels]
        self.dataset = self.dataset.set_coords(extra)
        self.path = None if path is None else as_path(path).resolve()

    @property
    def dims(self) -> tuple[str, ...]:
        """Dimensions of the sweep, in order."""
        return tuple(self._labels)

    @property
    def plan(self) -> str:
        """What was planned, as canonical JSON."""
        return str(self.dataset.attrs["plan"])

    @property
    def notes(self) -> list[str]:
        """What to know before reading the numbers, for example which axis has no effect."""
        notes = self.dataset.attrs.get("notes", [])
        return [notes] if isinstance(notes, str) else list(notes)

    @property
    def failed(self) -> pd.DataFrame:
        """The points that failed: their place, status, time of failure [day] and message."""
        names = status_names(self.dataset)
        table = self.dataset[["status", "status_time", "message"]].to_dataframe().reset_index()
        table = table[table["status"] != 0]
        return table.assign(status=[names[int(s)] for s in table["status"]])

    def to_dataframe(self) -> pd.DataFrame:
        """
        Collect one row for each point: touch-up time [year], whether it was observed, status, and last values.

        Retained fractions and patch dose [ug cm-2] are those at the end of the run. A point that failed has NaN.
        ``frame.attrs["units"]`` has the unit of every column and axis that has one.
        """
        data = self.dataset
        last = ["retained_of_healed", "retained_of_deposit", "patch_dose"]
        table = data[["touch_up_time", "touch_up_observed"]].merge(data[last].isel(time=-1).drop_vars("time"))
        frame = table.to_dataframe().rename(columns={f"{n}": f"{n}_at_end" for n in last})
        names = status_names(data)
        status = data["status"].values.ravel()
        frame["touch_up_time"] = frame["touch_up_time"].where(status == 0)
        frame = frame.assign(status=[names[int(s)] for s in status])
        units = {
            n: data[n.removesuffix("_at_end")].attrs.get("units") for n in map(str, frame.columns) if n != "status"
        }
        axes = {dim: data[dim].attrs.get("units") for dim in self.dims}
        frame.attrs["units"] = {n: str(unit) for n, unit in {**axes, **units}.items() if unit is not None}
        return frame

    def point(self, **place: str | float) -> Scenario:
        """
        Make the scenario of one point.

        Parameters
        ----------
        **place
            The value of every dimension: a number as in the dataset's coordinates, or text with a unit, such as
            "300 um". It must be one of the study's values, to within 5 % of the step between them.

        Raises
        ------
        ParameterError
            If a dimension is unknown or left out, or the study has no such value.
        """
        chosen = self.dataset
        for name in place:
            self._check_dim(name)
        for dim in self.dims:
            if dim not in place:
                raise _core.ParameterError(f"the point needs a value of {dim}, one of {self._known(dim)}")
            chosen = self._choose(chosen, dim, place[dim])
        settings: dict[str, Any] = {}
        for label in (label for labels in self._labels.values() for label in labels):
            coordinate = chosen[label]
            value, unit = coordinate.values[()], str(coordinate.attrs.get("units", ""))
            name = str(coordinate.attrs["parameter"])
            if unit in ("", "1"):
                settings[name] = value if isinstance(value, str) else value.item()
            else:
                settings[name] = f"{float(value)!r} {unit}"
        return self.scenario.with_(settings)

    def fade(self, **place: str | float) -> Fade:
        """Simulate one point again, with profiles over depth; `place` as in `Study.point`."""
        from inkfade.simulation import simulate

        return simulate(self.point(**place))

    def touch_up_interval(
        self,
        draws: int = 100,
        *,
        threshold: float | None = None,
        seed: int = 0,
        level: float = 0.8,
        threads: int = 0,
        progress: bool = True,
    ) -> xr.Dataset:
        """
        Draw people at every point for the interval of the touch-up time.

        Parameters
        ----------
        draws
            How many people to draw at each point; the same people at all points.
        threshold
            The touch-up is due when the measure falls below this; that of each point where not given.
        seed, level
            Seed of the draws and share of people inside the interval.
        threads, progress
            As in `Sweep.run`.

        Returns
        -------
        xarray.Dataset
            low and high [year] over the sweep's dimensions; infinite where that share of people has no touch-up
            within the run, NaN where the point itself failed. People whose run failed are left out; draws_failed
            says how many. Along a dimension that does not change the retained fraction one place is computed.
        """
        from inkfade.progress import progress_bar

        check_interval(level, draws, 0.5 if threshold is None else threshold, seed)
        check_threads(threads)
        sizes = [self.dataset.sizes[d] for d in self.dims]
        still = [self._is_inert(dim) for dim in self.dims]
        places = [p for p in np.ndindex(*sizes) if all(not s or i == 0 for s, i in zip(still, p, strict=True))]
        failed = self.dataset["status"].values != 0
        low, high = np.full(sizes, np.nan), np.full(sizes, np.nan)
        draws_failed = np.zeros(sizes, dtype=np.int32)
        for place in progress_bar(places, unit="point", disable=None if progress else True):
            if failed[place]:
                continue
            chosen = {d: self.dataset[d].values[i] for d, i in zip(self.dims, place, strict=True)}
            scenario = self.point(**chosen)
            wanted = float(scenario["touch_up.threshold"] if threshold is None else threshold)
            check_scheduled(scenario, wanted)
            everywhere = tuple(slice(None) if s else i for s, i in zip(still, place, strict=True))
            low[everywhere], high[everywhere], draws_failed[everywhere] = draw_interval(
                scenario, wanted, draws=draws, seed=seed, level=level, threads=threads
            )
        about = {"units": "year", "comment": "infinite: not within the run; NaN: the point failed"}
        count = {"units": "1", "long_name": f"runs that failed and are left out, of {draws} people drawn"}
        known = self.dataset[["touch_up_time", "touch_up_observed"]]
        return known.assign(
            touch_up_time=known["touch_up_time"].where(~failed),
            draws_failed=(self.dims, draws_failed, count),
            low=(self.dims, low, {**about, "long_name": f"lower end of the {100 * level:g} % interval"}),
            high=(self.dims, high, {**about, "long_name": f"upper end of the {100 * level:g} % interval"}),
        )

    def plot_touch_up(self, *, x: str | None = None, y: str | None = None, **place: str | float) -> NDArray[Any]:
        """
        Plot the touch-up time as heat maps over two dimensions; censored points are hatched.

        Parameters
        ----------
        x, y
            Dimensions across and upwards; the first two that are numbers where not given.
        **place
            Values of further dimensions; at most one may be left, which gives one panel for each of its values.
        """
        from inkfade.plot.study import plot_touch_up

        return plot_touch_up(self, x=x, y=y, place=place)

    def select(self, place: dict[str, str | float]) -> xr.Dataset:
        """The dataset at some values of some dimensions, as in `Study.point`; within an axis the nearest counts."""
        chosen = self.dataset
        for dim, value in place.items():
            chosen = self._choose(chosen, dim, value, near=0.5)
        return chosen

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the study's file and return its path."""
        target = as_path(path)
        _core.write_result(from_xarray(self.dataset, self.dims), target, overwrite=overwrite)
        return target

    def _is_inert(self, dim: str) -> bool:
        """Whether a dimension changes neither the retained fraction nor what counts as a touch-up."""
        names = [str(self.dataset[label].attrs["parameter"]) for label in self._labels[dim]]
        if any(name.startswith(("touch_up.", "run.")) for name in names):
            return False
        axis = self.dims.index(dim)
        watched = ("status", "retained_of_healed", "retained_of_deposit", "touch_up_time")
        return all(_is_still(self.dataset[name].values, axis) for name in watched)

    def _choose(self, data: xr.Dataset, dim: str, value: str | float, *, near: float = _NEAR) -> xr.Dataset:
        self._check_dim(dim)
        known = data[dim].values
        if known.dtype.kind not in "if":
            if not isinstance(value, str) or value not in known:
                raise _core.ParameterError(f"{dim} = {value!r}: expected one of {self._known(dim)}")
            return data.sel({dim: value})
        known = known.astype(float)
        number = self._number(dim, value)
        nearest = int(np.argmin(np.abs(known - number)))
        steps = np.abs(known - known[nearest])
        step = steps[steps > 0].min(initial=np.inf)
        between = known.min() < number < known.max()
        room = (near if between else _NEAR) * (step if np.isfinite(step) else abs(known[nearest]))
        if not abs(number - known[nearest]) <= room * (1 + 1e-9):
            where = "between the points of" if between else "outside"
            said = value if isinstance(value, str) else f"{number:g}"
            raise _core.ParameterError(f"{dim} = {said}: {where} this study, which has {self._known(dim)}")
        return data.isel({dim: nearest})

    def _check_dim(self, name: str) -> None:
        if name not in self.dims:
            raise _core.ParameterError(f"{name!r} is no dimension of this study ({', '.join(self.dims)})")

    def _number(self, dim: str, value: str | float) -> float:
        """A place on an axis of numbers, in the axis's own unit."""
        unit = str(self.dataset[dim].attrs.get("units", "1"))
        if isinstance(value, str) and unit not in ("", "1"):
            return _core.to_si(value, unit, dim) / _core.to_si(f"1 {unit}", unit, dim)
        try:
            return float(value)
        except (TypeError, ValueError):
            said = f"{dim} = {value!r}: expected one of {self._known(dim)}"
            raise _core.ParameterError(said) from None

    def _known(self, dim: str) -> str:
        coordinate = self.dataset[dim]
        values = [str(v) if isinstance(v, str) else f"{v:g}" for v in coordinate.values]
        unit = str(coordinate.attrs.get("units", "1"))
        return ", ".join(values[:8] + ["..."] * (len(values) > 8)) + (f" {unit}" if unit != "1" else "")

    def __eq__(self, other: object) -> bool:
        return same_results(self.dataset, other.dataset) if isinstance(other, Study) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.scenario, self.plan))

    def __reduce__(self) -> tuple[object, ...]:
        contents = from_xarray(self.dataset, self.dims)
        digest = _core.digest(contents)
        if self.path is not None and self.path.is_file() and digest == self.dataset.attrs.get("digest"):
            return _reload, (self.path, digest)
        return Study, (contents, self.path)

    def __copy__(self) -> Study:
        made = object.__new__(Study)
        made.__dict__.update(self.__dict__)
        return made

    def __deepcopy__(self, memo: object) -> Study:
        made = self.__copy__()
        made.dataset = self.dataset.copy(deep=True)
        return made

    def __repr__(self) -> str:
        shape = " x ".join(f"{dim} ({self.dataset.sizes[dim]})" for dim in self.dims)
        failed = self.dataset["status"] != 0
        n_failed = int(failed.sum())
        n_reached = int(((self.dataset["touch_up_observed"] != 0) & ~failed).sum())
        lines = [f"<inkfade.Study of {self.scenario.preset_name}: {shape}>"]
        lines.append(f"{n_reached} of {failed.size} points reach a touch-up within the run; {n_failed} failed")
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        from inkfade.plot.style import inline

        head, *rest = repr(self).splitlines()
        parts = [html.line(head.strip("<>"), strong=True), *(html.line(text) for text in rest)]
        if len(self.dims) <= 3:
            parts.append(html.image(inline(self.plot_touch_up)))
        return html.page(*parts)


def _reload(path: Path, digest: str) -> Study:
    """The study of a pickle that names its file."""
    from inkfade.files import load

    study = load(path)
    if not isinstance(study, Study) or study.dataset.attrs.get("digest") != digest:
        raise _core.FormatError(f"{path}: is no longer the study that was pickled: its digest was {digest}")
    return study


_ACTS = ("patch_dose", "patch_contrast", "centroid", "macrophage_load", "touch_up_time")


def inert_axes(dataset: CoreDataset, axes: Sequence[Axis], scenario: Scenario) -> list[str]:
    """
    Say in words which axes change nothing.

    Parameters
    ----------
    dataset
        A finished study, the sweep's dimensions first.
    axes, scenario
        The sweep's axes and what its points share.

    Returns
    -------
    list of str
        One sentence for each axis that does not change the retained fraction.
    """
    variables = dataset["variables"]
    if (variables["status"][1] != 0).all():
        return ["every point failed: nothing is known of any axis"]
    said = []
    for number, axis in enumerate(axes):
        if len(axis) < 2:
            continue
        moved = {
            name: not _is_still(values, number)
            for name, (dims, values, _) in variables.items()
            if axis.dim in dims
            and name != axis.dim
            and dims[number : number + 1] == (axis.dim,)
            and values.dtype.kind == "f"
            and name not in ("wall_time", "ledger_residual")
        }
        if moved.get("retained_of_healed", True) or moved.get("retained_of_deposit", True):
            continue
        acts = [name for name in _ACTS if moved.get(name)]
        said.append(f"{axis.dim}: {_reason(axis, scenario, acts)}")
    return said


def _reason(axis: Axis, scenario: Scenario, acts: list[str]) -> str:
    names = {c.parameter for c in axis.coordinates}
    if names == {"procedure.dot_density"}:
        held = next((n for n in ("deposit_per_dot", "local_dose") if f"procedure.{n}" in scenario), "deposit_per_dot")
        where = f" at fixed {held.replace('_', ' ')}"
    elif all(n.startswith("exposure.") for n in names) and _is_light_stable(scenario):
        where = ": the ink is light-stable"
    else:
        where = " here"
    through = f"; acts through {', '.join(acts)}" if acts else "; nothing that is saved changes"
    return f"no effect on retained_of_healed{where}{through}"


def _is_light_stable(scenario: Scenario) -> bool:
    return all(scenario[f"ink.{band}_sensitivity"] == 0 for band in ("uv", "visible"))


def _is_still(values: np.ndarray[Any, Any], axis: int) -> bool:
    """Whether values do not change along one axis (all NaN there counts as no change)."""
    first = np.take(values, [0], axis=axis)
    same = np.isclose(values, first, rtol=_STILL, atol=0.0, equal_nan=True)
    return bool(same.all())
