"""Observed data: what is read is what was written, and what cannot be read is named with its place."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from conftest import REPOSITORY

import inkfade as ink
from inkfade.comparison import curve
from inkfade.observations import QUANTITIES

HEAD = "time [day],retained_of_healed\n"


@pytest.fixture
def csv(tmp_path, monkeypatch):
    """Writes visits.csv, and makes messages begin with its bare name."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> str:
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "visits.csv").write_bytes(raw)
        return "visits.csv"

    return write


# What is wrong, and the whole message.
BAD = {
    "empty file": ("", "visits.csv: is empty: the first line names the columns, for example 'time [day], patch_dose'"),
    "comments alone": (
        "# nothing\n\n",
        ("visits.csv: is empty: the first line names the columns, for example 'time [day], patch_dose'"),
    ),
    "no values": (HEAD, "visits.csv:1:1: visits.csv has column names but no values"),
    "no header": (
        "1,0.5\n2,0.4\n",
        ("visits.csv:1:1: the first line names the columns, got the number 1: add a line 'time [day], ...'"),
    ),
    "no time": (
        "retained_of_healed\n0.5\n",
        ("visits.csv:1:1: no column time: add one, for example 'time [day]' (columns: retained_of_healed)"),
    ),
    "no quantity": (
        "time [day],series\n1,A\n",
        (
            "visits.csv:1:1: no observed quantity: add a column named as in the "
            "dataset, for example retained_of_deposit, retained_of_healed or 'patch_dose [ug cm-2]' "
            "(columns: time [day], series)"
        ),
    ),
    "misspelt column": (
        "time [day],retained_of_heeled\n1,0.5\n",
        "visits.csv:1:12: unknown column "
        "'retained_of_heeled' (did you mean retained_of_healed?): columns are time, sd, low, high, series, "
        "comment and the quantities " + ", ".join(QUANTITIES),
    ),
    "column twice": (
        "time [day],mass [mg cm-2],mass [ug cm-2]\n",
        ("visits.csv:1:27: a second column mass: the first is at visits.csv:1:12"),
    ),
    "nameless column": (
        "time [day],,mass [mg cm-2]\n1,,1\n",
        ("visits.csv:1:12: a column without a name: name it, or take it out"),
    ),
    "half a bracket": (
        "time [day,mass [mg cm-2]\n",
        ("visits.csv:1:1: column 'time [day': write a name and its unit in brackets, such as 'patch_dose [ug cm-2]'"),
    ),
    "time without unit": (
        "time,retained_of_healed\n1,1\n",
        ("visits.csv:1:1: column time has no unit: write for example 'time [day]'"),
    ),
    "dose without unit": (
        "time [day],patch_dose\n1,1\n",
        ("visits.csv:1:12: column patch_dose has no unit: write for example 'patch_dose [ug cm-2]'"),
    ),
    "misspelt unit": (
        "time [dayz],mass [mg cm-2]\n",
        ('visits.csv:1:1: column time: unknown unit "dayz" (did you mean day?)'),
    ),
    "unit of another kind": (
        "time [day],patch_dose [um]\n",
        ('visits.csv:1:12: column patch_dose: unit "um" is a length: expected a mass per area, such as ug cm-2'),
    ),
    "sd of another kind": (
        "time [day],mass [mg cm-2],sd [day]\n",
        ('visits.csv:1:27: column mass_sd: unit "day" is a time: expected a mass per area, such as mg cm-2'),
    ),
    "sd of nothing": (
        "time [day],sd,mass [mg cm-2]\n",
        ("visits.csv:1:12: column sd stands before any quantity: put it to the right of what it belongs to"),
    ),
    "sd before its quantity": (
        "time [day],mass_sd,mass [mg cm-2]\n",
        ("visits.csv:1:12: column mass_sd stands before its quantity: add a column mass on its left"),
    ),
    "low without high": (
        "time [day],retained_of_healed,low\n",
        ("visits.csv:1:12: retained_of_healed has one end of its interval: give both low and high"),
    ),
    "sd and interval": (
        "time [day],retained_of_healed,low,high,sd\n",
        ("visits.csv:1:12: retained_of_healed has sd as well as low and high: give one of them"),
    ),
    "semicolons": (
        "time [day];retained_of_healed\n1;0,5\n",
        (
            "visits.csv:1:1: the columns are separated by semicolons: "
            "separate them by commas, and write 0.5 with a decimal point (a spreadsheet set to English saves CSV "
            "files so)"
        ),
    ),
    "tabs": (
        "time [day]\tretained_of_healed\n",
        (
            "visits.csv:1:1: the columns are separated by tabs: separate them by "
            "commas, and write 0.5 with a decimal point (a spreadsheet set to English saves CSV files so)"
        ),
    ),
    "decimal comma": (
        HEAD + "1,0,5\n",
        ("visits.csv:2:5: 3 cells, but the first line names 2 columns: write 0.5 with a decimal point, not 0,5"),
    ),
    "quoted decimal comma": (
        HEAD + '1,"0,5"\n',
        "visits.csv:2:3: retained_of_healed = 0,5: write a decimal point, 0.5",
    ),
    "short line": (
        HEAD + "1\n",
        ("visits.csv:2:1: 1 cells, but the first line names 2 columns: leave a cell empty where nothing was taken"),
    ),
    "no number": (HEAD + "1,much\n", "visits.csv:2:3: retained_of_healed = 'much': expected a number"),
    "number with unit": (
        HEAD + "1,50 %\n",
        ("visits.csv:2:3: retained_of_healed = '50 %': write the number alone, and its unit in the name of the column"),
    ),
    "nan": (
        HEAD + "# first\n1,nan\n",
        ("visits.csv:3:3: retained_of_healed = nan: must be a finite number; leave the cell empty where there is none"),
    ),
    "infinite": (
        HEAD + "1,-inf\n",
        (
            "visits.csv:2:3: retained_of_healed = -inf: must be a finite number; leave the cell "
            "empty where there is none"
        ),
    ),
    "overflow": (HEAD + "1,1e999\n", "visits.csv:2:3: retained_of_healed = 1e999: must be a finite number"),
    "negative value": (HEAD + "1,-0.5\n", "visits.csv:2:3: retained_of_healed = -0.5: must not be negative"),
    "per cent as share": (
        HEAD + "1,60\n",
        (
            "visits.csv:2:3: retained_of_healed = 60, but it is a share of 1: write 0.5 for "
            "50 %, or name the column 'retained_of_healed [%]'"
        ),
    ),
    "above all": (
        "time [day],retained_of_healed [%]\n1,600\n",
        ("visits.csv:2:3: retained_of_healed = 600 %: must be at most 150 %"),
    ),
    "value missing": (
        HEAD + "1,\n",
        ("visits.csv:2:3: no value of retained_of_healed at this time: give one, or take the line out"),
    ),
    "time missing": (HEAD + ",0.5\n", "visits.csv:2:1: time is missing: every line needs one"),
    "time infinite": (
        HEAD + "inf,0.5\n",
        ("visits.csv:2:1: time = inf: must be a finite number; leave the cell empty where there is none"),
    ),
    "time negative": (
        HEAD + "-1,0.5\n",
        ("visits.csv:2:1: time = -1 day: must not be negative; it counts from the first session"),
    ),
    "time twice": (
        HEAD + "1,0.5\n1,0.6\n",
        ("visits.csv:3:1: time = 1 day is there already at visits.csv:2:1; name subjects in a column series"),
    ),
    "time back": (
        HEAD + "5,0.5\n1,0.6\n",
        ("visits.csv:3:1: time = 1 day is before that at visits.csv:2:1: times must rise"),
    ),
    "time twice in a series": (
        "time [day],mass [mg cm-2],subject\n1,1,A\n1,1,B\n1,2,B\n",
        ("visits.csv:4:1: time = 1 day of series B is there already at visits.csv:3:1"),
    ),
    "sd of zero": (
        "time [day],retained_of_healed,sd\n1,0.5,0\n",
        ("visits.csv:2:7: retained_of_healed_sd = 0: must be above 0; leave the cell empty where it is not known"),
    ),
    "sd without value": (
        "time [day],retained_of_healed,sd,mass [mg cm-2]\n1,,0.1,1\n",
        ("visits.csv:2:4: retained_of_healed has sd but no value here"),
    ),
    "low above": (
        "time [day],retained_of_healed,low,high\n1,0.5,0.6,0.7\n",
        ("visits.csv:2:7: retained_of_healed_low = 0.6: lies above the value 0.5"),
    ),
    "high below": (
        "time [day],retained_of_healed,low,high\n1,0.5,0.4,0.3\n",
        ("visits.csv:2:11: retained_of_healed_high = 0.3: lies below the value 0.5"),
    ),
    "one end missing": (
        "time [day],retained_of_healed,low,high\n1,0.5,0.4,\n",
        ("visits.csv:2:3: retained_of_healed has one end of its interval here: give both low and high"),
    ),
    "open quotation": (
        HEAD + '1,"0.5\n',
        "visits.csv:2:3: a quotation mark that is not closed, or text after one that is",
    ),
    "text after quotation": (
        HEAD + '1,"0.5"x\n',
        ("visits.csv:2:3: a quotation mark that is not closed, or text after one that is"),
    ),
    "UTF-16": (HEAD.encode("utf-16"), "visits.csv:1:1: is UTF-16 text: save it as 'CSV UTF-8'"),
    "no UTF-8": (HEAD.encode() + b"1,0.5\n2,\xff\n", "visits.csv:3:3: is no UTF-8 text: save it as 'CSV UTF-8'"),
    "NUL": (HEAD + "1,0.5\0\n", "visits.csv:2:6: has a NUL character: not a text file"),
    "too large": (b"#" * ((1 << 20) + 1), "visits.csv: is above 1 MiB, the most that a file of observations may have"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_in_a_file_is_named_with_its_place(csv, case):
    content, message = BAD[case]
    with pytest.raises(ink.FormatError) as caught:
        ink.Observations.read_csv(csv(content))
    assert str(caught.value) == message


def test_a_file_that_is_not_there_or_no_file_is_a_file_error(tmp_path):
    with pytest.raises(ink.FileError, match=r"missing\.csv: cannot be read: No such file"):
        ink.Observations.read_csv(tmp_path / "missing.csv")
    with pytest.raises(ink.FileError, match="is a folder"):
        ink.Observations.read_csv(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")  # reading it would wait for ever
    with pytest.raises(ink.FileError, match="is no regular file"):
        ink.Observations.read_csv(tmp_path / "pipe.csv")


def test_values_are_converted_to_the_units_of_the_dataset(csv):
    read = ink.Observations.read_csv(
        csv("time [year],patch_dose [mg cm-2],sd [ug cm-2],retained_of_healed [%]\n2,0.001,0.1,80\n")
    )
    dose, share = read
    assert (dose.time, dose.value, dose.sd) == (730.5, pytest.approx(1.0, rel=1e-15), 0.1)
    assert (share.quantity, share.value, share.sd) == ("retained_of_healed", 0.8, None)


def test_bom_comments_quotes_spaces_and_line_ends_of_windows_are_read(csv):
    text = '\ufeff# made up\r\n\r\ntime [day] , mass [mg cm-2] , comment\r\n 1 , 0.5 , "sun, and ""rain"""\r\n'
    [one] = ink.Observations.read_csv(csv(text))
    assert one == ink.Observation(1.0, "mass", 0.5, comment='sun, and "rain"')


def test_the_columns_of_the_first_version_are_still_read(csv):
    read = ink.Observations.read_csv(csv("time_year,retained_of_deposit,sd\n0.2,0.6,0.05\n"))
    assert read.records == (ink.Observation(0.2 * 365.25, "retained_of_deposit", 0.6, sd=0.05),)


def test_sd_belongs_to_the_quantity_on_its_left(csv):
    read = ink.Observations.read_csv(
        csv("time [day],mass [mg cm-2],sd,retained_of_healed,low,high\n1,2,0.1,0.5,0.4,0.7\n")
    )
    assert [(r.quantity, r.sd, r.low, r.high) for r in read] == [
        ("mass", 0.1, None, None),
        ("retained_of_healed", None, 0.4, 0.7),
    ]


def test_series_are_told_apart_and_an_empty_cell_is_no_value(csv):
    read = ink.Observations.read_csv(csv("time [day],mass [mg cm-2],peak_load,subject\n1,2,,A\n0.5,,0.1,B\n"))
    assert (read.series, read.quantities, len(read)) == (("A", "B"), ("mass", "peak_load"), 2)


@pytest.fixture(scope="module")
def visits():
    return ink.Observations.read_csv(REPOSITORY / "docs/examples/visits.csv")


def test_a_table_of_observations_reads_back_as_the_same(visits, tmp_path):
    frame = visits.to_dataframe()
    assert frame.attrs["units"]["time [day]"] == "day"
    assert ink.Observations.of(frame) == visits
    assert ink.Observations.read_csv(visits.save(tmp_path / "again.csv")) == visits
    with pytest.raises(ink.FileError, match="is there already"):
        visits.save(tmp_path / "again.csv")


def test_tables_in_memory_are_taken_with_their_units(fade):
    wanted = (ink.Observation(1.0, "patch_dose", 2.0), ink.Observation(3.0, "patch_dose", 4.0))
    columns = {"time [day]": [1.0, 3.0], "patch_dose [ug cm-2]": [2.0, 4.0]}
    frame = pd.DataFrame({"time": [1, 3], "patch_dose": np.array([2.0, 4.0])})
    frame.attrs["units"] = {"time": "day", "patch_dose": "ug cm-2"}
    arrays = xr.Dataset(
        {"patch_dose": ("time", [2.0, 4.0], {"units": "ug cm-2"})},
        coords={"time": ("time", [1.0, 3.0], {"units": "day"})},
    )
    for data in (columns, pd.DataFrame(columns), frame, arrays):
        assert ink.Observations.of(data).records == wanted
    own = ink.Observations.of(fade.dataset[["patch_dose"]])
    assert [r.value for r in own] == list(fade.dataset["patch_dose"].values)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            3,
            (
                "data: expected a CSV file, a pandas.DataFrame, an xarray.Dataset, a mapping of columns or "
                "inkfade.Observations, got int"
            ),
        ),
        (
            {"time [day]": [1], "mass": [1]},
            ("data: column 'mass': column mass has no unit: write for example 'mass [mg cm-2]'"),
        ),
        (
            {"time [day]": [1, 2], "peak_load": [1]},
            ("data: all columns must have the same number of values: time [day] has 2, peak_load has 1"),
        ),
        (
            {"time [day]": [1, 2], "peak_load": [0.1, float("inf")]},
            (
                "data: row 1 (from 0), column 'peak_load': peak_load = inf: must "
                "be a finite number; leave the cell empty where there "
                "is none"
            ),
        ),
        ({"time [day]": "1", "peak_load": [1]}, "data: column time [day]: expected a list of values, got str"),
        ({}, "data: has no columns"),
        (
            {"time [day]": [1], "peak_load": [[1, 2]]},
            "data: column peak_load has the shape (1, 2): expected one value for each time",
        ),
        (
            xr.Dataset({"peak_load": ("x", [1.0])}),
            ("data: the xarray.Dataset needs a coordinate time over a dimension of that name"),
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_named(data, message):
    with pytest.raises(ink.Error) as caught:
        ink.Observations.of(data)
    assert str(caught.value) == message


class Days:
    """An array of pint: numbers and a unit that formats itself."""

    magnitude = np.array([1.0, 3.0])
    units = "d"


def test_arrays_that_know_their_unit_bring_it_along():
    doses = xr.DataArray([0.002, 0.004], attrs={"units": "mg/cm2"})
    read = ink.Observations.of({"time": Days(), "patch_dose": doses})
    assert [(r.time, r.value) for r in read] == [(1.0, pytest.approx(2.0)), (3.0, pytest.approx(4.0))]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ink.Observation(1.0, "mas", 2.0), "quantity = 'mas' (did you mean mass?)"),
        (lambda: ink.Observation(-1.0, "mass", 2.0), "mass: time = -1.0: must be a finite number of days, not below 0"),
        (lambda: ink.Observation(1.0, "mass", float("nan")), "mass: value = nan: must be a finite number of mg cm-2"),
        (
            lambda: ink.Observation(1.0, "peak_load", 2.0, sd=0.0),
            "peak_load: sd = 0.0: must be a finite number, above 0",
        ),
        (lambda: ink.Observation(1.0, "mass", "2"), "mass: value = '2': must be a finite number of mg cm-2"),
        (lambda: ink.Observations(()), "at least one Observation"),
        (lambda: ink.Observations((1.0,)), "at least one Observation"),
        (lambda: ink.Observations((ink.Observation(1.0, "mass", 2.0),) * 2), "mass is there twice at 1 days"),
    ],
)
def test_observations_made_by_hand_are_checked_too(make, said):
    with pytest.raises(ink.ParameterError) as caught:
        make()
    assert said in str(caught.value)


