"""Bad command lines and bad surroundings, in a process of their own as a user meets them."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bad_input import HEAD, LONGEST, each, pattern

import inkfade as ink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACKAGE = str(Path(ink.__file__).resolve().parents[1])
CASE = HEAD + "[numerics]\nmax_steps = 5\n"
SWEEP = HEAD + '[run]\nhorizon = "30 day"\n[sweep]\ndot_density = ["60 cm-2", "100 cm-2"]\n'
LONG_SWEEP = HEAD + (
    '[run]\nhorizon = "20 year"\n[sweep]\ndepth = { from = "0.2 mm", to = "0.8 mm", n = 500 }\n'
    'depth_sd = { from = "50 um", to = "200 um", n = 100 }\n'
)


@dataclass(frozen=True)
class Command:
    """
    One bad command line.

    `message` is the whole of standard error: {dir} stands for the row's folder, {any} for what differs.
    """

    name: str
    arguments: tuple[str, ...]
    code: int
    message: str
    entry: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    surroundings: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], object] | None = None
    inside: Callable[[], object] | None = None  # in the child, before it runs


def command(name: str, line: str, message: str, entry: str, code: int = 2, **more: object) -> Command:
    return Command(name, tuple(line.split()), code, message, entry, **more)


def environment(surroundings: Mapping[str, str]) -> dict[str, str]:
    paths = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), PACKAGE])
    return {**os.environ, "PYTHONPATH": paths, "MPLBACKEND": "agg", "COLUMNS": "200", **surroundings}


def full_disk() -> None:
    """Files may not grow beyond 64 kB: writing a result fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


OPTIONS = [
    command(
        "no such command",
        "fly",
        "Usage: inkfade [OPTIONS] COMMAND [ARGS]...\nTry 'inkfade --help' for help.\n\nError: No such command 'fly'.",
        "command-line",
    ),
    command(
        "no such option",
        "run scalp-smp --colour red",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: No such option: --colour",
        "command-line",
    ),
    command(
        "misspelt option",
        "run scalp-smp --yeers 3",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: No such option: --yeers (Possible options: --years)",
        "command-line",
    ),
    command(
        "option without value", "run scalp-smp --years", "Error: Option '--years' requires an argument.", "command-line"
    ),
    command(
        "no scenario",
        "run",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: Missing argument 'scenario'.",
        "command-line",
    ),
    command(
        "two scenarios",
        "run scalp-smp pig",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: Got unexpected extra argument(s) (pig)",
        "command-line",
    ),
    command(
        "years as text",
        "run scalp-smp --years ten",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: Invalid value for '--years': 'ten' is not a number",
        "command-line",
    ),
    command(
        "years negative",
        "run scalp-smp --years -1",
        "error: years = -1.0: run.horizon must be between 1 hour and 200 year",
        "years",
    ),
    command(
        "years NaN",
        "run scalp-smp --years nan",
        "error: years = nan: run.horizon must be between 1 hour and 200 year",
        "years",
    ),
    command(
        "years inf",
        "run scalp-smp --years inf",
        "error: years = inf: run.horizon must be between 1 hour and 200 year",
        "years",
    ),
    command(
        "draws 1",
        "run scalp-smp --draws 1",
        "error: draws = 1: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    command(
        "draws as text",
        "run scalp-smp --draws many",
        "Usage: inkfade run [OPTIONS] {scenario}\nTry 'inkfade run --help' for help.\n\nError: Invalid value for '--draws': 'many' is not a whole number",
        "command-line",
    ),
    command(
        "draws beyond the cap",
        "run scalp-smp --years 1 --draws 100000000",
        "error: draws = 100000000: must be a whole number from 2 to 10000000",
        "whole-number-option",
    ),
    command(
        "threads negative",
        "sweep x.toml -o s.h5 --threads -1",
        "error: threads = -1: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    command(
        "threads 1e9",
        "sweep x.toml -o s.h5 --threads 1000000000",
        "error: threads = 1000000000: must be a whole number from 0 (all cores) to 4096",
        "whole-number-option",
    ),
    command(
        "threads with a point",
        "sweep x.toml -o s.h5 --threads 1.5",
        "Usage: inkfade sweep [OPTIONS] {experiment}\nTry 'inkfade sweep --help' for help.\n\nError: Invalid value for '--threads': '1.5' is not a whole number",
        "command-line",
    ),
    command(
        "sweep without output",
        "sweep x.toml",
        "Usage: inkfade sweep [OPTIONS] {experiment}\nTry 'inkfade sweep --help' for help.\n\nError: Missing option '-o' / '--output'.",
        "command-line",
    ),
    command(
        "threshold 2",
        "touchup scalp-smp --years 1 --threshold 2",
        "error: threshold = 2.0: must be a number between 0 and 1: 2 % is 0.02",
        "interval",
    ),
    command(
        "threshold NaN",
        "touchup scalp-smp --years 1 --threshold nan",
        "error: threshold = nan: must be a number between 0 and 1",
        "interval",
    ),
    command(
        "level 80",
        "touchup scalp-smp --years 1 --level 80",
        "error: level = 80.0: must be a number between 0 and 1: 80 % is 0.8",
        "interval",
    ),
    command(
        "seed negative",
        "touchup scalp-smp --seed -1",
        "error: seed = -1: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    command(
        "no such preset",
        "run scalp",
        'error: unknown preset "scalp": the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation',
        "unknown-preset",
    ),
    command(
        "misspelt preset",
        "parameters scalp-spm",
        'error: unknown preset "scalp-spm" (did you mean scalp-smp?): the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation',
        "unknown-preset",
    ),
    command(
        "unknown word to explain",
        "explain too_many_stepps",
        "error: the error handbook has no entry for 'too_many_stepps' (did you mean too_many_steps?): docs/errors.md lists all",
        "nothing-to-explain",
    ),
]

