"""What is seen of a run over time: colour, contrast to bare skin, and how that colour drifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkfade import _core
from inkfade.appearance import colour
from inkfade.appearance.ink import InkOptics
from inkfade.appearance.patch import Lattice, dot_map, render_map
from inkfade.appearance.profile import Clumps
from inkfade.appearance.skin import SkinOptics
from inkfade.touch_up import weakest_grade
from inkfade.units import setting

if TYPE_CHECKING:
    from typing import Any

    import xarray as xr
    from numpy.typing import NDArray

    from inkfade.appearance.patch import Patch
    from inkfade.appearance.profile import Fidelity
    from inkfade.fade import Fade
    from inkfade.scenario import Scenario
    from inkfade.units import Given

SAME_TIME = 1e-9  # [day]
_DAYS = 365.25
SHOWN = (0.0, 42.0, _DAYS, 3 * _DAYS, 5 * _DAYS, 10 * _DAYS)  # [day]
_EXPECTED = "expected a list of years or of times with a unit, for example years=[0, '6 week', 1]"
# dE00 that half of the viewers notice, on light and on dark skin (Vision Research 223:108474, 2024), and the typology
# angles of the presets that stand for them here.
_NOTICED, _SKINS = (1.75, 0.59), (-19.0, 36.0)
_AXES, _CHANNELS = ["L*", "a*", "b*"], ["red", "green", "blue"]
_TINTS = ("reddish", "yellowish", "greenish", "bluish")  # at hue angles of 0, 90, 180 and 270 degrees
EVIDENCE = "no series of measured colours over years is published for scalp or brow pigment"


@dataclass(frozen=True, eq=False)
class Look:
    """What is seen of several profiles of one scenario, and of its bare skin."""

    reflectance: NDArray[np.float64]
    lab: NDArray[np.float64]
    contrast: NDArray[np.float64]
    bare: NDArray[np.float64]

    @property
    def bare_lab(self) -> NDArray[np.float64]:
        """L*a*b* of bare skin (3)."""
        return colour.lab(self.bare)


def check_profiles(fade: Fade) -> None:
    """Refuse a run that has no profiles over depth."""
    if fade.rung != "column":
        raise _core.ParameterError(
            f"the {fade.rung} rung has no depth, so no profiles over it: simulate with rung='column'"
        )
    if "pigment" not in fade.dataset:
        raise _core.ParameterError("this run kept no profiles over depth: simulate with fields=True")


def profiles(fade: Fade) -> NDArray[np.float64]:
    """Pigment inside of a dot at the saved times (n_times, n_cells, 3, n_classes) [kg/m3]."""
    check_profiles(fade)
    return np.ascontiguousarray(fade.dataset["pigment"].transpose("time", "z", "pool", "size_class").values)


def look_at(scenario: Scenario, pigment: NDArray[np.float64], fidelity: Fidelity) -> Look:
    """What is seen of profiles (n, n_cells, 3, n_classes) in the skin of a scenario."""
    return look_with(_core.scenario_appearance(scenario.core, str(fidelity)), pigment)


def look_with(model: _core.AppearanceModel, pigment: NDArray[np.float64]) -> Look:
    """The same with a model that is there already."""
    return Look(*model.look(pigment), model.bare)


def at_days(fade: Fade, days: NDArray[np.float64]) -> Fade:
    """
    The run at these times [day]: `fade` with the other times left out, or run again where one was not saved.

    Raises
    ------
    IntegrationError
        If a time was not saved and the run failed.
    """
    from inkfade.simulation import simulate

    check_profiles(fade)
    saved = np.asarray(fade.dataset["time"].values, dtype=np.float64)
    places = np.array([int(np.argmin(np.abs(saved - day))) for day in days], dtype=np.intp)
    if np.all(np.abs(saved[places] - days) <= SAME_TIME):
        return fade.only(places)
    times: list[Any] = [f"{float(day)!r} day" for day in days]
    return simulate(fade.scenario, times=times, check=True)


def moments(fade: Fade, years: Sequence[Given] | None) -> NDArray[np.float64]:
    """
    Times at which to look at a run, in order [day].

    Parameters
    ----------
    fade
        The run.
    years
        Numbers of years, or text with a unit; where not given those of `SHOWN` that lie inside the run.

    Raises
    ------
    ParameterError
        If they are no such list, or one of them lies outside the run.
    """
    return check_moments(years, float(fade.years[-1]) if len(fade.years) else 0.0)


def check_moments(years: Sequence[Given] | None, end: float) -> NDArray[np.float64]:
    """Do `moments` for a run that ends after so many years."""
    if years is None:
        return np.array([day for day in SHOWN if day <= end * _DAYS + SAME_TIME] or [0.0])
    if isinstance(years, str) or not isinstance(years, Sequence | np.ndarray) or not len(years):
        raise _core.ParameterError(f"years = {years!r}: {_EXPECTED}")
    days = []
    for given in years:
        value = setting(given, "years")
        if isinstance(value, bool) or not isinstance(value, str | int | float | np.number):
            raise _core.ParameterError(f"years = {given!r}: {_EXPECTED}")
        days.append(_core.to_si(value, "s", "years") / 86400.0 if isinstance(value, str) else float(value) * _DAYS)
        if not -SAME_TIME <= days[-1] <= end * _DAYS + SAME_TIME:
            raise _core.ParameterError(f"years = {given}: the run goes from 0 to {end:g} years")
    return np.unique(days)


def when_healed(fade: Fade, fidelity: Fidelity) -> Look | None:
    """What is seen when the skin has healed; None where the run does not come so far."""
    healed = float(fade.dataset["healed_time"])
    end = fade.scenario.horizon * _DAYS if fade.status == "ok" else float(fade.years[-1]) * _DAYS
    if not healed <= end + SAME_TIME:
        return None
    return look_at(fade.scenario, profiles(at_days(fade, np.array([healed]))), fidelity)


def noticed_from(bare_lab: NDArray[np.float64]) -> float:
    """
    Contrast that half of the viewers notice on this skin [dE00].

    0.59 was found on light and 1.75 on dark skin shades; between them by typology angle, which is inferred.
    """
    return float(np.interp(float(colour.ita(bare_lab)), _SKINS, _NOTICED))


def appearance_over_time(fade: Fade, fidelity: Fidelity) -> xr.Dataset:
    """Do `Fade.appearance`."""
    import xarray as xr

    seen = look_at(fade.scenario, profiles(fade), fidelity)
    healed = when_healed(fade, fidelity)
    time = fade.dataset["time"]
    difference = seen.lab - seen.bare_lab
    hue, turned, share = _against_healed(fade, seen, healed)
    names = np.array(["", *_TINTS], dtype=object)
    tint = names[np.where(np.isnan(hue), 0, 1 + np.round(np.nan_to_num(hue) / 90.0).astype(int) % 4)]
    over_time: dict[str, tuple[NDArray[Any], str, str]] = {
        "contrast": (seen.contrast, "1", "patch contrast, seen from afar: CIEDE2000 to bare skin"),
        "contrast_of_healed": (share, "1", "patch contrast as a share of that when healed"),
        "lightness_difference": (difference[:, 0], "1", "L* less that of bare skin"),
        "red_green_difference": (difference[:, 1], "1", "a* less that of bare skin: negative is greener"),
        "blue_yellow_difference": (difference[:, 2], "1", "b* less that of bare skin: negative is bluer"),
        "hue_difference": (
            turn(_hue(seen.lab[:, 1:]), _hue(seen.bare_lab[None, 1:])),
            "degree",
            "hue angle of the patch less that of bare skin",
        ),
        "difference_hue": (hue, "degree", "hue angle of what the ink adds: 180 is green, 270 blue"),
        "colour_drift": (
            turned,
            "degree",
            "turn of difference_hue since healed: positive goes from red over yellow and green to blue",
        ),
    }
    variables: dict[str, Any] = {
        name: (("time",), values, {"units": unit, "long_name": words})
        for name, (values, unit, words) in over_time.items()
    }
    variables["tint"] = (("time",), tint.astype(str), {"long_name": "what the ink adds is nearest to"})
    variables["lab"] = (("time", "axis"), seen.lab, {"units": "1", "long_name": "colour of the patch"})
    variables["srgb"] = (("time", "channel"), colour.srgb(seen.lab), {"units": "1", "long_name": "colour on a screen"})
    variables["reflectance"] = (
        ("time", "wavelength"),
        seen.reflectance,
        {"units": "1", "long_name": "reflectance of the patch, specular component excluded"},
    )
    variables |= _of_bare_skin(seen, healed)
    coordinates = {
        "time": time,
        "wavelength": ("wavelength", colour.wavelengths() * 1e9, {"units": "nm", "long_name": "wavelength"}),
        "axis": _AXES,
        "channel": _CHANNELS,
    }
    return xr.Dataset(variables, coordinates, _attributes(fade, fidelity))


def turn(after: NDArray[np.float64], before: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The angle from one direction to another, -180 to 180 [degree]."""
    return (after - before + 180.0) % 360.0 - 180.0


