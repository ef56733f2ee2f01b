"""Maps of a study; a point without a touch-up in the run is drawn as such."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError
from inkfade.measures import fall, rule_of
from inkfade.plot.style import (
    FAILED,
    GREY,
    INK,
    SEQUENTIAL,
    figure_of,
    look,
    new_axes,
    new_grid,
    pretty_unit,
    say_below,
    subtitle,
)
from inkfade.touch_up import number, span, span_of_years

if TYPE_CHECKING:
    from typing import Any

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from inkfade.study import Study

_PER_INCH = 13  # letters of a heading that fit into an inch
_MOST_TEXT = 120  # cells of one panel that still have room for their number


def plot_touch_up(study: Study, *, x: str | None, y: str | None, place: dict[str, str | float]) -> NDArray[Any]:
    """Draw `Study.plot_touch_up`."""
    data = study.select(place)
    left = [d for d in study.dims if d not in place]
    across, upwards = _choose(data, left, x, y)
    if upwards is None:
        return np.array([_plot_line(study, data, across)], dtype=object)
    panels = [d for d in left if d not in (across, upwards)]
    if len(panels) > 1:
        raise ParameterError(f"too many dimensions for one figure: choose values of {' and '.join(panels[1:])}")
    values = list(data[panels[0]].values) if panels else [None]
    end = study.scenario.horizon
    top = _top(data, end)
    with look():
        n_down = len(data[upwards])
        axes = new_grid(
            1, len(values), 2.4 + 2.9 * len(values), float(np.clip(1.6 + 0.32 * n_down, 3.6, 7.0)), sharey=True
        )
        mesh: Any = None
        for ax, value in zip(axes[0], values, strict=True):
            part = data if value is None else data.sel({panels[0]: value})
            mesh = _draw_map(ax, part.transpose(upwards, across, ...), across, upwards, end, top)
            ax.set_title("Touch-up time" if value is None else f"{panels[0].replace('_', ' ')}: {_value(value)}")
        axes[0, 0].set_ylabel(_label(data, upwards))
        failed = data["status"].values != 0
        censored = (data["touch_up_observed"].values == 0) & ~failed
        bar = figure_of(axes[0, 0]).colorbar(mesh, ax=list(axes[0]), pad=0.02, aspect=28)
        hatched = f"; hatched: not within {span(end)}" if censored.any() else ""
        crossed = "; crossed: failed" if failed.any() else ""
        bar.set_label(f"touch-up after [years]{hatched}{crossed}")
        _say(study, data, figure_of(axes[0, 0]))
        bar.outline.set_visible(False)
        say_below(axes[0, 0], [study.scenario])
    return np.asarray(axes[0])


def _say(study: Study, data: xr.Dataset, figure: Figure) -> None:
    """What it is a fall of, and which axis does nothing, above the maps."""
    lines = [f"Touch-up at the scenario's own values: {_fall(study, data)}", *_notes(study, data)]
    room = int(_PER_INCH * figure.get_figwidth())
    figure.suptitle(
        "\n".join(part for line in lines for part in textwrap.wrap(line, room)),
        x=0.01,
        ha="left",
        fontsize=9.5,
        color=GREY,
    )


def _fall(study: Study, data: xr.Dataset) -> str:
    """What a touch-up is in what is drawn: the rule may be swept."""
    rule: list[Any] = list(rule_of(study.scenario))
    for i, name in enumerate(("measure", "threshold", "contrast_floor")):
        swept = data.coords.get(f"touch_up.{name}")
        if swept is not None and swept.ndim:
            return "the rule is swept"
        if swept is not None:
            rule[i] = swept.values[()]
    return fall(str(rule[0]), float(rule[1]), float(rule[2]))


def _notes(study: Study, data: xr.Dataset) -> list[str]:
    """What the study says of the axes that are drawn."""
    gone = [d for d in study.dims if d not in data.dims]
    return [note for note in study.notes if not note.startswith(tuple(f"{d}:" for d in gone))]


def _choose(data: xr.Dataset, left: list[str], x: str | None, y: str | None) -> tuple[str, str | None]:
    """Dimensions across and upwards; depth goes downwards where it can."""
    for name in (n for n in (x, y) if n is not None):
        if name not in left:
            raise ParameterError(f"{name!r} is no free dimension of this study ({', '.join(left)})")
    numeric = [d for d in left if data[d].dtype.kind in "if"]
    ordered = [*(d for d in numeric if d not in (x, y)), *(d for d in left if d not in numeric and d not in (x, y))]
    if y is None and x != "depth" and "depth" in ordered and len(left) > 1:
        y = "depth"
        ordered.remove("depth")
    if x is None:
        if not ordered:
            raise ParameterError("the study has no free dimension left to plot over")
        x = ordered.pop(0)
    if y is None and ordered:
        y = ordered.pop(0)
    return x, y


def _top(data: xr.Dataset, end: float) -> float:
    """The end of the colours: that of the run, or of what is observed where all is."""
    time = np.where(data["status"] == 0, data["touch_up_time"], np.nan)
    latest = float(np.nanmax(time, initial=0.0))
    all_observed = bool((data["touch_up_observed"].values == 1).all())
    return float(np.ceil(latest)) if all_observed and latest > 0 else end


def _draw_map(ax: Axes, data: xr.Dataset, across: str, upwards: str, end: float, top: float) -> Any:
    time = np.where(data["status"] == 0, data["touch_up_time"], np.nan)
    observed = data["touch_up_observed"].values.astype(bool) & np.isfinite(time)
    x, y = _edges(data[across].values), _edges(data[upwards].values)
    masked = np.ma.masked_where(~observed, time)
    mesh = ax.pcolormesh(x, y, masked, cmap=SEQUENTIAL, vmin=0.0, vmax=top, edgecolor="white", lw=0.6)
    for down, right in np.argwhere(~observed):
        from matplotlib.patches import Rectangle

        failed = not np.isfinite(time[down, right])
        corner, size = (x[right], y[down]), (x[right + 1] - x[right], y[down + 1] - y[down])
        ax.add_patch(
            Rectangle(
                corner,
                *size,
                fc="#f4d6d6" if failed else "#f3f4f6",
                ec="#9aa3af",
                hatch="xxx" if failed else "////",
                lw=0,
            )
        )
    if time.size <= _MOST_TEXT:
        _write_numbers(ax, time, observed, (x, y), end, top)
    _tick(ax.xaxis, data[across].values)
    _tick(ax.yaxis, data[upwards].values)
    ax.set_xlabel(_label(data, across))
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
    if "depth" in upwards:
        ax.set_ylim(y[-1], y[0])
    return mesh


def _write_numbers(
    ax: Axes,
    time: NDArray[np.float64],
    observed: NDArray[np.bool_],
    edges: tuple[NDArray[Any], NDArray[Any]],
    end: float,
    top: float,
) -> None:
    x, y = ((e[1:] + e[:-1]) / 2 for e in edges)
    for (down, right), value in np.ndenumerate(time):
        text = number(float(value)) if observed[down, right] else "failed" if np.isnan(value) else f"> {span(end)}"
        dark = observed[down, right] and value < 0.55 * top
        box = None if observed[down, right] else {"fc": "#f3f4f6", "ec": "none", "pad": 1.0}
        ax.text(
            x[right], y[down], text, ha="center", va="center", fontsize=8.5, color="white" if dark else INK, bbox=box
        )


def _plot_line(study: Study, data: xr.Dataset, across: str) -> Axes:
    """One free dimension: touch-up time as points, censored ones as arrows at the end of the run."""
    end = study.scenario.horizon
    with look():
        ax = new_axes()
        time = np.where(data["status"] == 0, data["touch_up_time"], np.nan)
        failed = np.isnan(time)
        observed = data["touch_up_observed"].values.astype(bool) & ~failed
        places = np.arange(len(time)) if data[across].dtype.kind == "O" else data[across].values
        ax.plot(places, np.where(observed, time, np.nan), "o-", ms=6)
        marks: dict[str, Any] = {"ls": "none", "ms": 9, "clip_on": False}
        censored = ~observed & ~failed
        if censored.any():
            said = f"not within {span_of_years(end)}"
            ax.plot(
                places[censored], np.full(censored.sum(), end), marker="^", mfc="white", mec=INK, label=said, **marks
            )
        if failed.any():
            ax.plot(places[failed], np.zeros(failed.sum()), marker="x", mec=FAILED, mew=2, label="failed", **marks)
        if data[across].dtype.kind == "O":
            ax.set_xticks(places, [str(v) for v in data[across].values])
        ax.set_ylim(0.0, end)
        ax.set_xlabel(_label(data, across))
        ax.set_ylabel("touch-up after [years]")
        ax.set_title("Touch-up time")
        subtitle(ax, f"at the scenario's own values: {_fall(study, data)}")
        if not observed.all():
            ax.legend(loc="lower right")
        say_below(ax, [study.scenario])
    return ax


def _edges(values: NDArray[Any]) -> NDArray[np.float64]:
    """Edges of cells around the values; text is spaced evenly."""
    places = np.arange(len(values), dtype=float) if values.dtype.kind in "OUT" else values.astype(float)
    if len(places) == 1:
        half = 0.5 * abs(places[0]) or 0.5
        return np.array([places[0] - half, places[0] + half])
    middles = (places[1:] + places[:-1]) / 2
    return np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])


def _tick(axis: Any, values: NDArray[Any]) -> None:
    """A tick at every value, or every other one where there are many."""
    places = np.arange(len(values)) if values.dtype.kind in "OUT" else values
    step = int(np.ceil(len(values) / 14))
    axis.set_ticks(places[::step], _values(values[::step]))


def _values(values: NDArray[Any]) -> list[str]:
    """Labels of an axis, all with the same number of decimals."""
    said = [_value(v) for v in values]
    if values.dtype.kind not in "if" or any("e" in text for text in said):
        return said
    decimals = max(len(text.partition(".")[2]) for text in said)
    return [f"{float(v):.{decimals}f}" for v in values]


def _value(value: Any) -> str:
    return str(value) if isinstance(value, str) else f"{float(value):g}"


def _label(data: xr.Dataset, dim: str) -> str:
    unit = pretty_unit(str(data[dim].attrs.get("units", "1")))
    name = {"depth": "depth of the deposit", "dot_density": "dots per area"}.get(dim, dim.replace("_", " "))
    return name if unit in ("1", "") else f"{name} [{unit}]"
