"""SUNDIALS CVODE and SciPy's BDF, beside LSODA and inkfade's own answers of `inkfade.checks.peers`.

The benchmark and the test that compares answers share this file.
"""

# mypy: disable-error-code="import-untyped"
from __future__ import annotations

import numpy as np

from inkfade.checks.peers import Array, Column, lsoda, ours, retained, small

__all__ = ["Array", "Column", "cvode", "lsoda", "ours", "retained", "scipy_bdf", "small"]


def cvode(
    column: Column, points: Array, y: Array, atol: Array, rtol: float, *, upper: int | None = None, exact: bool = False
) -> Array:
    """SUNDIALS CVODE: BDF, banded matrix, Jacobian by difference quotients or our compiled exact one (n_points, n)."""
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
        jacfn=column.jacobian if exact else None,
    )
    solution = solver.solve(points, y)
    if not solution.success:
        raise RuntimeError(f"CVODE: {solution.message}")
    states = np.asarray(solution.y)
    return states if len(points) > 2 else states[[0, -1]]  # two points: every internal step is returned


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
