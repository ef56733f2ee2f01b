"""Figures of runs in which something happens after the start: jumps, marks, words and thresholds."""

from __future__ import annotations

import numpy as np
import pytest

import inkfade as ink
from inkfade.plot.compare import differing
from inkfade.plot.events import draw_events, marks_of, place_labels
from inkfade.plot.fade import end_of
from inkfade.plot.style import FOOTER, figure_of
from inkfade.plot.tooth import upright

START = {"kind": "treatment", "at": "0 day"}
TOUCH_UP = {"kind": "touch_up", "at": "4 year"}
LASER = {"kind": "laser", "at": "1 year"}
STIMULATION = {"kind": "immune_stimulation", "from": "2 year", "to": "2.5 year"}


def words(ax) -> list[str]:
    from matplotlib.text import Text

    return [t.get_text() for t in figure_of(ax).findobj(Text) if t.get_text()]


def ends(ax) -> tuple[list[float], list[float]]:
    """The dashed threshold, as (years, levels)."""
    [line] = [x for x in ax.get_lines() if len(x.get_xdata()) == 2 and len(set(x.get_ydata())) == 1 and x.get_lw() == 1]
    return list(line.get_xdata()), list(line.get_ydata())


@pytest.fixture(scope="session")
def smp(by_pigment) -> ink.Scenario:
    return by_pigment


@pytest.fixture(scope="session")
def fade(fade_by_pigment) -> ink.Fade:
    return fade_by_pigment


@pytest.fixture(scope="module")
def dated(smp) -> ink.Fade:
    """Touch-ups at 4 and 8 years."""
    sessions = [START, TOUCH_UP, {"kind": "touch_up", "at": "8 year"}]
    return ink.simulate(smp.with_(session=sessions), years=10, fields=False, check=True)


@pytest.fixture(scope="module")
def lasered(smp) -> ink.Fade:
    return ink.simulate(smp.with_(intervention=[LASER, STIMULATION]), years=5, fields=False, check=True)


def test_the_threshold_ends_where_the_deposit_grows(dated, fade):
    assert ends(dated.plot())[0] == [0.0, pytest.approx(4.0)]
    assert ends(dated.plot(quantity="retained_of_healed")) == ([0.0, 10.0], [0.7, 0.7])
    assert ends(dated.plot(quantity="mass"))[0] == [0.0, 10.0]
    assert ends(fade.plot())[0] == [0.0, 10.0]


@pytest.mark.parametrize("quantity", ["retained_of_deposit", "retained_of_healed", "mass", "patch_dose"])
def test_jumps_stand_upright_at_their_time(dated, quantity):
    for ax in (dated.plot(quantity=quantity), ink.compare_plot(dated, quantity=quantity)):
        line = ax.get_lines()[0]
        years, drawn = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        after = int(np.searchsorted(years, 4.0))
        assert years[after] - years[after - 1] < 1e-8
        assert drawn[after] > 1.2 * drawn[after - 1]
        assert set(dated.years) <= set(years)
        assert years[-1] == dated.years[-1]
        assert ax.get_ylim()[1] >= np.nanmax(drawn)


def test_what_was_saved_lies_on_the_line(dated):
    line = dated.plot().get_lines()[0]
    places = np.isin(line.get_xdata(), dated.years)
    # The events make the solver stop where they are in both runs; between, dense output has the solver's tolerance.
    np.testing.assert_allclose(np.asarray(line.get_ydata())[places], dated.dataset["retained_of_deposit"], rtol=1e-5)


def test_a_visit_is_marked_at_the_foot_of_its_jump(smp):
    due = ink.simulate(smp.with_(touch_up__schedule="when_due"), years=10, fields=False, check=True)
    for ax in (due.plot(quantity="retained_of_healed"), ink.compare_plot(due)):
        [mark] = [x for x in ax.get_lines() if x.get_marker() == "o"]
        # The step in which the measure falls is made anew up to there: the two agree to the solver's tolerance, 1e-3.
        assert mark.get_ydata()[0] == pytest.approx(0.7, rel=1e-3)


