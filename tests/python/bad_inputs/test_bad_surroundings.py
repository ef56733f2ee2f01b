"""Bad surroundings: variables, limits, signals, closed pipes, a strange floating-point state."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bad_input import HEAD, LONGEST, each, pattern
from test_bad_commands import LONG_SWEEP, environment

import inkfade as ink

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Surroundings:
    """A script that meets its error in a process of its own; {dir} and {any} in `message` as in a Bad."""

    name: str
    script: str
    error: str
    message: str
    entry: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Signal:
    """A command that is ended by a signal while it computes."""

    name: str
    arguments: tuple[str, ...]
    signal: int
    code: int
    message: str
    entry: str = "interrupted"


OPEN_TWICE = """
    from inkfade import _core
    first = _core.StudyStore("study.h5", "{}")
    _core.StudyStore("study.h5", "{}")
"""
TOO_LITTLE_MEMORY = """
    import resource
    smp = ink.Scenario.preset("scalp-smp").with_({"numerics.cells": 1024, "numerics.classes": 16})
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + (300 << 20),) * 2)
    ink.simulate(smp, times=[f"{i} day" for i in range(1200)])
"""

SCRIPTS = [
    Surroundings(
        "locking of HDF5 switched off",
        OPEN_TWICE,
        "FileError",
        "another writer is at work on this study ('study.h5.d/LOCK' is held by process {any}); wait until it ends or stop it, then run again",
        "another-writer",
        {"HDF5_USE_FILE_LOCKING": "FALSE"},
    ),
    Surroundings(
        "less memory than a run needs",
        TOO_LITTLE_MEMORY,
        "LimitError",
        "the computer has no memory left for this: use fewer saved times, cells, classes, points or threads",
        "out-of-memory",
    ),
]
SIGNALS = [
    Signal(
        "Ctrl-C in a sweep",
        ("sweep", "sweep.toml", "-o", "s.h5", "--quiet"),
        signal.SIGINT,
        130,
        "interrupted: {any} of 50000 points are kept in s.h5.d; run the same command to go on",
    ),
    Signal("Ctrl-C in a touch-up", ("touchup", "scalp-smp", "--cohort", "1000000"), signal.SIGINT, 130, "interrupted"),
    Signal("SIGTERM in a touch-up", ("touchup", "pig", "--cohort", "1000000"), signal.SIGTERM, 143, "interrupted"),
    Signal("SIGTERM in a run", ("run", "scalp-smp", "--draws", "1000000"), signal.SIGTERM, 143, "interrupted"),
]
ROWS = [*SCRIPTS, *SIGNALS]


def run(script: str, folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, in this folder and environment."""
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment(variables),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


