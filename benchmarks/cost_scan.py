"""What a run costs against cells, size classes, years and the number of runs, and whether it is linear in each.

One of the four is moved at a time, around an ensemble of 10-year runs on 64 cells with 6 classes whose parameters are
spread by 30 %. All points of all scans alternate, processor time on one thread counts, and the smallest of the repeats
is taken: noise only adds. A line a + b x is fitted with equal relative weights; the exponent of a power law beside it
says how cost grows on the whole. Six classes, the default, have loops of their own in the compiled code: that point is
shown and is not fitted. It ends with an error where runs failed or answers do not agree across the scan.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from column_vs_peers import processor
from ensemble_vs_peers import SPREAD, scenario_of, spread_values

import inkfade as ink
from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable

DOSE = 0.25
RTOL = 1e-2
# Saved times that every point of a scan has; what is retained there is compared [day].
COMMON = (7.0, 30.0, 90.0, 180.0, 330.0)


@dataclass
class Point:
    """One place of a scan."""

    x: float
    scenario: ink.Scenario
    values: dict[str, Any]
    runs: int
    seconds: list[float] = field(default_factory=list)  # processor time of a run
    steps: float = 0.0
    retained: Any = None

    def run(self) -> None:
        """Time the ensemble once and keep its answers."""
        saved = np.union1d(np.asarray(_core.default_times(float(self.scenario["run.horizon"]))) / 86400.0, COMMON)
        text = [f"{float(t)!r} day" for t in saved]
        begin = time.process_time()
        data = ink.ensemble(self.scenario, self.values, times=text, threads=1, progress=False)
        self.seconds.append((time.process_time() - begin) / self.runs)
        if int((data.status != 0).sum()) or not bool(np.isfinite(data.retained_of_deposit).all()):
            raise SystemExit(f"{self.scenario['numerics.cells']} cells, {self.x:g}: runs failed, no time is reported")
        self.steps = float(data.steps.mean())
        self.retained = data.retained_of_deposit.values[:, np.searchsorted(saved, COMMON)]


@dataclass
class Scan:
    """Cost against one of the four."""

    name: str
    label: str
    tolerance: Callable[[float], float]  # of what is retained, relative, root mean square over runs and common times
    why: str
    points: list[Point]
    apart: float = 0.0  # the place that is not fitted

    def disagreement(self) -> list[float]:
        """Of each point with the last, the finest or longest: root mean square over runs and common times [1]."""
        last = self.points[-1].retained
        return [
            float(np.sqrt(np.mean((p.retained[: len(last)] / last[: len(p.retained)] - 1.0) ** 2))) for p in self.points
        ]

    def fit(self) -> dict[str, Any]:
        """The line, how far points lie from it, and the exponent."""
        x = np.array([p.x for p in self.points])
        cost = np.array([min(p.seconds) * (p.runs if self.name == "runs" else 1) for p in self.points])
        fitted = x != self.apart
        slope, start = np.polyfit(x[fitted], cost[fitted], 1, w=1.0 / cost[fitted])
        off = (start + slope * x) / cost - 1.0
        return {
            "start": float(start),
            "slope": float(slope),
            "largest_misfit": float(np.max(np.abs(off[fitted]))),
            "apart": {str(at): float(-gap / (1.0 + gap)) for at, gap in zip(x[~fitted], off[~fitted], strict=True)},
            "exponent": float(np.polyfit(np.log(x[fitted]), np.log(cost[fitted]), 1)[0]),
            "x": x.tolist(),
            "seconds": cost.tolist(),
            "steps": [p.steps for p in self.points],
            "disagreement": self.disagreement(),
            "tolerance": [self.tolerance(p.x) for p in self.points],
        }


def scans(runs: int) -> list[Scan]:
    """The four scans."""

    def point(x: float, n: int = runs, **changes: Any) -> Point:
        scenario = scenario_of(DOSE, RTOL).with_({name.replace("__", "."): value for name, value in changes.items()})
        return Point(x, scenario, {k: (v[0][:n], v[1]) for k, v in drawn.items()}, n)

    many = [64, 128, 256, 512, 1024, 2048, 4096]
    drawn = spread_values(scenario_of(DOSE, RTOL), many[-1], SPREAD)
    return [
        Scan("cells", "cells", lambda _: 2e-3, "the grid's error at 32 cells and that of the steps, 1e-3 each",
             [point(n, numerics__cells=n) for n in (32, 48, 64, 96, 128, 192, 256)]),
        Scan("classes", "size classes", lambda n: 2e-3 + 5.0 / n**3, "a quadrature over sizes that converges as n^-3",
             [point(n, numerics__classes=n) for n in (4, 5, 6, 8, 10, 12, 16, 20)], apart=6.0),
        Scan("years", "years", lambda _: 2e-3, "the same fade, cut off later: the error of the steps",
             [point(n, run__horizon=f"{n} year") for n in (1, 2, 5, 10, 15, 20, 30)]),
        Scan("runs", "runs", lambda _: 0.0, "a run has the same bits in any ensemble", [point(n, n) for n in many]),
    ]  # fmt: skip


def draw(results: dict[str, dict[str, Any]], labels: dict[str, str], path: Path) -> None:
    """Cost against each of the four, with the fitted line."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 4, figsize=(13.0, 3.6), layout="constrained")
    for ax, (name, fit) in zip(axes, results.items(), strict=True):
        x, cost = np.array(fit["x"]), np.array(fit["seconds"])
        per = 1.0 if name == "runs" else 1e3
        line = np.geomspace(x[0], x[-1], 200) if name == "runs" else np.linspace(0.0, 1.04 * x[-1], 200)
        ax.plot(line, per * (fit["start"] + fit["slope"] * line), color="0.6", lw=1.2, label="line")
        fitted = np.array([str(at) not in fit["apart"] for at in x])
        ax.plot(x[fitted], per * cost[fitted], "o", color="C0", ms=5, label="measured")
        if not fitted.all():
            ax.plot(x[~fitted], per * cost[~fitted], "o", color="C1", ms=5, label="6, with loops compiled for it")
            ax.legend(*(found[2:] for found in ax.get_legend_handles_labels()), frameon=False, loc="lower right")
        ax.set_xlabel(labels[name])
        unit = {"cells": "cell", "classes": "class", "years": "year", "runs": "run"}[name]
        each = f"{1e6 * fit['slope']:.0f} µs a {unit}" if name == "runs" else f"{1e6 * fit['slope']:.1f} µs a {unit}"
        ax.set_title(f"{each}, all within {100 * fit['largest_misfit']:.0f} %", fontsize=10)
        ax.grid(alpha=0.25, lw=0.5)
        if name == "runs":
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.set_xticks([100, 1000], labels=["100", "1,000"])
            ax.set_yticks([0.1, 1.0], labels=["0.1", "1"])
            ax.set_ylabel("processor time of all runs [s]")
        else:
            ax.set_xlim(left=0.0)
            ax.set_ylim(bottom=0.0)
    axes[0].set_ylabel("processor time of a run [ms]")
    axes[0].legend(frameon=False, fontsize=9, loc="upper left")
    figure.savefig(path, dpi=130)


