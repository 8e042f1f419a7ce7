"""The report of a run of several stages: one result, what came over, what was there, what could not, who is missing.

Sends nothing itself, and prints nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer.errors import Guarded, ImporterError, Unfinished
from importer.model import Outcome, Problem
from importer.pipeline import staged_summary
from importer.pipeline.data_frames import counts_html, stack_frames
from importer.pipeline.json_objects import problem_object
from importer.pipeline.result_builder import WrittenResult, write_result_workbook
from importer.pipeline.run_report import RunReport
from importer.pipeline.run_summary import RunSummary, Step, summarize_run
from importer.pipeline.staged_result import write_staged_result
from importer.sync.journal_entries import Run
from importer.sync.staged_run import StagedRun
from importer.table import Source

if TYPE_CHECKING:
    from importer.pipeline.account import Account


class StagedReport(RunReport):
    """A run of several stages that has ended or stopped. `stages` are reports of their own, in the order in which they
    were sent; those in `tables` are of the tables that were given, and the others made what these name.
    """

    def __init__(
        self,
        run: Run,
        stages: Sequence[RunReport],
        *,
        stop_reason: ImporterError | None = None,
        account: "Account | None" = None,
        was_interrupted: bool = False,
        was_held_back: bool = False,
    ) -> None:
        super().__init__(
            stages[-1].summary, account=account, was_interrupted=was_interrupted, was_held_back=was_held_back
        )
        self._run = run
        self.stages = tuple(stages)
        self.are_new = tuple(stage.summary.run_input.is_new and run.kind != "undo" for stage in stages)
        self.attempts = [each for stage in self.stages for each in stage.attempts]
        self._stop_reason = stop_reason

    @classmethod
    def of(
        cls,
        run: StagedRun,
        indexes: Sequence[pd.Index | None] = (),
        *,
        account: "Account | None" = None,
        was_held_back: bool = False,
    ) -> "StagedReport":
        """The report of a run that has ended in this process; `indexes` label the rows of each stage."""
        labels = indexes or [None] * len(run.stages)
        stages = [
            RunReport(summarize_run(stage), account=account, index=index)
            for stage, index in zip(run.stages, labels, strict=True)
        ]
        return cls(
            run.run,
            stages,
            stop_reason=run.stop_reason,
            account=account,
            was_interrupted=run.was_interrupted,
            was_held_back=was_held_back,
        )

    @property
    def details(self) -> Run:
        """The whole run as the history keeps it."""
        return self._run

    @property
    def stopped(self) -> ImporterError | None:
        """Why it ended early, if it did: `resume` continues it."""
        return self._stop_reason

    @property
    def run(self) -> str:
        """The run's id."""
        return self.details.id

    @property
    def tables(self) -> tuple[RunReport, ...]:
        """The reports of the tables that were given."""
        return tuple(stage for stage, is_new in zip(self.stages, self.are_new, strict=True) if not is_new)

    @property
    def made(self) -> tuple[RunReport, ...]:
        """The reports of what was made because a table names it."""
        return tuple(stage for stage, is_new in zip(self.stages, self.are_new, strict=True) if is_new)

    @property
    def _source(self) -> Source:
        """Its first file."""
        return self.tables[0].summary.run_input.table.source

    @property
    def seconds(self) -> float:
        """How long it took."""
        return max(stage.summary.finished_at for stage in self.stages) - self.details.started_at

    @property
    def requests(self) -> dict[str, int]:
        """How many requests were sent, by method."""
        return dict(self.details.requests or {})

    @property
    def units(self) -> str:
        """What its rows are called."""
        return self.tables[0].units if len(self.tables) == 1 else "rows"

    @property
    def facts(self) -> list[str]:
        """What it was, as sentences."""
        return [fact for stage in self.stages for fact in stage.facts]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of the tables have each outcome; every outcome is a key."""
        return {outcome.value: sum(stage.counts[outcome.value] for stage in self.tables) for outcome in Outcome}

    @property
    def outcomes(self) -> pd.DataFrame:
        """What became of each row of each stage, with its endpoint; see `RunReport.outcomes`."""
        frames = [stage.outcomes.assign(endpoint=stage.details.endpoint) for stage in self.stages]
        return stack_frames(frames)

    @property
    def problem_list(self) -> list[Problem]:
        """Every problem, stage by stage, of several tables each with the name of its file."""
        told = [(stage.summary.run_input.table, stage.problem_list) for stage in self.stages]
        names_files = not self.details.undoes and len(self.tables) > 1
        return list(staged_summary.problems_of_all(told, names_files=names_files))

    @property
    def missing_people(self) -> tuple[str, ...]:
        """Who stands in the tables and not in the account, by name or e-mail address, each once."""
        return staged_summary.missing_in(stage.summary for stage in self.stages)

    @property
    def differences(self) -> list[str]:
        """What differs between the account and the run, as sentences."""
        return [each for stage in self.stages for each in stage.differences]

    @property
    def verification(self) -> str | None:
        """Whether the account matches, read after the last request, as a sentence; None if it was not read."""
        return staged_summary.verified([stage.summary.verification for stage in self.stages])

    @property
    def is_verified(self) -> bool:
        """Whether what was read back is as the run left it."""
        return all(stage.is_verified for stage in self.stages if stage.summary.verification is not None)

    @property
    def steps(self) -> list[Step]:
        """What to do next, as values that each face says in its own words."""
        steps = list(dict.fromkeys(step for stage in self.stages for step in stage.steps))
        nothing = (Step.NOTHING, Step.NOTHING_UNDONE)
        if self.details.is_open and Step.RESUME not in steps:
            steps.insert(0, Step.RESUME)
        return [step for step in steps if step not in nothing] or steps[:1]

    @property
    def next_steps(self) -> list[str]:
        """What to do next, as sentences."""
        return staged_summary.staged_next_steps(self.details, self.stopped, self.steps, self.counts)

    @property
    def story(self) -> list[str]:
        """What came over, what was there, what could not and why, and who is missing, as sentences."""
        return staged_summary.story_of(
            [(stage.summary, is_new) for stage, is_new in zip(self.stages, self.are_new, strict=True)],
            self.missing_people,
        )

    @property
    def to_fix(self) -> int:
        """How many rows are on the sheets to fix of its result workbook."""
        return sum(stage.to_fix for stage in self.tables)

    @property
    def exit_code(self) -> int:
        """The exit code of the command line: that of the stage that ended worst."""
        if self._was_held_back:
            return Guarded.exit_code
        if self.stopped is not None and not any(staged_summary.has_written(stage.summary) for stage in self.stages):
            return self.stopped.exit_code
        if self.stopped is not None or self.details.is_open:
            return Unfinished.exit_code
        return max(stage.exit_code for stage in self.stages)

    def to_dict(self, result: str | Path | None = None) -> dict[str, Any]:
        """The object that `importer apply --json` prints; `result` is where the result workbook was written."""
        parts = [stage.to_dict() for stage in self.tables]
        main = parts[0]
        return {
            **main,
            "run": self.run,
            "kind": self.details.kind,
            "undoes": self.details.undoes,
            "state": self.details.state.value,
            "endpoint": main["endpoint"] if len(parts) == 1 else self.details.endpoint,
            "sheet": main["sheet"] if len(parts) == 1 else None,
            "rows": sum(part["rows"] for part in parts),
            "beyond_file": sum(part["beyond_file"] for part in parts),
            "outcomes": self.counts,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "result": None if result is None else str(result),
            "verified": self.is_verified if any(part["verified"] is not None for part in parts) else None,
            "differences": [each for part in parts for each in part["differences"]],
            "stopped": None if self.stopped is None else str(self.stopped),
            "next": self.next_steps,
            "notes": [note for part in parts for note in part["notes"]],
            "set_aside": [each for part in parts for each in part["set_aside"]],
            "missing_people": list(self.missing_people),
            "stages": [
                {
                    "endpoint": stage.details.endpoint,
                    "sheet": stage.summary.run_input.table.source.sheet,
                    "new": is_new,
                    "rows": len(stage.summary.run_input.refs),
                    "outcomes": stage.counts,
                }
                for stage, is_new in zip(self.stages, self.are_new, strict=True)
            ],
            "problems": [problem_object(each) for each in self.problem_list],
        }

    def tells_all_of(self, run: Run) -> bool:
        """Whether the run has not changed since, by its entry in the journal now."""
        return self.details.state is run.state and (self.details.finished_at or 0) >= (run.finished_at or 0) - 1

    def write_with_note(self, path: str | Path | None = None) -> WrittenResult:
        """As `write`, with a sentence if the workbook is not what a person expects."""
        target = self.result_path() if path is None else Path(path)
        if len(self.tables) == 1 and self.details.kind != "undo":
            return write_result_workbook(self._only_table(), target)
        return WrittenResult(write_staged_result(self._whole(), target))

    def _only_table(self) -> RunSummary:
        """The summary of the one table, which tells what was made for it as well."""
        (report,) = self.tables
        return staged_summary.told_in_full(report.summary, self.details, self.story)

    def _whole(self) -> staged_summary.WholeRun:
        return staged_summary.WholeRun(
            self.details,
            [stage.summary for stage in self.stages],
            self.counts,
            self.requests,
            max(stage.summary.finished_at for stage in self.stages),
            self.story,
            self.next_steps,
            [each for each in (self.verification,) if each] + self.differences,
        )

    def _repr_html_(self) -> str:
        """The report in a notebook: its counts, what came over, what to do next."""
        lines = [*self.story, *map(str, self.problem_list[:10]), *self.next_steps]
        return counts_html(f"{self.details.kind} {self.name}, run {self.run}", self.counts, lines)
