"""Watching a run: the callback, and observables of a user's own."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import inkfade as ink


@pytest.fixture(scope="module")
def short(smp):
    return smp.with_({"run.horizon": "1 year"})


def test_the_callback_sees_the_numbers_of_the_dataset(smp):
    """The same bits, so the conversion of units is that of the dataset."""
    seen: list[ink.Snapshot] = []
    data = ink.simulate(smp, years=2, callback=seen.append).dataset
    names = ("time", "retained_of_deposit", "retained_of_healed", "patch_dose", "deposited", "dispensed", "centroid")
    for name in (*names, "ledger_residual", "spread", "peak_load", "class_mass", "pigment", "macrophages"):
        np.testing.assert_array_equal([getattr(s, name) for s in seen], data[name].values)
    np.testing.assert_array_equal([s.macrophage_load for s in seen], data["macrophage_load"].values)
    for name, dim in (("mass", "pool"), ("layer_mass", "layer"), ("ledger", "fate")):
        assert list(getattr(seen[0], name)) == list(data[dim].values)
        np.testing.assert_array_equal([list(getattr(s, name).values()) for s in seen], data[name].values)
    np.testing.assert_array_equal(seen[0].z, data["z"].values)
    np.testing.assert_array_equal(seen[0].z_bounds, data["z_bounds"].values)


def test_a_watched_run_has_the_same_bits(short):
    assert ink.simulate(short, callback=lambda _: None) == ink.simulate(short)


def test_a_snapshot_is_read_only_and_stays_what_it_was(short):
    seen: list[ink.Snapshot] = []
    ink.simulate(short, callback=seen.append)
    with pytest.raises(AttributeError):
        seen[0].time = 3.0
    with pytest.raises(TypeError):
        seen[0].mass["free"] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        seen[0].pigment[0, 0, 0] = 1.0
    assert len({s.time for s in seen}) == len(seen)


def test_without_fields_a_snapshot_has_no_profiles(short):
    seen: list[ink.Snapshot] = []
    ink.simulate(short, fields=False, callback=seen.append)
    assert seen[-1].pigment is None


@pytest.mark.parametrize("answer", [True, np.True_])
def test_true_ends_the_run_as_cancelled_with_what_was_saved(short, answer):
    fade = ink.simulate(short, callback=lambda s: answer if s.time >= 14 else None)
    whole = ink.simulate(short)
    assert (fade.status, float(fade.dataset["time"][-1])) == ("cancelled", 14.0)
    assert fade.message == "cancelled after 14 day. The caller asked to stop."
    kept = whole.dataset["retained_of_deposit"].values[: len(fade.years)]
    np.testing.assert_array_equal(fade.dataset["retained_of_deposit"].values, kept)
    with pytest.raises(ink.IntegrationError, match="cancelled"):
        fade.touch_up()
    with pytest.raises(ink.IntegrationError, match="cancelled after 14 day"):
        ink.simulate(short, callback=lambda s: s.time >= 14, check=True)


@pytest.mark.parametrize("answer", [False, np.False_, None])
def test_false_and_none_go_on(short, answer):
    assert ink.simulate(short, callback=lambda _: answer).status == "ok"


@pytest.mark.parametrize("answer", [1, 0, "stop", np.array([True]), []])
def test_another_answer_is_an_error(short, answer):
    with pytest.raises(ink.ParameterError, match=r"the callback returned .* at 0 days: return True to end the run"):
        ink.simulate(short, callback=lambda _: answer)


class MineError(Exception):
    pass


def test_what_the_callback_raises_comes_out_unchanged(short):
    raised, calls = MineError("no"), []

    def fail(snapshot):
        calls.append(snapshot.time)
        if len(calls) == 3:
            raise raised

    with pytest.raises(MineError) as caught:
        ink.simulate(short, callback=fail)
    assert caught.value is raised
    assert len(calls) == 3


@pytest.mark.parametrize("wrong", ["print", 3])
def test_a_callback_that_is_no_function_is_an_error(short, wrong):
    with pytest.raises(ink.ParameterError, match="expected a function of a snapshot"):
        ink.simulate(short, callback=wrong)


def test_the_callback_runs_in_the_thread_that_called(short):
    threads = set()
    ink.simulate(short, callback=lambda _: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


def test_a_run_inside_a_callback_is_allowed(short):
    inner = []
    ink.simulate(
        short,
        times=["1 day"],
        callback=lambda _: inner.append(ink.simulate(short, callback=lambda _: None).status) or None,
    )
    assert inner == ["ok"]


def test_runs_are_watched_from_several_threads_at_once(short):
    alone = ink.simulate(short)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ink.simulate(short, callback=lambda _: None) == alone))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def interrupted_run(scenario: ink.Scenario, callback) -> float:
    """Send Ctrl-C into the middle of a run; seconds until Python has the interrupt."""
    sent = []

    def send() -> None:
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.3, send)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ink.simulate(scenario, times=["0 day", "50 year"], fields=False, callback=callback)
    ended = time.monotonic()
    timer.join()
    return ended - sent[0]


@pytest.mark.parametrize("callback", [lambda _: time.sleep(20), lambda _: None], ids=["inside", "between saved times"])
def test_ctrl_c_ends_a_watched_run_within_300_ms(smp, callback):
    # Many cells and a tight tolerance keep the run busy for seconds. Of three delays, the one that other work on the
    # machine disturbed least.
    busy = smp.with_({"numerics.cells": 512, "numerics.rtol": 1e-9, "run.horizon": "50 year"})
    assert min(interrupted_run(busy, callback) for _ in range(3)) < 0.3


def test_the_wall_limit_ends_a_watched_run(smp):
    fade = ink.simulate(smp, years=10, wall_limit=0.05, callback=lambda _: time.sleep(0.01))
    assert fade.status == "deadline"


def deep(snapshot):
    """Pigment below 500 um.

    More words.
    """
    height = np.diff(snapshot.z_bounds, axis=1)[:, 0] * 1e-4  # [cm]
    return (snapshot.pigment.sum(axis=(0, 1)) * height)[snapshot.z > 500].sum()


deep.units = "mg cm-2"


def test_observables_are_kept_in_the_dataset_and_in_the_file(short, tmp_path):
    fade = ink.simulate(
        short,
        observables={
            "deep": deep,
            "half": (lambda s: s.mass["stroma"] / 2, "mg cm-2"),
            "by_layer": (lambda s: list(s.layer_mass.values()), "mg cm-2", ("layer",)),
            "since_healing": lambda s: None if s.time < 42 else s.time - 42,
        },
    )
    data = fade.dataset
    assert data["deep"].attrs == {
        "units": "mg cm-2", "long_name": "Pigment below 500 um", "comment": "observable given to simulate"
    }  # fmt: skip
    cells = data["pigment"].sum(("pool", "size_class")) * data["z_bounds"].diff("bound").squeeze() * 1e-4
    np.testing.assert_allclose(data["deep"], cells.where(data["z"] > 500).sum("z"), rtol=1e-12)  # 60 numbers to round
    np.testing.assert_array_equal(data["half"], data["mass"].sel(pool="stroma") / 2)
    np.testing.assert_array_equal(data["by_layer"], data["layer_mass"])
    np.testing.assert_array_equal(np.isnan(data["since_healing"]), data["time"] < 42)
    again = ink.load(fade.save(tmp_path / "fade.h5"))
    assert again == fade
    assert "half [mg cm-2]" in again.to_dataframe()
    assert fade.plot(quantity="half").get_ylabel() == "half [mg cm⁻²]"


def test_observables_are_seen_by_a_run_that_is_stopped(short):
    fade = ink.simulate(short, callback=lambda s: s.time >= 5, observables={"twice": lambda s: 2 * s.time})
    assert list(fade.dataset["twice"]) == [2 * t for t in fade.dataset["time"].values]


def gives(value, units="1", dims=()):
    return {"mine": (lambda _: value, units, dims)}


@pytest.mark.parametrize(
    ("observables", "said"),
    [
        (
            gives(float("nan")),
            "observable mine at 0 days gave nan: must be finite; return None where there is no value",
        ),
        (gives(float("inf")), "must be finite"),
        (gives("much"), "gave 'much': expected a number, an array of numbers or None"),
        (gives(np.True_), "gave np.True_: expected a number"),
        (gives([1.0, 2.0]), "has the shape (2,): expected a single number; for an array name its dimensions"),
        (gives(1.0, "1", ("pool",)), "has the shape (): expected (pool) = (3,)"),
        (gives(1.0, "1", ("pol",)), "dimension 'pol' (did you mean pool?): use each of"),
        (gives(1.0, "1", ("time",)), "dimension 'time'"),
        (gives(1.0, "mg cm2"), "observable 'mine': unknown unit \"mg cm2\" (did you mean"),
        (gives(1.0, 3), "the unit 3 must be text"),
        ({"mass": deep}, "observable 'mass': the dataset has this name already, choose another"),
        ({"pool": deep}, "the dataset has this name already"),
        ({"two words": deep}, "the name must be a word"),
        ({3: deep}, "the name must be a word"),
        ({"mine": 3}, "expected a function of a snapshot, (function, unit)"),
        ({"mine": (deep, "1", ("z",), 4)}, "expected a function of a snapshot, (function, unit)"),
        ([deep], "expected a dictionary of functions by name"),
    ],
)
def test_an_observable_that_cannot_be_kept_is_an_error(short, observables, said):
    with pytest.raises(ink.ParameterError) as caught:
        ink.simulate(short, observables=observables)
    assert said in str(caught.value)


def test_what_an_observable_raises_comes_out_unchanged(short):
    with pytest.raises(KeyError, match="no such pool"):
        ink.simulate(short, observables={"mine": lambda s: s.mass["no such pool"]})


def test_snapshots_compare_by_value_and_can_be_pickled(short):
    seen: list[ink.Snapshot] = []
    ink.simulate(short, callback=seen.append)
    assert pickle.loads(pickle.dumps(seen[0])) == seen[0]
    assert seen[0] != seen[1]
