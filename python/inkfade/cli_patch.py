"""The command `inkfade patch`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from inkfade import _core
from inkfade.cli_inputs import check_figure, read_scenario
from inkfade.measures import is_seen, rule_of

if TYPE_CHECKING:
    from inkfade.contrast_touch_up import ContrastTouchUp
    from inkfade.scenario import Scenario
    from inkfade.units import Given


def patch(
    scenario: Annotated[str, typer.Argument(help="Scenario file (TOML), or the name of a preset.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="Picture, for example patch.png.")],
    beside: Annotated[
        list[str] | None,
        typer.Option(metavar="SCENARIO", help="Another scenario, in a row below; may be repeated."),
    ] = None,
    years: Annotated[
        str | None, typer.Option(metavar="TIMES", help="When: years, or times with a unit, as in '0, 6 week, 1, 3'.")
    ] = None,
    horizon: Annotated[
        float | None,
        typer.Option(metavar="YEARS", help="Follow it so long; the scenario's own if not given."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Touch-up due below this share of the contrast when healed."),
    ] = None,
    below: Annotated[
        float | None, typer.Option(metavar="DE00", help="Or below this contrast to bare skin; 0: none.")
    ] = None,
    draws: Annotated[int, typer.Option(metavar="N", help="People drawn for the interval; 0: none.")] = 200,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a picture that is there.")] = False,
) -> None:
    """Picture the skin patch over the years, and say when a touch-up is due by what is seen."""
    import matplotlib as mpl

    from inkfade.contrast_touch_up import check_levels
    from inkfade.plot.patches import compare_patches
    from inkfade.plot.style import figure_of, look
    from inkfade.seen import check_moments
    from inkfade.simulation import simulate, with_years
    from inkfade.touch_up import check_interval

    check_interval(0.8, draws or 2, 0.5, 0)
    check_levels(0.5 if threshold is None else threshold, below or None)
    chosen = {given: read_scenario(given) for given in (scenario, *(beside or []))}
    if horizon is not None:
        chosen = {given: with_years(one, horizon) for given, one in chosen.items()}
    times = None if years is None else _times(years)
    for one in chosen.values():
        check_moments(times, one.horizon)
    check_figure(output)
    if output.exists() and not overwrite:
        raise _core.FileError(f"{output}: is there already: give another file name, or --overwrite")
    fades = {given: simulate(one, check=True) for given, one in chosen.items()}
    mpl.use("agg")
    with look():
        first, *others = fades.values()
        axes = compare_patches(first, *others, years=times) if others else first.plot_patch(times)
        figure_of(axes.flat[0]).savefig(output)
    for given, fade in fades.items():
        share, floor = _levels(fade.scenario, threshold, below)
        _print(given, fade.touch_up_by_contrast(share, below=floor, draws=draws))
    typer.echo(f"wrote {output}")


def _levels(scenario: Scenario, threshold: float | None, below: float | None) -> tuple[float, float | None]:
    """Share of healed and contrast, as they were given, or else those of the scenario where it goes by what is seen."""
    measure, share, floor = rule_of(scenario)
    if threshold is None:
        threshold = share if is_seen(measure) else 0.5
    return threshold, (floor if below is None else below) or None


def _times(text: str) -> list[Given]:
    """A list in one argument: numbers are years."""
    times: list[Given] = []
    for part in text.split(","):
        try:
            times.append(float(part))
        except ValueError:
            times.append(part.strip())
    return times


def _print(given: str, due: ContrastTouchUp) -> None:
    typer.echo(f"{given}: touch-up by what is seen: {due}\n{due.beside_pigment}\n{due.meaning}")
