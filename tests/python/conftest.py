from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

import inkfade as ink

# A shell that starts the tests in the background has them ignore Ctrl-C, and child processes inherit that. What is
# tested is Ctrl-C at a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def smp() -> ink.Scenario:
    return ink.Scenario.preset("scalp-smp")


@pytest.fixture(scope="session")
def by_pigment() -> ink.Scenario:
    """The same, touched up by what is left of the pigment, which falls within the run."""
    return ink.Scenario.preset("scalp-smp").with_({"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7})


@pytest.fixture(scope="session")
def fade_by_pigment(by_pigment: ink.Scenario) -> ink.Fade:
    return ink.simulate(by_pigment, years=10, check=True)


@pytest.fixture(scope="session")
def fade(smp: ink.Scenario) -> ink.Fade:
    return ink.simulate(smp, years=10, check=True)


@pytest.fixture(scope="session")
def study(smp: ink.Scenario) -> ink.Study:
    """Two depths, two densities, two regimes over three years."""
    return small_sweep(smp).run(progress=False)


@pytest.fixture
def environment() -> dict[str, str]:
    """A child process that finds the same inkfade, and draws without a display."""
    home = str(Path(ink.__file__).resolve().parents[1])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), home]),
        "MPLBACKEND": "agg",
    }


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def small_sweep(scenario: ink.Scenario) -> ink.Sweep:
    return ink.Sweep(
        scenario.with_({"run.horizon": "3 year"}),
        depth=["0.3 mm", "0.5 mm"],
        dot_density=["60 cm-2", "120 cm-2"],
        aftercare=["poor", "careful"],
    )


def pytest_terminal_summary(terminalreporter) -> None:
    """How many bad inputs met their error, so that the number can be quoted."""
    counts = Counter(name for report in terminalreporter.stats.get("passed", []) for name, _ in report.user_properties)
    if counts["bad input"] or counts["generated bad input"]:
        rows, generated = counts["bad input"], counts["generated bad input"]
        terminalreporter.write_line(f"bad inputs: {rows} rows by their words, {generated} generated from the registry")
