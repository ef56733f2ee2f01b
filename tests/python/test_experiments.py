"""Experiments run from one end to the other, in their small version."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import REPOSITORY

import inkfade as ink
from inkfade.schedule import Spread

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def test_the_touch_up_experiment_writes_its_files_and_figures(environment, tmp_path):
    script = REPOSITORY / "experiments" / "01_smp_touch_up" / "run.py"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in tmp_path.iterdir()}
    figures = {"contrast", "fade", "ledger", "profile", "patch", "appearance", "seen_and_left", "density"}
    figures |= {"touch_up_map", "touch_up_map_by_pigment", "touch_up_by_depth"}
    assert {"study.h5", "fade.h5", "touch_up.csv", *(f"{name}.png" for name in figures)} <= written
    assert "dot_density: no effect on retained_of_healed" in done.stdout
    assert "Warning" not in done.stderr
    rows = list(csv.DictReader((tmp_path / "touch_up.csv").read_text().splitlines()))
    by_rule = {measure: [row for row in rows if row["measure"] == measure] for measure in {r["measure"] for r in rows}}
    assert set(by_rule) == {"patch_contrast_of_healed", "retained_of_healed"}
    # What is seen lasts longer than what is left, at every point.
    for seen, left in zip(by_rule["patch_contrast_of_healed"], by_rule["retained_of_healed"], strict=True):
        place = ("depth_mm", "dot_density_per_cm2", "aftercare")
        assert [seen[name] for name in place] == [left[name] for name in place]
        assert float(seen["touch_up_or_end_year"]) > 2 * float(left["touch_up_or_end_year"])


@pytest.fixture
def load(monkeypatch):
    """An experiment's script as a module, so that its cases can be asked for laws."""

    def module(folder: str) -> ModuleType:
        home = REPOSITORY / "experiments" / folder
        monkeypatch.syspath_prepend(str(home))
        spec = importlib.util.spec_from_file_location(f"experiment_{folder}", home / "run.py")
        assert spec is not None
        assert spec.loader is not None
        loaded = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, loaded)
        monkeypatch.delitem(sys.modules, "figures", raising=False)
        spec.loader.exec_module(loaded)
        return loaded

    return module


