"""Figures. matplotlib is imported when the first figure is made, not before."""

from inkfade.plot.compare import compare_plot

__all__ = ["compare_plot"]
