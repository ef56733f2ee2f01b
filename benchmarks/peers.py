"""The column of a scenario, integrated by SUNDIALS CVODE and by SciPy, segment by segment over its breakpoints.

The benchmark and the test that compares answers share this file.
"""

# mypy: disable-error-code="import-untyped"
from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Callable

    import inkfade as ink

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Column:
    """A semi-discrete column and what an integrator of other people needs to know about it."""

    scenario: ink.Scenario
    system: Any = field(init=False)
    weights: Array = field(init=False)
    calls: int = 0

    def __post_init__(self) -> None:
        self.system = _core.ColumnSystem(self.scenario.core, ledger=False)
        self.weights = self.system.mass_weights()

    def rates(self, t: float, y: Array, out: Array) -> None:
        """Right-hand side in the form of CVODE; counted."""
        self.calls += 1
        self.system.rates(t, y, out)

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


def cvode(column: Column, points: Array, y: Array, atol: Array, rtol: float, *, upper: int | None = None) -> Array:
    """SUNDIALS CVODE: BDF, banded matrix, difference-quotient Jacobian (n_points, n)."""
    from sksundae.cvode import CVODE

    below, above = column.system.bandwidths
    solver = CVODE(
        column.rates,
        method="BDF",
        linsolver="band",
        lband=below,
        uband=above if upper is None else upper,
        rtol=rtol,
        atol=atol,
        max_num_steps=1_000_000,
    )
    solution = solver.solve(points, y)
    if not solution.success:
        raise RuntimeError(f"CVODE: {solution.message}")
    states = np.asarray(solution.y)
    return states if len(points) > 2 else states[[0, -1]]  # two points: every internal step is returned


def lsoda(column: Column, points: Array, y: Array, atol: Array, rtol: float, *, upper: int | None = None) -> Array:
    """SciPy's odeint, which is LSODA with a banded difference-quotient Jacobian (n_points, n)."""
    import warnings

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


def scipy_bdf(column: Column, points: Array, y: Array, atol: Array, rtol: float) -> Array:
    """SciPy's solve_ivp with BDF and a sparse difference-quotient Jacobian (n_points, n)."""
    from scipy.integrate import solve_ivp
    from scipy.sparse import diags_array

    below, above = column.system.bandwidths
    offsets = range(-below, above + 1)
    n = len(y)
    pattern = diags_array([np.ones(n - abs(k)) for k in offsets], offsets=list(offsets), shape=(n, n))

    def rates(t: float, state: Array) -> Array:
        out = np.empty_like(state)
        column.rates(t, state, out)
        return out

    solution = solve_ivp(
        rates, (points[0], points[-1]), y, method="BDF", t_eval=points, rtol=rtol, atol=atol, jac_sparsity=pattern
    )
    if not solution.success:
        raise RuntimeError(f"SciPy BDF: {solution.message}")
    return np.asarray(solution.y.T)


def ours(scenario: ink.Scenario, times: Array) -> tuple[Array, dict[str, float]]:
    """The same shares from inkfade, and the statistics of the run."""
    [solution], _ = _core.simulate_many([scenario.core], times=times, fields=False, threads=1)
    if solution.status != "ok":
        raise RuntimeError(solution.message)
    return np.array(solution.retained_of_deposit), solution.statistics
