"""The model ladder: one scenario on several rungs, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade.rungs import check_rung, named
from inkfade.simulation import simulate
from inkfade.touch_up import number, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.rungs import Rung
    from inkfade.scenario import Scenario
    from inkfade.units import Given

_SHOWN = (42 / 365.25, 1.0, 2.0, 5.0, 10.0)  # [year]
CAUTION = (
    "The well-mixed rung has no depth: all pigment goes on seeing the mean rates of where the sessions put it, while "
    "in the column what lies shallow goes first and the rest lasts. It mostly fades too fast: do not read a touch-up "
    "time off it."
)


def compare(
    scenario: Scenario,
    *,
    rungs: Sequence[Rung] = ("column", "well_mixed"),
    years: float | None = None,
    times: Iterable[Given] | None = None,
    wall_limit: float | None = None,
) -> Comparison:
    """
    Simulate one scenario on several rungs of the model ladder.

    Where the rungs agree, depth plays little part in the answer; where they differ, it is depth that decides it.

    Parameters
    ----------
    scenario
        What is treated and how.
    rungs
        Two or more of "column" and "well_mixed", each once; differences are to the first.
    years, times, wall_limit
        As in `inkfade.simulate`.

    Returns
    -------
    Comparison
        The runs, their table and their figure.

    Raises
    ------
    ParameterError
        If an option is not allowed.
    """
    if isinstance(rungs, str) or len(names := [check_rung(rung) for rung in rungs]) < 2 or len(set(names)) < len(names):
        raise _core.ParameterError(f"rungs = {rungs!r}: give two or more, each once, as in ('column', 'well_mixed')")
    saved = None if times is None else list(times)
    runs = {
        rung: simulate(scenario, years=years, times=saved, fields=False, wall_limit=wall_limit, rung=rung)
        for rung in rungs
    }
    return Comparison(runs)


class Comparison:
    """
    One scenario on several rungs: the result of `inkfade.compare`.

    Attributes
    ----------
    fades
        The `Fade` of each rung, by its name; the first is what the others are compared with.
    """

    def __init__(self, fades: dict[Rung, Fade]) -> None:
        self.fades: dict[str, Fade] = {str(rung): fade for rung, fade in fades.items()}

    def __eq__(self, other: object) -> bool:
        return self.fades == other.fades if isinstance(other, Comparison) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.fades.items()))

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return next(iter(self.fades.values())).scenario

    def to_dataframe(self, years: Sequence[float] | None = None) -> pd.DataFrame:
        """
        Collect what the rungs say, one column for each, and their differences to the first.

        Parameters
        ----------
        years
            When to compare what is retained [year]: the saved times nearest to these; day 42 and 1, 2, 5 and 10 years,
            as far as the run goes, where not given.

        Returns
        -------
        pandas.DataFrame
            Rows: retained_of_deposit and retained_of_healed at those times, touch_up_time [year] (NaN where it does
            not come within the run, touch_up_observed 0), the largest ledger_residual, steps, and wall_time [s] of
            the run. What a failed run did not reach is NaN.
        """
        import pandas as pd

        known = self._known_years
        places = self._places(known, years)
        table = pd.DataFrame({rung: _column(fade, known, places) for rung, fade in self.fades.items()})
        first, *others = self.fades
        for rung in others:
            table[f"{rung} - {first}"] = table[rung] - table[first]
        return table.rename_axis("quantity")

    @property
    def largest_difference(self) -> tuple[float, float, str]:
        """The largest difference to the first rung in retained_of_deposit, when [year], and of which rung."""
        first, *others = self.fades
        found = (0.0, 0.0, others[0])
        reference = self.fades[first]
        for rung in others:
            n = min(len(reference.years), len(self.fades[rung].years))  # a failed run is shorter
            gap = _retained(self.fades[rung])[:n] - _retained(reference)[:n]
            gap = np.where(np.isfinite(gap), gap, 0.0)
            place = int(np.argmax(np.abs(gap))) if n else 0
            if n and abs(gap[place]) > abs(found[0]):
                found = (float(gap[place]), float(reference.years[place]), rung)
        return found

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """
        Plot the retained share of the deposit on every rung.

        Parameters
        ----------
        ax
            Axes to draw into; a new figure where not given.
        """
        from inkfade.plot import compare_plot
        from inkfade.plot.style import look, subtitle

        with look():
            ax = compare_plot(*self.fades.values(), labels=[named(rung) for rung in self.fades], ax=ax)
            ax.set_title(f"The same treatment on {len(self.fades)} rungs: {self.scenario.preset_name}")
            subtitle(ax, self._said)
        return ax

    @property
    def _said(self) -> str:
        gap, year, rung = self.largest_difference
        return f"largest difference: {named(rung)} {100 * gap:+.1f} % of the deposit, at {number(year)} years"

    @property
    def _known_years(self) -> NDArray[np.float64]:
        """Saved times [year] of the run that came furthest."""
        return max((fade.years for fade in self.fades.values()), key=len)

    @staticmethod
    def _places(known: NDArray[np.float64], years: Sequence[float] | None) -> list[int]:
        """Indices of the saved times nearest to those wanted, each once."""
        if not len(known):
            return []
        if years is None:
            wanted = [year for year in _SHOWN if year <= known[-1] * (1 + 1e-9)] or [float(known[-1])]
        else:
            wanted = [_inside(year, float(known[-1])) for year in years]
        return sorted({int(np.argmin(np.abs(known - year))) for year in wanted})

    def __repr__(self) -> str:
        end = self._known_years[-1] if len(self._known_years) else 0.0
        runs = ", ".join(f"{rung} {fade.status}" for rung, fade in self.fades.items())
        return f"<inkfade.Comparison of {self.scenario.preset_name} over {span(end)} years: {runs}; {self._said}>"

    def _repr_html_(self) -> str:
        from inkfade.plot.style import inline

        table = self.to_dataframe()
        rows = [[str(name), *(_shown(str(name), float(value)) for value in row)] for name, row in table.iterrows()]
        parts = [html.line(f"{self.scenario.preset_name} on {len(self.fades)} rungs", strong=True)]
        for rung, fade in self.fades.items():
            if fade.status != "ok":
                parts.append(html.line(f"{named(rung)}: {fade.status}: {fade.message}", colour="#a40000"))
        parts += [html.line(self._said), html.table(["", *map(str, table.columns)], rows)]
        if len(self._known_years):
            parts.append(html.image(inline(self.plot)))
        parts.append(html.line(CAUTION, colour="#666"))
        return html.page(*parts)


def _retained(fade: Fade) -> NDArray[np.float64]:
    return np.asarray(fade.dataset["retained_of_deposit"].values, dtype=np.float64)


def _inside(year: float, end: float) -> float:
    number_given = isinstance(year, int | float | np.number) and not isinstance(year, bool)
    if not number_given or not 0.0 <= year <= end * (1 + 1e-9):
        raise _core.ParameterError(f"years = {year!r}: must be a bare number of years from 0 to {end:g}")
    return float(year)


def _column(fade: Fade, known: NDArray[np.float64], places: list[int]) -> dict[str, float]:
    """What one rung says."""
    data = fade.dataset
    said: dict[str, float] = {}
    for name in ("retained_of_deposit", "retained_of_healed"):
        for place in places:
            reached = place < len(fade.years)
            said[f"{name} at {_when(float(known[place]))}"] = float(data[name][place]) if reached else float("nan")
    ran, observed = fade.status == "ok", bool(data["touch_up_observed"])
    said["touch_up_time [year]"] = float(data["touch_up_time"]) if ran and observed else float("nan")
    said["touch_up_observed"] = float(observed) if ran else float("nan")
    said["ledger_residual"] = float(data["ledger_residual"].max()) if len(fade.years) else float("nan")
    said["steps"] = float(data["steps"])
    said["wall_time [s]"] = float(data["wall_time"])
    return said


def _when(year: float) -> str:
    if year < 0.5:
        return f"{year * 365.25:.4g} days"
    said = f"{year:.3g}"
    return f"{said} year{'' if said == '1' else 's'}"


def _shown(name: str, value: float) -> str:
    if not np.isfinite(value):
        return "-"
    if name.startswith("retained"):
        return f"{100 * value:.1f} %"
    return f"{value:.3g}"
