"""CVODE and SciPy on the same semi-discrete column give the same retained mass as our own integration.

Tolerance 1e-6 of the deposit: the peers run at rtol 1e-8 with the absolute tolerances of our own runs and we at 1e-7.
Local errors of that size add up over some hundred steps; ten times our rtol is what a run promises.
"""

from __future__ import annotations

import random
import sys

import numpy as np
import pytest
from conftest import REPOSITORY

import inkfade as ink
from inkfade import _core

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
import peers
from peers import small

pytest.importorskip("scipy")

TOLERANCE = 1e-6
PEER_RTOL = 1e-8
SEED = 20270314


def random_scenario(seed: int) -> ink.Scenario:
    """A person drawn from the preset's spread, treated in a random way; the seed says all."""
    draw = random.Random(seed)

    def between(low: float, high: float) -> float:
        return low * (high / low) ** draw.random()

    return small(ink.Scenario.preset("scalp-smp").draw(seed, 0)).with_(
        {
            "procedure.depth": f"{between(250, 700)!r} um",
            "procedure.depth_sd": f"{between(60, 200)!r} um",
            "procedure.epidermal_fraction": between(0.2, 0.6),
            "run.horizon": f"{between(0.3, 4)!r} year",
        }
    )


def compare(scenario: ink.Scenario, *integrators) -> None:
    times = np.asarray(_core.default_times(float(scenario["run.horizon"])))
    mine, statistics = peers.ours(scenario, times)
    for integrate in integrators:
        column = peers.Column(scenario)
        theirs = peers.retained(column, times, integrate, PEER_RTOL)
        difference = np.abs(theirs - mine).max()
        print(
            f"{scenario.preset_name}: {integrate.__name__} differs by {difference:.2e} of the deposit at most, "
            f"{len(times)} times, {column.calls} against {statistics['rate_evaluations']} rate evaluations"
        )
        assert difference <= TOLERANCE


def test_cvode_and_scipy_agree_on_the_scalp_preset(smp):
    pytest.importorskip("sksundae")
    compare(small(smp), peers.cvode, peers.lsoda, peers.scipy_bdf)


@pytest.mark.parametrize("seed", range(SEED, SEED + 6))
def test_cvode_agrees_on_random_scenarios(seed):
    pytest.importorskip("sksundae")
    print(f"seed {seed}")
    compare(random_scenario(seed), peers.cvode)


@pytest.mark.parametrize("seed", range(SEED + 100, SEED + 103))
def test_lsoda_agrees_on_random_scenarios(seed):
    print(f"seed {seed}")
    compare(random_scenario(seed), peers.lsoda)


def test_cvode_agrees_through_a_touch_up():
    pytest.importorskip("sksundae")
    text = """
    format = 1
    preset = "scalp-smp"
    [[session]]
    kind = "treatment"
    at = "0 day"
    [[session]]
    kind = "touch_up"
    at = "300 day"
    """
    scenario = small(ink.Scenario.from_toml(text))
    system = _core.ColumnSystem(scenario.core)
    jumps = [system.jump(i).any() for i in range(len(system.breakpoints))]
    assert sum(jumps) == 2
    compare(scenario, peers.cvode)


def test_the_jacobian_has_the_bandwidths_that_the_peers_are_told(smp):
    scenario = small(smp)
    column = peers.Column(scenario)
    y = column.system.initial_state()
    rng = np.random.default_rng(1)
    y = y * rng.uniform(0.5, 1.5, len(y)) + (y == 0) * rng.uniform(0, 0.1, len(y))
    base, moved = np.empty_like(y), np.empty_like(y)
    column.system.rates(86400.0, y, base)
    below, above = column.system.bandwidths
    for j in range(len(y)):
        other = y.copy()
        other[j] = 1.01 * other[j] + 1e-3
        column.system.rates(86400.0, other, moved)
        rows = np.flatnonzero(moved != base)
        assert rows.size == 0 or (rows.min() >= j - above and rows.max() <= j + below)


def test_the_jacobian_of_the_binding_is_what_central_differences_approach(smp):
    column = peers.Column(small(smp))
    system = column.system
    y = system.initial_state()
    seed = np.random.SeedSequence().entropy
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    y = y * rng.uniform(0.5, 0.9, len(y)) + (y == 0) * rng.uniform(0.01, 0.1, len(y))
    dermal = np.arange(system.n_cells) >= system.first_dermal_cell
    cells = y.reshape(system.n_cells, system.stride)
    cells[~dermal, system.n_classes :] = 0.0
    matrix = np.zeros((system.n, system.n))
    system.jacobian(86400.0, y, matrix)
    up, down = np.empty_like(y), np.empty_like(y)
    scale = np.maximum(y, 1e-3)
    differences = np.zeros_like(matrix)
    for j in range(len(y)):
        step = np.zeros_like(y)
        step[j] = 1e-5 * scale[j]
        system.rates(86400.0, y + step, up)
        system.rates(86400.0, y - step, down)
        differences[:, j] = (up - down) / (2e-5)
    # Steps of 1e-5: truncation 1e-10 and round-off 1e-11 of the largest term of the row; 1e-6 is a wide margin that a
    # wrong sign or a missing term, of order 1, cannot pass. Rates of components without pigment are 0 on both sides.
    largest = np.abs(matrix * scale).max(axis=1, keepdims=True)
    assert np.all(np.abs(matrix * scale - differences) <= 1e-6 * largest)
    assert np.all(largest[cells.ravel() > 0] > 0)


