"""Ensembles of 10-year fades per core, against CVODE, LSODA and diffrax: same semi-discrete systems, same accuracy.

Parameters are spread by 30 % either way, and the peers integrate the first runs of our ensemble. Every solver runs at
its loosest tolerance at which the largest error of a run over all saved times, in the mean over those runs, is within
the bound, and stays so one rung further down, against CVODE at rtol 1e-9. Ensembles and peers alternate in one
process; medians of the ratios count. What Python adds to a peer's calls is measured and taken off before ratios are
taken, which favours the peer. CVODE runs with its own difference quotients and with our compiled exact Jacobian;
diffrax runs all columns side by side under jax.vmap (jax_peer.py), compiled before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections import deque
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax_peer
import numpy as np
import peers
from column_vs_peers import BOUND, LADDER, REFERENCE_RTOL, error_of, processor, python_call_seconds
from scipy.integrate import ODEintWarning

import inkfade as ink
from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GOALS = {"CVODE": 100.0, "CVODE, exact Jacobian": None, "LSODA": 200.0, "diffrax": 20.0}
DIFFRAX = ("Kvaerno3",)  # with this system faster than Kvaerno4 and Kvaerno5
RATES_BOUND = 1e-12  # of the right-hand side in jax, relative to the terms of each rate
DOSES = (0.05, 0.25, 2.5)
SPREAD = 0.3
FINE = [5e-2, 3e-2, 2e-2, 1.5e-2, 1.2e-2, 1e-2, 8e-3, 6.5e-3, 5e-3, 4e-3, 3e-3, 2e-3]
FINE += [rtol for rtol in LADDER if rtol < 2e-3]
STEP = 1.07  # between its rungs
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
    groups = ("skin.", "ink.", "procedure.", "macrophages.", "stroma.")
    infos = {
        name: info
        for name in scenario.core.names()
        if name.startswith(groups) and name not in (*FIXED, *BOUNDS)
        if (info := _core.parameter_info(name)) is not None and info["kind"] == "real" and float(scenario[name]) != 0.0
    }
    # Run by run: the first runs are the same however many there are.
    factors = np.random.default_rng(20).uniform(1.0 - share, 1.0 + share, (n, len(infos)))
    values: dict[str, Any] = {}
    for factor, (name, info) in zip(factors.T, infos.items(), strict=True):
        drawn = np.clip(float(scenario[name]) * factor, info["lower_si"], info["upper_si"])
        values[name] = (drawn / info["factor"], info["unit"])
    return values


def scenarios_of(centre: ink.Scenario, values: dict[str, Any], n: int) -> list[ink.Scenario]:
    """The first n runs of an ensemble of these values, as scenarios of their own."""

    def text(value: float, unit: str) -> Any:
        return f"{float(value)!r} {unit}" if unit not in ("", "1") else float(value)

    return [centre.with_({name: text(drawn[i], unit) for name, (drawn, unit) in values.items()}) for i in range(n)]


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


class Accuracy(NamedTuple):
    """How far the runs of a solver are from the references."""

    mean: float  # of the runs' largest errors over all saved times [1]
    within: float  # share of the runs whose largest error is within the bound [1]


def accuracy_of(shares: Callable[[], Iterable[peers.Array]], references: list[peers.Array]) -> Accuracy:
    """Of runs that may be made one by one: once the mean cannot keep the bound, the rest are not."""
    errors: list[float] = []
    try:
        for share, reference in zip(shares(), references, strict=True):
            errors.append(error_of(share, reference))
            if not sum(errors) <= BOUND * len(references):
                return Accuracy(float("inf"), 0.0)
    except (RuntimeError, ODEintWarning):
        return Accuracy(float("inf"), 0.0)
    return Accuracy(statistics.mean(errors), statistics.mean(error <= BOUND for error in errors))


def loosest(accuracy: Callable[[float], Accuracy], ladder: list[float]) -> tuple[float, Accuracy]:
    """The loosest tolerance that keeps the bound, and how accurate it is.

    On the ladder the bound is kept one rung further down, too; from there it goes up by STEP as long as it is kept.
    """
    too_loose = float("inf")
    found: tuple[float, Accuracy] | None = None
    for rtol in ladder:
        now = accuracy(rtol)
        if now.mean > BOUND:
            too_loose, found = rtol, None
        elif found is None:
            found = (rtol, now)
        else:
            break
    else:
        raise SystemExit(f"no rtol down to {ladder[-1]:g} reaches {BOUND:g}")
    while (rtol := found[0] * STEP) < too_loose and (now := accuracy(rtol)).mean <= BOUND:
        found = (rtol, now)
    return found


class Peer:
    """One of CVODE and LSODA with its options, on all columns one after the other."""

    def __init__(
        self, columns: list[peers.Column], times: peers.Array, integrate: Callable[..., peers.Array], **options: Any
    ) -> None:
        self.columns, self.times, self.integrate, self.options = columns, times, integrate, options

    def shares(self, rtol: float) -> Iterable[peers.Array]:
        """Retained share of each column at the saved times [1] (n_times)."""
        return (peers.retained(column, self.times, self.integrate, rtol, **self.options) for column in self.columns)

    def seconds(self, rtol: float, call: float, fresh: float, copy: float) -> float:
        """
        Processor seconds of a run, without Python's.

        Taken off are `call` seconds of each call of the rates, and with an exact Jacobian `call + copy` of each of
        those and `fresh` of each segment (handing_over_seconds).
        """
        for column in self.columns:
            column.calls = column.jacobians = 0
        seconds = seconds_of(lambda: deque(self.shares(rtol), maxlen=0))
        for column in self.columns:
            seconds -= column.calls * call + column.jacobians * (call + copy)
            if column.jacobians:
                seconds -= len(column.system.breakpoints) * fresh
        return seconds / len(self.columns)


def peers_of(columns: list[peers.Column], times: peers.Array) -> dict[str, Peer]:
    """CVODE and LSODA, each with the full band and the narrow one."""
    narrow = {"upper": columns[0].system.stride}
    return {
        "CVODE, full band": Peer(columns, times, peers.cvode),
        "CVODE, narrow band": Peer(columns, times, peers.cvode, **narrow),
        "CVODE, full band, exact Jacobian": Peer(columns, times, peers.cvode, exact=True),
        "CVODE, narrow band, exact Jacobian": Peer(columns, times, peers.cvode, exact=True, **narrow),
        "LSODA, full band": Peer(columns, times, peers.lsoda),
        "LSODA, narrow band": Peer(columns, times, peers.lsoda, **narrow),
    }


def batches_of(
    scenarios: list[ink.Scenario], times: peers.Array, references: list[peers.Array]
) -> tuple[dict[str, jax_peer.Batch], dict[str, tuple[float, Accuracy]]]:
    """Diffrax's solvers on all runs side by side, compiled, each at its loosest tolerance; none without it."""
    batches: dict[str, jax_peer.Batch] = {}
    settings: dict[str, tuple[float, Accuracy]] = {}
    for solver in DIFFRAX if scenarios else ():
        name = f"diffrax, {solver}"
        batches[name] = batch = jax_peer.Batch(scenarios, times, solver)
        batch.compile(LADDER[0])
        settings[name] = loosest(lambda rtol, batch=batch: accuracy_of(lambda: batch.retained(rtol), references), FINE)
    return batches, settings


