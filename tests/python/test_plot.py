"""Figures: what they show, read back from what was drawn."""

from __future__ import annotations

import numpy as np
import pytest

import inkfade as ink
from inkfade.comparison import curve
from inkfade.plot.compare import differing
from inkfade.plot.style import FOOTER, figure_of, pretty_unit, spread_labels


def texts(figure) -> str:
    from matplotlib.text import Text

    return "\n".join(t.get_text() for t in figure.findobj(Text))


def test_every_figure_says_that_it_is_a_prediction(fade, study):
    axes = [fade.plot(), fade.plot_profile(), fade.plot_ledger()[0], fade.plot_schedule(), ink.compare_plot(fade)]
    axes += [study.plot_touch_up()[0]]
    assert all(FOOTER in texts(figure_of(ax)) for ax in axes)


def test_the_curve_is_the_retained_share(fade):
    line = fade.plot().get_lines()[0]
    np.testing.assert_array_equal(line.get_ydata(), fade.dataset["retained_of_deposit"])
    np.testing.assert_array_equal(line.get_xdata(), fade.years)


def test_depth_points_downwards(fade, study):
    bottom, top = fade.plot_profile().get_ylim()
    assert bottom > top
    bottom, top = study.plot_touch_up(y="depth")[0].get_ylim()
    assert bottom > top


def test_axes_carry_their_unit(fade):
    ax = fade.plot_profile()
    assert "[mg/cm³]" in ax.get_xlabel()
    assert "[µm]" in ax.get_ylabel()


def test_a_touch_up_beyond_the_run_is_drawn_and_said_as_such(smp):
    stays = ink.simulate(smp, years=0.5, fields=False)
    assert not stays.touch_up(draws=2).observed
    assert "not within 0.5 years" in texts(figure_of(stays.plot()))


def test_censored_points_of_a_map_are_hatched_and_not_coloured(smp):
    study = ink.Sweep(
        smp.with_({"run.horizon": "0.5 year"}), depth=["0.3 mm", "0.4 mm"], dot_density=["60 cm-2", "90 cm-2"]
    ).run(progress=False)
    [ax] = study.plot_touch_up()
    assert len([p for p in ax.patches if p.get_hatch()]) == 4
    assert texts(ax).count("> 0.5") == 4


def test_a_map_of_three_dimensions_has_a_panel_for_each_regime(study):
    titles = [ax.get_title(loc="left") for ax in study.plot_touch_up(x="dot_density", y="depth")]
    assert titles == ["aftercare: poor", "aftercare: careful"]


def test_the_heading_of_a_map_says_of_whom_and_of_what_in_words(study):
    [said] = [t for t in texts(figure_of(study.plot_touch_up()[0])).splitlines() if t.startswith("Touch-up at")]
    assert said == "Touch-up at the scenario's own values: patch contrast falls below 50 % of what it was when healed"


def test_hatching_is_explained_only_where_there_is_some(smp):
    reached = ink.Sweep(smp, {"touch_up.threshold": [0.95, 0.97]}, depth=["0.3 mm", "0.35 mm"]).run(progress=False)
    [ax] = reached.plot_touch_up()
    assert reached.dataset["touch_up_observed"].values.all()
    assert "hatched" not in texts(figure_of(ax))
    depths = [t.get_text() for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels()]
    assert {"0.30", "0.35"} <= set(depths)


def test_one_free_dimension_is_a_line(study):
    [ax] = study.plot_touch_up(dot_density=60.0, aftercare="poor")
    assert "depth" in ax.get_xlabel()


def test_a_dimension_that_is_not_there_is_an_error(study):
    with pytest.raises(ink.ParameterError, match="needle"):
        study.plot_touch_up(x="needle")
    with pytest.raises(ink.ParameterError, match="needle"):
        study.plot_touch_up(needle=3)


def test_compared_runs_are_named_by_what_differs(smp, fade):
    other = ink.simulate(smp.with_(depth="300 um", aftercare="poor"), years=10, fields=False)
    names = [t.get_text() for t in ink.compare_plot(fade, other).get_legend().get_texts()]
    assert "300 µm" in names[1]
    assert "poor" in names[1]