def test_the_units_of_observed_quantities_are_those_of_the_dataset(fade):
    for name, quantity in QUANTITIES.items():
        assert fade.dataset[name].attrs["units"] == quantity.unit
        assert curve(fade.dataset, name).shape == fade.years.shape


def test_a_run_beside_its_own_values_has_no_residuals(fade):
    table = fade.compare_with(fade.dataset[["patch_dose", "centroid"]].isel(time=slice(5, None)))
    assert len(table) == 2 * (len(fade.years) - 5)
    assert (table["difference"] == 0).all()


def test_residuals_are_observed_less_predicted_and_in_sd(fade, visits):
    table = fade.compare_with(visits)
    first = table.iloc[1]
    days = fade.dataset["time"].values
    predicted = np.interp(365.0, days, fade.dataset["retained_of_healed"].values)
    assert first["predicted"] == pytest.approx(predicted, rel=1e-14)
    assert first["difference"] == pytest.approx(0.88 - predicted, rel=1e-12)
    assert first["z_score"] == pytest.approx((0.88 - predicted) / 0.05, rel=1e-12)
    assert table.attrs["interpolation"] == "linear between the saved times on either side, at most 30.4 days apart"


def test_a_straight_line_between_saved_times_is_near_enough(smp, fade):
    """Monthly values of a curve that bends over years: h^2 f'' / 8, with f'' below 1 / year^2 after the first weeks."""
    days = [75.0, 100.0, 200.0, 1000.0, 3000.0]
    exact = ink.simulate(smp, years=10, times=[f"{d} day" for d in days], fields=False)
    table = fade.compare_with(exact.dataset[["retained_of_healed"]])
    assert table["difference"].abs().max() < (30.4375 / 365.25) ** 2 / 8
    assert table["difference"].abs().max() > 0


