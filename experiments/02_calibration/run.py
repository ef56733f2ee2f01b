"""Fit the three open constants of pigment loss once, to B11, A2 and A4 together. See README.md beside this file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.optimize import least_squares

import inkfade as ink
from inkfade.plot.style import CYCLE, look

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
MOUSE_DAY_1 = 0.186  # mg/cm2 in the skin one day after tattooing (Engel 2010)


@dataclass(frozen=True)
class Constant:
    """One open constant: where it started and the range that the evidence leaves."""

    name: str
    unit: str
    start: float
    low: float
    high: float

    @property
    def log_sd(self) -> float:
        """Spread of the prior: the range is taken as four standard deviations of the logarithm."""
        return float(np.log(self.high / self.low)) / 4.0


CONSTANTS = (
    Constant("skin.lymph.rate", "1/day", 1.5, 1.0, 2.0),
    Constant("skin.lymph.gate_diameter", "nm", 50.0, 30.0, 100.0),
    Constant("macrophages.capture_rate", "1/day", 1.0, 0.3, 4.0),
)


@dataclass(frozen=True)
class Target:
    """A published observation, its tolerance, and where it comes from."""

    row: str
    what: str
    value: float
    tolerance: float
    source: str


TARGETS = (
    Target("B11", "SMP: years until 70 % of healed", 4.0, 1.0, "grey literature, 3-5 years"),
    Target("A2", "mouse: mass at day 42 over day 1", 0.68, 0.10, "Engel 2010"),
    Target("A4", "dermal mass, day 7 to day 28: change", 0.0, 0.15, "porcine model, Dermatology 2024"),
)


def scenarios(values: NDArray[np.float64], mouse_dose: float) -> tuple[ink.Scenario, ink.Scenario]:
    """Human scalp and mouse with the same constants."""
    settings = {c.name: f"{v:.10g} {c.unit}" for c, v in zip(CONSTANTS, values, strict=True)}
    by_pigment = {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}  # of which B11 is a target
    human = ink.Scenario.preset("scalp-smp").with_({**settings, **by_pigment})
    mouse = ink.Scenario.preset("mouse-skh1").with_({**settings, "procedure.local_dose": f"{mouse_dose:.10g} mg/cm2"})
    return human, mouse


def observe(values: NDArray[np.float64], mouse_dose: float) -> tuple[NDArray[np.float64], float]:
    """The three observables, and the share of the mouse's deposit that is there on day 1."""
    human, mouse = scenarios(values, mouse_dose)
    fade = ink.simulate(human, times=["7 day", "28 day"], fields=False, check=True).dataset
    retained = ink.simulate(mouse, times=["1 day", "42 day"], fields=False, check=True).dataset["retained_of_deposit"]
    dermis = fade["layer_mass"].isel(layer=slice(2, None)).sum("layer").values
    seen = [float(fade["touch_up_time"]), float(retained[1] / retained[0]), float(dermis[1] / dermis[0] - 1.0)]
    return np.array(seen), float(retained[0])


def residuals(log_values: NDArray[np.float64], mouse_dose: float) -> NDArray[np.float64]:
    """Misfits over tolerances, then distances from the start over the priors' spreads."""
    seen, _ = observe(np.exp(log_values), mouse_dose)
    misfit = [(s - t.value) / t.tolerance for s, t in zip(seen, TARGETS, strict=True)]
    prior = [(x - np.log(c.start)) / c.log_sd for x, c in zip(log_values, CONSTANTS, strict=True)]
    return np.array([*misfit, *prior])


def fit() -> tuple[NDArray[np.float64], float]:
    """Constants and the mouse's deposit at which day 1 holds what was measured; both agree after a few rounds."""
    values = np.array([c.start for c in CONSTANTS])
    bounds = (np.log([c.low for c in CONSTANTS]), np.log([c.high for c in CONSTANTS]))
    mouse_dose = MOUSE_DAY_1
    for _ in range(3):
        mouse_dose = MOUSE_DAY_1 / observe(values, mouse_dose)[1]
        found = least_squares(
            residuals, np.log(values), args=(mouse_dose,), bounds=bounds, x_scale=0.1, diff_step=_relative_steps(values)
        )
        values = np.exp(found.x)
    return values, mouse_dose


def _relative_steps(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps of 1 % in each constant, as least_squares wants them (relative to its logarithm)."""
    return 0.01 / np.maximum(np.abs(np.log(values)), 1e-3)


def preset_values() -> NDArray[np.float64]:
    """What the presets say now."""
    table = ink.Scenario.preset("scalp-smp").parameters["value"]
    return np.array([float(table[c.name]) for c in CONSTANTS])


def report(fitted: NDArray[np.float64], mouse_dose: float, out: Path) -> None:
    """Print constants and verdicts, and draw them."""
    console = Console(width=110)
    table = Table("constant", "unit", "start", "range", "fitted", "in the presets", box=None, title="Open constants")
    for c, f, p in zip(CONSTANTS, fitted, preset_values(), strict=True):
        table.add_row(c.name, c.unit, f"{c.start:g}", f"{c.low:g}-{c.high:g}", f"{f:.4g}", f"{p:.4g}")
    console.print(table)
    console.print(f"mouse deposit for {MOUSE_DAY_1} mg/cm2 on day 1: {mouse_dose:.4g} mg/cm2\n", highlight=False)

    start, _ = observe(np.array([c.start for c in CONSTANTS]), mouse_dose)
    end, _ = observe(preset_values(), mouse_dose)
    verdicts = Table("row", "observable", "target", "start", "presets", "verdict", box=None, title="Validation rows")
    for t, s, e in zip(TARGETS, start, end, strict=True):
        verdict = "agrees after fitting" if abs(e - t.value) <= t.tolerance else f"misses by {abs(e - t.value):.3g}"
        verdicts.add_row(t.row, t.what, f"{t.value:g} ± {t.tolerance:g}", f"{s:.3f}", f"{e:.3f}", verdict)
    console.print(verdicts)
    draw(start, end, out / "calibration.png")


def draw(start: NDArray[np.float64], end: NDArray[np.float64], path: Path) -> None:
    """Misfits in units of the tolerance, before and after."""
    with look():
        figure, ax = plt.subplots(figsize=(7.6, 3.2), layout="constrained")
        places = np.arange(len(TARGETS))[::-1]
        target = np.array([t.value for t in TARGETS])
        tolerance = np.array([t.tolerance for t in TARGETS])
        ax.axvspan(-1.0, 1.0, color="0.93", lw=0)
        ax.axvline(0.0, color="0.6", lw=1)
        ax.plot((start - target) / tolerance, places + 0.1, "o", mfc="white", mec=CYCLE[0], ms=8, label="start values")
        ax.plot((end - target) / tolerance, places - 0.1, "o", color=CYCLE[0], ms=8, label="calibrated presets")
        ax.set_yticks(places, [f"{t.row}: {t.what}" for t in TARGETS])
        ax.set_xlim(-2.0, 2.0)
        ax.set_ylim(-0.6, len(TARGETS) - 0.4)
        ax.set_xlabel("misfit over tolerance (grey: within)")
        ax.legend(loc="lower right", fontsize=9)
        figure.savefig(path)
        plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "out" / HERE.name, help="folder for results")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    fitted, mouse_dose = fit()
    report(fitted, mouse_dose, out)
    Console().print(f"figure: {out / 'calibration.png'}", highlight=False)


if __name__ == "__main__":
    main()