@pytest.fixture(scope="module")
def failed(smp):
    return ink.simulate(smp.with_({"numerics.max_steps": 5}))


def test_a_failed_run_is_drawn_as_failed_without_a_touch_up(failed):
    """Warnings are errors in these tests: Matplotlib has nothing to complain of either."""
    shown = texts(figure_of(failed.plot()))
    assert "the run failed: too_many_steps" in shown
    assert "not within" not in shown
    failed.plot_ledger()
    failed.plot_profile()
    assert "too_many_steps" in failed._repr_html_()


def test_a_failed_run_is_named_beside_others(failed, fade):
    names = [t.get_text() for t in ink.compare_plot(fade, failed, labels=["a", "b"]).get_legend().get_texts()]
    assert names == ["a", "b (failed: too_many_steps)"]


def test_people_whose_run_failed_are_named_beside_the_band(smp):
    steps = int(ink.simulate(smp, years=1, fields=False).dataset["steps"])
    strained = ink.simulate(smp.with_({"numerics.max_steps": steps}), years=1, fields=False, check=True)
    assert "runs failed and are left out" in texts(figure_of(strained.plot(band=True)))


def test_failed_points_of_a_study_are_drawn_as_failed(smp):
    sweep = ink.Sweep(
        smp.with_({"run.horizon": "0.5 year"}), {"numerics.max_steps": [5, 100000]}, depth=["0.3 mm", "0.4 mm"]
    )
    study = sweep.run(progress=False)
    [ax] = study.plot_touch_up(depth=0.3)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["not within 0.5 years", "failed"]
    lines = {line.get_label(): list(line.get_xdata()) for line in ax.get_lines()}
    assert lines["failed"] == [5]
    assert lines["not within 0.5 years"] == [100000]
    [ax] = study.plot_touch_up()
    assert texts(ax).count("failed") == 2
    assert "hatched: not within 0.5; crossed: failed" in texts(figure_of(ax))


def test_labels_for_compared_runs_must_be_as_many(fade):
    with pytest.raises(ink.ParameterError, match="one label"):
        ink.compare_plot(fade, labels=["a", "b"])


def test_runs_are_compared_one_by_one(fade):
    for wrong in ([fade, fade], fade.dataset):
        with pytest.raises(ink.ParameterError, match=r"compare_plot\(a, b\).*got"):
            ink.compare_plot(wrong)


@pytest.mark.parametrize("years", [5, ["5 year"], "5", [True], [None]])
def test_years_of_profiles_are_a_list_of_numbers(fade, years):
    with pytest.raises(ink.ParameterError, match=r"years=\[1, 5\]"):
        fade.plot_profile(years=years)


def test_profiles_need_fields(smp):
    with pytest.raises(ink.ParameterError, match="fields=True"):
        ink.simulate(smp, years=1, fields=False).plot_profile()


def test_a_profile_outside_the_run_is_an_error(fade):
    with pytest.raises(ink.ParameterError, match="11"):
        fade.plot_profile(years=[11.0])


