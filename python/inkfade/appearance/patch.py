"""A patch of dots as a picture, and how much of its dots is seen from a distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.appearance import colour
from inkfade.appearance.arrays import numbers
from inkfade.appearance.profile import AppearanceModel, Clumps, Dots

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from inkfade.appearance.ink import InkOptics
    from inkfade.appearance.skin import SkinOptics

_KNOTS = np.array([0.0, 0.01, 0.03, 0.06, 0.1, 0.17, 0.28, 0.42, 0.6, 0.8, 1.0])  # amounts that are solved
# Poirson and Wandell's filters: half widths [degree] and weights, of lightness, red-green and blue-yellow; the matrix
# from XYZ to their axes is Zhang and Wandell's (1996).
_FILTERS = (
    ((0.05, 0.9207), (0.225, 0.105), (7.0, -0.108)),
    ((0.0685, 0.5310), (0.826, 0.33)),
    ((0.0920, 0.4877), (0.6451, 0.3711)),
)
_OPPONENT = np.array([[0.279, 0.72, -0.107], [-0.449, 0.29, -0.077], [0.086, -0.59, 0.501]])


@dataclass(frozen=True)
class Lattice:
    """
    Where the dots of a patch are.

    Attributes
    ----------
    radius, pitch
        Of a dot, and between dots [m].
    jitter
        Standard deviation of a dot's place, over the pitch.
    seed
        Of the jitter.
    """

    radius: float = 0.2e-3
    pitch: float = 1e-3
    jitter: float = 0.15
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Patch:
    """
    A patch of dots.

    Attributes
    ----------
    xyz
        (n, n, 3), D65 and 2 degrees, specular component excluded.
    pixel
        Width of a pixel [m].
    """

    xyz: NDArray[np.float64]
    pixel: float

    @property
    def srgb(self) -> NDArray[np.float64]:
        """Picture for a screen, (n, n, 3), 0 to 1."""
        return _core.srgb_of_xyz(self.xyz).reshape(self.xyz.shape)

    @property
    def lab(self) -> NDArray[np.float64]:
        """L*a*b* of every pixel, (n, n, 3)."""
        return _core.lab_of_xyz(self.xyz).reshape(self.xyz.shape)

    def dot_contrast(self, distance: float = 0.5) -> float:
        """Compute `dot_contrast` seen from this distance [m]."""
        return dot_contrast(self.xyz, pixel=self.pixel, distance=distance)


def render_patch(
    faces: ArrayLike,
    concentration: ArrayLike,
    *,
    skin: SkinOptics | str = "light",
    ink: InkOptics | str = "carbon_black",
    lattice: Lattice | None = None,
    width: float = 10e-3,
    pixels: int = 250,
    clumps: Clumps | None = None,
    class_diameter: ArrayLike | None = None,
) -> Patch:
    """
    Render a patch of dots on a jittered lattice, periodic at its edges.

    Light spreads sideways in skin, more with depth and wavelength: the ink of the dots is blurred with a Gaussian whose
    standard deviation is (0.12 mm + 0.42 z) (wavelength/550 nm)^0.6, z the depth of the pigment's centre, and each
    pixel is solved as a layered skin. The blur is a fit to Monte Carlo for one skin and two depths: within 20 %.

    Parameters
    ----------
    faces, concentration
        Cells over depth [m], and pigment inside of a dot [kg/m3], as in `AppearanceModel` (one profile).
    skin, ink, clumps, class_diameter
        As in `AppearanceModel`.
    lattice
        Where the dots are.
    width, pixels
        Of the picture, along each side [m], and how many.

    Returns
    -------
    Patch
        The picture.
    """
    dots = lattice or Lattice()
    for name, value, lower in (
        ("radius", dots.radius, 0.0),
        ("pitch", dots.pitch, dots.radius),
        ("width", width, dots.pitch),
    ):
        if not lower < value <= 1.0:
            allowed = f"must be above {lower * 1e6:g} um and at most 1 m, and radius < pitch <= width"
            raise _core.ParameterError(f"{name} = {value * 1e6:g} um: {allowed}")
    if not 8 <= pixels <= 2000:
        raise _core.ParameterError(f"pixels = {pixels}: must be between 8 and 2000")
    return render_map(
        faces,
        concentration,
        dot_map(dots, width, pixels),
        radius=dots.radius,
        width=width,
        skin=skin,
        ink=ink,
        clumps=clumps,
        class_diameter=class_diameter,
    )


def render_map(
    faces: ArrayLike,
    concentration: ArrayLike,
    covered: NDArray[np.float64],
    *,
    radius: float,
    width: float,
    skin: SkinOptics | str = "light",
    ink: InkOptics | str = "carbon_black",
    clumps: Clumps | None = None,
    class_diameter: ArrayLike | None = None,
) -> Patch:
    """Do `render_patch` for any share of each pixel that is dot, (pixels, pixels), of dots of this radius."""
    depth = _centre(numbers("faces", faces), numbers("concentration", concentration))
    options: dict[str, Any] = {"faces": faces, "clumps": clumps, "class_diameter": class_diameter, "fidelity": "fast"}
    models = [AppearanceModel(skin, ink, dots=Dots(amount, radius), **options) for amount in _KNOTS]
    table = np.stack([model.look(concentration).reflectance for model in models])
    pixels = len(covered)
    pixel = width / pixels
    spread = np.fft.rfft2(covered)
    spatial = _frequencies(pixels, pixel)
    reflectance = np.empty((pixels, pixels, 31))
    for i, wavelength in enumerate(colour.wavelengths()):
        sigma = (0.12e-3 + 0.42 * depth) * (wavelength / 550e-9) ** 0.6
        blurred = np.fft.irfft2(spread * np.exp(-2.0 * (np.pi * sigma * spatial) ** 2), s=(pixels, pixels))
        reflectance[:, :, i] = np.interp(blurred, _KNOTS, table[:, i])
    return Patch(colour.xyz(reflectance), pixel)


def dot_contrast(xyz: ArrayLike, *, pixel: float, distance: float) -> float:
    """
    Compute the contrast of dots as an eye resolves them from a distance.

    The picture goes through the filters of S-CIELAB (widths read as full widths at half maximum), periodically; then it
    is CIEDE2000 between its darkest and its lightest point.

    Parameters
    ----------
    xyz
        (n, n, 3), a perfect white having Y = 100.
    pixel
        Width of a pixel [m].
    distance
        Of the eye [m].
    """
    picture = numbers("xyz", xyz)
    if picture.ndim != 3 or picture.shape[0] != picture.shape[1] or picture.shape[2] != 3:
        raise _core.ParameterError(f"xyz has the shape {picture.shape}: must be (n, n, 3)")
    for name, value in (("pixel", pixel), ("distance", distance)):
        if not 0 < value < 1e3:
            raise _core.ParameterError(f"{name} = {value:g} m: must be above 0 m and below 1000 m")
    n = picture.shape[0]
    spatial = _frequencies(n, pixel)
    degree = distance * np.tan(np.pi / 180)  # length that is seen under one degree [m]
    axes = picture @ _OPPONENT.T
    for channel, kernels in enumerate(_FILTERS):
        total = sum(weight for _, weight in kernels)
        response = np.zeros_like(spatial)
        for half_width, weight in kernels:
            sigma = half_width * degree / (2 * np.sqrt(2 * np.log(2)))
            response += weight / total * np.exp(-2.0 * (np.pi * sigma * spatial) ** 2)
        axes[:, :, channel] = np.fft.irfft2(np.fft.rfft2(axes[:, :, channel]) * response, s=(n, n))
    seen = _core.lab_of_xyz(axes @ np.linalg.inv(_OPPONENT).T)
    darkest, lightest = seen[np.argmin(seen[:, 0])], seen[np.argmax(seen[:, 0])]
    return float(colour.delta_e_2000(darkest, lightest))


def _centre(faces: NDArray[np.float64], concentration: NDArray[np.float64]) -> float:
    """Depth of the pigment's centre below the surface [m]."""
    pigment = concentration.reshape(len(concentration), -1).sum(axis=1)
    if concentration.ndim > 3 or len(faces) != len(pigment) + 1:
        shapes = f"faces {faces.shape}, concentration {concentration.shape}"
        raise _core.ParameterError(f"{shapes}: must be (n_cells + 1,) and one profile of n_cells")
    mass = pigment * np.diff(faces)
    return float(mass @ (0.5 * (faces[1:] + faces[:-1])) / mass.sum()) if mass.sum() > 0 else 0.0


