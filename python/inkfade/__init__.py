"""inkfade: how pigment in skin fades, where it goes, and when a touch-up is due.

Start with a preset, change what differs, simulate, look::

    import inkfade as ink

    smp = ink.Scenario.preset("scalp-smp").with_(depth="450 um")
    fade = ink.simulate(smp, years=10)
    fade.plot()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkfade._core import (
        Cancelled,
        Error,
        FileError,
        FormatError,
        IntegrationError,
        LimitError,
        ParameterError,
        __version__,
    )
    from inkfade.checks import SelfCheck, selfcheck
    from inkfade.contrast_touch_up import ContrastTouchUp
    from inkfade.ensembles import ensemble
    from inkfade.fade import Fade
    from inkfade.files import load
    from inkfade.handbook import explain
    from inkfade.ladder import Comparison, compare
    from inkfade.observations import Observation, Observations
    from inkfade.plot import compare_plot
    from inkfade.scenario import Scenario, parameters
    from inkfade.schedule import Schedule
    from inkfade.sensitivity import sensitivities
    from inkfade.simulation import simulate
    from inkfade.snapshot import Snapshot
    from inkfade.study import Study
    from inkfade.sweep import Sweep
    from inkfade.touch_up import TouchUp
    from inkfade.units import linspace

__all__ = [
    "Cancelled",
    "Comparison",
    "ContrastTouchUp",
    "Error",
    "Fade",
    "FileError",
    "FormatError",
    "IntegrationError",
    "LimitError",
    "Observation",
    "Observations",
    "ParameterError",
    "Scenario",
    "Schedule",
    "SelfCheck",
    "Snapshot",
    "Study",
    "Sweep",
    "TouchUp",
    "__version__",
    "compare",
    "compare_plot",
    "ensemble",
    "explain",
    "linspace",
    "load",
    "parameters",
    "selfcheck",
    "sensitivities",
    "simulate",
]

_HOMES = {
    **dict.fromkeys(
        ("Cancelled", "Error", "FileError", "FormatError", "IntegrationError", "LimitError", "ParameterError"), "_core"
    ),
    "__version__": "_core",
    "Comparison": "ladder",
    "ContrastTouchUp": "contrast_touch_up",
    "Fade": "fade",
    "Observation": "observations",
    "Observations": "observations",
    "Scenario": "scenario",
    "Schedule": "schedule",
    "Snapshot": "snapshot",
    "SelfCheck": "checks",
    "Study": "study",
    "Sweep": "sweep",
    "TouchUp": "touch_up",
    "compare": "ladder",
    "compare_plot": "plot",
    "ensemble": "ensembles",
    "explain": "handbook",
    "linspace": "units",
    "load": "files",
    "parameters": "scenario",
    "selfcheck": "checks",
    "sensitivities": "sensitivity",
    "simulate": "simulation",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `import inkfade` itself does no work."""
    if name == "appearance":
        return importlib.import_module("inkfade.appearance")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'inkfade' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"inkfade.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
