"""When a touch-up is due by what is seen, beside what is left of the pigment."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core, html
from inkfade.measures import PIGMENT_THRESHOLD, fall, is_seen, rule_of
from inkfade.seen import SAME_TIME, at_days, look_at, look_with, profiles
from inkfade.touch_up import (
    NO_THRESHOLD,
    censored_quantile,
    check_interval,
    key_of,
    left_out,
    number,
    said_interval,
    said_time,
    weakest_grade,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from inkfade.appearance.profile import Fidelity
    from inkfade.fade import Fade

_DAYS = 365.25
_PARTS = 16  # into which the time between two saved ones is cut to find the fall
_AT_ONCE = 25  # people whose profiles are in memory together


@dataclass(frozen=True, slots=True, eq=False)
class ContrastTouchUp:
    """
    The time at which the patch contrast first falls below a level after healing, with its interval.

    Attributes
    ----------
    time
        Years since the start of the scenario, at the scenario's own values; the end of the run where not observed.
    observed
        False: the fall does not happen within the run (right-censored).
    error
        The fall lies between two computed times that are this far apart [year]; 0 where not observed.
    low, high
        Ends of the interval between people [year], as in `TouchUp`; NaN where nobody was drawn or all runs failed.
    level
        Share of people inside the interval.
    horizon
        End of the run [year].
    threshold, below
        A touch-up is due below this share of the contrast when healed, or below this contrast [dE00]; None: not asked.
    healed_contrast, contrast
        Patch contrast to bare skin when healed, and at `time` [dE00].
    retained_of_healed
        Share of the pigment there when healed that is left at `time`.
    pigment_time, pigment_observed
        When what is left of the pigment calls for a touch-up [year], and whether within the run: by the scenario's own
        rule, or where that is about what is seen, at 70 % of what was there when healed.
    pigment_fall
        What that is a fall of, in words.
    unseen_time
        When fewer than half of viewers notice the patch [year], on straight lines between saved times; infinite where
        that is not within the run.
    noticed_from
        Contrast that half of them notice on this skin [dE00].
    draws, n_failed
        How many people were drawn, and how many of their runs failed and are left out.
    grade, n_weakest, n_inputs
        Evidence grade of the weakest inputs, how many inputs have it, and how many there are.
    """

    time: float
    observed: bool
    error: float
    low: float
    high: float
    level: float
    horizon: float
    threshold: float | None
    below: float | None
    healed_contrast: float
    contrast: float
    retained_of_healed: float
    pigment_time: float
    pigment_observed: bool
    pigment_fall: str
    unseen_time: float
    noticed_from: float
    draws: int
    n_failed: int
    grade: str
    n_weakest: int
    n_inputs: int

    def __str__(self) -> str:
        """For example '6.6 years (80 % interval 2.6 to > 10)' or 'not within 10 years (...)'."""
        return f"{said_time(self.time, observed=self.observed)} ({self.interval})"

    @property
    def interval(self) -> str:
        """For example '80 % interval 2.6-6.1'; '> 10' where it is open at the end of the run."""
        if not self.draws:
            return "no interval: nobody drawn"
        return said_interval(self.low, self.high, level=self.level, horizon=self.horizon)

    @property
    def beside_pigment(self) -> str:
        """What is seen and what is left at that time, and when the pigment itself calls for a touch-up."""
        share = f" ({100 * self.contrast / self.healed_contrast:.0f} % of healed)" if self.healed_contrast > 0 else ""
        due = f"is due after {number(self.pigment_time)} years" if self.pigment_observed else "is not due in the run"
        return (
            f"at {number(self.time)} years the contrast is {self.contrast:.2g} dE00{share} and "
            f"{100 * self.retained_of_healed:.0f} % of the pigment there when healed is left; by pigment "
            f"({self.pigment_fall.removeprefix('pigment falls ')}) a touch-up {due}"
        )

    @property
    def meaning(self) -> str:
        """What it is a fall of, how exact it is, what the interval holds, and on what evidence it stands."""
        levels = []
        if self.threshold is not None:
            share = f"{100 * self.threshold:.6g} % of what it was when healed"
            levels.append(f"{share} ({self.healed_contrast:.2g} dE00)")
        if self.below is not None:
            levels.append(f"{self.below:.6g} dE00")
        people = f"{self.draws} people drawn from the parameter distributions{left_out(self.n_failed)}"
        return (
            f"patch contrast falls below {' or below '.join(levels)}; {NO_THRESHOLD}"
            + (f"; found to within {self.error * _DAYS:.2g} days" if self.observed else "")
            + (f"; interval: {people}" if self.draws else "")
            + f"; weakest evidence: {self.grade} ({self.n_weakest} of {self.n_inputs} inputs)"
        )

    def to_dataframe(self) -> pd.DataFrame:
        """One row with all values; units in attrs."""
        import pandas as pd

        frame = pd.DataFrame([{f.name: getattr(self, f.name) for f in fields(self)}])
        years = ("time", "error", "low", "high", "horizon", "pigment_time", "unseen_time")
        shares = ("level", "threshold", "below", "healed_contrast", "contrast", "retained_of_healed", "noticed_from")
        frame.attrs["units"] = {**dict.fromkeys(years, "year"), **dict.fromkeys(shares, "1")}
        return frame

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, ContrastTouchUp) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        """All values; NaN, which equals nothing, as None."""
        return key_of(self)

    def __repr__(self) -> str:
        return f"{self}\n{self.beside_pigment}\n{self.meaning}"

    def _repr_html_(self) -> str:
        grey = [html.line(text, colour="#666") for text in (self.beside_pigment, self.meaning)]
        return html.page(html.line(f"Touch-up by what is seen: {self}", strong=True), *grey)


def check_levels(threshold: object, below: object) -> None:
    """Refuse levels that no contrast can fall below."""
    if threshold is None and below is None:
        raise _core.ParameterError("threshold and below are both None: give one of them")
    if threshold is not None:
        check_interval(0.8, 2, threshold, 0)  # type: ignore[arg-type]  # it names what is no number
    is_number = isinstance(below, int | float | np.number) and not isinstance(below, bool)
    if below is not None and not (is_number and 0.0 < float(below) <= 100.0):  # type: ignore[arg-type]
        raise _core.ParameterError(f"below = {below!r}: must be a bare number above 0 and at most 100 (dE00)")


def find(
    fade: Fade, threshold: float | None, below: float | None, *, fidelity: Fidelity, draws: int, seed: int, level: float
) -> ContrastTouchUp:
    """Do `Fade.touch_up_by_contrast`."""
    seen = fade.appearance(fidelity)
    years, contrast = _since_healed(fade.years, seen["contrast"].values, fade, float(seen["healed_contrast"]))
    healed = float(seen["healed_contrast"])
    at = _level(threshold, below, healed)
    time, observed, error = _refined(fade, years, contrast, at, fidelity)
    noticed = float(seen["noticed_from"])
    unseen = first_below(years, contrast, noticed)[0]
    low, high, failed = _people(fade, threshold, below, draws=draws, seed=seed, level=level)
    grade, n_weakest, n_inputs = weakest_grade(fade.scenario)
    [there] = look_at(fade.scenario, profiles(at_days(fade, np.array([time * _DAYS]))), fidelity).contrast
    measure, share = rule_of(fade.scenario)[:2]
    if is_seen(measure):
        measure, share = "retained_of_healed", PIGMENT_THRESHOLD
    pigment_time, pigment_observed = _by_pigment(fade, measure, share)
    kept = at_days(fade, np.array([time * _DAYS])).dataset["retained_of_healed"]
    return ContrastTouchUp(
        time=time,
        observed=observed,
        error=error,
        low=low,
        high=high,
        level=level,
        horizon=fade.scenario.horizon,
        threshold=threshold,
        below=below,
        healed_contrast=healed,
        contrast=float(there),
        retained_of_healed=float(kept[0]),
        pigment_time=pigment_time,
        pigment_observed=pigment_observed,
        pigment_fall=fall(measure, share),
        unseen_time=unseen,
        noticed_from=noticed,
        draws=draws,
        n_failed=failed,
        grade=grade,
        n_weakest=n_weakest,
        n_inputs=n_inputs,
    )


def _by_pigment(fade: Fade, measure: str, threshold: float) -> tuple[float, bool]:
    """When a measure of pigment first falls below its threshold in this run [year], and whether it does."""
    if (measure, threshold) == rule_of(fade.scenario)[:2] or str(fade.scenario["touch_up.schedule"]) != "when_due":
        return fade.own_touch_up(measure, threshold)
    # Its touch-ups come by what is seen: another rule would make it another run.
    healed = fade.years >= float(fade.dataset["healed_time"]) / _DAYS
    time, around = first_below(fade.years[healed], fade.dataset[measure].values[healed], threshold)
    return (time, True) if around is not None else (float(fade.years[-1]), False)


def first_below(
    years: NDArray[np.float64], values: NDArray[np.float64], level: float
) -> tuple[float, tuple[int, int] | None]:
    """
    When values first fall below a level, on straight lines between them, and the places of the two around it.

    Infinite, and None, where they do not; the first time where they are below from the start.
    """
    under = np.flatnonzero(values < level)
    if not len(under):
        return math.inf, None
    i = int(under[0])
    if i == 0:
        return float(years[0]), (0, 0)
    share = (values[i - 1] - level) / (values[i - 1] - values[i])
    return float(years[i - 1] + share * (years[i] - years[i - 1])), (i - 1, i)


def _level(threshold: float | None, below: float | None, healed: float) -> float:
    """The contrast below which a touch-up is due: the higher of the two, which is met first."""
    return max(0.0 if threshold is None else threshold * healed, 0.0 if below is None else below)


def _since_healed(
    years: NDArray[np.float64], contrast: NDArray[np.float64], fade: Fade, healed_contrast: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times and contrasts from healing on, healing itself among them; none where the run does not come so far."""
    healed = float(fade.dataset["healed_time"]) / _DAYS
    later = years > healed + SAME_TIME / _DAYS
    if math.isnan(healed_contrast):
        return years[:0], contrast[:0]
    return np.append(healed, years[later]), np.append(healed_contrast, contrast[later])


