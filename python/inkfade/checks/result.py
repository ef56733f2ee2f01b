"""The outcome of a self-check: a table for people, papers and programs."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from inkfade import _core, html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

Verdict = Literal["pass", "FAIL", "skipped"]
Format = Literal["json", "csv", "markdown", "latex"]
COLUMNS = ("claim", "compared with", "quantity", "measured", "tolerance", "verdict")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """
    One claim that was checked.

    Parameters
    ----------
    name
        A word to call it by.
    claim, reference, quantity
        What is claimed, what it is compared with, and what the measured number is, with its unit in brackets.
    measured
        The number; NaN where there is none, then `detail` says why.
    lower, upper
        The claim holds where ``lower <= measured <= upper``.
    verdict
        "pass", "FAIL" or "skipped".
    detail
        What else there is to say; may be empty.
    seconds
        Time taken [s].
    """

    name: str
    claim: str
    reference: str
    quantity: str
    measured: float
    lower: float
    upper: float
    verdict: Verdict
    detail: str
    seconds: float

    @property
    def tolerance(self) -> str:
        """The bounds in words."""
        if self.lower == self.upper:
            return f"{self.lower:g}"
        if self.lower == 0.0:
            return f"at most {self.upper:g}"
        if math.isinf(self.upper):
            return f"at least {self.lower:g}"
        return f"{self.lower:g} to {self.upper:g}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table, in the order of COLUMNS."""
        measured = "" if math.isnan(self.measured) else f"{self.measured:.4g}"
        return (self.claim, self.reference, self.quantity, measured, self.tolerance, self.verdict)


@dataclass(frozen=True, eq=False)
class SelfCheck:
    """
    The outcome of `inkfade.selfcheck`. Two are equal where every check measured the same, whenever and wherever.

    Parameters
    ----------
    results
        One for each claim, in the order they were checked.
    header
        Versions, machine, seed and time taken, in words.
    """

    results: tuple[CheckResult, ...]
    header: Mapping[str, str]

    @property
    def passed(self) -> bool:
        """Whether no check failed; one that was skipped has not failed, and `summary` names it."""
        return not self.failed

    @property
    def failed(self) -> list[CheckResult]:
        """The checks that failed."""
        return [r for r in self.results if r.verdict == "FAIL"]

    @property
    def skipped(self) -> list[CheckResult]:
        """The checks that could not be made here."""
        return [r for r in self.results if r.verdict == "skipped"]

    @property
    def summary(self) -> str:
        """One sentence."""
        done = len(self.results) - len(self.skipped)
        text = f"{done - len(self.failed)} of {done} checks passed"
        if self.failed:
            text += "; failed: " + ", ".join(r.name for r in self.failed)
        if self.skipped:
            text += "; skipped: " + ", ".join(f"{r.name} ({r.detail})" for r in self.skipped)
        return text

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, SelfCheck) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, ...]:
        """What was measured as text, in which NaN equals itself; without the time taken."""
        return tuple(repr(replace(r, seconds=0.0)) for r in self.results)

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each check; bounds and measured values as numbers."""
        import pandas as pd

        return pd.DataFrame([asdict(r) for r in self.results]).set_index("name")

    def to_json(self) -> str:
        """Everything, for programs: numbers as numbers, what is no number or unbounded as null."""

        def plain(value: object) -> object:
            return None if isinstance(value, float) and not math.isfinite(value) else value

        rows = [{k: plain(v) for k, v in asdict(r).items()} for r in self.results]
        content = {"passed": self.passed, "summary": self.summary, "header": dict(self.header), "checks": rows}
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def to_csv(self) -> str:
        """The table; the header's lines stand above it and begin with #."""
        out = io.StringIO()
        for key, value in self.header.items():
            out.write(f"# {key}: {value}\n")
        self.to_dataframe().to_csv(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        return out.getvalue()

    def to_markdown(self) -> str:
        """The table for a supplement, with the header above and details below."""

        def row(cells: tuple[str, ...]) -> str:
            return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"

        lines = [f"**inkfade self-check: {self.summary}.**", ""]
        lines += [f"- {key}: {value}" for key, value in self.header.items()]
        lines += ["", row(COLUMNS), row(("---",) * len(COLUMNS))]
        lines += [row(r.cells) for r in self.results]
        notes = [f"- {r.claim}: {r.detail}" for r in self.results if r.detail]
        return "\n".join([*lines, "", *notes]) + "\n"

    def to_latex(self) -> str:
        r"""The table for a supplement; needs the packages booktabs and longtable."""
        lines = [f"% {key}: {value}" for key, value in self.header.items()]
        lines += [
            r"\begin{longtable}{p{0.27\linewidth}p{0.17\linewidth}p{0.19\linewidth}lll}",
            rf"\caption{{inkfade self-check: {_latex(self.summary)}. {_latex(self._setting())}}}\\",
            r"\toprule",
            " & ".join(COLUMNS) + r" \\",
            r"\midrule",
            r"\endhead",
        ]
        lines += [" & ".join(map(_latex, r.cells)) + r" \\" for r in self.results]
        return "\n".join([*lines, r"\bottomrule", r"\end{longtable}"]) + "\n"

    def save(self, path: str | Path, *, format: Format | None = None, overwrite: bool = False) -> None:  # noqa: A002
        """
        Write the table into a file.

        Parameters
        ----------
        path
            The file, for example "selfcheck.md".
        format
            "json", "csv", "markdown" or "latex"; by the ending (.json, .csv, .md, .tex) where not given.
        overwrite
            Replace a file that is there.

        Raises
        ------
        ParameterError
            If neither format nor ending names one of these.
        FileError
            If the file is there already or cannot be written.
        """
        path = Path(path)
        write = WRITERS.get(format or ENDINGS.get(path.suffix.lower(), ""))
        if write is None:
            given = f"{path}: the ending names no format" if format is None else f"format = {format!r}"
            raise _core.ParameterError(f"{given}: choose one of {', '.join(WRITERS)} ({', '.join(ENDINGS)})")
        text = write(self)
        try:
            with path.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            raise _core.FileError(f"{path}: is there already: give another file name, or overwrite=True") from None
        except OSError as error:
            raise _core.FileError(f"{path}: cannot be written: {error.strerror}") from error

    def __str__(self) -> str:
        lines = [f"inkfade self-check: {self.summary}"]
        for r in self.results:
            measured = f"{r.measured:.4g}" if not math.isnan(r.measured) else r.detail
            lines.append(f"  {r.verdict:8}{r.name:20}{measured} (tolerance: {r.tolerance})")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<SelfCheck: {self.summary}>"

    def _repr_html_(self) -> str:
        return html.page(
            html.line(f"inkfade self-check: {self.summary}", strong=True, colour="" if self.passed else "#b00020"),
            html.table(COLUMNS, [r.cells for r in self.results]),
            html.details("versions and machine", html.table(("", ""), self.header.items())),
        )

    def _setting(self) -> str:
        return ", ".join(f"{key} {value}" for key, value in self.header.items())


WRITERS: dict[str, Callable[[SelfCheck], str]] = {
    "json": SelfCheck.to_json,
    "csv": SelfCheck.to_csv,
    "markdown": SelfCheck.to_markdown,
    "latex": SelfCheck.to_latex,
}
ENDINGS = {".json": "json", ".csv": "csv", ".md": "markdown", ".tex": "latex"}


def _latex(text: str) -> str:
    """Plain text for LaTeX."""
    special = {
        **{c: "\\" + c for c in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
    return "".join(special.get(c, c) for c in text)
