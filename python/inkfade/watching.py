"""Runs that are watched: a callback, and numbers of a user's own, at every saved time."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from inkfade import _core
from inkfade.snapshot import Snapshot

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from inkfade.dataset import CoreDataset
    from inkfade.scenario import Scenario

Callback: TypeAlias = "Callable[[Snapshot], bool | None]"
Evaluate: TypeAlias = "Callable[[Snapshot], object]"
Custom: TypeAlias = "Evaluate | tuple[Evaluate, str] | tuple[Evaluate, str, tuple[str, ...]]"


@dataclass(frozen=True, slots=True)
class Observable:
    """A number (or an array over some of the dataset's dimensions) of a user's own, evaluated at every saved time."""

    name: str
    evaluate: Evaluate
    units: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    meaning: str

    def at(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """
        Evaluate it; None stands for no value and is stored as NaN.

        Raises
        ------
        ParameterError
            If it gives something else than finite numbers in the expected shape.
        """
        given = self.evaluate(snapshot)
        said = f"observable {self.name} at {snapshot.time:g} days"
        if given is None:
            return np.full(self.shape, np.nan)
        array = np.asarray(given)
        if array.dtype.kind not in "iuf":
            raise _core.ParameterError(f"{said} gave {given!r}: expected a number, an array of numbers or None")
        if array.shape != self.shape:
            wanted = f"({', '.join(self.dims)}) = {self.shape}" if self.dims else "a single number"
            hint = "" if self.dims else f"; for an array name its dimensions: ({self.name!r}: (fn, 'unit', ('layer',)))"
            raise _core.ParameterError(f"{said} has the shape {array.shape}: expected {wanted}{hint}")
        if not np.isfinite(array).all():
            raise _core.ParameterError(f"{said} gave {given!r}: must be finite; return None where there is no value")
        return array.astype(np.float64)


def make_observables(given: Mapping[str, Custom], like: CoreDataset) -> list[Observable]:
    """
    Check what was given as `observables`.

    Parameters
    ----------
    given
        Functions of a `Snapshot` by name; see `inkfade.simulate`.
    like
        The dataset of such a run: its names are taken, its dimensions may be used.

    Raises
    ------
    ParameterError
        If a name is taken or no identifier, or a unit or dimension is unknown.
    """
    if not isinstance(given, Mapping):
        raise _core.ParameterError(f"observables = {given!r}: expected a dictionary of functions by name")
    return [_observable(name, entry, like) for name, entry in given.items()]


def _observable(name: object, entry: object, like: CoreDataset) -> Observable:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise _core.ParameterError(f"observable {name!r}: the name must be a word such as 'share_in_dermis'")
    if name in like["variables"] or name in like["dims"] or name == "scenario":
        raise _core.ParameterError(f"observable {name!r}: the dataset has this name already, choose another")
    evaluate, units, dims = (*entry, (), ())[:3] if isinstance(entry, tuple) else (entry, (), ())
    if not callable(evaluate) or (isinstance(entry, tuple) and not 1 <= len(entry) <= 3):
        raise _core.ParameterError(
            f"observable {name!r} = {entry!r}: expected a function of a snapshot, (function, unit) or "
            "(function, unit, dimensions)"
        )
    units = units or getattr(evaluate, "units", "1")
    dims = dims or getattr(evaluate, "dims", ())
    if not isinstance(units, str):
        raise _core.ParameterError(f"observable {name!r}: the unit {units!r} must be text, for example 'mg cm-2'")
    try:
        _core.convert(1.0, units, units)
    except _core.ParameterError as error:
        raise _core.ParameterError(f"observable {name!r}: {error}") from None
    dims = (dims,) if isinstance(dims, str) else tuple(dims)
    allowed = {d: n for d, n in like["dims"].items() if d in ("z", "layer", "pool", "fate", "size_class")}
    for dim in dims:
        if dim not in allowed or dims.count(dim) > 1:
            hint = _core.did_you_mean(str(dim), list(allowed))
            raise _core.ParameterError(
                f"observable {name!r}: dimension {dim!r}{hint}: use each of {', '.join(allowed)} once"
            )
    meaning = (getattr(evaluate, "__doc__", None) or name.replace("_", " ")).strip().splitlines()[0].rstrip(".")
    return Observable(name, evaluate, units, dims, tuple(allowed[d] for d in dims), meaning)


class Watcher:
    """What happens at the saved times of a watched run: observables first, then the callback."""

    def __init__(self, callback: Callback | None, observables: list[Observable]) -> None:
        self._callback = callback
        self._values: dict[Observable, list[NDArray[np.float64]]] = {o: [] for o in observables}

    def __call__(self, row: Mapping[str, Any]) -> bool:
        """Watch one saved time; True ends the run."""
        snapshot = Snapshot.of_row(row)
        for observable, values in self._values.items():
            values.append(observable.at(snapshot))
        if self._callback is None:
            return False
        answer = self._callback(snapshot)
        if answer is not None and not isinstance(answer, bool | np.bool_):
            raise _core.ParameterError(
                f"the callback returned {answer!r} at {snapshot.time:g} days: return True to end the run, "
                "False or None to go on"
            )
        return bool(answer)

    def record(self, dataset: CoreDataset) -> CoreDataset:
        """Add the observables' values to the dataset of the run."""
        for observable, values in self._values.items():
            made = np.array(values, dtype=np.float64).reshape(-1, *observable.shape)
            attrs = {
                "units": observable.units,
                "long_name": observable.meaning,
                "comment": "observable given to simulate",
            }
            dataset["variables"][observable.name] = (("time", *observable.dims), made, attrs)
        return dataset


def watch(
    scenario: Scenario,
    callback: Callback | None,
    observables: Mapping[str, Custom] | None,
    options: dict[str, Any],
) -> tuple[_core.Solution, Watcher]:
    """
    Run one scenario with somebody watching.

    Parameters
    ----------
    scenario
        What is simulated.
    callback, observables
        As in `inkfade.simulate`.
    options
        Times [s], fields and wall limit [s], as the core takes them.
    """
    if callback is not None and not callable(callback):
        raise _core.ParameterError(f"callback = {callback!r}: expected a function of a snapshot")
    custom = []
    if observables is not None:
        first = _core.simulate_watched(scenario.core, lambda _row: True, **options)  # ends at its first saved time
        custom = make_observables(observables, _core.run_dataset(scenario.core, first))
    watcher = Watcher(callback, custom)
    return _core.simulate_watched(scenario.core, watcher, **options), watcher
