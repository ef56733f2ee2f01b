"""What is seen beside what is left, over the first weeks and over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inkfade.plot.events import draw_events, marks_of
from inkfade.plot.fade import end_of
from inkfade.plot.style import CYCLE, GREY, look, new_grid, percent_axis, say_below, years_axis
from inkfade.plot.tooth import with_sides
from inkfade.seen import check_profiles

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade

_DAYS = 365.25
_WEEKS = 12.0
# How the ink changes the colour: darker, greener and bluer where they are negative.
_CHANGES = {
    "lightness_difference": ("ΔL* (-: darker)", "#000000"),
    "red_green_difference": ("Δa* (-: greener)", "#009E73"),
    "blue_yellow_difference": ("Δb* (-: bluer)", "#0072B2"),
}
_DASHES: dict[str, Any] = {"blue_yellow_difference": (0, (5, 1.5))}  # it may lie on another


def plot_appearance(fade: Fade) -> NDArray[Any]:
    """Draw `Fade.plot_appearance`."""
    check_profiles(fade)
    fade = with_sides(fade)
    seen = fade.appearance()
    end = end_of(fade)
    shown = min(_WEEKS, end * _DAYS / 7)
    weeks = fade.years * _DAYS / 7
    with look():
        axes = new_grid(3, 2, 8.6, 8.2, width_ratios=[1, 2.2], sharey="row", height_ratios=[1.15, 1, 1])
        for column, x in enumerate((weeks, fade.years)):
            _draw_contrast(axes[0, column], x, seen)
            _draw_shares(axes[1, column], x, fade, seen)
            _draw_changes(axes[2, column], x, seen)
        _levels(axes[0, 1], seen, end)
        axes[0, 0].set_ylim(0.0, 1.06 * max(float(seen["contrast"].max()), 1.0))
        axes[0, 0].set_ylabel("patch contrast [ΔE₀₀]")
        percent_axis(axes[1, 0], "share of that when healed")
        top = float(np.nanmax(seen["contrast_of_healed"].values, initial=1.0))
        axes[1, 0].set_ylim(0.0, 1.08 * max(top, 1.0))
        axes[2, 0].set_ylabel("difference to bare skin")
        axes[0, 0].set_title("First weeks")
        axes[0, 1].set_title(f"What is seen over the years: {fade.scenario.preset_name}")
        axes[1, 1].legend(loc="lower left", fontsize=9)
        axes[2, 1].legend(loc="lower right", fontsize=9, ncols=3)
        for ax in axes[:, 0]:
            ax.set_xlim(0.0, shown)
            ax.set_xticks(np.arange(0, shown + 0.1, 3))
        for ax in axes[:, 1]:
            years_axis(ax, end)
        draw_events(axes[0, 1], marks_of(fade), float(seen["contrast"].max()))
        for ax in axes[:2].flat:
            ax.set_xlabel("")
            ax.tick_params(labelbottom=False)
        axes[2, 0].set_xlabel("weeks")
        _say_drift(axes[2, 1], seen)
        say_below(axes[0, 0], [fade.scenario], "at the scenario's own values; skin as healed")
    return axes


def _draw_contrast(ax: Axes, x: NDArray[np.float64], seen: xr.Dataset) -> None:
    ax.plot(x, seen["contrast"], color=CYCLE[0])


def _levels(ax: Axes, seen: xr.Dataset, end: float) -> None:
    """Levels that somebody may choose for a touch-up, named as such."""
    healed, noticed = float(seen["healed_contrast"]), float(seen["noticed_from"])
    levels = {noticed: "half of viewers notice it"}
    if np.isfinite(healed):
        levels[0.5 * healed] = "half of that when healed"
    for level, words in levels.items():
        ax.axhline(level, color=GREY, lw=0.9, ls=(0, (5, 3)))
        ax.annotate(
            f"{words}: {level:.1f}",
            (end, level),
            (-2, 3),
            textcoords="offset points",
            ha="right",
            fontsize=8,
            color=GREY,
        )


def _draw_shares(ax: Axes, x: NDArray[np.float64], fade: Fade, seen: xr.Dataset) -> None:
    ax.plot(x, seen["contrast_of_healed"], color=CYCLE[0], label="patch contrast")
    ax.plot(x, fade.dataset["retained_of_healed"], color=CYCLE[1], ls=(0, (5, 1.5)), label="pigment")


def _draw_changes(ax: Axes, x: NDArray[np.float64], seen: xr.Dataset) -> None:
    for name, (words, colour) in _CHANGES.items():
        ax.plot(x, seen[name], color=colour, label=words, ls=_DASHES.get(name, "-"))
    ax.axhline(0.0, color=GREY, lw=0.8)


def _say_drift(ax: Axes, seen: xr.Dataset) -> None:
    """How far the hue of what the ink adds has turned, in words."""
    drift = seen["colour_drift"].values
    known = np.flatnonzero(np.isfinite(drift))
    if len(known):
        place = known[np.argmax(np.abs(drift[known]))]
        most = float(drift[place])
        words = f"the hue of what the ink adds turns by {abs(most):.1f}° at most"
        if abs(most) >= 0.05:
            words += f", towards {turned_to(float(seen['difference_hue'][place]), most)}"
        ax.set_title(words, fontsize=9, fontweight="normal", color=GREY, pad=4)


def turned_to(hue: float, drift: float) -> str:
    """What a hue angle has turned towards: the next of red, yellow, green and blue in that direction [degree]."""
    quarter = (hue - drift) / 90.0
    following = np.floor(quarter) + 1 if drift > 0 else np.ceil(quarter) - 1
    return ("red", "yellow", "green", "blue")[int(following) % 4]
