"""What the help of each page says: what the page is, and the columns of each list, as the endpoints declare them.

Knows no session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import importer
from importer import Field

_ABOUT: Mapping[str, str] = {
    "start": "Here you choose the Kantata account and the spreadsheet to load into it. We only read both until you "
    "have seen the plan and pressed Send.",
    "reading": "Here you see how we read your file: which column is what, and which level is which. Change what is "
    "wrong, then continue.",
    "corrections": "Here you see what is wrong in your file. Correct it here, or leave these rows out, then look at "
    "what would change.",
    "plan": "Here you see, line by line, what the file would change in Kantata. Nothing has been sent yet. Press Send "
    "to send these changes, or go back to the file.",
    "run_progress": "Your changes are being sent. You can close this page: the run continues, and you find it under "
    "History.",
    "run": "Here you see what became of every row. The result workbook has the same, with the rows that need you on "
    "its sheet To fix.",
    "runs": "Here are all runs of this computer, the latest first. You can finish a run that stopped, or undo one.",
    "undo": "Here you see what undoing the run would change. Nothing has been sent yet.",
    "exports": "Here you write what the account holds to a file: a list, the skill matrix, or a report. This changes "
    "nothing in Kantata.",
    "export": "Here is the file that you asked for.",
    "templates": "Here you get workbooks to fill in and load: blank, or filled in with what the account holds.",
    "wait": "This page waits until the step is done, and then goes on by itself.",
    "help": "Here are the columns that a list of each kind may have.",
}


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """One column that a list may have: its header, what stands in it, an example, and whether a list must have it."""

    header: str
    about: str
    example: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ListHelp:
    """The columns of one kind of list; `name` is that of its endpoint."""

    name: str
    title: str
    columns: tuple[ColumnHelp, ...]


def about_page(template: str) -> str:
    """What the page of this template (`plan.html`) is, in a sentence or two; empty where nothing needs to be said."""
    return _ABOUT.get(template.removesuffix(".html"), "")


@cache
def list_helps() -> tuple[ListHelp, ...]:
    """The columns of every kind of list."""
    return tuple(_list_help(name) for name in importer.endpoint_names())


def _list_help(name: str) -> ListHelp:
    endpoint = importer.load_endpoint(name)
    columns = tuple(
        ColumnHelp(
            column.name if isinstance(column, Field) else column.header,
            column.description,
            column.example,
            isinstance(column, Field) and column.required and not endpoint.usual_names(column.name),
        )
        for column in endpoint.usual_columns()
    )
    return ListHelp(endpoint.name, endpoint.title, columns)
