"""Ensembles of 10-year fades per core, against CVODE, LSODA and diffrax: same semi-discrete systems, same accuracy.

Parameters are spread by 30 % either way. Every solver runs at its loosest tolerance whose retained mass is within the
bound at all saved times of the centre run, and stays so one rung further down, against CVODE at rtol 1e-9. Runs and
peers alternate in one process; medians of the ratios count. What Python adds to a peer's calls is
measured and taken off before ratios are taken, which favours the peer. CVODE runs with its own difference quotients and
with our compiled exact Jacobian; diffrax runs many columns side by side under jax.vmap (jax_peer.py), compiled before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax_peer
import numpy as np
import peers
from column_vs_peers import BOUND, LADDER, REFERENCE_RTOL, error_of, processor, python_call_seconds

import inkfade as ink
from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable

GOALS = {"CVODE": 100.0, "CVODE, exact Jacobian": None, "LSODA": 200.0, "diffrax": 20.0}
DIFFRAX = ("Kvaerno3",)  # with this system faster than Kvaerno4 and Kvaerno5
RATES_BOUND = 1e-12  # of the right-hand side in jax, relative to the terms of each rate
DOSES = (0.05, 0.25, 2.5)
SPREAD = 0.3
FINE = [1e-1, 5e-2, 3e-2, 2e-2, 1.5e-2, 1.2e-2, 1e-2, 8e-3, 6.5e-3, 5e-3, 4e-3, 3e-3, 2e-3]
FINE += [rtol for rtol in LADDER if rtol < 2e-3]
# Not spread: what has no effect on a column's fate, and the ends of the size classes, which bound other values.
FIXED = ("procedure.kept_share", "procedure.overlap", "procedure.dot_diameter", "procedure.dot_density")
BOUNDS = ("ink.size_min", "ink.size_max")


def scenario_of(dose: float, rtol: float = 1e-3) -> ink.Scenario:
    """The preset with a local dose, for a column of 64 cells and 6 classes over 10 years."""
    return ink.Scenario.preset("scalp-smp").with_(
        {
            "procedure.local_dose": f"{dose!r} mg/cm2",
            "run.horizon": "10 year",
            "numerics.cells": 64,
            "numerics.classes": 6,
            "numerics.self_shading": False,
            "numerics.rtol": rtol,
            "touch_up.measure": "retained_of_healed",  # transport alone: the peers do not look at the patch
            "touch_up.threshold": 0.7,
        }
    )


def spread_values(scenario: ink.Scenario, n: int, share: float) -> dict[str, Any]:
    """Values of every real parameter of skin, ink, procedure, macrophages and stroma, n of each, within this share."""
    random = np.random.default_rng(20)
    groups = ("skin.", "ink.", "procedure.", "macrophages.", "stroma.")
    values: dict[str, Any] = {}
    for name in scenario.core.names():
        info = _core.parameter_info(name)
        if info is None or info["kind"] != "real" or not name.startswith(groups) or name in (*FIXED, *BOUNDS):
            continue
        centre = float(scenario[name])
        if centre == 0.0:
            continue
        drawn = centre * random.uniform(1.0 - share, 1.0 + share, n)
        values[name] = (np.clip(drawn, info["lower_si"], info["upper_si"]) / info["factor"], info["unit"])
    return values


def scenarios_of(centre: ink.Scenario, values: dict[str, Any], n: int) -> list[ink.Scenario]:
    """The centre of the spread, then n - 1 runs drawn as the ensemble's are, as scenarios of their own."""

    def text(value: float, unit: str) -> Any:
        return f"{float(value)!r} {unit}" if unit not in ("", "1") else float(value)

    one = [{name: text(drawn[i], unit) for name, (drawn, unit) in values.items()} for i in range(n - 1)]
    return [centre, *(centre.with_(given) for given in one)]


def handing_over_seconds(column: peers.Column, repeats: int = 20) -> tuple[float, float]:
    """
    Seconds that scikit-sundae's way of taking a banded Jacobian costs, which a program in C would not pay.

    It is handed over in a dense array, new for each segment, and the band is picked out of it: seconds for each segment
    and for each Jacobian.
    """
    n = column.system.n
    y = column.system.initial_state()
    below, above = column.system.bandwidths
    ends = [(max(0, j - above), min(n, j + below + 1)) for j in range(n)]
    places = np.concatenate([np.arange(low, high) * n + j for j, (low, high) in enumerate(ends)])
    matrix, out = np.zeros((n, n)), np.empty(len(places))

    def least(work: Callable[[], Any]) -> float:
        return min(seconds_of(work) for _ in range(repeats))

    warm = least(lambda: column.system.jacobian(0.0, y, matrix))
    fresh = least(lambda: column.system.jacobian(0.0, y, np.zeros((n, n))))
    return max(fresh - warm, 0.0), least(lambda: np.take(matrix.ravel(), places, out=out, mode="clip"))


