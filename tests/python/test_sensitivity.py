"""`inkfade.sensitivities`: derivatives of a run's numbers, against differences of the runs themselves."""

import numpy as np
import pytest

import inkfade as ink
from inkfade.scenario import find_parameter

TIMES = ["3 day", "20.5 day", "42 day", "400 day", "1500 day", "2191.5 day"]
OBSERVABLES = ["retained_of_deposit", "patch_dose", "free_mass", "stroma_mass", "drained", "centroid", "spread"]
# Steps so fine that what their number changes with a parameter is lost in differences of 4e-3.
FINE = {
    "numerics.rtol": 1e-9,
    "numerics.cells": 16,
    "numerics.classes": 2,
    "numerics.max_steps": 1_000_000,
    "run.horizon": "6 year",
    "ink.uv_sensitivity": "2e-6 m2/J",
    "start": "2027-03-14",
    "touch_up.measure": "retained_of_healed",
    "touch_up.threshold": 0.85,
}


@pytest.fixture(scope="module")
def smp():
    return ink.Scenario.preset("scalp-smp")


def differences(scenario, name, observables, times, share):
    """Change of each number (n_observables, n_times) and of the touch-up time for a relative change of a parameter."""
    unit = find_parameter(name).unit
    values = scenario.core.get(name) / find_parameter(name).factor * (1.0 + share * np.array([-2.0, -1.0, 1.0, 2.0]))
    runs = ink.ensemble(
        scenario,
        {name: values if unit == "1" else (values, unit)},
        times=times,
        observables=observables,
        progress=False,
    )
    assert np.all(runs.status == 0)
    weights = np.array([1.0, -8.0, 8.0, -1.0]) / (12.0 * share)  # of order 4
    slopes = np.array([weights @ runs[q].values for q in observables])
    return slopes, float(weights @ runs.touch_up_time.values)


@pytest.mark.parametrize(
    "name",
    [
        "procedure.depth",
        "procedure.deposit_per_dot",
        "macrophages.capture_rate",
        "macrophages.half_life",
        "stroma.release_rate",
        "skin.lymph.rate",
        "skin.wound.closure_time",
        "ink.size_median",
        "skin.papillary_dermis.thickness",
        "exposure.ambient_share",
    ],
)
def test_agree_with_central_differences_to_a_millionth(smp, name):
    scenario = smp.with_(FINE)
    run = ink.sensitivities(scenario, [name], times=TIMES, observables=OBSERVABLES, relative=True)
    expected, touch_up = differences(scenario, name, OBSERVABLES, TIMES, 4e-3)
    largest = 0.0
    for q, observable in enumerate(OBSERVABLES):
        size = np.abs(run[observable].values)
        slope = run[f"{observable}_slope"].values[0]
        np.testing.assert_allclose(slope / size, expected[q] / size, rtol=0, atol=1e-6, err_msg=observable)
        largest = max(largest, float(np.max(np.abs(slope / size))))
    assert largest > 1e-3, "the parameter does nothing"
    assert int(run.touch_up_observed) == 1
    assert float(run.touch_up_time_slope[0] / run.touch_up_time) == pytest.approx(
        touch_up / float(run.touch_up_time), abs=1e-6
    )


def test_values_are_those_of_simulate(smp):
    run = ink.sensitivities(smp, ["depth"], times=TIMES, observables=["retained_of_deposit", "drained"])
    one = ink.simulate(smp, times=TIMES)
    np.testing.assert_array_equal(run.retained_of_deposit, one.dataset.retained_of_deposit)
    assert float(run.touch_up_time) == pytest.approx(float(one.dataset.touch_up_time), rel=1e-15)


