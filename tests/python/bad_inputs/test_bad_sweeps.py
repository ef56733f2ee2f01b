"""Bad sweeps and what is asked of studies: axes, sizes, seeds, stores, plans."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from unittest import mock

from bad_input import Bad, Bench, as_nobody, check, each, open_folder

import inkfade as ink
from inkfade import _core

SHORT = {"run.horizon": "30 day", "numerics.cells": 16, "numerics.classes": 2}


def axes(name: str, message: str, entry: str, given: object = None, **options: object) -> Bad:
    """A row that makes a sweep of the preset."""
    return Bad(name, lambda b: ink.Sweep(b.smp, given, **options), message, entry)


def table(name: str, content: str, message: str, entry: str, error: type = ink.ParameterError) -> Bad:
    """A row that reads an experiment file."""
    return Bad(name, lambda b: b.sweep(content), message, entry, error)


def small(b: Bench, **more: object) -> ink.Sweep:
    return ink.Sweep(b.smp.with_(SHORT), depth=["0.3 mm", "0.4 mm"], **more)


def cancelled(b: Bench) -> object:
    """A sweep whose runs end as cancelled although nobody pressed Ctrl-C."""
    run_many = _core.simulate_many

    def stopped(*scenarios: object, **options: object) -> object:
        def stop(_: int) -> None:
            raise KeyboardInterrupt

        return run_many(*scenarios, **{**options, "progress": stop})[0], False

    sweep = ink.Sweep(b.smp.with_({"numerics.cells": 2048, "numerics.rtol": 1e-8}), depth=["0.3 mm", "0.4 mm"])
    with mock.patch.object(_core, "simulate_many", stopped):
        return sweep.run(progress=False, threads=1)


@functools.cache
def study() -> ink.Study:
    return ink.Sweep(
        ink.Scenario.preset("scalp-smp").with_(SHORT), depth=["0.3 mm", "0.4 mm"], aftercare=["poor", "careful"]
    ).run(progress=False)


def asked(name: str, provoke, message: str, entry: str, error: type = ink.ParameterError) -> Bad:
    """A row that asks something of a finished study."""
    return Bad(name, lambda _: provoke(study()), message, entry, error)


AXES = [
    axes("no axis", "the sweep has no axis: give at least one, for example depth=['0.3 mm', '0.4 mm']", "axis-values"),
    axes("empty axis", "axis depth is empty: give at least one value", "axis-values", depth=[]),
    axes("text for a list", "axis depth = '0.3 mm': expected a list of values", "axis-values", depth="0.3 mm"),
    axes("number for a list", "axis depth = 3: expected a list of values", "axis-values", depth=3),
    axes(
        "unknown axis",
        'unknown parameter "depht" (did you mean procedure.depth?): `inkfade parameters` lists all',
        "unknown-parameter",
        depht=["0.3 mm"],
    ),
    axes(
        "unknown dotted axis",
        'unknown parameter "procedure.dept" (did you mean procedure.depth?): `inkfade parameters` lists all',
        "unknown-parameter",
        {"procedure.dept": ["0.3 mm"]},
    ),
    axes(
        "axis by number",
        "3 is no name of a parameter: write text such as 'procedure.depth'",
        "unknown-parameter",
        {3: ["0.3 mm"]},
    ),
    axes(
        "axes as a list",
        "axes = ['depth']: must be values by name, for example {'procedure.depth': ['0.3 mm', '0.4 mm']}",
        "wrong-type",
        ["depth"],
    ),
    axes("value twice", "axis depth has the value '0.3 mm' twice", "axis-twice", depth=["0.3 mm", "0.4 mm", "0.3 mm"]),
    axes(
        "value twice in two units", "axis depth has the value '300 um' twice", "axis-twice", depth=["0.3 mm", "300 um"]
    ),
    axes("regime twice", "axis aftercare has the value 'poor' twice", "axis-twice", aftercare=["poor", "poor"]),
    axes(
        "parameter twice",
        "axes 'procedure.depth' and 'depth' are the same parameter",
        "axis-twice",
        {"procedure.depth": ["0.3 mm"]},
        depth=["0.4 mm"],
    ),
    axes(
        "axis given twice",
        "axis depth is given twice, by name and as a keyword: give it once",
        "axis-twice",
        {"depth": ["0.3 mm"]},
        depth=["0.4 mm"],
    ),
    axes(
        "value without unit",
        'procedure.depth = 0.3: needs a unit: give a length in um, e.g. "0.3 um"',
        "missing-unit",
        depth=[0.3],
    ),
    axes(
        "value out of range",
        "procedure.depth = 30 mm: must be between 1 um and 10 mm",
        "out-of-range",
        depth=["0.3 mm", "30 mm"],
    ),
    axes(
        "value NaN",
        "procedure.depth = nan mm: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
        depth=["0.3 mm", "nan mm"],
    ),
    axes(
        "value None",
        "procedure.depth = None: must be text with a unit, a number or true or false, not of type NoneType",
        "wrong-type",
        depth=["0.3 mm", None],
    ),
    axes(
        "unknown regime",
        "aftercare = lavish: must be one of poor, typical, careful",
        "unknown-choice",
        aftercare=["poor", "lavish"],
    ),
    axes(
        "classes",
        "numerics.classes cannot be swept: the points of a study share their size classes",
        "axis-not-possible",
        {"numerics.classes": [2, 3]},
    ),
    axes(
        "more than 1e9 points",
        "the sweep has 1003003001 points: at most 1000000000 are allowed",
        "too-many-points",
        depth=ink.linspace("0.3 mm", "0.6 mm", 1001),
        dot_diameter=ink.linspace("0.1 mm", "0.3 mm", 1001),
        dot_density=ink.linspace("50 cm-2", "100 cm-2", 1001),
    ),
    axes(
        "zip of unequal lengths",
        "zipped axes must have the same number of values: depth has 2, dot_density has 1",
        "zip",
        depth=["0.3 mm", "0.4 mm"],
        dot_density=["60 cm-2"],
        zip=["depth", "dot_density"],
    ),
    axes(
        "zip of no axis",
        "zip names 'dot_density', which is no axis of this sweep (depth)",
        "zip",
        depth=["0.3 mm"],
        zip=["depth", "dot_density"],
    ),
    axes("zip of one name twice", "zip names 'depth' twice", "zip", depth=["0.3 mm"], zip=["depth", "depth"]),
    axes(
        "zip as text",
        "zip = 'depth': expected a list of axes, for example ['depth', 'dot_density']",
        "zip",
        depth=["0.3 mm"],
        zip="depth",
    ),
    axes(
        "zip as number",
        "zip = 3: expected a list of axes, for example ['depth', 'dot_density']",
        "zip",
        depth=["0.3 mm"],
        zip=3,
    ),
    Bad(
        "a name for a scenario",
        lambda _: ink.Sweep("scalp-smp", depth=["0.3 mm"]),
        "Sweep takes an inkfade.Scenario, got 'scalp-smp': make one with Scenario.preset or Scenario.from_file",
        "not-a-scenario",
    ),
]

TABLES = [
    table(
        "the same value twice",
        '[sweep]\ndepth = ["0.3 mm", "0.3 mm"]\n',
        "sweep: depth has 0.3 mm twice ({dir}/sweep.toml:4:20)",
        "axis-twice",
    ),
    table(
        "the same axis twice",
        '[sweep]\ndepth = ["0.3 mm"]\nprocedure.depth = ["0.3 mm"]\n',
        "sweep: procedure.depth and depth are the same axis ({dir}/sweep.toml:5:11)",
        "axis-twice",
    ),
    table(
        "range of equal ends",
        '[sweep]\ndepth = { from = "0.3 mm", to = "0.3 mm", n = 3 }\n',
        "procedure.depth: from and to must differ, both are 0.3 mm ({dir}/sweep.toml:4:9)",
        "linspace",
    ),
    table(
        "range of cells",
        "[sweep]\nnumerics.cells = { from = 16, to = 32, n = 3 }\n",
        "sweep: numerics.cells: only real parameters have a range from .. to; give a list ({dir}/sweep.toml:4:18)",
        "linspace",
    ),
    table(
        "1e12 points",
        '[sweep]\ndepth = { from = "0.2 mm", to = "0.8 mm", n = 1000000 }\n'
        'depth_sd = { from = "0.1 mm", to = "0.2 mm", n = 1000000 }\n',
        "sweep: has more than 1000000000 points ({dir}/sweep.toml:3:1)",
        "too-many-points",
    ),
    table(
        "no table",
        "",
        "{dir}/sweep.toml: has no [sweep] table: add one, for example depth = ['0.3 mm', '0.4 mm']",
        "no-sweep-table",
    ),
    table(
        "table that is none",
        "sweep = 3\n",
        "sweep: must be a table of keys and values, not a whole number ({dir}/sweep.toml:3:9)",
        "no-sweep-table",
    ),
    table(
        "empty table",
        "[sweep]\n",
        'sweep: has no axis; give at least one, e.g. depth = ["0.3 mm", "0.4 mm"] ({dir}/sweep.toml:3:1)',
        "axis-values",
    ),
    table(
        "empty list",
        "[sweep]\ndepth = []\n",
        "sweep: depth is an empty axis; give at least one value ({dir}/sweep.toml:4:9)",
        "axis-values",
    ),
    table(
        "one value",
        '[sweep]\ndepth = "0.3 mm"\n',
        "sweep: depth must be a list of settings or { from = ..., to = ..., n = ... } ({dir}/sweep.toml:4:9)",
        "axis-values",
    ),
    table(
        "unknown axis",
        '[sweep]\ndepht = ["0.3 mm"]\n',
        'sweep: unknown parameter "depht" (did you mean procedure.depth?) ({dir}/sweep.toml:4:1)',
        "unknown-parameter",
    ),
    table(
        "value twice",
        '[sweep]\ndepth = ["0.3 mm", "300 um"]\n',
        "{dir}/sweep.toml: [sweep]: axis depth has the value '300 um' twice",
        "axis-twice",
    ),
    table(
        "range without n",
        '[sweep]\ndepth = { from = "0.3 mm", to = "0.4 mm" }\n',
        "sweep: depth: n is missing ({dir}/sweep.toml:4:9)",
        "axis-values",
    ),
    table(
        "range of one",
        '[sweep]\ndepth = { from = "0.3 mm", to = "0.4 mm", n = 1 }\n',
        "sweep: depth: n = 1: must be a whole number between 2 and 1000000 ({dir}/sweep.toml:4:47)",
        "linspace",
    ),
    table(
        "range of 1e9",
        '[sweep]\ndepth = { from = "0.3 mm", to = "0.4 mm", n = 1000000001 }\n',
        "sweep: depth: n = 1000000001: must be a whole number between 2 and 1000000 ({dir}/sweep.toml:4:47)",
        "linspace",
    ),
    table(
        "range of two units",
        '[sweep]\ndepth = { from = "0.3 mm", to = "400 um", n = 3 }\n',
        "{dir}/sweep.toml: [sweep]: depth: linspace from '0.3 mm' to '400 um': write both ends in the same unit",
        "linspace",
    ),
    table(
        "range of numbers",
        "[sweep]\ndepth = { from = 0.3, to = 0.4, n = 3 }\n",
        'procedure.depth = 0.3: needs a unit: give a length in um, e.g. "0.3 um" ({dir}/sweep.toml:4:9)',
        "missing-unit",
    ),
    table(
        "TOML nan",
        "[sweep]\nnumerics.rtol = [nan]\n",
        "numerics.rtol = nan: must be a finite number; must be between 1e-14 and 0.5 ({dir}/sweep.toml:4:18)",
        "not-a-number",
    ),
    table(
        "zip of no axis",
        '[sweep]\nzip = ["depth", "x"]\ndepth = ["0.3 mm"]\n',
        "{dir}/sweep.toml: [sweep]: zip names 'x', which is no axis of this sweep (depth)",
        "zip",
    ),
    table("no TOML", "[sweep\n", "the text is not valid TOML: {any} ({dir}/sweep.toml:3:7)", "not-toml"),
    Bad(
        "no file",
        lambda b: ink.Sweep.from_file(b.dir / "x.toml"),
        "{dir}/x.toml: there is no such file",
        "no-such-file",
        ink.FileError,
    ),
    Bad(
        "a folder",
        lambda b: ink.Sweep.from_file(b.dir),
        "{dir}: is a directory, not a scenario file",
        "not-a-file",
        ink.FileError,
    ),
    Bad("path by number", lambda _: ink.Sweep.from_file(3), "path = 3: must be text or a pathlib.Path", "wrong-path"),
]

OPTIONS = [
    Bad(
        "threads negative",
        lambda b: small(b).run(threads=-1),
        "threads = -1: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    Bad(
        "threads 1e9",
        lambda b: small(b).run(threads=10**9),
        "threads = 1000000000: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    Bad(
        "threads with a point",
        lambda b: small(b).run(threads=2.0),
        "threads = 2.0: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    Bad(
        "threads as text",
        lambda b: small(b).run(threads="all"),
        "threads = 'all': must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    Bad(
        "shard of no points",
        lambda b: small(b).run(shard_points=0),
        "shard_points = 0: must be a whole number from 1 to 1000000",
        "whole-number-option",
    ),
    Bad(
        "times falling",
        lambda b: small(b).run(times=["9 day", "3 day"], progress=False),
        "times: 3 day does not come after 9 day; saved times must rise",
        "saved-times",
    ),
    Bad(
        "times beyond the horizon",
        lambda b: small(b).run(times=["40 day"], progress=False),
        "times: 40 day lies outside the run, 0 day to 30 day",
        "saved-times",
    ),
    Bad(
        "wall limit 0",
        lambda b: small(b).run(wall_limit=0),
        "wall_limit = 0: must be a finite number of seconds above 0",
        "wall-limit",
    ),
    Bad(
        "horizon swept without times",
        lambda b: ink.Sweep(b.smp, {"run.horizon": ["1 year", "2 year"]}).run(),
        "run.horizon is swept, but the points of a study share their saved times: give times, all within the shortest run",
        "axis-not-possible",
    ),
    Bad(
        "profiles on two grids",
        lambda b: small(b, numerics__cells=[16, 32]).run(fields=True),
        "numerics.cells changes the grid, but profiles over depth need one: run without fields",
        "axis-not-possible",
    ),
    Bad(
        "points that cannot be",
        lambda b: ink.Sweep(
            b.smp,
            {"ink.size_median": ["150 nm", "300 nm"]},
            procedure__depth=["0.3 mm", "0.4 mm"],
            skin__lower_reticular_dermis__thickness=["1 um", "850 um"],
            skin__upper_reticular_dermis__thickness=["1 um", "500 um"],
        ).run(progress=False),
        "point 0 of the sweep (ink.size_median = 150 nm, procedure.depth = 0.3 mm, skin.lower_reticular_dermis.thickness = 1 um, skin.upper_reticular_dermis.thickness = 1 um): procedure.depth = 300 um: must lie inside the dermis, between 67 um and 217 um here",
        "deposit-outside-the-dermis",
    ),
    Bad("stopped from outside", cancelled, "2 runs of the sweep were cancelled", "Cancelled", ink.Cancelled),
    Bad(
        "memory of a study",
        lambda b: ink.Sweep(
            b.smp,
            depth=ink.linspace("0.3 mm", "0.6 mm", 1000),
            dot_diameter=ink.linspace("0.1 mm", "0.3 mm", 1000),
            dot_density=ink.linspace("50 cm-2", "100 cm-2", 1000),
        ).run(progress=False),
        "a study of 1000000000 runs would take 3.5e+04 GiB of memory, more than the 4 GiB that a result may take: ask for fewer runs or saved times",
        "too-much-memory",
        ink.LimitError,
    ),
    Bad(
        "memory of profiles",
        lambda b: ink.Sweep(b.smp, depth=ink.linspace("0.3 mm", "0.6 mm", 10_000)).run(fields=True, progress=False),
        "a study of 10000 runs would take 13.9 GiB of memory, more than the 4 GiB that a result may take: ask for fewer runs or saved times, or no profiles over depth",
        "too-much-memory",
        ink.LimitError,
    ),
]

ANSWERS = [
    asked(
        "point without a value",
        lambda s: s.point(depth="0.3 mm"),
        "the point needs a value of aftercare, one of poor, careful",
        "point-of-a-study",
    ),
    asked(
        "point of no dimension",
        lambda s: s.point(depht="0.3 mm"),
        "'depht' is no dimension of this study (depth, aftercare)",
        "point-of-a-study",
    ),
    asked(
        "point between",
        lambda s: s.point(depth="0.35 mm", aftercare="poor"),
        "depth = 0.35 mm: between the points of this study, which has 0.3, 0.4 mm",
        "point-of-a-study",
    ),
    asked(
        "point outside",
        lambda s: s.point(depth="3 mm", aftercare="poor"),
        "depth = 3 mm: outside this study, which has 0.3, 0.4 mm",
        "point-of-a-study",
    ),
    asked(
        "point of NaN",
        lambda s: s.point(depth=float("nan"), aftercare="poor"),
        "depth = nan: outside this study, which has 0.3, 0.4 mm",
        "point-of-a-study",
    ),
    asked(
        "point of None",
        lambda s: s.point(depth=None, aftercare="poor"),
        "depth = None: expected one of 0.3, 0.4 mm",
        "point-of-a-study",
    ),
    asked(
        "point of another unit",
        lambda s: s.point(depth="0.3 kg", aftercare="poor"),
        "depth = 0.3 kg: expected a length, a finite number in one of m, cm, mm, um, nm",
        "point-of-a-study",
    ),
    asked(
        "point of no regime",
        lambda s: s.point(depth="0.3 mm", aftercare="lavish"),
        "aftercare = 'lavish': expected one of poor, careful",
        "point-of-a-study",
    ),
    asked(
        "interval of one person",
        lambda s: s.touch_up_interval(1),
        "draws = 1: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    asked(
        "interval of threads",
        lambda s: s.touch_up_interval(threads=-1),
        "threads = -1: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    asked(
        "interval of a level",
        lambda s: s.touch_up_interval(level=80),
        "level = 80: must be a number between 0 and 1: 80 % is 0.8",
        "interval",
    ),
]


def two_plans(b: Bench) -> object:
    opened(b, "{}").close()
    return opened(b, '{"other": 1}')


def opened(b: Bench, plan: str = "{}") -> _core.StudyStore:
    return _core.StudyStore(b.dir / "study.h5", plan)


def points(b: Bench, depth: str = "0.3 mm", n: int = 2) -> dict:
    """The dataset of n points."""
    scenario = b.smp.with_({**SHORT, "depth": depth}).core
    runs, _ = _core.simulate_many([scenario] * n, fields=False, threads=1)
    return _core.points_dataset([scenario] * n, runs)


def rerun(b: Bench, change) -> object:
    """A sweep that was begun, and run again after `change` to its plan.json."""
    path = b.dir / "study.h5"
    with _core.StudyStore(path, small_plan(b)):
        pass
    plan = Path(f"{path}.d") / "plan.json"
    content = json.loads(plan.read_text())
    change(content)
    plan.write_text(json.dumps(content, sort_keys=True, indent=1))
    return small(b).run(path, progress=False)


def small_plan(b: Bench) -> str:
    from inkfade.plan import make_plan

    sweep = small(b)
    return make_plan(sweep.scenario, sweep.axes, fields=False, appearance=False, times=None)


def finished(b: Bench, **more: object) -> Path:
    small(b, **more).run(b.dir / "study.h5", progress=False)
    return b.dir / "study.h5"


def locked(b: Bench) -> object:
    """A store whose folder another process holds."""
    held = (
        "import sys\nfrom inkfade import _core\nstore = _core.StudyStore(sys.argv[1], '{}')\n"
        "print('held', flush=True)\nsys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", held, str(b.dir / "study.h5")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "held\n"
        return opened(b)
    finally:
        child.communicate(timeout=30)


def two_results(b: Bench) -> object:
    with opened(b) as store:
        store.commit(0, 2, points(b))
        return store.commit(0, 2, points(b, "0.4 mm"))


def committed(b: Bench, *ranges: tuple[int, int]) -> object:
    with opened(b) as store:
        for first, last in ranges:
            store.commit(first, last, points(b, n=max(last - first, 1)))


def closed(b: Bench) -> object:
    store = opened(b)
    store.close()
    return store.done()


def orphaned(b: Bench) -> object:
    committed(b, (0, 2))
    (b.dir / "study.h5.d" / "plan.json").unlink()
    return opened(b)


def forbidden(_: Bench) -> object:
    with open_folder() as folder, as_nobody():
        return _core.StudyStore(folder / "study.h5", "{}")


def newer(content: dict) -> None:
    content["version"] = "99.0"


def seeded(content: dict) -> None:
    content["seed"] = 7


STORES = [
    Bad(
        "other axis",
        lambda b: small(b, aftercare=["poor"]).run(finished(b), progress=False),
        "{dir}/study.h5 holds another sweep (axes depth, not depth x aftercare): give another file name, or remove it",
        "another-plan",
    ),
    Bad(
        "other values",
        lambda b: ink.Sweep(b.smp.with_(SHORT), depth=["0.3 mm", "0.5 mm"]).run(finished(b)),
        "{dir}/study.h5 holds another sweep (other values of depth): give another file name, or remove it",
        "another-plan",
    ),
    Bad(
        "other scenario",
        lambda b: ink.Sweep(b.smp.with_({**SHORT, "dot_density": "80 cm-2"}), depth=["0.3 mm", "0.4 mm"]).run(
            finished(b)
        ),
        "{dir}/study.h5 holds another sweep (procedure.dot_density = 100 cm-2, not 80 cm-2): give another file name, or remove it",
        "another-plan",
    ),
    Bad(
        "begun with another version",
        lambda b: rerun(b, newer),
        "{dir}/study.h5.d was begun by another sweep (inkfade 99.0, not 0.1.0): give another file name, or remove the folder to start over",
        "another-plan",
    ),
    Bad(
        "begun with another seed",
        lambda b: rerun(b, seeded),
        "{dir}/study.h5.d was begun by another sweep (seed = 7, not given): give another file name, or remove the folder to start over",
        "another-plan",
    ),
    Bad(
        "store of another plan",
        two_plans,
        "study '{dir}/study.h5' was begun with another plan: the first difference is in line 1: stored '{}', asked '{\"other\": 1}'. Give this plan another file name, or delete the folder '{dir}/study.h5.d' to start over; nothing was changed",
        "another-plan",
    ),
    Bad(
        "file of a single run",
        lambda b: small(b).run(ink.simulate(b.smp, years=1).save(b.dir / "f.h5")),
        "{dir}/f.h5 holds a single run, not a sweep: give another file name",
        "another-plan",
    ),
    Bad(
        "file of another program",
        lambda b: small(b).run(b.file("study.h5", "mine")),
        "'{dir}/study.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
        ink.FormatError,
    ),
    Bad(
        "another writer",
        locked,
        "another writer is at work on this study ('{dir}/study.h5.d/LOCK' is held by {any}); wait until it ends or stop it, then run again",
        "another-writer",
        ink.FileError,
    ),
    Bad(
        "missing folder",
        lambda b: small(b).run(b.dir / "nowhere" / "study.h5", progress=False),
        "cannot make the study folder '{dir}/nowhere/study.h5.d': there is no folder '{dir}/nowhere'; make it first",
        "no-folder",
        ink.FileError,
    ),
    Bad(
        "file where the folder goes",
        lambda b: b.file("study.h5.d") and small(b).run(b.dir / "study.h5", progress=False),
        "cannot make the study folder '{dir}/study.h5.d': there is a file with that name; move it away",
        "no-folder",
        ink.FileError,
    ),
    Bad(
        "folder that nobody may write in",
        forbidden,
        "cannot make the study folder '{any}/study.h5.d': Permission denied",
        "no-folder",
        ink.FileError,
    ),
    Bad("path by number", lambda b: small(b).run(3), "path = 3: must be text or a pathlib.Path", "wrong-path"),
    Bad(
        "plan of nothing",
        lambda b: opened(b, ""),
        "study '{dir}/study.h5': the plan must be UTF-8 text, not empty",
        "store-by-hand",
    ),
    Bad(
        "empty range",
        lambda b: committed(b, (3, 3)),
        "commit of points 3 to 3 (end not included): the range is empty",
        "store-by-hand",
    ),
    Bad(
        "ranges that overlap",
        lambda b: committed(b, (0, 2), (1, 3)),
        "points 1 to 3 (end not included) overlap points 0 to 2 (end not included) of '{dir}/study.h5.d/shards/000000000-000000002.{any}.h5': shards must not share points",
        "store-by-hand",
    ),
    Bad(
        "range that is not there",
        lambda b: opened(b).shard(0, 2),
        "points 0 to 2 (end not included): no shard holds exactly this range; see done()",
        "store-by-hand",
    ),
    Bad("closed store", closed, "the study store is closed: open it again", "store-by-hand"),
    Bad(
        "two results of one range",
        two_results,
        "determinism alarm: points 0 to 2 (end not included) gave other results than before; both are kept, in '{dir}/study.h5.d/shards/000000000-000000002.{any}.h5' and '{dir}/study.h5.d/shards/000000000-000000002.{any}.h5'. Find out why and move one away before the study is run again",
        "determinism-alarm",
        ink.Error,
    ),
    Bad(
        "results without a plan",
        orphaned,
        "the study folder '{dir}/study.h5.d' holds results but no plan.json: it cannot be resumed; move the folder away and run again",
        "no-plan",
        ink.FormatError,
    ),
]

ROWS = [*AXES, *TABLES, *OPTIONS, *ANSWERS, *STORES]


@each(
    [
        Bad(f"{kind}: {row.name}", row.provoke, row.message, row.entry, row.error)
        for kind, rows in [
            ("axes", AXES),
            ("table", TABLES),
            ("option", OPTIONS),
            ("answer", ANSWERS),
            ("store", STORES),
        ]
        for row in rows
    ]
)
def test_a_bad_sweep_is_named(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
