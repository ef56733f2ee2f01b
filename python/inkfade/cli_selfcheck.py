"""The command `inkfade selfcheck`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from inkfade import _core

if TYPE_CHECKING:
    from inkfade.checks.result import Format, SelfCheck

EXIT_FAILED_CHECK = 1


def selfcheck(
    *,
    json: Annotated[
        Path | None, typer.Option(help="Write everything for programs, for example selfcheck.json.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the table as Markdown.")] = None,
    latex: Annotated[Path | None, typer.Option(help="Write the table as LaTeX (booktabs, longtable).")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random scenarios.", min=0, max=4_000_000_000)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output file that is there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Check this installation against exact solutions, laws and an independent solver; 1 if a check fails."""
    from inkfade.checks import selfcheck as check
    from inkfade.checks.run import SEED

    outputs: dict[Format, Path | None] = {"json": json, "csv": csv, "markdown": markdown, "latex": latex}
    for given in filter(None, outputs.values()):
        _check_output(given, overwrite=overwrite)
    outcome = check(seed=SEED if seed is None else seed, progress=not quiet)
    written = [(form, path) for form, path in outputs.items() if path is not None]
    for form, path in written:  # first: whoever reads what is printed may stop reading
        outcome.save(path, format=form, overwrite=overwrite)
    _print(outcome)
    for _, path in written:
        typer.echo(f"wrote {path}")
    if not outcome.passed:
        raise typer.Exit(EXIT_FAILED_CHECK)


def _check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse before the checks what would be refused after them."""
    if not path.resolve().parent.is_dir():
        raise _core.FileError(f"{path}: the folder {path.resolve().parent} does not exist")
    if path.is_dir():
        raise _core.FileError(f"{path}: is a folder: give a file name")
    if path.exists() and not overwrite:
        raise _core.FileError(f"{path}: is there already: give another file name, or --overwrite")


def _print(outcome: SelfCheck) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from inkfade.checks.result import COLUMNS

    for key, value in outcome.header.items():
        typer.echo(f"{key + ':':18}{value}")
    typer.echo("")
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for result in outcome.results:
        table.add_row(*map(escape, result.cells))
    console = Console()
    console.print(table) if console.is_terminal else Console(width=160).print(table)
    for result in outcome.failed:
        typer.echo(f"FAIL {result.name}: {result.detail or result.claim}", err=True)
    typer.echo(f"\n{outcome.summary}")
