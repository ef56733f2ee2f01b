"""Rosenbrock methods on the column, by work and precision: error of the retained mass against the work of a run.

Every method runs in this script's own loop on the column's rates and on the matrix that production uses, with the same
norm and step control. Work is counted in evaluations of the rates: a solve and a factorisation weigh what the
core measures for them. The error is the largest over all saved times, against CVODE at rtol 1e-9; between the ends of
steps all methods use the cubic Hermite polynomial of the retained mass, so that their steps are compared, not their
dense outputs.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import peers
from ensemble_vs_peers import DOSES, scenario_of

from inkfade import _core

GAMMA = 0.43586652150845900
RTOLS = [3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5]


@dataclass(frozen=True)
class Method:
    """Coefficients on increments (Hairer & Wanner, Solving ODEs II, IV.7)."""

    name: str
    a: peers.Array  # arguments
    c: peers.Array  # right-hand sides, over h
    m: peers.Array  # step
    e: peers.Array  # error estimate
    alpha: peers.Array
    gamma_sum: peers.Array
    gamma: float
    power: int  # the error estimate falls as h to this power

    def new_argument(self, stage: int) -> bool:
        """Say whether this stage evaluates the rates anew."""
        return bool(np.any(self.a[stage] != self.a[stage - 1]) or self.alpha[stage] != self.alpha[stage - 1])


def lower(*rows: list[float]) -> peers.Array:
    """A square lower triangle from its rows."""
    out = np.zeros((len(rows), len(rows)))
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


def from_stages(name: str, alpha: peers.Array, gamma: peers.Array, b: list[float], embedded: list[float]) -> Method:
    """A method from alpha, gamma and the weights as papers give them."""
    inverse = np.linalg.inv(gamma)
    g = float(gamma[0, 0])
    weights, other = np.array(b), np.array(embedded)
    return Method(
        name, alpha @ inverse, np.eye(len(b)) / g - inverse, weights @ inverse, (weights - other) @ inverse,
        alpha.sum(axis=1), gamma.sum(axis=1), g, 3,
    )  # fmt: skip


def methods() -> list[Method]:
    """Order 3 with any matrix; order 3 in three and four stages; order 4; and ours."""
    g = GAMMA
    ros34pw2 = from_stages(  # Rang & Angermann, BIT 2005;45:761
        "ROS34PW2",
        lower([], [0.871733043016918], [0.84457060015369423, -0.11299064236484185], [0, 0, 1]),
        lower([g], [-0.871733043016918, g], [-0.90338057013044082, 0.054180672388095326, g],
              [0.24212380706095346, -1.2232505839045147, 0.54526025533510214, g]),
        [0.24212380706095346, -1.2232505839045147, 1.545260255335102, g],
        [0.37810903145819369, -0.096042292212423178, 0.5, 0.2179332607542295],
    )  # fmt: skip
    ros3 = from_stages(  # Sandu et al., Atmos. Environ. 1997;31:3459
        "ROS3", lower([], [g], [g]), lower([g], [-0.19294655696029095, g], [0, 1.7492714812579468, g]),
        [-0.7545741238540432, 1.9410040706196443, -0.18642994676560104],
        [-1.5335874578414959, 2.817451311486258, -0.28386385364476185],
    )  # fmt: skip
    last = np.array([0.0, 0, 0, 1])
    rodas3 = Method(  # the same paper
        "RODAS3", lower([], [0], [2, 0], [2, 0, 1]), lower([], [4], [1, -1], [1, -1, -8 / 3]),
        np.array([2.0, 0, 1, 1]), last, np.array([0, 0, 1.0, 1]), np.array([0.5, 1.5, 0, 0]), 0.5, 3,
    )  # fmt: skip
    a = lower([], [3], [0.906377755268814, -0.189707390391685],
              [3.758617027739064, 1.161741776019525, -0.849258085312803],
              [7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775],
              [7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775, 1])  # fmt: skip
    c = lower([], [-12], [-6.354581592719008, 0.338972550544623],
              [-8.575016317114033, -7.606483992117508, 12.224997650124820],
              [-5.888975457523102, -8.157396617841821, 24.805546872612922, 12.790401512796979],
              [-4.408651676063871, -6.692003137674639, 24.625568527593117, 16.627521966636085,
               -5.714285714285718])  # fmt: skip
    rodas4p2 = Method(  # Steinebach 2020: order 4, order 2 with any matrix
        "RODAS4P2", a, c, np.append(a[5, :5], 1.0), np.array([0, 0, 0, 0, 0, 1.0]),
        np.array([0, 0.75, 0.321448134013046, 0.519745732277726, 1, 1]),
        np.array([0.25, -0.5, -0.189532918363016, 0.085612108792769, 0, 0]), 0.25, 4,
    )  # fmt: skip
    return [ours(), ros34pw2, ros3, rodas3, rodas4p2]


def ours(gamma21: float = 1.0) -> Method:
    """Rosw3 (integration/rosw3.kernel.hpp says where its coefficients come from)."""
    g, b = GAMMA, [0.25, 0.25, 0.5]
    third = -(g + b[1] * gamma21) / b[2]
    beta21 = 2 / 3 + gamma21
    gamma32 = ((1 / 6 - g / 2 - b[1] * beta21 * g) / b[2] - 2 / 3 * g - g * third) / beta21
    second = (0.5 - g) / beta21
    embedded = [0.5 * (b[0] + 1 - second), 0.5 * (b[1] + second), 0.5 * b[2]]
    gammas = lower([g], [gamma21, g], [third - gamma32, gamma32, g])
    return from_stages("Rosw3", lower([], [2 / 3], [2 / 3]), gammas, b, embedded)


def hermite(x: peers.Array, ends: tuple[float, float], slopes: tuple[float, float]) -> peers.Array:
    """Cubic on [0, 1] with these values and slopes."""
    return np.asarray(
        (2 * x**3 - 3 * x**2 + 1) * ends[0]
        + (x**3 - 2 * x**2 + x) * slopes[0]
        + (3 * x**2 - 2 * x**3) * ends[1]
        + (x**3 - x**2) * slopes[1]
    )


def growth(error: float, last_error: float, grown: float | None, method: Method) -> float:
    """What the next step may be over this one, after one that grew by `grown` (Gustafsson's predictive controller)."""
    grow = 0.9 * error ** (-1 / method.power)
    if grown is not None:
        grow = min(grow, 0.9 * grown * (last_error / error**2) ** (1 / method.power))
    return max(grow, 0.2)


class Column:
    """A column with its reference, and what its parts cost."""

    def __init__(self, dose: float) -> None:
        self.scenario = scenario_of(dose)
        self.column = peers.Column(self.scenario)
        self.times = np.asarray(_core.default_times(float(self.scenario["run.horizon"])))
        self.reference = peers.retained(self.column, self.times, peers.cvode, 1e-9)
        system = self.column.system
        parts = [system.profile(86400.0, system.initial_state(), hg=3600.0, repeats=50) for _ in range(50)]
        best = {key: min(p[key] for p in parts) for key in parts[0]}
        self.solve_weight = best["solve"] / best["rates"]
        self.factor_weight = best["factor"] / best["rates"]

    def run(self, method: Method, rtol: float) -> tuple[float, float, int]:
        """Largest error, work in evaluations of the rates, and steps."""
        work = [0.0, 0.0]  # evaluations, steps
        share = peers.retained(self.column, self.times, lambda *given: self.integrate(method, work, *given), rtol)
        return float(np.max(np.abs(share / self.reference - 1.0))), work[0], int(work[1])

    def integrate(
        self, method: Method, work: list[float], column: peers.Column, points: peers.Array, y: peers.Array,
        atol: peers.Array, rtol: float,
    ) -> peers.Array:  # fmt: skip
        """States whose retained mass is right at the points (n_points, n); only the last is a state in full."""
        system, weights = column.system, column.weights
        n, mask = len(y), np.isfinite(atol)
        fresh, other, out, u = np.empty(n), np.empty(n), np.empty(n), np.empty((len(method.m), n))
        t, end = float(points[0]), float(points[-1])
        system.rates(t, y, fresh)
        h, last_h, last_error, rejected = min(200.0, end - t), 0.0, 1.0, False
        mass = np.full(len(points), weights @ y)
        while t < end:
            ends = t + 1.0000001 * h >= end
            step = end - t if ends else h
            system.factor(t, y, step * method.gamma)
            system.rates(t + 1e-4 * step, y, other)
            slope = (other - fresh) * 1e4  # h df/dt; production has it exactly, for a tenth of an evaluation
            work[0] += self.factor_weight + 0.1
            rates = fresh
            for k in range(len(method.m)):
                if k > 0 and method.new_argument(k):
                    argument = y + method.a[k, :k] @ u[:k]
                    system.bound_macrophages(t, float(method.alpha[k]) * step, y, argument)
                    system.argument_rates(t + method.alpha[k] * step, argument, other)
                    rates = other.copy()
                    work[0] += 1.0
                right = rates + (method.c[k, :k] / step) @ u[:k] + method.gamma_sum[k] * slope
                system.solve(np.ascontiguousarray(right), out)
                u[k] = out
                work[0] += self.solve_weight
            y_new = y + method.m @ u
            ratio = (method.e @ u)[mask] / (atol + rtol * np.maximum(np.abs(y), np.abs(y_new)))[mask]
            error = max(float(np.sqrt(np.mean(ratio**2))), 1e-6)
            work[1] += 1
            if error > 1.0 or system.peak_load(y_new) > 1.0 + rtol or np.any(y_new < -10.0 * atol):
                h = step * min(max(0.9 * max(error, 8.0 if error <= 1.0 else error) ** (-1 / method.power), 0.2), 0.5)
                rejected = True
                continue
            system.bound_macrophages(t, step, y, y_new)
            system.settle(y_new)
            after = np.empty(n)
            t_new = end if ends else t + step
            system.rates(t_new, y_new, after)
            work[0] += 1.0
            inside = (points > t) & (points <= t_new)
            mass[inside] = hermite(
                (points[inside] - t) / step,
                (float(weights @ y), float(weights @ y_new)),
                (step * float(weights @ fresh), step * float(weights @ after)),
            )
            h = step * min(
                growth(error, last_error, step / last_h if last_h > 0.0 else None, method), 1.0 if rejected else 6.0
            )
            t, y, fresh, last_h, last_error, rejected = t_new, y_new, after, step, error, False
        states = np.zeros((len(points), n))
        heavy = int(np.argmax(weights))
        states[:, heavy] = mass / weights[heavy]
        states[-1] = y
        return states


def draw(results: dict[float, dict[str, list[tuple[float, float, int]]]], path: Path) -> None:
    """Error against work, a panel for each dose."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(results), figsize=(11.0, 3.8), sharey=True, layout="constrained")
    for ax, (dose, of_method) in zip(axes, results.items(), strict=True):
        for name, points in of_method.items():
            error, work, _ = zip(*points, strict=True)
            ax.loglog(work, error, "o-", ms=4, lw=2.2 if name == "Rosw3" else 1.1, label=name)
        ax.axhline(1e-3, color="0.6", lw=0.8, ls=":")
        ax.set_title(f"{dose:g} mg/cm²", fontsize=10)
        ax.set_xlabel("work [evaluations of the rates]")
        ax.set_xlim(200, 2600)
        ax.set_xticks([200, 500, 1000, 2000], labels=["200", "500", "1000", "2000"])
        ax.minorticks_off()
        ax.grid(alpha=0.25, which="both", lw=0.5)
    axes[0].set_ylabel("largest error of the retained mass [1]")
    axes[-1].legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=130)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", type=Path, help="draw error against work into this file")
    options = parser.parse_args()
    results: dict[float, dict[str, list[tuple[float, float, int]]]] = {}
    for dose in DOSES:
        column = Column(dose)
        results[dose] = {}
        print(
            f"\n{dose:g} mg/cm2 (a solve counts {column.solve_weight:.2f}, a factorisation {column.factor_weight:.2f})"
        )
        for method in methods():
            points: list[Any] = [column.run(method, rtol) for rtol in RTOLS]
            results[dose][method.name] = points
            cells = "  ".join(f"{error:.1e} ({work:.0f}, {steps})" for error, work, steps in points)
            print(f"   {method.name:<9} {cells}", flush=True)
    if options.figure:
        draw(results, options.figure)


if __name__ == "__main__":
    main()