def test_mass_is_all_pools_together(fade):
    total = fade.dataset["mass"].sum("pool")
    table = fade.compare_with({"time [day]": [42], "mass [mg cm-2]": [float(total.sel(time=42.0))]})
    assert table["difference"].item() == pytest.approx(0, abs=1e-15)


def test_times_at_which_nothing_is_known_are_refused(smp, fade):
    with pytest.raises(ink.ParameterError, match=r"retained_of_healed observed at 4000 days: lies outside the run"):
        fade.compare_with({"time [day]": [4000], "retained_of_healed": [0.5]})
    with pytest.raises(ink.ParameterError, match=r"no value before healing, 42 days"):
        fade.compare_with({"time [day]": [3], "retained_of_healed": [0.5]})
    toml = smp.with_({"run.horizon": "1 year"}).to_toml() + '\n[[session]]\nkind = "touch_up"\nat = "200 day"\n'
    again = ink.simulate(ink.Scenario.from_toml(toml))
    with pytest.raises(ink.ParameterError, match=r"a session at 200 days lies between the saved times 182\.625 and"):
        again.compare_with({"time [day]": [195], "patch_dose [ug cm-2]": [1]})
    with pytest.raises(ink.IntegrationError, match="too_many_steps"):
        ink.simulate(smp.with_({"numerics.max_steps": 5})).compare_with({"time [day]": [1], "peak_load": [1]})


def test_the_published_mouse_values_can_be_compared():
    data = ink.Observations.read_csv(REPOSITORY / "experiments/02_calibration/engel2010.csv")
    mouse = ink.simulate(ink.Scenario.preset("mouse-skh1"), years=0.5, fields=False, check=True)
    table = mouse.compare_with(data)
    # Calibration set the deposit by day 1, and 0.742 against 0.68 of day 1 stands in its verdict.
    assert table["predicted"].iloc[0] * 1e3 == pytest.approx(186, rel=5e-3)
    assert table["z_score"].iloc[1] == pytest.approx((0.68 - 0.742) / 0.10, abs=0.05)


def test_observations_do_not_change_and_compare_by_value(visits):
    assert pickle.loads(pickle.dumps(visits)) == visits
    assert hash(ink.Observations.of(visits.to_dataframe())) == hash(visits)
    with pytest.raises(AttributeError):
        visits.records = ()