def _hue(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angle of (a*, b*) rows, 0 to 360 [degree]; NaN where there is no colour."""
    angle = np.degrees(np.arctan2(plane[:, 1], plane[:, 0])) % 360.0
    return np.where(np.hypot(plane[:, 0], plane[:, 1]) > 0, angle, np.nan)


def _against_healed(fade: Fade, seen: Look, healed: Look | None) -> tuple[NDArray[np.float64], ...]:
    """Hue of the difference to bare skin, its turn since healed, and the share of the contrast when healed."""
    hue = _hue(seen.lab[:, 1:] - seen.bare_lab[1:])
    missing = np.full_like(hue, np.nan)
    if healed is None:
        return hue, missing, missing
    after = fade.dataset["time"].values >= float(fade.dataset["healed_time"]) - SAME_TIME
    turned = turn(hue, _hue(healed.lab[:, 1:] - healed.bare_lab[1:]))
    share = seen.contrast / healed.contrast[0] if healed.contrast[0] > 0 else missing
    return hue, np.where(after, turned, np.nan), np.where(after, share, np.nan)


def _of_bare_skin(seen: Look, healed: Look | None) -> dict[str, Any]:
    contrast = np.nan if healed is None else float(healed.contrast[0])
    numbers = {
        "healed_contrast": (contrast, "patch contrast when healed, CIEDE2000"),
        "noticed_from": (noticed_from(seen.bare_lab), "contrast that half of the viewers notice on this skin"),
    }
    return {
        "bare_lab": (("axis",), seen.bare_lab, {"units": "1", "long_name": "colour of bare skin"}),
        "bare_reflectance": (("wavelength",), seen.bare, {"units": "1", "long_name": "reflectance of bare skin"}),
        **{name: ((), value, {"units": "1", "long_name": words}) for name, (value, words) in numbers.items()},
    }


def _attributes(fade: Fade, fidelity: Fidelity) -> dict[str, str]:
    grade, n_weakest, n_inputs = weakest_grade(fade.scenario)
    return {
        "title": f"what is seen of a fade of {fade.scenario.preset_name}",
        "geometry": "specular component excluded",
        "illuminant": "D65",
        "observer": "2 degrees",
        "fidelity": str(fidelity),
        "skin": "as healed: redness, swelling and crust of the first weeks are not in it",
        "evidence": f"weakest evidence: {grade} ({n_weakest} of {n_inputs} inputs); {EVIDENCE}",
        "comment": "predictions of a model, not medical advice",
    }


def patches_of(fade: Fade, *, pixels: int, width: float, margin: float = 0.0) -> list[Patch]:
    """
    Pictures of the patch at the saved times, with the skin, the ink and the dots of the scenario.

    Periodic, or with a margin [m] of bare skin around it.
    """
    for name, value, low, high, unit in (("width", width, 1e-3, 1.0, " m"), ("pixels", pixels, 8, 2000, "")):
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _core.ParameterError(f"{name} = {value!r}: a picture has {low:g} to {high:g}{unit}")
    scenario = fade.scenario
    bounds = np.asarray(fade.dataset["z_bounds"].values, dtype=np.float64) * 1e-6
    fraction = float(scenario["ink.clump_fraction"])
    pools = {"free": "ink", "macrophage": "macrophages", "stroma": "stroma"}
    clumps = {pool: (fraction, float(scenario[f"{owner}.clump_diameter"])) for pool, owner in pools.items()}
    options: dict[str, Any] = {
        "radius": 0.5 * float(scenario["procedure.dot_diameter"]),
        "width": width + 2 * margin,
        "skin": SkinOptics(**_core.scenario_skin(scenario.core)),
        "ink": InkOptics._of(_core.scenario_ink(scenario.core)),  # noqa: SLF001
        "clumps": Clumps(**clumps),
        "class_diameter": fade.dataset["diameter"].values * 1e-9,
    }
    covered = _covered(scenario, int(pixels), width, margin)
    faces = np.append(bounds[:, 0], bounds[-1, 1])
    return [render_map(faces, profile, covered, **options) for profile in profiles(fade)]


def _covered(scenario: Scenario, pixels: int, width: float, margin: float) -> NDArray[np.float64]:
    """
    Share of each pixel that is dot: a jittered lattice, or evenly inked skin where dots lie over each other.

    Dots at random overlap, and cover less than the lattice would: its dots are drawn so much smaller.
    """
    diameter, density = (float(scenario[f"procedure.dot_{what}"]) for what in ("diameter", "density"))
    filled = density * np.pi * diameter**2 / 4.0
    coverage = float(-np.expm1(-filled)) if scenario["procedure.placement"] == "random" else filled
    if diameter * density**0.5 < 1.0:
        radius = float(np.sqrt(coverage / (np.pi * density)))
        return dot_map(Lattice(radius=radius, pitch=density**-0.5), width, pixels, margin=margin)
    inside = np.abs((np.arange(pixels) + 0.5) / pixels - 0.5) * (width + 2 * margin) <= 0.5 * width
    return np.outer(inside, inside).astype(np.float64) * coverage
