"""How often, how much: touch-ups over twenty years. See README.md beside this file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import inkfade as ink
from inkfade.plot.schedule import saw_tooth
from inkfade.plot.style import CYCLE, GREY, INK, figure_of, look, new_grid, say_below, subtitle, write, years_axis
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
# Factors by which marks stand beside their whole number of visits; those of fixed intervals stand on it.
SIDEWARDS = dict(zip(THRESHOLDS, (0.88, 0.935, 1.07), strict=True))
NO_VISIT = 0.5  # the place of none on an axis of logarithms


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
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    draws = 6 if options.quick else 200
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
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
        rows.assign(**{"people drawn": draws}).to_csv(out / f"{cases[0].kind}.csv")
        show(f"{title}: own values (80 % of {draws} people drawn)", rows)

    draw_teeth([[due[t, d] for d in DOSES] for t in THRESHOLDS], out / "when_due.png", draws)
    draw_teeth([fixed[:2], fixed[2:]], out / "fixed.png", draws)
    draw_trade_off(due, fixed, out / "trade_off.png", draws)
    draw_courses(courses, out / "first_course.png")
    Console().print(f"tables and figures: {out}", highlight=False)


def case(kind: str, name: str, draws: int, **settings: Any) -> Case:
    """Run one way of keeping up, and draw people for it."""
    by_pigment = {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}
    base = ink.Scenario.preset("scalp-smp").with_({"run.horizon": f"{YEARS:g} year", **by_pigment})
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
        # Laid out before anything is written, so that short intervals find the room that they will have.
        figure = figure_of(grid[0, 0])
        figure.draw_without_rendering()
        for ax, c in zip(grid.flat, [c for row in cases for c in row], strict=True):
            tooth = saw_tooth(c.fade)
            low, high = tooth.band(quantity="retained_of_healed", draws=draws)
            c.fade.plot_schedule(ax=ax)
            ax.fill_between(tooth.years, low, high, color=CYCLE[0], alpha=0.16, lw=0, label=f"80 % of {draws} people")
            top = max(top, float(np.nanmax(high)), float(np.nanmax(tooth.dataset["retained_of_healed"])))
            handles, _ = ax.get_legend_handles_labels()
            ax.get_legend().remove()
            ax.set_title(f"{c.name}: {say(c.schedule.count, '{:.0f}')} visits", fontsize=10.5)
            ax.set_ylabel("")
            ax.label_outer()
        grid[0, 0].set_ylim(0.0, 1.03 * top)
        figure.supylabel("share of the pigment there when healed", fontsize=10)
        if cases[0][0].kind == "when_due":
            handles.append(Line2D([], [], color=GREY, lw=1.0, ls=(0, (5, 3)), label="threshold"))
        figure.legend(handles=handles, loc="outside upper left", ncols=len(handles))
        drawn = f"lines at the preset's own values; bands and brackets: 80 % of {draws} people drawn"
        save(grid[0, 0], path, drawn, [c.fade.scenario for row in cases for c in row])


def draw_trade_off(due: dict[tuple[float, float], Case], fixed: list[Case], path: Path, draws: int) -> None:
    """Intervals by number on the left, visits against lifetime load on the right."""
    with look():
        left, right = new_grid(1, 2, 12.5, 5.2)[0]
        for (threshold, dose), c in due.items():
            style: dict[str, Any] = {"color": COLOURS[threshold], "marker": DOSE_MARKS[dose], "ms": 7}
            left.plot(range(1, len(c.intervals) + 1), c.intervals, lw=1.3, label=c.name, **style)
            point(right, c, SIDEWARDS[threshold], **style)
        for c, years in zip(fixed, INTERVALS, strict=True):
            point(right, c, 1.0, color=INK, marker="s", ms=5)
            place = (c.schedule.count.value, c.schedule.load.value)
            right.annotate(f"{years} y", place, (6, 4), textcoords="offset points", fontsize=9)
        left.set_xlabel("number of the touch-up")
        left.set_ylabel("years since the session before")
        left.set_ylim(bottom=0.0)
        left.set_xticks(range(1, max(len(c.intervals) for c in due.values()) + 1))
        left.set_title("Intervals, when due", pad=24)
        left.legend(fontsize=8.5, loc="upper right")
        right.plot([], [], "s", color=INK, ms=5, label="fixed interval, dose 0.3")
        right.set_xlabel(f"visits in 20 years (bars: 80 % of {draws} people)")
        right.set_ylabel("lifetime load [mg/cm² in the dot]")
        right.set_title("Visits and lifetime load")
        subtitle(right, "visits are whole numbers: coloured marks are shifted so that they do not overlap")
        frame_points(right, [*due.values(), *fixed])
        right.legend(loc="upper left", fontsize=9)
        drawn = f"at the preset's own values; bars on the right: 80 % of {draws} people drawn"
        save(left, path, drawn, [c.fade.scenario for c in due.values()])


def point(ax: Axes, c: Case, shift: float, **style: Any) -> None:
    """Visits and load with the interval of 80 % of people both ways; mark and bars shifted sidewards by a factor."""
    visits, load = c.schedule.count, c.schedule.load
    low, value, high = (shift * max(v, NO_VISIT) for v in (visits.low, visits.value, visits.high))
    across = [[max(value - low, 0.0)], [max(high - value, 0.0)]]
    upwards = [[max(load.value - load.low, 0.0)], [max(load.high - load.value, 0.0)]]
    ax.errorbar([value], [load.value], xerr=across, yerr=upwards, elinewidth=0.7, mec="white", **style)


def frame_points(ax: Axes, cases: list[Case]) -> None:
    """Axes in which every bar ends; where people have no visit at all, a place for none."""
    counts, loads = [c.schedule.count for c in cases], [c.schedule.load for c in cases]
    fewest = max(min(min(s.low, s.value) for s in counts), NO_VISIT)
    most = max(max(s.high, s.value) for s in counts)
    ax.set(xscale="log", yscale="log")
    ax.set_xlim(0.8 * fewest, 1.35 * most)  # more than marks are shifted, and room for the words beside the last one
    ax.set_ylim(0.88 * min(min(s.low, s.value) for s in loads), 1.3 * max(max(s.high, s.value) for s in loads))
    places = {NO_VISIT: "none", 1: "1", 2: "2", 3: "3", 4: "4", 6: "6", 9: "9", 12: "12", 19: "19"}
    shown = {v: word for v, word in places.items() if fewest <= v <= most}
    ax.set_xticks(list(shown), list(shown.values()))
    bottom, top = ax.get_ylim()
    marks = [v for v in (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0) if bottom <= v <= top]
    ax.set_yticks(marks, [f"{v:g}" for v in marks])
    ax.minorticks_off()


def draw_courses(courses: list[Case], path: Path) -> None:
    """What a first course leaves: the first weeks, and twenty years with touch-ups when due."""
    with look():
        weeks, years = new_grid(1, 2, 11.5, 4.4, width_ratios=[1.0, 1.6], sharey=True)[0]
        for c, colour in zip(courses, CYCLE, strict=False):
            tooth = saw_tooth(c.fade)
            mass = tooth.dataset["mass"].values.sum(axis=1)
            days = tooth.dataset["time"].values
            dashes = "--" if "shared" in c.name else "-"
            weeks.plot(days / 7.0, mass, dashes, color=colour, lw=1.8)
            healed = float(tooth.dataset["healed_time"])
            weeks.plot(healed / 7.0, np.interp(healed, days, mass), "o", ms=6, mfc="white", mec=colour, mew=1.6)
            years.plot(tooth.years, mass, dashes, color=colour, lw=1.4, label=c.name)
        weeks.set_xlim(0.0, 12.0)
        weeks.set_xlabel("weeks after the first session")
        weeks.set_ylabel("pigment in the dot [mg/cm²]")
        weeks.set_title("First course")
        subtitle(weeks, "○ healed: 6 weeks after its last session")
        years_axis(years, YEARS)
        years.set_title("Touch-ups at 70 % of what that course left", pad=24)
        years.legend(fontsize=9)
        weeks.set_ylim(bottom=0.0)
        save(weeks, path, "at the preset's own values", [c.fade.scenario for c in courses])


def save(ax: Axes, path: Path, drawn: str, scenarios: list[ink.Scenario]) -> None:
    """Write the figure that axes belong to, with its footer."""
    say_below(ax, scenarios, drawn)
    write(ax, path)


if __name__ == "__main__":
    main()