def quick(environment, folder: str, home: Path, people: int) -> set[str]:
    """Run the small version of a copy, where it writes by itself; the names of what it wrote."""
    shutil.copytree(REPOSITORY / "experiments" / folder, home / "experiments" / folder)
    (home / "models").symlink_to(REPOSITORY / "models")
    command = [sys.executable, str(home / "experiments" / folder / "run.py"), "--quick"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # Beside a full run, not over it; and every interval with the number of people it stands on.
    assert [path.name for path in (home / "out").iterdir()] == [f"{folder}_quick"]
    assert f"80 % of {people} people" in done.stdout
    out = home / "out" / f"{folder}_quick"
    for path in out.glob("*.csv"):
        rows = list(csv.reader(path.read_text().splitlines()))
        if any(re.search(r"\d \(\S+ to |\d \(\d\S*-", cell) for row in rows[1:] for cell in row):
            assert rows[0][-1] in ("drawn", "people drawn"), path.name
            assert {row[-1] for row in rows[1:]} == {str(people)}, path.name
    return {path.name for path in out.iterdir()}


def test_the_longevity_experiment_writes_its_tables_and_figure(environment, tmp_path):
    tables = {"longevity.csv", "validation.csv", "what_if.csv"}
    assert quick(environment, "03_longevity", tmp_path, 10) == {"longevity.png"} | tables


def test_the_interventions_experiment_writes_its_tables_and_figures(environment, tmp_path):
    figures = {
        "ablation.png",
        "stimulation.png",
        "laser.png",
        "laser_course.png",
        "laser_course_pools.png",
        "massage.png",
    }
    tables = {"verdicts.csv", "laser_course.csv", "ablation_delay.csv", "massage.csv"}
    assert quick(environment, "04_interventions", tmp_path, 6) == figures | tables


def test_the_touch_ups_experiment_writes_its_tables_and_figures(environment, tmp_path):
    figures = {"when_due.png", "fixed.png", "trade_off.png", "first_course.png"}
    tables = {"when_due.csv", "fixed.csv", "spacing.csv", "first_course.csv"}
    assert quick(environment, "05_touch_ups", tmp_path, 6) == figures | tables


def test_ablation_moves_pigment_and_takes_none(load):
    experiment = load("04_interventions")
    for case in experiment.all_ablations():
        before, after = (experiment.pigment(case.treated, [case.at + d]).iloc[0] for d in (-experiment.BEFORE, 0.0))
        pools = list(experiment.POOLS)
        # Nothing leaves at the instant; in the 1e-9 days before it some 1e-10 of the deposit.
        assert after[pools].sum() == pytest.approx(before[pools].sum(), abs=1e-9)
        freed = 0.98 * before.macrophage
        assert after.free - before.free == pytest.approx(freed, abs=1e-9)
        assert before.macrophage - after.macrophage == pytest.approx(freed, abs=1e-9)


def test_only_a_laser_removes(load):
    experiment = load("04_interventions")
    others = [*experiment.all_ablations(), *experiment.all_stimulations(), *experiment.all_massages()]
    assert all(experiment.pigment(case.treated, [case.shown]).removed.max() == 0.0 for case in others)
    laser = experiment.one_laser()
    before, after = experiment.pigment(laser.treated, [laser.at - experiment.BEFORE, laser.at]).removed
    assert before == 0.0
    # A tenth of the half that breaks; the pigment in the skin is taken from the same run.
    [there] = experiment.total(experiment.pigment(laser.treated, [laser.at - experiment.BEFORE]))
    assert after == pytest.approx(0.1 * 0.5 * there, rel=1e-6)


def test_massage_leaves_less_and_drains_more_the_longer_it_is(load):
    experiment = load("04_interventions")
    runs = [experiment.pigment(case.treated, [42.0]) for case in experiment.all_massages()]
    left = [float(experiment.total(run)[-1]) for run in runs]
    drained = [float(run.drained.iloc[-1]) for run in runs]
    assert left == sorted(left, reverse=True)
    assert drained == sorted(drained)
    assert left[0] > left[-1]


def test_lifetime_load_is_the_first_course_and_the_doses_of_all_visits(load):
    experiment = load("05_touch_ups")
    for (threshold, dose), case in experiment.due_cases(2).items():
        visits = len(case.intervals)
        assert visits >= 1
        placed = case.schedule.load.value / case.first_load
        assert placed == pytest.approx(1.0 + dose * visits, rel=1e-9)
        # A visit falls just below the threshold: found to within the solver's tolerance.
        np.testing.assert_allclose(case.schedule.visits["measure"], threshold, atol=1e-3)


def test_visits_are_never_closer_than_the_minimum_spacing(load):
    cases = load("05_touch_ups").spacing_cases(2)
    days = [float(case.fade.scenario["touch_up.minimum_spacing"]) / 86400.0 for case in cases]
    assert all(min(c.intervals) * 365.25 >= d * (1 - 1e-9) for c, d in zip(cases, days, strict=True))
    # 5 years is longer than the four after which the touch-up would be due: there the spacing rules.
    assert cases[-1].intervals[0] * 365.25 == pytest.approx(days[-1], rel=1e-9)
    assert days[-1] == 5 * 365.25


def test_a_dose_that_is_shared_out_is_the_same_dose(load):
    cases = {case.name: case.first_load for case in load("05_touch_ups").course_cases(2)}
    one = cases.pop("1 session")
    for name, placed in cases.items():
        sessions = 1 if "shared" in name else int(name[0])
        assert placed == pytest.approx(sessions * one, rel=1e-9)


def test_a_footer_says_what_is_drawn_and_the_weakest_grade():
    import matplotlib.pyplot as plt

    from inkfade.plot.style import say_below

    scenario = ink.Scenario.preset("scalp-smp")
    figure, ax = plt.subplots(figsize=(12.5, 5.2))
    say_below(ax, [scenario], "bars: 80 % of 7 people drawn")
    plt.close(figure)
    words = "model prediction, not medical advice; bars: 80 % of 7 people drawn; weakest evidence: "
    assert figure.get_supxlabel() == words + ink.simulate(scenario, years=1).touch_up(draws=2).grade


def test_every_bar_of_the_trade_off_ends_inside_the_axes(load):
    import matplotlib.pyplot as plt

    experiment = load("05_touch_ups")
    # The middle one: no visit at all for a tenth of people.
    bars = [((1, 1, 2), (0.4, 0.3, 0.9)), ((1, 0, 3), (0.5, 0.05, 0.8)), ((19, 19, 19), (1.7, 1.0, 7.0))]
    cases = [
        SimpleNamespace(schedule=SimpleNamespace(count=Spread(*count), load=Spread(*placed))) for count, placed in bars
    ]
    figure, ax = plt.subplots()
    for case, shift in zip(cases, experiment.SIDEWARDS.values(), strict=True):
        experiment.point(ax, case, shift, color="k", marker="o")
    experiment.frame_points(ax, cases)
    ends = np.concatenate([line for bar in ax.collections for line in bar.get_segments()])
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    plt.close(figure)
    assert left < ends[:, 0].min() <= ends[:, 0].max() < right
    assert bottom < ends[:, 1].min() <= ends[:, 1].max() < top
    assert ticks == ["none", "1", "2", "3", "4", "6", "9", "12", "19"]


def test_photons_agree_with_streams_and_with_one_layer_for_dots(load):
    """By 100,000 photons: bare skin within four standard errors, dots within what (M23) is off by."""
    experiment = load("06_dots_monte_carlo")
    layers, case = experiment.SKIN[550], experiment.Case(*experiment.GOLDEN)
    bare, error = experiment.reflectance(layers, None, 100_000, 5)
    assert bare == pytest.approx(experiment.one_layer(layers, 0.0, case), abs=4 * max(error, 6e-4))
    found = experiment.row(layers, case, *experiment.reflectance(layers, case.lattice, 100_000, 6))
    assert found["photons"] == pytest.approx(0.2245, abs=4 * max(found["standard_error"], 6e-4))
    assert found["packed"] == pytest.approx(found["photons"], abs=0.012)
    assert found["spread_ratio"] > 1.7
    assert found["areas_ratio"] < 0.5
