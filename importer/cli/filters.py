"""The filters of exports as options, each with its help, and the values they make. Each has one name everywhere."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from importer import ExportOptions, SelectionOptions

Command = TypeVar("Command", bound=Callable[..., Any])

PEOPLE = ("user", "group", "department", "geography", "project", "active-only")
"""What chooses people."""
SKILLS = ("skill", "category")
SELECTION = ("user", "group", "department", "geography", *SKILLS, "with-inactive")
"""What chooses people and skills for a template or a report."""
CREATED, UPDATED = ("created-after", "created-before"), ("updated-after", "updated-before")

_NAMED = {
    "user": ("users", "NAME", "Only this person, by e-mail address or full name."),
    "group": ("groups", "NAME", "Only people in this group."),
    "department": ("departments", "PATH", "Only people in this department, or in one that lies in it."),
    "geography": ("geographies", "PATH", "Only people in this geography, or in one that lies in it."),
    "project": ("projects", "TITLE", "Only people in this project."),
    "skill": ("skills", "NAME", 'Only this skill; "Language > German" tells namesakes apart.'),
    "category": ("categories", "NAME", "Only skills of this category."),
}
"""Filters that a command takes several times: the value's name, what it is, the help."""
_TIMES = {
    "created-after": "Only what was made after this time; a day means its beginning, in UTC.",
    "created-before": "Only what was made before it.",
    "updated-after": "Only what was changed after it.",
    "updated-before": "Only what was changed before it.",
}
_OTHERS: dict[str, dict[str, Any]] = {
    "active-only": {
        "param_decls": ["--active-only/--with-inactive"],
        "default": False,
        "help": "Without inactive people; they are among them otherwise.",
    },
    "with-inactive": {
        "param_decls": ["--with-inactive/--active-only"],
        "default": False,
        "help": "Inactive people, too; or not.",
    },
    "companies-only": {"is_flag": True, "help": "Only groups that are companies."},
    "primary": {"param_decls": ["--primary/--not-primary"], "default": None, "help": "Only primary ones, or the rest."},
    "member-type": {
        "type": click.Choice(["User", "Workspace"], case_sensitive=False),
        "help": "Only people, or only projects.",
    },
    "tree": {"type": click.Choice(["Geography", "Department"], case_sensitive=False), "help": "Only this tree."},
    "matching": {"metavar": "TEXT", "help": "Only what Kantata finds under this text."},
}


def filters(*names: str, **helps: str) -> Callable[[Command], Command]:
    """Add these filters; `to_export_options` takes them. `helps` says what one means where it is not the usual."""

    def add(command: Command) -> Command:
        for name in reversed(names):
            command = _option(name, helps)(command)
        return command

    return add


def _option(name: str, helps: Mapping[str, str]) -> Callable[[Command], Command]:
    if name in _NAMED:
        value, metavar, usual = _NAMED[name]
        says = f"{helps.get(name, usual)} May be given several times."
        return click.option(f"--{name}", value, metavar=metavar, multiple=True, help=says)
    if name in _TIMES:
        return click.option(f"--{name}", metavar="DATE", help=_TIMES[name])
    settings = dict(_OTHERS[name])
    return click.option(*settings.pop("param_decls", [f"--{name}"]), **settings)


def to_export_options(values: Mapping[str, Any]) -> "ExportOptions":
    """What to export, by those filters that the command has."""
    return cast("ExportOptions", _filter_values(values))


def to_selection(values: Mapping[str, Any]) -> "SelectionOptions":
    """Which people and skills to take, by the filters of `SELECTION`."""
    return cast("SelectionOptions", _filter_values(values))


def _filter_values(values: Mapping[str, Any]) -> dict[str, Any]:
    names = [*(value for value, _, _ in _NAMED.values()), *(name.replace("-", "_") for name in (*_TIMES, *_OTHERS))]
    return {name: values[name] for name in names if name in values}
