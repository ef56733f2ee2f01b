"""Many runs of which only numbers are kept: the fast way through a million fades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from inkfade import _core
from inkfade.progress import progress_bar
from inkfade.protocol import TABLES
from inkfade.scenario import Scenario, find_parameter
from inkfade.simulation import saved_times, wall_seconds
from inkfade.units import check_threads, check_whole, setting

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from inkfade.units import Given

MOST_RUNS = 1_000_000_000
DAY = 86400.0
YEAR = 365.25 * DAY
_FIELD_UNITS = {"kg m-2": "mg cm-2", "m": "um", "1": "1", "degree": "degree"}


def ensemble(
    scenario: Scenario,
    parameters: Mapping[str, Any] | None = None,
    *,
    n: int | None = None,
    seed: int = 0,
    times: Iterable[Given] = (),
    observables: Sequence[str] | None = None,
    threads: int = 0,
    wall_limit: float | None = None,
    progress: bool = True,
) -> xr.Dataset:
    """
    Run a scenario many times, side by side in the processor's vectors and on all cores, and keep numbers only.

    A run has the same bits as `simulate` gives for the same SI values and times, whatever the order, the number of
    runs and of threads. What is kept is allocated before the first run; memory does not grow with the runs.

    Parameters
    ----------
    scenario
        What all runs share.
    parameters
        Values by dotted name or alias, one for each run (n,): an array where the parameter is dimensionless, else
        ``(array, "unit")`` or a list of text with units. None: people are drawn from the scenario's distributions.
    n
        Number of runs; needed where people are drawn.
    seed
        Of the draws: run i is person i of this seed, whatever `n`.
    times
        Saved times, rising, as text with units. Without any only touch-up times are kept, and a run ends as soon as
        its touch-up is known.
    observables
        What to keep at the saved times; retained_of_deposit where not given. retained_of_deposit, retained_of_healed
        [1]; patch_dose, deposited, free_mass, macrophage_mass, stroma_mass, shed, drained, degraded, removed [mg/cm2];
        centroid, spread [um]; peak_load, ledger_residual [1]; and what is seen of the patch, about as
        `Fade.appearance` has it: patch_contrast [dE00], patch_contrast_of_healed [1], the differences to bare skin
        lightness_difference, red_green_difference and blue_yellow_difference [1], and colour_drift [degree]. A look
        at a saved time takes about 70 us.
    threads
        0: all cores.
    wall_limit
        Seconds of wall clock for each run; a run that takes longer has status `deadline`. Runs go side by side, a few
        at a time on each core, and a run's clock goes on while those step. It stands still while others have their
        turn (runs with other numbers of cells or classes) or are made ready.
    progress
        Show a progress bar.

    Returns
    -------
    xarray.Dataset
        Each observable (run, time); touch_up_time [year], touch_up_observed (0: censored at the horizon), status and
        steps (run); the parameters as coordinates (run). A failed run is a row with its status, NaN from where it
        ended; its touch-up time is NaN unless it came before.

    Raises
    ------
    ParameterError
        If a parameter or observable is unknown, arrays differ in length, or a run's values are not allowed: then it
        says which run.
    """
    import xarray as xr

    if not isinstance(scenario, Scenario):
        raise _core.ParameterError(
            f"ensemble takes an inkfade.Scenario, got {scenario!r}: make one with Scenario.preset or Scenario.from_file"
        )
    if not isinstance(parameters, Mapping | None):
        raise _core.ParameterError(
            f"parameters = {parameters!r}: expected a mapping of names to values; n=... draws that many people"
        )
    check_threads(threads)
    check_whole("seed", seed, 0, 2**64 - 1)
    names, columns, coordinates = _columns(scenario, parameters)
    count = _count(n, columns)
    given = times if isinstance(times, str) else list(times)  # a text is refused with an example of a list
    seconds = saved_times(given) if given else None
    if seconds is None and observables is not None:
        raise _core.ParameterError(
            f"observables = {observables!r}: need times at which they are kept, for example times=['5 year']"
        )
    kept = check_observables(("retained_of_deposit",) if observables is None else observables)
    if seconds is None:
        kept = []

    with progress_bar(total=count, unit="run", disable=None if progress else True) as bar:
        values, touch_up, observed, status, steps, interrupted = _core.run_ensemble(
            scenario.core,
            parameters=names,
            values=np.stack(columns, axis=1) if columns else np.empty((0,)),
            n=count,
            seed=seed,
            observables=kept,
            times=seconds,
            threads=threads,
            wall_limit=wall_seconds(wall_limit),
            progress=lambda done: bar.update(done - bar.n),
        )
        bar.update(count - bar.n)
    if interrupted:
        raise KeyboardInterrupt
    made: dict[str, Any] = {}
    for name, block in zip(kept, values, strict=True):
        unit, factor = field_unit(name)
        np.multiply(block, factor, out=block)  # a million runs: not twice in memory
        made[name] = (("run", "time"), block, {"units": unit, "long_name": name.replace("_", " ")})
    touch_up[(status != 0) & (observed == 0)] = np.nan  # a run that failed says nothing of when it would have been
    said = "the horizon where touch_up_observed is 0: no mean or quantile beyond it"
    made["touch_up_time"] = (
        "run",
        touch_up / YEAR,
        {"units": "year", "long_name": "touch-up time", "comment": said},
    )
    made["touch_up_observed"] = ("run", observed, {"long_name": "0: censored at the horizon"})
    made["status"] = ("run", status, status_attributes())
    made["steps"] = ("run", steps, {"units": "1", "long_name": "time steps, rejected ones included"})
    if seconds is not None:
        coordinates["time"] = ("time", seconds / DAY, {"units": "day", "long_name": "time since the start"})
    attrs = {
        "title": f"inkfade ensemble of {scenario.preset_name}: {count} runs",
        "scenario": scenario.to_toml(),
        "program_version": _core.__version__,
        **({} if names else {"seed": seed}),
        "note": "predictions of a model, not medical advice",
    }
    return xr.Dataset(made, coords=coordinates, attrs=attrs)


def _columns(
    scenario: Scenario, parameters: Mapping[str, Any] | None
) -> tuple[list[str], list[NDArray[np.float64]], dict[str, Any]]:
    """Dotted names, SI values (n,) and coordinates of the parameters that are set run by run."""
    names: list[str] = []
    columns: list[NDArray[np.float64]] = []
    coordinates: dict[str, Any] = {}
    for label, given in (parameters or {}).items():
        info = find_parameter(label)
        if info is None and label not in TABLES:
            scenario.core.get(label)  # says that there is none, and which is near
        if info is None or info.kind != "real":
            raise _core.ParameterError(
                f"{label}: an ensemble sets numbers run by run, and this is no real number; "
                "a sweep may take it as an axis"
            )
        name = label if "<layer>" in info.name else info.name
        if name == "run.horizon":
            raise _core.ParameterError(
                "run.horizon: the runs of an ensemble share their saved times and so their horizon"
            )
        if name in names:
            raise _core.ParameterError(f"{label}: {name} is given twice")
        numbers, unit = _numbers(label, info.unit, given)
        if columns and len(numbers) != len(columns[0]):
            raise _core.ParameterError(
                f"{label} has {len(numbers)} values, {names[0]} has {len(columns[0])}: a run needs one of each"
            )
        names.append(name)
        columns.append(numbers * _core.to_si(f"1 {unit}", info.unit, label) if unit != "1" else numbers)
        attrs = {"parameter": name, "units": unit, "long_name": label.replace("_", " ").replace(".", " ")}
        coordinates[label] = ("run", numbers, attrs)
    return names, columns, coordinates


def _numbers(label: str, like: str, given: Any) -> tuple[NDArray[np.float64], str]:
    """Values of one parameter as numbers (n,) in a unit."""
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str):
        values, unit = given
    elif like == "1":
        values, unit = given, "1"
    else:
        entries = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
        texts = [setting(value, label) for value in entries]
        if not all(isinstance(text, str) for text in texts):
            raise _core.ParameterError(
                f"{label}: a bare number has no unit; give (array, 'unit') or text, for example (values, '{like}')"
            )
        scale = _core.to_si(f"1 {like}", like, label)
        values, unit = [_core.to_si(str(text), like, label) / scale for text in texts], like
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise _core.ParameterError(f"{label}: expected an array of numbers, got {values!r}") from None
    if numbers.ndim != 1 or numbers.size == 0:
        raise _core.ParameterError(f"{label} has shape {numbers.shape}: expected one value for each run")
    if not np.all(np.isfinite(numbers)):
        run = int(np.argmin(np.isfinite(numbers)))
        raise _core.ParameterError(f"run {run}: {label}: {numbers[run]} is not a finite number")
    return numbers, unit


def _count(n: int | None, columns: list[NDArray[np.float64]]) -> int:
    if columns:
        if n is not None and n != len(columns[0]):
            raise _core.ParameterError(f"n = {n!r}: the parameters have {len(columns[0])} values; leave n out")
        return len(columns[0])
    if n is None:
        raise _core.ParameterError("n: say how many people to draw, or give parameters run by run")
    check_whole("n", n, 1, MOST_RUNS)
    return int(n)


def field_unit(observable: str) -> tuple[str, float]:
    """Unit in which an observable is given, and what SI numbers are multiplied by for it."""
    si = dict(_core.observable_names())[observable]
    unit = "ug cm-2" if observable == "patch_dose" else _FIELD_UNITS[si]
    return unit, _core.convert(1.0, si, unit)


def status_attributes() -> dict[str, Any]:
    """What the numbers of a status variable mean (CF flags)."""
    names = list(_core.status_advice())
    return {"flag_values": np.arange(len(names), dtype=np.int32), "flag_meanings": " ".join(names)}


def check_observables(given: Sequence[str]) -> list[str]:
    """Names of observables, each once; raises ParameterError for one that there is not."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise _core.ParameterError(f"observables = {given!r}: expected a list of names")
    known = [name for name, _ in _core.observable_names()]
    for name in given:
        if name not in known:
            hint = _core.did_you_mean(str(name), known)
            raise _core.ParameterError(f"observables: there is no {name!r}{hint}; there are {', '.join(known)}")
    return list(dict.fromkeys(given))