def measure(dose: float, runs: int, repeats: int, drawn: int, *, with_diffrax: bool) -> dict[str, Any]:
    """One dose: our ensembles and the peers, in turn."""
    centre = scenario_of(dose)
    times = np.asarray(_core.default_times(float(centre["run.horizon"])))
    text = [f"{float(t)!r} s" for t in times]
    spread, same = spread_values(centre, runs, SPREAD), spread_values(centre, runs, 0.0)
    scenarios = scenarios_of(centre, spread, drawn)
    columns = [peers.Column(scenario) for scenario in scenarios]
    references = list(Peer(columns, times, peers.cvode).shares(REFERENCE_RTOL))
    call, _ = python_call_seconds(columns[0], 5000)
    fresh, copy = handing_over_seconds(columns[0])

    def ours(rtol: float) -> Accuracy:
        asked = (s.with_({"numerics.rtol": rtol}) for s in scenarios)
        return accuracy_of(lambda: (peers.ours(scenario, times)[0] for scenario in asked), references)

    ours_rtol, ours_accuracy = loosest(ours, FINE)
    contestants = peers_of(columns, times)
    settings = {
        name: loosest(lambda rtol, peer=peer: accuracy_of(lambda: peer.shares(rtol), references), FINE)
        for name, peer in contestants.items()
    }
    batches, settings_of_batches = batches_of(scenarios if with_diffrax else [], times, references)
    settings |= settings_of_batches
    asked = scenario_of(dose, ours_rtol)

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
        for name, peer in contestants.items():
            timed[name].append(peer.seconds(settings[name][0], call, fresh, copy))
        for name, batch in batches.items():
            timed[name].append(seconds_of(lambda batch=batch, name=name: batch.retained(settings[name][0])) / drawn)
    ratios = {
        name: statistics.median(p / o for p, o in zip(timed[name], timed["spread"], strict=True)) for name in settings
    }
    return {
        "dose": dose,
        "cells": centre["numerics.cells"],
        "classes": centre["numerics.classes"],
        "years": float(centre["run.horizon"]) / (365.25 * 86400),
        "saved_times": len(times),
        "runs": runs,
        "failed": failed,
        "rtol": ours_rtol,
        "accuracy": ours_accuracy._asdict(),
        "seconds": {name: statistics.median(values) for name, values in timed.items()},
        "settings": {name: {"rtol": rtol, **accuracy._asdict()} for name, (rtol, accuracy) in settings.items()},
        "ratios": ratios,
        "compiling": {name: batch.compile_seconds for name, batch in batches.items()},
        "steps_side_by_side": {name: batch.steps for name, batch in batches.items()},
        "spread_over_same": statistics.median(a / b for a, b in zip(timed["same"], timed["spread"], strict=True)),
        "two_threads": statistics.median(a / b for a, b in zip(timed["wall 1"], timed["wall 2"], strict=True)),
    }