def test_the_rung_stays_what_it_was(smp):
    mixed = ink.simulate(smp.with_(session=[START, TOUCH_UP]), years=5, rung="well_mixed", check=True)
    assert upright(mixed, "mass").rung == "well_mixed"
    assert mixed.plot_schedule().get_lines()[0].get_ydata()[-1] == pytest.approx(
        float(mixed.dataset["retained_of_healed"][-1]), rel=1e-4
    )


def test_a_users_own_observable_is_drawn_as_it_was_saved(smp):
    scenario = smp.with_(session=[START, {"kind": "touch_up", "at": "200 day"}])
    own = ink.simulate(scenario, years=1, observables={"mine": (lambda s: s.time, "day")})
    np.testing.assert_array_equal(own.plot(quantity="mine").get_lines()[0].get_ydata(), own.dataset["mine"])


def test_runs_with_later_sessions_are_compared_by_what_was_healed(smp, dated, fade, lasered):
    label = "share of the pigment there when healed"
    assert ink.compare_plot(fade, dated).get_ylabel() == label
    assert ink.compare_plot(dated, quantity="retained_of_deposit").get_ylabel() != label
    assert ink.compare_plot(fade, lasered).get_ylabel() == "share of deposited pigment in the skin"
    course = smp.with_(session=[{**START, "repeat": 3, "every": "14 day"}])
    assert ink.compare_plot(course).get_ylabel() == "share of deposited pigment in the skin"


def test_a_run_without_visits_says_that_none_are_planned(fade):
    said = words(fade.plot_schedule(band=True))
    assert "no touch-ups planned (touch_up.schedule = none)" in said
    assert not [t for t in said if "0 touch-ups" in t]


def test_a_schedule_marks_what_else_happened_and_names_its_threshold(smp, lasered):
    ax = lasered.plot_schedule()
    assert {"laser", "immune stimulation"} <= set(words(ax))
    [shade] = ax.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == (pytest.approx(2.0), pytest.approx(2.5))
    due = ink.simulate(smp.with_(touch_up__schedule="when_due"), years=5, fields=False).plot_schedule(band=True)
    assert "touch-up due: 70 % of healed" in [t.get_text() for t in due.get_legend().get_texts()]
    figure_of(due).canvas.draw()
    assert due.get_legend().get_window_extent().y1 < due.get_window_extent().y0  # below the axes


def test_neighbours_share_a_name(smp):
    course = smp.with_(session=[{**START, "repeat": 3, "every": "14 day"}])
    said = words(ink.simulate(course, years=5, fields=False).plot())
    assert "3 sessions" in said
    assert "session" not in said
    often = smp.with_(touch_up__schedule="fixed", touch_up__interval="1 year")
    visited = ink.simulate(often, years=40, fields=False, check=True)
    assert f"{int(visited.dataset['visits'])} touch-ups" in words(visited.plot())


