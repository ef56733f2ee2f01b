"""What is seen of pigment in skin: from a profile over depth to a spectrum, a colour and its contrast to bare skin.

Start with a skin and an ink, and look at a profile::

    from inkfade import appearance

    model = appearance.AppearanceModel("light", "carbon_black", faces=np.linspace(0, 1.5e-3, 61))
    seen = model.look(concentration)  # (60,) [kg/m3]
    seen.contrast, seen.lab

`Fade.appearance` does so for a run; `compare_patches` pictures several runs side by side.

Every reflectance is named: `sce` leaves out what the surface itself reflects, `sci` has it. Never compare one with the
other. Colours are those of `sce`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade.appearance.colour import delta_e_2000, ita, lab, srgb, wavelengths
from inkfade.appearance.ink import InkOptics, Pigment, pigments
from inkfade.appearance.layers import LayeredReflectance, layered_reflectance, packaging_factor
from inkfade.appearance.patch import Lattice, Patch, dot_contrast, render_patch
from inkfade.appearance.profile import Appearance, AppearanceModel, Clumps, Dots, appearance_of
from inkfade.appearance.skin import SkinOptics, skin_optics

if TYPE_CHECKING:
    from inkfade.plot.patches import compare_patches

__all__ = [
    "Appearance",
    "AppearanceModel",
    "Clumps",
    "Dots",
    "InkOptics",
    "Lattice",
    "LayeredReflectance",
    "Patch",
    "Pigment",
    "SkinOptics",
    "appearance_of",
    "compare_patches",
    "delta_e_2000",
    "dot_contrast",
    "ita",
    "lab",
    "layered_reflectance",
    "packaging_factor",
    "pigments",
    "render_patch",
    "skin_optics",
    "srgb",
    "wavelengths",
]


def __getattr__(name: str) -> object:
    """Import what needs runs and figures when it is first used."""
    if name != "compare_patches":
        raise AttributeError(f"module 'inkfade.appearance' has no attribute {name!r}")
    from inkfade.plot.patches import compare_patches

    return compare_patches
