"""Where the pigment is and where it went, as stacked shares of the deposit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade.plot.style import FATES, GREY, INK, POOLS, look, new_grid, percent_axis, say_below, spread_labels

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade

_HEALING = 60.0 / 365.25  # [year] what the left panel shows
_WORDS = {
    "stroma": "in stroma",
    "macrophage": "in macrophages",
    "free": "free in the skin",
    "shed": "shed with crust",
    "drained": "drained by lymph",
    "degraded": "broken by light",
    "removed": "removed",
}


def plot_ledger(fade: Fade, *, ax: Axes | None) -> NDArray[Any]:
    """Draw `Fade.plot_ledger`: the first weeks and all years side by side, or all years into `ax`."""
    table = fade.ledger
    colours = {**POOLS, **FATES}
    order = [name for name in colours if name in table]
    shown = [name for name in order if float(table[name].max()) >= 5e-4]
    end = float(table.index[-1]) if fade.status == "ok" else fade.scenario.horizon
    with look():
        if ax is not None:
            axes = np.array([ax], dtype=object)
        else:
            axes = new_grid(1, 2, 8.6, 4.4, width_ratios=[1, 2.2], sharey=True)[0]
        for panel in axes:
            _stack(panel, table[shown], [colours[n] for n in shown])
        last = axes[-1]
        last.set_xlim(0.0, end)
        last.set_xlabel("years after the first session")
        percent_axis(axes[0], "share of deposited pigment")
        axes[0].set_ylim(0.0, 1.0)
        if len(axes) == 2:
            axes[0].set_xlim(0.0, min(_HEALING, end))
            weeks = np.arange(0, 10, 2) * 7 / 365.25
            axes[0].set_xticks(
                weeks[weeks <= min(_HEALING, end)], [f"{2 * i}" for i, w in enumerate(weeks) if w <= end]
            )
            axes[0].set_xlabel("weeks")
            axes[0].set_title("Healing")
            last.set_title(f"Over the years: {fade.scenario.preset_name}")
        else:
            last.set_title(f"Where the pigment went: {fade.scenario.preset_name}")
        _label_ends(last, table[shown].iloc[-1], colours)
        _label_sides(last, table[shown])
        if ax is None:
            say_below(last, [fade.scenario])
    return axes


def _stack(ax: Axes, table: pd.DataFrame, colours: list[str]) -> None:
    ax.stackplot(table.index, table.fillna(0.0).T.to_numpy(), colors=colours, lw=0)
    in_skin = table[[c for c in table if c in POOLS]].sum(axis=1)
    ax.plot(table.index, in_skin, color=INK, lw=1.4)
    ax.grid(visible=False)


def _label_sides(ax: Axes, table: pd.DataFrame) -> None:
    """Above the line the pigment has left the skin, below it is in the skin."""
    in_skin = table[[c for c in table if c in POOLS]].sum(axis=1)
    place = 0.06 * float(table.index[-1])
    level = float(np.interp(place, table.index, in_skin))
    ax.annotate("left the skin", (place, level), (0, 6), textcoords="offset points", va="bottom", fontsize=9, color=INK)
    below = float(np.interp(0.6 * float(table.index[-1]), table.index, in_skin))
    if below > 0.08:
        said = f"in the skin: {100 * float(in_skin.iloc[-1]):.0f} % at the end"
        ax.annotate(said, (place, below), (0, -4), textcoords="offset points", va="top", fontsize=9, color="white")


def _label_ends(ax: Axes, last: pd.Series[Any], colours: dict[str, str]) -> None:
    """Names and final shares beside the right edge, in the colour of their area."""
    tops = np.cumsum(last.to_numpy())
    middles = [float(v) for v in tops - last.to_numpy() / 2]
    for name, place in zip(last.index, spread_labels(middles, 0.06, 0.02, 0.98), strict=True):
        share = 100 * float(last[name])
        text = (
            f"{_WORDS.get(str(name), str(name))}  {share:.0f} %"
            if share >= 0.5
            else f"{_WORDS.get(str(name), str(name))}  < 1 %"
        )
        ax.annotate(
            text,
            (1.0, place),
            (8, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=colours[str(name)],
            fontweight="bold",
            annotation_clip=False,
        )
    ax.spines["right"].set(visible=True, color=GREY)
