"""The model ladder as a user calls it: the well-mixed rung, and rungs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import xarray as xr

import inkfade as ink
from inkfade import _core

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def smp() -> ink.Scenario:
    by_pigment = {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}
    return ink.Scenario.preset("scalp-smp").with_(by_pigment, aftercare="careful")


@pytest.fixture(scope="module")
def mixed(smp: ink.Scenario) -> ink.Fade:
    return ink.simulate(smp, years=6, rung="well_mixed")


@pytest.fixture(scope="module")
def both(smp: ink.Scenario) -> ink.Comparison:
    return ink.compare(smp, years=6)


def test_a_fade_says_its_rung(smp: ink.Scenario, mixed: ink.Fade) -> None:
    assert mixed.rung == "well_mixed"
    assert mixed.dataset.attrs["rung"] == "well_mixed"
    assert "rosenbrock4" in mixed.dataset.attrs["solver"]
    assert "well mixed" in repr(mixed)
    assert "well mixed" in mixed._repr_html_()
    column = ink.simulate(smp, years=1)
    assert column.rung == column.dataset.attrs["rung"] == "column"


def test_the_rung_has_the_observables_that_make_sense_and_no_others(smp: ink.Scenario, mixed: ink.Fade) -> None:
    column = ink.simulate(smp, years=6)
    missing = set(column.dataset.variables) - set(mixed.dataset.variables)
    profiles = {"pigment", "macrophages", "macrophage_load"}
    seen = {"axis", "patch_contrast", "patch_contrast_of_healed", "patch_lab", "colour_drift", "healed_contrast"}
    seen |= {"healed_lab", "bare_lab"}
    assert missing == {"z", "z_bounds", "centroid", "spread"} | profiles | seen
    assert set(mixed.dataset.variables) <= set(column.dataset.variables)
    assert list(mixed.dataset["layer"].values) == ["epidermis", "dermis"]
    assert mixed.status == "ok"
    np.testing.assert_allclose(mixed.ledger.sum(axis=1), 1.0, atol=1e-12)


def test_asking_the_rung_for_a_profile_is_an_error_that_says_why(mixed: ink.Fade) -> None:
    with pytest.raises(ink.ParameterError, match=r"well_mixed rung has no depth.*rung='column'"):
        mixed.plot_profile()


def test_an_unknown_rung_is_an_error_that_names_those_there_are(smp: ink.Scenario) -> None:
    for wrong in ("dot", 0, None):
        with pytest.raises(ink.ParameterError, match="must be one of 'column', 'well_mixed'"):
            ink.simulate(smp, rung=wrong)  # type: ignore[arg-type]
    with pytest.raises(ink.ParameterError, match="must be 'column' or 'well_mixed'"):
        _core.simulate_many([smp.core], rung="dot")


def test_a_result_file_of_the_rung_comes_back_as_it_was(mixed: ink.Fade, tmp_path: Path) -> None:
    path = mixed.save(tmp_path / "mixed.h5")
    again = ink.load(path)  # compares the digest with the contents
    assert isinstance(again, ink.Fade)
    assert again.rung == "well_mixed"
    xr.testing.assert_equal(again.dataset, mixed.dataset)
    with xr.open_dataset(path, engine="h5netcdf") as opened:
        np.testing.assert_array_equal(opened["mass"], mixed.dataset["mass"])


def test_the_touch_up_and_its_people_are_those_of_the_rung(smp: ink.Scenario, mixed: ink.Fade) -> None:
    column = ink.simulate(smp, years=6).touch_up(draws=20)
    own = mixed.touch_up(draws=20)
    assert own.time == float(mixed.dataset["touch_up_time"])
    assert own.time < column.time
    assert own.low < column.low
    other = mixed.touch_up(0.9, draws=2)
    again = ink.simulate(smp.with_({"touch_up.threshold": 0.9}), years=6, rung="well_mixed")
    assert other.time == float(again.dataset["touch_up_time"])
    low, high = mixed.band(draws=20)
    inside = (low <= mixed.dataset["retained_of_deposit"].values) & (
        mixed.dataset["retained_of_deposit"].values <= high
    )
    assert inside.mean() > 0.9


def test_a_failed_run_of_the_rung_is_data_too(smp: ink.Scenario) -> None:
    fade = ink.simulate(smp.with_({"numerics.max_steps": 5}), rung="well_mixed")
    assert fade.status == "too_many_steps"
    assert "depth" not in fade.message
    with pytest.raises(ink.IntegrationError):
        ink.simulate(smp.with_({"numerics.max_steps": 5}), rung="well_mixed", check=True)


def test_compare_runs_each_rung_as_simulate_does(smp: ink.Scenario, both: ink.Comparison) -> None:
    assert list(both.fades) == ["column", "well_mixed"]
    for rung, fade in both.fades.items():
        alone = ink.simulate(smp, years=6, rung=rung)  # type: ignore[arg-type]
        np.testing.assert_array_equal(fade.dataset["mass"], alone.dataset["mass"])


def test_the_table_of_a_comparison_holds_values_and_differences(both: ink.Comparison) -> None:
    table = both.to_dataframe(years=[1, 5])
    assert list(table.columns) == ["column", "well_mixed", "well_mixed - column"]
    np.testing.assert_array_equal(table["well_mixed - column"], table["well_mixed"] - table["column"])
    column = both.fades["column"].dataset
    assert table.loc["retained_of_healed at 5 years", "column"] == float(
        column["retained_of_healed"].sel(time=5 * 365.25, method="nearest")
    )
    assert table.loc["touch_up_time [year]", "column"] == float(column["touch_up_time"])
    assert (table.loc["ledger_residual"] <= 1e-12).all()
    assert (table.loc["wall_time [s]", ["column", "well_mixed"]] > 0).all()


def test_a_censored_touch_up_has_no_time_in_the_table(smp: ink.Scenario) -> None:
    table = ink.compare(smp.with_({"touch_up.threshold": 0.05}), years=1).to_dataframe()
    assert table.loc["touch_up_time [year]"].isna().all()
    assert (table.loc["touch_up_observed"] == 0).all()


def test_a_comparison_says_the_largest_difference(both: ink.Comparison) -> None:
    gap, year, rung = both.largest_difference
    assert rung == "well_mixed"
    curves = [both.fades[name].dataset["retained_of_deposit"] for name in ("well_mixed", "column")]
    assert abs(gap) == float(abs(curves[0] - curves[1]).max())
    place = int(np.argmin(abs(both.fades["column"].years - year)))
    assert gap == float(curves[0][place] - curves[1][place])
    assert f"{100 * gap:+.1f} %" in repr(both)


def test_a_comparison_shows_in_a_notebook_and_plots(both: ink.Comparison) -> None:
    page = both._repr_html_()
    assert "image/png" in page
    assert "well_mixed - column" in page
    assert "mostly fades too fast" in page
    ax = both.plot()
    assert [line.get_label() for line in ax.get_lines()][:1] == ["column"]
    assert "largest difference" in " ".join(text.get_text() for text in ax.texts)


def test_a_comparison_with_a_failed_run_says_so(smp: ink.Scenario) -> None:
    # Enough steps for the rung, too few for the column.
    comparison = ink.compare(smp.with_({"numerics.max_steps": 50}), years=6)
    assert "column too_many_steps, well_mixed ok" in repr(comparison)
    table = comparison.to_dataframe()
    assert np.isnan(table.loc["touch_up_time [year]", "column"])
    assert np.isfinite(table.loc["touch_up_time [year]", "well_mixed"])
    assert "too_many_steps" in comparison._repr_html_()


@pytest.mark.parametrize("rungs", ["column", ("column",), ("column", "column"), ()])
def test_compare_needs_two_rungs(smp: ink.Scenario, rungs: object) -> None:
    with pytest.raises(ink.ParameterError, match="give two or more, each once"):
        ink.compare(smp, rungs=rungs)  # type: ignore[arg-type]


def test_times_of_the_table_lie_within_the_run(both: ink.Comparison) -> None:
    for wrong in ([7.0], [-1.0], ["1 year"], [True]):
        with pytest.raises(ink.ParameterError, match="bare number of years from 0 to 6"):
            both.to_dataframe(years=wrong)  # type: ignore[arg-type]


def test_depth_is_refused_in_words_where_nothing_has_one(smp):
    mixed = ink.simulate(smp, years=0.2, rung="well_mixed")
    for ask in (
        lambda: mixed.plot(quantity="centroid"),
        lambda: mixed.compare_with({"time [day]": [50.0], "centroid [um]": [300.0]}),
    ):
        with pytest.raises(ink.ParameterError, match="nothing has a depth on the well-mixed rung"):
            ask()


def test_a_snapshot_of_the_well_mixed_rung_has_no_depth(smp):
    seen = []
    ink.simulate(smp, years=0.2, rung="well_mixed", callback=seen.append)
    assert all(np.isnan(snapshot.centroid) and len(snapshot.z) == 0 for snapshot in seen)
