"""The stub of the compiled module names what the module holds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import inkfade as ink
from inkfade import _core

STUB = ast.parse((Path(ink.__file__).parent / "_core.pyi").read_text())
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
TYPES_ONLY = {"CheckInfo", "Entry", "ParameterInfo"}


def members(node: ast.ClassDef) -> set[str]:
    return {item.name for item in node.body if isinstance(item, ast.FunctionDef) and not item.name.startswith("__")}


def test_the_stub_and_the_module_have_the_same_names():
    stated = {node.name for node in STUB.body if isinstance(node, ast.ClassDef | ast.FunctionDef)} - TYPES_ONLY
    stated |= {node.target.id for node in STUB.body if isinstance(node, ast.AnnAssign)} - {"__version__"}
    held = {name for name in dir(_core) if not name.startswith("_")}
    assert stated == held


@pytest.mark.parametrize("name", sorted(name for name, node in CLASSES.items() if members(node)))
def test_the_stub_and_the_class_have_the_same_members(name):
    held = {member for member in dir(getattr(_core, name)) if not member.startswith("_")}
    assert members(CLASSES[name]) == held
