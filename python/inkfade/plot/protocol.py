"""How what happens to the skin differs between scenarios: sessions, interventions, touch-ups and exposure in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkfade.plot.events import noun
from inkfade.plot.style import pretty_unit
from inkfade.scenario import DAY, YEAR, find_parameter
from inkfade.touch_up import span_of_years

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from inkfade.scenario import Scenario

_MOST_KINDS = 2  # of interventions that a legend has room for
_DATED_IN_DAYS = 2.0  # [year] until when a date that is no round number of years is told in days


def protocol_words(mine: Scenario, others: list[Scenario]) -> list[str]:
    """
    Say what happens in one scenario that does not in others: "laser at 1 year", "no intervention".

    Parameters
    ----------
    mine, others
        Whose sessions, interventions, schedule of touch-ups and exposure.

    Returns
    -------
    list of str
        One phrase for each of the four that differs from any of the others.
    """
    cores = [s.core for s in (mine, *others)]
    sessions, given, light = [c.sessions for c in cores], [c.interventions for c in cores], [c.exposure for c in cores]
    words = [
        _sessions(sessions[0], sessions[1:]),
        _interventions(given[0], given[1:]),
        _schedule(mine, others),
        _exposure(light[0], light[1:]),
    ]
    return [word for word in words if word]


def _sessions(mine: Sequence[Mapping[str, Any]], others: list[Any]) -> str:
    if all(mine == o for o in others):
        return ""
    if any(len(mine) != len(o) for o in others):
        return f"{len(mine)} {noun('treatment', len(mine))}"
    own = [s for s in mine if any(s not in o for o in others)]
    first = own[0]
    if len(own) > 1:
        return f"{len(own)} sessions from {_when(first['at'])}"
    moment = (first["kind"], first["at"])
    same = any(moment == (s["kind"], s["at"]) for o in others for s in o)
    return f"{noun(first['kind'])} at {_when(first['at'])}{_set(first) if same else ''}"


def _interventions(mine: Sequence[Mapping[str, Any]], others: list[Any]) -> str:
    if all(mine == o for o in others):
        return ""
    if not mine:
        return "no intervention"
    plain = _listed(mine, values=False)
    return plain if all(plain != _listed(o, values=False) for o in others if o != mine) else _listed(mine, values=True)


def _listed(entries: Sequence[Mapping[str, Any]], *, values: bool) -> str:
    """Interventions by kind, with what they set where that is asked for."""
    kinds = list(dict.fromkeys(e["kind"] for e in entries))
    if len(kinds) > _MOST_KINDS:
        return f"{len(entries)} interventions from {_when(entries[0]['from'])}"
    said = []
    for kind in kinds:
        group = [e for e in entries if e["kind"] == kind]
        first = group[0]
        if len(group) > 1:
            when = f"{len(group)} {noun(kind, len(group))} from {_when(first['from'])}"
        elif first["to"] > first["from"]:
            when = f"{noun(kind)} {_between(first)}"
        else:
            when = f"{noun(kind)} at {_when(first['from'])}"
        said.append(when + (_set(first) if values else ""))
    return " and ".join(said)


def _schedule(mine: Scenario, others: list[Scenario]) -> str:
    kind = str(mine["touch_up.schedule"])
    if all(_plan(mine) == _plan(o) for o in others):
        return ""
    if kind == "fixed":
        return f"touch-ups every {_when(float(mine['touch_up.interval'])).removeprefix('1 ')}"
    if kind == "when_due":
        return "touch-ups when due"
    dated = any(s["kind"] == "touch_up" for s in mine.core.sessions)
    return "no further touch-ups" if dated else "no touch-ups"


def _plan(scenario: Scenario) -> tuple[str, float]:
    """The schedule, and its interval where it has one."""
    kind = str(scenario["touch_up.schedule"])
    return kind, float(scenario["touch_up.interval"]) if kind == "fixed" else 0.0


def _exposure(mine: Sequence[Mapping[str, Any]], others: list[Any]) -> str:
    if all(mine == o for o in others):
        return ""
    if any(len(mine) != len(o) for o in others):
        return f"{len(mine) or 'no'} exposure span{'s' * (len(mine) > 1)}"
    own = [e for e in mine if any(e not in o for o in others)]
    return f"exposure {_between(own[0])}{_set(own[0])}"


def _set(entry: Mapping[str, Any]) -> str:
    """What an entry sets, in brackets."""
    said = []
    for name, value in entry["overrides"].items():
        known = find_parameter(name)
        label = name.rpartition(".")[2].replace("_", " ")
        if known is None or isinstance(value, bool | str):
            said.append(f"{label} {value}")
        else:
            said.append(f"{label} {value / known.factor:.4g} {pretty_unit(known.unit)}".removesuffix(" 1"))
    return f" ({', '.join(said)})" if said else ""


def _between(entry: Mapping[str, Any]) -> str:
    return f"from {_when(entry['from'])} to {_when(entry['to'])}"


def _when(seconds: float) -> str:
    """A date since the first session, in years where that is a round number of them, else in days."""
    years = seconds / YEAR
    round_number = abs(20 * years - round(20 * years)) < 1e-6
    if round_number or years > _DATED_IN_DAYS:
        return span_of_years(float(f"{years:.3g}"))
    days = seconds / DAY
    return f"{days:.4g} day{'s' * (days != 1.0)}"