def dot_map(dots: Lattice, width: float, pixels: int, *, margin: float = 0.0) -> NDArray[np.float64]:
    """
    Share of each pixel that is dot, (pixels, pixels): edges are softened over a pixel.

    Periodic; or with a margin [m] of bare skin around the width, inside of the same number of pixels.
    """
    random = np.random.default_rng(dots.seed)
    count = max(1, round(width / dots.pitch))
    pixel = (width + 2 * margin) / pixels
    x = (np.arange(pixels) + 0.5) * pixel - margin
    covered = np.zeros((pixels, pixels))
    for row in range(count):
        for column in range(count):
            place = (np.array([row, column]) + 0.5 + dots.jitter * random.standard_normal(2)) * width / count
            away = [x - centre for centre in place]
            if margin == 0.0:
                away = [(apart + width / 2) % width - width / 2 for apart in away]
            apart = np.hypot(away[0][:, None], away[1][None, :])
            covered = np.maximum(covered, np.clip((dots.radius - apart) / pixel + 0.5, 0.0, 1.0))
    return covered


def _frequencies(n: int, pixel: float) -> NDArray[np.float64]:
    """Spatial frequencies of numpy's rfft2 [1/m]."""
    frequencies: NDArray[np.float64] = np.hypot(np.fft.fftfreq(n, pixel)[:, None], np.fft.rfftfreq(n, pixel)[None, :])
    return frequencies
