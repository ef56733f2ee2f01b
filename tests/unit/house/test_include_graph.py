"""The walls of the house: who may include whom, and what may stand in which file.

The direction is not written here but in src/README.md (the block fenced as ``house``), so the picture that people read
is the one that is enforced. Each rule is a function from a source tree to a list of complaints; `test_the_house_stands`
asks for none on this checkout, and `test_a_broken_wall_is_noticed` breaks each rule on a small made-up tree.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

LIBRARY_HEADERS = {
    "hdf5": re.compile(r"hdf5(_hl)?\.h|H5\w*\.h"),
    "toml++": re.compile(r"toml\+\+/.*|toml\.hpp"),
    "udunits2": re.compile(r"(udunits2/)?(udunits2?|converter)\.h"),
    "boost": re.compile(r"boost/.*"),
    "pybind11": re.compile(r"pybind11/.*"),
}
# Headers without functions of their own that the linker could take from another instruction set's compilation.
KERNEL_HEADERS = {"bit", "cmath", "concepts", "cstddef", "cstdint", "limits", "numbers", "type_traits"}
MAX_LINES = 450
MAX_MODULE_LINES = 40

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
ROOM_INCLUDE = re.compile(r"inkfade/([^/]+)/.+")


@dataclass(frozen=True)
class House:
    """The picture in src/README.md: which rooms each room may include, and where each library may be included."""

    may_include: dict[str, set[str]]
    planned: set[str] = field(default_factory=set)
    home_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, readme: Path) -> House:
        """Parse lines ``a <- {b, (c)} <- d`` (the right may include the left) and ``library only in room``."""
        block = re.search(r"^```house\n(.*?)^```", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        if block is None:
            msg = f"{readme}: no block fenced as house"
            raise ValueError(msg)
        left_of: dict[str, set[str]] = {}
        planned: set[str] = set()
        home_of: dict[str, str] = {}
        for line in filter(None, map(str.strip, block[1].splitlines())):
            if only := re.fullmatch(r"(\S+) only in (\w+)", line):
                home_of[only[1]] = only[2]
                continue
            groups = [re.findall(r"\(?\w+\)?", group) for group in line.split("<-")]
            if len(groups) < 2 or not all(groups):
                msg = f"{readme}: cannot read {line!r}"
                raise ValueError(msg)
            planned |= {name.strip("()") for group in groups for name in group if name.startswith("(")}
            names = [[name.strip("()") for name in group] for group in groups]
            for name in names[0]:
                left_of.setdefault(name, set())
            for left, right in itertools.pairwise(names):
                for name in right:
                    left_of.setdefault(name, set()).update(left)
        return cls({room: _reachable(room, left_of) for room in left_of}, planned, home_of)


def _reachable(room: str, left_of: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [room]
    while todo:
        for left in left_of[todo.pop()] - seen:
            seen.add(left)
            todo.append(left)
    if room in seen:
        msg = f"the arrows of the house lead from {room} back to {room}"
        raise ValueError(msg)
    return seen


def _includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def _cpp_files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in {".hpp", ".cpp", ".h"})


def _room_files(root: Path) -> Iterator[Path]:
    """The files of the rooms: all but the front door, which stands beside them."""
    house = root / "src/inkfade"
    yield from (path for path in _cpp_files(house) if path.parent != house)


def rooms_are_those_of_the_picture(root: Path, house: House) -> list[str]:
    """Every folder of src/inkfade is in the picture, and every room that is not planned is a folder."""
    folders = {path.name for path in (root / "src/inkfade").iterdir() if path.is_dir()}
    unknown = sorted(folders - set(house.may_include))
    missing = sorted(set(house.may_include) - folders - house.planned)
    return [
        *(f"src/inkfade/{name}: not in the picture of src/README.md" for name in unknown),
        *(f"src/README.md: room {name} is not there; write ({name}) if it is planned" for name in missing),
    ]


def arrows_point_left(root: Path, house: House) -> list[str]:
    """A room includes itself and what is to its left."""
    complaints = []
    for path in _room_files(root):
        room = path.relative_to(root / "src/inkfade").parts[0]
        allowed = house.may_include.get(room, set()) | {room}
        for include in _includes(path):
            target = ROOM_INCLUDE.fullmatch(include)
            if target and target[1] not in allowed:
                complaints.append(f"{path.relative_to(root)}: {room} must not include {include}")
            if "../" in include:
                complaints.append(f'{path.relative_to(root)}: write "inkfade/<room>/..." instead of {include}')
    return complaints


def cmake_links_point_left(root: Path, house: House) -> list[str]:
    """The targets of src/inkfade/CMakeLists.txt link what the picture allows."""
    complaints = []
    text = (root / "src/inkfade/CMakeLists.txt").read_text(encoding="utf-8")
    for room, links in re.findall(r"^inkfade_room\((\w+)([^)]*)\)", text, re.MULTILINE):
        wrong = set(re.findall(r"inkfade::(\w+)", links)) - house.may_include.get(room, set())
        complaints += [f"src/inkfade/CMakeLists.txt: {room} must not link {target}" for target in sorted(wrong)]
    return complaints


def libraries_stay_in_their_room(root: Path, house: House) -> list[str]:
    """HDF5, toml++, ... are included in one room each, so that each can be exchanged in one place."""
    complaints = []
    for folder in (root / "src/inkfade", root / "python/bindings"):
        for path in _cpp_files(folder):
            room = "bindings" if folder.name == "bindings" else path.relative_to(folder).parts[0]
            for include in _includes(path):
                for library, home in house.home_of.items():
                    if room != home and LIBRARY_HEADERS[library].fullmatch(include):
                        complaints.append(f"{path.relative_to(root)}: {library} only in {home}, not {include} here")
    return complaints


def kernels_stand_alone(root: Path, house: House) -> list[str]:  # noqa: ARG001
    """A kernel includes kernels and harmless headers, and lives in the namespace of its instruction set."""
    complaints = []
    for path in _cpp_files(root / "src/inkfade"):
        if not path.name.endswith(".kernel.hpp"):
            continue
        foreign = [h for h in _includes(path) if h not in KERNEL_HEADERS and not h.endswith(".kernel.hpp")]
        complaints += [f"{path.relative_to(root)}: a kernel must not include {header}" for header in foreign]
        if "INKFADE_ISA" not in path.read_text(encoding="utf-8"):
            complaints.append(f"{path.relative_to(root)}: a kernel lives in namespace inkfade::INKFADE_ISA")
    return complaints


def namespaces_are_rooms(root: Path, house: House) -> list[str]:  # noqa: ARG001
    """A header of a room opens that room's namespace (`base`: plain inkfade)."""
    complaints = []
    for path in _room_files(root):
        room = path.relative_to(root / "src/inkfade").parts[0]
        if path.suffix != ".hpp" or path.name.endswith(".kernel.hpp"):
            continue
        expected = "inkfade" if room == "base" else f"inkfade::{room}"
        if not re.search(rf"^namespace {expected}\b", path.read_text(encoding="utf-8"), re.MULTILINE):
            complaints.append(f"{path.relative_to(root)}: no namespace {expected}")
    return complaints