def test_no_two_names_print_over_each_other_or_beyond_the_frame(smp):
    given = [LASER, {**LASER, "at": "400 day"}, STIMULATION, {"kind": "macrophage_ablation", "at": "2.1 year"}]
    scenario = smp.with_(session=[START, TOUCH_UP, {"kind": "touch_up", "at": "9.9 year"}], intervention=given)
    ax = ink.simulate(scenario, years=10, fields=False, check=True).plot()
    figure_of(ax).canvas.draw()
    boxes = [t.get_window_extent() for t in ax.texts if t.get_fontsize() == 8]
    assert len(boxes) >= 4
    assert not [1 for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert max(box.x1 for box in boxes) <= ax.get_window_extent().x1
    top = ax.transData.transform((0.0, max(np.nanmax(x.get_ydata()) for x in ax.get_lines()[:1])))[1]
    assert min(box.y0 for box in boxes) > top


def test_a_name_without_room_is_left_out():
    assert place_labels([(1.0, "aaaa"), (1.1, "bbbb"), (1.2, "cccc")], 10.0, 0.5) == [
        (1.35, 0, "aaaa"),
        (pytest.approx(1.45), 1, "bbbb"),
    ]
    assert place_labels([(9.9, "aaaa")], 10.0, 0.5) == [(8.0, 0, "aaaa")]


def test_a_span_that_outlasts_what_was_saved_is_shaded_to_its_end(smp, fade):
    days = [f"{day} day" for day in range(0, 801, 50)]
    short = ink.simulate(smp.with_(intervention=[STIMULATION]), times=days, fields=False, check=True)
    [mark] = marks_of(short)
    assert (mark.start, mark.stop) == (pytest.approx(2.0), end_of(short))
    assert marks_of(fade) == []
    ax = fade.plot()
    before = len(ax.texts)
    draw_events(ax, [], 1.0)
    assert len(ax.texts) == before


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([{}, {"intervention": [LASER]}], ["no intervention", "laser at 1 year"]),
        ([{}, {"touch_up__schedule": "when_due"}], ["no touch-ups", "touch-ups when due"]),
        (
            [{"touch_up__schedule": "fixed", "touch_up__interval": f"{n} year"} for n in (1, 3)],
            ["touch-ups every year", "touch-ups every 3 years"],
        ),
        (
            [{"session": [START, {"kind": "touch_up", "at": at}]} for at in ("200 day", "4 year")],
            ["touch-up at 200 days", "touch-up at 4 years"],
        ),
        (
            [{"intervention": [STIMULATION]}, {"intervention": [{**LASER, "at": f"{n} year"} for n in (1, 2, 3)]}],
            ["immune stimulation from 2 years to 2.5 years", "3 laser sessions from 1 year"],
        ),
        (
            [{"intervention": [{**LASER, "laser_fragment_diameter": d}]} for d in ("20 nm", "30 nm")],
            ["laser at 1 year (laser fragment diameter 20 nm)", "laser at 1 year (laser fragment diameter 30 nm)"],
        ),
        (
            [{"exposure": [{"from": "30 day", "to": "60 day", "spf": n}]} for n in (30, 50)],
            ["exposure from 30 days to 60 days (spf 30)", "exposure from 30 days to 60 days (spf 50)"],
        ),
        ([{"depth": "300 um"}, {"intervention": [LASER]}], ["depth 300 µm, no intervention", "depth 400 µm, laser"]),
    ],
)
def test_the_legend_says_what_happened_differently(smp, changes, names):
    said = differing([smp.with_(**change) for change in changes])
    assert [s[: len(n)] for s, n in zip(said, names, strict=True)] == names


def test_a_preset_that_all_share_is_in_the_title(fade):
    assert ink.compare_plot(fade).get_title(loc="left") == "Pigment retained in the dot: scalp-smp"
    brow = ink.Scenario.preset("brow-pmu").with_(run__horizon="1 year")
    assert ink.compare_plot(fade, brow).get_title(loc="left") == "Pigment retained in the dot"


def test_the_footer_says_what_is_drawn(smp, study):
    year = ink.simulate(smp, years=1)
    plain = f"{FOOTER}; at the scenario's own values; weakest evidence: assumed"
    for ax in (year.plot(), year.plot_profile(), year.plot_ledger()[0], year.plot_schedule(), ink.compare_plot(year)):
        assert plain in words(ax)
    assert plain in words(study.plot_touch_up()[0])
    drawn = "band: 80 % of 200 people drawn; weakest evidence: assumed"
    assert f"{FOOTER}; {drawn}" in words(ink.compare_plot(year, band=True))
    assert f"{FOOTER}; {drawn}" in words(year.plot_schedule(band=True))
    assert f"{FOOTER}; band and interval: 80 % of 200 people drawn; weakest evidence: assumed" in words(
        year.plot(band=True)
    )
    other = ink.simulate(smp, years=1)
    other.touch_up(draws=20, level=0.9)
    assert f"{FOOTER}; interval: 90 % of 20 people drawn; weakest evidence: assumed" in words(other.plot())


def test_only_shares_say_what_was_healed(fade):
    assert "healed (52 % of deposit)" in words(fade.plot())
    said = words(fade.plot(quantity="centroid"))
    assert "healed" in said
    assert not [t for t in said if "of deposit" in t]


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_figures_with_events_are_the_same_bytes_every_time(dated, tmp_path, ending):
    paths = [tmp_path / f"{i}.{ending}" for i in range(2)]
    for path in paths:
        dated.plot().figure.savefig(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
