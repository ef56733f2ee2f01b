"""What makes two sweeps the same one, and words for how they differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inkfade import _core
from inkfade.scenario import find_parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from inkfade.axes import Axis
    from inkfade.scenario import Scenario


def make_plan(
    scenario: Scenario, axes: Sequence[Axis], *, fields: bool, appearance: bool, times: NDArray[np.float64] | None
) -> str:
    """The plan of a sweep as canonical JSON, one key a line: what decides its results, and nothing else."""
    plan = {
        "format": 1,
        "version": _core.__version__,
        "physics": _core.physics_version,
        "scenario": json.loads(scenario.to_json()),
        "axes": [
            {"dim": axis.dim, "parameters": [{"name": c.parameter, "values": list(c.values)} for c in axis.coordinates]}
            for axis in axes
        ],
        "fields": fields,
        "times": None if times is None else [float(t) for t in times],
        **({"appearance": True} if appearance else {}),  # studies from before it was asked have none
    }
    return json.dumps(plan, sort_keys=True, indent=1, allow_nan=False)


def differences(old: str, new: str) -> str:
    """How two plans differ, in words; empty if they are the same."""
    if old == new:
        return ""
    b = json.loads(new)
    try:
        a = json.loads(old)
    except ValueError:
        a = None
    if not isinstance(a, dict):
        return "its plan is no plan of a sweep"
    said = []
    if a.get("version") != b["version"]:
        said.append(f"inkfade {a.get('version')}, not {b['version']}")
    if a.get("physics") != b["physics"]:
        said.append(f"version {a.get('physics', 'unknown')} of the model's equations, not {b['physics']}")
    shape_a, shape_b = (" x ".join(axis["dim"] for axis in plan.get("axes", [])) for plan in (a, b))
    if shape_a != shape_b:
        said.append(f"axes {shape_a}, not {shape_b}")
    else:
        changed = [x["dim"] for x, y in zip(a.get("axes", []), b["axes"], strict=False) if x != y]
        said += [f"other values of {dim}" for dim in changed]
    said += _of_scenarios(a.get("scenario", {}), b["scenario"])
    if a.get("fields") != b["fields"]:
        said.append("profiles over depth are kept" if a.get("fields") else "profiles over depth are not kept")
    if a.get("appearance", False) != b.get("appearance", False):
        said.append(f"the patch is {'' if a.get('appearance') else 'not '}looked at")
    if a.get("times") != b["times"]:
        said.append("other saved times")
    known = {"format", "version", "physics", "axes", "scenario", "fields", "appearance", "times"}
    said += [f"{key} = {a.get(key)}, not {b.get(key, 'given')}" for key in sorted({*a, *b} - known)]
    return "; ".join(said) or "its plan differs"


def _of_scenarios(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """How two scenarios differ: at most three parameters by value, the rest by number."""
    said = []
    regimes = [(s.get("aftercare") or [{}])[0].get("regime") or "explicit" for s in (a, b)]
    if regimes[0] != regimes[1]:
        said.append(f"aftercare {regimes[0]}, not {regimes[1]}")
    for key in sorted({*a, *b} - {"parameters"}):
        if a.get(key) != b.get(key) and not (key == "aftercare" and said):
            said.append(f"{a.get(key)}, not {b.get(key)}" if key == "name" else f"other {key}")
    before, after = a.get("parameters", {}), b["parameters"]
    changed = []
    for name in sorted({*before, *after}):
        x, y = before.get(name, {}), after.get(name, {})
        if x.get("value") != y.get("value"):
            changed.append(f"{name} = {_shown(name, x.get('value'))}, not {_shown(name, y.get('value'))}")
        elif x.get("gsd") != y.get("gsd"):
            changed.append(f"spread (gsd) of {name} = {x.get('gsd')}, not {y.get('gsd')}")
    if len(changed) > 3:
        changed[3:] = [f"{len(changed) - 3} more parameter{'s' if len(changed) > 4 else ''}"]
    return said + changed


def _shown(name: str, value: object) -> str:
    """A value in the unit that people read it in."""
    known = find_parameter(name)
    if value is None:
        return "not set"
    if known is None or known.kind != "real" or not isinstance(value, int | float):
        return str(value)
    return f"{value / known.factor:.6g} {'' if known.unit == '1' else known.unit}".rstrip()
