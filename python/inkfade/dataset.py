"""Between the core's labelled arrays and xarray."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    import xarray as xr

_COORDINATES = frozenset({"time", "z", "z_bounds", "diameter", "layer", "layer_bounds", "pool", "fate", "size_class"})


class CoreDataset(TypedDict):
    """Labelled arrays as the core takes and gives them."""

    dims: dict[str, int]
    variables: dict[str, tuple[tuple[str, ...], np.ndarray[Any, Any], dict[str, Any]]]
    attrs: dict[str, Any]


def to_xarray(dataset: CoreDataset) -> xr.Dataset:
    """An xarray.Dataset that shares the arrays' memory."""
    import xarray as xr

    variables = {name: (dims, values, attrs) for name, (dims, values, attrs) in dataset["variables"].items()}
    made = xr.Dataset(variables, attrs=dataset["attrs"])
    return made.set_coords([name for name in variables if name in _COORDINATES or name in dataset["dims"]])


def from_xarray(dataset: xr.Dataset, first: Iterable[str] = ()) -> CoreDataset:
    """The core's form of a Dataset; dimensions in `first` come first in every variable that has them."""
    leading = list(first)
    order = [*leading, *(str(d) for d in dataset.sizes if d not in leading)]
    variables = {}
    for name, variable in dataset.variables.items():
        dims = (*(d for d in leading if d in variable.dims), *(str(d) for d in variable.dims if d not in leading))
        moved = variable.transpose(*dims)
        attrs = {str(k): v for k, v in moved.attrs.items()}
        variables[str(name)] = (dims, np.ascontiguousarray(moved.values), attrs)
    return {
        "dims": {d: int(dataset.sizes[d]) for d in order},
        "variables": variables,
        "attrs": {str(k): v for k, v in dataset.attrs.items()},
    }


def same_results(a: xr.Dataset, b: xr.Dataset) -> bool:
    """Whether two datasets hold the same bits, apart from what their digest leaves out: wall time, date and host."""
    return a is b or _core.digest(from_xarray(a)) == _core.digest(from_xarray(b))


def status_names(dataset: xr.Dataset) -> dict[int, str]:
    """Short names of the status numbers, from the file itself."""
    attrs = dataset["status"].attrs
    meanings = attrs["flag_meanings"]
    names = meanings.split() if isinstance(meanings, str) else list(meanings)
    return dict(zip((int(v) for v in np.atleast_1d(attrs["flag_values"])), names, strict=True))


def stack_points(shards: list[CoreDataset], n_points: int) -> CoreDataset:
    """
    Shards of the leading dimension `point`, joined in their order.

    Parameters
    ----------
    shards
        Labelled arrays over consecutive points.
    n_points
        How many points there are in all.
    """
    # Failed runs may end before the others, or before anything that was asked for is there.
    head = max(shards, key=lambda shard: (shard["dims"]["time"], len(shard["variables"])))
    longest = {d: max(shard["dims"][d] for shard in shards if d in shard["dims"]) for d in head["dims"]}
    variables = {}
    for name, (dims, values, attrs) in head["variables"].items():
        if dims[:1] == ("point",):
            full = [longest[d] for d in dims[1:]]
            joined = np.concatenate([_rows(shard, name, values, full) for shard in shards])
            variables[name] = (dims, joined, attrs)
        elif dims == ("time",) or all(_has(shard, name, values) for shard in shards):
            variables[name] = (dims, values, attrs)  # the axes of the depths are not shared by all sweeps
    used = {"point", *(d for dims, _, _ in variables.values() for d in dims)}
    sizes = {d: n for d, n in longest.items() if d in used}
    return {"dims": {**sizes, "point": n_points}, "variables": variables, "attrs": dict(head["attrs"])}


def unstack_points(dataset: CoreDataset, sizes: Mapping[str, int]) -> CoreDataset:
    """The leading dimension `point` split into the sweep's dimensions, row-major."""
    names, lengths = tuple(sizes), tuple(sizes.values())
    variables = {}
    for name, (dims, values, attrs) in dataset["variables"].items():
        if dims[:1] == ("point",):
            variables[name] = ((*names, *dims[1:]), values.reshape(*lengths, *values.shape[1:]), attrs)
        else:
            variables[name] = (dims, values, attrs)
    others = {d: n for d, n in dataset["dims"].items() if d != "point"}
    return {"dims": {**sizes, **others}, "variables": variables, "attrs": dataset["attrs"]}


def _has(dataset: CoreDataset, name: str, values: np.ndarray[Any, Any]) -> bool:
    """Whether a dataset holds a variable with these values, or with some of them where its runs ended earlier."""
    if name not in dataset["variables"]:
        return False
    own = dataset["variables"][name][1]
    return name.startswith("event") or bool(np.array_equal(own, values))


def _rows(shard: CoreDataset, name: str, like: np.ndarray[Any, Any], sizes: list[int]) -> np.ndarray[Any, Any]:
    """A variable of a shard's points, padded; nothing but NaN where all of them failed before it was there."""
    if name in shard["variables"]:
        return _padded(shard["variables"][name][1], sizes)
    return np.full((shard["dims"]["point"], *sizes), np.nan, dtype=like.dtype)


def _padded(values: np.ndarray[Any, Any], sizes: list[int]) -> np.ndarray[Any, Any]:
    """Rows of points with NaN (texts: nothing) where a run has no values."""
    missing = [(0, size - have) for size, have in zip(sizes, values.shape[1:], strict=True)]
    if not any(after for _, after in missing):
        return values
    nothing = np.nan if values.dtype.kind == "f" else ""
    return np.pad(values, [(0, 0), *missing], constant_values=nothing)
