"""The command line, as a user types it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time

import pytest

import inkfade as ink


@pytest.fixture
def inkfade(environment, tmp_path):
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "inkfade", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return call


def test_run_writes_the_file_and_the_figure_and_says_the_touch_up(inkfade, tmp_path):
    done = inkfade("run", "scalp-smp", "--years", "3", "-o", "fade.h5", "--plot", "fade.png", "--draws", "10")
    assert done.returncode == 0, done.stderr
    assert "80 % interval" in done.stdout
    assert "patch contrast falls below 50 % of what it was when healed; no threshold" in done.stdout
    assert "by what is left: not within 3 years (80 % interval" in done.stdout
    assert "pigment falls below 70 % of what was there when healed" in done.stdout
    assert "Of what was deposited, after 3 years" in done.stdout.splitlines()
    assert ink.load(tmp_path / "fade.h5").years[-1] == pytest.approx(3.0)
    content = (tmp_path / "fade.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 1440  # 7.2 inches at 200 dots per inch


def test_run_lists_the_visits_of_a_schedule(inkfade, tmp_path):
    (tmp_path / "kept.toml").write_text(
        'format = 1\npreset = "scalp-smp"\n[touch_up]\nschedule = "fixed"\ninterval = "2 year"\n'
    )
    done = inkfade("run", "kept.toml", "--years", "5", "--draws", "5")
    assert done.returncode == 0, done.stderr
    assert "2 touch-ups within 5 years (80 % interval 2-2), after 2.0 and 4.0 years" in done.stdout
    assert "lifetime load: " in done.stdout
    heading = next(line for line in done.stdout.splitlines() if line.startswith("visit"))
    assert "interval [year]" in heading
    assert "deposited [mg cm-2]" in heading
    assert "Touch-ups in the run" not in inkfade("run", "scalp-smp", "--years", "1", "--draws", "5").stdout


@pytest.fixture
def visits(tmp_path):
    (tmp_path / "visits.csv").write_text(
        "time [year],retained_of_healed [%],sd,patch_dose [ug cm-2]\n0.5,90,5,\n1,85,5,7\n2,80,,6.5\n"
    )


@pytest.mark.parametrize("ending", ["svg", "pdf"])
@pytest.mark.usefixtures("visits")
def test_run_draws_and_compares_with_what_was_observed(inkfade, tmp_path, ending):
    done = inkfade(
        "run", "scalp-smp", "--years", "3", "--plot", f"fade.{ending}", "--data", "visits.csv", "--draws", "10"
    )
    assert done.returncode == 0, done.stderr
    assert "Beside visits.csv (difference: observed less predicted)" in done.stdout
    assert len(re.findall(r"retained_of_healed +0\.[89]", done.stdout)) == 3
    assert len(re.findall(r"patch_dose \[ug cm-2\] +[67]", done.stdout)) == 2
    content = (tmp_path / f"fade.{ending}").read_bytes()
    assert content.startswith(b"%PDF") if ending == "pdf" else b"observed (n = 3, rms residual" in content


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "missing.csv"], "missing.csv: cannot be read"),
        (["--data", "visits.csv", "--quantity", "centroid"], "visits.csv: has no centroid, but retained_of_healed"),
        (["--data", "visits.csv", "--quantity", "centriod"], "did you mean centroid?"),
        (["--data", "visits.csv", "--years", "1"], "visits.csv: the last time is 2 years, but the run ends at 1"),
        (["--wall-limit", "0"], "wall_limit = 0.0: must be a finite number of seconds above 0"),
    ],
)
@pytest.mark.usefixtures("visits")
def test_data_that_cannot_be_compared_are_refused_before_the_run(inkfade, tmp_path, arguments, said):
    done = inkfade("run", "scalp-smp", "-o", "fade.h5", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "fade.h5").exists()


def test_the_wall_limit_ends_each_command_with_3(inkfade, tmp_path):
    (tmp_path / "experiment.toml").write_text(
        'format = 1\npreset = "scalp-smp"\n[run]\nhorizon = "50 year"\n[sweep]\ndepth = ["0.3 mm"]\n'
    )
    for command in (["run", "scalp-smp"], ["touchup", "scalp-smp"], ["sweep", "experiment.toml", "-o", "study.h5"]):
        done = inkfade(*command, "--wall-limit", "1e-6")
        assert done.returncode == 3, command
        assert "deadline" in done.stderr


def test_run_takes_a_scenario_file(inkfade, tmp_path):
    (tmp_path / "case.toml").write_text('format = 1\npreset = "scalp-smp"\n[run]\nhorizon = "2 year"\n')
    done = inkfade("run", "case.toml", "--draws", "4")
    assert done.returncode == 0, done.stderr
    assert "after 2 years" in done.stdout
    assert "after 1 year\n" in inkfade("run", "scalp-smp", "--years", "1", "--draws", "2").stdout


def test_a_run_that_fails_ends_with_3_and_says_why(inkfade, tmp_path):
    (tmp_path / "case.toml").write_text('format = 1\npreset = "scalp-smp"\n[numerics]\nmax_steps = 5\n')
    for command in ("run", "touchup"):
        done = inkfade(command, "case.toml")
        assert done.returncode == 3
        assert "too_many_steps" in done.stderr
        assert "within" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "missing.toml"], "missing.toml"),
        (["run", "scalp-smp", "--years", "-1"], "horizon"),
        (["run", "scalp-smp", "--years", "ten"], "--years"),
        (["run", "scalp-smp", "--colour", "red"], "--colour"),
        (["run", "scalp-smp", "--plot", "nowhere/fade.png", "--draws", "2"], "nowhere"),
        (["sweep", "missing.toml", "-o", "study.h5"], "missing.toml"),
        (["sweep", "missing.toml", "-o", "study.h5", "--threads", "-1"], "threads = -1"),
        (["sweep", "missing.toml", "-o", "study.h5", "--threads", "1000000000"], "threads = 1000000000"),
        (["touchup", "scalp-smp", "--threshold", "2"], "threshold"),
        (["run", "scalp-smp", "--plot", "fade.xyz"], "png"),
        (["run", "scalp-smp", "--plot", "fade"], "png"),
        (["run", "scalp-smp", "-o", "nowhere/fade.h5"], "nowhere"),
        (["verify", "missing.h5"], "missing.h5"),
        (["fly"], "fly"),
        (["run", "scalp-spm"], "scalp-smp"),
        (["touchup", "scalp-spm"], "scalp-smp"),
        (["sweep", "scalp-smp", "-o", "study.h5"], "[sweep]"),
    ],
)
def test_an_error_is_one_message_without_a_traceback(inkfade, arguments, word):
    done = inkfade(*arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_sweep_writes_a_study_and_goes_on_when_run_again(inkfade, tmp_path):
    (tmp_path / "experiment.toml").write_text(
        'format = 1\npreset = "scalp-smp"\n[run]\nhorizon = "1 year"\n[sweep]\ndot_density = ["60 cm-2", "100 cm-2"]\n'
    )
    for _ in range(2):
        done = inkfade("sweep", "experiment.toml", "-o", "study.h5", "--quiet")
        assert done.returncode == 0, done.stderr
        assert "dot_density: no effect on retained_of_healed" in done.stdout
        assert ">" not in done.stdout
    assert ink.load(tmp_path / "study.h5").dataset.sizes["dot_density"] == 2


def test_a_sweep_with_failed_points_ends_with_3_and_names_them(inkfade, tmp_path):
    (tmp_path / "experiment.toml").write_text(
        'format = 1\npreset = "scalp-smp"\n[run]\nhorizon = "1 year"\n[sweep.numerics]\nmax_steps = [5, 100000]\n'
    )
    for _ in range(2):
        done = inkfade("sweep", "experiment.toml", "-o", "study.h5", "--quiet")
        assert done.returncode == 3, done.stderr
        assert "max_steps = 5" in done.stderr
        assert "wrote study.h5" in done.stdout
    assert len(ink.load(tmp_path / "study.h5").failed) == 1


def test_a_figure_of_an_unknown_format_is_refused_before_the_run(inkfade, tmp_path):
    done = inkfade("run", "scalp-smp", "-o", "fade.h5", "--plot", "fade.xyz")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "fade.h5").exists()


def test_an_output_that_is_there_is_refused_before_the_run(inkfade, tmp_path):
    """The scenario would fail: that the file is there is said first."""
    (tmp_path / "case.toml").write_text('format = 1\npreset = "scalp-smp"\n[numerics]\nmax_steps = 5\n')
    (tmp_path / "fade.h5").write_bytes(b"mine")
    done = inkfade("run", "case.toml", "-o", "fade.h5")
    assert done.returncode == 2
    assert "fade.h5" in done.stderr
    assert "too_many_steps" not in done.stderr
    assert (tmp_path / "fade.h5").read_bytes() == b"mine"
    assert inkfade("run", "case.toml", "-o", "fade.h5", "--overwrite").returncode == 3


def test_verify_says_in_one_line_that_a_file_is_unchanged(inkfade, fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    done = inkfade("verify", "fade.h5")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert ink.load(path).dataset.attrs["digest"] in done.stdout


def test_verify_names_what_is_wrong_with_a_file(inkfade, fade, tmp_path):
    path = fade.save(tmp_path / "fade.h5")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = inkfade("verify", "fade.h5")
    assert (done.returncode, done.stdout) == (2, "")
    assert "checksum" in done.stderr
    assert "fade.h5" in done.stderr


def test_touchup_says_time_and_interval(inkfade):
    done = inkfade("touchup", "scalp-smp", "--threshold", "0.9", "--cohort", "20", "--years", "5")
    assert done.returncode == 0, done.stderr
    assert "80 % interval" in done.stdout
    assert "20 people" in done.stdout


def test_parameters_lists_what_can_be_set(inkfade):
    done = inkfade("parameters")
    assert done.returncode == 0, done.stderr
    assert "procedure.depth" in done.stdout


def test_parameters_of_a_scenario_shows_the_evidence(inkfade):
    done = inkfade("parameters", "scalp-smp")
    assert done.returncode == 0, done.stderr
    assert "assumed" in done.stdout
    *table, below = done.stdout.splitlines()
    assert below.startswith("sources: models/sources.toml; gsd: spread between people")
    [measure] = [line.split() for line in table if line.startswith("touch_up.measure")]
    assert measure[1] == "patch_contrast_of_healed"
    assert measure[2] in ("assumed", "inferred", "measured")


def test_the_json_schema_knows_every_parameter(inkfade):
    schema = json.loads(inkfade("parameters", "--json-schema").stdout)
    procedure = schema["properties"]["procedure"]["properties"]
    assert {"depth", "dot_density"} <= set(procedure)
    layer = schema["properties"]["skin"]["properties"]["layer"]["items"]["properties"]
    assert "thickness" in layer


def test_the_version_is_that_of_the_library(inkfade):
    assert inkfade("--version").stdout.strip() == f"inkfade {ink.__version__}"


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_sweep_with_its_own_code(environment, tmp_path, sign, code):
    (tmp_path / "experiment.toml").write_text(
        'format = 1\npreset = "scalp-smp"\n[run]\nhorizon = "20 year"\n[sweep]\n'
        'depth = { from = "0.2 mm", to = "0.8 mm", n = 500 }\ndepth_sd = { from = "50 um", to = "200 um", n = 100 }\n'
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "inkfade", "sweep", "experiment.toml", "-o", "study.h5", "--quiet"],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    shards = tmp_path / "study.h5.d" / "shards"
    end = time.monotonic() + 30
    while not (shards.is_dir() and any(shards.glob("*.h5"))):
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.02)
    child.send_signal(sign)
    try:
        _, said = child.communicate(timeout=20)
    finally:
        child.kill()  # where it has not ended
    assert child.returncode == code
    kept = re.search(r"^interrupted: (\d+) of 50000 points are kept in study\.h5\.d; run the same command", said, re.M)
    assert kept is not None, said
    assert int(kept[1]) > 0
    assert said.count("interrupted") == 1
    assert "Traceback" not in said
