"""The band of a quantity between people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from inkfade import _core
from inkfade.measures import is_seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inkfade.fade import Fade

    Band: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], int]  # low, high, how many runs failed

# Quantities that have a band, and the dataset's unit of each in SI; the second kind takes a look at everybody.
_LEFT = {"retained_of_deposit": 1.0, "retained_of_healed": 1.0, "patch_dose": 1e5, "centroid": 1e6}
_SEEN = {"patch_contrast": 1.0, "patch_contrast_of_healed": 1.0}


def check_band(quantity: str, rung: str) -> None:
    """Refuse a quantity that has no band, or none on this rung."""
    if quantity not in _LEFT and quantity not in _SEEN:
        known = ", ".join([*_LEFT, *_SEEN])
        raise _core.ParameterError(f"no band of {quantity!r} is known: there are those of {known}")
    if is_seen(quantity) and rung != "column":
        why = f"what is seen depends on depth, and the {rung} rung has none"
        raise _core.ParameterError(f"no band of {quantity!r}: {why}")


def bands_of(fade: Fade, quantity: str, *, draws: int, seed: int, level: float) -> dict[str, Band]:
    """
    Draw people, run them, and give the bands of a quantity and of those that come with it.

    Raises
    ------
    IntegrationError
        If the runs of all people failed.
    KeyboardInterrupt
        After Ctrl-C.
    """
    people = [fade.scenario.core.draw(seed, i) for i in range(draws)]
    times = np.asarray(fade.dataset["time"].values, dtype=np.float64) * 86400.0
    runs, interrupted = _core.simulate_many(
        people, times=times, fields=False, rung=fade.rung, contrast=is_seen(quantity)
    )
    if interrupted:
        raise KeyboardInterrupt
    ran = [run for run in runs if run.status == "ok"]
    if not ran:
        raise _core.IntegrationError(f"no band: all {draws} runs failed, the first: {runs[0].message}")
    made: dict[str, Band] = {}
    for name, factor in (_SEEN if is_seen(quantity) else _LEFT).items():
        curves = np.array([getattr(run, name) for run in ran]) * factor
        low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
        made[name] = (low, high, draws - len(ran))
    return made