@each(SCRIPTS)
def test_bad_surroundings_are_named(row, tmp_path, record_property):
    body = textwrap.indent(textwrap.dedent(row.script), "    ")
    done = run(
        f"import inkfade as ink\ntry:\n{body}\nexcept Exception as e:\n    print(type(e).__name__, e, sep=': ', end='')\n",
        tmp_path,
        row.variables,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert pattern(f"{row.error}: {row.message}", tmp_path).fullmatch(done.stdout), done.stdout
    record_property("bad input", row.name)


@each(SIGNALS)
def test_a_signal_ends_a_command_with_its_own_code(row, tmp_path, record_property):
    (tmp_path / "sweep.toml").write_text(LONG_SWEEP)
    child = subprocess.Popen(
        [sys.executable, "-m", "inkfade", *row.arguments],
        env=environment({}),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_it_computes(child)
        child.send_signal(row.signal)
        _, said = child.communicate(timeout=LONGEST)
    finally:
        child.kill()  # where it has not ended
    assert child.returncode == row.code, said
    assert pattern(row.message, tmp_path).fullmatch(said.strip()), said
    record_property("bad input", row.name)


def wait_until_it_computes(child: subprocess.Popen[str]) -> None:
    """Until the child has used 5 s of processor time: its imports take about two."""
    ticks = os.sysconf("SC_CLK_TCK")
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        assert child.poll() is None, child.stderr.read()
        used = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        if (int(used[11]) + int(used[12])) / ticks > 5.0:
            return
        time.sleep(0.05)
    child.kill()
    pytest.fail("the command did not begin to compute")


SAVED = """
    smp = ink.Scenario.preset("scalp-smp").with_({"numerics.cells": 32})
    path = ink.simulate(smp, years=1, check=True).save("fade.h5", overwrite=True)
    print(ink.load(path).dataset.attrs["digest"], end="")
"""
# Bits 15 and 6 of MXCSR: results and operands too small for a normal number become zero, as libraries built with
# -ffast-math leave it behind. The machine code is "ldmxcsr [rdi]; ret".
FLUSH_TO_ZERO = """
    import ctypes, mmap
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes([0x0F, 0xAE, 0x17, 0xC3]))
    state = ctypes.c_uint32(0x1F80 | 0x8040)
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)(ctypes.addressof(state))
    assert 5e-324 * 1.0 == 0.0, "it is not in force"
"""


@pytest.fixture(scope="module")
def digest(tmp_path_factory) -> str:
    done = run(f"import inkfade as ink\n{textwrap.dedent(SAVED)}", tmp_path_factory.mktemp("calm"), {})
    assert len(done.stdout) == 64, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {"HDF5_USE_FILE_LOCKING": "FALSE"},
        {"HDF5_PLUGIN_PATH": "/nowhere", "HDF5_PLUGIN_PRELOAD": "/nowhere/evil.so"},
        {"TMPDIR": "/nowhere"},
        {"HOME": "/nowhere", "XDG_CACHE_HOME": "/nowhere"},
        {"MPLBACKEND": "weird"},
        {"TZ": "Mars/Olympus", "UDUNITS2_XML_PATH": "/nowhere"},
        {"OMP_NUM_THREADS": "-1", "MXCSR": "0x8040"},
    ],
    ids=lambda v: next(iter(v)),
)
def test_results_do_not_depend_on_variables_of_the_environment(variables, digest, tmp_path):
    done = run(f"import inkfade as ink\n{textwrap.dedent(SAVED)}", tmp_path, variables)
    assert done.stdout == digest, done.stderr


def test_results_do_not_depend_on_the_decimal_comma_of_a_language(digest, tmp_path):
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("the system has no sources of locales (package locales)")
    comma = "import locale\nlocale.setlocale(locale.LC_ALL, '')\nassert locale.localeconv()['decimal_point'] == ','\n"
    script = f"import inkfade as ink\n{comma}{textwrap.dedent(SAVED)}"
    done = run(script, tmp_path, {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"})
    assert done.stdout == digest, done.stderr


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the machine code that sets the state is x86-64")
def test_results_do_not_depend_on_flush_to_zero(digest, tmp_path):
    script = f"import inkfade as ink\nink.simulate\n{textwrap.dedent(FLUSH_TO_ZERO)}\n{textwrap.dedent(SAVED)}"
    done = run(script, tmp_path, {})
    assert done.stdout == digest, done.stderr


def test_the_command_line_draws_whatever_backend_a_session_has_set(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "inkfade", "run", "scalp-smp", "--years", "1", "--draws", "2", "--plot", "fade.png"],
        env=environment({"MPLBACKEND": "weird"}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "fade.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("arguments", ["parameters", "parameters scalp-smp", "parameters --json-schema", "--help"])
def test_a_reader_that_goes_away_is_no_traceback(arguments, tmp_path):
    """As in `inkfade parameters | head -1`."""
    child = subprocess.Popen(
        [sys.executable, "-m", "inkfade", *arguments.split()],
        env=environment({}),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    child.stdout.close()
    with child.stderr:
        said = child.stderr.read()
    assert child.wait(timeout=LONGEST) in (0, 1)
    assert said == ""


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_no_traceback(closed, tmp_path):
    (tmp_path / "case.toml").write_text(HEAD)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m inkfade run case.toml --years 1 --draws 2 -o fade.h5 {closed}>&-', sys.executable],
        env=environment({}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert ink.load(tmp_path / "fade.h5").status == "ok"
