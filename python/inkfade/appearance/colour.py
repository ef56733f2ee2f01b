"""Colours of spectra: CIE L*a*b* under D65 for the observer of 2 degrees, CIEDE2000, ITA and sRGB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.appearance.arrays import last_axis

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_TRIPLE = "L*, a* and b*"


def wavelengths() -> NDArray[np.float64]:
    """Return the 31 wavelengths of every spectrum, 400 to 700 nm [m]."""
    return np.linspace(400e-9, 700e-9, 31)


def xyz(reflectance: ArrayLike) -> NDArray[np.float64]:
    """
    Compute tristimulus values; a perfect white has Y = 100.

    Parameters
    ----------
    reflectance
        (..., 31), 400 to 700 nm in steps of 10 nm [1].

    Returns
    -------
    numpy.ndarray
        (..., 3).
    """
    spectra = last_axis("reflectance", reflectance, 31, "one for each 10 nm from 400 nm to 700 nm")
    return _core.colour_of(spectra).reshape(*spectra.shape[:-1], 3)


def lab(reflectance: ArrayLike) -> NDArray[np.float64]:
    """
    Compute L*a*b* of reflectance spectra.

    Parameters
    ----------
    reflectance
        (..., 31), 400 to 700 nm in steps of 10 nm [1].

    Returns
    -------
    numpy.ndarray
        (..., 3): L*, a*, b* for D65 and 2 degrees.
    """
    tristimulus = xyz(reflectance)
    return _core.lab_of_xyz(tristimulus).reshape(tristimulus.shape)


def srgb(lab: ArrayLike) -> NDArray[np.float64]:
    """
    Compute the colour on a screen of L*a*b* (D65, 2 degrees).

    Parameters
    ----------
    lab
        (..., 3).

    Returns
    -------
    numpy.ndarray
        (..., 3): red, green and blue, gamma encoded, cut to 0 .. 1.
    """
    colours = last_axis("lab", lab, 3, _TRIPLE)
    return _core.srgb_of_xyz(_core.xyz_of_lab(colours)).reshape(colours.shape)


def ita(lab: ArrayLike) -> NDArray[np.float64]:
    """
    Compute the individual typology angle, atan((L* - 50)/b*).

    Parameters
    ----------
    lab
        (..., 3).

    Returns
    -------
    numpy.ndarray
        (...) [degree]: above 55 very light, 41 light, 28 intermediate, 10 tan, -30 brown, below it dark.
    """
    colours = last_axis("lab", lab, 3, _TRIPLE)
    return _core.ita_of_lab(colours).reshape(colours.shape[:-1])


def delta_e_2000(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """
    Compute CIEDE2000 colour differences.

    Parameters
    ----------
    first, second
        L*a*b*, (..., 3) each; broadcast against each other.

    Returns
    -------
    numpy.ndarray
        (...), dE00.
    """
    one, other = last_axis("first", first, 3, _TRIPLE), last_axis("second", second, 3, _TRIPLE)
    try:
        one, other = np.broadcast_arrays(one, other)
    except ValueError:
        message = f"second has the shape {other.shape}: must fit first, which has {one.shape}"
        raise _core.ParameterError(message) from None
    return _core.delta_e_2000(one, other).reshape(one.shape[:-1])
