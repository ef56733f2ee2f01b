"""Small pieces of HTML for notebooks; every text that comes in is escaped."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

_CELL = "padding:2px 12px 2px 0;text-align:left;border:none"


def line(text: str, *, strong: bool = False, colour: str = "") -> str:
    """One line of text."""
    inner = f"<b>{escape(text)}</b>" if strong else escape(text)
    style = f' style="margin:2px 0;color:{escape(colour)}"' if colour else ' style="margin:2px 0"'
    return f"<div{style}>{inner}</div>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table."""
    head = "".join(f'<th style="{_CELL}">{escape(h)}</th>' for h in header)
    body = "".join("<tr>" + "".join(f'<td style="{_CELL}">{escape(c)}</td>' for c in row) + "</tr>" for row in rows)
    style = "border-collapse:collapse;margin:4px 0"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def details(summary: str, inner: str) -> str:
    """A part that opens on a click; `inner` is HTML already."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


def image(figure: Figure) -> str:
    """A figure as an inline PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img style="max-width:100%" src="data:image/png;base64,{text}" alt="figure"/>'


def page(*parts: str) -> str:
    """Parts one below the other; each is HTML already."""
    return f'<div style="font-family:sans-serif;font-size:13px">{"".join(parts)}</div>'
