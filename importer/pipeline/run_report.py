"""The report of a run, which `apply`, `resume`, `undo` and `show` return. Sends nothing itself, and prints nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer.errors import Guarded, ImporterError
from importer.messages import about_forgetting, about_runs
from importer.model import Event, Problem
from importer.pipeline import history, run_summary
from importer.pipeline.data_frames import counts_html, counts_text, outcomes_frame, problems_frame
from importer.pipeline.json_objects import attempt_object, report_object
from importer.pipeline.result_builder import WrittenResult, write_result_workbook
from importer.pipeline.run_summary import RunSummary, Step
from importer.sync.journal_entries import Attempt, Run
from importer.table import Source
from importer.text import count_of

if TYPE_CHECKING:
    from importer.pipeline.account import Account
    from importer.pipeline.early_marks import EarlyMarks


class RunReport:
    """A run that has ended or stopped: the outcome of every row, and what to do next."""

    def __init__(
        self,
        summary: RunSummary,
        *,
        account: "Account | None" = None,
        index: pd.Index | None = None,
        was_interrupted: bool = False,
        was_held_back: bool = False,
        attempts: Sequence[Attempt] = (),
    ) -> None:
        self.summary = summary
        self.account = account
        """The account that it wrote to; None for a run from the history."""
        self.index = index
        self.was_interrupted = was_interrupted
        """Whether somebody asked it to stop."""
        self.attempts = attempts
        """The writes that were about to leave, for a run from the history."""
        self._was_held_back = was_held_back
        self.early: EarlyMarks | None = None
        """The marks that were made while it was under way."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.run}: {counts_text(self.counts)}>"

    @property
    def run(self) -> str:
        """The run's id, such as `20261122-143005-3f9a`."""
        return self.summary.run.id

    @property
    def name(self) -> str:
        """The file's name, or what the DataFrame is called."""
        return self._source.name

    @property
    def _source(self) -> Source:
        return self.summary.run_input.table.source

    @property
    def details(self) -> Run:
        """The run as the history keeps it."""
        return self.summary.run

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.summary.seconds

    @property
    def requests(self) -> dict[str, int]:
        """How many requests were sent, by method."""
        return dict(self.summary.requests)

    @property
    def units(self) -> str:
        """What its rows are called: rows, or the cells of a matrix."""
        return self.summary.run_input.table.units

    @property
    def facts(self) -> list[str]:
        """What it was, as sentences; of one from the history also how many writes were sent."""
        run, run_input = self.summary.run, self.summary.run_input
        unanswered = sum(attempt.verdict in (None, "in doubt") for attempt in self.attempts)
        return [
            f"{run.kind} {run_input.table.source.display_path}, {run.endpoint}, {len(run_input.refs):,} rows.",
            f"As {run.account_name}. {run.state.value}.",
            f"{count_of(len(self.attempts), 'write request')} sent, {unanswered:,} of them without an answer."
            if self.attempts
            else "Nothing was sent.",
            *([about_forgetting.rows_forgotten(len(run_input.forgotten))] if run_input.forgotten else []),
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome; every outcome is a key."""
        return {outcome.value: count for outcome, count in self.summary.counts.items()}

    @property
    def outcomes(self) -> pd.DataFrame:
        """What became of each row: `outcome`, `id`, `code`, `message`, `fix`.

        Shapes: of a list that was given as a DataFrame, as many rows as that, in its order and with its index, so that
        `df.join(report.outcomes)` goes by label where labels are unique, and by position always; a row that was set
        aside (a blank one, say) has no outcome. Of a matrix, a row for each filled cell, with the label of its row and
        its `column`. Of a file, the row or the cell is the index. A run resumed in another process knows no index, and
        counts as a file does. Records removed besides, which the table does not have, stand in `other_removals`.
        """
        run_input = self.summary.run_input
        return outcomes_frame(run_input.table, run_input.file_refs, self.summary.results, self.index)

    @property
    def other_removals(self) -> pd.DataFrame:
        """What became of the removals of records that the table does not have; its columns are those of `outcomes`."""
        run_input = self.summary.run_input
        frame = outcomes_frame(run_input.table, run_input.other_removals, self.summary.results, None)
        return frame.reset_index(drop=True)

    @property
    def problem_list(self) -> list[Problem]:
        """Every problem once, in sheet order."""
        return run_summary.problems_of(self.summary)

    @property
    def problems(self) -> pd.DataFrame:
        """The same as a DataFrame; see `CheckResult.problems`."""
        return problems_frame(self.problem_list, self.index)

    @property
    def stopped(self) -> ImporterError | None:
        """Why it ended early, if it did: `resume` continues it."""
        return self.summary.stop_reason

    @property
    def steps(self) -> list[Step]:
        """What to do next, as values that each face says in its own words."""
        return run_summary.steps_of(self.summary)

    @property
    def next_steps(self) -> list[str]:
        """What to do next, as sentences."""
        return run_summary.next_steps(self.summary)

    @property
    def story(self) -> list[str]:
        """What became of each kind of record, as sentences, where the run has several."""
        return []

    @property
    def differences(self) -> list[str]:
        """What differs between the account and the run, as sentences."""
        return run_summary.differences_of(self.summary)

    @property
    def verification(self) -> str | None:
        """Whether the account matches, read after the last request, as a sentence; None if it was not read."""
        return None if self.summary.verification is None else str(self.summary.verification)

    @property
    def is_verified(self) -> bool:
        """Whether what was read back is as the run left it."""
        return self.summary.verification is not None and self.summary.verification.is_verified

    @property
    def to_fix(self) -> int:
        """How many rows are on the sheet `To fix` of its result workbook."""
        return sum(count for outcome, count in self.summary.counts.items() if outcome in self.summary.to_fix)

    def default_name(self, suffix: str = ".xlsx") -> str:
        """The name of its result workbook, if it is not written beside the file."""
        return f"{Path(self.name).stem}.{self._kind_of_result}{suffix}"

    @property
    def _kind_of_result(self) -> str:
        return "undo" if self.details.kind == "undo" else "result"

    def tells_all_of(self, run: Run) -> bool:
        """Whether the run has not changed since, by its entry in the journal now."""
        return self.summary.finished_at >= (run.finished_at or 0) - 1 and self.summary.run.state is run.state

    @property
    def exit_code(self) -> int:
        """The exit code of the command line: 0 if every row is as asked for, 3 for some problems, 8 if unfinished."""
        return Guarded.exit_code if self._was_held_back else run_summary.exit_code(self.summary)

    def to_dict(self, result: str | Path | None = None) -> dict[str, Any]:
        """The object that `importer apply --json` prints; `result` is where the result workbook was written."""
        return report_object(self.summary, None if result is None else str(result))

    def attempts_list(self) -> list[dict[str, Any]]:
        """The writes that were about to leave, in order, as `importer show --json` prints them."""
        return [attempt_object(each) for each in self.attempts]

    def result_path(self, path: str | Path | None = None) -> Path:
        """Where the result workbook would be: `path`, else beside the file, of several beside the first.

        Raises: Guarded when it could not be written there.
        """
        return history.result_path(self._source.display_path, path, self._kind_of_result)

    def write(self, path: str | Path | None = None) -> Path:
        """Write the result workbook to `path`, else beside the file; where it is, as no file is ever overwritten.

        Raises: ImporterError when the folder does not take it.
        """
        return self.write_with_note(path).path

    def write_with_note(self, path: str | Path | None = None) -> WrittenResult:
        """As `write`, with a sentence if the workbook is not what a person expects."""
        return write_result_workbook(self.summary, self.result_path() if path is None else Path(path), self.early)

    def undo(self, *, on_event: Callable[[Event], None] | None = None) -> "RunReport":
        """Put back what the run did, as a run of its own; what a person has changed since is kept, as a conflict.

        Raises: as `Account.undo`; Guarded for a run that was taken from the history.
        """
        if self.account is None:
            raise about_runs.run_from_history(self.run)
        return self.account.undo(self, on_event=on_event)

    def _repr_html_(self) -> str:
        """The report in a notebook: its counts, its first problems, what to do next."""
        lines = [*map(str, self.problem_list[:10]), *self.differences[:10], *self.next_steps]
        return counts_html(f"{self.details.kind} {self.name}, run {self.run}", self.counts, lines)
