"""What a person can do about a problem, as values, and the message that carries them. Knows no face but the plainest:
each remedy as the command line writes it, which JSON and logs show too.

The page and the workbook render the same values in words of their own: no face repairs a sentence made for another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Self

_NEEDS_NO_QUOTES = re.compile(r"[\w.,:/-]+")


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, in words that are right on every face."""

    text: str


@dataclass(frozen=True, slots=True)
class EditCell:
    """Correct the cell: enter what is accepted there (`0 to 5, or leave the cell empty`)."""

    accepted: str


@dataclass(frozen=True, slots=True)
class OpenInExcel:
    """Open the file in Excel and save it, so that Excel calculates or repairs it."""


@dataclass(frozen=True, slots=True)
class ChooseName:
    """Choose whom or what (`thing`) a name means: in the alias workbook, or where a face asks."""

    workbook: str
    thing: str


@dataclass(frozen=True, slots=True)
class ChooseNames:
    """Choose what names mean (`what`: `what each means`) in the alias workbook, to which they were just added."""

    workbook: str
    what: str


@dataclass(frozen=True, slots=True)
class SetOption:
    """Set an option (`levels`) to a value (`high=4`), in order to reach a goal (`use words`)."""

    option: str
    value: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class DropOption:
    """Do without an option."""

    option: str


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a command of ours (`resume`), in order to reach a goal (`finish the run`)."""

    command: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Give a token."""


@dataclass(frozen=True, slots=True)
class UseItsAccount:
    """Work with the account that the file or the run belongs to."""


@dataclass(frozen=True, slots=True)
class SetVariable:
    """Set a variable of the environment; `otherwise` says what to do where no variable can be set."""

    name: str
    to: str
    otherwise: str


Remedy = (
    Advice
    | EditCell
    | OpenInExcel
    | ChooseName
    | ChooseNames
    | SetOption
    | DropOption
    | RunCommand
    | SignIn
    | UseItsAccount
    | SetVariable
)
KINDS: dict[str, type[Remedy]] = {
    kind.__name__: kind
    for kind in (
        Advice,
        EditCell,
        OpenInExcel,
        ChooseName,
        ChooseNames,
        SetOption,
        DropOption,
        RunCommand,
        SignIn,
        UseItsAccount,
        SetVariable,
    )
}
"""Every kind of remedy by its name, as the journal stores it."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said of a problem: its code, one sentence, and what a person can do about it."""

    code: str
    sentence: str
    remedies: tuple[Remedy, ...] = ()

    @property
    def fix(self) -> str:
        """The remedies as the command line writes them."""
        return fix_of(self.remedies)


class Note(str):
    """What is worth knowing, as a sentence, with what a person can do about it. As a text it is what the command line
    says of both; other faces render `sentence` and `remedies`.
    """

    __slots__ = ("remedies", "sentence")
    sentence: str
    remedies: tuple[Remedy, ...]

    def __new__(cls, sentence: str, *remedies: Remedy) -> Self:
        """The note of this sentence."""
        note = super().__new__(cls, f"{sentence} {fix_of(remedies)}".strip())
        note.sentence, note.remedies = sentence, remedies
        return note


def fix_of(remedies: Iterable[Remedy]) -> str:
    """Remedies as the command line writes them, one sentence after another; empty for none."""
    return " ".join(map(as_command_line, remedies))


def fix_in_workbook(remedies: Iterable[Remedy]) -> str:
    """Remedies for somebody who has the sheet before them: options and commands only where nothing else helps."""
    some = tuple(remedies)
    there = [each for each in some if isinstance(each, Advice | EditCell | OpenInExcel | ChooseName)]
    return fix_of(there or some)


def as_command_line(remedy: Remedy) -> str:  # noqa: PLR0911  (one for each kind)
    """One remedy as the command line writes it."""
    match remedy:
        case SetOption(option, value, goal):
            typed = f"{'-' if len(option) == 1 else '--'}{option} {as_typed(value)}".strip()
            return f"To {goal}, add {typed}." if goal else f"Add {typed}."
        case DropOption(option):
            return f"Leave out --{option}."
        case RunCommand(command, goal):
            return f"To {goal}, run `importer {command}`." if goal else f"Run `importer {command}`."
        case SignIn():
            return "Run `importer login`, or set KANTATA_TOKEN."
        case UseItsAccount():
            return "Use the --base-url or --profile of its account."
        case SetVariable(name, to, _):
            return f"Set {name} to {to}."
        case ChooseName(workbook, thing):
            return f"Or choose the right {thing} in {workbook}."
        case ChooseNames(_, "it"):
            return "Choose it there, and load the file again."
        case ChooseNames(_, what):
            return f"Choose there {what}, and load the file again."
        case _:
            return in_the_sheet(remedy)


def as_typed(value: str) -> str:
    """An option's value as a person types it in a terminal, in quotation marks where it needs them."""
    return value if not value or _NEEDS_NO_QUOTES.fullmatch(value) else f'"{value}"'


def in_the_sheet(remedy: Advice | EditCell | OpenInExcel) -> str:
    """A remedy that is the same on every face, as it is about the sheet and not about the program."""
    match remedy:
        case Advice(text):
            return text
        case EditCell(accepted):
            return f"Enter {accepted}."
        case OpenInExcel():
            return "Open the file in Excel, save it, and try again."


def pack(remedies: Iterable[Remedy]) -> list[list[Any]]:
    """Remedies as JSON can hold them."""
    return [[type(remedy).__name__, *astuple(remedy)] for remedy in remedies]


def unpack(packed: Sequence[Sequence[Any]] | str) -> tuple[Remedy, ...]:
    """The remedies that were packed. Journals of version 0.1 hold the sentence alone."""
    if isinstance(packed, str):
        return (Advice(packed),) if packed else ()
    return tuple(KINDS[str(each[0])](*each[1:]) for each in packed)
