"""The column of a scenario, integrated by solvers that are not ours, segment by segment over its breakpoints.

`inkfade selfcheck`, the tests and the benchmark share this file.
"""

# mypy: disable-error-code="import-untyped"
from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable

    from inkfade.scenario import Scenario

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Column:
    """A semi-discrete column and what an integrator that is not ours needs to know about it."""

    scenario: Scenario
    system: Any = field(init=False)
    weights: Array = field(init=False)
    calls: int = 0
    jacobians: int = 0

    def __post_init__(self) -> None:
        self.system = _core.ColumnSystem(self.scenario.core, ledger=False)
        self.weights = self.system.mass_weights()

    def rates(self, t: float, y: Array, out: Array) -> None:
        """Right-hand side in the form of CVODE; counted."""
        self.calls += 1
        self.system.rates(t, y, out)

    def jacobian(self, t: float, y: Array, _rates: Array, out: Array) -> None:
        """Exact Jacobian within its band, in the form of CVODE; counted."""
        self.jacobians += 1
        self.system.jacobian(t, y, out)

    def tolerances(self, y: Array, rtol: float) -> Array:
        """Absolute tolerances by the rule of our own runs: shares of the peak deposit and of the macrophages (n,)."""
        k = self.system.n_classes
        cells = y.reshape(self.system.n_cells, self.system.stride)
        share = rtol * float(self.scenario["numerics.atol_fraction"])
        scales = np.empty_like(cells)
        scales[:, : 3 * k] = cells[:, :k].sum(axis=1).max()
        scales[:, 3 * k] = cells[:, 3 * k].max()
        return (share * scales).ravel()


def retained(column: Column, times: Array, integrate: Callable[..., Array], rtol: float, **options: Any) -> Array:
    """Share of what was deposited that is still in the skin at the saved times [1] (n_times,)."""
    system = column.system
    starts = [*system.breakpoints, system.horizon]
    y = system.initial_state()
    deposited = float(column.weights @ y)
    atol = column.tolerances(y, rtol)
    share = np.empty(len(times))
    for i, (start, end) in enumerate(pairwise(starts)):
        system.enter(i)
        jump = system.jump(i)
        if i > 0 and jump.any():
            y = y + jump
            deposited += float(column.weights @ jump)
            atol = np.maximum(atol, column.tolerances(y, rtol))
        here = (times >= start) & (times < end)
        points = np.unique(np.concatenate([[start], times[here], [end]]))
        states = integrate(column, points, y, atol, rtol, **options)
        share[here] = states[np.searchsorted(points, times[here])] @ column.weights / deposited
        y = states[-1].copy()
    share[times >= starts[-1]] = float(column.weights @ y) / deposited
    return share


def lsoda(column: Column, points: Array, y: Array, atol: Array, rtol: float, *, upper: int | None = None) -> Array:
    """SciPy's odeint, which is LSODA with a banded difference-quotient Jacobian (n_points, n)."""
    from scipy.integrate import ODEintWarning, odeint

    below, above = column.system.bandwidths
    out = np.empty_like(y)

    def rates(t: float, state: Array) -> Array:
        column.rates(t, state, out)
        return out

    with warnings.catch_warnings():
        warnings.simplefilter("error", ODEintWarning)
        return np.asarray(
            odeint(
                rates, y, points, tfirst=True, ml=below, mu=above if upper is None else upper, rtol=rtol, atol=atol,
                mxstep=1_000_000,
            )
        )  # fmt: skip


def small(scenario: Scenario) -> Scenario:
    """The scenario on a grid that a difference quotient in Python can afford, over two years, solved to 1e-7."""
    return scenario.with_(
        {
            "numerics.cells": 24,
            "numerics.classes": 3,
            "numerics.self_shading": False,
            "numerics.rtol": 1e-7,
            "run.horizon": "2 year",
        }
    )


def ours(scenario: Scenario, times: Array) -> tuple[Array, dict[str, float]]:
    """The same shares from inkfade, and the statistics of the run."""
    [solution], _ = _core.simulate_many([scenario.core], times=times, fields=False, threads=1)
    if solution.status != "ok":
        raise RuntimeError(solution.message)
    return np.array(solution.retained_of_deposit), solution.statistics