def report(scan: Scan, fit: dict[str, Any]) -> None:
    """Print one scan."""
    print(f"\n{scan.label}: {1e3 * fit['start']:.3f} ms + {1e3 * fit['slope']:.5f} ms each, "
          f"all within {100 * fit['largest_misfit']:.0f} %; grows with the power {fit['exponent']:.2f}")  # fmt: skip
    for at, gap in fit["apart"].items():
        print(f"   {at} not fitted: {100 * gap:+.0f} % from the line")
    print(f"   {'':>8} {'time':>12} {'steps':>6} {'per step':>11}  answers differ by")
    for point, seconds, off in zip(scan.points, fit["seconds"], fit["disagreement"], strict=True):
        step = min(point.seconds) / point.steps
        print(f"   {point.x:>8g} {1e3 * seconds:>9.3f} ms {point.steps:>6.1f} {1e6 * step:>8.2f} us  {off:.1e}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    parser.add_argument("--figure", type=Path, help="draw cost against each of the four into this file")
    parser.add_argument(
        "--runs", type=int, default=256, help="runs of each ensemble, but where their number is scanned"
    )
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print(f"{processor()}, instruction sets {', '.join(_core.instruction_sets())}; one thread, {options.runs} runs")
    all_scans = scans(options.runs)
    for _ in range(options.repeats):
        for scan in all_scans:
            for point in scan.points:
                point.run()
    results = {}
    for scan in all_scans:
        results[scan.name] = fit = scan.fit()
        report(scan, fit)
        for x, off, most in zip(fit["x"], fit["disagreement"], fit["tolerance"], strict=True):
            if not off <= most:
                raise SystemExit(f"{x:g} {scan.label}: answers differ by {off:.1e}, more than {most:.1e} ({scan.why})")
    if options.figure:
        draw(results, {scan.name: scan.label for scan in all_scans}, options.figure)
    if options.json:
        options.json.write_text(json.dumps({"processor": processor(), "scans": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
