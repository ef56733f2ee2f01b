"""The command `inkfade`: the same names and files as in Python."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from inkfade import _core
from inkfade.cli_inputs import check_figure, check_folder, read_scenario
from inkfade.cli_patch import patch
from inkfade.cli_selfcheck import selfcheck

if TYPE_CHECKING:
    from types import FrameType

    from inkfade.fade import Fade
    from inkfade.observations import Observations
    from inkfade.study import Study
    from inkfade.touch_up import TouchUp

app = typer.Typer(
    help="Fading of pigment in skin: run a scenario, sweep parameters, ask when a touch-up is due.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

EXIT_ERROR, EXIT_FAILED_RUN, EXIT_SIGINT, EXIT_SIGTERM = 2, 3, 130, 143
_INTERRUPTED = -1  # what a command that has said that it was interrupted ends with


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number") from None


ScenarioFile = Annotated[str, typer.Argument(help="Scenario file (TOML), or the name of a preset.")]
Years = Annotated[
    float | None,
    typer.Option(
        parser=_number, metavar="YEARS", help="How long to run [year]; the scenario's own horizon if not given."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output file that is there.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]
WallLimit = Annotated[
    float | None,
    typer.Option(parser=_number, metavar="SECONDS", help="Give up a run after this many seconds of wall clock."),
]
Draws = Annotated[int, typer.Option(parser=_whole, metavar="N", help="People drawn for the interval.")]


@app.command()
def run(
    scenario: ScenarioFile,
    *,
    years: Years = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Result file, for example fade.h5.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Figure of the fade curve, for example fade.png.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="CSV file of observed values: laid over the figure and compared with the run.")
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(help="What the figure shows; retained_of_deposit, or what was observed, if not given.")
    ] = None,
    draws: Draws = 200,
    wall_limit: WallLimit = None,
    overwrite: Overwrite = False,
) -> None:
    """Run one scenario and say when a touch-up is due."""
    from inkfade.observations import find_quantity
    from inkfade.plot.style import figure_of, look
    from inkfade.simulation import simulate
    from inkfade.touch_up import check_interval

    check_interval(0.8, draws, 0.5, 0)
    chosen = read_scenario(scenario)
    if quantity is not None:
        find_quantity(quantity)
    observed = None if data is None else _observed(data, quantity, chosen.horizon if years is None else years)
    if output is not None:
        _check_output(output, overwrite=overwrite)
    if plot is not None:
        check_figure(plot)
    fade = simulate(chosen, years=years, wall_limit=wall_limit)
    if output is not None:
        fade.save(output, overwrite=overwrite)
    _print_fade(fade, draws)
    if observed is not None and fade.status == "ok":
        _print_comparison(fade, observed)
    if plot is not None:
        import matplotlib as mpl

        mpl.use("agg")
        with look():
            figure_of(fade.plot(quantity=quantity, data=observed)).savefig(plot)
    for path in (output, plot):
        if path is not None:
            typer.echo(f"wrote {path}")
    if fade.status != "ok":
        raise typer.Exit(EXIT_FAILED_RUN)


@app.command()
def sweep(
    experiment: Annotated[Path, typer.Argument(help="Experiment file: a scenario with a [sweep] table.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="Study file; run again: goes on where it stopped.")],
    threads: Annotated[int, typer.Option(parser=_whole, metavar="N", help="Threads; 0 for all cores.")] = 0,
    fields: Annotated[bool, typer.Option("--fields", help="Keep profiles over depth of every point.")] = False,
    appearance: Annotated[bool, typer.Option("--appearance", help="Look at the patch at every saved time.")] = False,
    wall_limit: WallLimit = None,
    quiet: Quiet = False,
) -> None:
    """Run every point of an experiment's [sweep] table."""
    from inkfade.scenario import Scenario
    from inkfade.sweep import Sweep
    from inkfade.units import check_threads

    check_threads(threads)
    if str(experiment) in Scenario.presets() and not experiment.exists():
        raise _core.ParameterError(
            f'{experiment} is a preset: sweep needs an experiment file (TOML): preset = "{experiment}" and a [sweep] '
            "table, for example depth = ['0.3 mm', '0.4 mm']"
        )
    try:
        study = Sweep.from_file(experiment).run(
            output,
            threads=threads,
            fields=fields,
            appearance=appearance,
            wall_limit=wall_limit,
            progress=not quiet,
        )
    except KeyboardInterrupt as stop:
        kept = f": {stop}; run the same command to go on" if str(stop) else ""
        typer.echo(f"interrupted{kept}", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    _print_study(study)
    typer.echo(f"wrote {output}")
    if len(study.failed):
        raise typer.Exit(EXIT_FAILED_RUN)


@app.command()
def touchup(
    scenario: ScenarioFile,
    *,
    threshold: Annotated[
        float | None, typer.Option(parser=_number, metavar="SHARE", help="Due when the measure falls below this share.")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="patch_contrast_of_healed, retained_of_healed or retained_of_deposit, with a threshold."),
    ] = None,
    years: Years = None,
    draws: Annotated[
        int, typer.Option("--draws", "--cohort", parser=_whole, metavar="N", help="People drawn for the interval.")
    ] = 200,
    seed: Annotated[int, typer.Option(parser=_whole, metavar="N", help="Seed of the draws.")] = 0,
    level: Annotated[
        float, typer.Option(parser=_number, metavar="SHARE", help="Share of people inside the interval.")
    ] = 0.8,
    wall_limit: WallLimit = None,
) -> None:
    """Say when a touch-up is due, with the interval between people."""
    from inkfade.measures import check_measure
    from inkfade.simulation import simulate
    from inkfade.touch_up import check_interval

    check_interval(level, draws, 0.5 if threshold is None else threshold, seed)
    if measure is not None:
        check_measure(measure)
    chosen = read_scenario(scenario)
    fade = simulate(chosen, years=years, fields=False, appearance=False, check=True, wall_limit=wall_limit)
    due = fade.touch_up(threshold, measure=measure, draws=draws, seed=seed, level=level)
    _print_touch_up(fade, due, draws=draws, seed=seed, level=level)


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="Result file, for example fade.h5.")]) -> None:
    """Check that a result file is as it was written: the checksum of its bytes, the digest of its contents."""
    attrs = _core.read_result(file)["attrs"]
    typer.echo(f"{file}: unchanged since it was written (digest {attrs['digest']})")