def test_visits_are_laid_over(fade, tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text("time_year,retained_of_deposit,sd\n0.2,0.6,0.05\n2,0.5,0.05\n")
    assert "observed (n = 2, rms residual" in texts(figure_of(fade.plot(data=path)))


def test_visits_that_cannot_be_read_are_a_format_error(fade, tmp_path):
    """`test_observations.py` has the table of what can be wrong."""
    path = tmp_path / "visits.csv"
    path.write_text("time_year,retained_of_deposit\n1,60\n2,50\n")
    with pytest.raises(ink.FormatError, match=r"visits\.csv:2:3: .* write 0\.5 for 50 %"):
        fade.plot(data=path)


VISITS = {
    "time [day]": [45, 365, 50, 720],
    "retained_of_healed [%]": [99, 88, 98, 76],
    "sd": [4, 5, 4, 5],
    "series": ["A", "A", "B", "B"],
}


def points(ax) -> list[tuple[float, float]]:
    """What is drawn with error bars, as (year, value)."""
    lines = [container.lines[0] for container in ax.containers]
    return [(float(x), float(y)) for line in lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def test_what_was_observed_is_drawn_where_it_is_with_its_error(fade):
    ax = fade.plot(data=VISITS)
    assert ax.get_ylabel() == "share of the pigment there when healed"
    np.testing.assert_allclose(
        sorted(points(ax)),
        sorted(zip([0.12320, 0.99932, 0.13689, 1.97125], [0.99, 0.88, 0.98, 0.76], strict=False)),
        rtol=1e-4,
    )
    [bars] = ax.containers[0].lines[2]
    np.testing.assert_allclose([s[:, 1] for s in bars.get_segments()], [[0.95, 1.03], [0.83, 0.93]])


def test_intervals_are_drawn_from_end_to_end(fade):
    ax = fade.plot(data={"time [day]": [50], "retained_of_healed": [0.8], "low": [0.7], "high": [0.95]})
    [bars] = ax.containers[0].lines[2]
    np.testing.assert_allclose(bars.get_segments()[0][:, 1], [0.7, 0.95])


def test_the_legend_has_every_series_with_its_residuals(fade):
    table = fade.compare_with(VISITS)
    said = [t.get_text() for t in fade.plot(data=VISITS).get_legend().get_texts()][1:]
    for text, (name, rows) in zip(said, table.groupby("series"), strict=True):
        rms, in_sd = (np.sqrt(np.mean(np.square(rows[c]))) for c in ("difference", "z_score"))
        assert text == f"observed, {name} (n = 2, rms residual {100 * rms:.2g} % points = {in_sd:.1f} sd)"


def test_data_without_the_quantity_that_is_drawn_are_refused(fade):
    for draw in (fade.plot, lambda **options: ink.compare_plot(fade, **options)):
        with pytest.raises(ink.ParameterError, match="data has no patch_dose, which is drawn, but retained_of_healed"):
            draw(quantity="patch_dose", data=VISITS)


@pytest.mark.parametrize("quantity", ["retained_of_healed", "patch_dose", "mass", "centroid", "peak_load", "dispensed"])
def test_any_quantity_is_drawn_with_its_unit(fade, quantity):
    ax = fade.plot(quantity=quantity)
    drawn = fade.dataset[quantity] if quantity != "mass" else fade.dataset["mass"].sum("pool")
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), drawn)
    unit = fade.dataset[quantity].attrs["units"]
    assert unit == "1" or f"[{pretty_unit(unit)}]" in ax.get_ylabel()
    bottom, top = ax.get_ylim()
    assert bottom <= 0 < np.nanmax(drawn) <= top


def test_a_quantity_that_is_not_there_is_an_error_with_the_nearest_name(fade):
    for draw in (fade.plot, lambda **options: ink.compare_plot(fade, **options)):
        with pytest.raises(
            ink.ParameterError, match=r"quantity = 'patchdose' \(did you mean patch_dose\?\): must be one of"
        ):
            draw(quantity="patchdose")


def test_the_touch_up_lies_on_the_curve_of_any_quantity(fade_by_pigment):
    fade = fade_by_pigment
    for quantity in ("retained_of_healed", "patch_dose", "mass", "centroid"):
        [mark] = [line for line in fade.plot(quantity=quantity).get_lines() if line.get_marker() == "o"]
        drawn = curve(fade.dataset, quantity)
        known = np.isfinite(drawn)
        # Monthly points of a curve that falls by less than half in a year, and bends less than that.
        on_curve = np.interp(mark.get_xdata()[0], fade.years[known], drawn[known])
        assert mark.get_ydata()[0] == pytest.approx(on_curve, rel=1e-3)


def test_bands_have_the_unit_of_their_quantity(fade):
    for quantity in ("patch_dose", "centroid"):
        low, high = fade.band(quantity=quantity, draws=20)
        inside = (low[1:] <= fade.dataset[quantity].values[1:]) & (fade.dataset[quantity].values[1:] <= high[1:])
        assert inside.mean() > 0.9
    with pytest.raises(ink.ParameterError, match="no band of 'mass' is known"):
        fade.band(quantity="mass")


