"""A run of a long list told as one, by what the journal holds of its stages, which are read one at a time.

Knows rows and their results; sends nothing, writes nothing.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from importer import endpoints, errors
from importer.model import CellRef
from importer.packed_results import PackedResults, RefArray
from importer.pipeline.history import RunRecord, load_run_record
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_summary import RunSummary, summarize_run
from importer.sync.journal import Journal
from importer.sync.journal_entries import Run, State
from importer.sync.run import Execution
from importer.sync.run_input import unpack
from importer.sync.verification import Verification
from importer.table import Table
from importer.text_frame import stack_texts


@dataclass(frozen=True, slots=True)
class StageEnd:
    """How a stage ended: its table and what became of each row, in arrays, and what else is told of it."""

    table: Table
    results: PackedResults
    other_removals: int
    unsent: int
    forgotten: frozenset[CellRef]
    receipt: Verification | None

    @classmethod
    def of(cls, end: RunSummary) -> "StageEnd":
        """The end of a stage that has ended or stopped."""
        run_input = end.run_input
        return cls(
            run_input.table,
            PackedResults.of(end.results),
            run_input.other_removal_count,
            end.unsent,
            run_input.forgotten,
            end.verification,
        )


class LongSummary:
    """Sums up a long run: of stages that end in this process as they end, of all others by the journal."""

    def __init__(self) -> None:
        self._ends: dict[str, StageEnd] = {}

    def take(self, stage: Execution) -> None:
        """Note how a stage has ended."""
        self._ends[stage.run.id] = StageEnd.of(summarize_run(stage))

    def of(self, journal: Journal, run: Run, stop_reason: errors.ImporterError | None = None) -> RunSummary:
        """The summary of the whole. Its table, references and results are arrays: some 30 bytes a row."""
        ends = [self._ends.get(stage.id) or _end_in_journal(journal, stage) for stage in journal.stages(run.id)]
        packed = PackedResults.joined([each.results for each in ends])
        whole = unpack(journal.run_input(run.id))
        run_input = dataclasses.replace(
            whole,
            table=_joined_table(whole.table, [each.table for each in ends]),
            refs=RefArray(packed.refs),
            other_removal_count=sum(each.other_removals for each in ends),
            forgotten=frozenset(ref for each in ends for ref in each.forgotten),
        )
        return RunSummary(
            run,
            run_input,
            packed,
            run.requests or {},
            run.finished_at or run.started_at,
            stop_reason,
            Verification.joined([each.receipt for each in ends]),
            known_unsent=sum(each.unsent for each in ends),
        )


def _end_in_journal(journal: Journal, stage: Run) -> StageEnd:
    """How a stage ended, by what the journal holds of it."""
    if stage.state is State.FINISHED:  # every row has its result, so that nothing else is asked for
        run_input, results = unpack(journal.run_input(stage.id)), journal.results(stage.id)
        end = RunRecord(stage, run_input, endpoints.load(stage.endpoint), {}, results, ()).summary
    else:
        end = load_run_record(journal, stage.id).summary
    results = dict(end.results)
    for ref, first in end.run_input.duplicates.items():
        if ref in results and first in results:
            results[ref] = results[ref]._replace(record_id=results[first].record_id)
    return StageEnd.of(dataclasses.replace(end, results=results))


def _joined_table(whole: Table, tables: Sequence[Table]) -> Table:
    """The table with the rows of all stages, in the order of the list; a stage may have the column that marks removals,
    and others not.
    """
    columns = max((table.columns for table in tables), key=len)
    frame = stack_texts([table.frame for table in tables], [column.name for column in columns])
    return dataclasses.replace(whole, columns=columns, frame=frame)


def join_plans(stages: Sequence[PreparedRun]) -> PreparedRun:
    """The stages of a plan as one, which takes memory for each of their rows. A long list has no base, so that none of
    its rows is kept or in conflict while it is planned.
    """
    first, plans = stages[0], [each.plan for each in stages]
    changes = {ref: change for plan in plans for ref, change in plan.changes.items()}
    plan = dataclasses.replace(
        first.plan,
        changes={ref: changes[ref] for ref in sorted(changes)},
        results={ref: result for plan in plans for ref, result in plan.results.items()},
        notes=tuple(dict.fromkeys(note for plan in plans for note in plan.notes)),
        other_removals=tuple(ref for plan in plans for ref in plan.other_removals),
    )
    inputs = [each.run_input for each in stages]
    run_input = dataclasses.replace(
        inputs[0],
        table=_joined_table(inputs[0].table, [each.table for each in inputs]),
        refs=tuple(sorted(ref for each in inputs for ref in each.refs)),
        duplicates={ref: of for each in inputs for ref, of in each.duplicates.items()},
        notes=tuple(dict.fromkeys(note for each in inputs for note in each.notes)),
        other_removal_count=len(plan.other_removals),
        base=None,
    )
    removals = {ref: text for each in stages for ref, text in each.removals.items()}
    return PreparedRun(run_input, plan, first.access, removals, read_counts=first.read_counts)
