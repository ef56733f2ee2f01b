"""One saved time of a run, while it is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

# From SI to the units of the dataset, by the same multiplication as there: the same bits.
_FACTORS = {
    "time": 1.0 / 86400.0,
    "patch_dose": 1e5,
    "centroid": 1e6,
    "spread": 1e6,
    "z": 1e6,
    "faces": 1e6,
    "macrophages": 1e-9,
    **dict.fromkeys(("mass", "ledger", "layer_mass", "class_mass", "deposited", "dispensed"), 100.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """
    One saved time of a run: read-only numbers in the units of the dataset, and the names of its variables.

    Attributes
    ----------
    time
        Days since the start of the scenario.
    retained_of_deposit, retained_of_healed
        Shares; NaN before the first session and before healing.
    patch_dose
        Pigment per area of treated skin [ug cm-2].
    mass, layer_mass
        Pigment in the skin of the dot [mg cm-2], by pool (``snapshot.mass["stroma"]``) and by layer.
    class_mass
        The same by size class (n_classes,).
    ledger
        Pigment that has left the skin [mg cm-2], by fate.
    deposited, dispensed
        Pigment placed and dispensed so far [mg cm-2].
    ledger_residual
        What does not add up, of deposited.
    centroid, spread
        Mean and standard deviation of pigment over depth [um].
    peak_load
        Largest macrophage load.
    patch_contrast
        Contrast of the patch to bare skin [dE00]; NaN without ``appearance``.
    z, z_bounds
        Depth of the cells' centres [um] (n_cells,) and of their upper and lower faces (n_cells, 2).
    pigment, macrophages, macrophage_load
        Profiles [mg cm-3] (n_pools, n_classes, n_cells), [mm-3] and [1] (n_cells,); None without ``fields``.
    """

    time: float
    retained_of_deposit: float
    retained_of_healed: float
    patch_dose: float
    mass: Mapping[str, float]
    layer_mass: Mapping[str, float]
    class_mass: NDArray[np.float64]
    ledger: Mapping[str, float]
    deposited: float
    dispensed: float
    ledger_residual: float
    centroid: float
    spread: float
    peak_load: float
    z: NDArray[np.float64]
    z_bounds: NDArray[np.float64]
    patch_contrast: float = np.nan
    pigment: NDArray[np.float64] | None = None
    macrophages: NDArray[np.float64] | None = None
    macrophage_load: NDArray[np.float64] | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Snapshot:
        """Make one from what the core gives, in SI units."""
        made: Any = {}
        for name, value in row.items():
            factor = _FACTORS.get(name, 1.0)
            if isinstance(value, dict):
                made[name] = MappingProxyType({label: held * factor for label, held in value.items()})
            elif isinstance(value, np.ndarray):
                made[name] = value * factor
                made[name].setflags(write=False)
            else:
                made[name] = value * factor
        faces = made.pop("faces")
        made["z_bounds"] = np.column_stack((faces[:-1], faces[1:]))
        made["z_bounds"].setflags(write=False)
        return cls(**made)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        pairs = [(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)]
        return all(_same(a, b) for a, b in pairs)

    def __hash__(self) -> int:
        return hash((self.time, self.deposited, tuple(self.mass.values())))

    def __reduce__(self) -> tuple[object, ...]:
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return _rebuild, ({n: dict(v) if isinstance(v, MappingProxyType) else v for n, v in plain.items()},)

    def __repr__(self) -> str:
        share = (
            "" if np.isnan(self.retained_of_deposit) else f", {100 * self.retained_of_deposit:.1f} % of deposit kept"
        )
        return f"<inkfade.Snapshot at {self.time:g} days{share}>"


def _rebuild(plain: dict[str, Any]) -> Snapshot:
    for value in plain.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    parts: Any = {n: MappingProxyType(v) if isinstance(v, dict) else v for n, v in plain.items()}
    return Snapshot(**parts)


def _same(a: object, b: object) -> bool:
    if isinstance(a, float | np.ndarray) and isinstance(b, float | np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    return a == b
