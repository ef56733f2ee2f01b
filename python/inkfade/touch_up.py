"""When a touch-up is due, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade._core import ParameterError
from inkfade.measures import fall, is_seen, rule_of
from inkfade.scenario import YEAR
from inkfade.units import check_whole

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance
    from numpy.typing import NDArray

    from inkfade.scenario import Scenario

_GRADES = ("measured", "inferred", "assumed")
NO_THRESHOLD = "no threshold for a touch-up by contrast is published: it is a choice"


@dataclass(frozen=True, slots=True, eq=False)
class TouchUp:
    """
    The time at which a measure first falls below its threshold after healing, with its interval.

    Attributes
    ----------
    time
        Years since the start of the scenario, at the scenario's own values; the end of the run where not observed.
    observed
        False: the fall does not happen within the run (right-censored).
    low, high
        Ends of the interval between people [year]; infinite where that share of people has not fallen below the
        threshold within the run, NaN where the runs of all drawn people failed.
    level
        Share of people inside the interval, for example 0.8.
    horizon
        End of the run [year].
    measure, threshold, floor
        What falls below what; floor [dE00] is `touch_up.contrast_floor` where the measure is what is seen, else 0.
    draws
        How many people were drawn from the parameter distributions.
    grade
        Evidence grade of the weakest inputs: measured, inferred or assumed.
    n_weakest, n_inputs
        How many inputs have that grade, and how many inputs there are.
    n_failed
        How many of the drawn people's runs failed; they are left out of the interval.
    when_healed
        The measure was below already when the skin had healed: `time` is that of healing.
    """

    time: float
    observed: bool
    low: float
    high: float
    level: float
    horizon: float
    measure: str
    threshold: float
    draws: int
    grade: str
    n_weakest: int
    n_inputs: int
    n_failed: int = 0
    floor: float = 0.0
    when_healed: bool = False

    def __str__(self) -> str:
        """For example '3.9 years (80 % interval 2.6-6.1)' or 'not within 10 years'."""
        return f"{said_time(self.time, observed=self.observed)} ({self.interval})"

    @property
    def interval(self) -> str:
        """For example '80 % interval 2.6-6.1'; '> 10' where it is open at the end of the run."""
        return said_interval(self.low, self.high, level=self.level, horizon=self.horizon)

    @property
    def meaning(self) -> str:
        """What it is a fall of, what the interval holds, and on what evidence it stands."""
        return (
            f"{fall(self.measure, self.threshold, self.floor)}{_chosen(self.measure)}; "
            f"{'it was below already when the skin had healed; ' if self.when_healed else ''}"
            f"interval: {self.draws} people drawn from the parameter distributions{left_out(self.n_failed)}; "
            f"weakest evidence: {self.grade} ({self.n_weakest} of {self.n_inputs} inputs)"
        )

    def to_dataframe(self) -> pd.DataFrame:
        """One row: time, low and high [year], whether it was observed, and all that they rest on; units in attrs."""
        import pandas as pd

        frame = pd.DataFrame([{f.name: getattr(self, f.name) for f in fields(self)}])
        shares = dict.fromkeys(("level", "threshold", "floor"), "1")
        frame.attrs["units"] = {**dict.fromkeys(("time", "low", "high", "horizon"), "year"), **shares}
        return frame

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, TouchUp) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        """All values; NaN, which equals nothing, as None."""
        return key_of(self)

    def __repr__(self) -> str:
        return f"{self}\n{self.meaning}"

    def _repr_html_(self) -> str:
        return html.page(html.line(f"Touch-up: {self}", strong=True), html.line(self.meaning, colour="#666"))


def said_time(time: float, *, observed: bool) -> str:
    """For example '3.9 years' or 'not within 10 years'."""
    return f"{number(time)} years" if observed else f"not within {span_of_years(time)}"


def said_interval(low: float, high: float, *, level: float, horizon: float) -> str:
    """For example '80 % interval 2.6-6.1'; '> 10' where it is open at the end of the run."""
    if math.isnan(low):
        return f"no {100 * level:g} % interval: the runs of all people drawn failed"
    if math.isinf(low):
        said = f"> {span_of_years(horizon)}"
    elif math.isinf(high):
        said = f"{number(low)} to > {span(horizon)}"
    else:
        said = f"{number(low)}-{number(high)}"
    return f"{100 * level:g} % interval {said}"


def key_of(result: DataclassInstance) -> tuple[object, ...]:
    """All values of a result, to compare and to hash; NaN, which equals nothing, as None."""
    values = (getattr(result, f.name) for f in fields(result))
    return tuple(None if isinstance(v, float) and math.isnan(v) else v for v in values)


def number(years: float) -> str:
    """Years with the digits that they carry: 0.45, 3.9, 4.0, 10.0, 12.3, 120."""
    short = float(f"{years:.2g}")
    if abs(short) < 1.0:
        return f"{short:g}"
    return f"{years:.1f}" if abs(years) < 99.95 else f"{years:.0f}"


def left_out(n_failed: int) -> str:
    """What to add where failed runs do not count: ', 3 runs failed and are left out'."""
    if not n_failed:
        return ""
    return f", {n_failed} runs failed and are left out" if n_failed > 1 else ", 1 run failed and is left out"


def span(years: float) -> str:
    """A length of time that was chosen, as it was written: 10, 2.5."""
    return f"{years:.5g}"


def span_of_years(years: float) -> str:
    """The same with its word: 1 year, 10 years."""
    text = span(years)
    return f"{text} year" if text == "1" else f"{text} years"


def _chosen(measure: str) -> str:
    """What to add where a level is nothing but a choice."""
    return f"; {NO_THRESHOLD}" if is_seen(measure) else ""


def draw_interval(
    scenario: Scenario,
    threshold: float,
    *,
    draws: int,
    seed: int,
    level: float,
    threads: int = 0,
    progress: bool = False,
    rung: str = "column",
) -> tuple[float, float, int]:
    """
    Draw people for the interval of the touch-up time.

    Parameters
    ----------
    scenario, threshold
        Whose people, and below what the measure falls.
    draws, seed, level
        As in `Fade.touch_up`.
    threads
        How many threads; 0 for all cores.
    progress
        Show a progress bar where standard error is a terminal.
    rung
        The rung of the model ladder to run them on.

    Returns
    -------
    tuple of float, float and int
        Lower and upper end [year], and how many runs failed. Those are left out; NaN where all failed.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C.
    """
    from inkfade.progress import progress_bar

    with progress_bar(total=draws, unit="person", leave=False, disable=None if progress else True) as bar:
        time, observed, status, interrupted = _core.touch_up_draws(
            scenario.core,
            threshold,
            n=draws,
            seed=seed,
            threads=threads,
            progress=None if bar.disable else lambda done: bar.update(done - bar.n),
            rung=rung,
        )
    if interrupted:
        raise KeyboardInterrupt
    ran = status == 0
    years, seen = time[ran] / YEAR, observed[ran].astype(bool)
    low, high = (censored_quantile(years, seen, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return low, high, int((~ran).sum())


def censored_quantile(time: NDArray[np.float64], observed: NDArray[np.bool_], share: float) -> float:
    """
    Time by which a share of people has had the event, by the Kaplan-Meier estimate.

    Parameters
    ----------
    time
        Event times, or the end of the watch where there was no event (n,).
    observed
        Whether each had the event (n,).
    share
        Share of people, between 0 and 1.

    Returns
    -------
    float
        The time, in the unit of `time`; infinite if the estimate does not reach the share, NaN without people.
    """
    if not len(time):
        return math.nan
    order = np.lexsort((~observed, time))  # at equal times an event comes before the end of a watch
    at_risk = np.arange(len(time), 0, -1)
    survival = np.cumprod(np.where(observed[order], 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero((1.0 - survival >= share * (1.0 - 1e-12)) & observed[order])
    return float(time[order][reached[0]]) if len(reached) else math.inf


def weakest_grade(scenario: Scenario) -> tuple[str, int, int]:
    """
    The evidence grade of the least known inputs of a scenario, how many there are, and of how many.

    What a user decides (how long to run, with which accuracy, at which threshold) is no evidence and does not count.
    """
    grades = [
        grade
        for name, grade in scenario.parameters["grade"].items()
        if not str(name).startswith(("run.", "numerics.", "touch_up."))
    ]
    weakest = max(grades, key=_GRADES.index, default="assumed")
    return weakest, grades.count(weakest), len(grades)


def check_interval(level: float, draws: int, threshold: float, seed: int) -> None:
    """Refuse what no interval can be made of."""
    for name, share in (("level", level), ("threshold", threshold)):
        if not _is_number(share) or not 0.0 < share < 1.0:
            raise ParameterError(f"{name} = {share!r}: must be a number between 0 and 1{_as_share(share)}")
    check_whole("draws", draws, 2, 10_000_000)
    check_whole("seed", seed, 0, 2**64 - 1)


def with_rule(scenario: Scenario, measure: str, threshold: float) -> Scenario:
    """The scenario with another touch-up rule; a contrast is no level of pigment."""
    rule: dict[str, str | float] = {"touch_up.measure": measure, "touch_up.threshold": threshold}
    return scenario.with_(rule if is_seen(measure) else {**rule, "touch_up.contrast_floor": 0.0})


def check_scheduled(scenario: Scenario, threshold: float, measure: str | None = None) -> None:
    """Refuse to ask at another rule than that by which the run itself touches up: it would be another run."""
    own_measure, own, _ = rule_of(scenario)
    if scenario["touch_up.schedule"] != "when_due":
        return
    if measure not in (None, own_measure):
        raise ParameterError(
            f"measure = {measure!r}: this run touches up by touch_up.measure = {own_measure} (touch_up.schedule = "
            f"when_due); simulate it with touch_up.measure = {measure}, or without schedule"
        )
    if threshold != own:
        raise ParameterError(
            f"threshold = {threshold:g}: this run touches up at touch_up.threshold = {own:g} "
            f"(touch_up.schedule = when_due); simulate it with touch_up.threshold = {threshold:g}, or without schedule"
        )


def _as_share(value: object) -> str:
    """': 70 % is 0.7' where somebody wrote per cent."""
    try:
        percent = float(str(value).strip().removesuffix("%"))
    except ValueError:
        return ""
    return f": {percent:g} % is {percent / 100:g}" if 1.0 < percent < 100.0 else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)
