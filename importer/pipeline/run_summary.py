"""How a run ended: its exit code, counts, summary, and what to do next. Sends nothing, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from importer import errors
from importer.base import Base
from importer.kantata.client import Account
from importer.model import TO_FIX, CellRef, Change, Outcome, Problem, Result, count_outcomes
from importer.packed_results import count_results, with_problems
from importer.spreadsheet.write.summary_sheet import Summary
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.journal_entries import Run
from importer.sync.plan import Plan
from importer.sync.recovery import is_open
from importer.sync.result_base import base_after
from importer.sync.run import Execution
from importer.sync.run_input import RunInput
from importer.sync.verification import Verification
from importer.table import APPROVE, PLAN, Table
from importer.text import count_of

_TIME = "%Y-%m-%d %H:%M:%S UTC"
_WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED, Outcome.UNKNOWN})
_NOT_DONE = (Outcome.INVALID, Outcome.REFUSED, Outcome.CONFLICT, Outcome.NOT_SENT)
_SOME_ROWS = 3


@dataclass(frozen=True)
class RunSummary:
    """A run that has ended or stopped, with everything that a report shows."""

    run: Run
    run_input: RunInput
    results: Mapping[CellRef, Result]
    requests: Mapping[str, int]
    finished_at: float
    stop_reason: errors.ImporterError | None = None
    verification: Verification | None = None
    changes: Mapping[CellRef, Change] = field(default_factory=dict)
    """What the run was to change."""
    story: tuple[str, ...] = ()
    """What became of each kind of record, where its table is the only one of a run that made other things first."""
    known_unsent: int | None = None
    """How many rows of a long list were left unsent, by its stages; `changes` has none of them."""

    @property
    def to_fix(self) -> frozenset[Outcome]:
        """The outcomes of which a person has something to do; what an undo left alone is none of them."""
        return TO_FIX - {Outcome.CONFLICT} if self.run.kind == "undo" else TO_FIX

    @cached_property
    def unsent(self) -> int:
        """How many rows the run left unsent, which `resume` sends; not those that nobody approved, or that name a thing
        which could not be made.
        """
        if self.known_unsent is not None:
            return self.known_unsent
        if not self.counts[Outcome.NOT_SENT]:
            return 0
        return sum(
            result.outcome is Outcome.NOT_SENT and is_open(result) and ref in self.changes
            for ref, result in self.results.items()
        )

    @cached_property
    def base(self) -> Base | None:
        """What the account held when the run ended, as far as its rows and its file tell."""
        before = self.run_input.base
        return None if before is None else base_after(before, self.run_input.table.endpoint, self.changes, self.results)

    @property
    def seconds(self) -> float:
        """How long it took, from its beginning."""
        return self.finished_at - self.run.started_at

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        return count_results(self.results)


def summarize_run(execution: Execution) -> RunSummary:
    """The summary of a run that has ended in this process."""
    return RunSummary(
        execution.run,
        execution.run_input,
        execution.results,
        execution.context.client.requests,
        execution.finished_at,
        execution.stop_reason,
        execution.verification,
        execution.changes,
    )


def exit_code(end: RunSummary) -> int:
    """The exit code of a run, by its worst outcome."""
    counts, stopped = end.counts, end.stop_reason
    if stopped is not None and not any(counts[outcome] for outcome in _WRITTEN):
        return stopped.exit_code
    if stopped is not None or counts[Outcome.UNKNOWN] or end.unsent:
        return errors.Unfinished.exit_code
    differs = end.verification is not None and bool(end.verification.differences)
    if differs or any(counts[each] for each in _NOT_DONE):
        return _SOME_ROWS
    return 0


def problems_of(end: RunSummary) -> list[Problem]:
    """Every problem of a run once, in sheet order, each with its place; a duplicate is an outcome, and no problem."""
    return problems_in(
        end.run_input, end.results, *(outcome for outcome in Outcome if outcome is not Outcome.DUPLICATE)
    )


def problems_in(run_input: RunInput, results: Mapping[CellRef, Result], *outcomes: Outcome) -> list[Problem]:
    """Every problem of rows with these outcomes once, in sheet order, each with its place."""
    wrong = sorted((row, result) for row, result in with_problems(results).items() if result.outcome in outcomes)
    return list(dict.fromkeys(_placed(run_input, row, problem) for row, result in wrong for problem in result.problems))


def _placed(run_input: RunInput, ref: CellRef, problem: Problem) -> Problem:
    """The problem with its place in the file, which Kantata does not know."""
    if problem.cell is not None or problem.sheet is not None:
        return problem
    spot = run_input.table.location(ref)
    return replace(problem, row=spot.row, cell=spot.cell, sheet=spot.sheet)


def run_summary_sheet(end: RunSummary) -> Summary:
    """The sheet `Summary` of a result."""
    verb = "undoing" if end.run.kind == "undo" else "loading"
    receipt = [str(end.verification)] if end.verification else []
    differences = differences_of(end)
    return Summary(
        title=f"Result of {verb} {end.run_input.table.source.name}",
        endpoint=end.run.endpoint,
        account_key=end.run.account,
        facts=[
            *_facts(end.run_input, end.run.mode, end.run.account_name),
            ("Run", end.run.id),
            *([("Undoes run", end.run.undoes)] if end.run.undoes else []),
            ("Started", clock_time(end.run.started_at)),
            ("Finished", clock_time(end.finished_at)),
            ("Took", in_words(end.seconds)),
        ],
        counts={outcome.value: count for outcome, count in end.counts.items()},
        counts_title=f"{end.run_input.table.units.capitalize()} by outcome",
        requests=end.requests,
        receipt=[*receipt, *differences],
        notes=end.run_input.all_notes,
        set_aside=[each.sentence for each in end.run_input.set_aside],
        next_steps=next_steps(end),
        story=end.story,
    )


def with_note(summary: Summary, note: str | None) -> Summary:
    """The summary with one note more."""
    return replace(summary, notes=(*summary.notes, note)) if note else summary


def plan_summary_sheet(
    run_input: RunInput,
    plan: Plan,
    account: Account,
    made_at: datetime,
    anomalies: Sequence[Anomaly] = (),
    *,
    asks_approval: bool = False,
) -> Summary:
    """The sheet `Summary` of a plan: who made it, when, for which file and account; what looks like a mistake in it."""
    settled = count_outcomes(plan.results.values())
    counts = {action.value: count for action, count in plan.counts.items()}
    counts |= {outcome.value: count for outcome, count in settled.items() if count}
    say = "Write yes" if asks_approval else "Leave yes"
    steps = [
        f"{say} in the column {APPROVE} of the sheet {PLAN} beside each line that is to be sent; no other line is.",
        "Change nothing else there: a line that says something else than it does now is not sent, either.",
        "Run apply on this workbook. What has changed in the account by then is kept as it is there.",
    ]
    if settled[Outcome.INVALID]:
        steps.append("Correct the invalid rows in your own file, and make a plan of it again; each says what is wrong.")
    if settled[Outcome.CONFLICT]:
        steps.append("A line in conflict stays as it is in Kantata, unless you write yes beside it.")
    return Summary(
        title=f"What loading {run_input.table.source.name} would change",
        endpoint=plan.endpoint.name,
        account_key=account.key,
        facts=[
            *_facts(run_input, plan.mode.value, str(account)),
            ("Made by", str(account)),
            ("Made", f"{made_at:{_TIME}}"),
        ],
        counts=counts,
        counts_title=f"{run_input.table.units.capitalize()} by planned change",
        notes=[*(f"This looks like a mistake. {each}" for each in anomalies), *run_input.notes],
        set_aside=[each.sentence for each in run_input.set_aside],
        next_steps=steps,
    )


def differences_of(end: RunSummary) -> list[str]:
    """What differs between the account and the run, each with its place, for a person."""
    differences = [] if end.verification is None else end.verification.differences
    return [str(_placed(end.run_input, each.ref or CellRef(0), each)) for each in differences]


def _facts(run_input: RunInput, mode: str, account: str) -> list[tuple[str, str]]:
    source = run_input.table.source
    return [
        ("File", source.display_path),
        *([("Sheet", source.sheet)] if source.sheet else []),
        *([("Read as", _read_as(run_input.table))] if source.sheet else []),
        (run_input.table.units.capitalize(), f"{len(run_input.refs) - run_input.other_removal_count:,}"),
        *(
            [("Removed besides", f"{run_input.other_removal_count:,} records that the file does not have")]
            if run_input.other_removal_count
            else []
        ),
        ("Mode", mode),
        ("Account", account),
    ]


def _read_as(table: Table) -> str:
    """How the person's sheets were read, for a person."""
    parts = [f'"{part.sheet}" with its header in row {part.header_row}' for part in table.parts]
    return f"a {table.layout}: {', '.join(parts)}"


