"""The steps of a load in their order. They connect the other packages, and know no terminal and no page.

Spreadsheets are read into DataFrames (`read`), validated against pandera schemas (`check`), compared with the account
(`plan`), split into bulk payloads within each endpoint's limit (`begin`) and posted to the API (`send`); a result
workbook records created ids and row-level errors (`write_result`). `load` takes all these steps.

The command line, the page and the Python API all go this way. Nothing here prints, asks, or holds a rule of its own:
each step calls the room that does. Beside it stands what joins rooms for other reasons: corrections, aliases, history.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from importer.endpoints.declare import Name, NotMade
from importer.kantata.connection import Access
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.choose import find_table
from importer.layouts.parse import parse
from importer.layouts.read_options import ReadOptions
from importer.model import Event, Mode
from importer.pipeline.alias_memory import Aliases
from importer.pipeline.corrections import without_settled_rows
from importer.pipeline.creation import NOTHING, Creation
from importer.pipeline.directory_names import DirectoryNames
from importer.pipeline.merge_sources import merge_of, with_authors
from importer.pipeline.name_resolution import (
    NameLookup,
    NameSource,
    check_ids,
    check_owner,
    judge_levels,
    resolve_names,
)
from importer.pipeline.new_records import complete
from importer.pipeline.planning import (
    PreparedRun,
    check_mirror,
    close_replaced_runs,
    describe_start,
    find_limit_problems,
    prepare_run,
    read_account_records,
)
from importer.pipeline.result_builder import WrittenResult, write_result_workbook
from importer.pipeline.run_summary import RunSummary, summarize_run
from importer.spreadsheet.read.book import Book
from importer.sync.executor import split_into_batches
from importer.sync.long_run import LongRun
from importer.sync.merge import OnConflict
from importer.sync.plan import cleared_keys, make_plan
from importer.sync.run import Execution
from importer.sync.run_context import RunContext, lock_account
from importer.sync.staged_run import StagedRun
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable, validate

NO_REASONS: Mapping[Name, NotMade] = {}


def read(
    book: Book,
    options: ReadOptions | None = None,
    *,
    match_names: bool = False,
    names: AccountNames = NO_ACCOUNT,
) -> ParsedTable:
    """The table of a spreadsheet as a DataFrame; each cell that is used is a value or a problem.

    Of a result workbook, what is not settled yet. `match_names` goes by names where a row gives an id as well. `names`
    are those of the account, which are asked where the shape of a sheet leaves something open.
    Raises: Unreadable, naming the file, why, and what to do; Ambiguous, with the choices.
    """
    table = find_table(book, options or ReadOptions(), names)
    table, problems = without_settled_rows(book, table)
    parsed = parse(table, match_names=match_names)
    if parsed.level_question is not None and names is NO_ACCOUNT:
        raise parsed.level_question
    return replace(parsed, errors=(*problems, *parsed.errors)) if problems else parsed


def check(parsed: ParsedTable, source: NameSource | None = None) -> CheckedTable:
    """The table validated against the pandera schema of its endpoint: every row is valid, a duplicate, or has problems.

    `source` is the account in which names, ids and the levels of skills are looked up; without one, ids must do.
    Raises: Denied, Unreachable while it is asked; Unreadable, Guarded for an alias workbook that cannot be used;
    Ambiguous where 0 can mean two things, or nobody has said what words mean.
    """
    names = resolve_names(parsed, source) if source else NameLookup.without_lookup(parsed)
    checked = names.note_on(validate(names.parsed, names.answers))
    if source is None:
        if parsed.level_question is not None:
            raise parsed.level_question
        return checked
    checked = check_ids(checked, names.answers or {}, source)
    return judge_levels(checked, source, parsed.level_question)


def check_for(
    parsed: ParsedTable,
    access: Access,
    aliases: Aliases | None = None,
    creation: Creation = NOTHING,
    not_made: Mapping[Name, NotMade] = NO_REASONS,
) -> CheckedTable:
    """As `check`, for the account into which the table is to be loaded. `creation` is what a person said of new things,
    `not_made` why nothing was made for names that nothing bears.

    Raises: as `check`; Guarded when the file belongs to another account.
    """
    check_owner(parsed, access.account)
    source = NameSource(access.directory, lambda: access.account, aliases, creation.new_names, not_made)
    return check(parsed, source)


def plan(
    checked: CheckedTable,
    access: Access,
    mode: Mode = Mode.UPSERT,
    on_conflict: OnConflict = OnConflict.KEEP,
    creation: Creation = NOTHING,
) -> PreparedRun:
    """One change for each valid row, compared with the account as it is now. Sends no write.

    Where the file tells what the account held when it was written, what somebody else has changed since stays.
    Raises: Denied, Unreachable; Guarded for a mirror of a file that is not whole.
    """
    check_mirror(checked, mode)
    merge, notes = merge_of(checked, access.account, on_conflict)
    checked = replace(checked, notes=(*checked.notes, *notes))
    merge = replace(merge, cleared=cleared_keys(checked, mode, merge))
    existing = read_account_records(checked, access, mode, merge)
    merge = merge.with_own_stamps(zip(checked.valid_refs, checked.keys, strict=True), existing.records)
    changes = make_plan(checked, existing.records, mode, merge)
    changes, refused = find_limit_problems(checked, changes, existing, access, creation)
    if refused:
        checked = checked.refuse(refused)
        changes = make_plan(checked, existing.records, mode, merge)
        changes, _ = complete(checked, changes, creation)
    prepared = prepare_run(checked, with_authors(changes, existing.records, access), access)
    return replace(prepared, read_counts=existing.read_counts)


def begin(prepared: PreparedRun, context: RunContext, *, undoes: str | None = None) -> Execution:
    """A new run: its changes in batches within the endpoint's limit, and recorded in the journal. Sends nothing.

    Raises: ImporterError where that cannot be written down.
    """
    run, run_input = describe_start(prepared, context, undoes)
    close_replaced_runs(run, prepared, context)
    batches = split_into_batches(prepared.plan.changes.values(), prepared.plan.endpoint)
    return Execution.begin(run, run_input, context, prepared.plan, batches)


def send(execution: Execution | StagedRun | LongRun) -> Iterator[Event]:
    """Post each batch, join each answer to its rows, read back what was written; yield events."""
    yield from execution.send()


def write_result(execution: Execution, path: Path) -> WrittenResult:
    """Write the result workbook: for each row its outcome, the id of its record, its problems and their remedies.

    Raises: ImporterError when the folder does not take it.
    """
    return write_result_workbook(summarize_run(execution), path)


def load(
    book: Book, access: Access, result: Path, mode: Mode = Mode.UPSERT, on_event: Callable[[Event], None] | None = None
) -> RunSummary:
    """Load one file without questions: read, check, plan, send, write the result.

    Raises: as the steps; Guarded when another run holds the account.
    """
    with lock_account(access, f"apply {book.path.name}") as context:
        checked = check_for(read(book, names=DirectoryNames(lambda: access.directory)), access)
        execution = begin(plan(checked, access, mode), context)
        for event in send(execution):
            if on_event is not None:
                on_event(event)
    write_result(execution, result)
    return summarize_run(execution)