def report(result: dict[str, Any]) -> None:
    """Print one dose."""
    s = result["seconds"]

    def accuracy(of: dict[str, float]) -> str:
        return f"mean error {of['mean']:.1e}, {100 * of['within']:>3.0f} % within {BOUND:g}"

    print(
        f"\n{result['dose']:g} mg/cm2: inkfade at rtol {result['rtol']:.2g} ({accuracy(result['accuracy'])}), "
        f"{1e3 * s['spread']:.3f} ms a run and core; {result['failed']} of {result['runs']} runs failed"
    )
    for name, ratio in result["ratios"].items():
        setting = result["settings"][name]
        print(
            f"   {name:<35} rtol {setting['rtol']:<7.2g} {accuracy(setting)} "
            f"{1e3 * s[name]:>8.1f} ms  {ratio:>6.1f} times"
        )
    print(
        f"   spread sweep: {100 * result['spread_over_same']:.0f} % of the throughput of identical runs; "
        f"2 threads: {result['two_threads']:.2f} times, "
        f"wall time of a run {1e3 * s['wall 1']:.3f} ms with 1 and {1e3 * s['wall 2']:.3f} ms with 2"
    )
    for name, seconds in result["compiling"].items():
        print(f"   {name}: compiled and run once in {seconds:.0f} s; {result['steps_side_by_side'][name]} steps")


def prepare_diffrax(*, wanted: bool) -> tuple[bool, float]:
    """Whether diffrax is among the peers, and how far its rates are from ours; ends if too far."""
    missing = jax_peer.missing()
    if not wanted or missing:
        print(f"without diffrax{': ' + ' and '.join(missing) + ' not installed' if missing else ''}")
        return False, 0.0
    jax_peer.start_on_one_core()
    gap, chord_gap = jax_peer.rates_disagreement(scenario_of(DOSES[0]))
    print(f"rates in jax: within {gap:.1e} of ours; the chord's matrix leaves {chord_gap:.1e} of a solution in an hour")
    if not gap <= RATES_BOUND:
        raise SystemExit(
            f"the right-hand side in jax differs by {gap:.1e} from ours (at most {RATES_BOUND:g}): not timed"
        )
    return True, gap


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
    parser.add_argument("--drawn", type=int, help="runs that the peers integrate (32, or all)")
    parser.add_argument("--without-diffrax", action="store_true")
    options = parser.parse_args()
    print(f"{processor()}, instruction sets {', '.join(_core.instruction_sets())}")
    drawn = min(32, options.runs) if options.drawn is None else options.drawn
    if not 1 <= drawn <= options.runs:
        parser.error(f"--drawn must be 1 to {options.runs}, the number of runs")
    with_diffrax, gap = prepare_diffrax(wanted=not options.without_diffrax)
    results = []
    for dose in DOSES:
        results.append(measure(dose, options.runs, options.repeats, drawn, with_diffrax=with_diffrax))
        report(results[-1])
    verdict(results)
    if options.json:
        kept = {"machine": machine(), "bound": BOUND, "repeats": options.repeats, "drawn": drawn,
                "rates_disagreement": gap, "goals": GOALS, "doses": results}  # fmt: skip
        options.json.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
