"""One run: what comes back, what is said, what is kept."""

from __future__ import annotations

import dataclasses
import math
import threading

import numpy as np
import pytest
import xarray as xr

import inkfade as ink
from inkfade import _core
from inkfade.touch_up import TouchUp, censored_quantile


def test_the_ledger_closes_at_every_saved_time(fade):
    """Shares in the skin and out of it add up to what was deposited, to the ledger's own tolerance."""
    np.testing.assert_allclose(fade.ledger.sum(axis=1), 1.0, rtol=0, atol=1e-10)


def test_pigment_only_leaves(fade):
    """One session: the retained share never rises by more than the solver's tolerance (1e-3 of the deposit)."""
    assert np.diff(fade.dataset["retained_of_deposit"].values).max() < 1e-3


def test_pools_and_profiles_hold_the_same_mass(fade):
    """The sum of the profile over depth is the pools' mass: 1 mg/cm3 over 1 um is 1e-4 mg/cm2."""
    data = fade.dataset
    heights = np.diff(data["z_bounds"].values, axis=1)[:, 0]
    areal = (data["pigment"] * xr.DataArray(heights, dims="z")).sum(("z", "size_class")) * 1e-4
    np.testing.assert_allclose(areal.transpose("time", "pool"), data["mass"], rtol=1e-9, atol=1e-14)


def test_years_sets_the_end_of_the_run(smp):
    short = ink.simulate(smp, years=2.5, fields=False)
    assert short.years[-1] == pytest.approx(2.5, rel=1e-12)
    assert short.scenario.horizon == pytest.approx(2.5, rel=1e-12)


def test_saved_times_are_those_asked_for(smp):
    times = ["0 day", "42 day", "1 year", "5 year"]
    saved = ink.simulate(smp, times=times, fields=False).dataset["time"].values
    np.testing.assert_allclose(saved, [0, 42, 365.25, 5 * 365.25], rtol=1e-12)


def test_without_fields_there_are_observables_only(smp):
    data = ink.simulate(smp, years=1, fields=False).dataset
    assert "pigment" not in data
    assert "retained_of_deposit" in data


def test_all_variables_of_a_run_have_units_or_are_text(fade):
    bare = [n for n, v in fade.dataset.variables.items() if v.dtype.kind == "f" and "units" not in v.attrs]
    assert bare == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"years": 0}, "horizon"),
        ({"years": -1}, "horizon"),
        ({"years": math.nan}, "horizon"),
        ({"years": math.inf}, "horizon"),
        ({"years": "10 years"}, "years"),
        ({"years": True}, "years"),
        ({"times": []}, "empty"),
        ({"times": [1.0, 2.0]}, "unit"),
        ({"times": np.linspace(0, 5, 6)}, "0.0 day"),
        ({"times": ["1 um"]}, "times"),
        ({"times": ["5 day", "1 day"]}, "time"),
        ({"times": ["1 day", "1 day"]}, "time"),
        ({"times": ["0 day", "11 year"]}, "time"),
        ({"wall_limit": 0}, "wall_limit"),
        ({"wall_limit": -1}, "wall_limit"),
        ({"wall_limit": math.nan}, "wall_limit"),
        ({"wall_limit": "a"}, "wall_limit"),
        ({"times": 5}, "times"),
        ({"times": "5 year"}, "times"),
    ],
)
def test_a_bad_option_is_an_error_that_names_it(smp, options, word):
    with pytest.raises(ink.ParameterError, match=word):
        ink.simulate(smp, **options)


def test_only_a_scenario_can_be_simulated():
    with pytest.raises(ink.ParameterError, match="Scenario"):
        ink.simulate("scalp-smp")


def test_a_failed_run_says_so_and_keeps_what_it_has(smp):
    failed = ink.simulate(smp.with_({"numerics.max_steps": 5}))
    assert failed.status == "too_many_steps"
    assert failed.message
    assert "too_many_steps" in repr(failed)


def test_check_turns_a_failed_run_into_an_error(smp):
    with pytest.raises(ink.IntegrationError, match="too_many_steps"):
        ink.simulate(smp.with_({"numerics.max_steps": 5}), check=True)


