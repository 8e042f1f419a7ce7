"""The list of everything that is said of problems: each message with its code, title, an example, and its exit code
where it ends the command. Knows no sentence; the modules beside it do.

A message is a function that takes the values of its sentence and gives the sentence with its remedies. Its decorator
enters it here and makes it give a `Message` (for a problem of the user's data) or the error to raise.
"""

import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import ParamSpec, TypeVar

import importer.messages
from importer.errors import ImporterError
from importer.remedies import Message, Remedy

Said = tuple[str, *tuple[Remedy, ...]]
"""A sentence, and what a person can do about it."""

P = ParamSpec("P")
E = TypeVar("E", bound=ImporterError)

_PREFIX = "about_"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `subject` is the module that holds it, `error` the exception that it is raised as, if it is."""

    code: str
    title: str
    subject: str
    name: str
    error: type[ImporterError] | None
    example: Callable[[], Message]


_ENTRIES: dict[tuple[str, str], Entry] = {}


def problem(code: str, title: str, *example: object) -> Callable[[Callable[P, Said]], Callable[P, Message]]:
    """Enter a message about the user's data. The `example` gives values for the sentence."""

    def enter(say: Callable[P, Said]) -> Callable[P, Message]:
        loose: Callable[..., Said] = say

        @wraps(say)
        def make(*args: P.args, **kwargs: P.kwargs) -> Message:
            return _message(code, say(*args, **kwargs))

        _add(code, title, make, None, lambda: _message(code, loose(*example)))
        return make

    return enter


def error(kind: type[E], code: str, title: str, *example: object) -> Callable[[Callable[P, Said]], Callable[P, E]]:
    """Enter a message that ends the command, raised as an exception of this kind."""

    def enter(say: Callable[P, Said]) -> Callable[P, E]:
        loose: Callable[..., Said] = say

        @wraps(say)
        def make(*args: P.args, **kwargs: P.kwargs) -> E:
            return kind(_message(code, say(*args, **kwargs)))

        _add(code, title, make, kind, lambda: _message(code, loose(*example)))
        return make

    return enter


def subjects() -> Iterator[str]:
    """The modules that hold messages, by name."""
    yield from (each.name for each in pkgutil.iter_modules(importer.messages.__path__) if each.name.startswith(_PREFIX))


def entries() -> list[Entry]:
    """Every message, by subject, in the order in which they stand there."""
    known = list(subjects())
    for name in known:
        import_module(f"importer.messages.{name}")
    return sorted(_ENTRIES.values(), key=lambda entry: known.index(entry.subject))


def _message(code: str, said: Said) -> Message:
    sentence, *remedies = said
    return Message(code, sentence, tuple(remedies))


def _add(
    code: str, title: str, make: Callable[..., object], kind: type[ImporterError] | None, example: Callable[[], Message]
) -> None:
    subject = make.__module__.rpartition(".")[2]
    _ENTRIES[subject, make.__name__] = Entry(code, title, subject, make.__name__, kind, example)


_INTRODUCTION = """# Messages

Everything that importer says about a problem: in your file, in the account, or in how a command was used. Each message
has a code, which programs can rely on: `--json` has it in `problems`. The same problem has the same words on the
command line, in the page and in the result workbook. Only the remedy looks different: the command line names an
option, as below, the page names its own field or button, and the workbook says what to type.

A message with an exit code ends the command. The others are about single rows or cells: the rest of the file goes on.

This page is made from the program (`python -m importer.messages`). Do not edit it by hand.
"""


def as_markdown() -> str:
    """The page of the documentation that lists every message, by subject."""
    every = entries()
    return _INTRODUCTION + "".join(_section(subject, every) for subject in subjects())


def _section(subject: str, every: list[Entry]) -> str:
    about = (import_module(f"importer.messages.{subject}").__doc__ or "").partition("\n\n")[0]
    first_sentence = " ".join(about.split()).partition(". ")[0].rstrip(".")
    rows = "".join(_row(entry) for entry in every if entry.subject == subject)
    head = "| Code | Problem | What it says | What to do | Exit code |\n|---|---|---|---|---|\n"
    return f"\n## {subject.removeprefix(_PREFIX).capitalize()}\n\n{first_sentence}.\n\n{head}{rows}"


def _row(entry: Entry) -> str:
    said = entry.example()
    ends_with = "" if entry.error is None else str(entry.error.exit_code)
    cells = (f"`{entry.code}`", entry.title, _escaped(said.sentence), _escaped(said.fix), ends_with)
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    """Text as it stands in a cell of a Markdown table."""
    return re.sub(r"([|*<])", r"\\\1", text)
