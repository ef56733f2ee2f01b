"""The look of all figures: quiet axes, colours that colour-blind readers can tell apart, an honest footer."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from inkfade.scenario import Scenario

FOOTER = "model prediction, not medical advice"
_LETTERS = 16  # of the footer in an inch
DRAWS, LEVEL = 200, 0.8  # people of a band, and the share of them inside it
_GRADES = ("measured", "inferred", "assumed")
INK, GREY, PALE, FAILED = "#1f2933", "#6b7280", "#d9dde3", "#a40000"
# Okabe and Ito's colours, the yellow left out: it does not show on white.
CYCLE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
POOLS = {"stroma": "#1b3a5c", "macrophage": "#0072B2", "free": "#7cc3ea"}
FATES = {"shed": "#E69F00", "drained": "#D55E00", "degraded": "#CC79A7", "removed": "#8c8c8c"}
SEQUENTIAL = "viridis"

STYLE: dict[str, Any] = {
    "figure.dpi": 110,
    "savefig.dpi": 200,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.08,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
}


@contextmanager
def look() -> Iterator[None]:
    """Use the look for what is drawn inside, and nothing else."""
    import matplotlib as mpl
    from cycler import cycler

    with mpl.rc_context(cast("Any", {**STYLE, "axes.prop_cycle": cycler(color=CYCLE)})):
        yield
        interactive = mpl.is_interactive()
    # A notebook's backend, loaded by the first figure, has just switched itself to interactive: kept, or the notebook
    # would never show a figure.
    mpl.interactive(interactive)


def new_axes(width: float = 7.2, height: float = 4.2) -> Axes:
    """One pair of axes in a figure of its own, with the footer."""
    return cast("Axes", new_grid(1, 1, width, height)[0, 0])


def new_grid(rows: int, columns: int, width: float, height: float, **options: Any) -> NDArray[Any]:
    """Axes in rows and columns (rows, columns), with the footer below."""
    import matplotlib.pyplot as plt

    from inkfade.plot.figure import PlainFigure

    size: dict[str, Any] = {"figsize": (width, height), "layout": "constrained", "FigureClass": PlainFigure}
    figure, axes = plt.subplots(rows, columns, squeeze=False, **size, **options)
    _foot(figure, FOOTER)
    return np.asarray(axes)


def say_below(ax: Axes, scenarios: Iterable[Scenario], spread: str = "") -> None:
    """
    Complete the footer of a figure of our own by what is drawn.

    Parameters
    ----------
    ax
        Axes of the figure.
    scenarios
        What is drawn of: the weakest evidence among their inputs is named.
    spread
        What is drawn of the differences between people; the scenario's own values alone where nothing is.
    """
    from inkfade.touch_up import weakest_grade

    grades = [weakest_grade(scenario)[0] for scenario in dict.fromkeys(scenarios)]
    weakest = max(grades, key=_GRADES.index)
    said = [FOOTER, spread or "at the scenario's own values", f"weakest evidence: {weakest}"]
    _foot(figure_of(ax), "; ".join(said))


def people(level: float = LEVEL, draws: int = DRAWS) -> str:
    """Whom a spread covers: '80 % of 200 people drawn'."""
    return f"{100 * level:g} % of {draws} people drawn"


def _foot(figure: Figure, text: str) -> None:
    lines = textwrap.fill(text, int(_LETTERS * figure.get_figwidth()))
    figure.supxlabel(lines, fontsize=7.5, color=GREY, x=0.99, ha="right", multialignment="right")


def figure_of(ax: Axes) -> Figure:
    """The figure that axes belong to."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def write(ax: Axes, path: Path) -> None:
    """Write the figure that axes belong to, and close it."""
    import matplotlib.pyplot as plt

    figure = figure_of(ax)
    with look():
        figure.savefig(path)
    plt.close(figure)


def inline(draw: Callable[[], Axes | NDArray[Any]]) -> Figure:
    """The figure that a plotting function makes, closed, so that a notebook does not show it a second time."""
    import matplotlib.pyplot as plt

    drawn = draw()
    figure = figure_of(drawn.flat[0] if isinstance(drawn, np.ndarray) else drawn)
    plt.close(figure)
    return figure


def subtitle(ax: Axes, text: str) -> None:
    """One quiet line between the title and the axes; call it after the title is set."""
    ax.set_title(ax.get_title(loc="left"), pad=24)
    ax.annotate(
        text, (0.0, 1.0), (0, 7), xycoords="axes fraction", textcoords="offset points", fontsize=9.5, color=GREY
    )


def pretty_unit(unit: str) -> str:
    """A unit as people write it: µm, cm⁻²."""
    for plain, pretty in (("um", "µm"), ("ug", "µg"), ("-1", "⁻¹"), ("-2", "⁻²"), ("-3", "⁻³")):
        unit = unit.replace(plain, pretty)
    return unit


def percent_axis(ax: Axes, label: str) -> None:
    """Shares of 1 as per cent, from 0 to 100."""
    from matplotlib.ticker import PercentFormatter

    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_ylim(0.0, 1.02)
    ax.set_ylabel(label)


def years_axis(ax: Axes, end: float) -> None:
    """Years from the first session, from 0 to the end of the run."""
    from matplotlib.ticker import MaxNLocator

    ax.set_xlim(0.0, end)
    ax.xaxis.set_major_locator(MaxNLocator(11, steps=[1, 2, 5, 10], integer=end > 3))
    ax.set_xlabel("years after the first session")


def spread_labels(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels, at least a gap apart and as near as that allows to where they belong."""
    order = np.argsort(places)
    moved = np.array(places, dtype=float)[order]
    for _ in range(200):
        close = np.flatnonzero(np.diff(moved) < gap - 1e-9)
        if not len(close):
            break
        for i in close:
            middle = (moved[i] + moved[i + 1]) / 2
            moved[i], moved[i + 1] = middle - gap / 2, middle + gap / 2
        moved += max(0.0, low - moved[0]) - max(0.0, moved[-1] - high)
    result = np.empty_like(moved)
    result[order] = moved
    return [float(v) for v in result]