def seconds_of(work: Callable[[], Any]) -> float:
    """Processor seconds of a call, all threads together."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def loosest(run: Callable[[float], peers.Array], reference: peers.Array, ladder: list[float]) -> tuple[float, float]:
    """The loosest tolerance that keeps the bound there and one rung further down, and its error."""
    before: tuple[float, float] | None = None
    for rtol in ladder:
        try:
            error = error_of(run(rtol), reference)
        except RuntimeError:
            error = float("inf")
        if error <= BOUND and before is not None:
            return before
        before = (rtol, error) if error <= BOUND else None
    raise SystemExit(f"no rtol down to {ladder[-1]:g} reaches {BOUND:g}")


def batches_of(
    scenario: ink.Scenario, times: peers.Array, reference: peers.Array, n: int
) -> tuple[dict[str, jax_peer.Batch], dict[str, tuple[float, float]]]:
    """Diffrax's solvers on n runs side by side, compiled, each at its loosest tolerance; none without it."""
    batches: dict[str, jax_peer.Batch] = {}
    settings: dict[str, tuple[float, float]] = {}
    if n == 0:
        return batches, settings
    many = scenarios_of(scenario, spread_values(scenario, n, SPREAD), n)
    for solver in DIFFRAX:
        name = f"diffrax, {solver}"
        batches[name] = batch = jax_peer.Batch(many, times, solver)
        batch.compile(LADDER[0])
        settings[name] = loosest(lambda rtol, batch=batch: batch.retained(rtol)[0], reference, LADDER)
    return batches, settings


def measure(dose: float, runs: int, repeats: int, side_by_side: int) -> dict[str, Any]:
    """One dose: our ensembles and the peers, in turn."""
    scenario = scenario_of(dose)
    column = peers.Column(scenario)
    times = np.asarray(_core.default_times(float(scenario["run.horizon"])))
    text = [f"{float(t)!r} s" for t in times]
    reference = peers.retained(column, times, peers.cvode, REFERENCE_RTOL)
    call, _ = python_call_seconds(column, 5000)

    ours_rtol, ours_error = loosest(lambda r: peers.ours(scenario_of(dose, r), times)[0], reference, FINE)
    stride = column.system.stride

    def of(integrate: Callable[..., peers.Array], **options: Any) -> Callable[[float], peers.Array]:
        return lambda rtol: peers.retained(column, times, integrate, rtol, **options)

    contestants = {
        "CVODE, full band": of(peers.cvode),
        "CVODE, narrow band": of(peers.cvode, upper=stride),
        "CVODE, full band, exact Jacobian": of(peers.cvode, exact=True),
        "CVODE, narrow band, exact Jacobian": of(peers.cvode, upper=stride, exact=True),
        "LSODA, full band": of(peers.lsoda),
        "LSODA, narrow band": of(peers.lsoda, upper=stride),
    }
    settings = {name: loosest(run, reference, FINE) for name, run in contestants.items()}
    fresh, copy = handing_over_seconds(column)
    segments = len(column.system.breakpoints)
    batches, settings_of_batches = batches_of(scenario, times, reference, side_by_side)
    settings |= settings_of_batches

    asked = scenario_of(dose, ours_rtol)
    spread = spread_values(asked, runs, SPREAD)
    same = spread_values(asked, runs, 0.0)

    def sweep(values: dict[str, Any], threads: int = 1) -> Any:
        return ink.ensemble(asked, values, times=text, threads=threads, progress=False)

    failed = int((sweep(spread).status != 0).sum())
    timed: dict[str, list[float]] = {name: [] for name in ("spread", "same", "wall 1", "wall 2", *settings)}
    for _ in range(repeats):
        timed["spread"].append(seconds_of(lambda: sweep(spread)) / runs)
        timed["same"].append(seconds_of(lambda: sweep(same)) / runs)
        for threads in (1, 2):
            begin = time.perf_counter()
            sweep(spread, threads)
            timed[f"wall {threads}"].append((time.perf_counter() - begin) / runs)
        for name, run in contestants.items():
            column.calls = column.jacobians = 0
            seconds = seconds_of(lambda run=run, name=name: run(settings[name][0]))
            handed_over = column.jacobians * (call + copy) + (segments * fresh if column.jacobians else 0.0)
            timed[name].append(seconds - column.calls * call - handed_over)
        for name, batch in batches.items():
            seconds = seconds_of(lambda batch=batch, name=name: batch.retained(settings[name][0]))
            timed[name].append(seconds / side_by_side)
    ratios = {
        name: statistics.median(p / o for p, o in zip(timed[name], timed["spread"], strict=True)) for name in settings
    }
    return {
        "dose": dose,
        "cells": scenario["numerics.cells"],
        "classes": scenario["numerics.classes"],
        "years": float(scenario["run.horizon"]) / (365.25 * 86400),
        "saved_times": len(times),
        "runs": runs,
        "failed": failed,
        "rtol": ours_rtol,
        "error": ours_error,
        "seconds": {name: statistics.median(values) for name, values in timed.items()},
        "settings": settings,
        "ratios": ratios,
        "compiling": {name: batch.compile_seconds for name, batch in batches.items()},
        "steps_side_by_side": {name: batch.steps for name, batch in batches.items()},
        "spread_over_same": statistics.median(a / b for a, b in zip(timed["same"], timed["spread"], strict=True)),
        "two_threads": statistics.median(a / b for a, b in zip(timed["wall 1"], timed["wall 2"], strict=True)),
    }