FILES = [
    command("no such file", "run missing.toml", "error: missing.toml: there is no such file", "no-such-file"),
    command("a folder", "run ./", "error: .: is a directory, not a scenario file", "not-a-file"),
    command(
        "a bad value",
        "run case.toml",
        "error: procedure.depth = -3 um: must be between 1 um and 10 mm (case.toml:4:9)",
        "out-of-range",
        files={"case.toml": HEAD + '[procedure]\ndepth = "-3 um"\n'},
    ),
    command(
        "output in no folder",
        "run scalp-smp -o nowhere/fade.h5",
        "error: nowhere/fade.h5: the folder {dir}/nowhere does not exist",
        "no-folder",
    ),
    command(
        "output that is there",
        "run scalp-smp -o fade.h5",
        "error: fade.h5: is there already: give another file name, or --overwrite",
        "output-exists",
        files={"fade.h5": "mine"},
    ),
    command(
        "output that is a folder",
        "run scalp-smp -o .",
        "error: .: is a folder: give a file name, for example fade.h5",
        "cannot-write",
    ),
    command(
        "figure in no folder",
        "run scalp-smp --plot nowhere/fade.png",
        "error: nowhere/fade.png: the folder {dir}/nowhere does not exist",
        "no-folder",
    ),
    command(
        "figure of no format",
        "run scalp-smp --plot fade",
        "error: fade: has no ending that names a format: choose one of avif, eps, gif, jpeg, jpg, pdf, pgf, png, ps, raw, rgba, svg, svgz, tif, tiff, webp",
        "figure-format",
    ),
    command(
        "figure of an unknown format",
        "run scalp-smp --plot fade.xyz",
        "error: fade.xyz: .xyz is no format of a figure: choose one of avif, eps, gif, jpeg, jpg, pdf, pgf, png, ps, raw, rgba, svg, svgz, tif, tiff, webp",
        "figure-format",
    ),
    command(
        "patch in no folder",
        "patch scalp-smp -o nowhere/patch.png",
        "error: nowhere/patch.png: the folder {dir}/nowhere does not exist",
        "no-folder",
    ),
    command(
        "patch of no format",
        "patch scalp-smp -o patch.xyz",
        "error: patch.xyz: .xyz is no format of a figure: choose one of avif, eps, gif, jpeg, jpg, pdf, pgf, png, ps, raw, rgba, svg, svgz, tif, tiff, webp",
        "figure-format",
    ),
    command(
        "patch after the run",
        "patch scalp-smp -o patch.png --years 0,12",
        "error: years = 12.0: the run goes from 0 to 10 years",
        "times-of-pictures",
    ),
    command(
        "sweep of a preset",
        "sweep scalp-smp -o s.h5",
        "error: scalp-smp is a preset: sweep needs an experiment file (TOML): preset = \"scalp-smp\" and a [sweep] table, for example depth = ['0.3 mm', '0.4 mm']",
        "no-sweep-table",
    ),
    command(
        "sweep without a table",
        "sweep case.toml -o s.h5",
        "error: case.toml: has no [sweep] table: add one, for example depth = ['0.3 mm', '0.4 mm']",
        "no-sweep-table",
        files={"case.toml": HEAD},
    ),
    command(
        "sweep over a file of another program",
        "sweep s.toml -o s.h5 --quiet",
        "error: 's.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
        files={"s.toml": SWEEP, "s.h5": "mine"},
    ),
    command(
        "verify no file",
        "verify missing.h5",
        "error: cannot open 'missing.h5': No such file or directory (2)",
        "no-such-file",
    ),
    command(
        "verify another program's file",
        "verify fade.h5",
        "error: 'fade.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
        files={"fade.h5": "mine"},
    ),
    command(
        "pipe as scenario",
        "run pipe.toml",
        "error: pipe.toml: is not a regular file",
        "not-a-file",
        prepare=lambda d: os.mkfifo(d / "pipe.toml"),
    ),
    command(
        "pipe as result",
        "verify pipe.h5",
        "error: cannot read 'pipe.h5': it is a pipe, not a file",
        "not-a-file",
        prepare=lambda d: os.mkfifo(d / "pipe.h5"),
    ),
]

