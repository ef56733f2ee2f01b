"""What sets scenarios apart, in the few words that a legend has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade.plot.protocol import protocol_words
from inkfade.plot.style import pretty_unit
from inkfade.scenario import Scenario, find_parameter

if TYPE_CHECKING:
    from typing import Any

_LENGTH = "horizon "
_MOST = 3  # differences that a legend has room for
_SCHEDULE = ("touch_up.schedule", "touch_up.interval")  # said with the protocol


def differing(scenarios: list[Scenario]) -> list[str]:
    """
    Say of each scenario what sets it apart: "depth 300 µm, aftercare poor".

    Parameters
    ----------
    scenarios
        What is compared.

    Returns
    -------
    list of str
        The values that differ from the first of the same preset, at most three, then how many more; the first itself
        has its own values of those. Where presets differ their names come first, and one that stands alone is told
        apart from its preset as it is shipped. "run 1" where nothing differs.
    """
    presets = [s.preset_name for s in scenarios]
    several = len(set(presets)) > 1
    said: list[list[str]] = [[] for _ in scenarios]
    for preset in dict.fromkeys(presets):
        group = [i for i, name in enumerate(presets) if name == preset]
        first = scenarios[group[0]]
        if several and len(group) == 1 and preset in Scenario.presets():
            said[group[0]] = _against(first, [Scenario.preset(preset)])
            continue
        said[group[0]] = _against(first, [scenarios[i] for i in group[1:]])
        for i in group[1:]:
            said[i] = _against(scenarios[i], [first])
    names = [[preset] if several else [] for preset in presets]
    return [_joined(n, words) or f"run {i + 1}" for i, (n, words) in enumerate(zip(names, said, strict=True))]


def _against(mine: Scenario, others: list[Scenario]) -> list[str]:
    """Values of one scenario that any of the others has not, in words; what a reader asks for first comes first."""
    own = [n for n in mine.names if n not in _SCHEDULE and any(n not in o or mine[n] != o[n] for o in others)]
    words = [_said(mine, name) for name in sorted(own, key=_rank)]
    happens = [_regime(mine)] if any(_regime(mine) != _regime(o) for o in others) else []
    at = sum(_rank(name)[0] == 0 for name in own)  # after the procedure
    other_care = any(mine.core.aftercare != o.core.aftercare for o in others) and not happens
    happens += protocol_words(mine, others)
    words[min(at, _MOST - 1) : min(at, _MOST - 1)] = happens
    if other_care:
        words.append("other aftercare")
    if any(mine.start != o.start for o in others):
        words.append(f"start {mine.start}" if mine.start else "no start date")
    shared = [w for w in words if not w.startswith(_LENGTH)]
    return shared or words  # how long it is followed is seen; it is said where nothing else differs


def _joined(names: list[str], words: list[str]) -> str:
    more = len(words) - _MOST
    return ", ".join([*names, *words[:_MOST]]) + (f", {more} more" if more > 0 else "")


def _rank(name: str) -> tuple[int, str]:
    """What a reader asks for first: the procedure, then ink, skin and care; how long and how it is solved last."""
    order = ("procedure.", "ink.", "aftercare.", "exposure.", "skin.", "touch_up.")
    return next((i for i, start in enumerate(order) if name.startswith(start)), len(order)), name


def _said(scenario: Scenario, name: str) -> str:
    """One parameter of a scenario as a person reads it: "papillary dermis thickness 150 µm"."""
    known = find_parameter(name)
    label = known.alias if known is not None and known.alias else ""
    if not label:
        parts = name.split(".")
        label = " ".join(parts[1:]) if parts[0] == "skin" else parts[-1]
    label = label.replace("_", " ")
    return f"{label} {_value(name, scenario[name])}"


def _value(name: str, value: Any) -> str:
    """A value in its unit for display."""
    known = find_parameter(name)
    if known is None or isinstance(value, bool | str):
        return str(value)
    unit = "" if known.unit == "1" else f" {pretty_unit(known.unit)}"
    return f"{value / known.factor:.4g}{unit}"


def _regime(scenario: Scenario) -> str:
    spans = scenario.core.aftercare
    return f"aftercare {spans[0]['regime'] or 'explicit'}" if spans else "no aftercare"
