"""How often, how much: touch-ups over twenty years. See README.md beside this file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import inkfade as ink
from inkfade.plot.schedule import saw_tooth
from inkfade.plot.style import CYCLE, GREY, INK, figure_of, look, new_grid, years_axis
from inkfade.touch_up import number

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes

    from inkfade.schedule import Schedule, Spread

HERE = Path(__file__).resolve().parent
YEARS = 20.0
THRESHOLDS, DOSES = (0.6, 0.7, 0.8), (0.15, 0.3, 0.6)
INTERVALS, SPACINGS, SESSIONS = (1, 2, 3, 5), ("180 day", "1 year", "2 year", "5 year"), (1, 2, 3)
HEALED = 42.0 / 365.25  # [year]
DOSE_MARKS = dict(zip(DOSES, ("v", "o", "^"), strict=True))
COLOURS = dict(zip(THRESHOLDS, CYCLE, strict=False))


@dataclass(frozen=True)
class Case:
    """One way of keeping a scalp up, and what comes of it."""

    kind: str
    name: str
    fade: ink.Fade
    schedule: Schedule

    @property
    def intervals(self) -> list[float]:
        """Years between sessions, from the first course on."""
        return [float(v) for v in self.schedule.visits["interval [year]"]]

    @property
    def first_load(self) -> float:
        """Placed in the first course [mg/cm2]."""
        data = self.fade.dataset
        return float(data["deposited"].values[np.argmin(abs(data["time"].values - data["healed_time"].values))])

    def healed_levels(self) -> list[float]:
        """The measure when the skin has healed after each visit; those within the run."""
        tooth = saw_tooth(self.fade)
        times = [float(t) + HEALED for t in self.schedule.visits["time [year]"] if float(t) + HEALED < YEARS]
        return [float(np.interp(t, tooth.years, tooth.dataset["retained_of_healed"].values)) for t in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few draws: a check that all of it runs")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "out" / HERE.name, help="folder for results")
    options = parser.parse_args()
    draws = 6 if options.quick else 200
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)

    due, fixed = due_cases(draws), fixed_cases(draws)
    spaced, courses = spacing_cases(draws), course_cases(draws)
    for title, cases in (
        ("When due: threshold and dose", list(due.values())),
        ("At fixed intervals, dose 0.3", fixed),
        ("Minimum spacing, threshold 0.7, dose 0.3", spaced),
        ("First course, then when due", courses),
    ):
        rows = table(cases)
        rows.to_csv(out / f"{cases[0].kind}.csv")
        show(f"{title}: own values (80 % of people)", rows)

    draw_teeth([[due[t, d] for d in DOSES] for t in THRESHOLDS], out / "when_due.png", draws)
    draw_teeth([fixed[:2], fixed[2:]], out / "fixed.png", draws)
    draw_trade_off(due, fixed, out / "trade_off.png")
    draw_courses(courses, out / "first_course.png")
    Console().print(f"tables and figures: {out}", highlight=False)


def case(kind: str, name: str, draws: int, **settings: Any) -> Case:
    """Run one way of keeping up, and draw people for it."""
    base = ink.Scenario.preset("scalp-smp").with_({"run.horizon": f"{YEARS:g} year"})
    fade = ink.simulate(base.with_(**settings), fields=False, check=True)
    return Case(kind, name, fade, fade.schedule(draws=draws))


def due_cases(draws: int) -> dict[tuple[float, float], Case]:
    """By threshold and dose."""
    return {
        (t, d): case(
            "when_due",
            f"threshold {t:g}, dose {d:g}",
            draws,
            touch_up__schedule="when_due",
            touch_up__threshold=t,
            touch_up__dose_factor=d,
        )
        for t in THRESHOLDS
        for d in DOSES
    }


def fixed_cases(draws: int) -> list[Case]:
    """Every so many years."""
    return [
        case(
            "fixed",
            "every year" if years == 1 else f"every {years} years",
            draws,
            touch_up__schedule="fixed",
            touch_up__interval=f"{years} year",
        )
        for years in INTERVALS
    ]


def spacing_cases(draws: int) -> list[Case]:
    """When due, but not sooner than that after the session before."""
    return [
        case("spacing", f"at least {s}", draws, touch_up__schedule="when_due", touch_up__minimum_spacing=s)
        for s in SPACINGS
    ]


def course_cases(draws: int) -> list[Case]:
    """One to three sessions, 14 days apart: the full dose each, or one dose shared out."""
    cases = []
    for shared in (False, True):
        for n in SESSIONS[1:] if shared else SESSIONS:
            session: dict[str, Any] = {"kind": "treatment", "at": "0 day"}
            if n > 1:
                session |= {"repeat": n, "every": "14 day"}
            if shared:
                session["procedure"] = {"deposit_per_dot": f"{0.18 / n!r} ug"}
            name = "1 session" if n == 1 else f"{n} sessions, " + ("dose shared" if shared else "full dose each")
            cases.append(case("first_course", name, draws, touch_up__schedule="when_due", session=[session]))
    return cases


def table(cases: list[Case]) -> pd.DataFrame:
    """What the README's tables hold."""
    rows = []
    for c in cases:
        data = c.fade.dataset
        healed = float(np.interp(data["healed_time"], data["time"], data["retained_of_deposit"]))
        levels = [float(v) for v in c.schedule.visits["measure"]]
        after = c.healed_levels()
        rows.append(
            {
                "visits": say(c.schedule.count, "{:.0f}"),
                "intervals [year]": listed([number(v) for v in c.intervals]),
                "load [mg/cm2]": say(c.schedule.load, "{:.2f}"),
                "in first courses": f"{c.schedule.load.value / c.first_load:.2f}",
                "of deposit, healed": f"{100 * healed:.0f} %",
                "before visits": listed([f"{100 * v:.0f} %" for v in levels]),
                "42 days after": listed([f"{100 * v:.0f} %" for v in after]),
            }
        )
    return pd.DataFrame(rows, index=pd.Index([c.name for c in cases], name="case"))


