"""Result files: what was saved comes back as what it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inkfade import _core

if TYPE_CHECKING:
    from inkfade.fade import Fade
    from inkfade.study import Study


def load(path: str | Path) -> Fade | Study:
    """
    Read a result file that `Fade.save` or `Sweep.run` wrote, and check its digest.

    Parameters
    ----------
    path
        The file, for example "fade.h5" or "study.h5".

    Returns
    -------
    Fade or Study
        By what the file holds.

    Raises
    ------
    FileError
        If the file cannot be read.
    FormatError
        If it is not a result file of inkfade, or was changed or cut short since it was written.
    """
    from inkfade.fade import Fade
    from inkfade.study import Study

    dataset = _core.read_result(Path(path))
    attrs = dataset["attrs"]
    if "sweep" in attrs:
        return Study(dataset, path)
    if "scenario" not in attrs:
        raise _core.FormatError(f"{path}: holds no scenario: not written by Fade.save or Sweep.run")
    from inkfade.scenario import Scenario

    return Fade(Scenario.from_toml(str(attrs["scenario"]), f"{path}: scenario"), dataset)
