"""What derivatives cost: a run with those by 1 to 20 parameters, beside the run alone and central differences.

`./scripts/benchmark sensitivities`. Processor time on one thread, best of interleaved repeats. Before anything is timed
the derivatives of the retained mass are held to central differences of the same scenario at a fine tolerance.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import inkfade as ink
from inkfade.scenario import find_parameter

if TYPE_CHECKING:
    from collections.abc import Callable

PARAMETERS = [
    "procedure.depth",
    "procedure.depth_sd",
    "procedure.deposit_per_dot",
    "procedure.epidermal_fraction",
    "macrophages.capture_rate",
    "macrophages.half_life",
    "macrophages.capacity_volume",
    "macrophages.hop_factor",
    "macrophages.egress_rate",
    "macrophages.recruitment_rate",
    "macrophages.departure_rate",
    "macrophages.uptake_diameter",
    "stroma.binding_rate",
    "stroma.release_rate",
    "skin.lymph.rate",
    "skin.lymph.gate_diameter",
    "skin.wound.loss_rate",
    "skin.wound.closure_time",
    "skin.diffusivity_100nm",
    "ink.size_median",
]
TIMES = [f"{d} day" for d in range(1, 3650, 26)]


def check(scenario: ink.Scenario) -> float:
    """Worst difference between derivatives and central differences, as elasticities of the retained mass."""
    fine = scenario.with_(
        {"numerics.rtol": 1e-8, "numerics.cells": 16, "numerics.classes": 2, "numerics.max_steps": 1_000_000}
    )
    times = ["42 day", "1 year", "5 year"]
    run = ink.sensitivities(fine, PARAMETERS, times=times, relative=True)
    worst = 0.0
    for i, name in enumerate(PARAMETERS):
        info = find_parameter(name)
        assert info is not None
        values = float(fine.core.get(name)) / info.factor * (1.0 + 4e-3 * np.array([-2.0, -1.0, 1.0, 2.0]))
        runs = ink.ensemble(
            fine, {name: values if info.unit == "1" else (values, info.unit)}, times=times, progress=False
        )
        expected = np.array([1.0, -8.0, 8.0, -1.0]) / (12.0 * 4e-3) @ runs.retained_of_deposit.values
        difference = np.abs(run.retained_of_deposit_slope.values[i] - expected) / run.retained_of_deposit.values
        worst = max(worst, float(np.max(difference)))
    return worst


def best(repeats: int, jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Least processor time of each job [s], repeats interleaved."""
    times = dict.fromkeys(jobs, np.inf)
    for _ in range(repeats):
        for name, job in jobs.items():
            start = time.process_time()
            job()
            times[name] = min(times[name], time.process_time() - start)
    return times


def main() -> None:
    """Check, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    scenario = ink.Scenario.preset("scalp-smp").with_(
        {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}
    )
    worst = check(scenario)
    if not worst < 1e-5:
        raise SystemExit(f"derivatives differ from central differences by {worst:.1e}: nothing is timed")
    print(f"worst difference of an elasticity of retained mass to central differences: {worst:.1e}\n")
    differences = {"procedure.depth": (np.full(40, 400.0), "um")}
    jobs: dict[str, Callable[[], object]] = {
        "simulate, no profiles": lambda: ink.simulate(scenario, times=TIMES, fields=False, appearance=False),
        "40 runs of central differences": lambda: ink.ensemble(
            scenario, differences, times=TIMES, threads=1, progress=False
        ),
    }
    for n in (1, 4, 20):
        jobs[f"run and derivatives by {n}"] = (
            lambda n=n: ink.sensitivities(  # type: ignore[misc]
                scenario, PARAMETERS[:n], times=TIMES, threads=1
            )
        )
    times = best(options.repeats, jobs)
    plain = times["simulate, no profiles"]
    print(f"{'':34}{'ms':>8}{'over simulate':>16}")
    for name, seconds in times.items():
        print(f"{name:34}{1e3 * seconds:8.2f}{seconds / plain:16.1f}")
    if options.json:
        options.json.write_text(json.dumps({"seconds": times, "worst_elasticity_difference": worst}, indent=2))


if __name__ == "__main__":
    main()
