"""How much memory results will take, said before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade import _core

if TYPE_CHECKING:
    from inkfade.scenario import Scenario

LIMIT = 4 << 30  # [byte] of the values of one result: no larger file is read back


def result_bytes(
    scenario: Scenario, n_runs: int, n_times: int | None = None, *, fields: bool = False, appearance: bool = False
) -> int:
    """
    Memory that the values of runs will take.

    Parameters
    ----------
    scenario
        What the runs share: layers, size classes, cells, and the horizon.
    n_runs
        How many runs.
    n_times
        How many saved times; those of the default where not given.
    fields
        Whether profiles over depth are kept.
    appearance
        Whether the patch is looked at.

    Returns
    -------
    int
        Bytes.
    """
    if n_times is None:
        n_times = len(_core.default_times(float(scenario["run.horizon"])))
    cells, classes = int(scenario["numerics.cells"]), int(scenario["numerics.classes"])
    a_time = 16 + len(scenario.layers) + 2 * classes + (cells * (3 * classes + 2) if fields else 0)
    a_time += 6 if appearance else 0
    visits = _most_visits(scenario)
    events = len(scenario.core.sessions) + 2 * len(scenario.core.interventions) + 1 + visits
    a_run = 40 + 16 * events + 24 * max(visits, 1)  # touch-up, status and the like; events with their kind; visits
    a_run += 56 if appearance else 0
    return n_runs * (8 * n_times * a_time + a_run)


def _most_visits(scenario: Scenario) -> int:
    """How many touch-ups a run can have at most: the axis is as long as the longest list."""
    rule = str(scenario["touch_up.schedule"])
    dated = [session["kind"] for session in scenario.core.sessions].count("touch_up")
    if rule == "none":
        return dated
    spacing = float(scenario["touch_up.interval" if rule == "fixed" else "touch_up.minimum_spacing"])
    return dated + int(float(scenario["run.horizon"]) / spacing)


def check_memory(
    what: str, scenario: Scenario, n_runs: int, n_times: int | None = None, *, fields: bool, appearance: bool = False
) -> None:
    """
    Refuse what would take more than `LIMIT`.

    Raises
    ------
    LimitError
        With what it would take, and what to change.
    """
    wanted = result_bytes(scenario, n_runs, n_times, fields=fields, appearance=appearance)
    if wanted <= LIMIT:
        return
    instead = "fewer runs or saved times" + (", or no profiles over depth" if fields else "")
    raise _core.LimitError(
        f"{what} of {n_runs} runs would take {wanted / (1 << 30):.3g} GiB of memory, more than the "
        f"{LIMIT >> 30} GiB that a result may take: ask for {instead}"
    )