class Step(StrEnum):
    """What a person does after a run; each face says it in its own words."""

    RESUME = "resume"
    FIX = "fix"
    DECIDE = "decide"
    LOOK = "look"
    NOTHING = "nothing"
    NOTHING_UNDONE = "nothing after an undo"


def steps_of(end: RunSummary) -> list[Step]:
    """What a person does next, in the order in which it helps."""
    counts = end.counts
    steps = []
    if end.stop_reason is not None or counts[Outcome.UNKNOWN] + end.unsent:
        steps.append(Step.RESUME)
    if counts[Outcome.INVALID] + counts[Outcome.REFUSED]:
        steps.append(Step.FIX)
    if counts[Outcome.CONFLICT] and end.run.kind != "undo":
        steps.append(Step.DECIDE)
    if end.verification is not None and end.verification.differences:
        steps.append(Step.LOOK)
    return steps or [Step.NOTHING_UNDONE if end.run.kind == "undo" else Step.NOTHING]


def next_steps(end: RunSummary) -> list[str]:
    """The next steps as sentences for the command line."""
    said = {
        Step.RESUME: f"Run `importer resume` to go on with run {end.run.id}. Nothing is sent twice.",
        Step.FIX: _how_to_mend(end),
        Step.DECIDE: (
            f"Somebody else changed {count_of(end.counts[Outcome.CONFLICT], 'record')} in Kantata, and that was kept: "
            'see the sheet "To fix". To send what your sheet says, run apply on this workbook.'
        ),
        Step.LOOK: "Look at what changed during the run. It is listed under Receipt.",
        Step.NOTHING: "You are done. Loading this file again would change nothing.",
        Step.NOTHING_UNDONE: f"You are done. To reverse this, run `importer undo {end.run.id}`.",
    }
    return [*([] if end.stop_reason is None else [str(end.stop_reason)]), *(said[step] for step in steps_of(end))]


def _how_to_mend(end: RunSummary) -> str:
    own = (
        end.run.kind == "apply" and end.run_input.table.source.sheet is not None and end.run_input.table.source.read_as
    )
    where = "the coloured cells of your own sheets, or " if own else ""
    return f'Correct {where}the rows on the sheet "To fix"; each says what is wrong. Then run apply on this workbook.'


def in_words(seconds: float) -> str:
    """A length of time for a person: `under a second`, `about 42 seconds`, `about 3 minutes`."""
    if seconds < 1:
        return "under a second"
    if seconds < 90:
        return f"about {seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
    minutes = seconds / 60
    return f"about {minutes:.0f} minutes" if minutes < 90 else f"about {minutes / 60:.1f} hours"


def clock_time(seconds: float) -> str:
    """A time, in seconds since 1970, for a person."""
    return f"{datetime.fromtimestamp(seconds, UTC):{_TIME}}"
