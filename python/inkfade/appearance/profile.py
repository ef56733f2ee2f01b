"""From pigment over depth to what is seen of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from inkfade import _core
from inkfade.appearance import colour
from inkfade.appearance.arrays import first_place, numbers
from inkfade.appearance.ink import InkOptics
from inkfade.appearance.skin import SkinOptics, skin_optics

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Fidelity = Literal["full", "fast", "preview"]


@dataclass(frozen=True)
class Clumps:
    """
    How pigment is clumped in each pool: packed pigment absorbs less than the same mass dispersed.

    Attributes
    ----------
    free, macrophage, stroma
        (volume fraction of pigment in a clump [1], its diameter [m]); a fraction of 0 is dispersed pigment. The
        defaults are assumed; 5 to 10 um in macrophages.
    """

    free: tuple[float, float] = (0.2, 1e-6)
    macrophage: tuple[float, float] = (0.2, 7e-6)
    stroma: tuple[float, float] = (0.2, 1e-6)


@dataclass(frozen=True)
class Dots:
    """
    Dots of ink in a patch of skin.

    Attributes
    ----------
    coverage
        Share of the patch that they cover [1]. Pigment is given per volume inside of them.
    radius
        [m]; 0 for evenly inked skin.
    height
        Of the pigment over depth [m]; 0: as thick as the profile is.
    """

    coverage: float = 1.0
    radius: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, eq=False)
class Appearance:
    """
    What is seen of one profile, or of several: then with a first axis of profiles.

    Attributes
    ----------
    reflectance
        Specular component excluded, (31) [1].
    lab
        L*a*b* of it, D65 and 2 degrees, (3).
    contrast
        CIEDE2000 to bare skin.
    """

    reflectance: NDArray[np.float64]
    lab: NDArray[np.float64]
    contrast: NDArray[np.float64]

    @property
    def srgb(self) -> NDArray[np.float64]:
        """Colour on a screen, (3), 0 to 1."""
        return colour.srgb(self.lab)


class AppearanceModel:
    """
    Look at pigment profiles in one skin: what does not depend on the profile is computed once.

    Parameters
    ----------
    skin
        A `SkinOptics`, or the name of a preset.
    ink
        An `InkOptics`, or the name of a pigment.
    faces
        Of the cells over depth, (n_cells + 1), from 0, the surface [m].
    class_diameter
        Of the size classes, (n_classes) [m]: a clump is never smaller than the aggregates in it.
    clumps, dots
        How pigment is packed in cells, and in dots.
    fidelity
        "full": six streams; "fast": a tenth of the time, contrast within 4 % and 0.1 dE00 of it; "preview": two
        streams, smooth in everything, within 9 %.
    streams, most_cells
        Of "full": streams in each hemisphere, layers above bare skin.

    Raises
    ------
    ParameterError
        If a value is not allowed.
    """

    def __init__(
        self,
        skin: SkinOptics | str,
        ink: InkOptics | str,
        *,
        faces: ArrayLike,
        class_diameter: ArrayLike | None = None,
        clumps: Clumps | None = None,
        dots: Dots | None = None,
        fidelity: Fidelity = "full",
        streams: int = 6,
        most_cells: int = 40,
    ) -> None:
        self.skin = skin_optics(skin) if isinstance(skin, str) else skin
        self.ink = InkOptics.pigment(ink) if isinstance(ink, str) else ink
        packed, patch = clumps or Clumps(), dots or Dots()
        self._core = _core.AppearanceModel(
            asdict(self.skin),
            self.ink._core,  # noqa: SLF001
            np.atleast_1d(numbers("faces", faces)),
            np.atleast_1d(numbers("class_diameter", () if class_diameter is None else class_diameter)),
            [packed.free, packed.macrophage, packed.stroma],
            [float(patch.coverage), float(patch.radius), float(patch.height)],
            str(fidelity),
            streams,
            most_cells,
        )

    @property
    def bare(self) -> Appearance:
        """The skin without ink."""
        reflectance = self._core.bare
        return Appearance(reflectance, colour.lab(reflectance), np.zeros(()))

    def look(self, concentration: ArrayLike) -> Appearance:
        """
        Look at pigment over depth.

        Parameters
        ----------
        concentration
            Pigment per volume inside of the dots [kg/m3, which is mg/cm3]: free pigment (n_cells); by pool (free,
            macrophage, stroma), (n_cells, 3); by pool and size class, (n_cells, 3, n_classes); or several of the last,
            (n_profiles, n_cells, 3, n_classes).

        Returns
        -------
        Appearance
            With a first axis of profiles if there was one.

        Raises
        ------
        ParameterError
            If the shape does not fit or a value is no finite number.
        """
        pigment = numbers("concentration", concentration)
        if not np.isfinite(pigment).all():
            raise _core.ParameterError(f"concentration = inf at {first_place(~np.isfinite(pigment))}: must be finite")
        shape, n = pigment.shape, self._core.n_cells
        if pigment.ndim == 1:
            pigment = np.stack([pigment, np.zeros_like(pigment), np.zeros_like(pigment)], axis=1)
        if pigment.ndim == 2:
            pigment = pigment[:, :, None]
        if pigment.ndim == 3:
            pigment = pigment[None]
        if pigment.ndim != 4 or pigment.shape[1:3] != (n, 3) or pigment.shape[3] < 1:
            allowed = f"({n},), ({n}, 3), ({n}, 3, n_classes) or (n_profiles, {n}, 3, n_classes)"
            raise _core.ParameterError(f"concentration has the shape {shape}: must be {allowed}")
        seen = self._core.look(pigment)
        return Appearance(*seen) if len(shape) == 4 else Appearance(*(values[0] for values in seen))


def appearance_of(
    faces: ArrayLike,
    concentration: ArrayLike,
    *,
    skin: SkinOptics | str = "light",
    ink: InkOptics | str = "carbon_black",
    clumps: Clumps | None = None,
    dots: Dots | None = None,
    fidelity: Fidelity = "full",
) -> Appearance:
    """
    Look at one profile: an `AppearanceModel` used once.

    Parameters
    ----------
    faces, concentration
        Cells over depth [m], and pigment in them [kg/m3], as in `AppearanceModel`.
    skin, ink, clumps, dots, fidelity
        As in `AppearanceModel`.

    Returns
    -------
    Appearance
        Spectrum, colour and contrast.
    """
    model = AppearanceModel(skin, ink, faces=faces, clumps=clumps, dots=dots, fidelity=fidelity)
    return model.look(concentration)
