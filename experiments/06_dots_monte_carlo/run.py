"""How well does one layer of evenly spread ink stand for a lattice of dots? See README.md beside this file."""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from photons import Lattice, Layer, reflectance
from rich.console import Console
from rich.table import Table

from inkfade.appearance import layered_reflectance, packaging_factor
from inkfade.plot.style import CYCLE, GREY, figure_of, look, new_axes, write

HERE = Path(__file__).resolve().parent
# Light skin: epidermis, dermis, subcutis [1/mm, 1/mm, 1, mm] (melanosomes 2 %, blood 0.4 %).
SKIN = {
    550: (Layer(1.0339, 26.10, 0.7795, 0.08), Layer(0.1230, 16.595, 0.7795, 1.5), Layer(0.0464, 7.217, 0.8, np.inf)),
}
HEIGHT, JUNCTION = 0.2, 0.08  # [mm]
GOLDEN = (1.0, 0.2, 0.05, 3.0)  # pitch and radius [mm], top below the junction [mm], optical density across the height
STREAMS = 16
ESTIMATES = {"packed": "spread x packaging by the mean chord", "spread": "spread evenly", "areas": "Murray and Davies"}


@dataclass(frozen=True)
class Case:
    """A lattice of dots: pitch, radius and depth of their tops below the junction [mm], optical density of a dot."""

    pitch: float
    radius: float
    below: float
    density: float

    @property
    def lattice(self) -> Lattice:
        """Its cylinders."""
        top = JUNCTION + self.below
        return Lattice(self.pitch, self.radius, top, top + HEIGHT, self.density / HEIGHT)

    @property
    def coverage(self) -> float:
        """Share of skin that is dot."""
        return float(np.pi * (self.radius / self.pitch) ** 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few photons and dots: a check that all of it runs")
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
    out.mkdir(parents=True, exist_ok=True)
    photons = 100_000 if options.quick else 400_000
    cases = [Case(*GOLDEN)]
    if not options.quick:
        grid = product((1.0,), (0.15, 0.25), (0.05, 0.30), (0.3, 3.0, 30.0))
        cases += [Case(*each) for each in grid] + [Case(0.7, 0.15, 0.05, 3.0), Case(2.0, 0.25, 0.05, 3.0)]
    layers = SKIN[550]
    with ProcessPoolExecutor() as pool:
        solid = pool.submit(reflectance, layers, None, photons)
        runs = [pool.submit(reflectance, layers, case.lattice, photons, seed) for seed, case in enumerate(cases, 1)]
        bare, bare_error = solid.result()
        seen = [run.result() for run in runs]
    solved = one_layer(layers, 0.0, cases[0])
    Console().print(
        f"Bare skin: {bare:.4f} +- {bare_error:.4f} by {photons} photons, {solved:.4f} by {STREAMS} streams",
        highlight=False,
    )
    table = pd.DataFrame([row(layers, case, *found) for case, found in zip(cases, seen, strict=True)])
    table.to_csv(out / "dots.csv", index=False)
    show(table)
    save(plot(table), out / "dots.png")
    Console().print(f"table and figure: {out}", highlight=False)


def one_layer(layers: tuple[Layer, ...], absorption: float, case: Case) -> float:
    """Reflectance with this much more absorption [1/mm] evenly in the layer of the dots."""
    skin, dermis, below = layers
    cut = [
        skin,
        Layer(dermis.mu_a, dermis.mu_s, dermis.g, case.below),
        Layer(dermis.mu_a + absorption, dermis.mu_s, dermis.g, HEIGHT),
        Layer(dermis.mu_a, dermis.mu_s, dermis.g, dermis.thickness - case.below - HEIGHT),
        below,
    ]
    mu_a, mu_s, g, thickness = (
        np.array([getattr(layer, name) for layer in cut]) for name in ("mu_a", "mu_s", "g", "thickness")
    )
    found = layered_reflectance(mu_a * 1e3, mu_s * 1e3, g=g, thickness=thickness * 1e-3, streams=STREAMS)
    return float(found.sce[0])


def row(layers: tuple[Layer, ...], case: Case, truth: float, error: float) -> dict[str, float]:
    """The photons' reflectance, three estimates, and their contrast to bare skin over the photons'."""
    ink = case.density / HEIGHT
    chord = 2.0 * case.radius * HEIGHT / (case.radius + HEIGHT)
    bare = one_layer(layers, 0.0, case)
    estimates = {
        "packed": one_layer(layers, case.coverage * ink * packaging_factor(1.5 * ink * chord), case),
        "spread": one_layer(layers, case.coverage * ink, case),
        "areas": case.coverage * one_layer(layers, ink, case) + (1.0 - case.coverage) * bare,
    }
    return {
        "pitch_mm": case.pitch,
        "radius_mm": case.radius,
        "below_junction_mm": case.below,
        "optical_density": case.density,
        "photons": truth,
        "standard_error": error,
        "bare": bare,
        **estimates,
        **{f"{name}_ratio": (bare - value) / (bare - truth) for name, value in estimates.items()},
        "ratio_error": error / (bare - truth),
    }


def show(table: pd.DataFrame) -> None:
    """Each case, and how far each estimate is off over all of them."""
    console = Console(width=120)
    printed = Table(title="Contrast to bare skin over that of the photons, 550 nm", title_justify="left", box=None)
    for name in ("pitch, radius, below [mm]", "density", "photons", *ESTIMATES):
        printed.add_column(name, justify="right")
    for each in table.itertuples():
        ratios = [f"{getattr(each, f'{name}_ratio'):.2f}" for name in ESTIMATES]
        ratios[0] += f" +- {each.ratio_error:.2f}"
        printed.add_row(
            f"{each.pitch_mm:g}, {each.radius_mm:g}, {each.below_junction_mm:g}",
            f"{each.optical_density:g}",
            f"{each.photons:.4f} +- {each.standard_error:.4f}",
            *ratios,
        )
    console.print(printed)
    for name, words in ESTIMATES.items():
        off = table[name] - table["photons"]
        ratio = table[f"{name}_ratio"]
        console.print(
            f"{words}: {np.sqrt((off**2).mean()):.4f} rms in reflectance, contrast {ratio.mean():.2f} times the "
            f"photons' ({ratio.min():.2f} to {ratio.max():.2f})",
            highlight=False,
        )


def plot(table: pd.DataFrame) -> plt.Axes:
    """Contrast of each estimate over that of the photons, against what is dot of the skin times how dense."""
    with look():
        ax = new_axes(7.6, 4.6)
        marks = ("o", "s", "^")
        for (name, words), colour, mark in zip(ESTIMATES.items(), CYCLE, marks, strict=False):
            ratio, error = table[f"{name}_ratio"], table["ratio_error"] * table[f"{name}_ratio"]
            ax.errorbar(table["optical_density"], ratio, error, fmt=mark, color=colour, ms=6, capsize=2, label=words)
        ax.axhline(1.0, color=GREY, lw=1.0)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_yticks([0.1, 0.2, 0.5, 1, 2, 5], ["0.1", "0.2", "0.5", "1", "2", "5"])
        ax.minorticks_off()
        ax.set_xticks([0.3, 3, 30], ["0.3", "3", "30"])
        ax.set_xlabel("optical density of a dot (absorption x height)")
        ax.set_ylabel("contrast over that of the photons")
        ax.set_title("One layer for a lattice of dots")
        ax.legend(loc="upper left", fontsize=9)
    return ax


def save(ax: plt.Axes, path: Path) -> None:
    """Write the figure."""
    words = "light skin, 550 nm; error bars: standard error of the photons"
    figure_of(ax).supxlabel(words, fontsize=7.5, color=GREY, x=0.99, ha="right")
    write(ax, path)


if __name__ == "__main__":
    main()
