"""How a run of several stages ended, in words: what came over, what was there, what could not, and who is missing.

Knows the summaries of the stages; sends nothing, writes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from importer import endpoints
from importer.endpoints.declare import Directory
from importer.errors import ImporterError
from importer.model import Outcome, Problem
from importer.pipeline.account_book import numbered
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_summary import RunSummary, Step, clock_time, in_words, plan_summary_sheet, problems_of
from importer.spreadsheet.write.summary_sheet import GOES_BY, NAMES, Summary
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.journal_entries import Run
from importer.sync.run_input import RunInput
from importer.sync.staged_run import SEVERAL
from importer.sync.verification import Verification
from importer.table import Table
from importer.text import count_of, shorten_list

_PEOPLE = frozenset({Directory.PEOPLE, Directory.EMAILS, Directory.EXTERNAL_IDS, Directory.MEMBERS})
_WRITTEN = (Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED)
_NOT_DONE = (Outcome.INVALID, Outcome.REFUSED, Outcome.CONFLICT, Outcome.NOT_SENT, Outcome.UNKNOWN)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run of several stages with everything that its result shows."""

    run: Run
    stages: Sequence[RunSummary]
    counts: Mapping[str, int]
    requests: Mapping[str, int]
    finished_at: float
    story: Sequence[str]
    next_steps: Sequence[str]
    receipt: Sequence[str]


def titles_of(stages: Iterable[RunInput]) -> list[str]:
    """What the sheets of each stage are called by: the title of its endpoint, or `New skills` for what no table lists;
    with a number from the second table of one kind on.
    """
    titles: list[str] = []
    times: Counter[str] = Counter()
    for each in stages:
        title = f"New {each.table.endpoint.name}" if each.is_new else each.table.endpoint.title
        times[title] += 1
        titles.append(title if times[title] == 1 else numbered(title, times[title]))
    return titles


def has_written(end: RunSummary) -> bool:
    """Whether a stage has written something, or may have."""
    return any(end.counts[outcome] for outcome in (*_WRITTEN, Outcome.UNKNOWN))


def problems_of_all(tables: Iterable[tuple[Table, Iterable[Problem]]], *, names_files: bool) -> Iterator[Problem]:
    """The problems of all tables; `names_files` adds the name of its file to each."""
    for table, problems in tables:
        yield from (replace(each, file=table.source.name) if names_files else each for each in problems)


def missing_people(tables: Iterable[tuple[Table, Iterable[Problem]]]) -> tuple[str, ...]:
    """Who stands in these tables and not in the account, by name or e-mail address as typed, each once."""
    found: dict[str, None] = {}
    for table, problems in tables:
        headers = {table.header(name) for name, column in table.name_columns() if column.directory in _PEOPLE}
        of_row: dict[tuple[str | None, int | None], list[str]] = {}
        for problem in problems:
            if problem.code == "not-found" and problem.column in headers and problem.value:
                of_row.setdefault((problem.sheet, problem.row), []).append(problem.value.strip())
        for names in of_row.values():  # an address says best who is meant
            found[next((name for name in names if "@" in name), names[0])] = None
    return tuple(found)


def missing_in(stages: Iterable[RunSummary]) -> tuple[str, ...]:
    """The same of what stages have loaded."""
    return missing_people((stage.run_input.table, problems_of(stage)) for stage in stages)


def verified(receipts: Sequence[Verification | None]) -> str | None:
    """Whether the account matches what all stages left there, as a sentence; None if it was not read."""
    told = Verification.joined(receipts)
    return None if told is None else str(told)


def story_of(stages: Sequence[tuple[RunSummary, bool]], missing: Sequence[str]) -> list[str]:
    """What became of each kind of record, and who is missing; for each stage whether it made what tables name."""
    said = [_sentence(summary, is_new=is_new) for summary, is_new in stages]
    if missing:
        who = "1 person is" if len(missing) == 1 else f"{len(missing):,} people are"
        said.append(
            f"{who} not in this account, and nobody was created, because that buys licences: "
            f"{shorten_list(missing, _SHOWN, '; ')}."
        )
    return said


def _sentence(end: RunSummary, *, is_new: bool) -> str:
    counts, undone = end.counts, end.run.kind == "undo"
    title = endpoints.load(end.run.endpoint).title
    told = {
        Outcome.CREATED: "put back" if undone else "created",
        Outcome.UPDATED: "changed",
        Outcome.REMOVED: "removed",
        Outcome.UNCHANGED: "there before",
    }
    parts = [
        *(f"{counts[outcome]:,} {word}" for outcome, word in told.items() if counts[outcome]),
        *(f"{counts[outcome]:,} {outcome.value}" for outcome in (Outcome.DUPLICATE, *_NOT_DONE) if counts[outcome]),
    ]
    named = " that the file names and does not list" if is_new else ""
    return f"{title}{named}: {', '.join(parts) or 'none'}."


