"""Whether the labelled arrays of a file are a result, before anything is made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inkfade.dataset import CoreDataset

_NUMBERS, _WHOLE, _TEXT = "numbers", "whole numbers", "text"
_KINDS = {_NUMBERS: "f", _WHOLE: "i", _TEXT: "OU"}

# What every result holds: dimensions of one run, kind of value, unit (None: carries none).
_FORM: dict[str, tuple[tuple[str, ...], str, str | None]] = {
    "time": (("time",), _NUMBERS, "day"),
    "pool": (("pool",), _TEXT, None),
    "fate": (("fate",), _TEXT, None),
    "mass": (("time", "pool"), _NUMBERS, "mg cm-2"),
    "ledger": (("time", "fate"), _NUMBERS, "mg cm-2"),
    "deposited": (("time",), _NUMBERS, "mg cm-2"),
    "retained_of_deposit": (("time",), _NUMBERS, "1"),
    "retained_of_healed": (("time",), _NUMBERS, "1"),
    "patch_dose": (("time",), _NUMBERS, "ug cm-2"),
    "healed_time": ((), _NUMBERS, "day"),
    "touch_up_time": ((), _NUMBERS, "year"),
    "touch_up_observed": ((), _WHOLE, "1"),
    "status": ((), _WHOLE, None),
    "status_time": ((), _NUMBERS, "day"),
    "message": ((), _TEXT, None),
    "steps": ((), _WHOLE, "1"),
}


def check_result(where: str, dataset: CoreDataset) -> None:
    """
    Refuse a file that does not hold what a result of inkfade holds.

    Parameters
    ----------
    where
        What messages call the file.
    dataset
        Its labelled arrays.

    Raises
    ------
    FormatError
        With what is missing, or which variable is of another shape, type or unit.
    """
    for complaint in _complaints(dataset):
        raise FormatError(f"{where}: {complaint}; another program has written or changed this file")


def _complaints(dataset: CoreDataset) -> Iterator[str]:
    attrs = dataset["attrs"]
    if not isinstance(attrs.get("scenario"), str):
        yield "holds no scenario"
    swept: tuple[str, ...] = ()
    if "sweep" in attrs:
        labels = _labels(attrs["sweep"])
        if not labels or not isinstance(attrs.get("plan"), str):
            yield "its description as a sweep is damaged"
        swept = tuple(labels)
        yield from _axes_complaints(dataset, labels)
    for name in _FORM:
        yield from _variable_complaints(dataset, name, swept)
    status = dataset["variables"]["status"][2]
    meanings = status.get("flag_meanings")
    if not isinstance(meanings, str) or len(meanings.split()) != np.size(status.get("flag_values", ())):
        yield "variable 'status' does not say what its numbers mean (flag_values, flag_meanings)"


def _labels(text: object) -> dict[str, list[str]]:
    """The coordinates of each dimension of a sweep; empty where they cannot be read."""
    try:
        labels = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    is_right = isinstance(labels, dict) and all(
        isinstance(names, list) and names and all(isinstance(name, str) for name in names) for names in labels.values()
    )
    return labels if is_right else {}


def _axes_complaints(dataset: CoreDataset, labels: dict[str, list[str]]) -> Iterator[str]:
    for dim, names in labels.items():
        for name in (dim, *names):
            dims, _, attrs = dataset["variables"].get(name, ((), None, {}))
            if dims != (dim,) or (name in names and not isinstance(attrs.get("parameter"), str)):
                yield f"the axis {name!r} of the sweep is missing or damaged"


def _variable_complaints(dataset: CoreDataset, name: str, swept: tuple[str, ...]) -> Iterator[str]:
    own, kind, unit = _FORM[name]
    if name not in dataset["variables"]:
        yield f"holds no variable {name!r}"
        return
    dims, values, attrs = dataset["variables"][name]
    of_runs = name not in ("time", "pool", "fate")
    wanted = (*swept, *own) if of_runs else own
    if tuple(dims) != wanted:
        yield f"variable {name!r} has the dimensions ({', '.join(dims)}), not ({', '.join(wanted)})"
    if values.dtype.kind not in _KINDS[kind]:
        yield f"variable {name!r} is not of {kind}"
    if unit is not None and attrs.get("units") != unit:
        found = f"is in {attrs['units']!r}" if "units" in attrs else "has no unit"
        yield f"variable {name!r} {found}: it must be in {unit!r}"