app.command()(selfcheck)
app.command()(patch)


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(help="A status, an entry of the error handbook, or an error message in quotes.")
    ],
) -> None:
    """Say what a status or an error message means, what causes it and what to do."""
    from inkfade.handbook import explain as entry_of

    typer.echo(str(entry_of(what)))


@app.command()
def parameters(
    scenario: Annotated[str | None, typer.Argument(help="Show its values; else what can be set.")] = None,
    *,
    json_schema: Annotated[bool, typer.Option("--json-schema", help="As a JSON schema.")] = False,
) -> None:
    """List all parameters with unit, bounds and meaning, or the values of a scenario with their evidence."""
    from inkfade.scenario import parameters as all_parameters
    from inkfade.schema import json_schema as schema

    if json_schema:
        typer.echo(json.dumps(schema(), indent=2))
        return
    if scenario is None:
        table = all_parameters()[["alias", "unit", "lower", "upper", "choices", "description"]]
        bounds = [
            c or (f"{low} .. {high}" if low else "")
            for c, low, high in zip(table["choices"], table["lower"], table["upper"], strict=True)
        ]
        rows = [
            [str(n), str(r["alias"]), _unit(str(n), r["unit"]), b, str(r["description"])]
            for (n, r), b in zip(table.iterrows(), bounds, strict=True)
        ]
        _table("Parameters", ["name", "alias", "unit", "allowed", "meaning"], rows)
        return
    chosen = read_scenario(scenario)
    values = [
        [str(n), _text(r["value"]), _unit(str(n), r["unit"]), str(r["grade"]), str(r["source"]), f"{r['gsd']:g}"]
        for n, r in chosen.parameters.iterrows()
    ]
    _table(f"Parameters of {scenario}", ["name", "value", "unit", "grade", "source", "gsd"], values)
    typer.echo("sources: models/sources.toml; gsd: spread between people (1: does not vary)")


