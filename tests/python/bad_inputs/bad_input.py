"""A bad input as a row of a table: how to provoke it, and the error, word for word, that must meet it.

A row that passes without an error fails, one that hangs ends the whole run with a traceback, and one that crashes ends
the process: none of the three can be overlooked.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import inkfade as ink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST = 120.0  # [s] for one row; the slowest takes a few seconds
HEAD = 'format = 1\npreset = "scalp-smp"\n'


class Bench:
    """What a row works with: an empty folder and the preset."""

    def __init__(self, folder: Path) -> None:
        self.dir = folder
        self.smp = ink.Scenario.preset("scalp-smp")

    def file(self, name: str, content: str | bytes = HEAD) -> Path:
        """A file in the folder."""
        path = self.dir / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, content: str | bytes) -> ink.Scenario:
        """The scenario of a file case.toml with this content."""
        return ink.Scenario.from_file(self.file("case.toml", content))

    def sweep(self, content: str) -> ink.Sweep:
        """The sweep of a file sweep.toml with this content below the usual head."""
        return ink.Sweep.from_file(self.file("sweep.toml", HEAD + content))


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, who may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter and nobody may write in, with a file that nobody may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "secret.toml").write_text(HEAD)
        (folder / "secret.toml").chmod(0)
        folder.chmod(0o555)
        try:
            yield folder
        finally:
            folder.chmod(0o755)


@dataclass(frozen=True)
class Bad:
    """
    One bad input.

    `message` is the whole text; {dir} stands for the row's folder, {any} for what differs from run to run
    and {number} for a number that does.
    `entry` is the entry of docs/errors.md that explains it.
    """

    name: str
    provoke: Callable[[Bench], object]
    message: str
    entry: str
    error: type[BaseException] = ink.ParameterError


def each(rows: Iterable[Bad]) -> pytest.MarkDecorator:
    """Parametrise over rows by their names, which must differ."""
    listed = list(rows)
    names = [row.name for row in listed]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
    return pytest.mark.parametrize("row", listed, ids=names)


def pattern(message: str, folder: Path) -> re.Pattern[str]:
    """The regular expression of a row's message."""
    parts = re.split(r"(\{dir\}|\{any\}|\{number\})", message)
    known = {"{dir}": re.escape(str(folder)), "{any}": ".+?", "{number}": "[0-9.e-]+"}
    return re.compile("".join(known.get(p, re.escape(p)) for p in parts), re.DOTALL)


@contextlib.contextmanager
def no_hang(seconds: float = LONGEST) -> Iterator[None]:
    """End the process, with a traceback of every thread, if the block takes longer than this."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def check(row: Bad, folder: Path, record: Callable[[str, object], None]) -> None:
    """Provoke the row's error, compare its type and its words, and look it up in the handbook."""
    bench = Bench(folder)
    with no_hang(), pytest.raises(row.error) as caught:
        row.provoke(bench)
    said = str(caught.value)
    assert type(caught.value) is row.error, f"{caught.type.__name__}: {said}"
    assert pattern(row.message, folder).fullmatch(said), said
    record("bad input", row.name)
