"""What a run that stopped has done is found out before another one compares a file with the account."""

from typing import TYPE_CHECKING

from importer.cli.output import say

if TYPE_CHECKING:
    from importer.sync.run_context import RunContext


def recover_stopped_runs(means: "RunContext") -> None:
    """Find out what every run of this account did that stopped with a request in flight; say so.

    Raises: Guarded when it cannot be found out.
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    for run in pipeline.unsettled(means):
        say(f"Run {run.id} stopped while a request was in flight; looking what became of it.")
        pipeline.settle(means, run)