def test_the_same_bits_for_any_number_of_threads(smp):
    people = [smp.draw(5, i).core for i in range(12)]
    digests = set()
    for threads in (1, 2, 5):
        runs, interrupted = _core.simulate_many(people, fields=False, threads=threads)
        assert not interrupted
        digests.add(_core.digest(_core.points_dataset(people, runs)))
    assert len(digests) == 1


def test_runs_in_python_threads_give_the_bits_of_one_run(smp):
    alone = ink.simulate(smp, years=1, fields=False).dataset["retained_of_deposit"].values
    found: list[np.ndarray] = []
    work = [
        threading.Thread(
            target=lambda: found.append(ink.simulate(smp, years=1, fields=False).dataset["retained_of_deposit"].values)
        )
        for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(alone, other) for other in found)


def test_ctrl_c_keeps_the_runs_that_are_finished(smp):
    import _thread

    def press(done: int) -> None:
        if done:
            _thread.interrupt_main()

    runs, interrupted = _core.simulate_many([smp.draw(1, i).core for i in range(3000)], fields=False, progress=press)
    statuses = {run.status for run in runs}
    assert interrupted
    assert statuses == {"ok", "cancelled"}


def test_ctrl_c_ends_a_touch_up_with_keyboard_interrupt(smp):
    import _thread

    timer = threading.Timer(0.3, _thread.interrupt_main)
    fade = ink.simulate(smp, fields=False)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fade.touch_up(draws=20_000)
    timer.join()


def test_an_error_in_a_progress_callable_ends_the_runs_and_is_passed_on(smp):
    def broken(_done: int) -> None:
        raise ZeroDivisionError("progress")

    with pytest.raises(ZeroDivisionError, match="progress"):
        _core.simulate_many([smp.draw(1, i).core for i in range(2000)], fields=False, progress=broken)


def test_arrays_of_a_solution_cannot_be_written_to(smp):
    [run], _ = _core.simulate_many([smp.core], fields=False)
    with pytest.raises(ValueError, match="read-only"):
        run.retained_of_deposit[0] = 0.0


def test_arrays_outlive_their_solution(smp):
    [run], _ = _core.simulate_many([smp.core], fields=False)
    copy, view = run.time.copy(), run.time
    del run
    assert np.array_equal(view, copy)


