"""Pigment over depth; depth points downwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError
from inkfade.plot.style import GREY, INK, SEQUENTIAL, look, new_axes, say_below
from inkfade.seen import check_profiles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.scenario import Scenario


def plot_profile(fade: Fade, *, years: list[float] | None, ax: Axes | None) -> Axes:
    """Draw `Fade.plot_profile`."""
    import matplotlib as mpl

    check_profiles(fade)
    if years is not None and not _are_numbers(years):
        raise ParameterError(f"years = {years!r}: expected a list of bare numbers, for example years=[1, 5]")
    wanted = [42 / 365.25, 1.0, 3.0, 5.0, 10.0] if years is None else years
    places = _places(fade.years, wanted, told=years is not None)
    own = ax is None
    with look():
        ax = ax or new_axes(6.4, 5.2)
        colours = mpl.colormaps[SEQUENTIAL](np.linspace(0.0, 0.86, len(places)))
        depth = fade.dataset["z"].values
        shown = np.zeros_like(depth)
        for place, colour in zip(places, colours, strict=True):
            density = fade.dataset["pigment"].isel(time=place).sum(("pool", "size_class")).values
            ax.plot(density, depth, color=colour, label=_when(float(fade.years[place])))
            shown = np.maximum(shown, density)
        bottom = _bottom(depth, shown)
        _draw_layers(ax, fade.scenario, bottom)
        ax.set_ylim(bottom, 0.0)
        ax.set_xlim(left=0.0)
        ax.set_xlabel("pigment inside the dot [mg/cm³]")
        ax.set_ylabel("depth below the skin surface [µm]")
        ax.set_title(f"Where the pigment lies: {fade.scenario.preset_name}")
        ax.grid(visible=False, axis="y")
        ax.legend(loc="lower right", title="time after the first session", title_fontsize=9, fontsize=9)
        if own:
            say_below(ax, [fade.scenario])
    return ax


def _are_numbers(years: object) -> bool:
    return isinstance(years, list | tuple | np.ndarray) and all(
        isinstance(y, int | float | np.number) and not isinstance(y, bool) for y in years
    )


def layer_bounds(scenario: Scenario) -> list[tuple[str, float, float]]:
    """Name, top and bottom [um] of every skin layer, outermost first."""
    top, result = 0.0, []
    for layer in scenario.layers:
        bottom = top + float(scenario[f"skin.{layer}.thickness"]) * 1e6
        result.append((layer, top, bottom))
        top = bottom
    return result


def _draw_layers(ax: Axes, scenario: Scenario, bottom: float) -> None:
    """Bands with names; thin layers keep their line and leave the name out."""
    for i, (layer, top, base) in enumerate(layer_bounds(scenario)):
        if top >= bottom:
            break
        ax.axhspan(top, min(base, bottom), color="#f3ece6" if i % 2 == 0 else "#faf6f2", lw=0, zorder=0)
        if base - top > 0.035 * bottom:
            ax.text(
                1.015,
                (top + min(base, bottom)) / 2,
                layer.replace("_", " "),
                fontsize=8,
                color=GREY,
                va="center",
                transform=ax.get_yaxis_transform(),
                zorder=1,
            )
        if scenario[f"skin.{layer}.tissue"] == "epidermis" and base < bottom:
            ax.axhline(base, color=INK, lw=0.7, ls=(0, (4, 3)), zorder=1)


def _bottom(depth: NDArray[np.float64], density: NDArray[np.float64]) -> float:
    """Depth down to which there is pigment to see, in full 100 um."""
    seen = np.flatnonzero(density > 0.005 * density.max()) if density.max() > 0 else np.array([len(depth) - 1])
    return float(min(depth[-1], 100.0 * np.ceil((1.05 * depth[seen[-1]]) / 100.0)))


def _places(years: NDArray[np.float64], wanted: list[float], *, told: bool) -> list[int]:
    """Indices of the saved times nearest to those wanted, each once."""
    end = float(years[-1])
    for year in wanted:
        if told and not 0.0 <= year <= end * (1 + 1e-9):
            raise ParameterError(f"years = {year:g}: the run goes from 0 to {end:g} years")
    inside = [y for y in wanted if y <= end * (1 + 1e-9)]
    return sorted({int(np.argmin(np.abs(years - y))) for y in inside or [end]})


def _when(years: float) -> str:
    if years < 0.5:
        return f"{years * 365.25:.0f} days"
    said = f"{years:.2g}"
    return "1 year" if said == "1" else f"{said} years"