def the_front_door_only_includes(root: Path, house: House) -> list[str]:
    """What stands in src/inkfade itself is headers that include headers of rooms, no kernels, and say nothing else."""
    complaints = []
    for path in _cpp_files(root / "src/inkfade"):
        if path.parent != root / "src/inkfade":
            continue
        name = path.relative_to(root)
        complaints += [
            f"{name}: only includes stand here, not {line!r}"
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith(("#pragma once", "#include", "//"))
        ]
        for include in _includes(path):
            target = ROOM_INCLUDE.fullmatch(include)
            if not target or target[1] not in house.may_include or include.endswith(".kernel.hpp"):
                complaints.append(f"{name}: must not include {include}")
    return complaints


def bindings_are_one_file_a_room(root: Path, house: House) -> list[str]:
    """bind_<room>.cpp is the file that binds a room, and module.cpp does nothing but call them."""
    folder = root / "python/bindings"
    complaints = [
        f"python/bindings/{path.name}: {path.stem.removeprefix('bind_')} is no room"
        for path in sorted(folder.glob("bind_*.cpp"))
        if path.stem.removeprefix("bind_") not in house.may_include
    ]
    entry = folder / "module.cpp"
    if entry.exists() and (lines := _n_lines(entry)) > MAX_MODULE_LINES:
        complaints.append(f"python/bindings/module.cpp: {lines} lines, at most {MAX_MODULE_LINES}")
    return complaints


