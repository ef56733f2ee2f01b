"""Reflection and transmission of turbid layers with a Fresnel surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from inkfade import _core
from inkfade.appearance.arrays import numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

METHODS = ("adding_doubling", "delta_eddington")


@dataclass(frozen=True, eq=False)
class LayeredReflectance:
    """
    Light that layers send back and let through, (n_wavelengths) each [1].

    Attributes
    ----------
    sce
        Reflectance for normal incidence, all directions out, *without* what the surface itself reflects (specular
        component excluded): what a d/8 instrument reads as SCE.
    sci
        The same with what the surface reflects (SCI, UR1).
    diffuse
        Reflectance for light from all sides, with what the surface reflects (URU).
    transmittance, diffuse_transmittance
        Share of light that passes the bottom, for normal incidence and for light from all sides.
    """

    sce: NDArray[np.float64]
    sci: NDArray[np.float64]
    diffuse: NDArray[np.float64]
    transmittance: NDArray[np.float64]
    diffuse_transmittance: NDArray[np.float64]


def layered_reflectance(
    mu_a: ArrayLike,
    mu_s: ArrayLike,
    g: ArrayLike,
    thickness: ArrayLike,
    *,
    n: float = 1.4,
    streams: int = 6,
    n_below: float | None = None,
    method: Literal["adding_doubling", "delta_eddington"] = "adding_doubling",
) -> LayeredReflectance:
    """
    Solve the reflection and transmission of turbid layers under air.

    Parameters
    ----------
    mu_a, mu_s
        Absorption and scattering [1/m], topmost layer first: (n_layers,) or (n_wavelengths, n_layers).
    g
        Mean cosine of Henyey-Greenstein scattering [1], the same shapes or a number.
    thickness
        (n_layers,) [m]; the last may be infinite.
    n
        Refractive index of all layers; 1 where nothing is reflected at the surface.
    streams
        Directions of light in each hemisphere, even: 4 is fast, 6 the default, 16 and more a reference.
    n_below
        Refractive index of the half space below: that of the layers where not given; 1 for a slab in air.
    method
        "adding_doubling", exact in the limit of many streams, or "delta_eddington", two streams at a twentieth of the
        time.

    Returns
    -------
    LayeredReflectance
        Reflection and transmission of each wavelength. Wavelengths share the grid of the solver: the bits of one may
        depend on the others within 1e-5.

    Raises
    ------
    ParameterError
        If a value or a shape is not allowed.
    """
    if method not in METHODS:
        raise _core.ParameterError(f"method = {method!r}: must be one of {', '.join(METHODS)}")
    if not isinstance(streams, int) or isinstance(streams, bool):
        raise _core.ParameterError(f"streams = {streams!r}: must be an even number from 4 to 64")
    depth = np.atleast_1d(numbers("thickness", thickness))
    if depth.ndim != 1 or not len(depth):
        raise _core.ParameterError(f"thickness has the shape {depth.shape}: must be (n_layers,)")
    given = {"mu_a": numbers("mu_a", mu_a), "mu_s": numbers("mu_s", mu_s), "g": numbers("g", g)}
    for name, values in given.items():
        if values.ndim > 2 or (values.ndim and values.shape[-1] not in {1, len(depth)}):
            raise _core.ParameterError(
                f"{name} has the shape {values.shape}: must be ({len(depth)},) or (n_wavelengths, {len(depth)})"
            )
    try:
        shape = np.broadcast_shapes((1, len(depth)), *(values.shape for values in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {values.shape}" for name, values in given.items())
        raise _core.ParameterError(f"mu_a, mu_s, g have the shapes {shapes}: must fit each other") from None
    absorbs, scatters, cosine = (np.broadcast_to(values, shape) for values in given.values())
    below = n if n_below is None else n_below
    two_streams = method == "delta_eddington"
    solved = _core.layered_reflectance(absorbs, scatters, cosine, depth, n, below, streams, two_streams)
    return LayeredReflectance(*solved)


def packaging_factor(optical_thickness: float) -> float:
    """
    Share of its absorption that pigment keeps when packed into spheres (Duysens 1956).

    Parameters
    ----------
    optical_thickness
        Absorption inside of the sphere times its diameter [1].
    """
    if not optical_thickness >= 0:
        raise _core.ParameterError(f"optical_thickness = {optical_thickness!r}: must be 0 or more")
    return _core.packaging_factor(float(optical_thickness))
