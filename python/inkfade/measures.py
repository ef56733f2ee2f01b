"""What a touch-up can be a fall of, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkfade._core import ParameterError, did_you_mean

if TYPE_CHECKING:
    from inkfade.scenario import Scenario

PIGMENT_THRESHOLD = 0.7  # of the pigment there when healed: said beside a touch-up by contrast; a choice


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One choice of `touch_up.measure`.

    Attributes
    ----------
    what
        What falls.
    whole
        Of what the threshold is a share, in words.
    short
        The same where there is little room.
    """

    what: str
    whole: str
    short: str


MEASURES = {
    "patch_contrast_of_healed": Measure("patch contrast", "what it was when healed", "healed contrast"),
    "retained_of_healed": Measure("pigment", "what was there when healed", "healed"),
    "retained_of_deposit": Measure("pigment", "what was deposited", "deposit"),
}


def is_seen(measure: str) -> bool:
    """Whether a measure is about what is seen, not about what is left."""
    return measure.startswith("patch_contrast")


def fall(measure: str, threshold: float, floor: float = 0.0) -> str:
    """
    What a touch-up is, in words: 'pigment falls below 70 % of what was there when healed'.

    Parameters
    ----------
    measure, threshold
        What falls below what.
    floor
        Contrast below which it is due, too [dE00]; 0: none.
    """
    known = MEASURES[measure]
    below = f" or below {floor:.6g} dE00" if floor > 0 and is_seen(measure) else ""
    return f"{known.what} falls below {100 * threshold:.6g} % of {known.whole}{below}"


def level_text(measure: str, threshold: float, floor: float = 0.0) -> str:
    """The level itself: '70 % of healed'."""
    below = f" or {floor:.6g} dE00" if floor > 0 and is_seen(measure) else ""
    return f"{100 * threshold:g} % of {MEASURES[measure].short}{below}"


def rule_of(scenario: Scenario) -> tuple[str, float, float]:
    """Measure, threshold and floor [dE00] of a scenario's touch-up rule."""
    measure, threshold, floor = (scenario[f"touch_up.{name}"] for name in ("measure", "threshold", "contrast_floor"))
    return str(measure), float(threshold), float(floor)


def check_measure(measure: object, rung: str = "column") -> str:
    """
    Refuse what is no measure, or has none on a rung.

    Raises
    ------
    ParameterError
        With the measures that there are.
    """
    if not isinstance(measure, str) or measure not in MEASURES:
        hint = did_you_mean(measure, list(MEASURES)) if isinstance(measure, str) else ""
        raise ParameterError(f"measure = {measure!r}{hint}: no such measure; there are {', '.join(MEASURES)}")
    if is_seen(measure) and rung != "column":
        raise ParameterError(
            f"measure = {measure!r}: what is seen depends on depth, and the {rung} rung has none; "
            "simulate with rung='column', or ask for measure='retained_of_healed' with its threshold"
        )
    return measure