def files_are_short(root: Path, house: House) -> list[str]:  # noqa: ARG001
    """One concept a file: at most MAX_LINES lines."""
    paths = [*_cpp_files(root / "src"), *_cpp_files(root / "python"), *sorted((root / "python").rglob("*.py"))]
    return [
        f"{path.relative_to(root)}: {lines} lines, at most {MAX_LINES}"
        for path in paths
        if (lines := _n_lines(path)) > MAX_LINES
    ]


def _n_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


Rule = Callable[[Path, House], list[str]]
RULES: list[Rule] = [
    rooms_are_those_of_the_picture,
    arrows_point_left,
    cmake_links_point_left,
    libraries_stay_in_their_room,
    kernels_stand_alone,
    namespaces_are_rooms,
    the_front_door_only_includes,
    bindings_are_one_file_a_room,
    files_are_short,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_stands(rule: Rule) -> None:
    complaints = rule(ROOT, House.read(ROOT / "src/README.md"))
    assert not complaints, "\n" + "\n".join(complaints)


def test_the_picture_is_the_one_that_was_drawn() -> None:
    house = House.read(ROOT / "src/README.md")
    assert house.may_include["transport"] == {"base", "parameters", "skin", "mesh", "kinetics"}
    assert house.may_include["integration"] == {"base"}
    assert "storage" not in set().union(*house.may_include.values())
    assert set(house.home_of) == set(LIBRARY_HEADERS)


PICTURE = """
```house
base <- ground <- {left, right} <- roof
base <- engine <- (attic) <- roof
hdf5 only in roof
toml++ only in ground
udunits2 only in ground
boost only in engine
pybind11 only in bindings
```
"""


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """Make a tree that keeps every rule."""
    files = {
        "src/README.md": PICTURE,
        "src/inkfade/CMakeLists.txt": "inkfade_room(base)\ninkfade_room(ground LINKS inkfade::base)\n",
        "src/inkfade/all.hpp": '#pragma once\n\n// The door.\n#include "inkfade/ground/b.hpp"\n',
        "src/inkfade/base/a.hpp": "namespace inkfade {}\n",
        "src/inkfade/base/sum.kernel.hpp": "#include <cmath>\nnamespace inkfade::INKFADE_ISA {}\n",
        "src/inkfade/ground/b.hpp": '#include "inkfade/base/a.hpp"\nnamespace inkfade::ground {}\n',
        "src/inkfade/ground/read.cpp": "#include <toml++/toml.h>\n#include <udunits2.h>\n",
        "src/inkfade/left/c.hpp": "namespace inkfade::left {}\n",
        "src/inkfade/right/d.hpp": "namespace inkfade::right {}\n",
        "src/inkfade/engine/e.hpp": "#include <boost/version.hpp>\nnamespace inkfade::engine {}\n",
        "src/inkfade/roof/f.cpp": '#include <hdf5.h>\n#include "inkfade/base/a.hpp"\n#include "inkfade/left/c.hpp"\n',
        "python/bindings/module.cpp": "#include <pybind11/pybind11.h>\n",
        "python/bindings/bind_roof.cpp": '#include "inkfade/roof/f.hpp"\n',
        "python/inkfade/__init__.py": "",
    }
    for name, text in files.items():
        _write(tmp_path, name, text)
    return tmp_path


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_house_in_order_is_left_in_peace(rule: Rule, small_house: Path) -> None:
    assert rule(small_house, House.read(small_house / "src/README.md")) == []


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (rooms_are_those_of_the_picture, "src/inkfade/cellar/x.hpp", ""),
        (arrows_point_left, "src/inkfade/base/x.hpp", '#include "inkfade/ground/b.hpp"\n'),
        (arrows_point_left, "src/inkfade/left/x.hpp", '  #  include "inkfade/right/d.hpp"\n'),
        (arrows_point_left, "src/inkfade/engine/x.cpp", "#include <inkfade/ground/b.hpp>\n"),
        (arrows_point_left, "src/inkfade/roof/deep/x.cpp", '#include "inkfade/cellar/x.hpp"\n'),
        (arrows_point_left, "src/inkfade/left/x.hpp", '#include "../right/d.hpp"\n'),
        (cmake_links_point_left, "src/inkfade/CMakeLists.txt", "inkfade_room(base\n  LINKS inkfade::ground)\n"),
        (libraries_stay_in_their_room, "src/inkfade/left/x.cpp", "#include <hdf5.h>\n"),
        (libraries_stay_in_their_room, "python/bindings/x.cpp", "#include <H5Fpublic.h>\n"),
        (libraries_stay_in_their_room, "src/inkfade/roof/x.cpp", "#include <toml++/toml.hpp>\n"),
        (libraries_stay_in_their_room, "src/inkfade/roof/x.cpp", "#include <udunits2.h>\n"),
        (libraries_stay_in_their_room, "src/inkfade/roof/x.cpp", "#include <boost/numeric/odeint.hpp>\n"),
        (libraries_stay_in_their_room, "src/inkfade/roof/x.cpp", "#include <pybind11/numpy.h>\n"),
        (kernels_stand_alone, "src/inkfade/base/x.kernel.hpp", "#include <vector>\n// INKFADE_ISA\n"),
        (kernels_stand_alone, "src/inkfade/base/x.kernel.hpp", "#include <Eigen/Core>\n// INKFADE_ISA\n"),
        (kernels_stand_alone, "src/inkfade/base/x.kernel.hpp", '#include "inkfade/base/a.hpp"\n// INKFADE_ISA\n'),
        (kernels_stand_alone, "src/inkfade/base/x.kernel.hpp", "namespace inkfade {}\n"),
        (namespaces_are_rooms, "src/inkfade/left/x.hpp", "namespace inkfade::right {}\n"),
        (the_front_door_only_includes, "src/inkfade/all.hpp", "int answer();\n"),
        (the_front_door_only_includes, "src/inkfade/all.hpp", "#include <vector>\n"),
        (the_front_door_only_includes, "src/inkfade/all.hpp", '#include "inkfade/base/sum.kernel.hpp"\n'),
        (bindings_are_one_file_a_room, "python/bindings/bind_cellar.cpp", ""),
        (bindings_are_one_file_a_room, "python/bindings/module.cpp", "\n" * (MAX_MODULE_LINES + 1)),
        (files_are_short, "src/inkfade/left/x.cpp", "\n" * (MAX_LINES + 1)),
        (files_are_short, "python/inkfade/x.py", "\n" * (MAX_LINES + 1)),
    ],
)
def test_a_broken_wall_is_noticed(rule: Rule, name: str, text: str, small_house: Path) -> None:
    _write(small_house, name, text)
    complaints = rule(small_house, House.read(small_house / "src/README.md"))
    assert len(complaints) == 1
    assert complaints[0].startswith(name if "cellar/x.hpp" not in name else "src/inkfade/cellar")


def test_a_room_that_was_pulled_down_is_missed(small_house: Path) -> None:
    (small_house / "src/inkfade/left/c.hpp").unlink()
    (small_house / "src/inkfade/left").rmdir()
    complaints = rooms_are_those_of_the_picture(small_house, House.read(small_house / "src/README.md"))
    assert complaints == ["src/README.md: room left is not there; write (left) if it is planned"]


@pytest.mark.parametrize("picture", ["no block", "```house\nbase\n```", "```house\na <- b <- a\n```"])
def test_a_picture_that_cannot_be_read_is_an_error(picture: str, tmp_path: Path) -> None:
    _write(tmp_path, "README.md", picture + "\n")
    with pytest.raises(ValueError, match=r"house|cannot read"):
        House.read(tmp_path / "README.md")