def test_a_saved_run_comes_back_the_same(fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    again = ink.load(path)
    assert isinstance(again, ink.Fade)
    assert again.scenario == fade.scenario
    xr.testing.assert_identical(again.dataset.drop_attrs(), fade.dataset.drop_attrs())


def test_a_saved_run_opens_in_plain_xarray_with_units_and_floating_time(fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    with xr.open_dataset(path, engine="h5netcdf") as data:
        assert data["time"].dtype.kind == "f"
        assert data["patch_dose"].attrs["units"] == "ug cm-2"
        assert list(data["pool"].values) == ["free", "macrophage", "stroma"]
        np.testing.assert_array_equal(data["retained_of_deposit"], fade.dataset["retained_of_deposit"])


def test_a_file_that_is_there_is_not_replaced_unasked(fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    with pytest.raises(ink.FileError, match=r"fade\.h5"):
        fade.save(path)
    fade.save(path, overwrite=True)


def test_a_changed_byte_in_a_saved_run_is_noticed(fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ink.FormatError):
        ink.load(path)


@pytest.mark.parametrize("content", [b"", b"not a result file", b"\x89HDF\r\n\x1a\n" + b"\0" * 64])
def test_what_is_no_result_file_is_a_format_error(tmp_path, content):
    path = tmp_path / "other.h5"
    path.write_bytes(content)
    with pytest.raises(ink.FormatError, match=r"other\.h5"):
        ink.load(path)


def test_a_touch_up_says_time_interval_and_of_what(fade):
    seen, left = fade.touch_up(draws=20), fade.touch_up(0.7, measure="retained_of_healed", draws=20)
    for due, what in (
        (seen, "patch contrast falls below 50 % of what it was when healed; no threshold"),
        (left, "pigment falls below 70 % of what was there when healed; interval"),
    ):
        assert str(due).count("80 % interval") == 1
        assert what in repr(due)
        assert "assumed" in repr(due)
    assert (seen.measure, left.measure) == ("patch_contrast_of_healed", "retained_of_healed")
    assert (seen.observed, left.observed) == (False, True)


def test_a_touch_up_by_another_measure_is_that_of_a_scenario_with_it(fade, fade_by_pigment):
    asked = fade.touch_up(0.7, measure="retained_of_healed", draws=20)
    assert asked == fade_by_pigment.touch_up(draws=20)
    assert asked.time == float(fade_by_pigment.dataset["touch_up_time"])
    deposit = fade.touch_up(0.3, measure="retained_of_deposit", draws=2)
    crossed = np.interp(deposit.time, fade.years, fade.dataset["retained_of_deposit"].values)
    assert crossed == pytest.approx(0.3, abs=2e-3)


def test_the_floor_is_said_and_counts_only_for_what_is_seen(smp):
    floored = ink.simulate(smp.with_({"touch_up.contrast_floor": 4.0}), years=10, times=["10 year"])
    due = floored.touch_up(draws=2)
    assert due.floor == 4.0
    assert due.meaning.startswith("patch contrast falls below 50 % of what it was when healed or below 4 dE00; no")
    [contrast] = ink.simulate(floored.scenario, times=[f"{due.time!r} year"]).dataset["patch_contrast"].values
    assert contrast == pytest.approx(4.0, rel=1e-6)
    left = floored.touch_up(0.7, measure="retained_of_healed", draws=2)
    assert left.floor == 0.0
    assert "dE00" not in left.meaning


@pytest.mark.parametrize("measure", ["patch_contrast_of_healed", "retained_of_healed"])
def test_the_touch_up_is_where_the_curve_crosses_the_threshold(fade, measure):
    """Between two saved times the curve is interpolated: a month of a slow fade, far below 0.002."""
    for threshold in (0.95, 0.9):
        due = fade.touch_up(threshold, measure=measure, draws=2)
        assert due.observed
        crossed = np.interp(due.time, fade.years, fade.dataset[f"{measure}"].values)
        assert crossed == pytest.approx(threshold, abs=2e-3)


def test_a_higher_threshold_is_reached_earlier(fade):
    times = [fade.touch_up(level, draws=2).time for level in (0.95, 0.9, 0.8, 0.5)]
    assert times == sorted(times)
    assert times[0] < times[-1]


def test_touch_ups_are_computed_once_and_repeat_with_the_seed(smp):
    one, other = (ink.simulate(smp, years=3, fields=False) for _ in range(2))
    assert one.touch_up(draws=10, seed=3) is one.touch_up(draws=10, seed=3)
    assert one.touch_up(draws=10, seed=3) == other.touch_up(draws=10, seed=3)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("level", 0),
        ("level", 1.0),
        ("level", "a"),
        ("draws", 1),
        ("draws", 2.5),
        ("threshold", 0),
        ("threshold", "a"),
        ("draws", True),
        ("seed", -1),
        ("seed", 1.5),
        ("seed", 2**64),
    ],
)
def test_a_bad_touch_up_option_is_an_error_that_names_it(fade, option, value):
    with pytest.raises(ink.ParameterError, match=option):
        fade.touch_up(**{option: value})


@pytest.mark.parametrize("given", [70, "70 %", 70.0, "70"])
def test_a_threshold_in_per_cent_is_refused_with_the_share(fade, given):
    with pytest.raises(ink.ParameterError, match=r"threshold = .*: 70 % is 0\.7"):
        fade.touch_up(given)


def test_numpy_numbers_are_numbers(fade):
    assert fade.touch_up(draws=np.int64(10)) == fade.touch_up(draws=10)


def due(time: float, low: float, high: float, *, observed: bool = True) -> TouchUp:
    return TouchUp(time, observed, low, high, 0.8, 10.0, "retained_of_healed", 0.7, 200, "assumed", 70, 100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (due(3.92, 2.61, 6.13), "3.9 years (80 % interval 2.6-6.1)"),
        (due(7.0, 4.0, math.inf), "7.0 years (80 % interval 4.0 to > 10)"),
        (due(4.1, 2.3, 9.97), "4.1 years (80 % interval 2.3-10.0)"),
        (due(0.45, 0.999, 120.4), "0.45 years (80 % interval 1.0-120)"),
        (due(4.1, math.nan, math.nan), "4.1 years (no 80 % interval: the runs of all people drawn failed)"),
        (due(10.0, 8.14, math.inf, observed=False), "not within 10 years (80 % interval 8.1 to > 10)"),
        (due(10.0, math.inf, math.inf, observed=False), "not within 10 years (80 % interval > 10 years)"),
        (
            dataclasses.replace(due(1.0, math.inf, math.inf, observed=False), horizon=1.0),
            "not within 1 year (80 % interval > 1 year)",
        ),
    ],
)
def test_a_censored_touch_up_is_said_as_censored(value, text):
    assert str(value) == text


