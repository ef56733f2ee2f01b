"""The saw-tooth of touch-ups: what is left over the years, with a jump at every visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade.comparison import find_curve
from inkfade.plot.fade import draw_curve, finish
from inkfade.plot.style import CYCLE, GREY, INK, figure_of, look, new_axes, subtitle
from inkfade.touch_up import number

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.schedule import Schedule

_DAYS = 365.25
_POINTS = 500
_SIDE = 1e-6  # [day] beside an event: far above the round-off of 50 years, and nothing fades in it
_LETTER = 5.5  # [pt] about the width of a letter at size 9


def plot_schedule(fade: Fade, schedule: Schedule | None, *, ax: Axes | None) -> Axes:
    """Draw `Fade.plot_schedule`; with a schedule its words and the band between people as well."""
    measure = str(fade.scenario["touch_up.measure"])
    tooth = saw_tooth(fade)
    with look():
        ax = ax or new_axes(8.6, 4.4)
        band = schedule is not None
        draw_curve(ax, tooth, measure, CYCLE[0], "at the scenario's own values", band=band, band_label="80 % of people")
        visits = np.asarray(fade.dataset["visit_time"].values, dtype=np.float64)
        visits = visits[np.isfinite(visits)]
        before = np.asarray(fade.dataset["visit_measure"].values, dtype=np.float64)[: len(visits)]
        if len(visits):
            ax.plot(visits, before, "o", ms=7, mfc="white", mec=INK, mew=1.6, zorder=5, label="touch-up")
        ax.set_title(f"Touch-ups: {fade.scenario.preset_name}")
        if schedule is not None:
            subtitle(ax, str(schedule))
        finish(ax, find_curve(tooth.dataset, measure), float(tooth.years[-1]))
        drawn = [np.nanmax(line.get_ydata()) for line in ax.get_lines()]
        ax.set_ylim(0.0, max(ax.get_ylim()[1], 1.08 * float(np.max(drawn))))
        if str(fade.scenario["touch_up.schedule"]) == "when_due":
            ax.axhline(float(fade.scenario["touch_up.threshold"]), color=GREY, lw=1.0, ls=(0, (5, 3)), zorder=1)
        _write_intervals(ax, fade, visits)
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.13), ncols=3, fontsize=9)
    return ax


def saw_tooth(fade: Fade) -> Fade:
    """
    The same run, saved densely and on both sides of every session.

    The saved times of a run may be far apart, so that a line through them would cut the corners of a visit.
    """
    from inkfade.simulation import simulate

    events = np.asarray(fade.dataset["event_time"].values, dtype=np.float64)
    events = events[np.isfinite(events)]
    end = fade.scenario.horizon * _DAYS
    healing = (events[:, None] + np.geomspace(0.5, 60.0, 30)).ravel()
    days = np.unique(np.concatenate([np.linspace(0.0, end, _POINTS), events - _SIDE, events + _SIDE, healing]))
    times: list[Any] = [f"{float(day)!r} day" for day in days[(days >= 0.0) & (days <= end)]]
    return simulate(fade.scenario, times=times, fields=False, check=True)


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
