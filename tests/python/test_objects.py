"""Public objects behave: they can be copied, pickled, compared and sent to other processes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import multiprocessing
import pickle
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest

import inkfade as ink
from inkfade.checks.result import CheckResult

# One equal and one other object of every public class; a class that is added to the package has to be added here.
CLASSES = {
    "Comparison": lambda smp: (ink.compare(smp, years=0.2), ink.compare(smp, years=0.3)),
    "ContrastTouchUp": lambda smp: tuple(
        ink.simulate(smp, years=2).touch_up_by_contrast(below=b, draws=2) for b in (3.0, 5.0)
    ),
    "Fade": lambda smp: (ink.simulate(smp, years=1), ink.simulate(smp, years=1, fields=False)),
    "Observation": lambda _: (ink.Observation(1.0, "mass", 2.0, sd=0.1), ink.Observation(1.0, "mass", 2.0)),
    "Observations": lambda _: (
        ink.Observations.of({"time [day]": [1, 2], "mass [mg cm-2]": [3.0, 4.0]}),
        ink.Observations.of({"time [day]": [1, 2], "mass [mg cm-2]": [3.0, 5.0]}),
    ),
    "Scenario": lambda smp: (smp.with_(depth="300 um"), smp.with_(depth="301 um")),
    "Schedule": lambda smp: tuple(
        ink.simulate(smp.with_(touch_up__schedule="fixed"), years=7, fields=False).schedule(draws=n) for n in (4, 5)
    ),
    "SelfCheck": lambda _: (selfcheck_of(0.1), selfcheck_of(0.2)),
    "Snapshot": lambda smp: snapshots(smp)[:2],
    "Study": lambda smp: (sweep(smp, "0.3 mm").run(progress=False), sweep(smp, "0.4 mm").run(progress=False)),
    "Sweep": lambda smp: (sweep(smp, "0.3 mm"), sweep(smp, "0.4 mm")),
    "TouchUp": lambda smp: tuple(ink.simulate(smp, years=2, fields=False).touch_up(t, draws=4) for t in (0.7, 0.9)),
}
ERRORS = [
    name for name in ink.__all__ if inspect.isclass(getattr(ink, name)) and issubclass(getattr(ink, name), Exception)
]


def selfcheck_of(measured):
    one = CheckResult("order", "claim", "reference", "order", measured, 0.0, 1.0, "pass", "", time.perf_counter())
    unknown = dataclasses.replace(one, name="peer", measured=float("nan"), verdict="skipped")
    return ink.SelfCheck((one, unknown), {"taken": str(time.perf_counter())})


def sweep(smp, depth):
    return ink.Sweep(smp.with_({"run.horizon": "0.5 year"}), depth=[depth, "0.5 mm"], aftercare=["poor", "careful"])


def snapshots(smp):
    seen: list[ink.Snapshot] = []
    ink.simulate(smp, years=0.1, callback=seen.append)
    return seen


def test_every_public_class_is_in_the_table():
    public = {name for name in ink.__all__ if inspect.isclass(getattr(ink, name))}
    assert public == {*CLASSES, *ERRORS}


@pytest.fixture(scope="module")
def pairs(smp):
    return {name: make(smp) for name, make in CLASSES.items()}


@pytest.mark.parametrize("name", CLASSES)
def test_objects_are_of_their_class(pairs, name):
    assert {type(one) for one in pairs[name]} == {getattr(ink, name)}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_is_equal_and_has_the_same_hash(pairs, name, again):
    one, _ = pairs[name]
    assert again(one) == one
    assert hash(again(one)) == hash(one)
    assert type(again(one)) is type(one)


@pytest.mark.parametrize("name", CLASSES)
def test_objects_differ_from_others_and_from_other_things(pairs, name):
    one, other = pairs[name]
    assert one == one  # noqa: PLR0124  # also where it holds NaN
    assert one != other
    assert one != "something else"


@pytest.mark.parametrize("name", CLASSES)
def test_an_object_made_twice_is_equal(pairs, smp, name):
    assert CLASSES[name](smp)[0] == pairs[name][0]


@pytest.mark.parametrize("name", ERRORS)
def test_errors_keep_their_class_and_message_in_a_pickle(name):
    error = pickle.loads(pickle.dumps(getattr(ink, name)("what went wrong")))
    assert type(error) is getattr(ink, name)
    assert str(error) == "what went wrong"


def test_scenarios_are_equal_when_every_resolved_value_is(smp):
    assert smp.with_(depth="400 um") == smp.with_(depth="0.4 mm")
    assert smp.with_(depth="400 um") != smp.with_(depth="400.000001 um")
    assert smp.with_(depth="400 um") == ink.Scenario.from_toml(smp.with_(depth="0.4 mm").to_toml())


def test_one_changed_bit_makes_a_fade_another(smp):
    one, other = (ink.simulate(smp, years=1, fields=False) for _ in range(2))
    values = other.dataset["retained_of_deposit"].values
    values[3] = np.nextafter(values[3], 0.0)
    assert one != other


def test_wall_time_is_not_part_of_a_fade(smp):
    one, other = (ink.simulate(smp, years=1, fields=False) for _ in range(2))
    other.dataset["wall_time"] = other.dataset["wall_time"] + 1.0
    assert one == other


def test_a_saved_fade_comes_back_equal(smp, tmp_path):
    fade = ink.simulate(smp, years=1)
    assert ink.load(fade.save(tmp_path / "fade.h5")) == fade


def test_a_touch_up_without_an_interval_equals_its_copy(smp):
    """NaN equals nothing, but an interval that is not known is the same in a copy."""
    due = ink.simulate(smp, years=2, fields=False).touch_up(draws=2)
    unknown = dataclasses.replace(due, low=float("nan"), high=float("nan"))
    assert pickle.loads(pickle.dumps(unknown)) == unknown


def test_a_study_with_a_file_is_pickled_by_its_path(smp, tmp_path):
    study = sweep(smp, "0.3 mm").run(tmp_path / "study.h5", progress=False)
    by_path = pickle.dumps(study)
    assert len(by_path) < 1000
    assert pickle.loads(by_path) == study
    assert len(pickle.dumps(ink.load(study.path))) < 1000


def test_a_study_whose_file_is_another_now_is_refused(smp, tmp_path):
    study = sweep(smp, "0.3 mm").run(tmp_path / "study.h5", progress=False)
    by_path = pickle.dumps(study)
    sweep(smp, "0.4 mm").run(progress=False).save(study.path, overwrite=True)
    with pytest.raises(ink.FormatError, match="no longer the study that was pickled"):
        pickle.loads(by_path)
    study.path.unlink()
    with pytest.raises(ink.FileError, match=r"study\.h5"):
        pickle.loads(by_path)
    assert pickle.loads(pickle.dumps(study)) == study


def test_a_study_that_was_changed_is_pickled_with_its_data(smp, tmp_path):
    study = sweep(smp, "0.3 mm").run(tmp_path / "study.h5", progress=False)
    study.dataset["touch_up_time"] = study.dataset["touch_up_time"] * 2
    assert pickle.loads(pickle.dumps(study)) == study


def test_a_sweep_sent_elsewhere_takes_along_what_it_has_run(smp):
    run = sweep(smp, "0.3 mm")
    study = run.run(progress=False)
    assert pickle.loads(pickle.dumps(run)).run(progress=False) == study


def simulated(scenario: ink.Scenario) -> ink.Fade:
    return ink.simulate(scenario, fields=False)


def test_work_goes_to_fresh_processes_and_comes_back(smp):
    cases = [smp.with_(depth=depth).with_({"run.horizon": "1 year"}) for depth in ("300 um", "400 um", "500 um")]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(simulated, cases)) == [simulated(case) for case in cases]


def test_what_goes_wrong_in_another_process_comes_back_typed():
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
        pytest.raises(ink.ParameterError, match="got 'scalp-smp'"),
    ):
        pool.submit(simulated, "scalp-smp").result()


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("ContrastTouchUp", {"time": "year", "error": "year", "contrast": "1", "threshold": "1"}),
        ("Fade", {"time [year]": "year", "patch_dose [ug cm-2]": "ug cm-2", "retained_of_healed": "1"}),
        ("Observations", {"time [day]": "day", "mass [mg cm-2]": "mg cm-2"}),
        ("Scenario", {"procedure.depth": "um"}),
        ("Study", {"depth": "mm", "touch_up_time": "year", "patch_dose_at_end": "ug cm-2"}),
        ("Sweep", {"depth": "mm"}),
        ("TouchUp", {"time": "year", "low": "year", "threshold": "1"}),
    ],
)
def test_tables_carry_their_units(pairs, name, units):
    frame = pairs[name][0].to_dataframe()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame)
    assert frame.attrs["units"].items() >= units.items()


def test_the_table_of_all_parameters_carries_their_units():
    assert ink.parameters().attrs["units"]["procedure.dot_density"] == "cm-2"


def test_the_table_of_a_sweep_lists_its_points_in_order(smp):
    planned = sweep(smp, "0.3 mm")
    frame = planned.to_dataframe()
    assert len(frame) == len(planned)
    for i, row in frame.iterrows():
        assert planned.point(i) == planned.scenario.with_(depth=f"{row['depth']} mm", aftercare=row["aftercare"])
    zipped = ink.Sweep(
        smp, depth=["0.3 mm", "0.4 mm"], dot_density=["60 cm-2", "90 cm-2"], zip=["depth", "dot_density"]
    )
    assert zipped.to_dataframe().to_numpy().tolist() == [[0.3, 60.0], [0.4, 90.0]]
    assert zipped.to_dataframe().attrs["parameters"]["depth"] == "procedure.depth"


def test_a_table_of_too_many_points_is_refused(smp):
    axis = ink.linspace("0.3 mm", "0.4 mm", 400)
    huge = ink.Sweep(
        smp,
        depth=axis,
        depth_sd=ink.linspace("50 um", "90 um", 400),
        dot_density=ink.linspace("60 cm-2", "90 cm-2", 400),
    )
    with pytest.raises(ink.LimitError, match="64000000 points"):
        huge.to_dataframe()
