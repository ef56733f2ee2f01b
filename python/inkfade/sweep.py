"""Many scenarios over a grid of parameter values: resumable, on all cores."""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.axes import Axis, Values, make_axes, read_axes
from inkfade.dataset import CoreDataset, stack_points, unstack_points
from inkfade.memory import check_memory
from inkfade.paths import as_path
from inkfade.plan import differences, make_plan
from inkfade.scenario import Scenario, as_name
from inkfade.simulation import check_appearance, saved_times, wall_seconds
from inkfade.study import Study, inert_axes
from inkfade.units import check_threads, check_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any, Protocol

    import pandas as pd

    from inkfade.units import Given

    class Store(Protocol):
        """Where finished points [first, last) go: a folder of shards, or memory."""

        def done(self) -> list[tuple[int, int]]:
            """Ranges that are there."""

        def commit(self, first: int, last: int, dataset: CoreDataset) -> object:
            """Keep the results of a range."""

        def shard(self, first: int, last: int) -> CoreDataset:
            """Give the results of a range that is there."""


_CLASS_PARAMETERS = {"numerics.classes", "ink.size_min", "ink.size_max"}
_MOST_ROWS = 10_000_000
_SHARD_SECONDS = 2.0
_SHARD_BYTES = 8 << 20


class Sweep:
    """
    A scenario with some parameters varied over a grid.

    Sweeps are equal when their scenarios and axes are; they can be copied, hashed and pickled, with what they have run.

    Parameters
    ----------
    scenario
        What stays the same.
    axes
        Values by dotted name, for example ``{"skin.lymph.rate": ["1 1/day", "2 1/day"]}``.
    zip
        Names of axes that advance together, as one dimension, instead of crossing each other.
    **named
        Values by alias, or dotted name with two underscores for each dot; ``aftercare`` takes regimes.

    Raises
    ------
    ParameterError
        If an axis is unknown, empty, repeats a value, or a value is not allowed.

    Examples
    --------
    >>> sweep = Sweep(smp, depth=linspace("0.2 mm", "0.8 mm", 25), aftercare=["poor", "careful"])  # doctest: +SKIP
    >>> study = sweep.run("study.h5")  # doctest: +SKIP
    """

    def __init__(
        self,
        scenario: Scenario,
        axes: Mapping[str, Values] | None = None,
        /,
        *,
        zip: Sequence[str] = (),  # noqa: A002  # the word that says it
        **named: Values,
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise _core.ParameterError(
                f"Sweep takes an inkfade.Scenario, got {scenario!r}: "
                "make one with Scenario.preset or Scenario.from_file"
            )
        if axes is not None and not isinstance(axes, Mapping):
            raise _core.ParameterError(
                f"axes = {axes!r}: must be values by name, for example {{'procedure.depth': ['0.3 mm', '0.4 mm']}}"
            )
        given = {as_name(name): values for name, values in (axes or {}).items()}
        for keyword, values in named.items():
            name = keyword.replace("__", ".")
            if name in given:
                raise _core.ParameterError(f"axis {name} is given twice, by name and as a keyword: give it once")
            given[name] = values
        self.scenario = scenario
        self.axes: tuple[Axis, ...] = make_axes(scenario, given, zip)
        self._parameters = {c.parameter for axis in self.axes for c in axis.coordinates}
        if self._parameters & _CLASS_PARAMETERS:
            names = ", ".join(sorted(self._parameters & _CLASS_PARAMETERS))
            raise _core.ParameterError(f"{names} cannot be swept: the points of a study share their size classes")
        self._memory: dict[str, _Memory] = {}

    @classmethod
    def from_file(cls, path: str | Path) -> Sweep:
        """Read an experiment file: a scenario with a [sweep] table."""
        path = as_path(path)
        scenario = Scenario.from_file(path)  # first: it reads what strangers wrote with more care
        _core.check_sweep(path)
        axes, together = read_axes(path)
        try:
            return cls(scenario, axes, zip=together)
        except _core.ParameterError as error:
            raise _core.ParameterError(f"{path}: [sweep]: {error}") from None

    @property
    def sizes(self) -> dict[str, int]:
        """Number of values by dimension."""
        return {axis.dim: len(axis) for axis in self.axes}

    def __len__(self) -> int:
        return math.prod(self.sizes.values())

    def point(self, index: int) -> Scenario:
        """The scenario of one point; points count along the last axis first."""
        settings: dict[str, Any] = {}
        for axis, place in zip(self.axes, np.unravel_index(index, tuple(self.sizes.values())), strict=True):
            settings.update(axis.settings(int(place)))
        try:
            return self.scenario.with_(settings)
        except _core.ParameterError as error:
            where = ", ".join(f"{name} = {value}" for name, value in settings.items())
            raise _core.ParameterError(f"point {index} of the sweep ({where}): {error}") from None

    def run(
        self,
        path: str | Path | None = None,
        *,
        times: Iterable[Given] | None = None,
        fields: bool = False,
        appearance: bool = False,
        threads: int = 0,
        wall_limit: float | None = None,
        progress: bool = True,
        shard_points: int = 1024,
    ) -> Study:
        """
        Run every point that is not done yet.

        Parameters
        ----------
        path
            The study's file, for example "study.h5"; while it grows, finished points are in the folder
            "study.h5.d" beside it. Running the same sweep again goes on where it stopped; a file of another
            sweep is refused. Without a path the study stays in memory.
        times
            Saved times with units, for example ["0 day", "1 year"]; the default where not given.
        fields
            Keep the profiles over depth of every point too.
        appearance
            Look at the patch at every saved time, as in `inkfade.simulate`: with the default times that takes longer
            than the runs.
        threads
            How many threads; 0 for all cores. The results are the same bits for any number.
        wall_limit
            Give up a point after this many seconds of wall clock.
        progress
            Show a progress bar.
        shard_points
            Most points that are written at once.

        Returns
        -------
        Study
            The finished study. A point that failed is in it with its status and message.

        Raises
        ------
        ParameterError
            If an option is not allowed, or the file holds another sweep.
        LimitError
            If the study would take more than 4 GiB of memory: found out before anything runs.
        FileError
            If the file or folder cannot be written.
        KeyboardInterrupt
            After Ctrl-C, when what was finished has been kept.
        """
        _check(threads, shard_points)
        check_appearance(appearance)
        seconds = None if times is None else saved_times(times)
        self._check_shared(fields=fields, times_given=seconds is not None)
        n_times = None if seconds is None else len(seconds)
        check_memory("a study", self.scenario, len(self), n_times, fields=fields, appearance=appearance)
        plan = make_plan(self.scenario, self.axes, fields=fields, appearance=appearance, times=seconds)
        if path is not None:
            path = as_path(path)
            if path.exists():
                return _reopen(path, plan)
        options = {
            "times": seconds,
            "fields": fields,
            "contrast": appearance,
            "threads": threads,
            "wall_limit": wall_seconds(wall_limit),
        }
        if path is None:
            store = self._memory.setdefault(plan, _Memory())
            self._fill(store, options, progress=progress, shard_points=shard_points, where="this Sweep")
            return Study(self._assemble(store, plan))
        _refuse_another_plan(path, plan)
        with _core.StudyStore(path, plan) as folder:
            self._fill(folder, options, progress=progress, shard_points=shard_points, where=f"{path}.d")
            dataset = self._assemble(folder, plan)
            _core.write_result(dataset, path, overwrite=False)
            folder.remove()
        dataset["attrs"]["digest"] = _core.digest(dataset)  # as in the file
        return Study(dataset, path)

    def _check_shared(self, *, fields: bool, times_given: bool) -> None:
        """Refuse what would give the points different axes."""
        if "run.horizon" in self._parameters and not times_given:
            raise _core.ParameterError(
                "run.horizon is swept, but the points of a study share their saved times: give times, all within the "
                "shortest run"
            )
        grid = [n for n in self._parameters if n == "numerics.cells" or n.endswith(".thickness")]
        if fields and grid:
            raise _core.ParameterError(
                f"{', '.join(sorted(grid))} changes the grid, but profiles over depth need one: run without fields"
            )

    def _fill(self, store: Store, options: dict[str, Any], *, progress: bool, shard_points: int, where: str) -> None:
        """Run what the store does not hold yet, and say after Ctrl-C how much it holds."""
        try:
            self._run_missing(store, options, progress=progress, shard_points=shard_points)
        except KeyboardInterrupt:
            kept = sum(last - first for first, last in store.done())
            raise KeyboardInterrupt(f"{kept} of {len(self)} points are kept in {where}") from None

    def _run_missing(self, store: Store, options: dict[str, Any], *, progress: bool, shard_points: int) -> None:
        """Run what the store does not hold yet, shard by shard."""
        from inkfade.progress import progress_bar

        missing = list(_gaps(store.done(), len(self)))
        n_done = len(self) - sum(last - first for first, last in missing)
        with progress_bar(total=len(self), initial=n_done, unit="run", disable=None if progress else True) as bar:
            size = min(shard_points, 64)
            for first, last in missing:
                start = first
                while start < last:
                    stop = min(start + size, last)
                    began = time.monotonic()
                    n_bytes = self._run_shard(store, start, stop, options, bar)
                    pace = (stop - start) / max(time.monotonic() - began, 1e-6)
                    room = _SHARD_BYTES * (stop - start) // max(n_bytes, 1)
                    size = int(max(1, min(shard_points, pace * _SHARD_SECONDS, room)))
                    start = stop

    def _run_shard(self, store: Store, first: int, last: int, options: dict[str, Any], bar: Any) -> int:
        """Run points [first, last) and keep them; after Ctrl-C keep those that are finished, then pass it on."""
        scenarios = [self.point(i).core for i in range(first, last)]
        base = bar.n
        runs, interrupted = _core.simulate_many(
            scenarios, progress=lambda done: bar.update(base + done - bar.n), **options
        )
        finished = [i for i, run in enumerate(runs) if run.status != "cancelled"]
        n_bytes = 0
        for low, high in _spans(finished):
            dataset = _core.points_dataset(scenarios[low:high], runs[low:high])
            n_bytes += sum(values.nbytes for _, values, _ in dataset["variables"].values())
            store.commit(first + low, first + high, dataset)
        bar.update(base + len(finished) - bar.n)
        if interrupted:
            raise KeyboardInterrupt
        if len(finished) < len(runs):
            raise _core.Cancelled(f"{len(runs) - len(finished)} runs of the sweep were cancelled")
        return n_bytes

    def _assemble(self, store: Store, plan: str) -> CoreDataset:
        """One dataset with the sweep's dimensions first."""
        shards = [store.shard(first, last) for first, last in sorted(store.done())]
        dataset = unstack_points(stack_points(shards, len(self)), self.sizes)
        coordinates: dict[str, Any] = {
            c.label: ((axis.dim,), c.array(), c.attributes()) for axis in self.axes for c in axis.coordinates
        }
        rule = ("measure", "threshold", "contrast_floor")
        if any(f"touch_up.{name}" in self._parameters for name in rule):
            for name in rule:  # it belongs to the points; a shard may hold equal ones
                dataset["variables"]["touch_up_time"][2].pop(name, None)
        attrs = {
            **dataset["attrs"],
            "title": f"inkfade study of {self.scenario.preset_name}: {' x '.join(self.sizes)}",
            "scenario": self.scenario.to_toml(),
            "scenario_json": self.scenario.to_json(),
            "sweep": json.dumps({axis.dim: [c.label for c in axis.coordinates] for axis in self.axes}),
            "plan": plan,
        }
        made: CoreDataset = {
            "dims": dataset["dims"],
            "variables": {**coordinates, **dataset["variables"]},
            "attrs": attrs,
        }
        attrs["notes"] = inert_axes(made, self.axes, self.scenario) or ["every axis acts on the retained fraction"]
        return made

    def to_dataframe(self) -> pd.DataFrame:
        """
        List the points to run: one row each, in their order, with the values of the axes and their units in attrs.

        Raises
        ------
        LimitError
            If there are more points than a table has room for (ten million).
        """
        import pandas as pd

        if len(self) > _MOST_ROWS:
            raise _core.LimitError(f"the sweep has {len(self)} points: a table of at most {_MOST_ROWS} is made")
        places = np.indices(tuple(self.sizes.values())).reshape(len(self.axes), -1)
        columns = {c.label: c.array()[at] for axis, at in zip(self.axes, places, strict=True) for c in axis.coordinates}
        frame = pd.DataFrame(columns, index=pd.RangeIndex(len(self), name="point"))
        coordinates = [c for axis in self.axes for c in axis.coordinates]
        frame.attrs["units"] = {c.label: c.units for c in coordinates if c.units}
        frame.attrs["parameters"] = {c.label: c.parameter for c in coordinates}
        return frame

    def __eq__(self, other: object) -> bool:
        return (
            (self.scenario, self.axes) == (other.scenario, other.axes) if isinstance(other, Sweep) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((self.scenario, self.axes))

    def __repr__(self) -> str:
        shape = " x ".join(f"{dim} ({n})" for dim, n in self.sizes.items())
        return f"<inkfade.Sweep of {self.scenario.preset_name}: {shape}, {len(self)} points>"


class _Memory:
    """Finished shards in memory; running the sweep again after Ctrl-C goes on from them."""

    def __init__(self) -> None:
        self._shards: dict[tuple[int, int], CoreDataset] = {}

    def done(self) -> list[tuple[int, int]]:
        return sorted(self._shards)

    def commit(self, first: int, last: int, dataset: CoreDataset) -> None:
        self._shards[first, last] = dataset

    def shard(self, first: int, last: int) -> CoreDataset:
        return self._shards[first, last]


def _reopen(path: Path, plan: str) -> Study:
    """A finished study of the same plan."""
    from inkfade.files import load

    study = load(path)
    if not isinstance(study, Study):
        raise _core.ParameterError(f"{path} holds a single run, not a sweep: give another file name")
    said = differences(study.plan, plan)
    if said:
        raise _core.ParameterError(f"{path} holds another sweep ({said}): give another file name, or remove it")
    folder = path.with_name(f"{path.name}.d")
    if folder.is_dir():  # the run that wrote the file ended before it could remove it
        with contextlib.suppress(_core.Error), _core.StudyStore(path, plan) as store:
            store.remove()
    return study


def _refuse_another_plan(path: Path, plan: str) -> None:
    """Say in words how a sweep that was begun at this path differs; the store itself would compare line by line."""
    begun = path.with_name(f"{path.name}.d")
    try:
        said = differences((begun / "plan.json").read_text(encoding="utf-8"), plan)
    except (OSError, UnicodeDecodeError):
        return
    if said:
        raise _core.ParameterError(
            f"{begun} was begun by another sweep ({said}): give another file name, or remove the folder to start over"
        )


def _check(threads: int, shard_points: int) -> None:
    check_threads(threads)
    check_whole("shard_points", shard_points, 1, 1_000_000)


def _gaps(done: list[tuple[int, int]], n: int) -> Iterator[tuple[int, int]]:
    """Ranges [first, last) of 0 .. n - 1 that `done` leaves out."""
    start = 0
    for first, last in sorted(done):
        if first > start:
            yield start, first
        start = max(start, last)
    if start < n:
        yield start, n


def _spans(indices: list[int]) -> Iterator[tuple[int, int]]:
    """Ranges [first, last) of consecutive numbers in an increasing list."""
    start = 0
    for i in range(1, len(indices) + 1):
        if i == len(indices) or indices[i] != indices[i - 1] + 1:
            yield indices[start], indices[i - 1] + 1
            start = i
