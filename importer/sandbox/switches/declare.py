"""What a switch is, how a value for one is read, and all switches as the file beside this module lists them.

Knows no present value, and not what a switch does.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Form:
    """Values of a switch that cannot be listed, such as a number: a pattern, in words, and examples."""

    pattern: str
    words: str
    examples: Sequence[str]
    accepts: Callable[[str], bool] = bool  # asked for a value that the pattern matches


@dataclass(frozen=True, slots=True)
class Switch:
    """One behaviour that can be chosen; the first of `values` is the default. The file explains the rest."""

    name: str
    values: Sequence[str]
    means: str
    number: str
    evidence: str = "unknown"
    form: Form | None = None

    @property
    def default(self) -> str:
        """The value at the start."""
        return self.values[0]

    @property
    def accepted(self) -> str:
        """The accepted values in words."""
        words = [*self.values, *([self.form.words] if self.form else [])]
        return " / ".join(words)

    @property
    def described(self) -> dict[str, str]:
        """What it accepts and means, and how well its default is known."""
        return {name: getattr(self, name) for name in ("default", "accepted", "means", "number", "evidence")}

    def read(self, text: str) -> str | None:
        """The value that `text` means, spelled as declared; None if it means none.

        Case, and spaces, hyphens and underscores between words, do not matter.
        """
        wanted = _same(text)
        for value in self.values:
            if _same(value) == wanted:
                return value
        stripped = text.strip()
        if self.form and re.fullmatch(self.form.pattern, stripped) and self.form.accepts(stripped):
            return stripped
        return None


def _same(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _switch(name: str, declared: Mapping[str, Any]) -> Switch:
    form = declared.get("form")
    return Switch(**{**declared, "name": name, "form": FORMS[form] if form else None})


_FILE = files("importer.sandbox.switches") / "switches.toml"
_DECLARED: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_ACCEPTS = {"zone": _is_zone}

FORMS = {name: Form(**form, accepts=_ACCEPTS.get(name, bool)) for name, form in _DECLARED["forms"].items()}
SECTIONS: dict[str, tuple[Switch, ...]] = {
    section["title"]: tuple(_switch(name, declared) for name, declared in section["switches"].items())
    for section in _DECLARED["sections"]
}
SWITCHES: dict[str, Switch] = {each.name: each for section in SECTIONS.values() for each in section}
SETS: dict[str, dict[str, str]] = _DECLARED["sets"]
