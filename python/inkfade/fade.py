"""The result of one run."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade.bands import bands_of, check_band
from inkfade.dataset import CoreDataset, from_xarray, same_results, status_names, to_xarray
from inkfade.fade_looks import FadeLooks
from inkfade.measures import check_measure, is_seen, rule_of
from inkfade.memory import check_memory
from inkfade.paths import as_path
from inkfade.rungs import named
from inkfade.scenario import YEAR, Scenario
from inkfade.schedule import Schedule, make_schedule
from inkfade.touch_up import (
    TouchUp,
    check_interval,
    check_scheduled,
    draw_interval,
    left_out,
    span,
    weakest_grade,
    with_rule,
)

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.bands import Band
    from inkfade.observations import Data

_DAYS = 365.25
_MANY = 1000  # drawn people from which on a progress bar is shown


class Fade(FadeLooks):
    """
    How the pigment of one scenario fades: the result of `inkfade.simulate`.

    Fades are equal when their scenarios are and every result has the same bits; how long the run took, when and where
    does not count. They can be copied, hashed and pickled.

    Attributes
    ----------
    scenario
        What was simulated.
    dataset
        Everything as an xarray.Dataset with units and coordinates; time is in days.
    """

    def __init__(self, scenario: Scenario, dataset: CoreDataset) -> None:
        self.scenario = scenario
        self.dataset: xr.Dataset = to_xarray(dataset)
        self._touch_ups: dict[tuple[str, float, int, int, float], TouchUp] = {}
        self._bands: dict[tuple[str, int, int, float], Band] = {}
        self._appearances, self._contrast_touch_ups = {}, {}

    @property
    def years(self) -> NDArray[np.float64]:
        """Saved times [year] (n_times,)."""
        return np.asarray(self.dataset["time"].values, dtype=np.float64) / _DAYS

    @property
    def rung(self) -> str:
        """The rung of the model ladder: "column", or "well_mixed", where nothing has a depth."""
        return str(self.dataset.attrs.get("rung", "column"))

    @property
    def status(self) -> str:
        """How the run ended: "ok", or the short name of what went wrong."""
        return status_names(self.dataset)[int(self.dataset["status"])]

    @property
    def message(self) -> str:
        """What went wrong, when and where, and what to try; empty after a good run."""
        return str(self.dataset["message"].values[()])

    @property
    def ledger(self) -> pd.DataFrame:
        """
        Where the pigment is, as shares of what was deposited until then, by saved time.

        The columns free, macrophage and stroma are in the skin; shed, drained, degraded and removed have left it.
        They add up to 1. The index is time [year].
        """
        import pandas as pd

        data = self.dataset
        deposited = data["deposited"].values[:, None]
        shares = np.hstack([data["mass"].values, data["ledger"].values]) / np.where(deposited > 0, deposited, np.nan)
        columns = [*map(str, data["pool"].values), *map(str, data["fate"].values)]
        frame = pd.DataFrame(shares, columns=columns, index=pd.Index(self.years, name="time [year]"))
        frame.attrs["units"] = {"time [year]": "year", **dict.fromkeys(columns, "1")}
        return frame

    def to_dataframe(self) -> pd.DataFrame:
        """
        Collect the observables as a table, indexed by time [year].

        Columns carry their unit in brackets, for example "patch_dose [ug cm-2]", and in ``frame.attrs["units"]``.
        """
        import pandas as pd

        data = self.dataset
        columns, units = {}, {}
        for name, variable in data.data_vars.items():
            if variable.dims == ("time",):
                unit = str(variable.attrs.get("units", "1"))
                column = str(name) if unit == "1" else f"{name} [{unit}]"
                columns[column], units[column] = variable.values, unit
        frame = pd.DataFrame(columns, index=pd.Index(self.years, name="time [year]"))
        frame.attrs["units"] = {"time [year]": "year", **units}
        return frame

    def touch_up(
        self,
        threshold: float | None = None,
        *,
        measure: str | None = None,
        draws: int = 200,
        seed: int = 0,
        level: float = 0.8,
    ) -> TouchUp:
        """
        Say when a touch-up is due, with the interval that the spread between people gives.

        Parameters
        ----------
        threshold
            The touch-up is due when the measure falls below this; the scenario's own where not given.
        measure
            patch_contrast_of_healed (what is seen), retained_of_healed or retained_of_deposit (what is left); that of
            the scenario where not given. Another one needs a threshold.
        draws
            How many people to draw for the interval.
        seed
            Seed of the draws; the same seed gives the same interval.
        level
            Share of people inside the interval.

        Returns
        -------
        TouchUp
            Prints as "3.9 years (80 % interval 2.6-6.1)" or "not within 10 years (...)". Computed once, then kept.
            People whose run failed are left out, and it says how many.

        Raises
        ------
        ParameterError
            If an option is not allowed.
        IntegrationError
            If the run itself failed: nothing is known of its touch-up.
        """
        own_measure, own, _ = rule_of(self.scenario)
        asked = check_measure(own_measure if measure is None else measure, self.rung)
        if threshold is None and asked != own_measure:
            raise _core.ParameterError(
                f"measure = {measure!r} is not the scenario's, which is {own_measure!r} with the threshold {own:g}: "
                "give its threshold, too"
            )
        given = own if threshold is None else threshold
        check_interval(level, draws, given, seed)
        wanted = float(given)
        check_scheduled(self.scenario, wanted, asked)
        key = (asked, wanted, draws, seed, level)
        if key not in self._touch_ups:
            self._touch_ups[key] = self._touch_up(asked, wanted, draws, seed, level)
        return self._touch_ups[key]

    def schedule(self, *, draws: int = 200, seed: int = 0, level: float = 0.8) -> Schedule:
        """
        Say which touch-ups took place during the run, and how much pigment they add up to.

        A scenario whose ``touch_up.schedule`` is "when_due" or "fixed" has touch-ups applied inside the run, beside
        those that it dates.

        Parameters
        ----------
        draws, seed, level
            As in `Fade.touch_up`.

        Returns
        -------
        Schedule
            Visits, intervals between them and lifetime load, each with its spread between people.

        Raises
        ------
        ParameterError
            If an option is not allowed.
        IntegrationError
            If the run itself failed.
        """
        check_interval(level, draws, 0.5, seed)
        if self.status != "ok":
            raise _core.IntegrationError(f"no schedule of a failed run: {self.message} (status {self.status})")
        return make_schedule(self.scenario, self.dataset, draws=draws, seed=seed, level=level, rung=self.rung)

    @property
    def known_touch_up(self) -> TouchUp | None:
        """The touch-up by the scenario's measure that was asked for last, or None; nothing is computed."""
        own = rule_of(self.scenario)[0]
        return next((known for known in reversed(self._touch_ups.values()) if known.measure == own), None)

    def _touch_up(self, measure: str, threshold: float, draws: int, seed: int, level: float) -> TouchUp:
        time, observed = self.own_touch_up(measure, threshold)
        asked = with_rule(self.scenario, measure, threshold)
        low, high, n_failed = draw_interval(
            asked, threshold, draws=draws, seed=seed, level=level, progress=draws >= _MANY, rung=self.rung
        )
        grade, n_weakest, n_inputs = weakest_grade(self.scenario)
        return TouchUp(
            time=time,
            observed=observed,
            low=low,
            high=high,
            level=level,
            horizon=self.scenario.horizon,
            measure=measure,
            threshold=threshold,
            floor=rule_of(self.scenario)[2] if is_seen(measure) else 0.0,
            when_healed=observed and time <= float(self.dataset["healed_time"]) / _DAYS + 1e-9,
            draws=draws,
            grade=grade,
            n_weakest=n_weakest,
            n_inputs=n_inputs,
            n_failed=n_failed,
        )

    def own_touch_up(self, measure: str, threshold: float) -> tuple[float, bool]:
        """Touch-up time [year] by any rule, at the scenario's own values, and whether it is within the run."""
        if self.status != "ok":
            raise _core.IntegrationError(f"no touch-up of a failed run: {self.message} (status {self.status})")
        if (measure, threshold) == rule_of(self.scenario)[:2]:
            return float(self.dataset["touch_up_time"]), bool(self.dataset["touch_up_observed"])
        again = with_rule(self.scenario, measure, threshold)
        [solution], interrupted = _core.simulate_many([again.core], fields=False, threads=1, rung=self.rung)
        if interrupted:
            raise KeyboardInterrupt
        if solution.status != "ok":
            raise _core.IntegrationError(f"no touch-up of a failed run: {solution.message} (status {solution.status})")
        return solution.touch_up_time / YEAR, solution.touch_up_observed

    def band(
        self, *, quantity: str = "retained_of_deposit", draws: int = 200, seed: int = 0, level: float = 0.8
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Lower and upper end of the band of a quantity between people.

        Parameters
        ----------
        quantity
            retained_of_deposit, retained_of_healed, patch_dose, centroid, patch_contrast or patch_contrast_of_healed.
        draws, seed, level
            As in `Fade.touch_up`.

        Returns
        -------
        tuple of numpy.ndarray
            Low and high (n_times,), at the saved times, in the dataset's unit; NaN where the quantity has no value.
            People whose run failed are left out, with a RuntimeWarning that says how many.

        Raises
        ------
        ParameterError
            If an option is not allowed.
        IntegrationError
            If the runs of all people failed.
        LimitError
            If they would take more than 4 GiB of memory.
        """
        low, high, n_failed = self.band_of_runs(quantity=quantity, draws=draws, seed=seed, level=level)
        if n_failed:
            warnings.warn(f"band: {draws} people drawn{left_out(n_failed)}", RuntimeWarning, stacklevel=2)
        return low, high

    def band_of_runs(
        self, *, quantity: str = "retained_of_deposit", draws: int = 200, seed: int = 0, level: float = 0.8
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
        """As `Fade.band`, with the number of failed runs instead of the warning; computed once, then kept."""
        check_interval(level, draws, 0.5, seed)
        check_band(quantity, self.rung)
        key = (quantity, draws, seed, level)
        if key not in self._bands:
            check_memory("a band", self.scenario, draws, len(self.years), fields=False, appearance=is_seen(quantity))
            for name, band in bands_of(self, quantity, draws=draws, seed=seed, level=level).items():
                self._bands[name, draws, seed, level] = band
        return self._bands[key]

    def compare_with(self, data: Data) -> pd.DataFrame:
        """
        Set the run beside what was observed.

        Parameters
        ----------
        data
            Observed values: a CSV file, or whatever `Observations.of` takes.

        Returns
        -------
        pandas.DataFrame
            One row for each observed value: series, time [year], quantity and its unit, observed, predicted, difference
            (observed less predicted), sd, z_score (the difference in sd; NaN without one) and, where an interval was
            given, whether the prediction lies inside. Between saved times the prediction is a straight line between the
            two around it (``frame.attrs["interpolation"]`` says how far apart they may be); with the observed times
            among ``times=`` of `inkfade.simulate` there is no interpolation.

        Raises
        ------
        ParameterError
            If a time lies outside the run, before healing (retained_of_healed) or, unsaved, beside a session.
        IntegrationError
            If the run failed.
        """
        from inkfade.comparison import compare_with

        return compare_with(self, data)

    def plot(
        self,
        *,
        quantity: str | None = None,
        data: Data | None = None,
        band: bool = False,
        ax: Axes | None = None,
    ) -> Axes:
        """
        Plot the retained share of the deposit, or another quantity, over the years, with healing and the touch-up.

        The touch-up is the last that `Fade.touch_up` was asked for by the scenario's measure, or else the run's own.

        What happens to the skin is marked, and drawn upright. The threshold line of a share of the deposit ends at the
        first session after healing, which adds to the deposit.

        Parameters
        ----------
        quantity
            What is drawn: a variable of the dataset that is one number at a time. Where not given retained_of_deposit,
            or what was observed.
        data
            Observed values to lay over, with their errors: a CSV file, or whatever `Observations.of` takes. The legend
            says how far they lie from the curve (root mean square, in points of per cent or the dataset's unit, and in
            sd where each has one).
        band
            Add the 80 % band between people.
        ax
            Axes to draw into; a new figure where not given.

        Returns
        -------
        matplotlib.axes.Axes
            ``ax.figure.savefig("fade.pdf")`` saves it: PDF and SVG with text as text and without a date.
        """
        from inkfade.plot.fade import plot_fade

        return plot_fade(self, quantity=quantity, data=data, band=band, ax=ax)

    def plot_profile(self, *, years: list[float] | None = None, ax: Axes | None = None) -> Axes:
        """Plot the pigment over depth at several times [year]; depth points downwards."""
        from inkfade.plot.profile import plot_profile

        return plot_profile(self, years=years, ax=ax)

    def plot_ledger(self, *, ax: Axes | None = None) -> NDArray[Any]:
        """Plot where the pigment is and where it went, as stacked shares of the deposit."""
        from inkfade.plot.ledger import plot_ledger

        return plot_ledger(self, ax=ax)

    def plot_schedule(self, *, band: bool = False, ax: Axes | None = None) -> Axes:
        """
        Plot the touch-up measure with its jump at every visit: dated touch-ups, and those of ``touch_up.schedule``.

        Parameters
        ----------
        band
            Say the number of visits with its interval, and add the 80 % band between people.
        ax
            Axes to draw into; a new figure where not given.

        Raises
        ------
        IntegrationError
            If the run failed.
        """
        from inkfade.plot.schedule import plot_schedule

        if self.status != "ok":
            raise _core.IntegrationError(f"no schedule of a failed run: {self.message} (status {self.status})")
        return plot_schedule(self, self.schedule() if band else None, ax=ax)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """
        Write the result file (HDF5, opens as netCDF-4) and return its path.

        Raises
        ------
        FileError
            If the file exists and `overwrite` is not set, or cannot be written.
        """
        target = as_path(path)
        _core.write_result(from_xarray(self.dataset), target, overwrite=overwrite)
        return target

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fade):
            return NotImplemented
        return self.scenario == other.scenario and same_results(self.dataset, other.dataset)

    def __hash__(self) -> int:
        return hash(self.scenario)

    def __repr__(self) -> str:
        end = self.years[-1] if len(self.years) else 0.0
        rung = "" if self.rung == "column" else f" ({named(self.rung)})"
        return f"<inkfade.Fade of {self.scenario.preset_name}{rung} over {span(end)} years: {self.status}>"

    def _repr_html_(self) -> str:
        from inkfade.plot.style import inline

        parts = [html.line(f"Fade of {self.scenario.preset_name}", strong=True)]
        if self.rung != "column":
            parts.append(html.line(f"{named(self.rung)}: nothing here depends on depth", colour="#666"))
        tells = self.rung == "column" or not is_seen(rule_of(self.scenario)[0])
        if self.status == "ok" and tells:
            touch_up = self.touch_up()
            parts += [html.line(f"Touch-up: {touch_up}"), html.line(touch_up.meaning, colour="#666")]
        elif self.status != "ok":
            parts.append(html.line(f"Status {self.status}: {self.message}", colour="#a40000"))
        if len(self.years):
            last = self.ledger.iloc[-1]
            rows = [[f"{100 * share:.1f} %" for share in last]]
            parts += [
                html.line(f"After {span(self.years[-1])} years, of what was deposited:"),
                html.table([str(c) for c in last.index], rows),
                html.image(inline(self.plot)),
            ]
        parts.append(html.line(f"status {self.status}, {int(self.dataset['steps'])} steps", colour="#666"))
        return html.page(*parts)
