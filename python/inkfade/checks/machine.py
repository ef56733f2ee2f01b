"""Which inkfade runs where: the header of a report."""

from __future__ import annotations

import datetime
import os
import platform
from importlib import metadata
from pathlib import Path

from inkfade import _core


def versions_and_machine(commit: str) -> dict[str, str]:
    """Versions, how the core was compiled, and the machine; no name of a host or a person."""
    build = _core.build_info()
    return {
        "inkfade": f"{_core.__version__}, physics {_core.physics_version}, commit {commit}",
        "compiled by": f"{build['compiler']}, {build['build']}",
        "instruction set": build["instruction_set"],
        "processor": f"{_processor()}, {_cores()} cores for this process",
        "system": platform.platform(),
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {_version(name)}" for name in ("numpy", "xarray", "h5py", "scipy")),
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """The name that the processor gives itself; its architecture where it gives none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(filter(None, [*named, platform.processor(), platform.machine()]), "unknown")
