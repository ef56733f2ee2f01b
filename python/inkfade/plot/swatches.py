"""The colour of the patch over the years, on its bare skin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade.appearance import colour
from inkfade.plot.patches import CONTRAST, HEALTHY, contrast_text, moment_text
from inkfade.plot.style import GREY, look, new_axes, say_below
from inkfade.seen import at_days, look_at, moments, profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from inkfade.fade import Fade
    from inkfade.units import Given

_MARGIN = 0.14


def plot_swatches(fade: Fade, years: Sequence[Given] | None, *, ax: Axes | None) -> Axes:
    """Draw `Fade.plot_swatches`: a square of each colour on one strip of bare skin, so that each touches it."""
    from matplotlib.patches import Rectangle

    days = moments(fade, years)
    seen = look_at(fade.scenario, profiles(at_days(fade, days)), "full")
    own = ax is None
    n = len(days)
    with look():
        ax = ax or new_axes(1.2 * n + 0.6, 2.4)
        bare = tuple(colour.srgb(seen.bare_lab))
        ax.add_patch(Rectangle((0, 0), n, 1, fc=bare, ec="none"))
        for i, (day, lab, contrast) in enumerate(zip(days, seen.lab, seen.contrast, strict=True)):
            size = 1 - 2 * _MARGIN
            ax.add_patch(Rectangle((i + _MARGIN, _MARGIN), size, size, fc=tuple(colour.srgb(lab)), ec="none"))
            ax.text(i + 0.5, -0.05, moment_text(float(day)), ha="center", va="top", fontweight="bold", fontsize=9.5)
            ax.text(i + 0.5, -0.24, contrast_text(float(contrast)), ha="center", va="top", fontsize=9, color=GREY)
        ax.set_xlim(0, n)
        ax.set_ylim(-0.4, 1)
        ax.set_aspect("equal")
        ax.axis("off")
        ax.set_title(f"Colour of the patch on bare skin: {fade.scenario.preset_name}")
        if own:
            say_below(ax, [fade.scenario], f"{CONTRAST}; {HEALTHY}")
    return ax