def _refined(
    fade: Fade, years: NDArray[np.float64], contrast: NDArray[np.float64], level: float, fidelity: Fidelity
) -> tuple[float, bool, float]:
    """Time of the fall [year], whether there is one, and how far apart the computed times around it are."""
    time, around = first_below(years, contrast, level)
    if around is None:
        return float(fade.years[-1]), False, 0.0
    first, last = (float(years[i]) for i in around)
    if first == last:
        return time, True, 0.0
    again = at_days(fade, np.linspace(first, last, _PARTS + 1) * _DAYS)
    closer = look_at(fade.scenario, profiles(again), fidelity).contrast
    time, around = first_below(again.years, closer, level)
    if around is None:  # the last of them is the saved one, which is below but for round-off
        return last, True, (last - first) / _PARTS
    return time, True, float(again.years[around[1]] - again.years[around[0]])


def _people(
    fade: Fade, threshold: float | None, below: float | None, *, draws: int, seed: int, level: float
) -> tuple[float, float, int]:
    """Ends of the interval between people [year], and how many runs failed; at the saved times of the run."""
    if not draws:
        return math.nan, math.nan, 0
    healed = float(fade.dataset["healed_time"])
    saved = np.asarray(fade.dataset["time"].values, dtype=np.float64)
    end = float(saved[-1])
    days = np.append(healed, saved[saved > healed + SAME_TIME])
    times, observed, failed = [], [], 0
    if healed > end:
        return math.inf, math.inf, 0
    for start in range(0, draws, _AT_ONCE):
        people = [fade.scenario.core.draw(seed, i) for i in range(start, min(draws, start + _AT_ONCE))]
        runs, interrupted = _core.simulate_many(people, times=days * 86400.0, fields=True)
        if interrupted:
            raise KeyboardInterrupt
        for person, ran in zip(people, runs, strict=True):
            if ran.status != "ok":
                failed += 1
                continue
            dims, pigment, _ = _core.run_dataset(person, ran)["variables"]["pigment"]
            order = [dims.index(d) for d in ("time", "z", "pool", "size_class")]
            model = _core.scenario_appearance(person, "fast")
            contrast = look_with(model, np.ascontiguousarray(pigment.transpose(order))).contrast
            time, around = first_below(days / _DAYS, contrast, _level(threshold, below, float(contrast[0])))
            times.append(time if around is not None else end / _DAYS)
            observed.append(around is not None)
    years, seen = np.array(times), np.array(observed, dtype=np.bool_)
    low, high = (censored_quantile(years, seen, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return low, high, failed
