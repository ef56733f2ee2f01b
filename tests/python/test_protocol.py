"""Sessions, interventions and touch-ups inside the run, as a Python user sets them and reads them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

import inkfade as ink

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def smp() -> ink.Scenario:
    return ink.Scenario.preset("scalp-smp")


@pytest.fixture(scope="module")
def due(smp: ink.Scenario) -> ink.Scenario:
    """Fine pigment, of which the contrast falls within years, touched up when that is due."""
    return smp.with_(ink__size_median="60 nm", touch_up__schedule="when_due")


def test_a_course_is_the_session_again_at_its_spacing(smp: ink.Scenario) -> None:
    course = smp.with_(session=[{"kind": "treatment", "at": "0 day", "repeat": 3, "every": "14 day"}])
    sessions = course.timeline.query("what == 'session'")
    assert list(sessions["from [day]"]) == [0.0, 14.0, 28.0]


def test_interventions_show_in_the_timeline_with_what_they_set(smp: ink.Scenario) -> None:
    given = smp.with_(intervention=[{"kind": "laser", "at": "1 year", "laser_fragment_diameter": "30 nm"}])
    [row] = given.timeline.query("what == 'intervention'").to_dict("records")
    assert row["kind"] == "laser"
    assert row["from [day]"] == pytest.approx(365.25)
    assert row["values"] == "interventions.laser_fragment_diameter 30 nm"


def test_dates_and_nested_tables_are_taken_as_a_scenario_file_takes_them(smp: ink.Scenario) -> None:
    start = datetime.date(2027, 3, 14)
    given = smp.with_(
        start="2027-03-14",
        session=[
            {"kind": "treatment", "at": start, "procedure": {"depth": "350 um"}},
            {"kind": "touch_up", "at": start.replace(year=2030), "ink": {"size_median": "150 nm"}},
        ],
    )
    assert given.timeline["from [day]"][1] == (start.replace(year=2030) - start).days


def test_dates_may_be_text_wherever_they_may_be_dates(smp: ink.Scenario) -> None:
    day = datetime.date(2027, 3, 14)
    as_text = smp.with_(start="2027-03-14", session=[{"kind": "treatment", "at": "2027-03-14"}])
    assert smp.with_(start=day, session=[{"kind": "treatment", "at": day}]) == as_text


def test_a_summary_names_what_happens_to_the_skin(smp: ink.Scenario) -> None:
    treated = smp.with_(
        session=[{"kind": "treatment", "at": "0 day", "repeat": 3, "every": "14 day"}],
        intervention=[{"kind": "laser", "at": "1 year"}, {"kind": "laser", "at": "2 year"}],
        touch_up__schedule="when_due",
    )
    assert "3 sessions, 2 x laser, touch-ups when due" in repr(treated)


def test_another_threshold_than_that_of_the_schedule_is_refused(by_pigment: ink.Scenario) -> None:
    fade = ink.simulate(by_pigment.with_(touch_up__schedule="when_due"), years=5)
    assert fade.touch_up(threshold=0.7, draws=2).observed
    with pytest.raises(ink.ParameterError, match=r"threshold = 0.5: this run touches up at touch_up.threshold = 0.7"):
        fade.touch_up(threshold=0.5)


def test_numbers_of_numpy_and_any_text_are_taken_in_lists(smp: ink.Scenario) -> None:
    shares = [kind(0.5) for kind in (float, np.float32, np.float64)]
    made = [smp.with_(intervention=[{"kind": "laser", "at": "1 year", "laser_killed_share": s}]) for s in shares]
    assert made[0] == made[1] == made[2]


def test_a_sweep_over_lists_is_refused(smp: ink.Scenario) -> None:
    with pytest.raises(ink.ParameterError, match="axis intervention: lists of sessions, spans or interventions"):
        ink.Sweep(smp, intervention=[[], [{"kind": "laser", "at": "1 year"}]])


def test_an_empty_list_takes_everything_away(smp: ink.Scenario) -> None:
    treated = smp.with_(intervention=[{"kind": "laser", "at": "1 year"}])
    assert treated.with_(intervention=[]) == smp


def test_scenarios_with_lists_survive_the_round_trip(smp: ink.Scenario) -> None:
    given = smp.with_(
        intervention=[{"kind": "immune_stimulation", "from": "30 day", "to": "60 day", "stimulation_egress": 7}]
    )
    assert ink.Scenario.from_toml(given.to_toml()) == given


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"intervention": [3]},
            """intervention 1 = 3: expected a dictionary such as {"kind": "laser", "at": "1 year"}""",
        ),
        (
            {"intervention": [{"kind": "laser", "at": 3}]},
            """intervention 1: at = 3: needs a unit: give a time in day, e.g. "3 day\"""",
        ),
        (
            {"session": [{"kind": "treatment", "at": datetime.datetime(2027, 1, 1, 12)}]},
            "session 1: at = 2027-01-01 12:00:00: give a date without a time of day, datetime.date(...)",
        ),
        (
            {"session": [{"kind": "treatment", "at": object}]},
            "session 1: at = <class 'object'>: expected text with a unit, a number or a date",
        ),
        (
            {"session": [{"kind": "treatment", "at": "2027-02-30"}]},
            "session 1: at = 2027-02-30: there is no such day",
        ),
        (
            {"intervention": {"kind": "laser"}},
            (
                "intervention = {'kind': 'laser'}: must be a list of dictionaries, "
                'intervention=[{"kind": "laser", "at": "1 year"}]'
            ),
        ),
        ({"session": []}, "session: at least one [[session]] is needed"),
    ],
)
def test_a_bad_list_is_refused_with_its_reason(
    smp: ink.Scenario, settings: dict[str, list[object]], message: str
) -> None:
    with pytest.raises(ink.ParameterError) as refused:
        smp.with_(settings)  # type: ignore[arg-type]  # what is wrong is the point
    assert str(refused.value) == message


