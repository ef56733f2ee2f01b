"""Bad result files: what a stranger may send, what a disk may leave, what another program may have written."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import functools
import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
from bad_input import Bad, Bench, as_nobody, check, each, open_folder

import inkfade as ink
from inkfade import _core
from inkfade.dataset import from_xarray

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = b"SHA-256 of this file with the digits as zeros: "


@functools.cache
def fade() -> ink.Fade:
    return ink.simulate(ink.Scenario.preset("scalp-smp").with_({"numerics.cells": 16}), years=1, check=True)


@functools.cache
def study() -> ink.Study:
    smp = ink.Scenario.preset("scalp-smp").with_({"run.horizon": "30 day", "numerics.cells": 16})
    return ink.Sweep(smp, depth=["0.3 mm", "0.4 mm"]).run(progress=False)


@functools.cache
def image() -> bytes:
    """A good result file."""
    with tempfile.TemporaryDirectory() as folder:
        return fade().save(Path(folder) / "fade.h5").read_bytes()


def bytes_of(name: str, content: Callable[[], bytes], message: str, entry: str) -> Bad:
    """A row that loads a file of these bytes."""
    return Bad(name, lambda b: ink.load(b.file("fade.h5", content())), message, entry, ink.FormatError)


def seal(path: Path) -> None:
    """Write the right checksum into a file: what it holds is bad, its bytes are as they were written."""
    content = path.read_bytes()
    start = content.index(MARK) + len(MARK)
    zeros = content[:start] + b"0" * 64 + content[start + 64 :]
    path.write_bytes(content[:start] + hashlib.sha256(zeros).hexdigest().encode() + content[start + 64 :])


def hdf5(name: str, change: Callable[[h5py.File], object], message: str, entry: str) -> Bad:
    """A row that changes a good file with h5py, writes the right checksum into it and loads it."""

    def provoke(b: Bench) -> object:
        path = b.file("fade.h5", image())
        with h5py.File(path, "r+") as file:
            change(file)
        seal(path)
        return ink.load(path)

    return Bad(name, provoke, message, entry, ink.FormatError)


def content(name: str, change: Callable[[dict], object], message: str, entry: str, of=fade) -> Bad:
    """A row that changes the arrays of a good result, writes them as a file of their own and loads it."""

    def provoke(b: Bench) -> object:
        dataset = from_xarray(of().dataset, getattr(of(), "dims", ()))
        change(dataset)
        path = b.dir / "fade.h5"
        _core.write_result(dataset, path)
        return ink.load(path)

    return Bad(name, provoke, message, entry, ink.FormatError)


def flip(position: float) -> bytes:
    """The good file with one bit changed, at this share of its length."""
    changed = bytearray(image())
    changed[int(len(changed) * position)] ^= 4
    return bytes(changed)


def cut(position: float) -> bytes:
    return image()[: int(len(image()) * position)]


NO_CHECKSUM = (
    "'{dir}/fade.h5': the file has no whole-file checksum (attribute file_checksum): it was not written by inkfade, "
    "was cut short, or another program has rewritten it"
)
CHANGED = "'{dir}/fade.h5': the file has changed since it was written: expected checksum {any}, found {any}"

BYTES = [
    bytes_of("empty", lambda: b"", "'{dir}/fade.h5': the file is empty (0 bytes); it is not a result file", "not-hdf5"),
    bytes_of(
        "text",
        lambda: b"time,retained\n0,1\n",
        "'{dir}/fade.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
    ),
    bytes_of(
        "a picture",
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
        "'{dir}/fade.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
    ),
    bytes_of(
        "only the signature",
        lambda: image()[:8],
        "'{dir}/fade.h5': the file has no whole-file checksum (attribute file_checksum): it was not written by inkfade, was cut short, or another program has rewritten it",
        "no-checksum",
    ),
    bytes_of(
        "signature after other bytes",
        lambda: bytes(512) + image(),
        "'{dir}/fade.h5': the file does not start with the HDF5 signature; it is not a result file",
        "not-hdf5",
    ),
    *[
        bytes_of(f"cut at {share:.0%}", lambda share=share: cut(share), NO_CHECKSUM, "no-checksum")
        for share in (0.001, 0.1, 0.5)
    ],
    bytes_of(
        "the last byte is missing",
        lambda: image()[:-1],
        "'{dir}/fade.h5': the file has changed since it was written: expected checksum {any}, found {any}",
        "changed-file",
    ),
    bytes_of(
        "a byte too many",
        lambda: image() + b"\0",
        "'{dir}/fade.h5': the file has changed since it was written: expected checksum {any}, found {any}",
        "changed-file",
    ),
    *[
        bytes_of(f"a bit changed at {share:.0%}", lambda share=share: flip(share), CHANGED, "changed-file")
        for share in (0.01, 0.3, 0.6, 0.99)
    ],
    bytes_of(
        "the marker twice",
        lambda: image() + MARK + b"0" * 64,
        "'{dir}/fade.h5': the file has no whole-file checksum (attribute file_checksum): it was not written by inkfade, was cut short, or another program has rewritten it",
        "no-checksum",
    ),
]


def external(file: h5py.File) -> None:
    file.create_dataset("x", (8,), "f8", external=[("other.bin", 0, 64)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
    file.create_virtual_dataset("x", layout)


def without_scenario(file: h5py.File) -> None:
    del file.attrs["scenario"]


def set_attribute(name: str, value: object) -> Callable[[h5py.File], None]:
    return lambda file: file.attrs.__setitem__(name, value)


HDF5 = [
    hdf5(
        "a group",
        lambda f: f.create_group("g"),
        "'{dir}/fade.h5': 'g' is a group or a named type: only datasets under the root are allowed",
        "strange-hdf5",
    ),
    hdf5(
        "a soft link",
        lambda f: f.__setitem__("l", h5py.SoftLink("/time")),
        "'{dir}/fade.h5': variable 'l' is a soft or external link: only datasets that lie in the file are allowed",
        "strange-hdf5",
    ),
    hdf5(
        "an external link",
        lambda f: f.__setitem__("l", h5py.ExternalLink("/etc/passwd", "/")),
        "'{dir}/fade.h5': variable 'l' is a soft or external link: only datasets that lie in the file are allowed",
        "strange-hdf5",
    ),
    hdf5(
        "a hard link",
        lambda f: f.__setitem__("l", f["mass"]),
        "'{dir}/fade.h5': variable 'l' is linked under two names",
        "strange-hdf5",
    ),
    hdf5(
        "values in another file",
        external,
        "'{dir}/fade.h5': variable 'x' keeps its values in another file: they must lie in the file itself",
        "strange-hdf5",
    ),
    hdf5(
        "a virtual dataset",
        virtual,
        "'{dir}/fade.h5': variable 'x' is a virtual dataset: values must lie in the file itself",
        "strange-hdf5",
    ),
    hdf5(
        "a strange filter",
        lambda f: f.create_dataset("x", (64,), "f8", chunks=(8,), compression="lzf"),
        "'{dir}/fade.h5': variable 'x' uses filter number 32000: only deflate, shuffle and fletcher32 are allowed",
        "strange-hdf5",
    ),
    hdf5(
        "terabytes declared",
        lambda f: f.create_dataset("x", (1 << 40,), "f8", chunks=(1 << 20,)),
        "'{dir}/fade.h5': variable 'x' declares more than 4 GiB: a result file may hold at most that",
        "strange-hdf5",
    ),
    hdf5(
        "little stored, much declared",
        lambda f: f.create_dataset("x", (1 << 24,), "f8", chunks=(1 << 20,)),
        "'{dir}/fade.h5': variable 'x' declares 134217728 bytes of values but stores 0: the file is damaged or made to deceive",
        "strange-hdf5",
    ),
    hdf5(
        "an axis without a dimension",
        lambda f: f.create_dataset("x", (3,), "f8"),
        "'{dir}/fade.h5': variable 'x' has 1 axes but names 0 dimensions",
        "strange-hdf5",
    ),
    hdf5(
        "complex numbers",
        lambda f: f.create_dataset("x", (), "c16"),
        "'{dir}/fade.h5': variable 'x': its type is not float64, int32 or variable-length UTF-8",
        "strange-hdf5",
    ),
    hdf5(
        "a named type",
        lambda f: f.__setitem__("t", np.dtype("f8")),
        "'{dir}/fade.h5': 't' is a group or a named type: only datasets under the root are allowed",
        "strange-hdf5",
    ),
    hdf5(
        "another digest",
        set_attribute("digest", "0" * 64),
        "'{dir}/fade.h5': the contents have changed since they were written: expected digest 0000000000000000000000000000000000000000000000000000000000000000, found {any}",
        "changed-content",
    ),
    hdf5(
        "changed values, right checksum",
        lambda f: f["mass"].__setitem__((0, 0), 7.0),
        "'{dir}/fade.h5': the contents have changed since they were written: expected digest {any}, found {any}",
        "changed-content",
    ),
    hdf5(
        "no digest",
        lambda f: f.attrs.__delitem__("digest"),
        "'{dir}/fade.h5': there is no text attribute 'digest', so nothing can be verified",
        "changed-content",
    ),
    hdf5(
        "newer format",
        set_attribute("inkfade_format", np.int64(99)),
        "'{dir}/fade.h5': the file has format 99, this program reads up to format 1: install a newer inkfade",
        "newer-format",
    ),
    hdf5(
        "format that is no number",
        set_attribute("inkfade_format", "one"),
        "'{dir}/fade.h5': the attribute 'inkfade_format' is not a positive integer",
        "format-number",
    ),
]


def without(name: str) -> Callable[[dict], object]:
    return lambda d: d["variables"].pop(name)


def replaced(name: str, **new: object) -> Callable[[dict], None]:
    def change(dataset: dict) -> None:
        dims, values, attrs = dataset["variables"][name]
        attrs = {**attrs, **new.get("attrs", {})}
        dataset["variables"][name] = (new.get("dims", dims), new.get("values", lambda v: v)(values), attrs)

    return change


def attribute(name: str, value: object) -> Callable[[dict], None]:
    return lambda d: d["attrs"].__setitem__(name, value)


CONTENT = [
    content(
        "no retained fraction",
        without("retained_of_healed"),
        "{dir}/fade.h5: holds no variable 'retained_of_healed'; another program has written or changed this file",
        "no-result",
    ),
    content(
        "no status",
        without("status"),
        "{dir}/fade.h5: holds no variable 'status'; another program has written or changed this file",
        "no-result",
    ),
    content(
        "no scenario",
        lambda d: d["attrs"].pop("scenario"),
        "{dir}/fade.h5: holds no scenario; another program has written or changed this file",
        "no-result",
    ),
    content(
        "scenario that is no text",
        attribute("scenario", 3),
        "{dir}/fade.h5: holds no scenario; another program has written or changed this file",
        "no-result",
    ),
    content(
        "scenario that is not allowed",
        attribute("scenario", 'format = 1\npreset = "scalp"\n'),
        '{dir}/fade.h5: the scenario in it is not allowed: unknown preset "scalp": the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation (scenario:2:10)',
        "scenario-in-a-file",
    ),
    content(
        "time in years",
        replaced("time", attrs={"units": "year"}),
        "{dir}/fade.h5: variable 'time' is in 'year': it must be in 'day'; another program has written or changed this file",
        "no-result",
    ),
    content(
        "mass without a unit",
        lambda d: d["variables"]["mass"][2].pop("units"),
        "{dir}/fade.h5: variable 'mass' has no unit: it must be in 'mg cm-2'; another program has written or changed this file",
        "no-result",
    ),
    content(
        "status of real numbers",
        replaced("status", values=lambda v: v.astype(float)),
        "{dir}/fade.h5: variable 'status' is not of whole numbers; another program has written or changed this file",
        "no-result",
    ),
    content(
        "mass of whole numbers",
        replaced("mass", values=lambda v: v.astype(np.int32)),
        "{dir}/fade.h5: variable 'mass' is not of numbers; another program has written or changed this file",
        "no-result",
    ),
    content(
        "masses the other way round",
        replaced("mass", dims=("pool", "time"), values=lambda v: v.T),
        "{dir}/fade.h5: variable 'mass' has the dimensions (pool, time), not (time, pool); another program has written or changed this file",
        "no-result",
    ),
    content(
        "status without meanings",
        lambda d: d["variables"]["status"][2].pop("flag_meanings"),
        "{dir}/fade.h5: variable 'status' does not say what its numbers mean (flag_values, flag_meanings); another program has written or changed this file",
        "no-result",
    ),
    content(
        "sweep that is none",
        attribute("sweep", "[1, 2"),
        "{dir}/fade.h5: its description as a sweep is damaged; another program has written or changed this file",
        "no-result",
    ),
    content(
        "sweep nested without end",
        attribute("sweep", "[" * 50_000),
        "{dir}/fade.h5: its description as a sweep is damaged; another program has written or changed this file",
        "no-result",
    ),
    content(
        "sweep without its axis",
        without("depth"),
        "{dir}/fade.h5: the axis 'depth' of the sweep is missing or damaged; another program has written or changed this file",
        "no-result",
        study,
    ),
    content(
        "sweep without its plan",
        lambda d: d["attrs"].pop("plan"),
        "{dir}/fade.h5: its description as a sweep is damaged; another program has written or changed this file",
        "no-result",
        study,
    ),
    content(
        "axis of no parameter",
        lambda d: d["variables"]["depth"][2].pop("parameter"),
        "{dir}/fade.h5: the axis 'depth' of the sweep is missing or damaged; another program has written or changed this file",
        "no-result",
        study,
    ),
]


def forbidden(_: Bench) -> object:
    with open_folder() as folder, as_nobody():
        return ink.load(folder / "secret.toml")


def forbidden_folder(_: Bench) -> object:
    result = fade()
    with open_folder() as folder, as_nobody():
        return result.save(folder / "fade.h5")


def path(name: str, provoke: Callable[[Bench], object], message: str, entry: str) -> Bad:
    return Bad(name, provoke, message, entry, ink.FileError)


PATHS = [
    path(
        "no file",
        lambda b: ink.load(b.dir / "fade.h5"),
        "cannot open '{dir}/fade.h5': No such file or directory (2)",
        "no-such-file",
    ),
    path("a folder", lambda b: ink.load(b.dir), "cannot read '{dir}': it is a folder, not a file", "not-a-file"),
    path(
        "a device", lambda _: ink.load("/dev/zero"), "cannot read '/dev/zero': it is a device, not a file", "not-a-file"
    ),
    path("no permission", forbidden, "cannot open '{any}/secret.toml': Permission denied (13)", "no-permission"),
    Bad("path by number", lambda _: ink.load(3), "path = 3: must be text or a pathlib.Path", "wrong-path"),
    Bad("no path", lambda _: ink.load(None), "path = None: must be text or a pathlib.Path", "wrong-path"),
    path(
        "saved where a file is",
        lambda b: fade().save(b.file("fade.h5")),
        "cannot write '{dir}/fade.h5': it is already there and was left as it is; give another name or allow overwriting",
        "output-exists",
    ),
    path(
        "saved to no folder",
        lambda b: fade().save(b.dir / "nowhere" / "fade.h5"),
        "cannot write '{dir}/nowhere/fade.h5': there is no folder '{dir}/nowhere'; make it first",
        "no-folder",
    ),
    path(
        "saved to a folder",
        lambda b: fade().save(b.dir, overwrite=True),
        "cannot write '{dir}': it is a folder, not a file; nothing was changed",
        "cannot-write",
    ),
    path(
        "saved to a device",
        lambda _: fade().save("/dev/full", overwrite=True),
        "cannot write '/dev/full': it is a device, not a file; nothing was changed",
        "cannot-write",
    ),
    path(
        "saved where nobody may write",
        forbidden_folder,
        "cannot write '{any}/fade.h5': making a temporary file beside it failed: Permission denied (13), {any} bytes free there; nothing was changed at '{any}/fade.h5'",
        "cannot-write",
    ),
    path(
        "saved to a name too long",
        lambda b: fade().save(b.dir / ("x" * 300)),
        "cannot write '{dir}/{any}': moving it into place failed: File name too long (36), {any} bytes free there; nothing was changed at '{dir}/{any}'",
        "cannot-write",
    ),
    path(
        "saved without a name", lambda _: fade().save("/"), "cannot write '/': the path names no file", "cannot-write"
    ),
    Bad("study saved by number", lambda _: study().save(3), "path = 3: must be text or a pathlib.Path", "wrong-path"),
]

ROWS = [*BYTES, *HDF5, *CONTENT, *PATHS]


@each(
    [
        Bad(f"{kind}: {row.name}", row.provoke, row.message, row.entry, row.error)
        for kind, rows in [("bytes", BYTES), ("hdf5", HDF5), ("content", CONTENT), ("path", PATHS)]
        for row in rows
    ]
)
def test_a_bad_result_file_is_refused_in_words(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
