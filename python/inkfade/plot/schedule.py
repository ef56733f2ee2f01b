"""The saw-tooth of touch-ups: what is left over the years, with a jump at every visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade.comparison import find_curve
from inkfade.measures import check_measure, is_seen, level_text, rule_of
from inkfade.plot.events import draw_events, marks_of
from inkfade.plot.fade import draw_curve, finish, highest
from inkfade.plot.style import CYCLE, GREY, INK, figure_of, look, new_axes, people, say_below, subtitle
from inkfade.plot.tooth import saw_tooth
from inkfade.touch_up import number

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.schedule import Schedule

_LETTER = 5.5  # [pt] about the width of a letter at size 9
_BELOW = 0.5  # [inch] from the axes down to the legend, past the label of the time axis


def plot_schedule(fade: Fade, schedule: Schedule | None, *, ax: Axes | None) -> Axes:
    """Draw `Fade.plot_schedule`; with a schedule its words and the band between people as well."""
    measure = check_measure(str(fade.scenario["touch_up.measure"]), fade.rung)
    tooth = saw_tooth(fade)
    own = ax is None
    with look():
        ax = ax or new_axes(8.6, 4.6)
        band = schedule is not None
        draw_curve(ax, tooth, measure, CYCLE[0], "at the scenario's own values", band=band, band_label="80 % of people")
        visits = np.asarray(fade.dataset["visit_time"].values, dtype=np.float64)
        visits = visits[np.isfinite(visits)]
        before = np.asarray(fade.dataset["visit_measure"].values, dtype=np.float64)[: len(visits)]
        if len(visits):
            ax.plot(visits, before, "o", ms=7, mfc="white", mec=INK, mew=1.6, zorder=5, label="touch-up")
        ax.set_title(f"Touch-ups: {fade.scenario.preset_name}")
        said = _said(fade, schedule, len(visits))
        if said:
            subtitle(ax, said)
        finish(ax, find_curve(tooth.dataset, measure), float(tooth.years[-1]))
        top = highest(ax)
        ax.set_ylim(0.0, max(ax.get_ylim()[1], 1.08 * top))
        _draw_threshold(ax, fade, measure)
        draw_events(ax, marks_of(tooth, leave_out=("touch_up",)), top)  # a touch-up has its circle
        _write_intervals(ax, fade, visits)
        down = _BELOW * figure_of(ax).dpi / ax.bbox.height
        ax.legend(loc="upper left", bbox_to_anchor=(0.0, -down), borderaxespad=0.0, ncols=2, fontsize=9)
        if own:
            spread = "" if schedule is None else f"band: {people(schedule.level, schedule.draws)}"
            say_below(ax, [fade.scenario], spread)
    return ax


def _said(fade: Fade, schedule: Schedule | None, visits: int) -> str:
    """The line below the title: the schedule, or why there is no visit."""
    planned = str(fade.scenario["touch_up.schedule"])
    if not visits and planned == "none":
        return "no touch-ups planned (touch_up.schedule = none)"
    return str(schedule) if schedule is not None else ""


def _draw_threshold(ax: Axes, fade: Fade, measure: str) -> None:
    """The level at which a touch-up is due, where that calls for one."""
    if str(fade.scenario["touch_up.schedule"]) != "when_due":
        return
    _, threshold, floor = rule_of(fade.scenario)
    said = f"touch-up due: {level_text(measure, threshold, floor)}"
    if floor > 0 and is_seen(measure):
        healed = float(fade.dataset.get("healed_contrast", np.nan))
        if not healed > 0:
            return
        threshold = max(threshold, floor / healed)
    ax.axhline(threshold, color=GREY, lw=1.0, ls=(0, (5, 3)), zorder=1, label=said)


def _write_intervals(ax: Axes, fade: Fade, visits: NDArray[np.float64]) -> None:
    """The years between two sessions, between them, as far as there is room."""
    from inkfade.schedule import session_before

    if not len(visits):
        return
    across: dict[str, Any] = {"xycoords": ax.get_xaxis_transform(), "color": GREY}
    letters = ax.bbox.width / figure_of(ax).dpi * 72.0 / _LETTER / (ax.get_xlim()[1] - ax.get_xlim()[0])  # a year's
    for start, stop in zip(session_before(fade.dataset, visits), visits, strict=True):
        years = number(float(stop - start))
        room = letters * (stop - start)
        said = next((text for text in (f"{years} years", years) if len(text) + 1 < room), None)
        if said is None:
            continue
        arrow = {"arrowstyle": "<->", "color": GREY, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (stop, 0.05), (start, 0.05), textcoords=ax.get_xaxis_transform(), arrowprops=arrow, **across)
        ax.annotate(said, ((start + stop) / 2, 0.06), ha="center", va="bottom", fontsize=9, **across)
