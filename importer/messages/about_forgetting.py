"""What is said when a person is taken out of the history on this machine."""

from collections.abc import Sequence

from importer.errors import Guarded, Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, RunCommand, SetOption
from importer.text import count_of, quote, shorten_list

_SHOWN = 5


@error(Usage, "nobody-named", "Nobody was named whom to forget")
def nobody_named() -> Said:
    return (
        "Nobody was named.",
        Advice("Give an e-mail address, a name in quotation marks, or an id; of one person as many as you know."),
    )


@error(
    Guarded, "several-people", "A name is that of several people",
    "Maria Silva", ["maria.silva@example.com", "m.silva@example.com"],
)  # fmt: skip
def several_people(term: str, labels: Sequence[str]) -> Said:
    return (
        f"Nothing was deleted: {quote(term)} may be {shorten_list(labels, _SHOWN, '; ')}.",
        Advice("Give the e-mail address or the id as well."),
    )


@error(Guarded, "unfinished-run", "A run with rows of the person is unfinished", ["20261122-143005-3f9a"])
def unfinished_runs(runs: Sequence[str]) -> Said:
    are, they = ("is", "it has") if len(runs) == 1 else ("are", "they have")
    return (
        f"Nothing was deleted: {count_of(len(runs), 'run')} {are} unfinished, and {they} rows of this person: "
        f"{shorten_list(runs, _SHOWN)}. Without these rows we could not tell what has reached Kantata.",
        RunCommand(f"resume {runs[0]}", "finish it"),
        RunCommand(f"undo {runs[0]}", "take it back"),
        SetOption("close-unfinished", goal="give up what is left of it"),
    )


@error(Guarded, "journal-in-use", "Another process has the journal open")
def journal_in_use() -> Said:
    return (
        "The person is out of the history, but another process reads the journal just now, so that older copies of its "
        "pages are still on the disk.",
        Advice("End whatever else uses the history of this machine, and do this again: it then completes."),
    )


@error(Guarded, "not-deleted", "You did not agree to delete anything")
def said_no() -> Said:
    return ("Nothing was deleted.",)


@error(Guarded, "nobody-to-ask", "There is no terminal to ask on before something is deleted")
def nobody_to_ask() -> Said:
    return "Nothing was deleted: there is no terminal to ask on.", SetOption("yes", goal="delete without a question")


@problem("forgotten", "The person of a row was taken out of the history")
def forgotten() -> Said:
    return "Its person was taken out of the history of this machine.", Advice("There is nothing to correct.")


def rows_forgotten(rows: int) -> str:
    """That rows of a run no longer say whose they are."""
    are = "is of a person" if rows == 1 else "are of people"
    return f"{count_of(rows, 'row')} {are} whom somebody took out of the history of this machine."


def rows_left_by_undo(rows: int) -> str:
    """That an undo leaves alone what a run did for people who were forgotten."""
    return (
        f"{count_of(rows, 'row')} of people whom somebody took out of the history: we no longer know these records, "
        "and leave them in Kantata as they are."
    )