def say(value: Spread, form: str) -> str:
    return f"{form.format(value.value)} ({form.format(value.low)}-{form.format(value.high)})"


def listed(words: list[str]) -> str:
    """All of a few, the ends of many."""
    return ", ".join(words) if len(words) <= 6 else f"{', '.join(words[:3])} ... {words[-1]}"


def show(title: str, frame: pd.DataFrame) -> None:
    """A table on the screen."""
    printed = Table(
        escape(str(frame.index.name)), *map(escape, frame.columns), title=title, title_justify="left", box=None
    )
    for row in frame.itertuples():
        printed.add_row(*map(str, row))
    Console(width=190).print(printed)


def draw_teeth(cases: list[list[Case]], path: Path, draws: int) -> None:
    """A saw-tooth for each case, with the band between people."""
    rows, columns = len(cases), len(cases[0])
    top = 1.0
    with look():
        grid = new_grid(rows, columns, 4.6 * columns, 1.0 + 2.7 * rows, sharex=True, sharey=True)
        for ax, c in zip(grid.flat, [c for row in cases for c in row], strict=True):
            tooth = saw_tooth(c.fade)
            low, high = tooth.band(quantity="retained_of_healed", draws=draws)
            c.fade.plot_schedule(ax=ax)
            ax.fill_between(tooth.years, low, high, color=CYCLE[0], alpha=0.16, lw=0, label="80 % of people")
            top = max(top, float(np.nanmax(high)), float(np.nanmax(tooth.dataset["retained_of_healed"])))
            handles = ax.get_legend_handles_labels()
            ax.get_legend().remove()
            ax.set_title(f"{c.name}: {say(c.schedule.count, '{:.0f}')} visits", fontsize=10.5)
            ax.set_ylabel("")
            ax.label_outer()
        grid[0, 0].set_ylim(0.0, 1.03 * top)
        figure = figure_of(grid[0, 0])
        figure.supylabel("share of the pigment there when healed", fontsize=10)
        figure.legend(*handles, loc="outside upper left", ncols=3)
        save(grid[0, 0], path)


