"""The scenario file as a JSON schema, for editors that complete and check TOML."""

from __future__ import annotations

from typing import Any

from inkfade.scenario import Parameter, registry

_LAYER = "<layer>"


def json_schema() -> dict[str, Any]:
    """
    The parameters of a scenario file as a JSON schema (draft 2020-12).

    Returns
    -------
    dict
        Nested objects by the parts of the dotted names; layers are under ``skin.layer``, an array.
    """
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "inkfade scenario",
        "type": "object",
        "required": ["format", "preset"],
        "properties": {
            "format": {"const": 1},
            "preset": {"type": "string", "description": "Name of the preset that this file overlays."},
        },
    }
    layer: dict[str, Any] = {"name": {"type": "string"}}
    for parameter in registry():
        group, *inner, last = parameter.name.split(".")
        if _LAYER in inner:
            layer[last] = _value(parameter)
            continue
        place = root["properties"]
        for part in (group, *inner):
            place = place.setdefault(part, {"type": "object", "properties": {}})["properties"]
        place[last] = _value(parameter)
    root["properties"]["skin"]["properties"]["layer"] = {
        "type": "array",
        "description": "In order of depth.",
        "items": {"type": "object", "required": ["name"], "properties": layer},
    }
    return root


def _value(parameter: Parameter) -> dict[str, Any]:
    """A bare value, or a table of the value with its evidence."""
    plain = {**_plain(parameter), "description": _description(parameter)}
    table = {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": _plain(parameter),
            "grade": {"enum": ["measured", "inferred", "assumed"]},
            "source": {"type": "string"},
            "gsd": {"type": "number", "minimum": 1},
        },
    }
    return {"anyOf": [plain, table]}


def _plain(parameter: Parameter) -> dict[str, Any]:
    match parameter.kind:
        case "choice":
            return {"enum": list(parameter.choices)}
        case "boolean":
            return {"type": "boolean"}
        case "integer":
            return {"type": "integer", "minimum": int(parameter.lower_si), "maximum": int(parameter.upper_si)}
        case _ if parameter.unit == "1":
            return {"type": "number", "minimum": parameter.lower_si, "maximum": parameter.upper_si}
        case _:
            return {"type": "string", "pattern": r"^\s*[+-]?[0-9.]", "examples": [f"{parameter.lower}"]}


def _description(parameter: Parameter) -> str:
    if parameter.kind in ("choice", "boolean") or parameter.unit == "1":
        return parameter.description
    return f"{parameter.description} From {parameter.lower} to {parameter.upper}."
