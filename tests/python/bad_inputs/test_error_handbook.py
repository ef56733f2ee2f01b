"""The error handbook and the errors are one to one: no message without an entry, no entry without a message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import test_bad_appearance
import test_bad_commands
import test_bad_files
import test_bad_result_files
import test_bad_runs
import test_bad_surroundings
import test_bad_sweeps
import test_bad_values
from bad_input import Bad
from conftest import REPOSITORY

import inkfade as ink
from inkfade import _core
from inkfade.handbook import entries

TABLES = [
    test_bad_values,
    test_bad_files,
    test_bad_runs,
    test_bad_sweeps,
    test_bad_result_files,
    test_bad_commands,
    test_bad_surroundings,
    test_bad_appearance,
]
ROWS = [row for table in TABLES for row in table.ROWS]
CLASSES = re.findall(r"^class (\w+) : public ", (REPOSITORY / "src/inkfade/base/errors.hpp").read_text(), re.MULTILINE)
STATUSES = list(_core.status_advice())
ELSEWHERE = "csv-"  # provoked by the tests of observed data
ENDS_IN = re.compile(r"EXPECT_EQ\(.*Status::(\w+)\)|EXPECT_EQ\(.*name\(.*\"(\w+)\"\)")


def shown(message: str) -> str:
    """A row's message as a user would see it."""
    return message.replace("{dir}", "/home/me").replace("{any}", "7")


@pytest.mark.parametrize("name", CLASSES)
def test_every_exception_class_has_an_entry_and_is_public(name):
    assert name in entries()
    assert issubclass(getattr(ink, name), ink.Error)


@pytest.mark.parametrize("name", STATUSES)
def test_every_status_has_an_entry(name):
    assert ink.explain(name).name == name


@pytest.mark.parametrize("name", STATUSES)
def test_every_status_ends_some_run_of_the_tests(name):
    found = [match for path in (REPOSITORY / "tests").rglob("*.cpp") for match in ENDS_IN.findall(path.read_text())]
    assert name in {word for match in found for word in match}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.entry}: {row.name}")
def test_the_words_of_a_message_lead_to_its_entry(row):
    assert ink.explain(shown(row.message)).name == row.entry


def test_every_entry_is_provoked_by_a_row():
    raised = {row.error.__name__ for row in ROWS if isinstance(row, Bad)}
    provoked = {row.entry for row in ROWS} | raised | set(STATUSES)
    assert {name for name in entries() if not name.startswith(ELSEWHERE)} - provoked == set()


def test_every_message_of_an_entry_is_said_in_a_row():
    """A status after a failed run is said the same way whatever it is: one of them stands for all."""
    said = [shown(row.message) for row in ROWS]
    unsaid = [
        (entry.name, message)
        for entry in entries().values()
        for message in entry.messages
        if entry.name not in STATUSES
        and not entry.name.startswith(ELSEWHERE)
        and not any(said_by(message, text) for text in said)
    ]
    assert unsaid == []


def said_by(message: str, text: str) -> bool:
    return re.search(".*?".join(map(re.escape, re.split(r"<[^<>]+>", message))), text, re.DOTALL) is not None


def test_every_entry_says_something_to_do():
    short = [entry.name for entry in entries().values() if len(entry.text.split()) < 8]
    assert short == []


def test_an_exception_is_explained_by_its_message(smp):
    with pytest.raises(ink.ParameterError) as caught:
        smp.with_(depth=450)
    assert ink.explain(caught.value).name == "missing-unit"
    assert "Write text with its unit" in str(ink.explain(caught.value))


def test_an_exception_of_unknown_words_is_explained_by_its_class():
    assert ink.explain(ink.FileError("the moon is in the way")).name == "FileError"


def test_the_advice_of_a_status_is_explained_by_its_entry(smp):
    failed = ink.simulate(smp.with_({"numerics.max_steps": 5}), years=1)
    assert ink.explain(failed.message).name == failed.status == "too_many_steps"


def test_the_handbook_is_installed_with_the_package():
    assert (Path(ink.__file__).with_name("errors.md")).read_text() == (REPOSITORY / "docs/errors.md").read_text()