def report(result: dict[str, Any]) -> None:
    """Print one dose."""
    s = result["seconds"]
    print(
        f"\n{result['dose']:g} mg/cm2: inkfade at rtol {result['rtol']:g} (error {result['error']:.1e}), "
        f"{1e3 * s['spread']:.3f} ms a run and core; {result['failed']} of {result['runs']} runs failed"
    )
    for name, ratio in result["ratios"].items():
        rtol, error = result["settings"][name]
        print(f"   {name:<35} rtol {rtol:<7g} error {error:.1e} {1e3 * s[name]:>8.1f} ms  {ratio:>6.1f} times")
    print(
        f"   spread sweep: {100 * result['spread_over_same']:.0f} % of the throughput of identical runs; "
        f"2 threads: {result['two_threads']:.2f} times, "
        f"wall time of a run {1e3 * s['wall 1']:.3f} ms with 1 and {1e3 * s['wall 2']:.3f} ms with 2"
    )
    for name, seconds in result["compiling"].items():
        print(f"   {name}: compiled and run once in {seconds:.0f} s; {result['steps_side_by_side'][name]} steps")


def prepare_diffrax(side_by_side: int) -> tuple[int, float]:
    """How many runs diffrax takes at once, 0 without it, and how far its rates are from ours; ends if too far."""
    missing = jax_peer.missing()
    if side_by_side == 0 or missing:
        print(f"without diffrax{': ' + ' and '.join(missing) + ' not installed' if missing else ''}")
        return 0, 0.0
    jax_peer.start_on_one_core()
    gap, chord_gap = jax_peer.rates_disagreement(scenario_of(DOSES[0]))
    print(f"rates in jax: within {gap:.1e} of ours; the chord's matrix leaves {chord_gap:.1e} of a solution in an hour")
    if not gap <= RATES_BOUND:
        raise SystemExit(
            f"the right-hand side in jax differs by {gap:.1e} from ours (at most {RATES_BOUND:g}): not timed"
        )
    return side_by_side, gap


def verdict(results: list[dict[str, Any]]) -> None:
    """The smallest ratio over the doses for each family of peers, beside its goal."""
    for family, goal in GOALS.items():
        groups = [[v for k, v in r["ratios"].items() if family_of(k) == family] for r in results]
        if not all(groups):
            continue
        worst = min(min(group) for group in groups)
        met = "" if goal is None else f" (goal {goal:g}: {'met' if worst >= goal else 'not met'})"
        print(f"{family}, fastest variant, smallest over the doses: {worst:.1f} times{met}")


def family_of(name: str) -> str:
    """The family of a peer: exact Jacobians are one of their own."""
    return "CVODE, exact Jacobian" if name.endswith("exact Jacobian") else name.split(",", maxsplit=1)[0]


def machine() -> dict[str, str]:
    """What the numbers were made with."""
    names = ["numpy", "scipy", "scikit-sundae", *([] if jax_peer.missing() else ["jax", "jaxlib", "diffrax"])]
    versions = {name: version(name) for name in names}
    sets = ", ".join(_core.instruction_sets())
    return {"processor": processor(), "instruction_sets": sets, "python": platform.python_version(), **versions}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    parser.add_argument("--runs", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--side-by-side", type=int, default=32, help="runs that diffrax takes at once; 0: without it")
    options = parser.parse_args()
    print(f"{processor()}, instruction sets {', '.join(_core.instruction_sets())}")
    side_by_side, gap = prepare_diffrax(options.side_by_side)
    results = []
    for dose in DOSES:
        results.append(measure(dose, options.runs, options.repeats, side_by_side))
        report(results[-1])
    verdict(results)
    if options.json:
        kept = {"machine": machine(), "bound": BOUND, "repeats": options.repeats, "side_by_side": side_by_side,
                "rates_disagreement": gap, "goals": GOALS, "doses": results}  # fmt: skip
        options.json.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