@pytest.fixture(scope="module")
def strained(smp):
    """A run that just ends within its steps: some of the people drawn from it need more and fail."""
    free = ink.simulate(smp, years=3, fields=False)
    limited = smp.with_({"numerics.max_steps": int(free.dataset["steps"])})
    return ink.simulate(limited, years=3, fields=False, check=True)


def test_a_failed_run_has_no_touch_up(smp):
    failed = ink.simulate(smp.with_({"numerics.max_steps": 5}), fields=False)
    for threshold in (None, 0.9):
        with pytest.raises(ink.IntegrationError, match="too_many_steps"):
            failed.touch_up(threshold, draws=2)


def test_people_whose_run_failed_are_left_out_of_the_interval_and_said(strained):
    threshold = 0.7
    time, observed, status, interrupted = _core.touch_up_draws(strained.scenario.core, threshold, n=30, seed=1)
    assert not interrupted
    assert 0 < (status != 0).sum() < 30
    assert not observed[status != 0].any()
    due = strained.touch_up(threshold, draws=30, seed=1, level=0.5)
    assert due.n_failed == (status != 0).sum()
    assert f"30 people drawn from the parameter distributions, {due.n_failed} runs failed and are left out" in repr(due)
    left = status == 0
    years = time[left] / (365.25 * 86400)
    assert due.low == censored_quantile(years, observed[left].astype(bool), 0.25)
    assert due.high == censored_quantile(years, observed[left].astype(bool), 0.75)


def test_people_whose_run_failed_are_left_out_of_the_band_and_said(strained):
    people = [strained.scenario.core.draw(1, i) for i in range(30)]
    times = strained.dataset["time"].values * 86400.0
    runs, _ = _core.simulate_many(people, times=times, fields=False)
    ran = np.array([run.retained_of_deposit for run in runs if run.status == "ok"])
    assert 0 < len(ran) < 30
    with pytest.warns(RuntimeWarning, match=f"30 people drawn, {30 - len(ran)} runs failed and are left out"):
        low, high = strained.band(draws=30, seed=1)
    np.testing.assert_allclose(low, np.quantile(ran, 0.1, axis=0), rtol=1e-12)
    np.testing.assert_allclose(high, np.quantile(ran, 0.9, axis=0), rtol=1e-12)


def test_a_band_of_failed_runs_alone_is_an_error(smp):
    failed = ink.simulate(smp.with_({"numerics.max_steps": 5}), fields=False)
    with pytest.raises(ink.IntegrationError, match="all 3 runs failed"):
        failed.band(draws=3)


def test_the_band_holds_the_middle_of_the_people(smp):
    fade = ink.simulate(smp, years=3, fields=False)
    low, high = fade.band(draws=40, seed=1)
    ends = np.sort(
        [
            ink.simulate(smp.draw(1, i), years=3, fields=False).dataset["retained_of_deposit"].values[-1]
            for i in range(40)
        ]
    )
    assert (low <= high).all()
    assert ((ends >= low[-1]) & (ends <= high[-1])).sum() == pytest.approx(32, abs=2)


def test_importing_inkfade_loads_nothing_heavy(environment):
    import subprocess
    import sys

    code = "import sys, inkfade; print([m for m in ('numpy', 'matplotlib', 'xarray', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("terminal", "draws", "shown"), [(True, 1000, True), (True, 10, False), (False, 1000, False)])
def test_many_draws_show_their_progress_on_a_terminal(smp, monkeypatch, terminal, draws, shown):
    import io
    import sys

    said = io.StringIO()
    said.isatty = lambda: terminal
    fade = ink.simulate(smp, years=0.2, fields=False)
    monkeypatch.setattr(sys, "stderr", said)
    fade.touch_up(draws=draws)
    assert ("person" in said.getvalue()) == shown
