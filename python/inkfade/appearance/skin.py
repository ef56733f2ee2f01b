"""Skin without ink, as light sees it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.appearance import colour
from inkfade.appearance.arrays import last_axis
from inkfade.appearance.layers import layered_reflectance

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class SkinOptics:
    """
    Epidermis, dermis and subcutis with melanosomes and blood (models/README.md, M20); SI units.

    Attributes
    ----------
    melanosomes
        Volume fraction of the epidermis [1].
    blood
        Volume fraction of the dermis [1].
    epidermis_thickness, dermis_thickness
        [m]; the subcutis below has no end.
    saturation
        Oxygen saturation of haemoglobin [1].
    haemoglobin
        In blood [kg/m3].
    vessel_radius, subcutis_vessel_radius
        [m]: blood in vessels absorbs less than the same blood dispersed.
    subcutis_blood
        Volume fraction of the subcutis [1].
    n
        Refractive index [1].
    """

    melanosomes: float = 0.037
    blood: float = 0.012
    epidermis_thickness: float = 80e-6
    dermis_thickness: float = 1.5e-3
    saturation: float = 0.7
    haemoglobin: float = 150.0
    vessel_radius: float = 10e-6
    subcutis_blood: float = 0.005
    subcutis_vessel_radius: float = 50e-6
    n: float = 1.4

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            number_given = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not number_given:
                raise _core.ParameterError(f"{name} = {value!r}: must be a bare number, in SI units")
            object.__setattr__(self, name, float(value))
        _core.check_skin(asdict(self))

    @property
    def reflectance(self) -> NDArray[np.float64]:
        """Reflectance of the bare skin, specular component excluded, (31)."""
        layers = _core.skin_layers(asdict(self))
        thickness = [layer[0] for layer in layers]
        mu_a, mu_s, g = (np.stack([layer[i] for layer in layers], axis=1) for i in (1, 2, 3))
        return layered_reflectance(mu_a, mu_s, g=g, thickness=thickness, n=self.n).sce

    @property
    def lab(self) -> NDArray[np.float64]:
        """L*a*b* of the bare skin, (3)."""
        return colour.lab(self.reflectance)

    @property
    def ita(self) -> float:
        """Individual typology angle [degree]."""
        return float(colour.ita(self.lab))


def skin_optics(
    preset: str | None = None, *, ita: float | None = None, lab: ArrayLike | None = None, blood: float = 0.012
) -> SkinOptics:
    """
    Make skin from a preset, a typology angle or a measured colour: give one of them.

    Parameters
    ----------
    preset
        "light", "medium" or "dark".
    ita
        Individual typology angle [degree]: the melanosomes are fitted.
    lab
        Measured L*a*b* (3), D65, 2 degrees, specular component excluded: melanosomes and blood are fitted.
    blood
        Volume fraction of blood in the dermis, for `ita`.

    Raises
    ------
    ParameterError
        For an unknown preset, a colour that is none of skin, and unless one of the three is given.
    """
    if sum(given is not None for given in (preset, ita, lab)) != 1:
        raise _core.ParameterError("skin_optics: give exactly one of preset, ita and lab")
    if preset is not None:
        return SkinOptics(**_core.skin_preset(str(preset)))
    if ita is not None:
        return SkinOptics(**_core.skin_from_ita(float(ita), float(blood)))
    lightness, a, b = last_axis("lab", np.ravel(np.asarray(lab)), 3, "L*, a* and b*")
    return SkinOptics(**_core.skin_from_lab(float(lightness), float(a), float(b)))
