"""A run beside what was observed: values of the run at the observed times, and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import IntegrationError, ParameterError, did_you_mean
from inkfade.observations import QUANTITIES, Observations, Quantity

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from inkfade.fade import Fade
    from inkfade.observations import Data, Observation

_INTERPOLATION = "linear between the saved times on either side, at most {gap:.3g} days apart"
_SAME_TIME = 1e-9  # [day] far below what a calendar resolves, far above the round-off of 50 years


def find_curve(dataset: xr.Dataset, name: object) -> Quantity:
    """
    What a run holds under this name that is one number at every saved time; also an observable of the user's own.

    Raises
    ------
    ParameterError
        If there is none; the message names those there are.
    """
    if isinstance(name, str) and name in QUANTITIES:
        found = QUANTITIES[name]
        if found.name not in dataset:
            why = "nothing has a depth on the well-mixed rung"
            if name.startswith("patch_contrast") and str(dataset.attrs.get("rung", "column")) == "column":
                why = "nobody looked at the patch; simulate with appearance=True"
            raise ParameterError(f"quantity = {name!r}: not in this run: {why}")
        return found
    own = {str(n): v for n, v in dataset.data_vars.items() if v.dims == ("time",)}
    known = [*QUANTITIES, *(n for n in own if n not in QUANTITIES)]
    if not isinstance(name, str) or name not in own:
        hint = did_you_mean(name, known) if isinstance(name, str) else ""
        raise ParameterError(f"quantity = {name!r}{hint}: must be one of {', '.join(known)}")
    attrs = own[name].attrs
    return Quantity(name, str(attrs.get("units", "1")), str(attrs.get("long_name", name)))


def curve(dataset: xr.Dataset, quantity: str) -> NDArray[np.float64]:
    """A quantity of a run at the saved times (n_times,), in the dataset's unit."""
    values = np.asarray(dataset[find_curve(dataset, quantity).name].values, dtype=np.float64)
    return values.sum(axis=1) if values.ndim == 2 else values


def at_times(dataset: xr.Dataset, quantity: str, days: float, where: str) -> float:
    """
    Give a quantity of a run at one time [day], between saved times by a straight line.

    Parameters
    ----------
    dataset, quantity, days
        What, of which run, and when.
    where
        What a message calls this time.

    Raises
    ------
    ParameterError
        If the time lies outside the run or before healing, or a session lies between the saved times around it.
    """
    time = np.asarray(dataset["time"].values, dtype=np.float64)
    values = curve(dataset, quantity)
    if not time[0] - _SAME_TIME <= days <= time[-1] + _SAME_TIME:
        raise ParameterError(
            f"{where}: lies outside the run, which is saved from {time[0]:g} to {time[-1]:g} days: run it for longer"
        )
    healed = float(dataset["healed_time"])
    if quantity.endswith("_of_healed"):
        if days < healed:
            raise ParameterError(f"{where}: {quantity} has no value before healing, {healed:g} days")
        inside = time > healed
        time, values = np.append(healed, time[inside]), np.append(1.0, values[inside])
    nearest = int(np.argmin(np.abs(time - days)))
    if abs(time[nearest] - days) <= _SAME_TIME:
        return float(values[nearest])
    after = int(np.searchsorted(time, days))
    kinds, events = (np.atleast_1d(dataset[n].values) for n in ("event_kind", "event_time"))
    for kind, event in zip(kinds, events, strict=True):
        if str(kind) != "healed" and time[after - 1] < event <= time[after]:
            raise ParameterError(
                f"{where}: a session at {event:g} days lies between the saved times {time[after - 1]:g} and "
                f"{time[after]:g} days around it: simulate with this time among times=[...]"
            )
    return float(np.interp(days, time, values))


def compare_with(fade: Fade, data: Data) -> pd.DataFrame:
    """Do `Fade.compare_with`."""
    import pandas as pd

    if fade.status != "ok":
        raise IntegrationError(f"no comparison with a failed run: {fade.message} (status {fade.status})")
    observations = Observations.of(data)
    rows = [_row(fade, observation) for observation in observations]
    frame = pd.DataFrame(rows)
    time = np.asarray(fade.dataset["time"].values)
    gap = float(np.max(np.diff(time), initial=0.0))
    frame.attrs["units"] = {"time": "year", "z_score": "1"}
    frame.attrs["interpolation"] = _INTERPOLATION.format(gap=gap)
    frame.attrs["observations"] = observations.source
    return frame


def _row(fade: Fade, seen: Observation) -> dict[str, object]:
    quantity = QUANTITIES[seen.quantity]
    predicted = at_times(fade.dataset, seen.quantity, seen.time, f"{seen.quantity} observed at {seen.time:g} days")
    difference = seen.value - predicted
    return {
        "series": seen.series,
        "time": seen.time / 365.25,
        "quantity": seen.quantity,
        "unit": quantity.unit,
        "observed": seen.value,
        "predicted": predicted,
        "difference": difference,
        "sd": np.nan if seen.sd is None else seen.sd,
        "z_score": np.nan if seen.sd is None else difference / seen.sd,
        "inside": None if seen.low is None or seen.high is None else seen.low <= predicted <= seen.high,
    }
