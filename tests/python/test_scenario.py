"""Scenarios: values, messages, equality, copies."""

from __future__ import annotations

import copy
import pickle

import pytest

import inkfade as ink


class Length:
    """A quantity as pint makes it, as far as inkfade looks."""

    def __init__(self, magnitude: float, unit: str) -> None:
        self.magnitude = magnitude
        self.units = unit


def test_a_setting_by_alias_changes_the_value_in_si_units(smp):
    assert smp.with_(depth="450 um")["procedure.depth"] == pytest.approx(450e-6, rel=1e-15)


@pytest.mark.parametrize("same", [{"procedure.depth": "0.45 mm"}, {"depth": "450 um"}])
def test_a_dotted_name_an_alias_and_a_keyword_are_one_parameter(smp, same):
    assert smp.with_(same) == smp.with_(procedure__depth="450 um")


def test_a_pint_quantity_is_its_text(smp):
    assert smp.with_(depth=Length(0.45, "mm")) == smp.with_(depth="450 um")


@pytest.mark.parametrize(
    ("name", "magnitude", "unit", "text"),
    [
        ("procedure.dot_density", 120.0, "1/cm**2", "120 cm-2"),
        ("skin.lymph.rate", 2.0, "1/d", "2 1/day"),
        ("run.horizon", 12.5, "a", "12.5 year"),
        ("run.horizon", 12.5, "yr", "12.5 year"),
        ("procedure.depth", 300.0, "µm", "300 um"),
        ("exposure.latitude", 50.0, "deg", "50 degree"),
        ("macrophages.half_life", 90.0, "d", "90 day"),
    ],
)
def test_the_units_of_pint_are_those_of_the_core(smp, name, magnitude, unit, text):
    """pint writes units so in its short form, '~C'."""
    assert smp.with_({name: Length(magnitude, unit)}) == smp.with_({name: text})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"depth": 450}, ["depth", "450", "um"]),
        ({"depth": 450.0}, ["depth", "um"]),
        ({"depth": "450"}, ["depth", "um"]),
        ({"depth": "450 kg"}, ["depth", "kg"]),
        ({"depth": "450 parsnip"}, ["depth", "parsnip"]),
        ({"depth": "-450 um"}, ["depth", "-450 um"]),
        ({"depth": "nan um"}, ["depth"]),
        ({"depth": True}, ["depth"]),
        ({"depth": [1]}, ["depth", "list"]),
        ({"depth": None}, ["depth", "NoneType"]),
        ({"depht": "450 um"}, ["depht", "depth"]),
        ({"touch_up.threshold": 1.5}, ["touch_up.threshold", "1.5"]),
        ({"touch_up.measure": "colour"}, ["touch_up.measure", "colour", "retained_of_healed"]),
        ({"numerics.cells": 64.5}, ["numerics.cells", "64.5"]),
        ({"numerics.cells": 2**70}, ["numerics.cells"]),
        ({"aftercare": "lavish"}, ["aftercare", "lavish", "careful"]),
    ],
)
def test_a_bad_setting_is_an_error_that_names_field_and_value(smp, settings, words):
    with pytest.raises(ink.ParameterError) as caught:
        smp.with_(settings)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_parameter_given_twice_is_an_error(smp):
    with pytest.raises(ink.ParameterError, match="twice"):
        smp.with_({"depth": "1 mm"}, depth="2 mm")


def test_an_unknown_preset_names_those_there_are():
    with pytest.raises(ink.ParameterError, match="scalp-smp"):
        ink.Scenario.preset("scalp")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match=r"missing\.toml") as caught:
        ink.Scenario.from_file(tmp_path / "missing.toml")
    assert isinstance(caught.value, ink.FileError)


def test_an_error_in_a_file_names_its_line(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text('format = 1\npreset = "scalp-smp"\n[procedure]\ndepth = "-3 um"\n')
    with pytest.raises(ink.ParameterError, match=r"case\.toml:4"):
        ink.Scenario.from_file(path)


def test_parameter_errors_are_value_errors():
    assert issubclass(ink.ParameterError, ValueError)
    assert issubclass(ink.IntegrationError, RuntimeError)
    assert issubclass(ink.FileError, OSError)
    assert issubclass(ink.FormatError, ValueError)
    assert issubclass(ink.LimitError, MemoryError)
    assert all(issubclass(e, ink.Error) for e in (ink.ParameterError, ink.FileError, ink.Cancelled))


def test_errors_survive_pickling():
    error = pickle.loads(pickle.dumps(ink.ParameterError("depth = -1 um")))
    assert type(error) is ink.ParameterError
    assert str(error) == "depth = -1 um"


def test_scenarios_compare_and_hash_by_value(smp):
    other = smp.with_(depth="450 um")
    assert other != smp
    assert other == smp.with_(depth="0.45 mm")
    assert len({smp, other, smp.with_(depth="0.45 mm"), ink.Scenario.preset("scalp-smp")}) == 2


def test_a_scenario_is_not_equal_to_anything_else(smp):
    assert smp != "scalp-smp"


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_a_copy_of_a_changed_scenario_is_equal_to_it(smp, clone):
    changed = smp.with_(depth="333.3 um", aftercare="poor").draw(3, 4)
    assert clone(changed) == changed


def test_text_goes_round(smp):
    drawn = smp.draw(1, 2)
    assert ink.Scenario.from_toml(drawn.to_toml()) == drawn


def test_a_scenario_does_not_change(smp):
    with pytest.raises(AttributeError, match="with_"):
        smp.depth = "450 um"


def test_draws_differ_between_people_and_repeat_with_the_seed(smp):
    assert smp.draw(7, 0) == smp.draw(7, 0)
    assert smp.draw(7, 0) != smp.draw(7, 1)
    assert smp.draw(7, 0) != smp.draw(8, 0)


@pytest.mark.parametrize(
    ("seed", "index", "word"), [(-1, 0, "seed"), (0, -1, "index"), (1.5, 0, "seed"), (0, 2**64, "index")]
)
def test_a_draw_needs_whole_numbers(smp, seed, index, word):
    with pytest.raises(ink.ParameterError, match=f"{word} = .*whole number"):
        smp.draw(seed, index)


def test_the_parameter_table_gives_value_unit_and_evidence(smp):
    row = smp.with_(depth="0.45 mm").parameters.loc["procedure.depth"]
    assert (row["value"], row["unit"]) == (450.0, "um")
    assert row["source"] == "user"
    assert set(smp.parameters["grade"]) <= {"measured", "inferred", "assumed"}


def test_the_registry_table_describes_every_parameter_of_a_preset(smp):
    known = set(ink.parameters().index)
    plain = {name for name in smp.names if not any(f".{layer}." in name for layer in smp.layers)}
    assert plain <= known


def test_the_notebook_view_escapes_what_it_shows():
    from inkfade import html

    page = html.page(html.line("<script>"), html.table(["<b>"], [["<i>"]]), html.details("<u>", ""))
    assert not any(tag in page for tag in ("<script>", "<b>", "<i>", "<u>"))


def test_the_notebook_view_lists_every_parameter(smp):
    page = smp._repr_html_()
    assert all(name in page for name in smp.names)