def test_units_are_those_that_the_dataset_names(smp):
    per_unit = ink.sensitivities(smp, ["depth", "skin.lymph.rate"], times=["1 year"], observables=["centroid"])
    relative = ink.sensitivities(
        smp, ["depth", "skin.lymph.rate"], times=["1 year"], observables=["centroid"], relative=True
    )
    assert list(per_unit.parameter_unit.values) == ["um", "1/day"]
    assert per_unit.centroid_slope.attrs["units"] == "um"
    assert float(per_unit.parameter_value[0]) == pytest.approx(smp.core.get("procedure.depth") * 1e6)
    # A deeper deposit has a deeper centroid, by about as much: um per um.
    assert 0.5 < float(per_unit.centroid_slope[0, 0]) < 1.5
    np.testing.assert_allclose(
        relative.centroid_slope[:, 0], per_unit.centroid_slope[:, 0] * per_unit.parameter_value, rtol=1e-12
    )
    np.testing.assert_allclose(
        relative.touch_up_time_slope, per_unit.touch_up_time_slope * per_unit.parameter_value, rtol=1e-12
    )


def test_without_times_the_default_ones_are_saved(smp):
    run = ink.sensitivities(smp, ["depth"])
    assert run.sizes["time"] == ink.simulate(smp).dataset.sizes["time"]
    assert np.isnan(run.retained_of_deposit_slope.values[0]).sum() == 0


def test_a_failed_run_is_cut_and_says_so(smp):
    run = ink.sensitivities(smp.with_({"numerics.max_steps": 40}), ["depth", "skin.lymph.rate"], times=TIMES)
    meanings = run.status.attrs["flag_meanings"].split()
    assert meanings[int(run.status)] == "too_many_steps"
    assert "too_many_steps after" in run.attrs["message"]
    assert 0 < run.sizes["time"] < len(TIMES)
    assert np.isfinite(run.retained_of_deposit_slope).all()
    assert np.isnan(run.touch_up_time_slope).all()


def test_the_most_that_a_parameter_can_do_is_known_without_a_run(smp):
    """The dose of a run without crowding or saturation scales all masses: the derivative of the deposit is exact."""
    run = ink.sensitivities(smp, ["procedure.deposit_per_dot"], observables=["deposited"], relative=True)
    np.testing.assert_allclose(run.deposited_slope[0], run.deposited, rtol=1e-9)


def test_every_parameter_has_the_slope_of_its_differences_or_says_why_not(smp):
    """All real parameters of the preset, at its own values: at bounds and at 0 by differences to the allowed side."""
    changes = {"numerics.rtol": 1e-7, "numerics.cells": 12, "numerics.classes": 2, "run.horizon": "3 year"}
    scenario = smp.with_({**changes, "numerics.max_steps": 1_000_000, "start": "2027-03-14"})
    times, observables = ["100 day", "1000.1 day"], ["retained_of_deposit", "free_mass", "centroid"]
    checked, refused = 0, []
    for name in scenario.parameters.index:
        template = find_parameter(name)
        if template is None or template.kind != "real" or str(name).startswith(("numerics.", "run.", "touch_up.")):
            continue
        try:
            run = ink.sensitivities(scenario, [name], times=times, observables=observables)
        except ink.ParameterError as error:
            refused.append(str(error))
            continue
        value = scenario.core.get(name) / template.factor
        low, high = template.lower_si / template.factor, template.upper_si / template.factor
        step = 2e-3 * abs(value) if value else 1e-4 * (high - low) if name.endswith("fraction") else 1e-7 * (high - low)
        pair = [value - step if value - step >= low else value, value + step if value + step <= high else value]
        try:
            unit = template.unit
            runs = ink.ensemble(
                scenario,
                {name: np.array(pair) if unit == "1" else (np.array(pair), unit)},
                times=times,
                observables=observables,
                progress=False,
            )
        except ink.ParameterError:
            continue  # other parameters bound it: covered where the run itself takes one side
        for observable in observables:
            expected = np.diff(runs[observable].values, axis=0)[0] / (pair[1] - pair[0])
            slope = run[f"{observable}_slope"].values[0]
            scale = np.abs(run[observable].values) / max(abs(value), step)
            # Differences of 2e-3 leave 1e-5 of third powers, noise of 1e-7 over them 1e-4, one-sided ones 2e-3.
            np.testing.assert_allclose(
                slope / scale, expected / scale, atol=5e-3, rtol=2e-2, err_msg=f"{name} {observable}"
            )
        checked += 1
    assert checked > 80
    assert len(refused) < 15
    assert all("has no derivative" in reason for reason in refused)
