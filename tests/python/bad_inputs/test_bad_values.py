"""Bad values of a scenario, as a user of Python meets them."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import math

import numpy as np
from bad_input import Bad, check, each

import inkfade as ink


def value(name: str, settings: dict[str, object], message: str, entry: str) -> Bad:
    """A row that sets parameters of the preset."""
    return Bad(name, lambda b: b.smp.with_(settings), message, entry)


class Length:
    """A quantity as unit libraries make it."""

    def __init__(self, magnitude: object, units: str) -> None:
        self.magnitude = magnitude
        self.units = units


NUMBERS = [
    value(
        "negative", {"depth": "-450 um"}, "procedure.depth = -450 um: must be between 1 um and 10 mm", "out-of-range"
    ),
    value("beyond the cap", {"depth": "1 m"}, "procedure.depth = 1 m: must be between 1 um and 10 mm", "out-of-range"),
    value(
        "zero time",
        {"skin.turnover_time": "0 day"},
        "skin.turnover_time = 0 day: must be between 1 day and 1 year",
        "out-of-range",
    ),
    value(
        "zero diameter",
        {"dot_diameter": "0 um"},
        "procedure.dot_diameter = 0 um: must be between 10 um and 10 mm",
        "out-of-range",
    ),
    value(
        "zero layer thickness",
        {"skin.papillary_dermis.thickness": "0 um"},
        "skin.papillary_dermis.thickness = 0 um: must be between 1 um and 10 mm",
        "out-of-range",
    ),
    value(
        "negative layer thickness",
        {"skin.papillary_dermis.thickness": "-100 um"},
        "skin.papillary_dermis.thickness = -100 um: must be between 1 um and 10 mm",
        "out-of-range",
    ),
    value(
        "fraction above 1",
        {"procedure.kept_share": 1.5},
        "procedure.kept_share = 1.5: must be between 0.001 and 1",
        "out-of-range",
    ),
    value(
        "fraction below 0",
        {"procedure.kept_share": -0.1},
        "procedure.kept_share = -0.1: must be between 0.001 and 1",
        "out-of-range",
    ),
    value(
        "per cent above 100",
        {"procedure.kept_share": "150 %"},
        "procedure.kept_share = 150 %: must be between 0.001 and 1",
        "out-of-range",
    ),
    value(
        "threshold above 1",
        {"touch_up.threshold": 1.5},
        "touch_up.threshold = 1.5: must be between 0.001 and 1",
        "out-of-range",
    ),
    value(
        "threshold 0", {"touch_up.threshold": 0}, "touch_up.threshold = 0: must be between 0.001 and 1", "out-of-range"
    ),
    value(
        "NaN with unit",
        {"depth": "nan um"},
        "procedure.depth = nan um: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
    ),
    value(
        "inf with unit",
        {"depth": "inf um"},
        "procedure.depth = inf um: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
    ),
    value(
        "1e999 with unit",
        {"depth": "1e999 um"},
        "procedure.depth = 1e999 um: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
    ),
    value(
        "NaN",
        {"procedure.kept_share": math.nan},
        "procedure.kept_share = nan: must be a finite number; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "inf",
        {"procedure.kept_share": math.inf},
        "procedure.kept_share = inf: must be a finite number; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "minus inf",
        {"procedure.kept_share": -math.inf},
        "procedure.kept_share = -inf: must be a finite number; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "subnormal",
        {"procedure.kept_share": 5e-324},
        "procedure.kept_share = 5e-324: is too small for the computer's numbers; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "subnormal text",
        {"procedure.kept_share": "1e-310"},
        "procedure.kept_share = 1e-310: is too small for the computer's numbers; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "underflow to nothing",
        {"procedure.kept_share": "1e-999"},
        "procedure.kept_share = 1e-999: must be a finite decimal number; must be between 0.001 and 1",
        "not-a-number",
    ),
    value(
        "no number in the text",
        {"depth": "deep"},
        "procedure.depth = deep: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
    ),
    value(
        "empty text",
        {"depth": ""},
        'procedure.depth = "": must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm',
        "not-a-number",
    ),
    value(
        "decimal comma",
        {"depth": "0,45 mm"},
        "procedure.depth = 0,45 mm: write a decimal point instead of the comma",
        "decimal-comma",
    ),
    value(
        "two units",
        {"depth": "0.45 mm 3 um"},
        'procedure.depth = 0.45 mm 3 um: unknown unit "mm 3 um"; expected a length in one of m, cm, mm, um, nm, e.g. "0.45 um"',
        "unknown-unit",
    ),
]

UNITS = [
    value(
        "bare whole number",
        {"depth": 450},
        'procedure.depth = 450: needs a unit: give a length in um, e.g. "450 um"',
        "missing-unit",
    ),
    value(
        "bare number",
        {"depth": 450.0},
        'procedure.depth = 450.0: needs a unit: give a length in um, e.g. "450 um"',
        "missing-unit",
    ),
    value(
        "bare NaN",
        {"depth": math.nan},
        "procedure.depth = nan: needs a unit: give a length in um; must be between 1 um and 10 mm",
        "missing-unit",
    ),
    value(
        "text without unit",
        {"depth": "450"},
        'procedure.depth = 450: needs a unit: give a length in um, e.g. "450 um"',
        "missing-unit",
    ),
    value(
        "unknown unit",
        {"depth": "450 parsnip"},
        'procedure.depth = 450 parsnip: unknown unit "parsnip"; expected a length in one of m, cm, mm, um, nm, e.g. "450 um"',
        "unknown-unit",
    ),
    value(
        "misspelt unit",
        {"depth": "450 umm"},
        'procedure.depth = 450 umm: unknown unit "umm"; expected a length in one of m, cm, mm, um, nm, e.g. "450 um"',
        "unknown-unit",
    ),
    value(
        "inches",
        {"depth": "0.02 inch"},
        'procedure.depth = 0.02 inch: unknown unit "inch"; expected a length in one of m, cm, mm, um, nm, e.g. "0.02 um"',
        "unknown-unit",
    ),
    value(
        "wrong dimension",
        {"depth": "450 kg"},
        'procedure.depth = 450 kg: "kg" is the unit of a mass; expected a length in one of m, cm, mm, um, nm, e.g. "450 um"',
        "wrong-dimension",
    ),
    value(
        "length for a time",
        {"run.horizon": "3 mm"},
        'run.horizon = 3 mm: "mm" is the unit of a length; expected a time in one of s, min, hour, day, week, year, e.g. "3 year"',
        "wrong-dimension",
    ),
    value(
        "unit on a plain number",
        {"procedure.kept_share": "0.5 mm"},
        'procedure.kept_share = 0.5 mm: "mm" is the unit of a length; expected a plain number, e.g. 0.5',
        "wrong-dimension",
    ),
    value(
        "unknown unit on a plain number",
        {"procedure.kept_share": "0.5 parts"},
        'procedure.kept_share = 0.5 parts: unknown unit "parts"; expected a plain number, e.g. 0.5',
        "unknown-unit",
    ),
    value(
        "quantity of the wrong kind",
        {"depth": Length(3.0, "day")},
        'procedure.depth = 3 day: "day" is the unit of a time; expected a length in one of m, cm, mm, um, nm, e.g. "3 um"',
        "wrong-dimension",
    ),
    value(
        "quantity of text",
        {"depth": Length("three", "um")},
        "depth = 'three' um: the magnitude of a quantity must be one number",
        "wrong-type",
    ),
    value(
        "quantity of an array",
        {"depth": Length(np.array([1.0, 2.0]), "um")},
        "depth = array([1., 2.]) um: the magnitude of a quantity must be one number",
        "wrong-type",
    ),
    value(
        "quantity of NaN",
        {"depth": Length(math.nan, "um")},
        "procedure.depth = nan um: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm",
        "not-a-number",
    ),
]

TYPES = [
    value(
        "bool for a length",
        {"depth": True},
        "procedure.depth = true: must be a number, not true or false; must be between 1 um and 10 mm",
        "wrong-type",
    ),
    value(
        "bool for a share",
        {"procedure.kept_share": True},
        "procedure.kept_share = true: must be a number, not true or false; must be between 0.001 and 1",
        "wrong-type",
    ),
    value(
        "bool for a whole number",
        {"numerics.cells": True},
        "numerics.cells = true: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "list",
        {"depth": ["450 um"]},
        "depth = ['450 um']: must be text with a unit, a number or true or false, not of type list",
        "wrong-type",
    ),
    value(
        "None",
        {"depth": None},
        "depth = None: must be text with a unit, a number or true or false, not of type NoneType",
        "wrong-type",
    ),
    value(
        "bytes",
        {"depth": b"450 um"},
        "depth = b'450 um': must be text with a unit, a number or true or false, not of type bytes",
        "wrong-type",
    ),
    value(
        "complex",
        {"procedure.kept_share": 1j},
        "procedure.kept_share = 1j: must be text with a unit, a number or true or false, not of type complex",
        "wrong-type",
    ),
    value(
        "array",
        {"procedure.kept_share": np.array([0.1, 0.2])},
        "procedure.kept_share = array([0.1, 0.2]): must be text with a unit, a number or true or false, not of type ndarray",
        "wrong-type",
    ),
    value(
        "one for a flag",
        {"numerics.self_shading": 1},
        "numerics.self_shading = 1: must be true or false",
        "true-or-false",
    ),
    value(
        "text for a flag",
        {"numerics.self_shading": "yes"},
        "numerics.self_shading = yes: must be true or false",
        "true-or-false",
    ),
    value(
        "unknown choice",
        {"touch_up.measure": "colour"},
        "touch_up.measure = colour: must be one of patch_contrast_of_healed, retained_of_healed, retained_of_deposit",
        "unknown-choice",
    ),
    value(
        "misspelt choice",
        {"touch_up.measure": "retained_of_heald"},
        "touch_up.measure = retained_of_heald: must be one of patch_contrast_of_healed, retained_of_healed, retained_of_deposit (did you mean retained_of_healed?)",
        "unknown-choice",
    ),
    value(
        "number for a choice",
        {"touch_up.measure": 3},
        "touch_up.measure = 3: must be one of patch_contrast_of_healed, retained_of_healed, retained_of_deposit",
        "unknown-choice",
    ),
    value(
        "unknown regime",
        {"aftercare": "lavish"},
        "aftercare = lavish: must be one of poor, typical, careful",
        "unknown-choice",
    ),
    value(
        "misspelt regime",
        {"aftercare": "carefull"},
        "aftercare = carefull: must be one of poor, typical, careful (did you mean careful?)",
        "unknown-choice",
    ),
    value(
        "number for a regime",
        {"aftercare": 3},
        "aftercare = 3: must be one of poor, typical, careful",
        "unknown-choice",
    ),
    value("no date", {"start": "soon"}, 'start = soon: must be a date such as "2027-03-14", or "" for no date', "date"),
    value(
        "a day that is none",
        {"start": "2027-02-30"},
        'start = 2027-02-30: must be a date such as "2027-03-14", or "" for no date',
        "date",
    ),
    value(
        "number for a date",
        {"start": 2027},
        'start = 2027: must be a date such as "2027-03-14", or "" for no date',
        "date",
    ),
]

GRID = [
    value(
        "no cells",
        {"numerics.cells": 0},
        "numerics.cells = 0: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "one cell",
        {"numerics.cells": 1},
        "numerics.cells = 1: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "negative cells",
        {"numerics.cells": -64},
        "numerics.cells = -64: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "cells with a point",
        {"numerics.cells": 64.0},
        "numerics.cells = 64.0: must be a whole number between 8 and 4096, written without a point",
        "whole-number",
    ),
    value(
        "half cells",
        {"numerics.cells": 64.5},
        "numerics.cells = 64.5: must be a whole number between 8 and 4096, written without a point",
        "whole-number",
    ),
    value(
        "cells as text",
        {"numerics.cells": "many"},
        "numerics.cells = many: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "too many cells",
        {"numerics.cells": 5000},
        "numerics.cells = 5000: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "2^70 cells",
        {"numerics.cells": 2**70},
        "numerics.cells = 1180591620717411303424: must be a whole number between 8 and 4096",
        "whole-number",
    ),
    value(
        "no classes",
        {"numerics.classes": 0},
        "numerics.classes = 0: must be a whole number between 1 and 32",
        "whole-number",
    ),
    value(
        "too many classes",
        {"numerics.classes": 33},
        "numerics.classes = 33: must be a whole number between 1 and 32",
        "whole-number",
    ),
    value(
        "no steps",
        {"numerics.max_steps": 0},
        "numerics.max_steps = 0: must be a whole number between 1 and 1000000000",
        "whole-number",
    ),
    value(
        "negative steps",
        {"numerics.max_steps": -1},
        "numerics.max_steps = -1: must be a whole number between 1 and 1000000000",
        "whole-number",
    ),
    value(
        "phototype 7",
        {"skin.phototype": 7},
        "skin.phototype = 7: must be a whole number between 1 and 6",
        "whole-number",
    ),
    value("rtol 0", {"numerics.rtol": 0.0}, "numerics.rtol = 0.0: must be between 1e-14 and 0.5", "out-of-range"),
    value(
        "rtol negative",
        {"numerics.rtol": -1e-3},
        "numerics.rtol = -0.001: must be between 1e-14 and 0.5",
        "out-of-range",
    ),
    value(
        "rtol below round-off",
        {"numerics.rtol": 1e-15},
        "numerics.rtol = 1e-15: must be between 1e-14 and 0.5",
        "out-of-range",
    ),
    value("rtol 1", {"numerics.rtol": 1.0}, "numerics.rtol = 1.0: must be between 1e-14 and 0.5", "out-of-range"),
    value(
        "rtol NaN",
        {"numerics.rtol": math.nan},
        "numerics.rtol = nan: must be a finite number; must be between 1e-14 and 0.5",
        "not-a-number",
    ),
    value(
        "atol 0",
        {"numerics.atol_fraction": 0.0},
        "numerics.atol_fraction = 0.0: must be between 1e-14 and 1",
        "out-of-range",
    ),
    value(
        "horizon 0",
        {"run.horizon": "0 year"},
        "run.horizon = 0 year: must be between 1 hour and 200 year",
        "out-of-range",
    ),
    value(
        "horizon negative",
        {"run.horizon": "-1 year"},
        "run.horizon = -1 year: must be between 1 hour and 200 year",
        "out-of-range",
    ),
    value(
        "horizon NaN",
        {"run.horizon": "nan year"},
        "run.horizon = nan year: must be a time in year, a finite decimal number and a unit; must be between 1 hour and 200 year",
        "not-a-number",
    ),
    value(
        "horizon inf",
        {"run.horizon": "inf year"},
        "run.horizon = inf year: must be a time in year, a finite decimal number and a unit; must be between 1 hour and 200 year",
        "not-a-number",
    ),
    value(
        "horizon of millennia",
        {"run.horizon": "1000 year"},
        "run.horizon = 1000 year: must be between 1 hour and 200 year",
        "out-of-range",
    ),
]

NAMES = [
    value(
        "misspelt alias",
        {"depht": "450 um"},
        'unknown parameter "depht" (did you mean procedure.depth?): `inkfade parameters` lists all',
        "unknown-parameter",
    ),
    value(
        "misspelt dotted name",
        {"procedure.dept": "450 um"},
        'unknown parameter "procedure.dept" (did you mean procedure.depth?): `inkfade parameters` lists all',
        "unknown-parameter",
    ),
    value(
        "half remembered",
        {"skin.papillary_dermis.thick": "1 mm"},
        'unknown parameter "skin.papillary_dermis.thick" (did you mean skin.papillary_dermis.thickness?): `inkfade parameters` lists all',
        "unknown-parameter",
    ),
    value(
        "nothing like it", {"zzz": 1}, 'unknown parameter "zzz": `inkfade parameters` lists all', "unknown-parameter"
    ),
    value("no name", {"": 1}, 'unknown parameter "": `inkfade parameters` lists all', "unknown-parameter"),
    value(
        "layer template",
        {"skin.<layer>.thickness": "1 mm"},
        'unknown parameter "skin.<layer>.thickness": `inkfade parameters` lists all',
        "unknown-parameter",
    ),
    value(
        "no such layer",
        {"skin.fat.thickness": "1 mm"},
        "skin.fat.thickness = 1 mm: there is no such layer here; the layers are stratum_corneum, viable_epidermis, papillary_dermis, upper_reticular_dermis, lower_reticular_dermis",
        "no-such-layer",
    ),
    value(
        "given twice",
        {"depth": "1 mm", "procedure.depth": "2 mm"},
        "procedure.depth = 2 mm: is set twice; give it once, by name or by alias",
        "given-twice",
    ),
    Bad(
        "given twice by keyword",
        lambda b: b.smp.with_({"depth": "1 mm"}, depth="2 mm"),
        "depth is given twice, by name and as a keyword: give it once",
        "given-twice",
    ),
    value(
        "dose twice",
        {"deposit_per_dot": "1 ug", "procedure.local_dose": "1 mg/cm2"},
        "procedure.local_dose = 1 mg/cm2: the dose is set twice; give exactly one of procedure.deposit_per_dot, procedure.local_dose, procedure.patch_dose",
        "given-twice",
    ),
    Bad(
        "a name that is a number",
        lambda b: b.smp.with_({3: "1 mm"}),
        "3 is no name of a parameter: write text such as 'procedure.depth'",
        "unknown-parameter",
    ),
    Bad(
        "value of no parameter",
        lambda b: b.smp["depht"],
        'unknown parameter "depht" (did you mean procedure.depth?): `inkfade parameters` lists all',
        "unknown-parameter",
    ),
    Bad(
        "value of a number",
        lambda b: b.smp[3],
        "3 is no name of a parameter: write text such as 'procedure.depth'",
        "unknown-parameter",
    ),
    Bad(
        "value of another dose",
        lambda b: b.smp["procedure.patch_dose"],
        "procedure.patch_dose: not given in this scenario, whose dose is procedure.deposit_per_dot",
        "no-such-value",
    ),
    Bad(
        "value of no layer",
        lambda b: b.smp["skin.fat.thickness"],
        "skin.fat.thickness: there is no such layer here; the layers are stratum_corneum, viable_epidermis, papillary_dermis, upper_reticular_dermis, lower_reticular_dermis",
        "no-such-layer",
    ),
    Bad(
        "no such preset",
        lambda _: ink.Scenario.preset("scalp"),
        'unknown preset "scalp": the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation',
        "unknown-preset",
    ),
    Bad(
        "misspelt preset",
        lambda _: ink.Scenario.preset("scalp-spm"),
        'unknown preset "scalp-spm" (did you mean scalp-smp?): the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation',
        "unknown-preset",
    ),
    Bad(
        "preset by number",
        lambda _: ink.Scenario.preset(3),
        "preset = 3: must be text; the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation",
        "unknown-preset",
    ),
    Bad(
        "settings that are no mapping",
        lambda b: b.smp.with_("depth"),
        "settings = 'depth': must be values by name, for example {'procedure.depth': '450 um'}",
        "wrong-type",
    ),
    Bad(
        "assignment",
        lambda b: setattr(b.smp, "depth", "1 mm"),
        "a Scenario does not change: make a copy with scenario.with_(depth=...)",
        "scenario-objects",
        AttributeError,
    ),
    Bad(
        "constructor",
        lambda _: ink.Scenario("scalp-smp"),
        "use Scenario.preset(name), Scenario.from_file(path) or Scenario.from_toml(text)",
        "scenario-objects",
        TypeError,
    ),
]


def as_epidermis(layer: str) -> dict[str, object]:
    zeros = {"macrophage_density": "0 mm-3", "binding_capacity": "0 mg/cm3", "lymph_factor": 0.0}
    return {f"skin.{layer}.{quantity}": value for quantity, value in {"tissue": "epidermis", **zeros}.items()}


EPIDERMIS_BELOW = as_epidermis("lower_reticular_dermis")
ALL_EPIDERMIS = (
    as_epidermis("papillary_dermis") | as_epidermis("upper_reticular_dermis") | as_epidermis("lower_reticular_dermis")
)
ALL_DERMIS = {"skin.stratum_corneum.tissue": "dermis", "skin.viable_epidermis.tissue": "dermis"}

TOGETHER = [
    value(
        "deposit in the epidermis",
        {"depth": "60 um"},
        "procedure.depth = 60 um: must lie inside the dermis, between 67 um and 1565 um here",
        "deposit-outside-the-dermis",
    ),
    value(
        "deposit below the skin",
        {"depth": "5 mm"},
        "procedure.depth = 5000 um: must lie inside the dermis, between 67 um and 1565 um here",
        "deposit-outside-the-dermis",
    ),
    value(
        "sizes the wrong way round",
        {"ink.size_min": "5 um", "ink.size_max": "0.1 um"},
        "ink.size_min = 5000 nm: must be below ink.size_max = 100 nm",
        "particle-sizes",
    ),
    value(
        "median outside the sizes",
        {"ink.size_median": "9 um"},
        "ink.size_median = 9000 nm: must be between ink.size_min and ink.size_max, 20 nm and 1000 nm here",
        "particle-sizes",
    ),
    value(
        "dots that touch",
        {"dot_density": "2000 cm-2", "procedure.placement": "lattice"},
        'procedure.dot_density = 2000 cm-2: dots on a lattice would touch; at procedure.dot_diameter = 0.3 mm at most 1111.11 cm-2, or placement = "random"',
        "dots-touch",
    ),
    value(
        "lymph that no step can follow",
        {"skin.lymph.decay_length": "20 um"},
        "skin.lymph.reference_depth = 400 um: must be at most 8 times skin.lymph.decay_length = 20 um",
        "lymph-decay",
    ),
    value(
        "dermal tissue above",
        {"skin.stratum_corneum.tissue": "dermis"},
        "skin.viable_epidermis.tissue = epidermis: must lie above every dermal layer",
        "layers",
    ),
    value(
        "epidermis below",
        {"skin.papillary_dermis.tissue": "epidermis"},
        "skin.papillary_dermis.macrophage_density = 8000 mm-3: must be 0 where skin.papillary_dermis.tissue = epidermis: the epidermis holds free pigment only",
        "layers",
    ),
    value("no epidermis", ALL_DERMIS, "skin.layer: the outermost layer must be of tissue epidermis", "layers"),
    value("no dermis", ALL_EPIDERMIS, "skin.layer: at least one layer must be of tissue dermis", "layers"),
    value(
        "epidermis at the bottom",
        EPIDERMIS_BELOW,
        "skin.lower_reticular_dermis.tissue = epidermis: must lie above every dermal layer",
        "layers",
    ),
    value(
        "cells in the epidermis",
        {"skin.viable_epidermis.macrophage_density": "1000 mm-3"},
        "skin.viable_epidermis.macrophage_density = 1000 mm-3: must be 0 where skin.viable_epidermis.tissue = epidermis: the epidermis holds free pigment only",
        "layers",
    ),
    value(
        "cells fewer than layers",
        {"numerics.cells": 2},
        "numerics.cells = 2: must be a whole number between 8 and 4096",
        "whole-number",
    ),
]

DRAWS = [
    Bad(
        "seed negative",
        lambda b: b.smp.draw(-1, 0),
        "seed = -1: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "seed with a point",
        lambda b: b.smp.draw(1.5, 0),
        "seed = 1.5: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "seed too large",
        lambda b: b.smp.draw(2**64, 0),
        "seed = 18446744073709551616: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "seed as text",
        lambda b: b.smp.draw("7", 0),
        "seed = '7': must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "index negative",
        lambda b: b.smp.draw(0, -1),
        "index = -1: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "index a flag",
        lambda b: b.smp.draw(0, index=True),
        "index = True: must be a whole number from 0 to 18446744073709551615",
        "whole-number-option",
    ),
    Bad(
        "linspace of one",
        lambda _: ink.linspace("1 mm", "2 mm", 1),
        "linspace with n = 1: must be a whole number from 2 to 1000000",
        "linspace",
    ),
    Bad(
        "linspace of 2.5",
        lambda _: ink.linspace("1 mm", "2 mm", 2.5),
        "linspace with n = 2.5: must be a whole number from 2 to 1000000",
        "linspace",
    ),
    Bad(
        "linspace of two units",
        lambda _: ink.linspace("1 mm", "2 um", 3),
        "linspace from '1 mm' to '2 um': write both ends in the same unit",
        "linspace",
    ),
    Bad(
        "linspace of numbers",
        lambda _: ink.linspace(1.0, 2.0, 3),
        "linspace with 1.0: write both ends as text with a unit, such as '0.2 mm'",
        "linspace",
    ),
    Bad(
        "linspace of words",
        lambda _: ink.linspace("one", "two", 3),
        "'one': expected a number and a unit, such as '0.3 mm'",
        "linspace",
    ),
]

EXPLAIN = [
    Bad(
        "no message",
        lambda _: ink.explain("zzz"),
        "the error handbook has no entry for 'zzz': docs/errors.md lists all",
        "nothing-to-explain",
    ),
    Bad(
        "a number to explain",
        lambda _: ink.explain(3),
        "explain takes a name, a message or an exception, got 3",
        "nothing-to-explain",
    ),
]

ROWS = [*NUMBERS, *UNITS, *TYPES, *GRID, *NAMES, *TOGETHER, *DRAWS, *EXPLAIN]


@each(ROWS)
def test_a_bad_value_is_named_with_what_is_allowed(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
