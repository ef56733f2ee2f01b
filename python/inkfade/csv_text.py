"""Tables as text in which every cell knows where it stands, so that a message can say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkfade._core import FileError, FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 1 << 20  # as for scenario files: whoever has more rows than this does not type them
_FIELD = re.compile(r'\s*(?:"((?:[^"]|"")*)"[ \t]*|([^,]*))(,|$)')


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, without the spaces around it, and where it stands ("visits.csv:3:5")."""

    text: str
    place: str

    def refuse(self, said: str) -> FormatError:
        """Make the error that something is wrong here."""
        return FormatError(f"{self.place}: {said}")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, and where it begins."""

    cells: tuple[Cell, ...]
    place: str


def read_csv_rows(path: Path) -> list[Row]:
    """
    Read the lines of a CSV file: UTF-8, commas, decimal points; empty lines and lines that begin with # are skipped.

    Raises
    ------
    FileError
        If the file cannot be read.
    FormatError
        If it is too large, no text in UTF-8, or separated by something else; with file:line:column.
    """
    try:
        if path.is_dir():
            raise FileError(f"{path}: is a folder: give a CSV file")
        if not path.is_file() and path.exists():
            raise FileError(f"{path}: is no regular file: give a CSV file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise FormatError(f"{path}: is above 1 MiB, the most that a file of observations may have")
    rows = [Row(tuple(_cells(line, f"{path}:{number}")), f"{path}:{number}") for number, line in _lines(raw, path)]
    if not rows:
        raise FormatError(f"{path}: is empty: the first line names the columns, for example 'time [day], patch_dose'")
    _refuse_other_separators(rows[0])
    return rows


def _lines(raw: bytes, path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FormatError(f"{path}:1:1: is UTF-16 text: save it as 'CSV UTF-8'")
    try:
        text = raw.decode("utf-8-sig")  # Excel begins its UTF-8 files with a byte-order mark
    except UnicodeDecodeError as error:
        bad_line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise FormatError(f"{path}:{bad_line}:{column}: is no UTF-8 text: save it as 'CSV UTF-8'") from error
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if "\0" in line:
            raise FormatError(f"{path}:{number}:{line.index(chr(0)) + 1}: has a NUL character: not a text file")
        if line.strip(" \t,") and not line.lstrip().startswith("#"):
            yield number, line


def _cells(line: str, place: str) -> Iterator[Cell]:
    """The cells of one line; a quoted one may hold commas, and "" for a quotation mark."""
    at = 0
    while True:
        found = _FIELD.match(line, at)
        if found is None:
            raise FormatError(f"{place}:{at + 1}: a quotation mark that is not closed, or text after one that is")
        quoted, plain, end = found.groups()
        if quoted is None and plain.lstrip().startswith('"'):
            raise FormatError(f"{place}:{at + 1}: a quotation mark that is not closed, or text after one that is")
        text = quoted.replace('""', '"') if quoted is not None else plain
        start = at + len(line[at : found.end()]) - len(line[at : found.end()].lstrip())
        yield Cell(text.strip(), f"{place}:{start + 1}")
        if not end:
            return
        at = found.end()


def _refuse_other_separators(header: Row) -> None:
    if len(header.cells) > 1:
        return
    [cell] = header.cells
    for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if separator in cell.text:
            raise cell.refuse(
                f"the columns are separated by {name}: separate them by commas, and write 0.5 with a decimal point "
                "(a spreadsheet set to English saves CSV files so)"
            )
