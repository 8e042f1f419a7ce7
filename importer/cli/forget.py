"""`importer forget`: take a person out of what this machine keeps. Needs no account."""

from typing import TYPE_CHECKING, Any

import click

import importer
from importer import count_of
from importer.cli import options
from importer.cli.confirm import confirm_deletion
from importer.cli.output import print_json, say, say_lines

if TYPE_CHECKING:
    from importer import PersonTraces, RunTraces


_KINDS = {"e-mail": "e-mail address", "id": "id", "name": "name"}


@click.command(short_help="Take a person out of the history on this machine.")
@click.argument("person", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option(
    "--close-unfinished",
    is_flag=True,
    help="Give up unfinished runs that have rows of the person: what is left of them is never sent.",
)
@options.account
@options.as_json
def forget(*, person: tuple[str, ...], dry_run: bool, as_json: bool, **values: Any) -> int:
    """Take PERSON out of what this machine keeps: the history of runs, copies of files, and choices of what names mean.

    PERSON is an e-mail address, a name or an id; give as many of one person as you know. Their rows keep their numbers
    and outcomes and say "(forgotten)", and an undo leaves their records alone. Nothing changes in Kantata, and no
    network is needed. To delete whole runs by their age, see `importer runs --prune`.

    \b
    Examples:
      importer forget dana@example.com --dry-run
      importer forget dana@example.com "Dana Reyes" 11482907
    """
    folder = options.to_account(values).folder
    traces = importer.find_person(*person, folder=folder)
    _say_traces(traces)
    if not dry_run:
        if not traces.is_empty:
            confirm_deletion("Delete all this for good?", yes=values["yes"])
        traces = importer.forget_person(*person, close_unfinished=values["close_unfinished"], folder=folder)
    is_done = not dry_run and not traces.is_empty
    if is_done:
        say("Deleted.")
    _say_beyond_reach(traces)
    if as_json:
        print_json({"forgotten": is_done, **traces.to_dict()})
    return 0


def _say_traces(traces: "PersonTraces") -> None:
    """Say where the person stands, by run and kind, and no more."""
    if traces.is_empty:
        say("Nothing that we keep on this machine is about this person.")
        return
    say("About this person we keep:")
    say_lines(f"run {each.run}, {each.kind}: {_in_words(each)}" for each in traces.runs)
    say_lines(_others(traces))


def _in_words(run: "RunTraces") -> str:
    counts = (
        (run.rows, "row", "rows"),
        (run.records, "record as it was in the account", "records as they were in the account"),
        (run.texts, "text in other places", "texts in other places"),
    )
    return ", ".join(count_of(*each) for each in counts if each[0])


def _others(traces: "PersonTraces") -> list[str]:
    said = []
    if traces.copies:
        said.append(count_of(traces.copies, "copy of a file", "copies of files"))
    if traces.choices:
        said.append(f"{count_of(traces.choices, 'choice')} of what a name means")
    return said


def _say_beyond_reach(traces: "PersonTraces") -> None:
    """Say what we cannot delete, with the paths that we know."""
    missing = [words for kind, words in _KINDS.items() if kind not in traces.looked_for]
    if missing:
        say(f"We looked for no {' and no '.join(missing)}: if you know one, give it as well.")
    if traces.beyond_reach:
        say("The person may also stand in these, which we leave to you:")
        say_lines(map(str, traces.beyond_reach))
    say("We do not know your other results, exports, plans and backups, and change nothing in Kantata.")
