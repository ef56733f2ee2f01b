"""Observed values over the curve of a run: points with their error, and how far they lie from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade.comparison import at_times
from inkfade.observations import QUANTITIES
from inkfade.plot.style import INK, pretty_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from inkfade.fade import Fade
    from inkfade.observations import Observation, Observations

_DAYS = 365.25
_MARKS = ("D", "s", "^", "v", "P", "X")
# Colours for points beside the blue curve of one run.
_COLOURS = ("#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")


def draw_visits(ax: Axes, data: Observations, quantity: str, *, fade: Fade | None) -> None:
    """
    Draw the observed values of one quantity, a mark and colour for each series.

    Parameters
    ----------
    ax
        Axes with the time in years.
    data, quantity
        What was observed, and which of it is drawn.
    fade
        The run whose curve they lie over: the legend says how far they are from it. None where there are several.
    """
    several = len(data.series) > 1
    for i, series in enumerate(data.series):
        seen = [r for r in data if r.quantity == quantity and r.series == series]
        if not seen:
            continue
        said = f"observed, {series}" if several or series else "observed"
        colour = _COLOURS[i % len(_COLOURS)] if fade is not None else INK
        ax.errorbar(
            [r.time / _DAYS for r in seen],
            [r.value for r in seen],
            yerr=_errors(seen),
            fmt=_MARKS[i % len(_MARKS)],
            ms=6,
            color=colour,
            mec="white",
            mew=0.8,
            elinewidth=1.3,
            capsize=2.5,
            label=said + _distance(fade, seen),
            zorder=6,
        )


def _errors(seen: list[Observation]) -> np.ndarray | None:
    """Downwards and upwards (2, n), or None where nothing is known of any error."""
    down = [r.sd if r.sd is not None else r.value - r.low if r.low is not None else 0.0 for r in seen]
    up = [r.sd if r.sd is not None else r.high - r.value if r.high is not None else 0.0 for r in seen]
    return np.array([down, up]) if any([*down, *up]) else None


def _distance(fade: Fade | None, seen: list[Observation]) -> str:
    """What the legend says of the residuals: their root mean square, in units of the error where it is known."""
    if fade is None or fade.status != "ok":
        return ""
    end = float(fade.dataset["time"].values[-1])
    healed = float(fade.dataset["healed_time"])
    inside = [r for r in seen if r.time <= end and (not r.quantity.endswith("_of_healed") or r.time >= healed)]
    left = [r.value - at_times(fade.dataset, r.quantity, r.time, r.quantity) for r in inside]
    if not left:
        return ""
    typical = float(np.sqrt(np.mean(np.square(left))))
    scaled = [d / r.sd for d, r in zip(left, inside, strict=True) if r.sd is not None]
    share = seen[0].quantity.startswith("retained_")
    unit = pretty_unit(QUANTITIES[seen[0].quantity].unit.removeprefix("1"))
    said = f"{100 * typical:.2g} % points" if share else f"{typical:.2g} {unit}".rstrip()
    in_sd = f" = {np.sqrt(np.mean(np.square(scaled))):.1f} sd" if len(scaled) == len(left) else ""
    return f" (n = {len(left)}, rms residual {said}{in_sd})"
