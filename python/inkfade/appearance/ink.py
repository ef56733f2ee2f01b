"""Pigments and their mixtures, as light sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from inkfade import _core
from inkfade.appearance.arrays import numbers
from inkfade.appearance.colour import wavelengths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Pigment:
    """
    What is known of a pigment.

    Attributes
    ----------
    name, description
        As in `InkOptics.pigment`, and what it is.
    evidence
        Grade of its spectrum: measured, inferred or assumed.
    source
        What the spectrum rests on.
    """

    name: str
    description: str
    evidence: str
    source: str


def pigments() -> list[Pigment]:
    """List the pigments with a name, each with the grade and the source of its spectrum."""
    return [Pigment(*facts) for facts in _core.pigments()]


class InkOptics:
    """
    Optics of a pigment or a mixture, per mass of dry pigment.

    Parameters
    ----------
    absorption
        Mass absorption coefficient of dispersed pigment, (31), 400 to 700 nm [m2/kg].
    scattering
        Reduced scattering, (31) or a number [m2/kg].
    density
        Of the solid pigment [kg/m3].
    """

    def __init__(self, absorption: ArrayLike, scattering: ArrayLike = 0.0, *, density: float = 1800.0) -> None:
        absorbs = numbers("absorption", absorption)
        scatters = numbers("scattering", scattering)
        self._core = _core.InkOptics(absorbs, scatters if scatters.ndim else np.full(31, float(scatters)), density)

    @classmethod
    def _of(cls, core: _core.InkOptics) -> Self:
        ink = cls.__new__(cls)
        ink._core = core  # noqa: SLF001
        return ink

    @classmethod
    def pigment(cls, name: str) -> Self:
        """Make the pigment of this name; `pigments` lists them."""
        return cls._of(_core.InkOptics.pigment(str(name)))

    @classmethod
    def carbon_black(cls, *, mac: float = 7500.0, exponent: float = 1.0) -> Self:
        """Make carbon black of a mass absorption [m2/kg] at 550 nm, falling with wavelength**-exponent."""
        return cls._of(_core.InkOptics.carbon_black(float(mac), float(exponent)))

    @classmethod
    def mixture(cls, parts: Mapping[str, float]) -> Self:
        """Mix pigments by name and share of mass, as in ``{"carbon_black": 0.2, "titanium_dioxide": 0.8}``."""
        return cls._of(
            _core.InkOptics.mixture([(_core.InkOptics.pigment(str(name)), float(part)) for name, part in parts.items()])
        )

    @classmethod
    def from_table(
        cls, wavelength: ArrayLike, absorption: ArrayLike, scattering: ArrayLike = 0.0, *, density: float = 1800.0
    ) -> Self:
        """
        Make a pigment from a table, interpolated linearly and held beyond its ends.

        Parameters
        ----------
        wavelength
            (n,), rising [m].
        absorption, scattering
            (n,) or a number [m2/kg].
        density
            Of the solid pigment [kg/m3].
        """
        places = numbers("wavelength", wavelength)
        if places.ndim != 1 or len(places) < 2 or not (np.diff(places) > 0).all():
            raise _core.ParameterError("wavelength: must be two or more rising numbers [m]")
        tables = []
        for name, values in (("absorption", absorption), ("scattering", scattering)):
            table = numbers(name, values)
            if table.shape not in {(), places.shape}:
                raise _core.ParameterError(f"{name} has the shape {table.shape}: must be {places.shape} or a number")
            tables.append(np.interp(wavelengths(), places, np.broadcast_to(table, places.shape)))
        return cls(*tables, density=density)

    @property
    def absorption(self) -> NDArray[np.float64]:
        """Mass absorption coefficient, (31) [m2/kg]."""
        return self._core.absorption

    @property
    def scattering(self) -> NDArray[np.float64]:
        """Reduced scattering, (31) [m2/kg]."""
        return self._core.scattering

    @property
    def density(self) -> float:
        """Of the solid pigment [kg/m3]."""
        return self._core.density

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, InkOptics) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[bytes, bytes, float]:
        return self.absorption.tobytes(), self.scattering.tobytes(), self.density

    def __repr__(self) -> str:
        green = self.absorption[15] / 1000, self.scattering[15] / 1000
        return f"<inkfade.appearance.InkOptics: at 550 nm absorbs {green[0]:.3g}, scatters {green[1]:.3g} m2/g>"
