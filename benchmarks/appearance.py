"""What a look at a pigment profile costs, and how far each way to look is from the best.

A profile is a Gaussian in the dermis of 64 cells, three pools and six size classes, with some pigment in the epidermis;
31 wavelengths. Times are the best of many repeats in one thread, without Python's share: a batch over its size. Errors
are of contrast (dE00 to bare skin), against 16 streams on all cells, over the same profiles. Every error is checked
against what the documentation states.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkfade import appearance

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACES = np.linspace(0.0, 1.6e-3, 65)
DEPTHS = (0.2e-3, 0.35e-3, 0.6e-3)  # [m]
SPREADS = (0.06e-3, 0.12e-3, 0.2e-3)  # [m]
DOSES = (3e-6, 3e-5, 3e-4, 3e-3)  # [kg/m2]


@dataclass(frozen=True)
class Way:
    """One way to look, and the largest error that it may have: a share of the contrast, and dE00."""

    name: str
    options: dict[str, object]
    share: float
    rest: float
    limit: float  # [s] a profile


WAYS = (
    Way("full", {}, 0.03, 0.05, 1e-3),
    Way("fast", {"fidelity": "fast"}, 0.05, 0.08, 50e-6),
    Way("preview", {"fidelity": "preview"}, 0.12, 0.15, 50e-6),
)


def profiles() -> NDArray[np.float64]:
    """Pigment of all cases, (n, 64, 3, 6) [kg/m3]."""
    centre = 0.5 * (FACES[1:] + FACES[:-1])
    width = np.diff(FACES)
    cases = []
    for depth in DEPTHS:
        for spread in SPREADS:
            for dose in DOSES:
                shape = np.where(centre > 80e-6, np.exp(-0.5 * ((centre - depth) / spread) ** 2), 0.02)
                cases.append(dose * shape / (shape * width).sum())
    shares = np.full((3, 6), 1.0 / 18)
    return np.array(cases)[:, :, None, None] * shares


def best_time(model: appearance.AppearanceModel, pigment: NDArray[np.float64], repeats: int) -> float:
    """Seconds a profile."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        model.look(pigment)
        times.append(time.perf_counter() - begin)
    return min(times) / len(pigment)


def main() -> None:
    """Measure, print and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--check-times", action="store_true", help="fail where a way takes longer than it should")
    arguments = parser.parse_args()
    pigment = profiles()
    print(f"{len(pigment)} profiles in three skins, carbon black")
    print(f"{'way':10}{'us a profile':>14}{'mean error':>12}{'largest':>10}{'largest, %':>12}")
    wrong = []
    for way in WAYS:
        errors, shares, times = [], [], []
        for skin in ("light", "medium", "dark"):
            truth = reference(skin, pigment)
            model = appearance.AppearanceModel(skin, "carbon_black", faces=FACES, **way.options)
            error = np.abs(model.look(pigment).contrast - truth)
            if (error > way.share * truth + way.rest).any():
                wrong.append(f"{way.name}, {skin}: off by {error.max():.3f} dE00")
            errors.append(error)
            shares.append((error / truth)[truth > 1.0])
            times.append(best_time(model, pigment, arguments.repeats))
        if arguments.check_times and min(times) > way.limit:
            wrong.append(f"{way.name}: {1e6 * min(times):.0f} us a profile, {1e6 * way.limit:.0f} at most")
        all_errors = np.concatenate(errors)
        print(
            f"{way.name:10}{1e6 * min(times):14.1f}{all_errors.mean():12.3f}{all_errors.max():10.3f}"
            f"{100 * np.concatenate(shares).max():12.1f}"
        )
    if wrong:
        raise SystemExit("\n".join(wrong))


REFERENCES: dict[str, NDArray[np.float64]] = {}


def reference(skin: str, pigment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Contrast by 16 streams, without merging of cells."""
    if skin not in REFERENCES:
        model = appearance.AppearanceModel(skin, "carbon_black", faces=FACES, streams=16, most_cells=1000)
        REFERENCES[skin] = model.look(pigment).contrast
    return REFERENCES[skin]


if __name__ == "__main__":
    main()
