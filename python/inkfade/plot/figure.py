"""Figures that save the same bytes every time, with text as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Letters stay letters, to be searched and edited in a drawing program; ids come from the content, not from chance.
_VECTOR: Any = {"svg.fonttype": "none", "svg.hashsalt": "inkfade", "pdf.fonttype": 42, "ps.fonttype": 42}
_DATES = {"svg": "Date", "svgz": "Date", "pdf": "CreationDate"}


class PlainFigure(Figure):
    """A Figure whose PDF and SVG files hold text as text and no date: the same drawing gives the same bytes."""

    def savefig(self, fname: Any, *, transparent: bool | None = None, **options: Any) -> None:
        """As that of `matplotlib.figure.Figure`."""
        named = str(options.get("format") or (Path(fname).suffix.removeprefix(".") if _is_path(fname) else ""))
        date = _DATES.get(named.lower() or str(mpl.rcParams["savefig.format"]))
        if date is not None:
            options["metadata"] = {date: None, **(options.get("metadata") or {})}
        with mpl.rc_context(_VECTOR):
            super().savefig(fname, transparent=transparent, **options)


def _is_path(name: object) -> bool:
    return isinstance(name, str | Path)
