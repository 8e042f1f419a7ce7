"""The options that several commands share, each with its help, and the values that they make. Knows no rule."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import importer
from importer import SKILL_CATEGORIES, Ambiguous, AnomalyCode, endpoint_names, layout_names
from importer.cli.confirm import choose
from importer.cli.ending import set_notify_command
from importer.messages import about_columns, about_migrations
from importer.platforms.file_patterns import expand

if TYPE_CHECKING:
    from importer import Account, InputTable

_MATRIX = "skill-matrix"

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])
Values = Mapping[str, Any]
"""The values of the options of a command, by their names."""


def file(command: Command) -> Command:
    """Add FILE and the options that say how to read it; `to_table` takes them."""
    return _with(
        command,
        click.argument(
            "files",
            metavar="FILE...",
            nargs=-1,
            required=True,
            type=click.Path(path_type=Path),
            callback=lambda _context, _argument, paths: tuple(expand(paths)),
        ),
        click.option(
            "--as",
            "endpoint",
            metavar="ENDPOINT",
            type=click.Choice((*endpoint_names(), _MATRIX)),
            help="What the file is a list of, or skill-matrix: people down, skills across. Found from its headers and "
            "cells when left out.",
        ),
        click.option(
            "--sheet", "sheets", metavar="NAME", multiple=True, help="A sheet to load; several make one table."
        ),
        click.option(
            "--header-row", type=click.IntRange(1), metavar="N", help="The row with the headers, as Excel counts rows."
        ),
        click.option(
            "--layout",
            metavar="NAME",
            type=click.Choice(layout_names()),
            help=f"How the sheet is laid out, where we see it differently: {', '.join(layout_names())}.",
        ),
        click.option(
            "--column",
            "columns",
            metavar="FIELD=HEADER",
            multiple=True,
            help="The column of a field, by its header or letter: level=Points, or level=none for none of them. The "
            "fields are those of `importer endpoints`.",
        ),
        click.option("--person", metavar="NAME", help="Whose skills a sheet lists that does not say so."),
        click.option("--skill", metavar="NAME", help="Which skill a sheet is about that does not say so."),
        click.option("--fill-down", is_flag=True, help="A blank cell below a name means the same person (or skill)."),
        click.option(
            "--people-column", metavar="HEADER", help="The column of a matrix that says who, by its header or letter."
        ),
        click.option(
            "--skill-columns", metavar="H,H", help="The columns of a matrix to load, by their headers or letters."
        ),
        click.option(
            "--levels", metavar="WORDS", help='What words mean: "Beginner=1,...,Expert=5". Else a sheet named Levels.'
        ),
        click.option(
            "--encoding",
            metavar="NAME",
            help="The encoding of a text file, where we do not recognize it: cp1252, for example.",
        ),
        click.option(
            "--aliases",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="The workbook of what names mean and what you answered before.  [default: aliases.xlsx beside FILE]",
        ),
        click.option(
            "--no-aliases", is_flag=True, help="Use and remember no answers: neither read nor write that workbook."
        ),
        click.option("--match", type=click.Choice(["names"]), help="Go by names and e-mails, and leave ids aside."),
    )


def creation(command: Command) -> Command:
    """Add the options that say what may be made first; `to_tables` takes them."""
    return _with(
        command,
        click.option(
            "--create-missing",
            metavar="WHAT",
            multiple=True,
            callback=_words,
            help="Make what names lack in the account first: skills, groups, organizations (several by commas) or all. "
            "A name that is nearly one there is left to you. People are never created.",
        ),
        click.option(
            "--new",
            "new_names",
            metavar="NAME",
            multiple=True,
            help="A name that is new, although the account has something of nearly that name.",
        ),
        click.option(
            "--new-skill-category",
            type=click.Choice(SKILL_CATEGORIES, case_sensitive=False),
            metavar="NAME",
            help="The category of new skills where no column tells it.",
        ),
        click.option(
            "--new-skill-levels",
            type=click.Choice(["5", "1"]),
            help="Whether new skills have levels where the sheet does not tell: 5, or 1 for none.",
        ),
        click.option(
            "--limit",
            "limits",
            metavar="WHAT=N",
            multiple=True,
            help="How many the account takes, if more than documented: skills=6000, organizations=800, "
            "skills-per-person=300.",
        ),
    )


def _words(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().lower() for text in values for word in text.split(",") if word.strip())


def account(command: Command) -> Command:
    """Add the options that name an account; `to_account` takes them."""
    return _with(
        command,
        click.option("--base-url", metavar="URL", help="Where Kantata is.  [env: KANTATA_BASE_URL]"),
        click.option("--profile", metavar="NAME", help="The account that `importer login` keeps under this name."),
    )


def connection(command: Command) -> Command:
    """Add the options that say how to reach an account; `to_account` takes them."""
    return _with(
        account(command),
        click.option(
            "--timeout",
            "timeout_s",
            type=click.FloatRange(1),
            metavar="S",
            default=int(importer.DEFAULT_TIMEOUT_S),
            show_default=True,
            help="Seconds to wait for one answer. Kantata itself gives up after 180.",
        ),
        click.option("--max-rate", type=click.FloatRange(0.01), metavar="R", help="At most so many requests a second."),
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            metavar="N",
            default=16,
            show_default=True,
            help="At most so many requests at a time.",
        ),
    )


def mode(command: Command) -> Command:
    """Add --mode."""
    return click.option(
        "--mode",
        type=click.Choice(["upsert", "add", "mirror"]),
        default="upsert",
        show_default=True,
        help="upsert creates what is missing and updates levels that differ; add never changes a record; mirror also "
        "removes what the people (or members) in the file have and the file does not.",
    )(command)


def on_conflict(command: Command) -> Command:
    """Add --on-conflict."""
    return click.option(
        "--on-conflict",
        type=click.Choice(["keep", "overwrite"]),
        default="keep",
        show_default=True,
        help="What becomes of a record that the sheet changed, and somebody else in Kantata since the file was "
        "exported: keep Kantata's, or overwrite it.",
    )(command)


def removals(command: Command) -> Command:
    """Add --max-removals."""
    return click.option(
        "--max-removals",
        type=click.IntRange(0),
        metavar="N",
        default=0,
        show_default=True,
        help="Stop if more records than this would be removed.",
    )(command)


def accept(command: Command) -> Command:
    """Add --accept; its value is the set of codes in it."""
    return click.option(
        "--accept",
        metavar="WHAT",
        multiple=True,
        callback=_codes,
        help=f"Go on although the file looks like a mistake of this kind: {', '.join(AnomalyCode)}. Several by commas; "
        "what is not named stops, with --yes too.",
    )(command)


def _codes(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    codes = frozenset(code.strip().lower() for text in values for code in text.split(",") if code.strip())
    unknown = sorted(codes - set(AnomalyCode))
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)} is none of {', '.join(AnomalyCode)}.")
    return codes


def settle_wait(command: Command) -> Command:
    """Add --settle-wait; `to_account` takes it."""
    return click.option(
        "--settle-wait",
        "settle_wait_s",
        type=click.FloatRange(0),
        metavar="S",
        default=30,
        show_default=True,
        help="Seconds that a write without an answer, or one that is not shown yet, is looked for.",
    )(command)


def yes(command: Command) -> Command:
    """Add --yes."""
    return click.option("--yes", is_flag=True, help="Send without asking.")(command)


def as_json(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(command)


def notify_command(command: Command) -> Command:
    """Add --notify-command."""
    return click.option(
        "--notify-command",
        metavar="COMMAND",
        expose_value=False,
        callback=_keep_notify_command,
        help="Run COMMAND when this one has ended, however it ended: it gets the object of --json on its standard "
        "input, and IMPORTER_EXIT and IMPORTER_RUN in its environment. Its words are split as in a shell, and no shell "
        "runs it. It has 60 seconds; if it fails, we say so, and our exit code stays.",
    )(command)


def _keep_notify_command(context: click.Context, _option: click.Parameter, text: str | None) -> None:
    if text is not None and not context.resilient_parsing:
        set_notify_command(importer.split_command(text))


def output(what: str) -> Callable[[Command], Command]:
    """Add -o, which says where `what` is written."""
    return click.option("-o", "output", metavar="FILE", type=click.Path(path_type=Path), help=f"Where to write {what}.")


def to_tables(values: Values, account: "Account") -> "list[InputTable]":
    """The tables of the files, read with what the account knows; of the workbook of a whole account, all its lists.
    Where one can be read in more ways than one, a person chooses on a terminal.

    Raises: Unreadable.
    """
    while True:
        try:
            return _read(values, account)
        except Ambiguous as error:
            values = _answered(values, error)


def with_answers(
    values: Values, tables: "list[InputTable]", account: "Account", use: "Callable[[list[InputTable]], T]"
) -> T:
    """What `use` makes of the tables; where only the account shows that a question is open, it is asked on a terminal,
    and the files are read again with the answer.

    Raises: Unreadable, and what `use` raises.
    """
    while True:
        try:
            return use(tables)
        except Ambiguous as error:
            values = _answered(values, error)
            tables = to_tables(values, account)


def _answered(values: Values, error: Ambiguous) -> Values:
    """The options with the answer to a question."""
    chosen = choose(error)
    value: Any = chosen.value
    match chosen.option:
        case "sheets":
            value = (value,)
        case "columns":
            value = (*values["columns"], value)
        case "levels" if values["levels"]:
            value = f"{values['levels']},{value}"
        case "fill_down":
            value = True
    return {**values, chosen.option: value}


def _read(values: Values, account: "Account") -> "list[InputTable]":
    return account.read_all(
        values["files"],
        values["endpoint"],
        sheets=values["sheets"],
        header_row=values["header_row"],
        layout=values["layout"],
        columns=_columns(values["columns"]),
        people_column=values["people_column"],
        skill_columns=tuple(each.strip() for each in (values["skill_columns"] or "").split(",") if each.strip()),
        person=values["person"],
        skill=values["skill"],
        fill_down=values["fill_down"],
        levels=values["levels"],
        encoding=values["encoding"],
        match_names=values["match"] == "names",
        aliases=values["aliases"],
        no_aliases=values["no_aliases"],
        create_missing=values.get("create_missing", ()),
        new_names=values.get("new_names", ()),
        new_skill_category=values.get("new_skill_category"),
        new_skill_levels=values.get("new_skill_levels"),
        limits=_limits(values.get("limits", ())),
    )


def _limits(told: Iterable[str]) -> dict[str, int]:
    """The limits of `--limit WHAT=N`.

    Raises: Usage for anything else.
    """
    pairs = [text.partition("=") for text in told]
    for text, (_, _, number) in zip(told, pairs, strict=True):
        if not number.strip().isdecimal():
            raise about_migrations.not_a_limit(text)
    return {name.strip().lower(): int(number) for name, _, number in pairs}


def _columns(told: Iterable[str]) -> dict[str, str]:
    """The fields and headers of `--column FIELD=HEADER`.

    Raises: Usage for anything else.
    """
    pairs = [text.partition("=") for text in told]
    for text, (field, sign, header) in zip(told, pairs, strict=True):
        if not (sign and field.strip() and header.strip()):
            raise about_columns.not_a_column(text)
    return {field.strip(): header.strip() for field, _, header in pairs}


_CONNECTION = ("workers", "max_rate", "timeout_s", "settle_wait_s")


def to_account(values: Values, token: str | None = None) -> "Account":
    """The account; this sends no request yet. A file that is to be loaded is read from here on, while the program is
    still being imported.

    Raises: Usage when there is no such profile.
    """
    _begin_reading(values)
    return importer.Account(token, **_connection_options(values))


def open_account(values: Values) -> "Account":
    """The account, for a command that cannot do without it: from here on it is asked whose it is, and the file is read,
    while the program is still being imported.

    Raises: Usage when there is no such profile.
    """
    _begin_reading(values)
    options = _connection_options(values)
    return importer.Account(access_future=importer.begin_access(**options), **options)


def _begin_reading(values: Values) -> None:
    for path in values.get("files", ())[:1]:
        importer.read_ahead(path)


def _connection_options(values: Values) -> Any:
    """Where the account is, and how hard it is pressed."""
    return {name: values[name] for name in ("base_url", "profile", *_CONNECTION) if name in values}


def _with(command: Command, *options: Callable[[Any], Any]) -> Command:
    """The command with these options, in this order in its help."""
    for option in reversed(options):
        command = option(command)
    return command