def test_a_run_that_was_stopped_is_drawn_as_such(smp):
    stopped = ink.simulate(smp, years=2, callback=lambda s: s.time > 200)
    shown = texts(figure_of(stopped.plot()))
    assert "the run was stopped here" in shown
    assert "failed" not in shown


def test_scenarios_can_be_compared_as_they_are(smp):
    ax = ink.compare_plot(smp.with_({"run.horizon": "1 year"}), smp.with_({"run.horizon": "2 year"}))
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["horizon 1 year", "horizon 2 year"]
    assert ax.get_xlim()[1] == pytest.approx(2)


def test_compared_runs_are_marked_at_their_touch_up(by_pigment, fade_by_pigment):
    smp, fade = by_pigment, fade_by_pigment
    other = ink.simulate(smp.with_(depth="300 um"), years=10, fields=False)
    ax = ink.compare_plot(fade, other, quantity="patch_dose")
    marks = [line.get_xdata()[0] for line in ax.get_lines() if line.get_marker() == "o"]
    assert marks == [float(f.dataset["touch_up_time"]) for f in (fade, other)]
    assert ax.get_legend().get_title().get_text() == "circle: touch-up (below 70 % of healed)"
    short = ink.compare_plot(ink.simulate(smp, years=1, fields=False))
    assert short.get_legend().get_title().get_text() == "arrow: no touch-up (below 70 % of healed) within the run"


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([{}, {}], ["run 1", "run 2"]),
        ([{}, {"depth": "300 um"}], ["depth 400 µm", "depth 300 µm"]),
        (
            [{}, {"depth": "300 um", "aftercare": "poor"}],
            ["depth 400 µm, aftercare typical", "depth 300 µm, aftercare poor"],
        ),
        (
            [{}, {"depth": "300 um"}, {"dot_density": "60 cm-2"}],
            ["depth 400 µm, dot density 100 cm⁻²", "depth 300 µm", "dot density 60 cm⁻²"],
        ),
        (
            [{}, {"skin__papillary_dermis__thickness": "90 um"}],
            ["papillary dermis thickness 150 µm", "papillary dermis thickness 90 µm"],
        ),
        (
            [{}, {"depth": "300 um", "depth_sd": "50 um", "dot_density": "60 cm-2", "dot_diameter": "0.2 mm"}],
            [
                "depth 400 µm, depth sd 120 µm, dot density 100 cm⁻², 1 more",
                "depth 300 µm, depth sd 50 µm, dot density 60 cm⁻², 1 more",
            ],
        ),
    ],
)
def test_the_legend_says_what_differs(smp, changes, names):
    assert differing([smp.with_(**change) if change else smp for change in changes]) == names


def test_other_presets_are_told_by_name(smp):
    brow = ink.Scenario.preset("brow-pmu")
    assert differing([smp, brow]) == ["scalp-smp", "brow-pmu"]
    assert differing([smp.with_(depth="300 um"), brow]) == ["scalp-smp, depth 300 µm", "brow-pmu"]
    assert differing([smp, brow, smp.with_(depth="300 um")]) == [
        "scalp-smp, depth 400 µm",
        "brow-pmu",
        "scalp-smp, depth 300 µm",
    ]


