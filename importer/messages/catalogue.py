"""The list of everything that is said of problems: each message with its code, title, an example, and its exit code
where it ends the command. Knows no sentence; the modules beside it do.

A message is a function that takes the values of its sentence and gives the sentence with its remedies. Its decorator
enters it here and makes it give a `Message` (for a problem of the user's data) or the error to raise.
"""

import pkgutil
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
has a code, which JSON and the journal show too, one sentence, and what you can do about it. The sentences below are
examples. The remedies are those of the command line; the page offers its own controls instead.

A message with an exit code ends the command. The others are about single rows or cells: the rest of the file goes on.

This page is made from the program (`python -m importer.messages`). Do not edit it by hand.
"""


def as_markdown() -> str:
    """The page of the documentation that lists every message, by subject."""
    pages = [_INTRODUCTION]
    every = entries()
    for subject in subjects():
        module = import_module(f"importer.messages.{subject}")
        about = (module.__doc__ or "").partition("\n")[0].partition(".")[0]
        pages.append(f"\n## {subject.removeprefix(_PREFIX).capitalize()}\n\n{about}.\n")
        pages += [_described(entry) for entry in every if entry.subject == subject]
    return "".join(pages)


def _described(entry: Entry) -> str:
    said = entry.example()
    code = f"`{entry.code}`" + ("" if entry.error is None else f", exit code {entry.error.exit_code}")
    fix = f"\n>\n> {_escaped(said.fix)}" if said.fix else ""
    return f"\n### {entry.title}\n\n{code}\n\n> {_escaped(said.sentence)}{fix}\n"


def _escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "&lt;")
