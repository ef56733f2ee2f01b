"""Figures: what they show, read back from what was drawn."""

from __future__ import annotations

import numpy as np
import pytest

import inkfade as ink
from inkfade.plot.style import FOOTER, figure_of, spread_labels


def texts(figure) -> str:
    from matplotlib.text import Text

    return "\n".join(t.get_text() for t in figure.findobj(Text))


def test_every_figure_says_that_it_is_a_prediction(fade, study):
    axes = [fade.plot(), fade.plot_profile(), fade.plot_ledger()[0], study.plot_touch_up()[0], ink.compare_plot(fade)]
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
    assert said == "Touch-up at the scenario's own values: pigment falls below 70 % of what was there when healed"


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


def test_runs_are_compared_one_by_one(fade, smp):
    for wrong in ([fade, fade], smp):
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
    assert "visits" in texts(figure_of(fade.plot(data=path)))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("time_year\n1\n", "retained_of_deposit"),
        ("time_year,retained_of_deposit\n1,much\n", "numbers"),
        ("", "CSV"),
        ("time_year,retained_of_deposit\n1,\n", "numbers"),
        ("time_year,retained_of_deposit\n1,60\n2,50\n", "write 0.5 for 50 %"),
    ],
)
def test_visits_that_cannot_be_read_are_a_format_error(fade, tmp_path, content, word):
    path = tmp_path / "visits.csv"
    path.write_text(content)
    with pytest.raises(ink.FormatError, match=word):
        fade.plot(data=path)


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
