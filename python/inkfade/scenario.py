"""Scenarios: what is treated, with what, how it is cared for, and for how long."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inkfade import _core, html
from inkfade.paths import as_path
from inkfade.protocol import is_list, protocol_text, timeline
from inkfade.units import Given, check_whole, setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from inkfade.units import Setting

_LEAD = ("procedure.depth", "procedure.depth_sd", "procedure.dot_diameter", "procedure.dot_density")


class Scenario:
    """
    A validated, immutable description of one case: skin, ink, procedure, aftercare, exposure, run.

    Make one with `Scenario.preset`, `Scenario.from_file` or `Scenario.from_toml`, and a changed copy with
    `Scenario.with_`. Scenarios compare by value, and can be copied, hashed, pickled and shared between threads.
    """

    __slots__ = ("core",)
    core: _core.Scenario

    def __init__(self, core: _core.Scenario) -> None:
        if not isinstance(core, _core.Scenario):
            raise TypeError("use Scenario.preset(name), Scenario.from_file(path) or Scenario.from_toml(text)")
        object.__setattr__(self, "core", core)

    @classmethod
    def preset(cls, name: str) -> Scenario:
        """
        Read a complete preset in which every value names its source.

        Parameters
        ----------
        name
            For example "scalp-smp"; `Scenario.presets` lists them.

        Raises
        ------
        ParameterError
            If there is no such preset; the message names those there are.
        """
        if not isinstance(name, str):
            known = ", ".join(_core.Scenario.preset_names())
            raise _core.ParameterError(f"preset = {name!r}: must be text; the presets are {known}")
        return cls(_core.Scenario.preset(name))

    @staticmethod
    def presets() -> list[str]:
        """Names of the presets."""
        return _core.Scenario.preset_names()

    @classmethod
    def from_file(cls, path: str | Path) -> Scenario:
        """
        Read a scenario file (TOML), which overlays one preset.

        Raises
        ------
        FileError
            If the file cannot be read.
        ParameterError
            If a value is not allowed; the message ends with file:line:column.
        """
        return cls(_core.Scenario.from_file(as_path(path)))

    @classmethod
    def from_toml(cls, text: str, origin: str = "<text>") -> Scenario:
        """Read a scenario from TOML text; `origin` is what messages call it."""
        if not isinstance(text, str):
            raise _core.ParameterError(f"from_toml takes TOML text, got {type(text).__name__}")
        return cls(_core.Scenario.from_toml(text, origin))

    def with_(
        self,
        settings: Mapping[str, Given | Sequence[Mapping[str, object]]] | None = None,
        /,
        **named: Given | Sequence[Mapping[str, object]],
    ) -> Scenario:
        """
        Make a copy with parameters changed, all at once, and check it.

        Parameters
        ----------
        settings
            Values by dotted name, for example ``{"skin.papillary_dermis.thickness": "150 um"}``.
        **named
            Values by alias (``depth="450 um"``), by dotted name with two underscores for each dot, or the regime
            of ``aftercare`` ("poor", "typical" or "careful"). A value with a dimension is text with a unit or a
            pint quantity; a bare number is for dimensionless parameters alone.

            ``session``, ``aftercare``, ``exposure`` and ``intervention`` also take a list of dictionaries with the
            keys of a scenario file, which replaces the scenario's list: for example
            ``session=[{"kind": "treatment", "at": "0 day", "repeat": 3, "every": "14 day"}]`` or
            ``intervention=[{"kind": "laser", "at": "1 year"}]``.

        Returns
        -------
        Scenario
            The changed copy.

        Raises
        ------
        ParameterError
            If a name is unknown, a unit is missing or wrong, or a value lies outside its bounds.
        """
        given = named_settings(settings, named)
        if isinstance(given.get("start"), datetime.date):
            given["start"] = str(given["start"])
        lists: dict[str, Any] = {name: value for name, value in given.items() if is_list(name, value)}
        values = {name: value for name, value in given.items() if name not in lists}
        return Scenario(self.core.with_(values, protocol_text(lists)))

    def draw(self, seed: int, index: int) -> Scenario:
        """
        Draw one person: every parameter that varies between people, from its distribution.

        Parameters
        ----------
        seed, index
            Non-negative whole numbers; the draw depends on them and on the parameter names alone.
        """
        check_whole("seed", seed, 0, 2**64 - 1)
        check_whole("index", index, 0, 2**64 - 1)
        return Scenario(self.core.draw(seed, index))

    def __getitem__(self, name: str) -> float | int | bool | str:
        """The value of a parameter by dotted name or alias: numbers in SI units."""
        return self.core.get(as_name(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.core.has(name)

    @property
    def names(self) -> list[str]:
        """Dotted names of all parameters of this scenario."""
        return self.core.names()

    @property
    def preset_name(self) -> str:
        """Name of the preset that this scenario comes from."""
        return self.core.preset_name

    @property
    def layers(self) -> list[str]:
        """Names of the skin layers, outermost first."""
        return self.core.layers

    @property
    def start(self) -> datetime.date | None:
        """Date of the first session, or None where the light is the annual mean."""
        return self.core.start

    @property
    def horizon(self) -> float:
        """How long a run lasts [year]."""
        return float(self.core.get("run.horizon")) / YEAR

    @property
    def parameters(self) -> pd.DataFrame:
        """
        The parameters of this scenario as a table, indexed by dotted name.

        Columns: value (in `unit`), unit, grade (measured, inferred or assumed), source (citation key) and
        gsd, the geometric standard deviation between people (1: does not vary).
        """
        import pandas as pd

        rows = []
        for name in self.core.names():
            entry = self.core.entry(name)
            unit, factor = _unit_of(name)
            value = entry["value"]
            if isinstance(value, float) and not isinstance(value, bool):
                value = float(f"{value / factor:.12g}")
            rows.append((name, value, unit, entry["grade"], entry["source"], entry["gsd"]))
        table = pd.DataFrame(rows, columns=["name", "value", "unit", "grade", "source", "gsd"])
        return table.set_index("name")

    @property
    def timeline(self) -> pd.DataFrame:
        """
        What happens to the skin, when: sessions, interventions, exposure, aftercare.

        Columns: what, kind, from [day], to [day] (an event: as `from`; aftercare: since each session) and values.
        Touch-ups that `touch_up.schedule` leaves to the run are not in it: see `Fade.schedule`.
        """
        return timeline(self)

    def to_dataframe(self) -> pd.DataFrame:
        """The same table as `Scenario.parameters`, with the units of all values also in ``frame.attrs["units"]``."""
        frame = self.parameters
        frame.attrs["units"] = {str(n): str(unit) for n, unit in frame["unit"].items()}
        return frame

    def to_toml(self) -> str:
        """The complete scenario file; ``Scenario.from_toml(s.to_toml()) == s``."""
        return self.core.to_toml()

    def to_json(self) -> str:
        """The resolved scenario as canonical JSON, SI values."""
        return self.core.to_json()

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """
        Write the complete scenario file (TOML) and return its path.

        Raises
        ------
        FileError
            If the file exists and `overwrite` is not set, or cannot be written.
        """
        target = as_path(path)
        _core.write_text(self.to_toml(), target, overwrite=overwrite)
        return target

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Scenario does not change: make a copy with scenario.with_({name}=...)")

    def __eq__(self, other: object) -> bool:
        return self.core == other.core if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.core)

    def __copy__(self) -> Scenario:
        return self

    def __deepcopy__(self, memo: object) -> Scenario:
        return self

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Scenario.from_toml, (self.to_toml(), "<pickle>")

    def __repr__(self) -> str:
        return f"Scenario({self.core.preset_name}: {', '.join(self._summary())})"

    def _repr_html_(self) -> str:
        table = self.parameters
        rows = [(name, *map(str, row)) for name, *row in table.itertuples()]
        return html.page(
            html.line(f"Scenario {self.core.preset_name}", strong=True),
            html.line(", ".join(self._summary())),
            html.details(f"{len(rows)} parameters", html.table(("parameter", *table.columns), rows)),
        )

    def _summary(self) -> list[str]:
        """Name, value and unit of what a reader asks for first."""
        parts = []
        for name in (n for n in _LEAD if self.core.has(n)):
            unit, factor = _unit_of(name)
            parts.append(f"{name.rpartition('.')[2]} {float(self.core.get(name)) / factor:.6g} {unit}")
        spans = self.core.aftercare
        if spans:
            parts.append(f"aftercare {spans[0]['regime'] or 'explicit'}")
        if len(self.core.sessions) > 1:
            parts.append(f"{len(self.core.sessions)} sessions")
        kinds = [str(each["kind"]).replace("_", " ") for each in self.core.interventions]
        parts += [kind if kinds.count(kind) == 1 else f"{kinds.count(kind)} x {kind}" for kind in dict.fromkeys(kinds)]
        rule = str(self.core.get("touch_up.schedule"))
        if rule != "none":
            parts.append("touch-ups when due" if rule == "when_due" else "touch-ups at a fixed interval")
        parts.append(f"{self.horizon:g} years")
        return parts


YEAR = 365.25 * 86400.0  # [s]
DAY = 86400.0  # [s]


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    What is fixed about one parameter, whatever its value.

    Attributes
    ----------
    name, alias
        Dotted name (with ``<layer>`` for what every skin layer has) and unique short name, or "".
    kind
        real, integer, boolean or choice.
    unit, factor
        Unit for display ("1" where there is none) and one such unit in SI.
    lower, upper, lower_si, upper_si
        Bounds, themselves allowed, as people read them and in SI.
    choices
        Allowed values of a choice.
    description, symbol
        One sentence, and the symbol in the equations, or "".
    """

    name: str
    alias: str
    kind: str
    unit: str
    factor: float
    lower: str
    upper: str
    lower_si: float
    upper_si: float
    choices: tuple[str, ...]
    description: str
    symbol: str


