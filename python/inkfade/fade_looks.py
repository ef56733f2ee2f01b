"""The part of a fade that is about what is seen of it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, cast

import numpy as np

from inkfade import _core

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import xarray as xr
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.appearance.patch import Patch
    from inkfade.appearance.profile import Fidelity
    from inkfade.contrast_touch_up import ContrastTouchUp
    from inkfade.fade import Fade
    from inkfade.units import Given


class FadeLooks:
    """What is seen of a run, over time and as pictures: a part of `Fade`."""

    _appearances: dict[str, xr.Dataset]
    _contrast_touch_ups: dict[tuple[object, ...], ContrastTouchUp]

    def appearance(self, fidelity: Fidelity = "full") -> xr.Dataset:
        """
        Look at the patch at every saved time, in the skin, with the ink and the dots of the scenario.

        Parameters
        ----------
        fidelity
            As in `appearance.AppearanceModel`: "full" (0.7 ms for a saved time), "fast" or "preview".

        Returns
        -------
        xarray.Dataset
            Over time: contrast to bare skin [dE00] as seen from afar, contrast_of_healed (NaN before healing), lab,
            srgb and reflectance; lightness_difference, red_green_difference, blue_yellow_difference and
            hue_difference to bare skin; difference_hue, the hue angle of what the ink adds, tint, its name, and
            colour_drift, its turn since healed [degree]. Of bare skin: bare_lab and bare_reflectance, and
            noticed_from, the contrast that half of the viewers notice on it. D65, 2 degrees, specular component
            excluded. Computed once for each fidelity, then kept.

        Raises
        ------
        ParameterError
            If the run kept no profiles over depth.
        """
        from inkfade.seen import appearance_over_time

        key = str(fidelity)
        if key not in self._appearances:
            self._appearances[key] = appearance_over_time(self._run, fidelity)
        return self._appearances[key].copy()

    def touch_up_by_contrast(
        self,
        threshold: float | None = 0.5,
        *,
        below: float | None = None,
        fidelity: Fidelity = "full",
        draws: int = 200,
        seed: int = 0,
        level: float = 0.8,
    ) -> ContrastTouchUp:
        """
        Say when a touch-up is due by what is seen, at any level, beside what is left of the pigment.

        The looks are full ones at saved times; `Fade.touch_up` says it by the scenario's own rule, which the run
        follows. No threshold is published: the levels are choices, and the two measures may disagree by years.

        Parameters
        ----------
        threshold
            Due when the patch contrast falls below this share of what it was when healed; None: do not ask.
        below
            Due when it falls below this contrast to bare skin [dE00], too; None: do not ask. The earlier of the two
            counts.
        fidelity
            As in `Fade.appearance`. People are looked at with "fast".
        draws, seed, level
            Of the interval between people, as in `Fade.touch_up`; ``draws=0``: none. Between saved times a person's
            contrast is a straight line.

        Returns
        -------
        ContrastTouchUp
            Prints as "6.6 years (80 % interval 2.6 to > 10)". The time lies between two computed ones; what falls
            and rises again between two saved times is not seen. Computed once, then kept.

        Raises
        ------
        ParameterError
            If an option is not allowed, or the run kept no profiles over depth.
        IntegrationError
            If the run failed.
        """
        from inkfade.contrast_touch_up import check_levels, find
        from inkfade.seen import check_profiles
        from inkfade.touch_up import check_interval

        check_levels(threshold, below)
        check_interval(level, draws or 2, 0.5, seed)
        check_profiles(self._run)
        if self._run.status != "ok":
            failed = f"{self._run.message} (status {self._run.status})"
            raise _core.IntegrationError(f"no touch-up of a failed run: {failed}")
        key = (threshold, below, str(fidelity), draws, seed, level)
        if key not in self._contrast_touch_ups:
            self._contrast_touch_ups[key] = find(
                self._run, threshold, below, fidelity=fidelity, draws=draws, seed=seed, level=level
            )
        return self._contrast_touch_ups[key]

    def render_patch(self, when: Given = "42 day", *, pixels: int = 250, width: float = 10e-3) -> Patch:
        """
        Render the patch at one time, with the skin, the ink and the dots of the scenario.

        Parameters
        ----------
        when
            A number of years, or text with a unit such as "6 week".
        pixels, width
            Of the picture along each side, and how wide it is [m].

        Returns
        -------
        appearance.Patch
            Its `srgb` is the picture, `dot_contrast` what is seen of its dots from a distance.

        Raises
        ------
        ParameterError
            If the time lies outside the run, or the run kept no profiles over depth.
        """
        from inkfade.seen import at_days, moments, patches_of

        days = moments(self._run, [when])
        return patches_of(at_days(self._run, days), pixels=pixels, width=width)[0]

    def plot_patch(self, years: Sequence[Given] | None = None, *, pixels: int = 300) -> NDArray[Any]:
        """
        Picture 10 x 10 mm of dots in bare skin at several times, each with the contrast of the patch.

        Parameters
        ----------
        years
            Numbers of years, or text with a unit such as "6 week"; day 0, 6 weeks, 1, 3, 5 and 10 years, as far as
            the run goes, where not given. A time that was not saved is run again.
        pixels
            Of each picture, along each side.

        Returns
        -------
        numpy.ndarray of matplotlib.axes.Axes
            One for each time.
        """
        from inkfade.plot.patches import draw_patches

        return np.asarray(draw_patches([self._run], years, pixels=pixels)[0])

    def plot_swatches(self, years: Sequence[Given] | None = None, *, ax: Axes | None = None) -> Axes:
        """
        Plot the colour of the patch, as seen from afar, at several times, on its bare skin.

        Parameters
        ----------
        years
            As in `plot_patch`.
        ax
            Axes to draw into; a new figure where not given.
        """
        from inkfade.plot.swatches import plot_swatches

        return plot_swatches(self._run, years, ax=ax)

    def plot_appearance(self) -> NDArray[Any]:
        """
        Plot patch contrast, what is left of the pigment, and what the ink does to the colour, weeks beside years.

        Returns
        -------
        numpy.ndarray of matplotlib.axes.Axes
            (3, 2): contrast, shares of healed, and differences of L*, a* and b* to bare skin; weeks, then years.
        """
        from inkfade.plot.appearance import plot_appearance

        return plot_appearance(self._run)

    def only(self, places: NDArray[np.intp]) -> Fade:
        """Leave out all saved times but those at these places; what is known of the whole run stays as it is."""
        chosen = copy.copy(self._run)
        chosen.dataset = self._run.dataset.isel(time=places)
        chosen._appearances, chosen._contrast_touch_ups = {}, {}  # noqa: SLF001  # of the same class
        return chosen

    @property
    def _run(self) -> Fade:
        return cast("Fade", self)
