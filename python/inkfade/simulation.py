"""One scenario over its horizon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.fade import Fade
from inkfade.rungs import check_rung
from inkfade.scenario import YEAR, Scenario
from inkfade.units import setting

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from inkfade.rungs import Rung
    from inkfade.units import Given
    from inkfade.watching import Callback, Custom


def simulate(  # noqa: PLR0913  # what is kept of a run, by name
    scenario: Scenario,
    *,
    years: float | None = None,
    times: Iterable[Given] | None = None,
    fields: bool = True,
    appearance: bool = True,
    wall_limit: float | None = None,
    check: bool = False,
    callback: Callback | None = None,
    observables: Mapping[str, Custom] | None = None,
    rung: Rung = "column",
) -> Fade:
    """
    Simulate one scenario over its horizon.

    Parameters
    ----------
    scenario
        What is treated and how.
    years
        How long [year]; the scenario's own horizon where not given.
    times
        Saved times with units, increasing, for example ``["0 day", "42 day", "5 year"]``; where not given, dense
        in the first weeks and monthly later.
    fields
        Keep the profiles over depth, not only the observables.
    appearance
        Look at the patch at every saved time, about 70 us each: patch_contrast and patch_lab, and what they were when
        healed. `Fade.appearance` sees more, and more exactly.
    wall_limit
        Give up after this many seconds (a callback's own time counts, too).
    check
        Raise if the run fails; else look at `Fade.status`.
    callback
        Called at every saved time with a `Snapshot`, in this thread, while the run waits. True ends the run with the
        status "cancelled" and what was saved until then; False or None goes on. What it raises ends the run and comes
        out unchanged.
    observables
        Numbers of your own by name, evaluated at every saved time, kept in the dataset and the result file: a
        function of a `Snapshot`, or (function, unit), or (function, unit, dimensions) where it gives an array, for
        example ``{"deep": (fn, "mg cm-2"), "by_layer": (fn, "mg cm-2", ("layer",))}``. Attributes ``units`` and
        ``dims`` of the function do as well. None is no value (NaN); NaN itself is an error.
    rung
        How much of the skin's geometry to resolve: "column", with profiles over depth, or "well_mixed", where
        epidermis and dermis are well mixed and nothing has a depth; `fields` and
        `appearance` have no meaning there.

    Returns
    -------
    Fade
        The result; a failed run keeps what was saved before it failed.

    Raises
    ------
    ParameterError
        If an option is not allowed, or a callback or observable gives what it must not.
    IntegrationError
        If `check` is set and the run failed.
    """
    if not isinstance(scenario, Scenario):
        raise _core.ParameterError(
            f"simulate takes an inkfade.Scenario, got {scenario!r}: make one with Scenario.preset or Scenario.from_file"
        )
    if years is not None:
        scenario = with_years(scenario, years)
    check_appearance(appearance)
    options: dict[str, Any] = {
        "times": None if times is None else saved_times(times),
        "fields": fields,
        "wall_limit": wall_seconds(wall_limit),
        "rung": check_rung(rung),
        "contrast": appearance,
    }
    watcher = None
    if callback is not None or observables is not None:
        from inkfade.watching import watch

        solution, watcher = watch(scenario, callback, observables, options)
    else:
        [solution], interrupted = _core.simulate_many([scenario.core], threads=1, **options)
        if interrupted:
            raise KeyboardInterrupt
    if check and solution.status != "ok":
        raise _core.IntegrationError(f"{solution.message} (status {solution.status})")
    dataset = _core.run_dataset(scenario.core, solution)
    return Fade(scenario, dataset if watcher is None else watcher.record(dataset))


def check_appearance(appearance: object) -> None:
    """Refuse what does not say whether to look at the patch."""
    if not isinstance(appearance, bool | np.bool_):
        raise _core.ParameterError(
            f"appearance = {appearance!r}: must be True or False; Fade.appearance takes a fidelity"
        )


def with_years(scenario: Scenario, years: float) -> Scenario:
    """A copy of the scenario that runs this long [year]."""
    if isinstance(years, bool) or not isinstance(years, int | float | np.number):
        raise _core.ParameterError(f"years = {years!r}: expected a bare number of years, for example years=10")
    allowed = _core.parameter_info("run.horizon")
    assert allowed is not None
    if not allowed["lower_si"] <= years * YEAR <= allowed["upper_si"]:
        raise _core.ParameterError(
            f"years = {years!r}: run.horizon must be between {allowed['lower']} and {allowed['upper']}"
        )
    return scenario.with_({"run.horizon": f"{float(years)!r} year"})


def saved_times(times: Iterable[Given]) -> NDArray[np.float64]:
    """Times with units in seconds (n_times,)."""
    if isinstance(times, str) or not isinstance(times, Iterable):
        raise _core.ParameterError(f"times = {times!r}: expected a list, for example ['0 day', '5 year']")
    given = [setting(t, "times") for t in times]
    if not given:
        raise _core.ParameterError("times is empty: give at least one, for example ['0 day', '5 year']")
    for value in given:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise _core.ParameterError(f"times: {value} has no unit: write for example '{value} day'")
        if not isinstance(value, str):
            raise _core.ParameterError(f"times: {value!r}: must be text with a unit, for example '3 day'")
    return np.array([_core.to_si(str(value), "s", "times") for value in given], dtype=np.float64)


def wall_seconds(limit: float | None) -> float:
    """The wall-clock limit of one run [s] as the core takes it (0: none)."""
    if limit is None:
        return 0.0
    is_number = isinstance(limit, int | float | np.number) and not isinstance(limit, bool)
    if not is_number or not limit > 0 or limit == float("inf"):
        raise _core.ParameterError(f"wall_limit = {limit!r}: must be a finite number of seconds above 0")
    return float(limit)
