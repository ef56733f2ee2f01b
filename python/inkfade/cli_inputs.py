"""What commands take: scenarios and names of files, refused before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inkfade import _core

if TYPE_CHECKING:
    from inkfade.scenario import Scenario


def read_scenario(given: str) -> Scenario:
    """A scenario file, or a preset where there is no such file."""
    from inkfade.scenario import Scenario

    path = Path(given)
    if not path.exists() and not path.suffix and path.name == given:  # its message names the presets there are
        return Scenario.preset(given)
    return Scenario.from_file(given)


def check_folder(path: Path) -> None:
    """Refuse a file in a folder that is not there."""
    if not path.resolve().parent.is_dir():
        raise _core.FileError(f"{path}: the folder {path.resolve().parent} does not exist")


def check_figure(path: Path) -> None:
    """Refuse before the run a figure that could not be written after it."""
    from matplotlib.backend_bases import FigureCanvasBase

    check_folder(path)
    known = sorted(FigureCanvasBase.get_supported_filetypes())
    if path.suffix.lower().removeprefix(".") not in known:
        said = f"{path.suffix} is no format of a figure" if path.suffix else "has no ending that names a format"
        raise _core.ParameterError(f"{path}: {said}: choose one of {', '.join(known)}")
