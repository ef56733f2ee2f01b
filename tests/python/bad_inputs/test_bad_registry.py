"""Every parameter of the registry refuses what lies outside its own bounds, kind and unit, in words made of these."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from bad_input import no_hang

import inkfade as ink
from inkfade.scenario import Parameter, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYER = "papillary_dermis"
OTHER_DIMENSION = {"kg": "a mass", "day": "a time"}  # one of them is wrong for any parameter


def settings() -> Iterator[tuple[str, Parameter, object, str]]:
    """Name of the row, parameter, bad value, and the regular expression of what must be said."""
    for parameter in registry():
        for what, value, said in cases(parameter):
            yield f"{parameter.name}: {what}", parameter, value, said


def cases(parameter: Parameter) -> Iterator[tuple[str, object, str]]:
    match parameter.kind:
        case "real":
            yield from of_reals(parameter)
        case "integer":
            yield from of_integers(parameter)
        case "choice":
            one_of = f"must be one of {', '.join(parameter.choices)}"
            yield from [
                (w, v, one_of) for w, v in [("other word", "zzz"), ("number", 1), ("flag", True), ("empty", "")]
            ]
        case "boolean":
            yield from [(w, v, "must be true or false") for w, v in [("number", 1), ("text", "true"), ("real", 1.0)]]
    yield "nothing", None, "must be text with a unit, a number or true or false, not of type NoneType"
    yield "list", [1], "must be text with a unit, a number or true or false, not of type list"


def of_reals(p: Parameter) -> Iterator[tuple[str, object, str]]:
    bounds = f"must be between {re.escape(p.lower)} and {re.escape(p.upper)}"
    low, high = p.lower_si / p.factor, p.upper_si / p.factor
    below, above = low - 0.01 * (abs(low) + 1e-9 * abs(high)), high * 1.01
    bare = p.unit == "1"
    with_unit = (lambda number: number) if bare else (lambda number: f"{number!r} {p.unit}")
    yield "below", with_unit(below), bounds
    yield "above", with_unit(above), bounds
    yield "NaN", with_unit(math.nan), f"finite.*; {bounds}"
    yield "inf", with_unit(math.inf), f"finite.*; {bounds}"
    yield "minus inf", with_unit(-math.inf), f"finite.*; {bounds}"
    yield "1e999", "1e999" if bare else f"1e999 {p.unit}", f"finite.*; {bounds}"
    yield "flag", True, f"must be a number, not true or false; {bounds}"
    yield "word", "zzz", f"finite.*; {bounds}"
    yield "unknown unit", f"{low!r} zzz", 'unknown unit "zzz"; expected a'
    wrong = "day" if p.unit in ("kg", "g", "mg", "ug", "ng", "pg") else "kg"
    yield "wrong dimension", f"{low!r} {wrong}", f'"{wrong}" is the unit of {OTHER_DIMENSION[wrong]}; expected a'
    if not bare:
        yield "bare number", low, f"needs a unit: give .* in {re.escape(p.unit)}"
        yield "bare text", repr(low), f"needs a unit: give .* in {re.escape(p.unit)}"


def of_integers(p: Parameter) -> Iterator[tuple[str, object, str]]:
    bounds = f"must be a whole number between {p.lower} and {p.upper}"
    for what, value in [
        ("below", int(p.lower) - 1),
        ("above", int(p.upper) + 1),
        ("negative", -int(p.upper)),
        ("beyond 64 bits", 2**70),
        ("real", float(p.lower)),
        ("NaN", math.nan),
        ("inf", math.inf),
        ("flag", True),
        ("word", "zzz"),
        ("unit", f"{p.lower} um"),
    ]:
        yield what, value, bounds


CASES = list(settings())


@pytest.mark.parametrize(("parameter", "value", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_parameter_refuses_what_its_registry_entry_does_not_allow(smp, parameter, value, said, record_property):
    name = parameter.name.replace("<layer>", LAYER)
    with no_hang(), pytest.raises(ink.ParameterError) as caught:
        smp.with_({name: value})
    message = str(caught.value)
    assert message.startswith(f"{name} = "), message
    assert re.search(said, message), message
    record_property("generated bad input", name)


def test_the_registry_is_covered():
    assert {c[1].name for c in CASES} == {p.name for p in registry()}
    assert len(CASES) > 1000
