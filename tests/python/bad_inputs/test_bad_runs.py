"""Bad arguments of runs and of what is asked of their results."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import functools
import math

from bad_input import Bad, Bench, check, each

import inkfade as ink


@functools.cache
def fade() -> ink.Fade:
    return ink.simulate(ink.Scenario.preset("scalp-smp"), years=1, fields=False, check=True)


@functools.cache
def failed() -> ink.Fade:
    smp = ink.Scenario.preset("scalp-smp")
    return ink.simulate(smp.with_({"numerics.max_steps": 5}), years=1, fields=False)


def run(name: str, message: str, entry: str, **options: object) -> Bad:
    """A row that simulates the preset with these options."""
    return Bad(name, lambda b: ink.simulate(b.smp, **options), message, entry)


def asked(name: str, provoke, message: str, entry: str, error: type = ink.ParameterError) -> Bad:
    """A row that asks something of a finished run."""
    return Bad(name, lambda _: provoke(fade()), message, entry, error)


def long_run(b: Bench, n: int) -> object:
    """A run that keeps profiles at n times: more than the documented limit if n is large."""
    times = [f"{0.001 * i:.3f} day" for i in range(n)]
    return ink.simulate(b.smp.with_({"numerics.cells": 4096, "numerics.classes": 32}), times=times, check=True)


TIMES = [
    run("years 0", "years = 0: run.horizon must be between 1 hour and 200 year", "years", years=0),
    run("years negative", "years = -1: run.horizon must be between 1 hour and 200 year", "years", years=-1),
    run("years NaN", "years = nan: run.horizon must be between 1 hour and 200 year", "years", years=math.nan),
    run("years inf", "years = inf: run.horizon must be between 1 hour and 200 year", "years", years=math.inf),
    run("years of millennia", "years = 1000: run.horizon must be between 1 hour and 200 year", "years", years=1000),
    run("years as text", "years = 'ten': expected a bare number of years, for example years=10", "years", years="ten"),
    run(
        "years with unit",
        "years = '10 year': expected a bare number of years, for example years=10",
        "years",
        years="10 year",
    ),
    run("years a flag", "years = True: expected a bare number of years, for example years=10", "years", years=True),
    run(
        "times falling",
        "times: 3 day does not come after 9 day; saved times must rise",
        "saved-times",
        times=["9 day", "3 day"],
    ),
    run(
        "times twice",
        "times: 3 day does not come after 3 day; saved times must rise",
        "saved-times",
        times=["3 day", "3 day"],
    ),
    run(
        "times before the start",
        "times: -1 day lies outside the run, 0 day to 3652.5 day",
        "saved-times",
        times=["-1 day", "3 day"],
    ),
    run(
        "times beyond the horizon",
        "times: 109575 day lies outside the run, 0 day to 3652.5 day",
        "saved-times",
        times=["3 day", "300 year"],
    ),
    run("no times", "times is empty: give at least one, for example ['0 day', '5 year']", "saved-times", times=[]),
    run(
        "times as text",
        "times = '3 day': expected a list, for example ['0 day', '5 year']",
        "saved-times",
        times="3 day",
    ),
    run("times as a number", "times = 3: expected a list, for example ['0 day', '5 year']", "saved-times", times=3),
    run("times without unit", "times: 3.0 has no unit: write for example '3.0 day'", "saved-times", times=[3.0, 9.0]),
    run(
        "times of NaN",
        "times = nan day: expected a time, a finite number in one of s, min, hour, day, week, year",
        "saved-times",
        times=["nan day"],
    ),
    run(
        "times of inf",
        "times = inf day: expected a time, a finite number in one of s, min, hour, day, week, year",
        "saved-times",
        times=["3 day", "inf day"],
    ),
    run(
        "times of an unknown unit",
        "times = 3 fortnight: expected a time, a finite number in one of s, min, hour, day, week, year",
        "saved-times",
        times=["3 fortnight"],
    ),
    run(
        "times of a length",
        "times = 3 mm: expected a time, a finite number in one of s, min, hour, day, week, year",
        "saved-times",
        times=["3 mm"],
    ),
    run(
        "times of None",
        "times: None: must be text with a unit, for example '3 day'",
        "saved-times",
        times=["3 day", None],
    ),
    run("wall limit 0", "wall_limit = 0: must be a finite number of seconds above 0", "wall-limit", wall_limit=0),
    run(
        "wall limit negative",
        "wall_limit = -1.0: must be a finite number of seconds above 0",
        "wall-limit",
        wall_limit=-1.0,
    ),
    run(
        "wall limit NaN",
        "wall_limit = nan: must be a finite number of seconds above 0",
        "wall-limit",
        wall_limit=math.nan,
    ),
    run(
        "wall limit inf",
        "wall_limit = inf: must be a finite number of seconds above 0",
        "wall-limit",
        wall_limit=math.inf,
    ),
    run(
        "wall limit as text",
        "wall_limit = '1 hour': must be a finite number of seconds above 0",
        "wall-limit",
        wall_limit="1 hour",
    ),
    Bad(
        "a name for a scenario",
        lambda _: ink.simulate("scalp-smp"),
        "simulate takes an inkfade.Scenario, got 'scalp-smp': make one with Scenario.preset or Scenario.from_file",
        "not-a-scenario",
    ),
    Bad(
        "None for a scenario",
        lambda _: ink.simulate(None),
        "simulate takes an inkfade.Scenario, got None: make one with Scenario.preset or Scenario.from_file",
        "not-a-scenario",
    ),
]

ANSWERS = [
    asked("threshold 0", lambda f: f.touch_up(0.0), "threshold = 0.0: must be a number between 0 and 1", "interval"),
    asked("threshold 1", lambda f: f.touch_up(1.0), "threshold = 1.0: must be a number between 0 and 1", "interval"),
    asked(
        "threshold in per cent",
        lambda f: f.touch_up(70),
        "threshold = 70: must be a number between 0 and 1: 70 % is 0.7",
        "interval",
    ),
    asked(
        "threshold as text",
        lambda f: f.touch_up("70 %"),
        "threshold = '70 %': must be a number between 0 and 1: 70 % is 0.7",
        "interval",
    ),
    asked(
        "threshold NaN", lambda f: f.touch_up(math.nan), "threshold = nan: must be a number between 0 and 1", "interval"
    ),
    asked("level 0", lambda f: f.touch_up(level=0.0), "level = 0.0: must be a number between 0 and 1", "interval"),
    asked(
        "level in per cent",
        lambda f: f.touch_up(level=80),
        "level = 80: must be a number between 0 and 1: 80 % is 0.8",
        "interval",
    ),
    asked(
        "level inf", lambda f: f.touch_up(level=math.inf), "level = inf: must be a number between 0 and 1", "interval"
    ),
    asked(
        "draws 1",
        lambda f: f.touch_up(draws=1),
        "draws = 1: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "draws negative",
        lambda f: f.touch_up(draws=-5),
        "draws = -5: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "draws with a point",
        lambda f: f.touch_up(draws=10.5),
        "draws = 10.5: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "draws beyond the cap",
        lambda f: f.touch_up(draws=10**9),
        "draws = 1000000000: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "seed negative",
        lambda f: f.touch_up(seed=-1),
        "seed = -1: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    asked(
        "seed as text",
        lambda f: f.touch_up(seed="luck"),
        "seed = 'luck': must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    asked(
        "band of one",
        lambda f: f.band(draws=1),
        "draws = 1: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "band level",
        lambda f: f.band(level=1.5),
        "level = 1.5: must be a number between 0 and 1: 1.5 % is 0.015",
        "interval",
    ),
    asked(
        "band over the limit",
        lambda f: f.band(draws=10_000_000),
        "a band of 10000000 runs would take 84.5 GiB of memory, more than the 4 GiB that a result may take: ask for fewer runs or saved times",
        "too-much-memory",
        ink.LimitError,
    ),
]

ENSEMBLES = [
    Bad(
        "no real number",
        lambda b: ink.ensemble(b.smp, {"numerics.classes": [4, 6]}),
        "numerics.classes: an ensemble sets numbers run by run, and this is no real number; a sweep may take it as an axis",
        "ensemble",
    ),
    Bad(
        "a table",
        lambda b: ink.ensemble(b.smp, {"aftercare": ["poor"]}),
        "aftercare: an ensemble sets numbers run by run, and this is no real number; a sweep may take it as an axis",
        "ensemble",
    ),
    Bad(
        "no unit",
        lambda b: ink.ensemble(b.smp, {"procedure.depth": [0.0004]}),
        "procedure.depth: a bare number has no unit; give (array, 'unit') or text, for example (values, 'um')",
        "ensemble",
    ),
    Bad(
        "unequal lengths",
        lambda b: ink.ensemble(b.smp, {"depth": ([400.0], "um"), "dot_diameter": ([0.3, 0.4], "mm")}),
        "dot_diameter has 2 values, procedure.depth has 1: a run needs one of each",
        "ensemble",
    ),
    Bad(
        "a table of values",
        lambda b: ink.ensemble(b.smp, {"depth": ([[400.0]], "um")}),
        "depth has shape (1, 1): expected one value for each run",
        "ensemble",
    ),
    Bad(
        "given twice",
        lambda b: ink.ensemble(b.smp, {"depth": ([400.0], "um"), "procedure.depth": ([400.0], "um")}),
        "procedure.depth: procedure.depth is given twice",
        "ensemble",
    ),
    Bad(
        "another horizon each",
        lambda b: ink.ensemble(b.smp, {"run.horizon": ([1.0], "year")}),
        "run.horizon: the runs of an ensemble share their saved times and so their horizon",
        "ensemble",
    ),
    Bad(
        "how many people",
        lambda b: ink.ensemble(b.smp),
        "n: say how many people to draw, or give parameters run by run",
        "ensemble",
    ),
    Bad(
        "people as parameters",
        lambda b: ink.ensemble(b.smp, 1000),
        "parameters = 1000: expected a mapping of names to values; n=... draws that many people",
        "ensemble",
    ),
    Bad(
        "observables of no time",
        lambda b: ink.ensemble(b.smp, n=2, observables=["centroid"]),
        "observables = ['centroid']: need times at which they are kept, for example times=['5 year']",
        "ensemble",
    ),
    Bad(
        "no such observable",
        lambda b: ink.ensemble(b.smp, n=1, times=["1 day"], observables=["colour"]),
        "observables: there is no 'colour'; there are retained_of_deposit, retained_of_healed, patch_dose, deposited, free_mass, macrophage_mass, stroma_mass, shed, drained, degraded, removed, centroid, spread, peak_load, ledger_residual, patch_contrast, patch_contrast_of_healed, lightness_difference, red_green_difference, blue_yellow_difference, colour_drift",
        "ensemble",
    ),
]

SENSITIVITIES = [
    Bad(
        "a name instead of the scenario",
        lambda b: ink.sensitivities(b.smp.preset_name, ["depth"]),
        "sensitivities takes an inkfade.Scenario, got 'scalp-smp': make one with Scenario.preset or Scenario.from_file",
        "not-a-scenario",
    ),
    Bad(
        "one name instead of a list",
        lambda b: ink.sensitivities(b.smp, "depth"),
        "parameters = 'depth': expected a list of names",
        "sensitivities",
    ),
    Bad(
        "no such parameter to differentiate by",
        lambda b: ink.sensitivities(b.smp, ["procedure.dept"]),
        "parameters: there is no 'procedure.dept' (did you mean procedure.depth?)",
        "sensitivities",
    ),
    Bad(
        "no such layer to differentiate by",
        lambda b: ink.sensitivities(b.smp, ["skin.lid.thickness"]),
        "parameters: 'skin.lid.thickness' names no layer of this skin; there are stratum_corneum, viable_epidermis, papillary_dermis, upper_reticular_dermis, lower_reticular_dermis",
        "sensitivities",
    ),
    Bad(
        "no other value to differentiate by",
        lambda b: ink.sensitivities(b.smp, ["skin.stratum_corneum.macrophage_density"]),
        "skin.stratum_corneum.macrophage_density has no derivative: no value beside 0 mm-3 is allowed",
        "sensitivities",
    ),
    Bad(
        "nothing to differentiate by",
        lambda b: ink.sensitivities(b.smp, []),
        "parameters: give at least one to differentiate by",
        "sensitivities",
    ),
    Bad(
        "a parameter given twice to differentiate by",
        lambda b: ink.sensitivities(b.smp, ["depth", "procedure.depth"]),
        "parameters: procedure.depth is given twice",
        "sensitivities",
    ),
    Bad(
        "an integer",
        lambda b: ink.sensitivities(b.smp, ["numerics.cells"]),
        "numerics.cells has no derivative: it is no real number",
        "sensitivities",
    ),
    Bad(
        "of the numerics",
        lambda b: ink.sensitivities(b.smp, ["numerics.rtol"]),
        "numerics.rtol has no derivative: it belongs to the numerics, not to the model",
        "sensitivities",
    ),
    Bad(
        "the horizon",
        lambda b: ink.sensitivities(b.smp, ["run.horizon"]),
        "run.horizon has no derivative: saved times lie within the horizon and do not move with it",
        "sensitivities",
    ),
    Bad(
        "another way to give the dose",
        lambda b: ink.sensitivities(b.smp, ["procedure.local_dose"]),
        "procedure.local_dose has no derivative: the scenario gives its dose by another parameter",
        "sensitivities",
    ),
    Bad(
        "one of two events at once",
        lambda b: ink.sensitivities(
            b.smp.with_(
                {"interventions.ablation_delay": "100 day"},
                intervention=[{"kind": "macrophage_ablation", "at": "100 day"}, {"kind": "laser", "at": "200 day"}],
            ),
            ["interventions.ablation_delay"],
        ),
        "interventions.ablation_delay has no derivative here: it moves one of two events that coincide, and which comes first would change; take another value",
        "sensitivities",
    ),
    Bad(
        "the colour drift",
        lambda b: ink.sensitivities(b.smp, ["depth"], observables=["colour_drift"]),
        "observables: colour_drift has no derivative; of what is seen, patch_contrast and its share of healed have one",
        "sensitivities",
    ),
    Bad(
        "the residual",
        lambda b: ink.sensitivities(b.smp, ["depth"], observables=["ledger_residual"]),
        "observables: ledger_residual is round-off and has no derivative",
        "sensitivities",
    ),
]

FAILURES = [
    Bad(
        "steps used up",
        lambda b: ink.simulate(b.smp.with_({"numerics.max_steps": 5}), check=True),
        "too_many_steps after {number} day. The step limit was reached: raise numerics.max_steps or loosen numerics.rtol. (status too_many_steps)",
        "too_many_steps",
        ink.IntegrationError,
    ),
    Bad(
        "time used up",
        lambda b: ink.simulate(b.smp, wall_limit=1e-9, check=True),
        "deadline after 0 day. The wall-clock limit was reached: raise it, or use fewer cells. (status deadline)",
        "deadline",
        ink.IntegrationError,
    ),
    Bad(
        "profiles over the limit",
        lambda b: long_run(b, 2000),
        "memory_limit: the saved profiles would take 6 GB, and 4 GB are allowed. The run would need more memory than allowed: use fewer cells, classes or saved times. (status memory_limit)",
        "memory_limit",
        ink.IntegrationError,
    ),
    Bad(
        "touch-up of a failed run",
        lambda _: failed().touch_up(),
        "no touch-up of a failed run: too_many_steps after {number} day. The step limit was reached: raise numerics.max_steps or loosen numerics.rtol. (status too_many_steps)",
        "too_many_steps",
        ink.IntegrationError,
    ),
    Bad(
        "band of failed runs",
        lambda _: failed().band(draws=3),
        "no band: all 3 runs failed, the first: too_many_steps after {number} day. The step limit was reached: raise numerics.max_steps or loosen numerics.rtol.",
        "too_many_steps",
        ink.IntegrationError,
    ),
]

ROWS = [*TIMES, *ANSWERS, *ENSEMBLES, *SENSITIVITIES, *FAILURES]


@each(ROWS)
def test_a_bad_argument_of_a_run_is_named(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
