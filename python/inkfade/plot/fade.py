"""The fade curve: what is left over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError
from inkfade.comparison import curve, find_curve
from inkfade.measures import is_seen, level_text, rule_of
from inkfade.plot.events import draw_events, marks_of
from inkfade.plot.style import (
    CYCLE,
    DRAWS,
    FAILED,
    GREY,
    INK,
    LEVEL,
    look,
    new_axes,
    people,
    percent_axis,
    pretty_unit,
    say_below,
    subtitle,
    years_axis,
)
from inkfade.plot.tooth import events, just_before, later_session, upright
from inkfade.plot.visits import draw_visits
from inkfade.touch_up import left_out, number, span_of_years

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes

    from inkfade.fade import Fade
    from inkfade.observations import Data, Observations, Quantity
    from inkfade.touch_up import TouchUp

_DAYS = 365.25
_HIGH = 0.8  # share of the figure's height above which there is no room for a word
_SHORT = 0.2  # share of the figure's width below which a line has no room for its name
_WEEKS = 0.15  # [year] healing
_LONG = 46  # letters that a figure's height has room for


def plot_fade(fade: Fade, *, quantity: str | None, data: Data | None, band: bool, ax: Axes | None) -> Axes:
    """
    Draw `Fade.plot`.

    Where something happens after the start the run is drawn from its saw-tooth, with upright jumps. The threshold is a
    share of what was there when healed: over retained_of_deposit, whose whole grows with every session, its line ends
    at the first session after healing.
    """
    from inkfade.observations import Observations

    seen = None if data is None else Observations.of(data)
    quantity = shown_quantity(quantity, "retained_of_deposit", seen)
    shown = find_curve(fade.dataset, quantity)
    check_seen(seen, quantity)
    drawn = upright(fade, quantity)
    own = ax is None
    with look():
        ax = ax or new_axes()
        ran = fade.status == "ok"
        draw_curve(
            ax, drawn, quantity, CYCLE[0], "at the scenario's own values", band=band, band_label="80 % of people"
        )
        touch_up = fade.known_touch_up or (fade.touch_up() if band and ran and tells_touch_up(fade) else None)
        said = _draw_touch_up(ax, drawn, quantity, touch_up) if ran and tells_touch_up(fade) else ""
        if seen is not None:
            draw_visits(ax, seen, quantity, fade=drawn)
        ax.set_title(f"{title_of(shown)}: {fade.scenario.preset_name}")
        if said:
            subtitle(ax, said)
        finish(ax, shown, end_of(fade))
        draw_events(ax, marks_of(drawn), highest(ax))
        _draw_healed(ax, drawn, quantity)
        if band or seen is not None:
            ax.legend(loc="best")
        if own:
            say_below(ax, [fade.scenario], _spread(band=band, touch_up=touch_up if ran else None))
        if not ran:
            _say_failed(ax, fade)
    return ax


def shown_quantity(quantity: str | None, usual: str, seen: Observations | None) -> str:
    """What is drawn: what was asked for, else the usual, else what was observed first."""
    if quantity is not None:
        return quantity
    return usual if seen is None or usual in seen.quantities else seen.quantities[0]


def check_seen(seen: Observations | None, quantity: str) -> None:
    """Refuse observations that have nothing of what is drawn."""
    if seen is not None and quantity not in seen.quantities:
        raise ParameterError(
            f"data has no {quantity}, which is drawn, but {', '.join(seen.quantities)}: choose quantity="
        )


def _spread(*, band: bool, touch_up: TouchUp | None) -> str:
    """What is drawn of the differences between people, in words."""
    whose = {"band": people()} if band else {}
    if touch_up is not None:
        whose["interval"] = people(touch_up.level, touch_up.draws)
    if len(whose) == 2 and len(set(whose.values())) == 1:
        return f"band and interval: {people()}"
    return "; ".join(f"{what}: {of}" for what, of in whose.items())


def title_of(quantity: Quantity) -> str:
    """What a figure of a quantity is called."""
    if quantity.name in ("retained_of_deposit", "retained_of_healed"):
        return "Pigment retained in the dot"
    return quantity.name.replace("_", " ").capitalize()


def draw_curve(
    ax: Axes,
    fade: Fade,
    quantity: str,
    colour: str,
    label: str,
    *,
    band: bool,
    band_label: str | None = None,
    dashes: Any = "-",
) -> None:
    """The curve of one run, with its band between people where that is asked for."""
    if band:
        low, high, n_failed = fade.band_of_runs(quantity=quantity, draws=DRAWS, level=LEVEL)
        if band_label is not None:
            band_label += left_out(n_failed)
        ax.fill_between(fade.years, low, high, color=colour, alpha=0.16, lw=0, label=band_label)
    ax.plot(fade.years, curve(fade.dataset, quantity), color=colour, label=label, ls=dashes)


def tells_touch_up(fade: Fade) -> bool:
    """Whether a run can tell its touch-up: what is seen depends on depth, which the well-mixed rung does not have."""
    return fade.rung == "column" or not is_seen(str(fade.scenario["touch_up.measure"]))


def _threshold_level(fade: Fade, quantity: str, threshold: float) -> float:
    """The touch-up threshold in terms of what is drawn; NaN where that does not go with the mass in the skin."""
    measure, _, floor = rule_of(fade.scenario)
    if is_seen(measure):
        healed = float(fade.dataset.get("healed_contrast", np.nan))
        if not healed > 0 or not is_seen(quantity):
            return float("nan")
        limit = max(threshold * healed, floor)
        return limit if quantity == "patch_contrast" else limit / healed
    if quantity == measure:
        return threshold
    if quantity not in ("retained_of_deposit", "retained_of_healed", "mass", "patch_dose"):
        return float("nan")
    measured, drawn = (curve(fade.dataset, name) for name in (measure, quantity))
    known = np.flatnonzero(np.isfinite(measured) & (measured > 0) & np.isfinite(drawn))
    return float(threshold * drawn[known[0]] / measured[known[0]]) if len(known) else float("nan")


def _threshold_end(fade: Fade, quantity: str) -> float:
    """Until when [year] a share of the measure is one level of what is drawn: a deposit changes the whole of either."""
    end = float(fade.years[-1])
    if is_seen(str(fade.scenario["touch_up.measure"])):
        return end
    same = (quantity == "retained_of_deposit") == (str(fade.scenario["touch_up.measure"]) == "retained_of_deposit")
    return end if same else min(end, later_session(fade))


def _draw_touch_up(ax: Axes, fade: Fade, quantity: str, touch_up: TouchUp | None) -> str:
    """The threshold, where the curve crosses it, and the interval if it is known; says it in words."""
    threshold = touch_up.threshold if touch_up else float(fade.scenario["touch_up.threshold"])
    level = _threshold_level(fade, quantity, threshold)
    end = float(fade.years[-1])
    measure, _, floor = rule_of(fade.scenario)
    text = level_text(measure, threshold, floor)
    until = _threshold_end(fade, quantity)
    if np.isfinite(level):
        ax.plot([0.0, until], [level, level], color=GREY, lw=1.0, ls=(0, (5, 3)), zorder=1)
        if until > _SHORT * end:
            ax.annotate(text, (0.0, level), (5, -4), textcoords="offset points", va="top", fontsize=9, color=GREY)
    time, observed = float(fade.dataset["touch_up_time"]), bool(fade.dataset["touch_up_observed"])
    name = "touch-up due" if np.isfinite(later_session(fade)) else "touch-up"  # apart from those that took place
    said = f"{name} at {number(time)} years" if observed else f"{name} not within {span_of_years(end)}"
    if touch_up:
        time, observed = touch_up.time, touch_up.observed
        said = f"{name} {'at ' if observed else ''}{touch_up}"
    values = curve(fade.dataset, quantity)
    if not np.isfinite(values).any():
        return ""
    level = level if time <= until * (1 + 1e-9) else float("nan")  # beyond it no level stands for the threshold
    if touch_up and np.isfinite(level):
        _draw_interval(ax, touch_up, level, end)
    place = level if np.isfinite(level) else just_before(fade, values, time)
    if observed:
        ax.plot([time], [place], "o", ms=8, mfc="white", mec=INK, mew=1.8, zorder=5)
    elif np.isfinite(level):
        _arrow(ax, end, level)
    return f"{said}: the fall below {text}"


def _draw_interval(ax: Axes, touch_up: TouchUp, level: float, end: float) -> None:
    low, high = (min(v, end) for v in (touch_up.low, touch_up.high))
    if low < end:
        ax.plot([low, high], [level, level], color=INK, lw=3.5, solid_capstyle="butt", alpha=0.75, zorder=4)
        if touch_up.high > end:
            _arrow(ax, end, level)


def _arrow(ax: Axes, end: float, level: float) -> None:
    """An open end: the event lies beyond the run."""
    ax.plot([end], [level], marker=">", ms=9, mfc="white", mec=INK, mew=1.8, clip_on=False, zorder=6)


def _draw_healed(ax: Axes, fade: Fade, quantity: str) -> None:
    """Healing, named on the curve; beside a share of pigment with the share of the deposit that was there."""
    values = curve(fade.dataset, quantity)
    if quantity.endswith("_of_healed") or not np.isfinite(values).any():
        return  # that curve begins there, at 100 %
    kinds, days = events(fade)
    for time in days[kinds == "healed"] / _DAYS:
        share = just_before(fade, fade.dataset["retained_of_deposit"].values, float(time))
        place = just_before(fade, values, float(time))
        above = place < _HIGH * ax.get_ylim()[1]
        ax.annotate(
            f"healed ({100 * share:.0f} % of deposit)" if quantity == "retained_of_deposit" else "healed",
            (float(time), place),
            (22, 26 if above else -26),
            textcoords="offset points",
            fontsize=9,
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.8, "shrinkB": 1},
        )


def _highest(values: Any) -> float:
    """The largest number; 0 where there is none."""
    known = np.asarray(values, dtype=np.float64)
    return float(np.max(known[np.isfinite(known)], initial=0.0))


def highest(ax: Axes) -> float:
    """The top of what is drawn; of bands and error bars only after the first weeks, which are steep and short."""
    tops = [_highest(line.get_ydata()) for line in ax.get_lines() if line.get_transform() == ax.transData]
    for filled in ax.collections:
        corners = [path.vertices for path in filled.get_paths()]
        tops += [float(c[c[:, 0] > _WEEKS, 1].max(initial=0.0)) for c in map(np.asarray, corners)]
    return max(tops, default=1.0) or 1.0


def end_of(fade: Fade) -> float:
    """End of the time axis [year]: that of the run, or of what was planned where it failed."""
    return float(fade.years[-1]) if fade.status == "ok" else fade.scenario.horizon


def _say_failed(ax: Axes, fade: Fade) -> None:
    """A line where the run ended, and beside it why; one that was stopped on purpose is no alarm."""
    stopped = fade.status == "cancelled"
    colour = GREY if stopped else FAILED
    said = "the run was stopped here" if stopped else f"the run failed: {fade.status}"
    end = float(fade.dataset["status_time"]) / _DAYS
    left = end > 0.5 * ax.get_xlim()[1]
    ax.axvline(end, color=colour, lw=1.5)
    place: Any = {
        "xycoords": ax.get_xaxis_transform(),
        "textcoords": "offset points",
        "ha": "right" if left else "left",
    }
    ax.annotate(said, (end, 0.93), (-8 if left else 8, 0), color=colour, **place)


def finish(ax: Axes, quantity: Quantity, end: float) -> None:
    """Name and scale the axes of a curve over the years."""
    if quantity.name == "retained_of_deposit":
        percent_axis(ax, "share of deposited pigment in the skin")
    elif quantity.name.endswith("_of_healed"):
        whole = "contrast" if is_seen(quantity.name) else "pigment there"
        percent_axis(ax, f"share of the {whole} when healed")
        ax.set_ylim(0.0, max(1.05, 1.03 * highest(ax)))
    else:
        unit = "" if quantity.unit == "1" else f" [{pretty_unit(quantity.unit)}]"
        if quantity.name == "patch_contrast":
            unit = " [ΔE₀₀]"
        words = quantity.meaning if len(quantity.meaning) < _LONG else quantity.name.replace("_", " ")
        ax.set_ylabel(f"{words}{unit}")
        ax.set_ylim(0.0, 1.08 * highest(ax))
    years_axis(ax, end)
