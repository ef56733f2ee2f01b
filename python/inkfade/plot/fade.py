"""The fade curve: what is left over the years."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import FileError, FormatError, ParameterError
from inkfade.plot.style import CYCLE, FAILED, GREY, INK, look, new_axes, percent_axis, pretty_unit, subtitle, years_axis
from inkfade.touch_up import left_out, number, span_of_years

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from inkfade.fade import Fade
    from inkfade.touch_up import TouchUp

_DAYS = 365.25
_EVENT_NAMES = {"touch_up": "touch-up", "treatment": "session", "healed": "healed"}


def plot_fade(fade: Fade, *, data: str | Path | None, band: bool, ax: Axes | None) -> Axes:
    """Draw `Fade.plot`."""
    with look():
        ax = ax or new_axes()
        ran = fade.status == "ok"
        _draw_curve(ax, fade, CYCLE[0], "at the scenario's own values", band=band, band_label="80 % of people")
        _draw_events(ax, fade)
        touch_up = fade.known_touch_up or (fade.touch_up() if band and ran else None)
        said = _draw_touch_up(ax, fade, touch_up) if ran else ""
        if data is not None:
            _draw_visits(ax, data)
        ax.set_title(f"Pigment retained in the dot: {fade.scenario.preset_name}")
        if said:
            subtitle(ax, said)
        _finish(ax, _end(fade), legend=band or data is not None)
        if not ran:
            _say_failed(ax, fade)
    return ax


def compare_plot(*fades: Fade, labels: list[str] | None = None, band: bool = False, ax: Axes | None = None) -> Axes:
    """
    Plot the fade curves of several runs on one pair of axes.

    Parameters
    ----------
    *fades
        Two or more results of `inkfade.simulate`.
    labels
        One for each; what their scenarios differ in where not given.
    band
        Add the 80 % band between people of each.
    ax
        Axes to draw into; a new figure where not given.
    """
    from inkfade.fade import Fade

    for fade in fades:
        if not isinstance(fade, Fade):
            said = f"got {type(fade).__name__}"
            raise ParameterError(f"compare_plot takes results of simulate one by one, compare_plot(a, b): {said}")
    if not fades:
        raise ParameterError("compare_plot needs at least one Fade")
    names = labels if labels is not None else differing(list(fades))
    if len(names) != len(fades):
        raise ParameterError(f"compare_plot got {len(fades)} runs and {len(names)} labels: give one label for each")
    with look():
        ax = ax or new_axes()
        for fade, name, colour in zip(fades, names, cycle(CYCLE), strict=False):
            said = name if fade.status == "ok" else f"{name} (failed: {fade.status})"
            _draw_curve(ax, fade, colour, said, band=band)
            _draw_cross(ax, fade, colour)
        ax.set_title("Pigment retained in the dot")
        _finish(ax, max(_end(f) for f in fades), legend=False)
        ax.legend(loc="upper right", title="band: 80 % of people" if band else None)
    return ax


def differing(fades: list[Fade]) -> list[str]:
    """What the scenarios of several runs differ in: "depth 300 um, aftercare poor"."""
    tables = [f.scenario.parameters for f in fades]
    words: list[list[str]] = [[] for _ in fades]
    for name in tables[0].index:
        values = [t["value"].get(name) for t in tables]
        if len({str(v) for v in values}) > 1:
            unit = str(tables[0]["unit"][name])
            for said, value in zip(words, values, strict=True):
                text = f"{value:.4g}" if isinstance(value, float) else str(value)
                said.append(
                    f"{name.rpartition('.')[2].replace('_', ' ')} {text} {pretty_unit(unit.strip('1'))}".rstrip()
                )
    regimes = [f.scenario.core.aftercare[0]["regime"] if f.scenario.core.aftercare else "" for f in fades]
    if len(set(regimes)) > 1:
        for said, regime in zip(words, regimes, strict=True):
            said.append(f"aftercare {regime or 'explicit'}")
    return [", ".join(said[:3]) or f"run {i + 1}" for i, said in enumerate(words)]


def _draw_curve(ax: Axes, fade: Fade, colour: str, label: str, *, band: bool, band_label: str | None = None) -> None:
    if band:
        low, high, n_failed = fade.band_of_runs()
        if band_label is not None:
            band_label += left_out(n_failed)
        ax.fill_between(fade.years, low, high, color=colour, alpha=0.16, lw=0, label=band_label)
    ax.plot(fade.years, fade.dataset["retained_of_deposit"], color=colour, label=label)


def _threshold_of_deposit(fade: Fade, threshold: float) -> float:
    """The touch-up threshold as a share of the deposit."""
    if str(fade.scenario["touch_up.measure"]) == "retained_of_deposit":
        return threshold
    healed = fade.dataset["retained_of_healed"].values
    deposit = fade.dataset["retained_of_deposit"].values
    known = np.flatnonzero(np.isfinite(healed) & (healed > 0))
    if not len(known):
        return float("nan")
    return float(threshold * deposit[known[0]] / healed[known[0]])


def _draw_touch_up(ax: Axes, fade: Fade, touch_up: TouchUp | None) -> str:
    """The threshold, where the curve crosses it, and the interval if it is known; says it in words."""
    threshold = touch_up.threshold if touch_up else float(fade.scenario["touch_up.threshold"])
    level = _threshold_of_deposit(fade, threshold)
    if not np.isfinite(level):
        return ""
    end = float(fade.years[-1])
    what = "healed" if str(fade.scenario["touch_up.measure"]) == "retained_of_healed" else "deposit"
    ax.axhline(level, color=GREY, lw=1.0, ls=(0, (5, 3)), zorder=1)
    time, observed = float(fade.dataset["touch_up_time"]), bool(fade.dataset["touch_up_observed"])
    text = f"{100 * threshold:g} % of {what}"
    ax.annotate(text, (0.0, level), (5, -4), textcoords="offset points", va="top", fontsize=9, color=GREY)
    said = f"touch-up at {number(time)} years" if observed else f"touch-up not within {span_of_years(end)}"
    if touch_up:
        time, observed = touch_up.time, touch_up.observed
        said = f"touch-up {'at ' if observed else ''}{touch_up}"
        _draw_interval(ax, touch_up, level, end)
    if observed:
        ax.plot([time], [level], "o", ms=8, mfc="white", mec=INK, mew=1.8, zorder=5)
    else:
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


def _draw_cross(ax: Axes, fade: Fade, colour: str) -> None:
    level = _threshold_of_deposit(fade, float(fade.scenario["touch_up.threshold"]))
    if fade.status == "ok" and bool(fade.dataset["touch_up_observed"]) and np.isfinite(level):
        ax.plot([float(fade.dataset["touch_up_time"])], [level], "o", ms=7, mfc="white", mec=colour, mew=1.8, zorder=5)


def _draw_events(ax: Axes, fade: Fade) -> None:
    """Sessions and healing as marks on the time axis."""
    times = np.atleast_1d(fade.dataset["event_time"].values) / _DAYS
    kinds = [str(k) for k in np.atleast_1d(fade.dataset["event_kind"].values)]
    for time, kind in zip(times, kinds, strict=True):
        if kind == "healed":
            curve = np.interp(time, fade.years, fade.dataset["retained_of_deposit"].values)
            ax.annotate(
                f"healed ({100 * curve:.0f} % of deposit)",
                (time, curve),
                (22, 26),
                textcoords="offset points",
                fontsize=9,
                va="center",
                arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.8, "shrinkB": 1},
            )
        elif time > 0:
            ax.axvline(time, color=GREY, lw=0.8, ls=":")
            ax.text(time, 1.01, f" {_EVENT_NAMES.get(kind, kind)}", fontsize=8, color=GREY, va="top")


def _draw_visits(ax: Axes, path: str | Path) -> None:
    visits = read_visits(path)
    error = visits["sd"].to_numpy() if "sd" in visits else None
    ax.errorbar(
        visits["time_year"],
        visits["retained_of_deposit"],
        yerr=error,
        fmt="D",
        ms=5,
        color=CYCLE[1],
        mec="white",
        elinewidth=1.2,
        capsize=2,
        label="visits",
        zorder=6,
    )


def read_visits(path: str | Path) -> pd.DataFrame:
    """
    Read a CSV file of visits.

    Columns time_year and retained_of_deposit, both numbers, and optionally sd.

    Raises
    ------
    FileError
        If the file cannot be read.
    FormatError
        If a column is missing, or holds something else than numbers, or shares in per cent.
    """
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: not a CSV file: {error}") from error
    for column in ("time_year", "retained_of_deposit"):
        if column not in table:
            raise FormatError(f"{path}: has no column {column} (columns: {', '.join(map(str, table.columns))})")
    for column in {"time_year", "retained_of_deposit", "sd"} & set(table.columns):
        if not np.issubdtype(table[column].to_numpy().dtype, np.number) or table[column].isna().any():
            raise FormatError(f"{path}: column {column} must hold numbers alone")
    most = float(table["retained_of_deposit"].max()) if len(table) else 0.0
    if most > 1.5:
        raise FormatError(f"{path}: column retained_of_deposit has {most:g}, but holds shares: write 0.5 for 50 %")
    return table


def _end(fade: Fade) -> float:
    """End of the time axis [year]: that of the run, or of what was planned where it failed."""
    return float(fade.years[-1]) if fade.status == "ok" else fade.scenario.horizon


def _say_failed(ax: Axes, fade: Fade) -> None:
    ax.axvline(float(fade.dataset["status_time"]) / _DAYS, color=FAILED, lw=1.5)
    ax.text(0.98, 0.95, f"the run failed: {fade.status}", transform=ax.transAxes, ha="right", color=FAILED)


def _finish(ax: Axes, end: float, *, legend: bool) -> None:
    percent_axis(ax, "share of deposited pigment in the skin")
    years_axis(ax, end)
    if legend:
        ax.legend(loc="upper right")
