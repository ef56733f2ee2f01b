"""A run as it is drawn: saved on both sides of every event, so that a jump stands upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade.measures import is_seen

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from inkfade.fade import Fade

_DAYS = 365.25
_POINTS = 500
_SIDE = 1e-6  # [day] beside an event: far above the round-off of 50 years, and nothing fades in it
_SESSIONS = ("treatment", "touch_up")


def saw_tooth(fade: Fade) -> Fade:
    """
    The same run, saved densely and on both sides of every session.

    The saved times of a run may be far apart, so that a line through them would cut the corners of a visit.
    """
    return _again(fade, 0.0, fade.scenario.horizon * _DAYS, seen=is_seen(str(fade.scenario["touch_up.measure"])))


def upright(fade: Fade, quantity: str) -> Fade:
    """
    The run to draw a quantity of: `fade` itself, or where something happens after the start its saw-tooth.

    The saw-tooth has the saved times of `fade` among its own and covers the same span. A run that failed, and an
    observable of the user's own, which needs the user's function, are drawn as they were saved.
    """
    kinds, times = events(fade)
    saved = np.asarray(fade.dataset["time"].values, dtype=np.float64)
    if fade.status != "ok" or len(saved) < 2 or not np.any((times > 0) & (kinds != "healed")):
        return fade
    again = _again(fade, float(saved[0]), float(saved[-1]), saved, seen=is_seen(quantity))
    return again if quantity in again.dataset else fade


def _again(
    fade: Fade, start: float, end: float, saved: NDArray[np.float64] | None = None, *, seen: bool = False
) -> Fade:
    from inkfade.simulation import simulate

    _, happens = events(fade)
    healing = (happens[:, None] + np.geomspace(0.5, 60.0, 30)).ravel()
    own = np.array([]) if saved is None else saved
    parts = [np.linspace(start, end, _POINTS), happens - _SIDE, happens + _SIDE, healing, own]
    days = np.unique(np.concatenate(parts))
    times: list[Any] = [f"{float(day)!r} day" for day in days[(days >= start) & (days <= end)]]
    rung: Any = fade.rung
    return simulate(fade.scenario, times=times, fields=False, appearance=seen, check=True, rung=rung)


def with_sides(fade: Fade) -> Fade:
    """The same run with its profiles, saved on both sides of what happens after the start as well."""
    from inkfade.seen import at_days

    kinds, happens = events(fade)
    happens = happens[(happens > 0) & (kinds != "healed")]
    saved = np.asarray(fade.dataset["time"].values, dtype=np.float64)
    if fade.status != "ok" or not len(happens):
        return fade
    days = np.unique(np.concatenate([saved, happens - _SIDE, happens + _SIDE]))
    return at_days(fade, days[(days >= saved[0]) & (days <= saved[-1])])


def events(fade: Fade) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Kind and time [day] of all that happened in a run, in order."""
    times = np.atleast_1d(np.asarray(fade.dataset["event_time"].values, dtype=np.float64))
    kinds = np.atleast_1d(fade.dataset["event_kind"].values).astype(str)
    return kinds[np.isfinite(times)], times[np.isfinite(times)]


def later_session(fade: Fade) -> float:
    """Time [year] of the first session after healing; infinite where there is none within the run."""
    kinds, times = events(fade)
    healed = float(fade.dataset["healed_time"])
    later = times[np.isin(kinds, _SESSIONS) & (times > healed)] / _DAYS
    end = float(fade.years[-1]) if len(fade.years) else 0.0
    return float(later[later <= end].min(initial=np.inf))


def just_before(fade: Fade, values: NDArray[np.float64], year: float) -> float:
    """A curve at a time [year], on the near side of a jump that happens there."""
    known = np.isfinite(values)
    return float(np.interp(max(0.0, year - 2 * _SIDE / _DAYS), fade.years[known], values[known]))
