"""One 10-year column run against SUNDIALS CVODE and SciPy LSODA: same semi-discrete system, same accuracy.

Every solver runs at its loosest tolerance whose retained mass is within the bound at all saved times, against a
reference at rtol 1e-9 from CVODE. Repeats are interleaved in one process; medians count. Peers call a right-hand side
through Python: what that costs is measured by itself, and their time is shown with and without it. Both wall time and
processor time are kept: on a busy machine only the latter, and ratios, mean something.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import peers

import inkfade as ink
from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable

BOUND = 1e-3
REFERENCE_RTOL = 1e-9
LADDER = [3e-2, 2e-2, 1e-2, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5, 5e-6, 2e-6, 1e-6]


def scenario_of(preset: str, years: float, cells: int, classes: int) -> ink.Scenario:
    """The scenario that is timed; self-shading would leave the peers without a banded Jacobian."""
    return ink.Scenario.preset(preset).with_(
        {
            "run.horizon": f"{years!r} year",
            "numerics.cells": cells,
            "numerics.classes": classes,
            "numerics.self_shading": False,
            "touch_up.measure": "retained_of_healed",  # transport alone: the peers do not look at the patch
            "touch_up.threshold": 0.7,
        }
    )


def error_of(share: peers.Array, reference: peers.Array) -> float:
    """Largest relative error of the retained mass over all saved times [1]."""
    return float(np.max(np.abs(share / reference - 1.0)))


class Contestant:
    """A solver at the loosest tolerance that keeps the bound there and one rung further down."""

    def __init__(self, name: str, run: Callable[[float], peers.Array], reference: peers.Array) -> None:
        self.name = name
        self._run = run
        self._reference = reference
        self.wall: list[float] = []
        self.processor: list[float] = []
        kept: list[float] = []
        for rtol in LADDER:
            within = self._error(rtol) <= BOUND
            kept = [*kept, rtol] if within else []
            if len(kept) == 2:
                break
        if not kept:
            raise SystemExit(f"{name} does not reach {BOUND:g} at any rtol down to {LADDER[-1]:g}")
        self.rtol = kept[0]
        self.error = self._error(self.rtol)

    def _error(self, rtol: float) -> float:
        try:
            return error_of(self._run(rtol), self._reference)
        except RuntimeError as failure:
            print(f"   {self.name} at rtol {rtol:g}: {failure}")
            return float("inf")

    def time_once(self) -> None:
        """One repeat; the answer is checked before its time counts."""
        begin, begin_processor = time.perf_counter(), time.process_time()
        share = self._run(self.rtol)
        seconds, processor_seconds = time.perf_counter() - begin, time.process_time() - begin_processor
        error = error_of(share, self._reference)
        if not error <= BOUND:
            raise SystemExit(f"{self.name}: error {error:.2e} exceeds {BOUND:g}, no time is reported")
        self.wall.append(seconds)
        self.processor.append(processor_seconds)


def python_call_seconds(column: peers.Column, repeats: int = 20000) -> tuple[float, dict[str, float]]:
    """Seconds that Python adds to one call of the right-hand side, and the core's own per part."""
    y = column.system.initial_state()
    out = np.empty_like(y)
    column.system.enter(0)
    profiles = [column.system.profile(86400.0, y, hg=86400.0, repeats=100) for _ in range(100)]
    parts = {part: min(profile[part] for profile in profiles) for part in profiles[0]}
    timed = []
    for _ in range(5):
        begin = time.process_time()
        for _ in range(repeats // 5):
            column.rates(86400.0, y, out)
        timed.append((time.process_time() - begin) / (repeats // 5))
    return max(min(timed) - parts["rates"], 0.0), parts


def measure(scenario: ink.Scenario, repeats: int) -> dict[str, Any]:
    """Everything the table shows."""
    times = np.asarray(_core.default_times(float(scenario["run.horizon"])))
    column = peers.Column(scenario)
    reference = peers.retained(column, times, peers.cvode, REFERENCE_RTOL)
    reference_gap = error_of(peers.ours(scenario.with_({"numerics.rtol": 1e-8}), times)[0], reference)

    asked = {rtol: scenario.with_({"numerics.rtol": rtol}) for rtol in LADDER}

    def at(rtol: float) -> peers.Array:
        return peers.ours(asked[rtol], times)[0]

    def peer(integrate: Callable[..., peers.Array], upper: int | None) -> Callable[[float], peers.Array]:
        return lambda rtol: peers.retained(column, times, integrate, rtol, upper=upper)

    # Leaving d(rate of m)/d(macrophages below) out of the Jacobian narrows the band: peers get the faster of both.
    stride = column.system.stride
    contestants = [
        Contestant("inkfade", at, reference),
        Contestant("CVODE, full band", peer(peers.cvode, None), reference),
        Contestant("CVODE, narrow band", peer(peers.cvode, stride), reference),
        Contestant("LSODA, full band", peer(peers.lsoda, None), reference),
        Contestant("LSODA, narrow band", peer(peers.lsoda, stride), reference),
    ]
    for _ in range(repeats):
        for contestant in contestants:
            contestant.time_once()
    call, parts = python_call_seconds(column)
    rows: list[dict[str, Any]] = []
    for contestant in contestants:
        column.calls = 0
        contestant.time_once()
        calls = column.calls
        rows.append(
            {
                "solver": contestant.name,
                "rtol": contestant.rtol,
                "error": contestant.error,
                "wall": statistics.median(contestant.wall),
                "processor": statistics.median(contestant.processor),
                "calls_from_python": calls,
                "without_calls": statistics.median(contestant.processor) - calls * call,
            }
        )
    _, work = peers.ours(scenario.with_({"numerics.rtol": rows[0]["rtol"]}), times)
    return {
        "scenario": scenario.preset_name,
        "cells": scenario["numerics.cells"],
        "classes": scenario["numerics.classes"],
        "years": float(scenario["run.horizon"]) / (365.25 * 86400),
        "saved_times": len(times),
        "bound": BOUND,
        "reference_gap": reference_gap,
        "repeats": repeats,
        "python_call_seconds": call,
        "core_seconds": parts,
        "work": work,
        "rows": rows,
        "machine": {"processor": processor(), "python": platform.python_version(), "numpy": np.__version__},
    }


def processor() -> str:
    """The processor's name, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if (info.exists())
        else []
    )
    return names[0] if names else platform.processor()


def fastest_peer(result: dict[str, Any], family: str, key: str) -> float:
    """Seconds of the faster variant of a peer."""
    return min(float(row[key]) for row in result["rows"] if row["solver"].startswith(family))


def report(result: dict[str, Any]) -> None:
    """Print the table and the ratios."""
    mine = result["rows"][0]
    print(
        f"{result['scenario']}, {result['years']:g} years, {result['cells']} cells, {result['classes']} classes, "
        f"{result['saved_times']} saved times\n"
        f"retained mass within {result['bound']:g} at every saved time; inkfade at rtol 1e-8 against the reference: "
        f"{result['reference_gap']:.1e}\n"
    )
    print(
        f"{'solver':<19}{'rtol':>7}{'error':>9}{'wall':>11}{'ratio':>7}{'processor':>12}{'ratio':>7}"
        f"{'calls':>7}{'without calls':>15}{'ratio':>7}"
    )
    for row in result["rows"]:
        shown = [
            f"{1e3 * row[key]:>{width}.2f} ms{row[key] / mine[key]:>7.1f}"
            for key, width in (("wall", 8), ("processor", 9), ("without_calls", 12))
        ]
        print(
            f"{row['solver']:<19}{row['rtol']:>7.0e}{row['error']:>9.1e}{shown[0]}{shown[1]}"
            f"{row['calls_from_python']:>7d}{shown[2]}"
        )
    parts, work = result["core_seconds"], result["work"]
    print(
        f"\nPython adds {1e6 * result['python_call_seconds']:.2f} us to a call of the right-hand side.\n"
        f"core: rates {1e6 * parts['rates']:.1f} us, factor {1e6 * parts['factor']:.1f} us, "
        f"solve {1e6 * parts['solve']:.1f} us; {work['accepted']} steps and {work['rejected']} rejected, "
        f"{1e3 * work['wall_time']:.2f} ms inside the integration"
    )
    for family, goal in (("CVODE", 8.0), ("LSODA", None)):
        ratios = {key: fastest_peer(result, family, key) / mine[key] for key in ("wall", "processor", "without_calls")}
        met = "" if goal is None else f"; goal {goal:g}: {'met' if ratios['without_calls'] >= goal else 'not met'}"
        print(
            f"{family}: {ratios['wall']:.1f} times our wall time, {ratios['processor']:.1f} times our processor time, "
            f"{ratios['without_calls']:.1f} times without Python's calls{met}"
        )
    print(f"our wall time: {1e3 * mine['wall']:.2f} ms (goal 12 ms: {'met' if mine['wall'] <= 12e-3 else 'not met'})")


def work_precision(scenario: ink.Scenario) -> list[dict[str, float]]:
    """Error, steps and time of our own runs against rtol."""
    times = np.asarray(_core.default_times(float(scenario["run.horizon"])))
    reference = peers.retained(peers.Column(scenario), times, peers.cvode, 1e-10)
    rows = []
    for rtol in (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5, 1e-6, 1e-7):
        runs = [peers.ours(scenario.with_({"numerics.rtol": rtol}), times) for _ in range(7)]
        rows.append(
            {
                "rtol": rtol,
                "error": error_of(runs[0][0], reference),
                "steps": runs[0][1]["accepted"],
                "rejected": runs[0][1]["rejected"],
                "seconds": statistics.median(work["wall_time"] for _, work in runs),
            }
        )
    return rows


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    parser.add_argument("--repeats", type=int, default=11)
    parser.add_argument("--preset", default="scalp-smp")
    parser.add_argument("--years", type=float, default=10.0)
    parser.add_argument("--cells", type=int, default=64)
    parser.add_argument("--classes", type=int, default=6)
    parser.add_argument("--work-precision", action="store_true", help="also error and steps of our runs against rtol")
    options = parser.parse_args()
    scenario = scenario_of(options.preset, options.years, options.cells, options.classes)
    result = measure(scenario, options.repeats)
    report(result)
    if options.work_precision:
        result["work_precision"] = work_precision(scenario)
        print(f"\n{'rtol':>8}{'error':>10}{'steps':>7}{'rejected':>10}{'time':>12}")
        for row in result["work_precision"]:
            print(
                f"{row['rtol']:>8.0e}{row['error']:>10.1e}{row['steps']:>7}{row['rejected']:>10}"
                f"{1e3 * row['seconds']:>9.2f} ms"
            )
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
