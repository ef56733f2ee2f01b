"""`inkfade selfcheck`: what it says of a sound installation, and that every one of its checks can fail."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time

import pytest

import inkfade as ink
from inkfade import _core, cli
from inkfade.checks import peers, run
from inkfade.checks.result import CheckResult, SelfCheck


@pytest.fixture(scope="module")
def sound() -> SelfCheck:
    return ink.selfcheck(progress=False)


@pytest.fixture(scope="module")
def biased() -> SelfCheck:
    """Every reference is wrong by a hundredth."""
    return run.run_checks(seed=run.SEED, progress=False, bias=1e-2)


def result(**changes) -> CheckResult:
    fields = {
        "name": "made-up", "claim": "50 % & more | a_b", "reference": "x^2", "quantity": "y [1]", "measured": 0.5,
        "lower": 0.0, "upper": 1.0, "verdict": "pass", "detail": "", "seconds": 0.1,
    }  # fmt: skip
    return CheckResult(**(fields | changes))


def test_a_sound_installation_passes_every_check(sound):
    assert sound.passed, str(sound)
    assert not sound.skipped
    assert len(sound.results) == len(_core.checks()) + 2


def test_every_check_fails_where_its_reference_is_wrong(biased):
    assert not biased.passed
    assert [r.name for r in biased.results if r.verdict != "FAIL"] == []


def test_it_takes_less_than_thirty_seconds(sound):
    # The checks' own times; some 6 s on two idle cores of 2026.
    assert sum(r.seconds for r in sound.results) < 30


def test_the_verdict_is_that_the_measured_value_lies_within_the_bounds(sound, biased):
    for r in (*sound.results, *biased.results):
        assert (r.verdict == "pass") == (r.lower <= r.measured <= r.upper)


def test_the_header_names_what_was_checked_and_where(sound):
    assert ink.__version__ in sound.header["inkfade"]
    assert re.search(r"commit \S+", sound.header["inkfade"])
    assert re.match(r"(GCC|Clang) \d+", sound.header["compiled by"])
    assert sound.header["seed"] == str(run.SEED)
    assert {"instruction set", "processor", "system", "Python", "packages", "date", "time taken"} <= set(sound.header)


def test_the_seeds_of_the_random_scenarios_are_said_and_another_seed_takes_others(sound):
    said = {r.name: r.detail for r in sound.results}
    assert f"seeds {run.SEED} to {run.SEED + 59}" in said["ledger-random"]
    assert "seeds 7 to 8" in _core.run_check("ledger-random", seed=7, scenarios=2)[1]


def test_without_scipy_the_solver_is_skipped_and_that_is_said(monkeypatch):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(run._core, "checks", list)  # the others do not depend on it
    outcome = ink.selfcheck(progress=False)
    assert outcome.passed
    assert [r.name for r in outcome.skipped] == ["solver"]
    assert "skipped: solver (SciPy is not installed)" in outcome.summary
    assert "| skipped |" in outcome.to_markdown()


def test_a_solver_that_gives_nan_has_failed(monkeypatch):
    monkeypatch.setattr(peers, "retained", lambda _column, times, *_: times * float("nan"))
    monkeypatch.setattr(run._core, "checks", list)
    assert [r.name for r in ink.selfcheck(progress=False).failed] == ["solver"]


def test_a_check_that_cannot_be_ended_has_failed_and_says_why(monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("excess work done")

    monkeypatch.setattr(peers, "retained", broken)
    monkeypatch.setattr(run._core, "checks", list)
    outcome = ink.selfcheck(progress=False)
    [failed] = outcome.failed
    assert (failed.name, failed.detail) == ("solver", "RuntimeError: excess work done")


def test_nan_never_passes(monkeypatch):
    monkeypatch.setattr(run._core, "run_check", lambda *_a, **_k: (float("nan"), ""))
    monkeypatch.setattr(run, "_CHECKS", ())
    assert {r.verdict for r in ink.selfcheck(progress=False).results} == {"FAIL"}


def test_the_data_frame_has_one_row_a_check_with_numbers(sound):
    frame = sound.to_dataframe()
    assert list(frame.index) == [r.name for r in sound.results]
    assert ((frame["lower"] <= frame["measured"]) & (frame["measured"] <= frame["upper"])).all()


def test_the_notebook_shows_the_verdict_and_the_table_with_texts_escaped():
    outcome = SelfCheck((result(claim="<b>", verdict="FAIL"),), {"processor": "<i>"})
    html = outcome._repr_html_()
    assert "0 of 1 checks passed; failed: made-up" in html
    assert "&lt;b&gt;" in html
    assert "<i>" not in html


def test_the_tolerance_is_said_in_words():
    assert result(lower=1.9, upper=2.1).tolerance == "1.9 to 2.1"
    assert result(lower=0.0, upper=1e-12).tolerance == "at most 1e-12"
    assert result(lower=-10.0, upper=float("inf")).tolerance == "at least -10"
    assert result(lower=0.0, upper=0.0).tolerance == "0"


def test_json_is_strict_and_says_everything(tmp_path):
    made_up = result(measured=float("nan"), upper=float("inf"), verdict="skipped")
    SelfCheck((made_up,), {"seed": "1"}).save(tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text(), parse_constant=pytest.fail)
    assert content["passed"] is True
    assert content["header"] == {"seed": "1"}
    assert content["checks"][0]["measured"] is None
    assert content["checks"][0]["verdict"] == "skipped"


def test_csv_can_be_read_below_its_header(sound, tmp_path):
    sound.save(tmp_path / "a.csv")
    lines = (tmp_path / "a.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [row["name"] for row in rows] == [r.name for r in sound.results]
    assert [float(row["measured"]) for row in rows] == [r.measured for r in sound.results]


def test_markdown_and_latex_escape_what_they_would_read_as_their_own(tmp_path):
    outcome = SelfCheck((result(),), {"seed": "1"})
    outcome.save(tmp_path / "a.md")
    outcome.save(tmp_path / "a.tex")
    assert r"| 50 % & more \| a_b | x^2 |" in (tmp_path / "a.md").read_text()
    assert r"50 \% \& more | a\_b & x\textasciicircum{}2 &" in (tmp_path / "a.tex").read_text()


def test_a_file_that_is_there_stays_and_an_unknown_ending_is_refused(tmp_path):
    outcome = SelfCheck((result(),), {})
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(ink.FileError, match="is there already"):
        outcome.save(tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text() == "mine"
    outcome.save(tmp_path / "a.md", overwrite=True)
    with pytest.raises(ink.ParameterError, match=r"choose one of json, csv, markdown, latex"):
        outcome.save(tmp_path / "a.doc")


@pytest.mark.parametrize("seed", [-1, 1.5, True, 2**33])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(ink.ParameterError, match="seed"):
        ink.selfcheck(seed=seed, progress=False)


def test_an_unknown_check_is_an_error():
    with pytest.raises(ink.ParameterError, match="there is none of this name"):
        _core.run_check("none", seed=1)


def test_the_command_prints_the_table_writes_the_files_and_ends_with_0(environment, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "inkfade", "selfcheck", "--quiet", "--json", "a.json", "--markdown", "a.md"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "compared with" in done.stdout
    assert "18 of 18 checks passed" in done.stdout
    assert json.loads((tmp_path / "a.json").read_text())["passed"] is True
    assert "| claim | compared with |" in (tmp_path / "a.md").read_text()


def test_ctrl_c_ends_a_long_check_soon(environment):
    code = "from inkfade import _core; print('on', flush=True); _core.run_check('bits-pool', seed=1, scenarios=4000)"
    child = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"on\n"
    time.sleep(1.0)  # inside the check, which would take minutes
    child.send_signal(signal.SIGINT)
    begin = time.monotonic()
    _, errors = child.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors
    assert time.monotonic() - begin < 2.0  # 0.1 s to notice, then Python's own end on a busy machine


def command(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["inkfade", "selfcheck", "--quiet", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_the_command_ends_with_1_where_a_check_fails_and_still_writes_the_table(monkeypatch, capsys, tmp_path):
    wrong = SelfCheck((result(verdict="FAIL", measured=2.0, detail="twice as much"),), {"seed": "1"})
    monkeypatch.setattr("inkfade.checks.selfcheck", lambda **_: wrong)
    assert command(monkeypatch, "--json", str(tmp_path / "a.json")) == 1
    assert "FAIL made-up: twice as much" in capsys.readouterr().err
    assert json.loads((tmp_path / "a.json").read_text())["passed"] is False


def test_the_command_refuses_an_output_before_it_checks(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("inkfade.checks.selfcheck", lambda **_: pytest.fail("checked"))
    (tmp_path / "a.csv").write_text("mine")
    assert command(monkeypatch, "--csv", str(tmp_path / "a.csv")) == 2
    assert "is there already" in capsys.readouterr().err
    assert command(monkeypatch, "--latex", str(tmp_path / "none" / "a.tex")) == 2
    assert "does not exist" in capsys.readouterr().err
