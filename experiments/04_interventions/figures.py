"""Figures and tables of the interventions: where the pigment is, beside the same skin left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import inkfade as ink
from inkfade.plot.style import CYCLE, FATES, GREY, INK, POOLS, figure_of, look, new_grid, percent_axis, say_below, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from run import Case

WORDS = {
    "stroma": "in stroma",
    "macrophage": "in macrophages",
    "free": "free",
    "shed": "shed",
    "drained": "drained",
    "degraded": "degraded by light",
    "removed": "removed",
}
COLOURS = {**POOLS, **FATES}
BENCINI = {10: (0.472, 0.418, 0.525), 15: (0.748, 0.689, 0.807)}  # cleared by so many sessions, with 95 % interval
LEAST = 5e-4  # share of the deposit from which on a pool is named


def draw_pools(cases: Sequence[Case], path: Path, title: str) -> None:
    """A row for each case: control, treated, and macrophages of both."""
    shown: set[str] = set()
    with look():
        grid = new_grid(len(cases), 3, 11.0, 1.1 + 2.9 * len(cases), width_ratios=[1.0, 1.0, 0.8])
        for row, case in zip(grid, cases, strict=True):
            runs = [run(scenario, case.shown, instants(case)) for scenario in (case.control, case.treated)]
            for ax, fade, said in zip(row, runs, (f"{case.preset}, {case.alone}", case.name), strict=False):
                _stack(ax, fade, case)
                ax.set_title(said)
            _mark_span(row[1], case)
            shown |= {name for fade in runs for name in COLOURS if float(fade.ledger[name].max()) >= LEAST}
            row[0].set_ylabel("share of the deposit")
            row[1].tick_params(labelleft=False)
            _macrophages(row[2], runs, case)
        figure = figure_of(grid[0, 0])
        handles: list[Patch | Line2D] = [
            Patch(color=COLOURS[name], label=WORDS[name]) for name in reversed(COLOURS) if name in shown
        ]
        handles.append(Line2D([], [], color=INK, lw=1.3, label="in the skin"))
        if any(_is_span(case) for case in cases):
            handles.append(Line2D([], [], color=INK, lw=3.5, solid_capstyle="butt", label="while it is done"))
        figure.legend(
            handles=handles,
            loc="outside upper left",
            ncols=len(handles),
            fontsize=9,
            title=title,
            alignment="left",
            title_fontproperties={"weight": "bold", "size": 13},
            columnspacing=1.2,
            handlelength=1.2,
            borderaxespad=0.2,
        )
        ran = [s for case in cases for s in (case.control, case.treated)]
        say_below(grid[0, 0], ran, "at the preset's own values")
        write(grid[0, 0], path)


def instants(case: Case) -> list[float]:
    """When pools jump [day]."""
    core = case.treated.timeline
    return [float(d) for d in core[core["what"] == "intervention"]["from [day]"]]


def run(scenario: ink.Scenario, end: float, jumps: list[float]) -> ink.Fade:
    """Saved densely, and on both sides of every jump."""
    days = {*np.geomspace(0.02, end, 200), *np.linspace(0.0, end, 400), *jumps, *(d - 1e-9 for d in jumps if d > 0)}
    for jump in jumps:
        days |= {jump + d for d in np.geomspace(0.05, 10.0, 40) if jump + d < end}
    return ink.simulate(scenario, times=[f"{float(d)!r} day" for d in sorted(days)], check=True)


def _stack(ax: Axes, fade: ink.Fade, case: Case) -> None:
    table = fade.ledger
    scale, _ = _unit(case)
    at = fade.dataset["time"].values / scale
    ax.stackplot(at, table[list(COLOURS)].fillna(0.0).T.to_numpy(), colors=list(COLOURS.values()), lw=0)
    ax.plot(at, table[list(POOLS)].sum(axis=1), color=INK, lw=1.3)
    percent_axis(ax, "")
    ax.set_ylim(0.0, 1.0)
    ax.grid(visible=False)
    _time_axis(ax, case)


def _macrophages(ax: Axes, runs: list[ink.Fade], case: Case) -> None:
    scale, _ = _unit(case)
    for fade, colour, said in zip(runs, (GREY, CYCLE[1]), (case.alone, "treated"), strict=True):
        height = np.diff(fade.dataset["z_bounds"].values, axis=1)[:, 0] * 1e-3  # [mm]
        per_area = fade.dataset["macrophages"].transpose("time", "z").values @ height
        # The control lies below where both are the same.
        ax.plot(
            fade.dataset["time"].values / scale, per_area, color=colour, label=said, lw=3.0 if colour == GREY else 1.6
        )
    ax.set_ylim(bottom=0.0)
    ax.set_title("macrophages per mm² of skin", fontsize=10.5)
    _mark_span(ax, case)
    ax.legend(fontsize=9)
    _time_axis(ax, case)


def _time_axis(ax: Axes, case: Case) -> None:
    scale, word = _unit(case)
    ax.set_xlim(0.0, case.shown / scale)
    ax.set_xlabel(f"{word} after the first session")


def _mark_span(ax: Axes, case: Case) -> None:
    """When something is done over a span: a bar above the axes."""
    scale, _ = _unit(case)
    if _is_span(case):
        ends = [case.at / scale, case.until / scale]
        ax.plot(
            ends,
            [1.02, 1.02],
            transform=ax.get_xaxis_transform(),
            color=INK,
            lw=3.5,
            clip_on=False,
            solid_capstyle="butt",
        )


def _is_span(case: Case) -> bool:
    """Whether something goes on for a while, and is no course of instants."""
    return case.until > case.at and not instants(case)[1:]


def _unit(case: Case) -> tuple[float, str]:
    """Days, or years where it takes that long."""
    return (365.25, "years") if case.shown > 730.0 else (1.0, "days")


def draw_course(left: NDArray[np.float64], cleared: Sequence[float], case: Case, path: Path) -> None:
    """What is left after each session, people as a band; how many lie below what might be called clear."""
    sessions, draws = np.arange(left.shape[1]), len(left) - 1
    with look():
        mass, clear = new_grid(1, 2, 12.5, 4.4)[0]
        for outer, alpha in ((0.1, 0.16), (0.25, 0.22)):
            low, high = np.quantile(left[1:], [outer, 1.0 - outer], axis=0)
            mass.fill_between(
                sessions,
                low,
                high,
                color=CYCLE[0],
                alpha=alpha,
                lw=0,
                label=f"{100 - 200 * outer:g} % of {draws} people",
            )
        mass.plot(sessions, left[0], "o-", color=CYCLE[0], ms=4, label="preset's own values")
        mass.set_yscale("log")
        ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
        mass.set_yticks(ticks, [f"{100 * t:g} %" for t in ticks])
        mass.minorticks_off()
        mass.set_ylabel("left, of the mass before the course")
        mass.set_title("Pigment 8 weeks after each session")
        mass.legend(loc="lower left")
        for share, colour in zip(cleared, CYCLE, strict=False):
            people = (left[1:] < share).mean(axis=0)
            clear.plot(sessions, people, "o-", ms=4, color=colour, label=f"below {100 * share:g} % of the mass")
        for n, (share, low, high) in BENCINI.items():
            said = "cleared, as seen (Bencini 2012)" if n == 10 else None
            error = [[share - low], [high - share]]
            clear.errorbar([n], [share], yerr=error, fmt="D", color=INK, capsize=3, ms=6, zorder=6, label=said)
        percent_axis(clear, f"share of {draws} people")
        clear.set_title("How many might be called clear")
        clear.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        for ax in (mass, clear):
            ax.set_xlabel("laser sessions")
            ax.set_xlim(0.0, sessions[-1] + 0.3)
            ax.set_xticks(sessions)
        drawn = f"bands and shares: {draws} people drawn; bars: 95 % interval of the source"
        say_below(mass, [case.treated], drawn)
        write(mass, path)


def show(title: str, frame: pd.DataFrame) -> None:
    """A table on the screen."""
    table = Table(
        escape(str(frame.index.name)), *map(escape, frame.columns), title=title, title_justify="left", box=None
    )
    for row in frame.itertuples():
        table.add_row(*map(str, row))
    Console(width=170).print(table)
