"""How far the retained mass of a grid is from that of a fine one: which number of cells buys which accuracy.

`./scripts/benchmark mesh`. Three local doses of the scalp-smp preset, 14 times over ten years, at a tolerance in
time that leaves less than 1e-6. The reference is extrapolated from 512 and 1024 cells with the first order that is
seen there.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

import inkfade as ink

TIMES = [f"{d} day" for d in (1, 3, 7, 14, 28, 42, 90, 180, 365, 730, 1461, 2192, 2922, 3652)]
CELLS = (16, 32, 48, 64, 96, 128, 256, 512, 1024)
DOSES = ("0.05 mg cm-2", "0.25 mg cm-2", "2.5 mg cm-2")


def errors_of(dose: str) -> dict[int, float]:
    """Worst relative error of the retained mass by number of cells."""
    retained = {}
    for cells in CELLS:
        scenario = ink.Scenario.preset("scalp-smp").with_(
            {"procedure.local_dose": dose, "numerics.cells": cells, "numerics.rtol": 1e-6}
        )
        fade = ink.simulate(scenario, times=TIMES, fields=False, appearance=False, check=True)
        retained[cells] = fade.dataset.retained_of_deposit.values
    reference = 2.0 * retained[1024] - retained[512]
    return {cells: float(np.max(np.abs(values / reference - 1.0))) for cells, values in retained.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    errors = {dose: errors_of(dose) for dose in DOSES}
    print(f"{'cells':>8}" + "".join(f"{dose:>16}" for dose in DOSES))
    for cells in CELLS:
        print(f"{cells:8}" + "".join(f"{errors[dose][cells]:16.1e}" for dose in DOSES))
    if options.json:
        options.json.write_text(json.dumps(errors, indent=2))


if __name__ == "__main__":
    main()
