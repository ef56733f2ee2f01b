"""Result files: what was saved comes back as what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade import _core
from inkfade.paths import as_path
from inkfade.result_check import check_result

if TYPE_CHECKING:
    from pathlib import Path

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
    from inkfade.scenario import Scenario
    from inkfade.study import Study

    path = as_path(path)
    dataset = _core.read_result(path)
    check_result(str(path), dataset)
    try:
        if "sweep" in dataset["attrs"]:
            return Study(dataset, path)
        scenario = Scenario.from_toml(str(dataset["attrs"]["scenario"]), "scenario")
    except _core.ParameterError as error:
        raise _core.FormatError(f"{path}: the scenario in it is not allowed: {error}") from None
    return Fade(scenario, dataset)
