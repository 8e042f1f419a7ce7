"""The manual page, made from the help of the commands: `python -m importer.cli.manual > docs/importer.1`.

Knows how click keeps what a command says of itself, and how man writes it; says little that the help does not.
"""

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator

import click

from importer import __version__
from importer.cli import group

_CHANGED = "2026-11-28"
"""The day at the foot of the page: when what it says last changed."""
_WIDTH = 72
_OUTPUT = (
    "What people read goes to standard error. Standard output has the result: a path, or with --json one object. "
    "Without a terminal nothing is asked."
)

ENVIRONMENT = {
    "KANTATA_TOKEN": "The token. Without it, the one that `importer login` kept is used. It is never an option.",
    "KANTATA_BASE_URL": "Where Kantata is, unless --base-url says so. Default: https://api.mavenlink.com/api/v1.",
    "KANTATA_STATUS_URL": "Where `importer doctor` asks for Kantata's own health when something fails. "
    "Default: https://status.mavenlink.com/api/v2/status.json.",
    "IMPORTER_HOME": "The folder for the journal and the history. Default: your system's folder for such things, which "
    "`importer doctor` shows.",
    "HTTPS_PROXY, NO_PROXY": "The proxy to Kantata, and what is reached without it.",
    "REQUESTS_CA_BUNDLE": "A file of certificates to trust instead of the usual ones.",
    "NO_COLOR": "Leave out colors, if this is set to anything.",
    "IMPORTER_EXIT, IMPORTER_RUN": "What the command of --notify-command gets: the exit code, and the id of the run.",
}
FILES = {
    "aliases.xlsx": "Beside your file: what names, words and columns mean, as you answered.",
    "*.result.xlsx, *.plan.xlsx, *.undo.xlsx": "Beside your file: what became of each row, or would. No file is ever "
    "overwritten.",
    "journal.sqlite": "In the folder of IMPORTER_HOME: every run, for `importer resume` and `importer undo`. Old ones "
    "are deleted by `importer runs --prune`.",
    "files/": "In the same folder: copies of files that we had only for a moment, for as long as their runs are kept.",
    "profiles.json": "In the same folder: the base URL of each profile. Tokens are in the system's keyring.",
}


def as_roff() -> str:
    """The whole page, in the language of man."""
    context = click.Context(group, info_name="importer", **group.context_settings)
    first, *rest = _paragraphs(group.help)
    parts = [
        f'.TH IMPORTER 1 "{_CHANGED}" "importer {__version__}" "User Commands"',
        ".SH NAME",
        r"importer \- load spreadsheets of memberships into Kantata OX",
        ".SH SYNOPSIS",
        ".B importer",
        r".I COMMAND",
        r"[\fIOPTION\fP]... [\fIARGUMENT\fP]...",
        ".SH DESCRIPTION",
        *_prose(first),
        ".PP",
        *_prose(_OUTPUT),
        *_options(context),
        ".SH COMMANDS",
        *(line for name in group.commands for line in _command(group.commands[name], name, context)),
        ".SH EXIT STATUS",
        *_exit_codes(),
        ".SH ENVIRONMENT",
        *_terms(ENVIRONMENT),
        ".SH FILES",
        *_terms(FILES),
        ".SH EXAMPLES",
        *(line for paragraph in rest for line in _paragraph(paragraph)),
    ]
    return "\n".join(parts) + "\n"


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """What a command says of itself, and the commands below it."""
    context = click.Context(command, info_name=name, parent=parent)
    words = " ".join(command.collect_usage_pieces(context)).replace("[OPTIONS] ", "")
    yield f".SS {_escaped(context.command_path)} {_escaped(words.removesuffix('[OPTIONS]'))}".rstrip()
    for at, paragraph in enumerate(_paragraphs(command.help)):
        yield from [".PP"] if at else []
        yield from _paragraph(paragraph)
    yield from _options(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from _command(command.commands[below], below, context)


def _options(context: click.Context) -> Iterator[str]:
    options = [each for each in context.command.get_params(context) if isinstance(each, click.Option)]
    records = [each.get_help_record(context) for each in options]
    yield from _terms(dict(each for each in records if each is not None))


def _exit_codes() -> Iterator[str]:
    codes = re.findall(r"^ +(\d+) +(.*)$", group.epilog or "", flags=re.MULTILINE)
    yield from _terms({code: f"{says[:1].upper()}{says[1:]}." for code, says in codes})


def _terms(terms: dict[str, str]) -> Iterator[str]:
    """Each term in bold, with what it is below it."""
    for term, says in terms.items():
        yield ".TP"
        yield f".B {_escaped(term)}"
        yield from _prose(says)


def _paragraphs(text: str | None) -> list[str]:
    return [each for each in inspect.cleandoc(text or "").split("\n\n") if each.strip()]


def _paragraph(text: str) -> Iterator[str]:
    r"""A paragraph as prose, or line by line where `\b` asks click to leave it as it is."""
    if not text.startswith("\b"):
        yield from _prose(text)
        return
    yield ".nf"
    yield from (_escaped(line) for line in text.removeprefix("\b").strip("\n").splitlines())
    yield ".fi"


def _prose(text: str) -> Iterator[str]:
    lines = textwrap.wrap(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield from (_escaped(line) for line in lines)


def _escaped(text: str) -> str:
    """The text as it stands; an option keeps its hyphens, so that it can be copied."""
    text = text.replace("\\", r"\e")
    text = re.sub(r"(?<![\w-])-{1,2}[A-Za-z][\w-]*|(?<!\w)-(?!\w)", lambda found: found[0].replace("-", r"\-"), text)
    return rf"\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    sys.stdout.write(as_roff())
