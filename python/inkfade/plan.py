"""What makes two sweeps the same one, and words for how they differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from inkfade.axes import Axis
    from inkfade.scenario import Scenario


def make_plan(scenario: Scenario, axes: Sequence[Axis], *, fields: bool, times: NDArray[np.float64] | None) -> str:
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
    }
    return json.dumps(plan, sort_keys=True, indent=1, allow_nan=False)


def differences(old: str, new: str) -> str:
    """How two plans differ, in words; empty if they are the same."""
    if old == new:
        return ""
    a, b = json.loads(old), json.loads(new)
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
    before, after = _flat(a.get("scenario", {})), _flat(b["scenario"])
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    said += [f"{n} = {before.get(n)}, not {after.get(n)}" for n in names[:3]]
    if len(names) > 3:
        said.append(f"{len(names) - 3} more parameters")
    if a.get("fields") != b["fields"]:
        said.append("profiles over depth are kept" if a.get("fields") else "profiles over depth are not kept")
    if a.get("times") != b["times"]:
        said.append("other saved times")
    return "; ".join(said) or "its plan differs"


def _flat(value: object, prefix: str = "") -> Mapping[str, object]:
    """A nested JSON value by dotted names."""
    if isinstance(value, dict):
        parts = [(str(k), v) for k, v in value.items()]
    elif isinstance(value, list):
        parts = [(str(i), v) for i, v in enumerate(value)]
    else:
        return {prefix: value}
    result: dict[str, object] = {}
    for key, inner in parts:
        result.update(_flat(inner, f"{prefix}.{key}" if prefix else key))
    return result
