"""When is scalp micropigmentation due for a touch-up? See README.md beside this file."""

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

import inkfade as ink
from inkfade.plot.style import CYCLE, GREY, figure_of, look, new_axes, new_grid, percent_axis, years_axis
from inkfade.touch_up import number, weakest_grade

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

HERE = Path(__file__).resolve().parent
REGIMES = ("poor", "typical", "careful")
DEPTHS = ("0.25 mm", "0.40 mm", "0.60 mm")


@dataclass(frozen=True)
class Size:
    """How much is computed: draws for the interval, draws for bands, depths."""

    interval_draws: int
    band_draws: int
    depths: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few depths and draws: a check that all of it runs")
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    size = Size(8, 8, 3) if options.quick else Size(200, 200, 13)
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
    out.mkdir(parents=True, exist_ok=True)

    study = run_study(out / "study.h5", size)
    intervals = study.touch_up_interval(size.interval_draws, seed=1)
    table = touch_up_table(intervals)
    table.assign(people_drawn=size.interval_draws).to_csv(out / "touch_up.csv", index=False)
    print_table(intervals, study.notes, size.interval_draws)

    fade = ink.simulate(ink.Scenario.from_file(HERE / "experiment.toml"), check=True)
    fade.save(out / "fade.h5", overwrite=True)
    Console().print(
        f"At the preset's own values: touch-up at {fade.touch_up(draws=size.interval_draws, seed=1)!r}", highlight=False
    )

    own, people = "at the preset's own values", "80 % of {} people drawn".format
    bar, band = people(size.interval_draws), people(size.band_draws)
    for axes, name, drawn in (
        (fade.plot(band=True), "fade", f"bar: {bar}; band: {people(200)}"),
        (fade.plot_ledger()[0], "ledger", own),
        (fade.plot_profile(), "profile", own),
        (plot_depth_by_aftercare(size), "fade_by_depth_and_aftercare", f"bands: {band}"),
        (study.plot_touch_up(x="dot_density", y="depth")[0], "touch_up_map", own),
        (plot_intervals(intervals, size.interval_draws), "touch_up_by_depth", f"bars: {bar}"),
        (plot_patch_dose(study), "patch_dose", own),
    ):
        save(axes, out / f"{name}.png", drawn, fade.scenario)
    Console().print(f"results and figures: {out}", highlight=False)


def run_study(path: Path, size: Size) -> ink.Study:
    """The whole sweep, or every n-th depth of it."""
    sweep = ink.Sweep.from_file(HERE / "experiment.toml")
    if size.depths < len(sweep.axes[0]):
        few = ink.linspace("0.2 mm", "0.8 mm", size.depths)
        sweep = ink.Sweep(sweep.scenario, depth=few, dot_density=["60 cm-2", "140 cm-2"], aftercare=REGIMES)
    try:
        return sweep.run(path)
    except ink.ParameterError as error:  # the file is of another version of the sweep
        raise SystemExit(f"error: {error}") from None


def touch_up_table(intervals: xr.Dataset) -> pd.DataFrame:
    """One row for each point: touch-up time and interval in years, censored ones empty with a flag."""
    table = intervals.to_dataframe().reset_index()
    table["observed"] = table.pop("touch_up_observed").astype(bool)
    for column in ("low", "high"):
        table[column] = table[column].where(np.isfinite(table[column]))
    names = {"depth": "depth_mm", "dot_density": "dot_density_per_cm2", "touch_up_time": "touch_up_or_end_year"}
    return table.rename(columns={**names, "low": "low_year", "high": "high_year"})


def say(time: float, low: float, high: float, *, observed: bool, horizon: float = 10.0) -> str:
    """For example "3.9 (2.6-6.1)" or "> 10 (7.2 to > 10)"."""
    beyond = f"> {horizon:g}"
    end = f" to {beyond}" if np.isinf(high) else f"-{number(high)}"
    interval = beyond if np.isinf(low) else f"{number(low)}{end}"
    return f"{number(time) if observed else beyond} ({interval})"


