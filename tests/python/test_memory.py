"""The memory of a study is predicted before anything runs."""

from __future__ import annotations

import pytest

import inkfade as ink
from inkfade import _core
from inkfade.memory import LIMIT, result_bytes


@pytest.mark.parametrize("appearance", [False, True])
@pytest.mark.parametrize("fields", [False, True])
@pytest.mark.parametrize(("cells", "classes", "n_times"), [(8, 1, 2), (16, 6, 9), (40, 3, 30)])
def test_the_prediction_is_what_the_points_of_a_study_take(smp, cells, classes, n_times, fields, appearance):
    scenario = smp.with_({"numerics.cells": cells, "numerics.classes": classes, "run.horizon": "30 day"})
    times = [i * 86400.0 for i in range(n_times)]
    runs, _ = _core.simulate_many([scenario.core] * 3, times=times, fields=fields, threads=1, contrast=appearance)
    dataset = _core.points_dataset([scenario.core] * 3, runs)
    taken = sum(values.nbytes for dims, values, _ in dataset["variables"].values() if dims[:1] == ("point",))
    # Within 2 %: an observable more or less is noticed; texts are counted as pointers.
    assert result_bytes(scenario, 3, n_times, fields=fields, appearance=appearance) == pytest.approx(taken, rel=0.02)


def test_the_default_times_are_counted(smp):
    short = smp.with_({"run.horizon": "1 year"})
    n_times = len(ink.simulate(short, fields=False).years)
    assert result_bytes(short, 1) == result_bytes(short, 1, n_times)


def test_a_study_just_below_the_limit_is_not_refused(smp):
    most = LIMIT // result_bytes(smp, 1)
    sweep = ink.Sweep(smp, depth=ink.linspace("0.3 mm", "0.6 mm", 2))
    assert result_bytes(smp, most) <= LIMIT < result_bytes(smp, most + 1)
    assert len(sweep) <= most
