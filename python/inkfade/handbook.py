"""The error handbook (docs/errors.md): what an error or a status means, what causes it, what to do."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from inkfade import html
from inkfade._core import FileError, ParameterError

_HEADING = re.compile(r"^### (\S+)\n", re.MULTILINE)
_SAID = re.compile(r"^> `(.*)`$", re.MULTILINE)
_GAP = re.compile(r"<[^<>]+>")


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    One entry of the handbook.

    Attributes
    ----------
    name
        A status such as "step_underflow", an exception class, or a kind of message such as "missing-unit".
    messages
        What inkfade says; ``<...>`` stands for what differs.
    text
        Cause and fix.
    """

    name: str
    messages: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        said = "".join(f"\n  says: {message}" for message in self.messages)
        return f"{self.name}{said}\n{self.text}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html.page(html.line(self.name, strong=True), *map(html.line, (*self.messages, *self.text.splitlines())))

    def match(self, message: str) -> int:
        """How many letters of its messages are in this one, all of them in order; 0 where they are not."""
        return max((_letters(said) for said in self.messages if _pattern(said).search(message)), default=0)


def explain(what: str | BaseException) -> Explanation:
    """
    Look up a status, an error or a message in the error handbook.

    Parameters
    ----------
    what
        A status ("step_underflow"), the name of an entry ("missing-unit"), the text of a message, or the exception.

    Returns
    -------
    Explanation
        What it means, what causes it and what to do; it prints itself.

    Raises
    ------
    ParameterError
        If the handbook has nothing of that kind.

    Examples
    --------
    >>> explain("too_many_steps").name
    'too_many_steps'
    """
    if not isinstance(what, str | BaseException):
        raise ParameterError(f"explain takes a name, a message or an exception, got {what!r}")
    known = entries()
    text = str(what)
    if text in known:
        return known[text]
    best = max(known.values(), key=lambda entry: entry.match(text))
    if best.match(text):
        return best
    for kind in type(what).__mro__:
        if kind.__name__ in known:
            return known[kind.__name__]
    near = difflib.get_close_matches(text, known, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    raise ParameterError(f"the error handbook has no entry for {text[:80]!r}{hint}: docs/errors.md lists all")


@functools.cache
def entries() -> dict[str, Explanation]:
    """All entries by name, in the order of the handbook."""
    place = Path(__file__).with_name("errors.md")
    try:
        _, *parts = _HEADING.split(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"the error handbook {place} cannot be read: {error.strerror}; install inkfade anew") from error
    return {name: _entry(name, part) for name, part in zip(parts[::2], parts[1::2], strict=True)}


def _entry(name: str, part: str) -> Explanation:
    body = re.split(r"^## ", part, maxsplit=1, flags=re.MULTILINE)[0]
    return Explanation(name, tuple(_SAID.findall(body)), _SAID.sub("", body).strip())


@functools.cache
def _pattern(message: str) -> re.Pattern[str]:
    return re.compile(".*?".join(re.escape(part) for part in _GAP.split(message)), re.DOTALL)


def _letters(message: str) -> int:
    return len(_GAP.sub("", message))
