"""What happens to the skin, when: sessions, aftercare, exposure and interventions as lists of dictionaries."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

from inkfade import _core
from inkfade.units import setting

if TYPE_CHECKING:
    import pandas as pd

    from inkfade.scenario import Scenario

TABLES = ("session", "aftercare", "exposure", "intervention")
_BARE_KEY = re.compile(r"[A-Za-z0-9_.-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = 86400.0


def is_list(name: str, value: object) -> TypeGuard[Sequence[object]]:
    """
    Whether a setting of this name is one of the lists, not the value of a parameter.

    Raises
    ------
    ParameterError
        If it is a single dictionary.
    """
    if name in TABLES and isinstance(value, Mapping):
        raise _core.ParameterError(f"{name} = {value!r}: must be a list of dictionaries, {name}=[{_EXAMPLES[name]}]")
    return name in TABLES and isinstance(value, Sequence) and not isinstance(value, str)


def protocol_text(lists: Mapping[str, Sequence[object]]) -> str:
    """
    Write the lists as the text of a scenario file.

    Parameters
    ----------
    lists
        By table ("session", "aftercare", "exposure", "intervention"), dictionaries with the keys of the file.

    Returns
    -------
    str
        TOML; "" where there are no lists.

    Raises
    ------
    ParameterError
        If an entry is no dictionary, or a value is of a kind that a scenario file does not know.
    """
    parts = []
    for table, entries in lists.items():
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, Mapping):
                said = f"{table} {number} = {entry!r}: expected a dictionary such as {_EXAMPLES[table]}"
                raise _core.ParameterError(said)
            keys = [f"{_key(key)} = {_value(f'{table} {number}: {key}', value)}" for key, value in entry.items()]
            parts.append("\n".join([f"[[{table}]]", *keys]))
        if not entries:
            parts.insert(0, f"{table} = []")
    return "\n".join(["format = 1", *parts, ""]) if parts else ""


def timeline(scenario: Scenario) -> pd.DataFrame:
    """
    Collect what happens to the skin as a table.

    Parameters
    ----------
    scenario
        Whose sessions, aftercare, exposure and interventions.

    Returns
    -------
    pandas.DataFrame
        Columns what, kind, from [day], to [day] (as `from` for events; aftercare on the clock of each session) and
        values, what the entry sets, in words.
    """
    import pandas as pd

    core = scenario.core
    dated = [("session", each["kind"], each["at"], each["at"], each) for each in core.sessions]
    dated += [("intervention", each["kind"], each["from"], each["to"], each) for each in core.interventions]
    dated += [("exposure", "", each["from"], each["to"], each) for each in core.exposure]
    dated.sort(key=lambda row: row[2])
    rows = [(*row[:4], _values(row[4]["overrides"])) for row in dated]
    for each in scenario.core.aftercare:
        fields = {k: v for k, v in each.items() if k not in ("from", "to", "regime") and v not in (0.0, "")}
        said = ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}" for k, v in fields.items())
        rows.append(("aftercare", each["regime"], each["from"], each["to"], said))
    table = pd.DataFrame(rows, columns=["what", "kind", "from [day]", "to [day]", "values"])
    table[["from [day]", "to [day]"]] /= _DAY
    return table


_EXAMPLES = {
    "session": '{"kind": "treatment", "at": "14 day"}',
    "aftercare": '{"from": "0 day", "to": "14 day", "regime": "careful"}',
    "exposure": '{"from": "30 day", "to": "60 day", "spf": 30}',
    "intervention": '{"kind": "laser", "at": "1 year"}',
}


def _key(key: object) -> str:
    text = str(key)
    return text if _BARE_KEY.fullmatch(text) else json.dumps(text)


def _value(label: str, value: Any) -> str:
    if isinstance(value, datetime.date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return _date(label, value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(k)} = {_value(f'{label}.{k}', v)}" for k, v in value.items())
        return f"{{ {inner} }}"
    given = setting(value)
    if isinstance(given, bool | str):
        return json.dumps(given, ensure_ascii=False)
    if isinstance(given, float):
        return repr(float(given))  # NumPy's own kind says its name, too
    if isinstance(given, int):
        return repr(given)
    try:
        return repr(given.item())  # a number of NumPy's
    except AttributeError:
        raise _core.ParameterError(f"{label} = {value!r}: expected text with a unit, a number or a date") from None


def _date(label: str, given: datetime.date | str) -> str:
    if isinstance(given, datetime.datetime):
        raise _core.ParameterError(f"{label} = {given}: give a date without a time of day, datetime.date(...)")
    try:
        return datetime.date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise _core.ParameterError(f"{label} = {given}: there is no such day") from None


def _values(overrides: Mapping[str, Any]) -> str:
    from inkfade.scenario import find_parameter

    said = []
    for name, value in overrides.items():
        info = find_parameter(name)
        if info is None or not isinstance(value, float):
            said.append(f"{name} {value}")
        else:
            said.append(f"{name} {value / info.factor:.6g} {info.unit}".removesuffix(" 1"))
    return ", ".join(said)