@app.callback(invoke_without_command=True)
def version(
    *, show: Annotated[bool, typer.Option("--version", help="Say the version and end.", is_eager=True)] = False
) -> None:
    """Fading of pigment in skin."""
    if show:
        typer.echo(f"inkfade {_core.__version__}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command; an error is one message, Ctrl-C ends with 130 and SIGTERM with 143."""
    os.environ["MPLBACKEND"] = "agg"  # figures go into files, whatever a session has set for its windows
    terminated = []

    def on_term(_signal: int, _frame: FrameType | None) -> None:
        terminated.append(True)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_term)
    try:
        code = app(prog_name="inkfade", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = EXIT_SIGINT
    except _core.Error as error:
        typer.echo(f"error: {error}", err=True)
        code = EXIT_FAILED_RUN if isinstance(error, _core.IntegrationError) else EXIT_ERROR
    except Exception as error:
        show = getattr(error, "show", None)  # a wrong command line knows how to show itself
        if show is None:
            raise
        show()
        code = int(getattr(error, "exit_code", EXIT_ERROR))
    if code == EXIT_SIGINT:  # typer, too, turns KeyboardInterrupt into this
        typer.echo("interrupted", err=True)
    if code in (EXIT_SIGINT, _INTERRUPTED):
        code = EXIT_SIGTERM if terminated else EXIT_SIGINT
    sys.exit(code if isinstance(code, int) else 0)


def _check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse before the run what would be refused after it."""
    check_folder(path)
    if path.is_symlink() or path.exists():
        if path.is_dir():
            raise _core.FileError(f"{path}: is a folder: give a file name, for example fade.h5")
        if not overwrite:
            raise _core.FileError(f"{path}: is there already: give another file name, or --overwrite")


def _print_touch_up(fade: Fade, due: TouchUp, **people: Any) -> None:
    """The touch-up; beside one by what is seen, that by what is left, where the run itself does not hang on it."""
    from inkfade.measures import PIGMENT_THRESHOLD, is_seen

    typer.echo(f"touch-up: {due}\n{due.meaning}")
    if is_seen(due.measure) and fade.scenario["touch_up.schedule"] != "when_due":
        left = fade.touch_up(PIGMENT_THRESHOLD, measure="retained_of_healed", **people)
        typer.echo(f"by what is left: {left}\n{left.meaning}")


def _print_fade(fade: Fade, draws: int) -> None:
    if fade.status != "ok":
        typer.echo(f"the run failed: {fade.message} More: inkfade explain {fade.status}", err=True)
        return
    from inkfade.touch_up import span_of_years

    due = fade.touch_up(draws=draws)
    last = fade.ledger.iloc[-1]
    rows = [[str(name), f"{100 * float(share):.1f} %"] for name, share in last.items()]
    _table(f"Of what was deposited, after {span_of_years(float(fade.years[-1]))}", ["where", "share"], rows)
    _print_touch_up(fade, due, draws=draws)
    if int(fade.dataset["visits"]) > 0:
        _print_visits(fade, draws)


def _print_visits(fade: Fade, draws: int) -> None:
    """The touch-ups of the run, dated or scheduled, and what they add up to."""
    schedule = fade.schedule(draws=draws)
    beyond = f"> {schedule.horizon:.3g}"
    rows = [
        [str(n), *(beyond if value == float("inf") else f"{value:.3g}" for value in row)]
        for n, *row in schedule.visits.itertuples()
    ]
    _table("Touch-ups in the run (low and high: interval between people)", ["visit", *schedule.visits.columns], rows)
    typer.echo(f"{schedule}\nlifetime load: {schedule.load_text}")


def _observed(path: Path, quantity: str | None, years: float) -> Observations:
    """The observed values; refuses before the run what the figure could not show."""
    from inkfade.observations import Observations

    observed = Observations.read_csv(path)
    if quantity is not None and quantity not in observed.quantities:
        raise _core.ParameterError(f"{path}: has no {quantity}, but {', '.join(observed.quantities)}")
    last = max(record.time for record in observed) / 365.25
    if last > years * (1 + 1e-9):
        raise _core.ParameterError(f"{path}: the last time is {last:.4g} years, but the run ends at {years:g}: --years")
    return observed


def _print_comparison(fade: Fade, observed: Observations) -> None:
    from inkfade.observations import column_name

    table = fade.compare_with(observed)
    rows = [
        [
            str(r["series"]),
            f"{r['time']:.4g}",
            column_name(str(r["quantity"]), str(r["unit"])),
            *(f"{r[name]:.4g}" for name in ("observed", "predicted", "difference")),
            "" if r["z_score"] != r["z_score"] else f"{r['z_score']:.2f}",
        ]
        for _, r in table.iterrows()
    ]
    columns = ["series", "time [year]", "quantity", "observed", "predicted", "difference", "in sd"]
    _table(f"Beside {observed.source} (difference: observed less predicted)", columns, rows)


def _print_study(study: Study) -> None:
    head, *rest = repr(study).splitlines()
    typer.echo("\n".join([head.strip("<>"), *rest]))
    failed = study.failed
    for _, row in failed.head(10).iterrows():
        place = ", ".join(f"{d} = {row[d]}" for d in study.dims)
        typer.echo(f"failed: {place}: {row['status']}: {row['message']}", err=True)


def _unit(name: str, unit: str) -> str:
    """The unit of a parameter; what is no number has none."""
    from inkfade.scenario import find_parameter

    known = find_parameter(name)
    return "" if known is not None and known.kind in ("choice", "boolean") else unit


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    typer.echo(title)  # on its own: as the table's title it would be wrapped to the table's width
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(escape(column), overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console()
    console.print(table) if console.is_terminal else Console(width=160).print(table)


if __name__ == "__main__":
    main()
