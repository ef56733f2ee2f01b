"""Check an installed inkfade where it runs: against closed forms, laws and an independent solver."""

from __future__ import annotations

import importlib.util
import math
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.checks.machine import versions_and_machine
from inkfade.checks.result import CheckResult, SelfCheck, Verdict
from inkfade.progress import progress_bar
from inkfade.scenario import Scenario
from inkfade.units import check_whole

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20270314


class Skipped(Exception):  # noqa: N818
    """A check cannot be made here; the text says why."""


@dataclass(frozen=True)
class _Check:
    name: str
    claim: str
    reference: str
    quantity: str
    lower: float
    upper: float
    measure: Callable[[int, float], tuple[float, str]]
    """(seed, bias) to measured value and detail; the bias makes the reference wrong, to see the check fail."""


def selfcheck(*, seed: int = SEED, progress: bool = True) -> SelfCheck:
    """
    Check this installation against closed forms, laws and an independent solver.

    Takes some seconds and needs neither the sources nor a test framework. The claims and tolerances are those of the
    verification matrix, ``tests/README.md``; a failed check is data, look at `SelfCheck.passed`.

    Parameters
    ----------
    seed
        Of the random scenarios.
    progress
        Show a progress bar.

    Returns
    -------
    SelfCheck
        The table: claim, what it is compared with, measured value, tolerance and verdict.

    Raises
    ------
    ParameterError
        If the seed is not a whole number from 0 to 4,000,000,000.
    """
    return run_checks(seed=seed, progress=progress)


def run_checks(*, seed: int, progress: bool, bias: float = 0.0) -> SelfCheck:
    """The same; `bias` makes every reference wrong by this relative amount, to see every check fail."""
    check_whole("seed", seed, 0, 4_000_000_000)
    begin = time.perf_counter()
    results = [
        _run(check, seed, bias) for check in progress_bar(_all_checks(), desc="self-check", disable=not progress)
    ]
    header = versions_and_machine(_commit())
    header |= {"seed": str(seed), "time taken": f"{time.perf_counter() - begin:.1f} s"}
    return SelfCheck(tuple(results), header)


def _all_checks() -> list[_Check]:
    def in_core(name: str) -> Callable[[int, float], tuple[float, str]]:
        return lambda seed, bias: _core.run_check(name, seed=seed, bias=bias)

    core = [_Check(**check, measure=in_core(check["name"])) for check in _core.checks()]
    return [*core, *_CHECKS]


def _run(check: _Check, seed: int, bias: float) -> CheckResult:
    begin = time.perf_counter()
    verdict: Verdict
    try:
        measured, detail = check.measure(seed, bias)
        verdict = "pass" if check.lower <= measured <= check.upper else "FAIL"
    except Skipped as reason:
        measured, detail, verdict = math.nan, str(reason), "skipped"
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a check is its verdict
        measured, detail, verdict = math.nan, f"{type(error).__name__}: {error}", "FAIL"
    return CheckResult(
        check.name, check.claim, check.reference, check.quantity, measured, check.lower, check.upper, verdict, detail,
        time.perf_counter() - begin,
    )  # fmt: skip


def _lsoda(seed: int, bias: float) -> tuple[float, str]:
    """Largest difference of the retained share from LSODA on the same semi-discrete columns."""
    if importlib.util.find_spec("scipy") is None:
        raise Skipped("SciPy is not installed")
    from inkfade.checks import peers

    preset = Scenario.preset("scalp-smp")
    worst = 0.0
    for scenario in map(peers.small, (preset, preset.draw(seed, 0))):
        times = np.asarray(_core.default_times(float(scenario["run.horizon"])))
        mine, _ = peers.ours(scenario, times)
        theirs = (1.0 + bias) * peers.retained(peers.Column(scenario), times, peers.lsoda, 1e-8)
        difference = float(np.abs(theirs - mine).max())
        worst = worst if difference <= worst else difference  # NaN is the worst there is
    version = metadata.version("scipy")
    return worst, f"SciPy {version}; scalp-smp and one person drawn from it (seed {seed}), 2 years, 24 cells"


def _round_trip(_seed: int, bias: float) -> tuple[float, str]:
    """Variables that differ after writing and reading a result file, and its digest if that does."""
    scenario = Scenario.preset("scalp-smp").core
    [solution], _ = _core.simulate_many([scenario], threads=1)
    written = _core.run_dataset(scenario, solution)
    with tempfile.TemporaryDirectory(prefix="inkfade-selfcheck-") as folder:
        path = Path(folder) / "fade.h5"
        _core.write_result(written, path)
        read = _core.read_result(path)
        size = path.stat().st_size
    differing = 0
    for name, (_, values, _) in written["variables"].items():
        expected, found = np.asarray(values), np.asarray(read["variables"][name][1])
        if bias and expected.dtype.kind == "f":
            expected = expected * (1.0 + bias) + bias  # zeros, too, are then wrong
        texts = expected.dtype.kind == "O"
        same = expected.tolist() == found.tolist() if texts else expected.tobytes() == found.tobytes()
        differing += 0 if same and expected.dtype == found.dtype and expected.shape == found.shape else 1
    digest = _core.digest(written)
    if digest != read["attrs"]["digest"]:
        differing += 1
    return differing, f"{len(written['variables'])} variables, {size} bytes, digest {digest}"


def _commit() -> str:
    """The commit that the core was built from, as result files name it."""
    scenario = Scenario.preset("scalp-smp").core
    [solution], _ = _core.simulate_many([scenario], times=np.zeros(1), fields=False, threads=1)
    return str(_core.run_dataset(scenario, solution)["attrs"]["commit"])


# The tolerances are those of tests/README.md, where each is derived.
_CHECKS = (
    _Check(
        "solver",
        "An independent solver finds the same retained mass on the same semi-discrete equations",
        "LSODA (SciPy) at rtol 1e-8",
        "largest difference at any saved time, of the deposit [1]",
        0.0,
        1e-6,
        _lsoda,
    ),
    _Check(
        "result-file",
        "A result file gives back the bits that were written, and its digest",
        "the arrays in memory",
        "variables that differ [1]",
        0.0,
        0.0,
        _round_trip,
    ),
)
