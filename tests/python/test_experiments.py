"""Experiments run from one end to the other, in their small version."""

from __future__ import annotations

import subprocess
import sys

from conftest import REPOSITORY


def test_the_touch_up_experiment_writes_its_files_and_figures(environment, tmp_path):
    script = REPOSITORY / "experiments" / "01_smp_touch_up" / "run.py"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in tmp_path.iterdir()}
    assert {"study.h5", "fade.h5", "touch_up.csv", "fade.png", "ledger.png", "profile.png", "patch_dose.png"} <= written
    assert "dot_density: no effect on retained_of_healed" in done.stdout
