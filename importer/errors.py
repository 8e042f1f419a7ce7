"""Every exception raised on purpose, with its exit code; knows nothing of what was being done.

    ImporterError            1   a fault of ours
    ├── Usage                2   the command was used in a way that cannot work
    ├── Guarded              4   nothing was sent: a guard held, or the person said no
    │   └── Suspected        4   nothing was sent: the file looks like an accident
    ├── Unreadable           5   the file cannot be read
    │   └── Ambiguous        5   it can be read in more ways than one
    ├── Denied               6   Kantata refused the token or the permission
    ├── Unreachable          7   Kantata could not be reached
    └── Unfinished           8   some rows are unknown or not sent

An exception means that we cannot go on. What is wrong with a row of the user's data is a
`model.Problem`, which is collected and never raised.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from importer.remedies import Message, Remedy, as_typed


class ImporterError(Exception):
    """We cannot go on: the message says why in one sentence, and what a person can do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, said: Message) -> None:
        super().__init__(said)
        self.said = said

    @property
    def message(self) -> str:
        """Why we cannot go on, in one sentence."""
        return self.said.sentence

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What a person can do about it."""
        return self.said.remedies

    @property
    def fix(self) -> str:
        """The remedies as the command line writes them."""
        return self.said.fix

    def at(self, place: str) -> Self:
        """The same error, with the place in front of its sentence."""
        self.said = replace(self.said, sentence=f"{place}: {self.said.sentence}")
        return self

    def also(self, *remedies: Remedy) -> Self:
        """The same error, with further remedies."""
        self.said = replace(self.said, remedies=(*self.said.remedies, *remedies))
        return self

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class Usage(ImporterError):  # noqa: N818  (the names read as what happened, as in the table above)
    """The command was used in a way that cannot work."""

    exit_code = 2


class Guarded(ImporterError):  # noqa: N818
    """Nothing was sent: a guard held, the person said no, or nobody was there to ask."""

    exit_code = 4


class Suspected(Guarded):
    """Nothing was sent: the file looks like a mistake. `anomalies` gives the code, message and fix of each."""

    anomalies: tuple[Mapping[str, str], ...] = ()


class Unreadable(ImporterError):  # noqa: N818
    """The file cannot be read: the message names it and says why."""

    exit_code = 5


class Ambiguous(Unreadable):
    """The file can be read in more ways than one: `option` settles it, with one of the `choices` where they are few."""

    option: str = ""
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def offering(self, option: str, choices: tuple[str, ...], labels: tuple[str, ...] = ()) -> Self:
        """The same question, with the option that answers it and the answers there are; `labels` say in words what
        each of them means, where that is not plain.
        """
        self.option, self.choices, self.labels = option, choices, labels or choices
        return self

    @property
    def question(self) -> dict[str, Any]:
        """The question as JSON has it: each answer in words, and the option that gives it."""
        name = {"sheets": "sheet"}.get(self.option, self.option.replace("_", "-"))
        choices = [
            {"label": label, "option": f"--{name} {as_typed(choice)}"}
            for label, choice in zip(self.labels, self.choices, strict=True)
        ]
        return {"code": self.said.code, "message": self.message, "choices": choices}


class Denied(ImporterError):  # noqa: N818
    """Kantata refused the token or the permission."""

    exit_code = 6


class Unreachable(ImporterError):  # noqa: N818
    """Kantata could not be reached, or gave no usable answer."""

    exit_code = 7


class Unfinished(ImporterError):  # noqa: N818
    """Some rows are unknown or were not sent."""

    exit_code = 8