def staged_next_steps(
    run: Run, stopped: ImporterError | None, steps: Sequence[Step], counts: Mapping[str, int]
) -> list[str]:
    """The next steps as sentences for the command line."""
    conflicts = count_of(counts[Outcome.CONFLICT.value], "record")
    said = {
        Step.RESUME: f"Run `importer resume` to go on with run {run.id}. Nothing is sent twice.",
        Step.FIX: 'Correct the rows on the sheets "To fix"; each says what is wrong. Then run apply on this workbook.',
        Step.DECIDE: (
            f"Somebody else changed {conflicts} in Kantata, and that was kept: see the sheets "
            '"To fix". To send what your sheet says, run apply on this workbook.'
        ),
        Step.LOOK: "Look at what changed during the run. It is listed under Receipt.",
        Step.NOTHING: (
            f"You are done. To take all of it back, run `importer undo {run.id}`."
            if any(counts[outcome.value] for outcome in _WRITTEN)
            else "You are done. The account had all of it."
        ),
        Step.NOTHING_UNDONE: f"You are done. To reverse this, run `importer undo {run.id}`.",
    }
    return [*([] if stopped is None else [str(stopped)]), *(said[step] for step in steps)]


def told_in_full(end: RunSummary, run: Run, story: Sequence[str]) -> RunSummary:
    """The summary of the one table of a run, as that of the whole run."""
    return replace(end, run=replace(end.run, id=run.id, state=run.state), story=tuple(story))


def staged_plan_summary_sheet(
    stages: Sequence[tuple[str, PreparedRun, Sequence[Anomaly]]], made_at: datetime, *, asks_approval: bool = False
) -> Summary:
    """The sheet `Summary` of a plan of several stages."""
    sheets = [
        plan_summary_sheet(
            each.run_input, each.plan, each.access.account, made_at, anomalies, asks_approval=asks_approval
        )
        for _, each, anomalies in stages
    ]
    last, counts = sheets[-1], Counter[str]()
    for sheet in sheets:
        counts.update(sheet.counts)
    steps = [step.replace("the sheet Plan", "each sheet Plan ...") for sheet in sheets for step in sheet.next_steps]
    return replace(
        last,
        endpoint=SEVERAL,
        counts=counts,
        counts_title="Rows by planned change",
        story=tuple(_planned(title, each) for title, each, _ in stages),
        story_title="What it would do",
        notes=tuple(
            f"{title}: {note}" for (title, _, _), sheet in zip(stages, sheets, strict=True) for note in sheet.notes
        ),
        set_aside=tuple(text for sheet in sheets for text in sheet.set_aside),
        next_steps=list(dict.fromkeys(steps)),
    )


def _planned(title: str, prepared: PreparedRun) -> str:
    told = [f"{count:,} {action.value}" for action, count in prepared.plan.counts.items() if count]
    return f"{title}: {', '.join(told) or 'nothing to send'}."


def whole_summary_sheet(whole: WholeRun) -> Summary:
    """The sheet `Summary` of the result of several tables."""
    run, first = whole.run, whole.stages[0].run_input
    verb = "undoing" if run.kind == "undo" else "loading"
    sources = dict.fromkeys(stage.run_input.table.source.display_path for stage in whole.stages if stage.run.file)
    return Summary(
        title=f"Result of {verb} {first.table.source.name}" if len(sources) == 1 else f"Result of {verb} several files",
        endpoint=run.endpoint,
        account_key=run.account,
        facts=[
            *(("File", path) for path in sources if "/" in path or "\\" in path or len(sources) == 1),
            ("Mode", run.mode),
            ("Account", run.account_name),
            *([(GOES_BY, NAMES)] if any(stage.run_input.goes_by_names for stage in whole.stages) else []),
            ("Run", run.id),
            *([("Undoes run", run.undoes)] if run.undoes else []),
            ("Started", clock_time(run.started_at)),
            ("Finished", clock_time(whole.finished_at)),
            ("Took", in_words(whole.finished_at - run.started_at)),
        ],
        counts=whole.counts,
        counts_title="Rows by outcome",
        requests=whole.requests,
        story=tuple(whole.story),
        receipt=tuple(whole.receipt),
        notes=tuple(_notes(whole.stages)),
        next_steps=whole.next_steps,
    )


def _notes(stages: Sequence[RunSummary]) -> Iterator[str]:
    for stage in stages:
        title = endpoints.load(stage.run.endpoint).title
        yield from (f"{title}: {note}" for note in stage.run_input.all_notes)
