"""What a switch is, and how a value for one is read; knows no single switch."""

import re
from collections.abc import Callable
from dataclasses import dataclass

DOCUMENTED = "documented"
RECORDED = "recorded"
SERVER_GEM = "mavenlink/brainstem"
CLIENTS = "client code"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Form:
    """Values of a switch that cannot be listed, such as a number: a pattern, in words, and examples."""

    pattern: str
    words: str
    examples: tuple[str, ...]
    accepts: Callable[[str], bool] = bool  # asked for a value that the pattern matches


@dataclass(frozen=True, slots=True)
class Switch:
    """One behaviour that can be chosen; the first of `values` is the default.

    `number` is its place in the list of behaviours (1 authentication, 2 transport, 3 reading, 4 writing one
    object, 5 bulk create, 6 load and failures); `evidence` says how well the default is known.
    """

    name: str
    values: tuple[str, ...]
    means: str
    number: str
    evidence: str = UNKNOWN
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


NUMBER = Form(r"\d{1,9}", "N", ("3",))
NTH = r"(every\s+)?[1-9]\d{0,8}"
