"""Every exception raised on purpose, with its exit code; knows nothing of what was being done.

    ImporterError            1   a fault of ours
    ├── Usage                2   the command was used in a way that cannot work
    ├── Guarded              4   nothing was sent: a guard held, or the person said no
    │   └── Suspected        4   nothing was sent: the file looks like an accident
    ├── Unreadable           5   the file cannot be read
    │   └── Ambiguous        5   it can be read in more ways than one
    ├── Denied               6   Kantata refused the token or the permission
    ├── Unreachable          7   Kantata could not be reached
    ├── Unfinished           8   some rows are unknown or not sent
    └── Interrupted        130   somebody stopped the command

An exception means that we cannot go on. What is wrong with a row of the user's data is a
`model.Problem`, which is collected and never raised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a question: in words, and as the option of `importer.read` that gives it, with its value."""

    label: str
    option: str
    value: str

    @property
    def typed(self) -> str:
        """The option as the command line writes it: `--header-row 3`."""
        name = _TYPED.get(self.option, self.option.replace("_", "-"))
        return f"--{name} {as_typed(self.value)}".rstrip()


_TYPED = {"sheets": "sheet", "columns": "column", "endpoint": "as"}
"""Options that are called otherwise on the command line, where they are given once for each value."""


@dataclass(frozen=True, slots=True)
class LevelWord:
    """A text in the place of a level: in how many cells it stands, and the level that it means or is likely to mean:
    `0` to `5`, or `none` (does not have it); empty where nobody knows.
    """

    text: str
    cells: int
    meaning: str


class Ambiguous(Unreadable):
    """The file can be read in more ways than one: each of the `answers`, where they are few, settles it."""

    answers: tuple[Choice, ...] = ()
    is_first_likely: bool = False
    """Whether the first answer is likely the right one, so that Enter takes it."""
    words: tuple[LevelWord, ...] = ()
    """The texts of which it asks which levels they are."""
    further: tuple["Ambiguous", ...] = ()
    """Other questions that are open, too, and come after this one."""

    def offering(self, option: str, values: Sequence[str], labels: Sequence[str] = ()) -> Self:
        """The same question, with the option that answers it and the values there are; `labels` say in words what each
        of them means, where that is not plain.
        """
        return self.asking(
            *(Choice(label, option, value) for label, value in zip(labels or values, values, strict=True))
        )

    def asking(self, *answers: Choice) -> Self:
        """The same question with these answers."""
        self.answers = answers
        return self

    def with_likely_first(self) -> Self:
        """The same question, of whose answers the first is likely the right one."""
        self.is_first_likely = bool(self.answers)
        return self

    def about(self, *words: LevelWord) -> Self:
        """The same question, with the texts of which it asks which levels they are."""
        self.words = words
        return self

    def before(self, *others: "Ambiguous") -> Self:
        """The same question, with others that are open and come after it."""
        self.further = others
        return self

    @property
    def code(self) -> str:
        """What it is about: `header`, `layout`, `columns`, `zero`, `levels`."""
        return self.said.code

    @property
    def question(self) -> dict[str, Any]:
        """The question as JSON has it: each answer in words, and the option that gives it."""
        choices = [{"label": each.label, "option": each.typed} for each in self.answers]
        return {"code": self.code, "message": self.message, "choices": choices}

    @property
    def questions(self) -> list[str]:
        """The codes of all questions that are open, this one first."""
        return [self.code, *(code for each in self.further for code in each.questions)]


class Denied(ImporterError):  # noqa: N818
    """Kantata refused the token or the permission."""

    exit_code = 6


class Unreachable(ImporterError):  # noqa: N818
    """Kantata could not be reached, or gave no usable answer."""

    exit_code = 7


class Unfinished(ImporterError):  # noqa: N818
    """Some rows are unknown or were not sent."""

    exit_code = 8


class Interrupted(ImporterError):  # noqa: N818
    """Somebody stopped the command before its end."""

    exit_code = 130