def test_laser_removes_and_the_ledger_says_so(smp: ink.Scenario) -> None:
    fade = ink.simulate(smp.with_(intervention=[{"kind": "laser", "at": "1 year"}]), years=2)
    removed = fade.dataset["ledger"].sel(fate="removed").values
    at = fade.dataset["time"].values
    assert removed[at < 365.25].max() == 0.0
    assert removed[-1] > 0.0
    assert float(fade.dataset["ledger_residual"].max()) <= 1e-12


def test_ablation_leaves_the_total_and_frees_the_pigment(smp: ink.Scenario) -> None:
    day = 180
    scenario = smp.with_(intervention=[{"kind": "macrophage_ablation", "at": f"{day} day", "ablation_share": 1}])
    fade = ink.simulate(scenario, times=["179.9 day", "180 day"], years=1)
    before, after = fade.dataset["mass"].values
    assert after.sum() == pytest.approx(before.sum(), rel=1e-4)  # what 0.1 day of fading takes
    assert after[1] == 0.0
    assert after[0] == pytest.approx(before[0] + before[1], rel=1e-3)


def test_a_schedule_says_when_how_often_and_how_much(by_pigment: ink.Scenario) -> None:
    fade = ink.simulate(by_pigment.with_(touch_up__schedule="when_due"), years=20)
    schedule = fade.schedule(draws=20)
    table = schedule.to_dataframe()
    assert schedule.count.value == len(table) >= 2
    assert table["time [year]"].iloc[0] == pytest.approx(float(fade.dataset["touch_up_time"]))
    assert table["interval [year]"].iloc[0] == table["time [year]"].iloc[0]
    np.testing.assert_allclose(np.diff(table["time [year]"]), table["interval [year]"].iloc[1:])
    assert (table["low [year]"] <= table["high [year]"]).all()
    assert schedule.load.low <= schedule.load.high
    assert str(schedule).startswith(f"{len(table)} touch-ups within 20 years (80 % interval ")
    assert str(ink.simulate(by_pigment, years=1).schedule(draws=3)) == "no touch-ups planned (touch_up.schedule = none)"


def test_visits_come_when_what_is_seen_has_faded(due: ink.Scenario) -> None:
    fade = ink.simulate(due, years=12)
    table = fade.schedule(draws=10).to_dataframe()
    assert len(table) >= 2
    np.testing.assert_allclose(table["measure"], 0.5, atol=5e-3)
    np.testing.assert_allclose(table["time [year]"].iloc[0], float(fade.dataset["touch_up_time"]))
    np.testing.assert_allclose(table["contrast [dE00]"], table["measure"] * float(fade.dataset["healed_contrast"]))
    curve = fade.dataset["patch_contrast_of_healed"].values
    assert np.nanmin(curve) > 0.49
    ax = fade.plot_schedule()
    assert "touch-up due: 50 % of healed contrast" in [t.get_text() for t in ax.get_legend().get_texts()]
    assert ax.get_ylabel() == "share of the contrast when healed"
    [marks] = [line for line in ax.get_lines() if line.get_label() == "touch-up"]
    np.testing.assert_allclose(marks.get_ydata(), 0.5, atol=5e-3)


def test_a_schedule_depends_on_the_seed_alone(smp: ink.Scenario) -> None:
    fade = ink.simulate(smp.with_(touch_up__schedule="fixed"), years=10)
    assert fade.schedule(draws=10) == fade.schedule(draws=10)
    assert fade.schedule(draws=10) != fade.schedule(draws=10, seed=1)


def test_a_schedule_of_a_failed_run_is_refused(smp: ink.Scenario) -> None:
    failed = ink.simulate(smp.with_(numerics__max_steps=3))
    with pytest.raises(ink.IntegrationError, match="no schedule of a failed run"):
        failed.schedule()


def test_a_sweep_joins_points_with_other_numbers_of_visits(smp: ink.Scenario, tmp_path: Path) -> None:
    base = smp.with_(touch_up__schedule="when_due", run__horizon="12 year", numerics__cells=16)
    sweep = ink.Sweep(base, touch_up__threshold=[0.5, 0.7, 0.9])
    study = sweep.run(tmp_path / "study.h5", shard_points=1, progress=False)
    visits = study.dataset["visits"].values
    assert visits.max() > visits.min()
    filled = np.isfinite(study.dataset["visit_time"].values).sum(axis=-1)
    np.testing.assert_array_equal(filled, visits)
    assert (study.dataset["event_kind"].values.astype(str) == "touch_up").sum() == visits.sum()
