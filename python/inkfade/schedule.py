"""Touch-ups during a run: when they take place, how much pigment they add up to, and how people differ."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade.measures import is_seen
from inkfade.scenario import YEAR
from inkfade.touch_up import censored_quantile, left_out, number, span_of_years, weakest_grade

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from inkfade.scenario import Scenario

_TO_MG_CM2 = 100.0  # 1 kg/m2


@dataclass(frozen=True, slots=True)
class Spread:
    """A number at the scenario's own values, and the interval between people."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """
    The touch-ups of one scenario over its run, dated ones and those that `touch_up.schedule` called for.

    Attributes
    ----------
    visits
        One row for each touch-up at the scenario's own values, indexed by its number: time [year], low and high
        [year] (interval between people; infinite where that share of them has no such visit within the run),
        interval [year] since the session before, measure just before (and where that is what is seen, the contrast to
        bare skin [dE00]), deposited [mg cm-2] in the dot so far.
    rule
        `touch_up.schedule` of the scenario: "none" (only dated touch-ups), "when_due" or "fixed".
    count
        Number of touch-ups within the run.
    load
        Lifetime load: pigment placed in the skin of the dot over the run [mg cm-2], what is wiped off left out.
    level
        Share of people inside the intervals.
    horizon
        End of the run [year].
    draws, n_failed
        How many people were drawn, and how many runs failed and are left out.
    grade, n_weakest, n_inputs
        Evidence grade of the weakest inputs, how many inputs have it, and how many there are.
    """

    visits: pd.DataFrame
    rule: str
    count: Spread
    load: Spread
    level: float
    horizon: float
    draws: int
    n_failed: int
    grade: str
    n_weakest: int
    n_inputs: int

    def __str__(self) -> str:
        """For example '3 touch-ups within 20 years (80 % interval 1-6), after 4.1, 10.8 and 18.6 years'."""
        n = int(self.count.value)
        if self.rule == "none" and n == 0:
            return "no touch-ups planned (touch_up.schedule = none)"
        noun = "touch-up" if n == 1 else "touch-ups"
        head = f"{n} {noun} within {span_of_years(self.horizon)} ({self._between(self.count, '{:.0f}')})"
        times = [number(t) for t in self.visits["time [year]"]]
        if not times:
            return head
        listed = times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}"
        return f"{head}, after {listed} years"

    @property
    def load_text(self) -> str:
        """The lifetime load in words, with its interval."""
        return f"{self.load.value:.2g} mg/cm2 placed in the dot ({self._between(self.load, '{:.2g}')})"

    @property
    def meaning(self) -> str:
        """What the intervals hold, and on what evidence they stand."""
        return (
            f"intervals: {self.draws} people drawn from the parameter distributions{left_out(self.n_failed)}; "
            f"weakest evidence: {self.grade} ({self.n_weakest} of {self.n_inputs} inputs)"
        )

    def to_dataframe(self) -> pd.DataFrame:
        """A copy of `visits`."""
        return self.visits.copy()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Schedule) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        """All values as text, in which NaN equals itself."""
        numbers = repr([getattr(self, f.name) for f in fields(self) if f.name != "visits"])
        return numbers, self.visits.to_csv()

    def _between(self, spread: Spread, form: str) -> str:
        if np.isnan(spread.low):
            return f"no {100 * self.level:g} % interval: the runs of all people drawn failed"
        return f"{100 * self.level:g} % interval {form.format(spread.low)}-{form.format(spread.high)}"

    def __repr__(self) -> str:
        return f"{self}\n{self.load_text}\n{self.meaning}"

    def _repr_html_(self) -> str:
        rows = [[str(n), *(f"{v:.3g}" for v in row)] for n, *row in self.visits.itertuples()]
        return html.page(
            html.line(str(self), strong=True),
            html.line(self.load_text),
            html.table(["visit", *self.visits.columns], rows),
            html.line(self.meaning, colour="#666"),
        )


def make_schedule(
    scenario: Scenario,
    dataset: xr.Dataset,
    *,
    draws: int,
    seed: int,
    level: float,
    rung: str = "column",
    threads: int = 0,
) -> Schedule:
    """
    Read the touch-ups off a run, and draw people for their intervals.

    Parameters
    ----------
    scenario, dataset
        The run, which must have ended well.
    draws, seed, level
        As in `Fade.touch_up`.
    rung
        Rung of the model that the run, and so the people, are on.
    threads
        How many threads; 0 for all cores.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C.
    """
    import pandas as pd

    if "visits" not in dataset:
        raise _core.FormatError("this result was written before touch-ups were kept in it: simulate the scenario again")
    people = [scenario.core.draw(seed, i) for i in range(draws)]
    end = np.array([float(scenario["run.horizon"])])
    runs, interrupted = _core.simulate_many(people, times=end, fields=False, threads=threads, rung=rung)
    if interrupted:
        raise KeyboardInterrupt
    good = [run for run in runs if run.status == "ok"]
    own = int(dataset["visits"])
    time = np.asarray(dataset["visit_time"].values[:own], dtype=np.float64)
    intervals = [_visit_interval(good, n, scenario.horizon, level) for n in range(own)]
    visits = pd.DataFrame(
        {
            "time [year]": time,
            "low [year]": [low for low, _ in intervals],
            "high [year]": [high for _, high in intervals],
            "interval [year]": time - session_before(dataset, time),
            "measure": np.asarray(dataset["visit_measure"].values[:own]),
            "deposited [mg cm-2]": np.asarray(dataset["visit_deposited"].values[:own]),
        },
        index=pd.RangeIndex(1, own + 1, name="visit"),
    )
    if is_seen(str(scenario["touch_up.measure"])) and "healed_contrast" in dataset:
        contrast = visits["measure"] * float(dataset["healed_contrast"])
        visits.insert(list(visits.columns).index("measure") + 1, "contrast [dE00]", contrast)
    grade, n_weakest, n_inputs = weakest_grade(scenario)
    return Schedule(
        visits=visits,
        rule=str(scenario["touch_up.schedule"]),
        count=_spread(own, [len(run.visit_time) for run in good], level),
        load=_spread(float(dataset["deposited"].values[-1]), [run.deposited[-1] * _TO_MG_CM2 for run in good], level),
        level=level,
        horizon=scenario.horizon,
        draws=draws,
        n_failed=draws - len(good),
        grade=grade,
        n_weakest=n_weakest,
        n_inputs=n_inputs,
    )


def _spread(value: float, drawn: list[float], level: float) -> Spread:
    if not drawn:
        return Spread(value, np.nan, np.nan)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return Spread(value, float(low), float(high))


def _visit_interval(runs: list[_core.Solution], n: int, horizon: float, level: float) -> tuple[float, float]:
    """Interval between people of the time of visit n [year]; those without it within the run are censored there."""
    if not runs:
        return np.nan, np.nan
    seen = np.array([len(run.visit_time) > n for run in runs])
    time = np.array([run.visit_time[n] / YEAR if len(run.visit_time) > n else horizon for run in runs])
    low, high = (censored_quantile(time, seen, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return low, high


def session_before(dataset: xr.Dataset, visits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Time of the session before each visit [year]."""
    placed = np.isin(dataset["event_kind"].values.astype(str), ["treatment", "touch_up"])
    sessions = np.asarray(dataset["event_time"].values, dtype=np.float64)[placed] / (YEAR / 86400.0)
    return np.array([sessions[sessions < visit * (1 - 1e-12)].max() for visit in visits])
