"""`inkfade.ensemble`: the numbers of `simulate`, many at a time."""

import numpy as np
import pytest

import inkfade as ink

TIMES = ["0 day", "42 day", "1 year", "3 year"]


@pytest.fixture(scope="module")
def smp():
    return ink.Scenario.preset("scalp-smp").with_({"run.horizon": "4 year"})


def test_a_run_has_the_bits_of_simulate(smp):
    depth = np.array([3.0e-4, 4.0e-4, 6.55e-4])
    rate = np.array([5.0e-6, 1.0e-5, 2.0e-5])
    many = ink.ensemble(
        smp,
        {"depth": (depth, "m"), "macrophages.capture_rate": (rate, "1/s")},
        times=TIMES,
        observables=["retained_of_deposit", "centroid", "peak_load"],
        progress=False,
    )
    for i in range(3):
        one = ink.simulate(
            smp.with_({"depth": f"{float(depth[i])!r} m", "macrophages.capture_rate": f"{float(rate[i])!r} 1/s"}),
            times=TIMES,
        )
        np.testing.assert_array_equal(many.retained_of_deposit[i], one.dataset.retained_of_deposit)
        np.testing.assert_allclose(many.centroid[i], one.dataset.centroid, rtol=1e-15)  # um of either
        assert float(many.touch_up_time[i]) == pytest.approx(float(one.dataset.touch_up_time), rel=1e-15)
    assert many.centroid.attrs["units"] == "um"
    assert list(many.depth.values) == list(depth)


def test_people_are_the_same_for_any_number_of_them_and_of_threads(smp):
    few = ink.ensemble(smp, n=3, seed=5, times=TIMES, threads=1, progress=False)
    more = ink.ensemble(smp, n=40, seed=5, times=TIMES, threads=2, progress=False)
    np.testing.assert_array_equal(few.retained_of_deposit, more.retained_of_deposit[:3])
    assert len(set(more.retained_of_deposit.values[:, -1])) == 40


def test_without_times_only_touch_ups_are_kept(smp):
    by_pigment = smp.with_({"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.85})
    touch_ups = ink.ensemble(by_pigment, n=20, progress=False)
    assert set(touch_ups.data_vars) == {"touch_up_time", "touch_up_observed", "status", "steps"}
    assert 0 < int(touch_ups.touch_up_observed.sum()) <= 20
    censored = touch_ups.where(touch_ups.touch_up_observed == 0, drop=True)
    assert np.all(censored.touch_up_time == 4.0)


def test_a_failed_run_is_a_row_with_its_status(smp):
    many = ink.ensemble(
        smp.with_({"numerics.max_steps": 40}), {"numerics.rtol": np.array([1e-2, 1e-7])}, times=TIMES, progress=False
    )
    meanings = many.status.attrs["flag_meanings"].split()
    assert [meanings[code] for code in many.status.values] == ["ok", "too_many_steps"]
    assert np.isfinite(many.retained_of_deposit[0]).all()
    assert np.isnan(many.retained_of_deposit[1, -1])
    assert many.touch_up_time[0] == 4.0
    assert np.isnan(many.touch_up_time[1])


def test_layers_and_text_with_units_are_taken(smp):
    many = ink.ensemble(
        smp, {"skin.papillary_dermis.thickness": ["150 um", "0.2 mm"], "procedure.epidermal_fraction": [0.3, 0.4]},
        times=TIMES, progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(many["skin.papillary_dermis.thickness"], [150.0, 200.0], rtol=1e-14)
    assert not np.array_equal(many.retained_of_deposit[0], many.retained_of_deposit[1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"parameters": {"depht": ([1.0], "um")}}, r'unknown parameter "depht" \(did you mean procedure.depth\?\)'),
        ({"parameters": {"depth": [0.0004]}}, "depth"),
        ({"parameters": {"depth": ([400.0], "s")}}, "depth"),
        ({"parameters": {"depth": ([400.0, 9e9], "um")}}, "run 1: procedure.depth"),
        ({"parameters": {"depth": ([[400.0]], "um")}}, r"depth has shape \(1, 1\): expected one value for each run"),
        ({"parameters": {"depth": ([float("nan")], "um")}}, "run 0: depth: nan is not a finite number"),
        (
            {"parameters": {"depth": ([400.0], "um"), "dot_diameter": ([0.3, 0.4], "mm")}},
            "dot_diameter has 2 values, procedure.depth has 1",
        ),
        ({"parameters": {"depth": ([400.0], "um"), "procedure.depth": ([400.0], "um")}}, "is given twice"),
        ({"parameters": {"run.horizon": ([1.0], "year")}}, "run.horizon: the runs of an ensemble share"),
        ({"parameters": {"depth": ([400.0], "um")}, "n": 2}, "n = 2: the parameters have 1 values"),
        ({}, "n: say how many people to draw"),
        ({"n": 0}, "n = 0: must be a whole number from 1"),
        ({"n": 1, "seed": -1}, "seed = -1"),
        ({"n": 1, "times": ["9 year"]}, "times: 9 year|times: 3287.25 day lies outside the run"),
        ({"n": 1, "times": TIMES, "observables": ["colour"]}, "observables: there is no 'colour'"),
        ({"n": 1, "observables": ["colour"]}, "observables = .'colour'.: need times"),
        ({"n": 1, "times": TIMES, "observables": "shed"}, "observables = 'shed': expected a list"),
        ({"n": 1, "threads": -1}, "threads = -1"),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(smp, arguments, words):
    with pytest.raises(ink.ParameterError, match=words):
        ink.ensemble(smp, progress=False, **arguments)


def test_the_contrast_of_a_run_is_that_of_its_fade(smp):
    depth = np.array([3.0e-4, 6.0e-4])
    density = np.array([60.0, 140.0])
    many = ink.ensemble(
        smp,
        {"depth": (depth, "m"), "dot_density": (density, "cm-2")},
        times=TIMES,
        observables=["retained_of_deposit", "patch_contrast"],
        progress=False,
    )
    for i in range(2):
        fade = ink.simulate(
            smp.with_({"depth": f"{float(depth[i])!r} m", "dot_density": f"{float(density[i])!r} cm-2"}), times=TIMES
        )
        np.testing.assert_array_equal(many.patch_contrast[i], fade.dataset["patch_contrast"])
        np.testing.assert_allclose(many.patch_contrast[i], fade.appearance().contrast, rtol=0.01)
        np.testing.assert_array_equal(many.retained_of_deposit[i], fade.dataset.retained_of_deposit)
    assert float(many.patch_contrast[1, 0]) > float(many.patch_contrast[0, 0])  # denser dots are seen better


def test_looking_at_runs_changes_no_bit_with_threads_or_their_number(smp):
    few = ink.ensemble(smp, n=2, seed=5, times=TIMES, observables=["patch_contrast"], threads=1, progress=False)
    more = ink.ensemble(smp, n=12, seed=5, times=TIMES, observables=["patch_contrast"], threads=2, progress=False)
    np.testing.assert_array_equal(few.patch_contrast, more.patch_contrast[:2])