def print_table(intervals: xr.Dataset, notes: list[str], draws: int) -> None:
    """Touch-up times by depth and aftercare."""
    table = Table(
        title=f"Touch-up after so many years; 80 % of {draws} people drawn in brackets", title_justify="left", box=None
    )
    table.add_column("depth in mm", justify="right")
    for regime in REGIMES:
        table.add_column(regime, justify="right")
    part = intervals.isel(dot_density=0)
    for depth in part["depth"].values:
        row = [part.sel(depth=depth, aftercare=regime) for regime in REGIMES]
        table.add_row(
            f"{depth:.2f}",
            *(
                say(float(p.touch_up_time), float(p.low), float(p.high), observed=bool(p.touch_up_observed))
                for p in row
            ),
        )
    console = Console(width=110)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def plot_depth_by_aftercare(size: Size) -> Axes:
    """Fade curves with bands: one panel for each regime, one curve for each depth."""
    base = ink.Scenario.from_file(HERE / "experiment.toml")
    with look():
        axes = new_grid(1, 3, 11.0, 4.2, sharey=True)[0]
        for ax, regime in zip(axes, REGIMES, strict=True):
            for depth, colour in zip(DEPTHS, CYCLE, strict=False):
                fade = ink.simulate(base.with_(depth=depth, aftercare=regime), fields=False, check=True)
                low, high = fade.band(draws=size.band_draws)
                curve = fade.dataset["retained_of_deposit"]
                ax.fill_between(fade.years, low, high, color=colour, alpha=0.15, lw=0)
                ax.plot(fade.years, curve, color=colour, label=depth)
                if bool(fade.dataset["touch_up_observed"]):
                    time = float(fade.dataset["touch_up_time"])
                    level = float(np.interp(time, fade.years, curve))
                    ax.plot([time], [level], "o", ms=7, mfc="white", mec=colour, mew=1.8)
            years_axis(ax, 10.0)
            ax.set_title(f"{regime} aftercare")
        percent_axis(axes[0], "share of deposited pigment in the skin")
        words = f"depth; band: 80 % of {size.band_draws} people\n○ touch-up (70 % of healed)"
        axes[-1].legend(title=words, loc="upper right", fontsize=9)
    return axes[0]


def plot_intervals(intervals: xr.Dataset, draws: int) -> Axes:
    """Touch-up time against depth with its interval; open ends where it lies beyond the run."""
    part = intervals.isel(dot_density=0)
    with look():
        axes = new_grid(1, 3, 11.0, 4.2, sharey=True)[0]
        for ax, regime, colour in zip(axes, REGIMES, CYCLE, strict=False):
            line = part.sel(aftercare=regime)
            depth = line["depth"].values
            observed = line["touch_up_observed"].values.astype(bool)
            low, high = (np.minimum(line[end].values, 10.0) for end in ("low", "high"))
            beyond = ~np.isfinite(line["high"].values)
            ax.vlines(depth, low, high, color=colour, lw=7, alpha=0.22)
            ax.plot(
                depth[beyond], np.full(beyond.sum(), 10.0), "^", ms=7, mfc="white", mec=colour, clip_on=False, zorder=5
            )
            ax.plot(depth, np.where(observed, line["touch_up_time"], np.nan), "o-", color=colour, ms=5, lw=1.6)
            for place in depth[~observed]:
                ax.annotate("> 10", (place, 9.6), ha="center", va="top", fontsize=8.5)
            ax.set_title(f"{regime} aftercare")
            ax.set_xlabel("depth of the deposit [mm]")
        axes[0].set_ylim(0.0, 10.0)
        axes[0].set_ylabel("retained falls to 70 % of healed after [years]")
        axes[-1].annotate(
            f"bar: 80 % of {draws} people\n△ reaches beyond 10 years",
            (0.97, 0.04),
            xycoords="axes fraction",
            ha="right",
        )
    return axes[0]


def plot_patch_dose(study: ink.Study) -> Axes:
    """What dots per area change: pigment per area of skin."""
    data = study.select({"depth": 0.4, "aftercare": "typical"})
    with look():
        ax = new_axes()
        years = data["time"].values / 365.25
        for density, colour in zip(data["dot_density"].values, CYCLE, strict=False):
            ax.plot(years, data["patch_dose"].sel(dot_density=density), color=colour, label=f"{density:g} dots per cm²")
        years_axis(ax, float(years[-1]))
        ax.set_ylim(bottom=0.0)
        ax.set_ylabel("pigment per area of skin [µg/cm²]")
        ax.set_title(f"Dose of the patch at {float(data['depth']):g} mm, typical aftercare")
        ax.legend(loc="upper right")
    return ax


def save(ax: Axes, path: Path, drawn: str, scenario: ink.Scenario) -> None:
    """Write the figure that axes belong to; its footer says what is drawn, and on what evidence it stands."""
    figure = figure_of(ax)
    words = f"model prediction, not medical advice; {drawn}; weakest evidence: {weakest_grade(scenario)[0]}"
    figure.supxlabel(words, fontsize=7.5, color=GREY, x=0.99, ha="right")
    with look():
        figure.savefig(path)
    plt.close(figure)


if __name__ == "__main__":
    main()
