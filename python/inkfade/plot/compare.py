"""Several runs on one pair of axes, named by what their scenarios differ in."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from inkfade._core import ParameterError
from inkfade.comparison import curve, find_curve
from inkfade.measures import level_text, rule_of
from inkfade.plot.fade import check_seen, draw_curve, end_of, finish, shown_quantity, tells_touch_up, title_of
from inkfade.plot.naming import differing
from inkfade.plot.style import CYCLE, look, new_axes, people, say_below
from inkfade.plot.tooth import just_before, later_session, upright
from inkfade.plot.visits import draw_visits
from inkfade.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from inkfade.fade import Fade
    from inkfade.observations import Data

# Also where two curves are the same, and on paper without colours, each is seen.
_DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))


def compare_plot(
    *runs: Fade | Scenario,
    labels: list[str] | None = None,
    quantity: str | None = None,
    data: Data | None = None,
    band: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """
    Plot the curves of several runs on one pair of axes, with a mark at each touch-up.

    Parameters
    ----------
    *runs
        Results of `inkfade.simulate`, or scenarios, which are simulated.
    labels
        One for each; what their scenarios differ in where not given.
    quantity
        What is drawn: a variable of the dataset that is one number at a time, for example "patch_dose". Where not given
        retained_of_deposit; retained_of_healed where any run has a session after healing, because the deposit that it
        is a share of then grows, and a touch-up would seem to take pigment away; or what was observed.
    data
        Observed values to lay over, as `Observations.of` takes them.
    band
        Add the 80 % band between people of each.
    ax
        Axes to draw into; a new figure where not given.

    Raises
    ------
    ParameterError
        If there is no run, something else than a run, an unknown quantity or another number of labels.
    """
    from inkfade.observations import Observations

    fades = _fades(runs)
    names = differing([f.scenario for f in fades]) if labels is None else labels
    if isinstance(names, str) or len(names) != len(fades):
        raise ParameterError(f"compare_plot got {len(fades)} runs and {len(names)} labels: give one label for each")
    seen = None if data is None else Observations.of(data)
    quantity = shown_quantity(quantity, _usual(fades), seen)
    [shown, *_] = [find_curve(fade.dataset, quantity) for fade in fades]
    check_seen(seen, quantity)
    own = ax is None
    drawn = [upright(fade, quantity) for fade in fades]
    with look():
        ax = ax or new_axes()
        for i, (fade, name, colour) in enumerate(zip(drawn, names, cycle(CYCLE), strict=False)):
            said = name if fade.status == "ok" else f"{name} (failed: {fade.status})"
            draw_curve(ax, fade, quantity, colour, said, band=band, dashes=_DASHES[i % len(_DASHES)])
        marked = [_draw_touch_up(ax, fade, quantity, colour) for fade, colour in zip(drawn, cycle(CYCLE), strict=False)]
        if seen is not None:
            draw_visits(ax, seen, quantity, fade=None)
        presets = {fade.scenario.preset_name for fade in fades}
        ax.set_title(title_of(shown) + (f": {presets.pop()}" if len(presets) == 1 else ""))
        finish(ax, shown, max(end_of(f) for f in fades))
        notes = [_mark_note(fades)] * any(marked) + ["band: 80 % of people"] * band
        legend = ax.legend(loc="best", title="\n".join(notes) or None, title_fontsize=8.5, alignment="left")
        legend.get_frame().set_alpha(0.85)
        if own:
            say_below(ax, [fade.scenario for fade in fades], f"band: {people()}" if band else "")
    return ax


def _usual(fades: list[Fade]) -> str:
    """What is drawn where nobody says."""
    later = any(np.isfinite(later_session(fade)) for fade in fades)
    return "retained_of_healed" if later else "retained_of_deposit"


def _fades(runs: tuple[Fade | Scenario, ...]) -> list[Fade]:
    from inkfade.fade import Fade
    from inkfade.simulation import simulate

    if not runs:
        raise ParameterError("compare_plot needs at least one run: compare_plot(a, b)")
    fades = []
    for run in runs:
        if not isinstance(run, Fade | Scenario):
            said = f"got {type(run).__name__}"
            raise ParameterError(
                f"compare_plot takes results of simulate, or scenarios, one by one, compare_plot(a, b): {said}"
            )
        fades.append(run if isinstance(run, Fade) else simulate(run, fields=False))
    return fades


def _draw_touch_up(ax: Axes, fade: Fade, quantity: str, colour: str) -> bool:
    """A circle on the curve at the touch-up, or an open end where it lies beyond the run; whether there is one."""
    values = curve(fade.dataset, quantity)
    if fade.status != "ok" or not np.isfinite(values[-1]) or not tells_touch_up(fade):
        return False
    if not bool(fade.dataset["touch_up_observed"]):
        ax.plot(
            [float(fade.years[-1])], [values[-1]], ">", ms=8, mfc="white", mec=colour, mew=1.8, clip_on=False, zorder=5
        )
        return True
    time = float(fade.dataset["touch_up_time"])
    ax.plot([time], [just_before(fade, values, time)], "o", ms=7, mfc="white", mec=colour, mew=1.8, zorder=5)
    return True


def _mark_note(fades: list[Fade]) -> str:
    """What the marks mean, in words."""
    ran = [f for f in fades if f.status == "ok" and tells_touch_up(f)]
    falls = {level_text(*rule_of(f.scenario)) for f in ran}
    what = f" (below {falls.pop()})" if len(falls) == 1 else ""
    observed = {bool(f.dataset["touch_up_observed"]) for f in ran}
    marks = ["circle: touch-up" + what] * (True in observed)
    return "; ".join(
        [*marks, *[f"arrow: {'none' if marks else 'no touch-up' + what} within the run"] * (False in observed)]
    )