def test_sessions_that_differ_are_counted(smp):
    more = ink.Scenario.from_toml(smp.to_toml() + '\n[[session]]\nkind = "touch_up"\nat = "200 day"\n')
    assert differing([smp, more]) == ["1 session", "2 sessions"]


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_figure_is_saved_as_the_same_bytes_every_time(fade, tmp_path, ending):
    paths = [tmp_path / f"{i}.{ending}" for i in range(2)]
    for path in paths:
        fade.plot(data=VISITS).figure.savefig(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_vector_figures_hold_text_as_text(fade, tmp_path):
    fade.plot().figure.savefig(tmp_path / "fade.svg")
    svg = (tmp_path / "fade.svg").read_text()
    assert ">years after the first session</text>" in svg
    assert "<dc:date>" not in svg
    fade.plot().figure.savefig(tmp_path / "fade.pdf")
    pdf = (tmp_path / "fade.pdf").read_bytes()
    assert b"/Subtype /Type0" in pdf  # TrueType as it is (42), not outlines of letters (3)
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf


def test_saving_leaves_the_settings_of_the_caller_alone(fade, tmp_path):
    import matplotlib as mpl

    with mpl.rc_context({"svg.fonttype": "path"}):
        fade.plot().figure.savefig(tmp_path / "fade.svg", metadata={"Title": "mine"})
        assert mpl.rcParams["svg.fonttype"] == "path"
    assert "mine" in (tmp_path / "fade.svg").read_text()


def test_the_notebook_view_has_touch_up_ledger_status_and_figure(fade):
    page = fade._repr_html_()
    for part in ("80 % interval", "drained", "status ok", "data:image/png;base64,"):
        assert part in page


def test_the_notebook_view_of_a_study_has_its_notes_and_a_map(study):
    page = study._repr_html_()
    assert "dot_density: no effect" in page
    assert "data:image/png;base64," in page


def test_labels_keep_their_distance_and_order():
    places = spread_labels([0.5, 0.51, 0.52, 0.9], 0.06, 0.0, 1.0)
    assert np.diff(places).min() >= 0.06 - 1e-6
    assert spread_labels([0.2, 0.8], 0.06, 0.0, 1.0) == [0.2, 0.8]


@pytest.fixture(scope="module")
def kept_up(by_pigment) -> ink.Fade:
    """Touch-ups over twelve years, saved once a year only: every visit lies between two saved times."""
    scenario = by_pigment.with_(touch_up__schedule="when_due", touch_up__dose_factor=0.2)
    return ink.simulate(scenario, years=12, times=[f"{y} year" for y in range(13)], fields=False, check=True)


def test_a_saw_tooth_jumps_at_the_visit_by_what_was_placed(kept_up):
    line = kept_up.plot_schedule().get_lines()[0]
    years, drawn = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    data = kept_up.dataset
    healed = float(ink.simulate(kept_up.scenario, times=["42 day"], fields=False).dataset["mass"].sum())
    deposited = np.concatenate([[data["deposited"].values[0]], data["visit_deposited"].values])
    assert len(data["visit_time"]) >= 2
    for visit, before, placed in zip(
        data["visit_time"].values, data["visit_measure"].values, np.diff(deposited), strict=True
    ):
        after = int(np.searchsorted(years, visit))
        assert years[after] - years[after - 1] < 1e-8  # vertical: 2e-6 days on either side
        # Pigment leaves at rates below 10 per day, here for 1e-6 days, from at most twice what was there when healed.
        assert drawn[after - 1] == pytest.approx(before, abs=2e-5)
        assert drawn[after] - drawn[after - 1] == pytest.approx(placed / healed, abs=2e-5)


def test_a_schedule_shows_its_visits_and_the_years_between_them(kept_up):
    ax = kept_up.plot_schedule()
    [marks] = [line for line in ax.get_lines() if line.get_label() == "touch-up"]
    np.testing.assert_array_equal(marks.get_xdata(), kept_up.dataset["visit_time"])
    intervals = kept_up.schedule(draws=2).visits["interval [year]"]
    assert texts(ax).count(" years") >= len(intervals)
    assert f"{intervals.iloc[0]:.1f} years" in texts(ax)


def test_a_schedule_with_its_band_says_the_number_of_visits(kept_up):
    said = texts(kept_up.plot_schedule(band=True))
    assert f"{len(kept_up.dataset['visit_time'])} touch-ups within 12 years (80 % interval " in said


def test_a_run_without_visits_has_a_schedule_without_marks(smp):
    ax = ink.simulate(smp, years=1, fields=False).plot_schedule()
    assert not [line for line in ax.get_lines() if line.get_label() == "touch-up"]


def test_the_schedule_of_a_failed_run_is_not_drawn(smp):
    with pytest.raises(ink.IntegrationError, match="no schedule of a failed run"):
        ink.simulate(smp.with_(numerics__max_steps=3)).plot_schedule()
