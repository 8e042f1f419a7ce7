"""What is said of runs: the journal, the lock, what may have reached Kantata, resuming, undoing, verifying."""

from collections.abc import Sequence

from importer.errors import Guarded, ImporterError, Unfinished, Unreachable
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, Remedy, RunCommand

_RESUME = "go on"


# ---- the journal and the lock


@error(Guarded, "journal", "A newer version wrote the journal", "journal.sqlite")
def newer_journal(path: str) -> Said:
    return f"A newer version of importer wrote {path}.", Advice("Install the newest version.")


@error(Guarded, "no-run", "The run does not exist", "20261122-143005-3f9a", "journal.sqlite")
def no_such_run(run: str, path: str) -> Said:
    return f"There is no run {run} in {path}.", RunCommand("runs", "see all runs")


@error(Unfinished, "journal", "The journal cannot be written", "journal.sqlite", "disk is full")
def journal_not_written(path: str, why: object) -> Said:
    return (
        f"We could not write the journal {path} ({why}), so we send nothing more.",
        Advice("Make room on the disk."),
        RunCommand("resume", _RESUME),
    )


@error(Guarded, "locked", "Another run is writing to the account", "apply skills.xlsx, process 4711, since 14:30:05")
def account_is_locked(holder: str) -> Said:
    return f"Another run is writing to this account: {holder}.", Advice("Wait until it ends, or stop it.")


# ---- a run that cannot go on


@problem("unknown", "A row may have reached Kantata")
def may_have_arrived() -> Said:
    return (
        "This may have reached Kantata, but we could not read the account afterwards.",
        RunCommand("resume", "look again and send only what is missing"),
    )


@error(Unreachable, "unreachable", "Kantata could not be read after a request", "https://api.mavenlink.com/api/v1")
def could_not_read_back(base_url: str) -> Said:
    return f"We could not read {base_url}.", Advice("Check the network."), RunCommand("resume", _RESUME)


@error(Unreachable, "unreachable", "Kantata left a request unanswered", "https://api.mavenlink.com/api/v1", 5)
def left_unanswered(base_url: str, times: int) -> Said:
    return (
        f"{base_url} did not answer a request, although we sent it {times} times.",
        Advice("It has changed nothing in the account."),
        RunCommand("resume", "go on when Kantata works again"),
    )


@error(ImporterError, "internal", "Rows without a result", 3)
def rows_without_result(rows: int) -> Said:
    return (
        f"{rows:,} rows have no result. This is a bug in importer.",
        RunCommand("resume", "look at the account and go on"),
    )


@error(ImporterError, "internal", "A bug in importer", "0.1.0", "KeyError in read, line 12")
def internal(version: str, what: str) -> Said:
    return (
        f"This is a bug in importer {version} ({what}).",
        Advice("We send nothing more. Please report it with this line."),
    )


# ---- resume and undo


@error(Guarded, "file-changed", "The file has changed since the run began", "skills.xlsx", "20261122-143005-3f9a")
def file_has_changed(name: str, run: str) -> Said:
    return (
        f"{name} has changed since run {run} began.",
        Advice(
            "Apply the file as it is now: we read the account first and send nothing twice. To finish the run as it "
            "began, restore the file or move it away."
        ),
    )


@error(Guarded, "older-run", "An older version began the run")
def older_run() -> Said:
    return (
        "An older version of importer began this run and recorded it in a form that we no longer read.",
        Advice("Load the file again: we read the account first and send nothing twice."),
    )


@error(Guarded, "run-unclear", "What a run did is not known", "20261122-143005-3f9a")
def run_unclear(run: str) -> Said:
    return f"We could not find out what run {run} did.", Advice("Try again when Kantata answers.")


@error(Guarded, "run-ended", "The run is complete", "20261122-143005-3f9a")
def run_has_ended(run: str) -> Said:
    return (f"Run {run} is complete. There is nothing left to do.",)


@error(Guarded, "run-from-history", "The report comes from the history", "20261122-143005-3f9a")
def run_from_history(run: str) -> Said:
    return "This report comes from the history and has no account.", Advice(f'Use Account(...).undo("{run}").')


@error(Guarded, "run-goes-on", "The run is still going", "20261122-143005-3f9a")
def run_goes_on(run: str) -> Said:
    return f"Run {run} is still going.", Advice("Stop it first, or wait until it ends.")


@problem("changed-since", "Somebody has changed the record", "the run", "level is 4 now")
def changed_since(event: str, how: str) -> Said:
    return (
        f"Somebody has changed it since {event}: {how}. We kept it as it is.",
        Advice("If it is wrong, change it in Kantata."),
    )


# ---- what the account says after a run


@problem("kept-otherwise", "Kantata stored another value", "level", 3, 5)
def stored_otherwise(field: str, stored: object, sent: object) -> Said:
    return (
        f"Kantata stored {field} {stored}, but we sent {sent}.",
        Advice("Some skills have fewer levels: look at the skill in Kantata."),
    )


@problem("twice", "The account has a record twice")
def stored_twice() -> Said:
    return "The account has this record more than once.", Advice("Delete one of them in Kantata.")


_SOMEBODY = Advice("Somebody changed it during the run. Look at it in Kantata.")


@problem("changed-since", "A removed record is back")
def is_back() -> Said:
    return "It is there again.", _SOMEBODY


@problem("changed-since", "A written record is gone")
def is_gone() -> Said:
    return "It is no longer there.", _SOMEBODY


@problem("changed-since", "A record has another value than we wrote", [("level", 4, 3)])
def holds_another(values: Sequence[tuple[str, object, object]]) -> Said:
    said = " ".join(f"It has {field} {now} now, but we left it with {left}." for field, now, left in values)
    return said, _SOMEBODY


@error(Unfinished, "interrupted", "The run was interrupted")
def interrupted() -> Said:
    return "The run was interrupted.", RunCommand("resume", _RESUME)


@error(Unfinished, "not-verified", "A complete run could not be verified", "We could not reach api.mavenlink.com.")
def not_verified(why: str) -> Said:
    return (
        f"Kantata has answered every request, but we could not read the records back: {why}",
        RunCommand("resume", "verify the run"),
    )


def result_again(run: str) -> tuple[Remedy, ...]:
    """What helps where the result of a run could not be written."""
    return Advice("Nothing is lost."), RunCommand(f"show {run} -o FILE", "write the result")