RUNS = [
    command(
        "a run that fails",
        "run case.toml",
        "the run failed: too_many_steps after {number} day. The step limit was reached: raise numerics.max_steps or loosen numerics.rtol. More: inkfade explain too_many_steps",
        "too_many_steps",
        3,
        files={"case.toml": CASE},
    ),
    command(
        "a touch-up that fails",
        "touchup case.toml",
        "error: too_many_steps after {number} day. The step limit was reached: raise numerics.max_steps or loosen numerics.rtol. (status too_many_steps)",
        "too_many_steps",
        3,
        files={"case.toml": CASE},
    ),
    command(
        "a full disk",
        "run scalp-smp --years 1 -o fade.h5",
        "error: cannot write 'fade.h5': writing failed: File too large (27), {any} bytes free there; nothing was changed at 'fade.h5'",
        "cannot-write",
        inside=full_disk,
    ),
    command(
        "a full disk under a sweep",
        "sweep s.toml -o s.h5 --quiet --fields",
        "error: cannot write 's.h5.d/shards/000000000-000000002.{any}.h5': writing failed: File too large (27), {any} bytes free there; nothing was changed at 's.h5.d/shards/000000000-000000002.{any}.h5'",
        "cannot-write",
        files={"s.toml": SWEEP},
        inside=full_disk,
    ),
]

ROWS = [*OPTIONS, *FILES, *RUNS]


@each(ROWS)
def test_a_bad_command_is_one_message_and_an_exit_code(row, tmp_path, record_property):
    for name, content in row.files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    if row.prepare is not None:
        row.prepare(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "inkfade", *row.arguments],
        env=environment(row.surroundings),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=LONGEST,
        preexec_fn=row.inside,
    )
    assert done.returncode == row.code, done.stderr
    assert pattern(row.message, tmp_path).fullmatch(done.stderr.strip()), done.stderr
    record_property("bad input", row.name)
