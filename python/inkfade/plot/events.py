"""What happened during a run, marked on the time axis in words that do not print over each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkfade.plot.style import GREY, PALE, figure_of
from inkfade.plot.tooth import events

if TYPE_CHECKING:
    from collections.abc import Collection

    from matplotlib.axes import Axes

    from inkfade.fade import Fade

_DAYS = 365.25
_SIZE = 8  # [pt] of the letters
_LETTER = 4.7  # [pt] about the width of one
_ROWS = 2
_ROW = 0.06  # of the height of the axes
_END = "_end"
_SPANS = frozenset({"immune_stimulation"})  # also where the run ends before they do
_WORDS = {
    "touch_up": ("touch-up", "touch-ups"),
    "treatment": ("session", "sessions"),
    "laser": ("laser", "laser sessions"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, from a year to a year; at one moment where both are the same."""

    kind: str
    start: float
    stop: float


def noun(kind: str, n: int = 1) -> str:
    """What a kind of event is called, for one or for several."""
    plain = kind.replace("_", " ")
    one, several = _WORDS.get(kind, (plain, f"{plain}s"))
    return one if n == 1 else several


def marks_of(fade: Fade, leave_out: Collection[str] = ()) -> list[Mark]:
    """
    What happened, in order; healing, which has its own mark, left out.

    The session at the start is named only where it is the first of several.
    """
    kinds, times = events(fade)
    spans = _SPANS | {kind.removesuffix(_END) for kind in kinds if kind.endswith(_END)}
    end = float(fade.years[-1])
    found: list[Mark] = []
    for kind, year in zip(map(str, kinds), times / _DAYS, strict=True):
        if kind in spans:
            found.append(Mark(kind, float(year), end))
        elif kind.endswith(_END):
            name = kind.removesuffix(_END)
            opened = [i for i, mark in enumerate(found) if mark.kind == name and mark.stop == end]
            if opened:
                found[opened[0]] = Mark(name, found[opened[0]].start, min(end, float(year)))
        elif kind != "healed":
            found.append(Mark(kind, float(year), float(year)))
    found = [mark for mark in found if mark.kind not in leave_out and mark.start <= end]
    several = {mark.kind for mark in found if mark.start > 0}
    return [mark for mark in found if mark.kind in several or mark.stop > 0]


def draw_events(ax: Axes, marks: list[Mark], highest: float) -> None:
    """
    Draw a line at each moment, a shade under each span, and their names in the rows that are free at the top.

    Parameters
    ----------
    ax
        Axes with the time in years, already scaled.
    marks
        What happened.
    highest
        Top of what is drawn: the names stay above.
    """
    for mark in marks:
        if mark.stop > mark.start:
            ax.axvspan(mark.start, mark.stop, color=PALE, alpha=0.55, lw=0, zorder=0)
        else:
            ax.axvline(mark.start, color=GREY, lw=0.8, ls=":", zorder=1)
    first, last = ax.get_xlim()
    letter = _LETTER * (last - first) / (72.0 * ax.bbox.width / figure_of(ax).dpi)
    placed = place_labels(_merged(marks, letter), last, letter)
    if not placed:
        return
    rows = 1 + max(row for _, row, _ in placed)
    ax.set_ylim(top=max(ax.get_ylim()[1], highest / (1.0 - _ROW * rows - 0.02)))
    for year, row, text in placed:
        across = ax.get_xaxis_transform()
        box = {"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.6}
        place = (year, 0.995 - _ROW * row)
        ax.text(*place, text, fontsize=_SIZE, color=GREY, va="top", transform=across, clip_on=True, bbox=box)


def _merged(marks: list[Mark], letter: float) -> list[tuple[float, str]]:
    """Names with the year where they begin; neighbours of one kind whose names would overlap share one."""
    labels: list[tuple[float, str]] = []
    for kind in dict.fromkeys(mark.kind for mark in marks):
        groups = [[mark] for mark in marks if mark.kind == kind]
        close = True
        while close:
            ends = [g[0].start + letter * (len(_name(kind, len(g))) + 2) for g in groups]
            close = False
            for i in range(len(groups) - 1, 0, -1):
                if groups[i][0].start < ends[i - 1]:
                    groups[i - 1 : i + 1] = [groups[i - 1] + groups[i]]
                    close = True
        labels += [(g[0].start, _name(kind, len(g))) for g in groups]
    return sorted(labels)


def _name(kind: str, n: int) -> str:
    return noun(kind) if n == 1 else f"{n} {noun(kind, n)}"


def place_labels(labels: list[tuple[float, str]], last: float, letter: float) -> list[tuple[float, int, str]]:
    """
    Find room for names in rows.

    Parameters
    ----------
    labels
        Where each begins [year], and its text; in order.
    last
        Right end of the axes [year].
    letter
        Width of a letter [year].

    Returns
    -------
    list of tuple
        Left end [year], row from the top and text of each; one that would print over another is left out.
    """
    free = [float("-inf")] * _ROWS
    placed = []
    for year, text in labels:
        width = letter * len(text)
        left = min(year + 0.7 * letter, last - width)
        row = next((i for i, taken in enumerate(free) if taken <= left), None)
        if row is not None:
            free[row] = left + width + letter
            placed.append((left, row, text))
    return placed