def test_coefficients_and_forcing_are_copies_of_what_the_rates_read(smp):
    system = _core.ColumnSystem(small(smp).core, ledger=False)
    coefficients = system.coefficients()
    cells, classes = system.n_cells, system.n_classes
    assert coefficients["conductance"].shape == (cells + 1, classes)
    assert np.all(coefficients["conductance"][[0, -1]] == 0.0)
    assert np.array_equal(
        coefficients["width"].repeat(3 * classes), system.mass_weights().reshape(cells, -1)[:, :-1].ravel()
    )
    coefficients["width"][:] = 0.0
    assert np.all(system.coefficients()["width"] > 0.0)
    assert [system.forcing(i)["start"] for i in range(len(system.breakpoints))] == system.breakpoints
    with pytest.raises(ink.ParameterError, match="segment 99"):
        system.forcing(99)


def test_mass_weights_and_the_ledger_balance_in_the_rates(smp):
    system = _core.ColumnSystem(small(smp).core)
    y = system.initial_state()
    rates = np.empty_like(y)
    system.rates(3600.0, y, rates)
    lost = rates[system.n_cells * system.stride :].sum()
    kept = system.mass_weights() @ rates
    # sums of n terms, each rounded once
    assert abs(lost + kept) <= len(y) * 2e-16 * np.abs(system.mass_weights() * rates).sum()


def test_macrophages_are_taken_back_to_where_their_law_lets_them_be(smp):
    column = peers.Column(small(smp))
    system, macrophages = column.system, slice(column.system.stride - 1, None, column.system.stride)
    system.enter(len(system.breakpoints) - 1)  # years after the last session: n* is the resident density
    resident = system.coefficients()["macrophages"]
    t, h = 3e7, 1e6
    for before, after, held in [(1.1, 0.8, 1.0), (1.1, 1.2, 1.1), (1.1, 1.05, 1.05), (0.9, 1.2, 1.0), (0.9, 0.8, 0.9)]:
        start, end = system.initial_state(), system.initial_state()
        start[macrophages], end[macrophages] = before * resident, after * resident
        pigment = np.delete(end, np.s_[macrophages])
        system.bound_macrophages(t, h, start, end)
        np.testing.assert_allclose(end[macrophages], held * resident, rtol=1e-9)
        np.testing.assert_array_equal(np.delete(end, np.s_[macrophages]), pigment)
    with pytest.raises(ink.ParameterError, match="before has 1 values"):
        system.bound_macrophages(t, h, np.zeros(1), end)


def test_argument_rates_are_the_rates_and_go_on_past_a_full_niche(smp):
    column = peers.Column(small(smp))
    system, k = column.system, column.system.n_classes
    y, inside, beyond = system.initial_state(), np.empty(system.n), np.empty(system.n)
    system.rates(1e5, y, inside)
    system.argument_rates(1e5, y, beyond)
    np.testing.assert_allclose(beyond, inside, rtol=1e-12)
    cells = y.reshape(system.n_cells, system.stride)
    cells[system.first_dermal_cell :, k : 2 * k] = 1.0  # kg/m3: loads far above 1
    assert system.peak_load(y) > 1.1
    system.rates(1e5, y, inside)
    system.argument_rates(1e5, y, beyond)
    gained = (beyond - inside).reshape(system.n_cells, system.stride)
    assert gained[system.first_dermal_cell :, :k].max() > 0.0  # set free again
    np.testing.assert_allclose(gained[:, :k], -gained[:, k : 2 * k], atol=1e-12 * np.abs(beyond).max())


def test_arrays_are_used_without_a_copy_and_their_size_is_checked(smp):
    system = _core.ColumnSystem(small(smp).core, ledger=False)
    y = system.initial_state()
    out = np.full_like(y, np.nan)
    system.rates(0.0, y, out)
    assert np.isfinite(out).all()
    with pytest.raises(ink.ParameterError, match="must have"):
        system.rates(0.0, y[:-1].copy(), out)
    with pytest.raises(TypeError):
        system.rates(0.0, y.astype(np.float32), out)


def test_self_shading_is_refused(smp):
    with pytest.raises(ink.ParameterError, match="self_shading"):
        _core.ColumnSystem(small(smp).with_({"numerics.self_shading": True}).core)