@functools.cache
def registry() -> tuple[Parameter, ...]:
    """All parameters there are."""
    return tuple(_parameter(info) for info in _core.registry())


@functools.cache
def find_parameter(name: str) -> Parameter | None:
    """What is fixed about the parameter of this dotted name or alias, or None if there is none."""
    info = _core.parameter_info(name)
    return None if info is None else _parameter(info)


def parameters() -> pd.DataFrame:
    """
    All parameters there are, as a table indexed by dotted name.

    Returns
    -------
    pandas.DataFrame
        Columns alias, kind, unit, lower, upper (bounds, as text with units), choices, description, symbol. The units
        are also in ``frame.attrs["units"]``, by name.
    """
    import pandas as pd

    rows = [
        (p.name, p.alias, p.kind, p.unit, p.lower, p.upper, ", ".join(p.choices), p.description, p.symbol)
        for p in registry()
    ]
    columns = ["name", "alias", "kind", "unit", "lower", "upper", "choices", "description", "symbol"]
    frame = pd.DataFrame(rows, columns=columns).set_index("name")
    frame.attrs["units"] = {str(n): str(unit) for n, unit in frame["unit"].items()}
    return frame


def named_settings(settings: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Setting]:
    """Settings by dotted name or alias, and by keyword (two underscores for each dot), in one dictionary."""
    if settings is not None and not isinstance(settings, Mapping):
        raise _core.ParameterError(
            f"settings = {settings!r}: must be values by name, for example {{'procedure.depth': '450 um'}}"
        )
    result = {as_name(name): setting(value, str(name)) for name, value in (settings or {}).items()}
    for keyword, value in named.items():
        name = keyword.replace("__", ".")
        if name in result:
            raise _core.ParameterError(f"{name} is given twice, by name and as a keyword: give it once")
        result[name] = setting(value, name)
    return result


def as_name(name: object) -> str:
    """The name of a parameter, or an error that says what it must be."""
    if not isinstance(name, str):
        raise _core.ParameterError(f"{name!r} is no name of a parameter: write text such as 'procedure.depth'")
    return name


def _parameter(info: _core.ParameterInfo) -> Parameter:
    return Parameter(**{**info, "choices": tuple(info["choices"])})  # type: ignore[arg-type]


def _unit_of(name: str) -> tuple[str, float]:
    """Display unit of a parameter and one such unit in SI."""
    found = find_parameter(name)
    return (found.unit, found.factor) if found is not None else ("1", 1.0)
