"""Pictures of the skin patch with its dots, at several times and of several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError
from inkfade.plot.naming import differing
from inkfade.plot.style import GREY, INK, figure_of, look, new_grid, say_below
from inkfade.scenario import Scenario
from inkfade.seen import Look, at_days, look_at, moments, patches_of, profiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.units import Given

_DAYS = 365.25
_WIDTH, _MARGIN, _BAR = 10e-3, 1.4e-3, 2e-3  # [m]
_SIZE = 1.55  # [in] of a picture
CONTRAST = "ΔE₀₀: patch to bare skin, seen from afar"
HEALTHY = "skin as healed: no redness or crust"


def compare_patches(
    *runs: Fade | Scenario,
    years: Sequence[Given] | None = None,
    labels: list[str] | None = None,
    pixels: int = 300,
) -> NDArray[Any]:
    """
    Picture the skin patch of several runs, a row for each, at the same times.

    Parameters
    ----------
    *runs
        Results of `inkfade.simulate`, or scenarios, which are simulated.
    years
        As in `Fade.plot_patch`; those that every run has where not given.
    labels
        One for each; what their scenarios differ in where not given.
    pixels
        Of each picture, along each side.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
        (n_runs, n_times).

    Raises
    ------
    ParameterError
        If there is no run, something else than a run, another number of labels, or a run without profiles.
    """
    from inkfade.fade import Fade
    from inkfade.simulation import simulate

    for run in runs:
        if not isinstance(run, Fade | Scenario):
            raise ParameterError(
                "compare_patches takes results of simulate, or scenarios, one by one, compare_patches(a, b): "
                f"got {type(run).__name__}"
            )
    if not runs:
        raise ParameterError("compare_patches needs at least one run: compare_patches(a, b)")
    fades = [run if isinstance(run, Fade) else simulate(run, check=True) for run in runs]
    names = differing([fade.scenario for fade in fades]) if labels is None else labels
    if isinstance(names, str) or len(names) != len(fades):
        raise ParameterError(f"compare_patches got {len(fades)} runs and {len(names)} labels: give one label for each")
    return draw_patches(fades, years, pixels=pixels, names=names)


def draw_patches(
    fades: list[Fade], years: Sequence[Given] | None, *, pixels: int, names: list[str] | None = None
) -> NDArray[Any]:
    """Draw a row of pictures for each run, each with its time and its contrast, and bare skin at the end."""
    days = min((moments(fade, years) for fade in fades), key=len)
    shown = [at_days(fade, days) for fade in fades]
    seen = [look_at(fade.scenario, profiles(fade), "full") for fade in shown]
    with look():
        named = 0.24 if names is not None else 0.0
        width, height = max(_SIZE * len(days) + 0.1, 4.2), (_SIZE + 0.22 + named) * len(fades) + 0.8
        axes = new_grid(len(fades), len(days), width, height)
        for i, (row, fade, looked) in enumerate(zip(axes, shown, seen, strict=True)):
            _draw_row(row, fade, looked, pixels)
            for ax, day in zip(row, days, strict=True):
                said = moment_text(float(day)) if i == 0 else " "
                room = "\n" if i == 0 and names is not None else ""  # for the name of the row
                ax.set_title(room + said, loc="center", fontsize=10, pad=5)
            if names is not None:
                _name_row(row[0], names[i], above=21 if i == 0 else 5)
        _scale_bar(axes[0, 0])
        figure = figure_of(axes[0, 0])
        figure.set_layout_engine("compressed", w_pad=0.04, h_pad=0.04, wspace=0.0, hspace=0.0)
        presets = {fade.scenario.preset_name for fade in fades}
        figure.suptitle(
            "The patch on bare skin" + (f": {presets.pop()}" if len(presets) == 1 else ""),
            x=0.012,
            ha="left",
            fontsize=11.5,
            fontweight="bold",
        )
        say_below(axes[0, 0], [fade.scenario for fade in fades], f"{CONTRAST}; {HEALTHY}")
    return axes


def moment_text(day: float) -> str:
    """A time as people say it: day 0, 6 weeks, 20 days, 1 year, 3.5 years."""
    if day < 1e-6:
        return "day 0"
    if day < 0.5 * _DAYS:
        weeks = day / 7
        if abs(weeks - round(weeks)) < 1e-6:
            return f"{weeks:.0f} week" + "s" * (round(weeks) != 1)
        return f"{day:.3g} day" + "s" * (f"{day:.3g}" != "1")
    said = f"{day / _DAYS:.3g}"
    return "1 year" if said == "1" else f"{said} years"


def contrast_text(contrast: float) -> str:
    """A contrast with the digits that it carries."""
    return f"ΔE₀₀ {contrast:.1f}"


def _draw_row(row: NDArray[Any], fade: Fade, seen: Look, pixels: int) -> None:
    patches = patches_of(fade, pixels=pixels, width=_WIDTH, margin=_MARGIN)
    for ax, patch, contrast in zip(row, patches, seen.contrast, strict=True):
        _show(ax, patch.srgb)
        ax.set_xlabel(contrast_text(float(contrast)), fontsize=9, labelpad=3)


def _name_row(ax: Axes, name: str, above: float) -> None:
    """What a row is of, over its first picture."""
    said = ax.annotate(
        name, (0.0, 1.0), (0, above), xycoords="axes fraction", textcoords="offset points", fontsize=9, color=GREY
    )
    said.set_in_layout(False)  # it may be longer than the picture is wide


def _show(ax: Axes, picture: NDArray[np.float64]) -> None:
    millimetres = (_WIDTH + 2 * _MARGIN) * 1e3
    rounded = np.round(picture * 255).astype(np.uint8)  # exactly these bytes, whatever the figure's size
    ax.imshow(rounded, extent=(0, millimetres, millimetres, 0), interpolation="antialiased")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _scale_bar(ax: Axes) -> None:
    """2 mm, on the picture itself."""
    left, bottom, length = _MARGIN * 1e3, (_WIDTH + 1.5 * _MARGIN) * 1e3, _BAR * 1e3
    ax.plot([left, left + length], [bottom, bottom], color=INK, lw=1.8, solid_capstyle="butt")
    ax.text(left + length + 0.35, bottom, f"{length:g} mm", fontsize=7, color=INK, va="center")