def draw_trade_off(due: dict[tuple[float, float], Case], fixed: list[Case], path: Path) -> None:
    """Intervals by number on the left, visits against lifetime load on the right."""
    with look():
        left, right = new_grid(1, 2, 11.5, 4.8)[0]
        for (threshold, dose), c in due.items():
            style: dict[str, Any] = {"color": COLOURS[threshold], "marker": DOSE_MARKS[dose], "ms": 7}
            left.plot(range(1, len(c.intervals) + 1), c.intervals, lw=1.3, label=c.name, **style)
            point(right, c, 0.97 + 0.55 * (threshold - 0.7), **style)
        for c, years in zip(fixed, INTERVALS, strict=True):
            point(right, c, 1.08, color=INK, marker="s", ms=5)
            place = (1.08 * c.schedule.count.value, c.schedule.load.value)
            right.annotate(f"{years} y", place, (6, 4), textcoords="offset points", fontsize=9)
        left.set_xlabel("number of the touch-up")
        left.set_ylabel("years since the session before")
        left.set_ylim(bottom=0.0)
        left.set_xticks(range(1, max(len(c.intervals) for c in due.values()) + 1))
        left.set_title("Intervals, when due")
        left.legend(fontsize=8.5, loc="upper right")
        right.plot([], [], "s", color=INK, ms=5, label="fixed interval, dose 0.3")
        right.set_xlabel("visits in 20 years (bars: 80 % of people)")
        right.set_ylabel("lifetime load [mg/cm² in the dot]")
        right.set_title("Visits and lifetime load")
        right.set(xscale="log", yscale="log", xlim=(0.8, 25.0), ylim=(0.2, 3.5))
        right.set_xticks([1, 2, 3, 5, 10, 20], ["1", "2", "3", "5", "10", "20"])
        right.set_yticks([0.2, 0.3, 0.5, 1.0, 2.0, 3.0], ["0.2", "0.3", "0.5", "1", "2", "3"])
        right.minorticks_off()
        right.legend(loc="upper left", fontsize=9)
        save(left, path)


def point(ax: Axes, c: Case, shift: float, **style: Any) -> None:
    """Visits and load with the interval of 80 % of people both ways; shifted sidewards, as visits are whole numbers."""
    visits, load = c.schedule.count, c.schedule.load
    across, upwards = ([[max(s.value - s.low, 0.0)], [max(s.high - s.value, 0.0)]] for s in (visits, load))
    ax.errorbar([shift * visits.value], [load.value], xerr=across, yerr=upwards, elinewidth=0.7, mec="white", **style)


def draw_courses(courses: list[Case], path: Path) -> None:
    """What a first course leaves: the first weeks, and twenty years with touch-ups when due."""
    with look():
        weeks, years = new_grid(1, 2, 11.5, 4.4, width_ratios=[1.0, 1.6], sharey=True)[0]
        for c, colour in zip(courses, CYCLE, strict=False):
            tooth = saw_tooth(c.fade)
            mass = tooth.dataset["mass"].values.sum(axis=1)
            dashes = "--" if "shared" in c.name else "-"
            weeks.plot(tooth.dataset["time"].values / 7.0, mass, dashes, color=colour, lw=1.8)
            years.plot(tooth.years, mass, dashes, color=colour, lw=1.4, label=c.name)
        weeks.axvline(6.0, color=GREY, lw=0.8, ls=":")
        weeks.set_xlim(0.0, 12.0)
        weeks.set_xlabel("weeks after the first session")
        weeks.set_ylabel("pigment in the dot [mg/cm²]")
        weeks.set_title("First course")
        years_axis(years, YEARS)
        years.set_title("Touch-ups at 70 % of what that course left")
        years.legend(fontsize=9)
        weeks.set_ylim(bottom=0.0)
        save(weeks, path)


def save(ax: Axes, path: Path) -> None:
    figure = figure_of(ax)
    figure.savefig(path)
    plt.close(figure)


if __name__ == "__main__":
    main()
