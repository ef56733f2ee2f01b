"""How the numbers of a run change with its parameters: derivatives that are carried along with the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from inkfade import _core
from inkfade.ensembles import DAY, YEAR, check_observables, field_unit, status_attributes
from inkfade.progress import progress_bar
from inkfade.scenario import Parameter, Scenario, find_parameter, registry
from inkfade.simulation import saved_times, wall_seconds
from inkfade.units import check_threads

if TYPE_CHECKING:
    import xarray as xr

    from inkfade.units import Given


def sensitivities(
    scenario: Scenario,
    parameters: Iterable[str],
    *,
    times: Iterable[Given] | None = None,
    observables: Sequence[str] = ("retained_of_deposit",),
    relative: bool = False,
    threads: int = 0,
    wall_limit: float | None = None,
    progress: bool = False,
) -> xr.Dataset:
    """
    Run a scenario once, and with it the derivatives of its numbers by parameters.

    Forward sensitivities: each parameter takes a lane of the processor's vectors, in which the solver's own arithmetic
    carries values and derivatives. The values are those of `simulate`, bit by bit, and the derivatives are those of
    these numbers at the steps that were taken: no difference has to be chosen, and solver noise does not enter. What
    is made ready before a run (coefficients, deposits, dates) is differentiated by differences, to about 1e-9.

    Parameters
    ----------
    scenario
        The run.
    parameters
        Dotted names or aliases of real parameters which the scenario holds.
    times
        Saved times, rising, as text with units; None: dense in the first weeks, monthly later.
    observables
        What to differentiate; the names of `ensemble`, but for ledger_residual, the differences of colour and
        colour_drift.
    relative
        Derivatives times the parameter's value: the change for a relative change of each parameter, in the unit of
        the observable, so that parameters can be ranked.
    threads
        0: all cores.
    wall_limit
        Seconds of wall clock for the run of each parameter.
    progress
        Show a progress bar.

    Returns
    -------
    xarray.Dataset
        Each observable (time) and its derivative ``<observable>_slope`` (parameter, time), per `parameter_unit` of that
        row; touch_up_time [year], the horizon where none was observed, and touch_up_time_slope (parameter), NaN there;
        parameter_value and parameter_unit (parameter), the value in that unit; status and steps of the run. Where a
        rate has a kink the derivative is that of the side on which the run is, and for a parameter at its bound that
        of the allowed side; a rate of 0 may change so much by being switched on that its derivative holds for tiny
        changes only. It is NaN at a saved time that is an instant which the parameter moves, and where the observable
        is none. After a wall limit rows may be NaN that others have.

    Raises
    ------
    ParameterError
        If an observable is unknown, or a parameter has no derivative: integers and choices, those of the numerics, the
        horizon, one that the scenario does not hold or no other value of which is allowed, or one at a value where the
        model changes: two events coincide and it moves one, or a layer begins to have macrophages or to bind.

    Examples
    --------
    >>> import inkfade as ink
    >>> smp = ink.Scenario.preset("scalp-smp")
    >>> s = ink.sensitivities(smp, ["depth", "skin.lymph.rate"], times=["1 year", "5 year"])
    >>> bool((s.retained_of_deposit_slope.sel(parameter="skin.lymph.rate") < 0).all())
    True
    """
    import xarray as xr

    if not isinstance(scenario, Scenario):
        raise _core.ParameterError(
            f"sensitivities takes an inkfade.Scenario, got {scenario!r}: make one with Scenario.preset or "
            "Scenario.from_file"
        )
    check_threads(threads)
    names, infos = _names(scenario, parameters)
    kept = check_observables(observables)
    with progress_bar(total=len(names), unit="parameter", disable=None if progress else True) as bar:
        seconds, values, slopes, touch_up_slopes, run, interrupted = _core.sensitivities(
            scenario.core,
            parameters=names,
            observables=kept,
            times=None if times is None else saved_times(times),
            threads=threads,
            wall_limit=wall_seconds(wall_limit),
            progress=lambda done: bar.update(done - bar.n),
        )
        bar.update(len(names) - bar.n)
    if interrupted:
        raise KeyboardInterrupt
    si = np.array([info.factor for info in infos])
    value = np.array([float(scenario.core.get(name)) for name in names]) / si
    scale = value * si if relative else si
    per = "relative change of the parameter" if relative else "parameter_unit of the row"
    made: dict[str, Any] = {}
    for name, series, slope in zip(kept, values, slopes, strict=True):
        unit, factor = field_unit(name)
        title = name.replace("_", " ")
        made[name] = ("time", series * factor, {"units": unit, "long_name": title})
        made[f"{name}_slope"] = (
            ("parameter", "time"),
            slope * (factor * scale[:, None]),
            {"units": unit, "long_name": f"change of {title}", "per": per},
        )
    observed = bool(run["touch_up_observed"])
    failed = run["status"] != 0 and not observed  # says nothing of when it would have been
    made["touch_up_time"] = (
        (),
        np.nan if failed else run["touch_up_time"] / YEAR,
        {"units": "year", "long_name": "touch-up time"},
    )
    made["touch_up_observed"] = ((), np.int32(observed), {"long_name": "0: censored at the horizon"})
    made["touch_up_time_slope"] = (
        "parameter",
        touch_up_slopes * scale / YEAR,
        {"units": "year", "long_name": "change of touch-up time", "per": per},
    )
    made["status"] = ((), np.int32(run["status"]), status_attributes())
    made["steps"] = ((), np.int64(run["steps"]), {"units": "1", "long_name": "time steps, rejected ones included"})
    coordinates = {
        "time": ("time", seconds / DAY, {"units": "day", "long_name": "time since the start"}),
        "parameter": ("parameter", names),
        "parameter_value": ("parameter", value, {"long_name": "value of the parameter, in parameter_unit"}),
        "parameter_unit": ("parameter", [info.unit for info in infos]),
    }
    attrs = {
        "title": f"inkfade sensitivities of {scenario.preset_name}",
        "scenario": scenario.to_toml(),
        "program_version": _core.__version__,
        "note": "predictions of a model, not medical advice",
        **({"message": run["message"]} if run["message"] else {}),
    }
    return xr.Dataset(made, coords=coordinates, attrs=attrs)


def _names(scenario: Scenario, parameters: Iterable[str]) -> tuple[list[str], list[Parameter]]:
    """Dotted names as the core knows them, and what is fixed about them."""
    if isinstance(parameters, str | bytes) or not isinstance(parameters, Iterable):
        raise _core.ParameterError(f"parameters = {parameters!r}: expected a list of names")
    names, infos = [], []
    for label in parameters:
        info = find_parameter(label) if isinstance(label, str) else None
        if info is None:
            known = [word for p in registry() for word in (p.name, p.alias) if word]
            hint = _core.did_you_mean(str(label), known)
            raise _core.ParameterError(f"parameters: there is no {label!r}{hint}")
        layered = "<layer>" in info.name
        if layered and str(label) not in scenario.parameters.index:
            layers = ", ".join(layer for layer in scenario.layers)
            raise _core.ParameterError(f"parameters: {label!r} names no layer of this skin; there are {layers}")
        names.append(str(label) if layered else info.name)
        infos.append(info)
    return names, infos
