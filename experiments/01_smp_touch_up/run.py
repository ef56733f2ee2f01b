"""When is scalp micropigmentation due for a touch-up? See README.md beside this file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import numpy as np
from rich.console import Console
from rich.table import Table

import inkfade as ink
from inkfade.plot.style import CYCLE, GREY, look, new_grid, percent_axis, say_below, write, years_axis
from inkfade.touch_up import number

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

HERE = Path(__file__).resolve().parent
REGIMES = ("poor", "typical", "careful")
DIM = "touch_up.measure"
DEPTHS = ("0.25 mm", "0.40 mm", "0.60 mm")
SHOWN = "10 year"  # of curves; the touch-ups of the study are followed to its horizon
LONG = 30.0  # [year] until what is seen has fallen to half
# What a touch-up goes by, in the words of the figures.
SEEN, LEFT = "patch_contrast_of_healed", "retained_of_healed"
WORDS = {SEEN: "seen: 50 % of the healed contrast", LEFT: "left: 70 % of the healed pigment"}
COLOURS = {SEEN: CYCLE[0], LEFT: CYCLE[1]}
LEVELS = (3.0, 2.0)  # dE00 that somebody may choose for a touch-up


@dataclass(frozen=True)
class Size:
    """How much is computed: people drawn for intervals and for bands, depths, most years between saved times."""

    interval_draws: int
    band_draws: int
    depths: int
    step: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few depths and draws: a check that all of it runs")
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    size = Size(8, 8, 3, 5.0) if options.quick else Size(200, 200, 13, 0.5)
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
    out.mkdir(parents=True, exist_ok=True)

    study = run_study(out / "study.h5", size)
    intervals = study.touch_up_interval(size.interval_draws, seed=1)
    table = touch_up_table(intervals)
    table.assign(people_drawn=size.interval_draws).to_csv(out / "touch_up.csv", index=False)
    print_table(intervals, study.notes, size.interval_draws, study.scenario.horizon)

    scenario = own_scenario().with_({"run.horizon": SHOWN})
    fade = ink.simulate(scenario, check=True)
    fade.save(out / "fade.h5", overwrite=True)
    whole = ink.simulate(own_scenario(), fields=False, appearance=False, check=True)
    for measure, threshold in ((SEEN, 0.5), (LEFT, 0.7)):
        due = whole.touch_up(threshold, measure=measure, draws=size.interval_draws, seed=1)
        Console().print(f"At the preset's own values: touch-up after {due!r}", highlight=False)

    own, people = "at the preset's own values", "80 % of {} people drawn".format
    bar, band = people(size.interval_draws), people(size.band_draws)
    for axes, name, drawn in (
        (fade.plot(quantity="patch_contrast", band=True), "contrast", f"band and interval: {people(200)}"),
        (fade.plot(band=True), "fade", f"band and interval: {people(200)}"),
        (fade.plot_ledger()[0], "ledger", own),
        (fade.plot_profile(), "profile", own),
        (fade.plot_patch()[0], "patch", own),
        (fade.plot_appearance()[0, 0], "appearance", own),
        (plot_seen_beside_left(size), "seen_and_left", f"bands: {band}"),
        (study.plot_touch_up(x="dot_density", y="depth", **{DIM: SEEN})[0], "touch_up_map", own),
        (study.plot_touch_up(x="dot_density", y="depth", **{DIM: LEFT})[0], "touch_up_map_by_pigment", own),
        (plot_intervals(intervals, size.interval_draws), "touch_up_by_depth", f"bars: {bar}"),
        (plot_density(study), "density", own),
    ):
        save(axes, out / f"{name}.png", drawn, fade.scenario)
    Console().print(f"results and figures: {out}", highlight=False)


def own_scenario() -> ink.Scenario:
    """The scenario of the study, with the measure of its preset."""
    return ink.Scenario.from_file(HERE / "experiment.toml")


def run_study(path: Path, size: Size) -> ink.Study:
    """The whole sweep, or every n-th depth of it."""
    sweep = ink.Sweep.from_file(HERE / "experiment.toml")
    if size.depths < len(sweep.axes[1]):
        rule = {"touch_up.measure": [SEEN, LEFT], "touch_up.threshold": [0.5, 0.7]}
        few = {"depth": ink.linspace("0.2 mm", "0.8 mm", size.depths), "dot_density": ["60 cm-2", "140 cm-2"]}
        sweep = ink.Sweep(sweep.scenario, rule, zip=list(rule), aftercare=REGIMES, **few)
    weeks = [f"{d} day" for d in (0, 7, 14, 28, 42, 70)]
    years = [f"{y:g} year" for y in np.arange(size.step, sweep.scenario.horizon + 1e-9, size.step)]
    try:
        return sweep.run(path, times=[*weeks, *years], appearance=True)
    except ink.ParameterError as error:  # the file is of another version of the sweep
        raise SystemExit(f"error: {error}") from None


def touch_up_table(intervals: xr.Dataset) -> pd.DataFrame:
    """One row for each point: touch-up time and interval in years, censored ones empty with a flag."""
    table = intervals.to_dataframe().reset_index()
    table["observed"] = table.pop("touch_up_observed").astype(bool)
    for column in ("low", "high"):
        table[column] = table[column].where(np.isfinite(table[column]))
    names = {
        DIM: "measure",
        "touch_up.threshold": "threshold",
        "depth": "depth_mm",
        "dot_density": "dot_density_per_cm2",
        "touch_up_time": "touch_up_or_end_year",
    }
    return table.rename(columns={**names, "low": "low_year", "high": "high_year"})


def say(time: float, low: float, high: float, *, observed: bool, horizon: float) -> str:
    """For example "3.9 (2.6-6.1)" or "> 50 (37.2 to > 50)"."""
    beyond = f"> {horizon:g}"
    end = f" to {beyond}" if np.isinf(high) else f"-{number(high)}"
    interval = beyond if np.isinf(low) else f"{number(low)}{end}"
    return f"{number(time) if observed else beyond} ({interval})"


def print_table(intervals: xr.Dataset, notes: list[str], draws: int, horizon: float) -> None:
    """Touch-up times by depth and aftercare, by what is seen and by what is left."""
    console = Console(width=110)
    place = middle(intervals)
    density = float(intervals["dot_density"][place])
    for measure, words in WORDS.items():
        title = (
            f"Touch-up after so many years, by what is {words}; {density:g} dots per cm²; 80 % of {draws} people drawn"
        )
        table = Table(title=title, title_justify="left", box=None)
        table.add_column("depth in mm", justify="right")
        for regime in REGIMES:
            table.add_column(regime, justify="right")
        part = intervals.sel({DIM: measure}).isel(dot_density=place)
        for depth in part["depth"].values:
            row = [part.sel(depth=depth, aftercare=regime) for regime in REGIMES]
            said = [
                say(
                    float(p.touch_up_time),
                    float(p.low),
                    float(p.high),
                    observed=bool(p.touch_up_observed),
                    horizon=horizon,
                )
                for p in row
            ]
            table.add_row(f"{depth:.2f}", *said)
        console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def middle(intervals: xr.Dataset) -> int:
    """The place of the density that tables and figures of touch-up times are for."""
    return min(1, intervals.sizes["dot_density"] - 1)


def plot_seen_beside_left(size: Size) -> Axes:
    """What is seen and what is left over the years: one panel for each depth, bands between people."""
    base = own_scenario().with_({"run.horizon": f"{LONG:g} year"})
    with look():
        axes = new_grid(1, 3, 11.0, 4.2, sharey=True)[0]
        for ax, depth in zip(axes, DEPTHS, strict=True):
            fade = ink.simulate(base.with_(depth=depth), fields=False, check=True)
            healed = fade.years >= float(fade.dataset["healed_time"]) / 365.25
            years = fade.years[healed]
            for measure, label in ((SEEN, "seen: patch contrast"), (LEFT, "left: pigment")):
                low, high = (end[healed] for end in fade.band(quantity=measure, draws=size.band_draws))
                ax.fill_between(years, low, high, color=COLOURS[measure], alpha=0.15, lw=0)
                ax.plot(years, fade.dataset[measure].values[healed], color=COLOURS[measure], label=label)
            for threshold, measure in ((0.5, SEEN), (0.7, LEFT)):
                ax.axhline(threshold, color=COLOURS[measure], lw=1.0, ls=(0, (5, 3)))
                time, observed = fade.own_touch_up(measure, threshold)
                if observed:
                    ax.plot([time], [threshold], "o", ms=7, mfc="white", mec=COLOURS[measure], mew=1.8)
            years_axis(ax, LONG)
            ax.set_title(f"depth {depth}")
        percent_axis(axes[0], "share of that when healed")
        axes[0].set_ylim(0.0, 1.3 * max(float(np.max(line.get_ydata())) for line in axes[0].get_lines()))
        words = f"band: 80 % of {size.band_draws} people\ndashed: touch-up due; ○ touch-up"
        axes[-1].legend(title=words, loc="lower left", fontsize=9)
    return axes[0]


def plot_intervals(intervals: xr.Dataset, draws: int) -> Axes:
    """Touch-up time against depth with its interval, by what is seen and by what is left."""
    horizon = own_scenario().horizon
    with look():
        axes = new_grid(1, 3, 11.0, 4.6, sharey=True)[0]
        for ax, regime in zip(axes, REGIMES, strict=True):
            for measure, shift in ((SEEN, 0.006), (LEFT, -0.006)):
                line = intervals.sel({DIM: measure, "aftercare": regime}).isel(dot_density=middle(intervals))
                depth = line["depth"].values + shift
                observed = line["touch_up_observed"].values.astype(bool)
                low, high = (np.minimum(line[end].values, horizon) for end in ("low", "high"))
                beyond = ~np.isfinite(line["high"].values)
                colour = COLOURS[measure]
                ax.vlines(depth, low, high, color=colour, lw=6, alpha=0.22)
                if beyond.any():  # nothing has no place on an axis of logarithms
                    ends = np.full(beyond.sum(), horizon)
                    ax.plot(depth[beyond], ends, "^", ms=6, mfc="white", mec=colour, clip_on=False, zorder=5)
                times = np.where(observed, line["touch_up_time"], np.nan)
                ax.plot(depth, times, "o-", color=colour, ms=5, lw=1.6, label=WORDS[measure])
            ax.set_title(f"{regime} aftercare")
            ax.set_xlabel("depth of the deposit [mm]")
            ax.set_yscale("log")
            ax.set_ylim(0.6, horizon)
            ax.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
            ax.minorticks_off()
        axes[0].set_ylabel("touch-up due after [years]")
        density = float(intervals["dot_density"][middle(intervals)])
        title = f"{density:g} dots per cm²; bar: 80 % of {draws} people;\n△ beyond {horizon:g} years"
        legend = axes[-1].legend(title=title, loc="lower right", fontsize=8.5, title_fontsize=8.5)
        legend.set_in_layout(False)
    return axes[0]


def plot_density(study: ink.Study) -> Axes:
    """What dots per area change: the dose of the patch, and what is seen of it against a level in dE00."""
    data = study.select({DIM: SEEN, "depth": 0.4, "aftercare": "typical"})
    years = data["time"].values / 365.25
    with look():
        axes = new_grid(1, 2, 9.6, 4.2)[0]
        densities = data["dot_density"].values
        for density, colour in zip(densities, CYCLE, strict=False):
            part = data.sel(dot_density=density)
            axes[0].plot(years, part["patch_dose"], color=colour, label=f"{density:g} dots per cm²")
            axes[1].plot(years, part["patch_contrast"], color=colour)
        end = float(years[-1])
        for level in LEVELS:
            axes[1].axhline(level, color=GREY, lw=1.0, ls=(0, (5, 3)))
            axes[1].annotate(f"{level:g}", (end, level), (-3, 3), textcoords="offset points", ha="right", color=GREY)
        for ax, words in zip(axes, ("pigment per area of skin [µg/cm²]", "patch contrast [ΔE₀₀]"), strict=True):
            years_axis(ax, end)
            ax.set_ylim(bottom=0.0)
            ax.set_ylabel(words)
        axes[0].set_title(f"Dose of the patch: {float(data['depth']):g} mm, typical aftercare")
        axes[1].set_title("What is seen of it")
        axes[0].legend(loc="upper right")
    return axes[0]


def save(ax: Axes, path: Path, drawn: str, scenario: ink.Scenario) -> None:
    """Write the figure that axes belong to; its footer says what is drawn, and on what evidence it stands."""
    say_below(ax, [scenario], drawn)
    write(ax, path)


if __name__ == "__main__":
    main()
