"""How a run that has come to its end is told: the result workbook, the counts, what to do next. Decides nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.cli.output import print_json, print_result, problem_json, say, say_lines, say_problems
from importer.errors import ImporterError

if TYPE_CHECKING:
    from collections.abc import Container

    from importer.model import Problem
    from importer.pipeline.run_summary import RunSummary
    from importer.sync.run import Execution

INTERRUPTED = 130


def report_run(
    load: "Execution", target: Path, *, already_told: "Container[Problem]" = (), as_json: bool, code: int | None = None
) -> int:
    """Write the result workbook, say how the run ended, and return the exit code (`code`, where one is given)."""
    from importer import pipeline  # noqa: PLC0415  (imports pandas)
    from importer.pipeline import run_summary  # noqa: PLC0415

    end = run_summary.summarize_run(load)
    result: Path | None = None
    try:
        written = pipeline.write_result_workbook(end, target)
    except ImporterError as error:
        say(str(error))
        say(f"Nothing is lost: `importer show {end.run.id} -o FILE` writes the result again.")
    else:
        result = written.path
        if written.note:
            say(written.note)
    say_end(end, result, already_told, as_json=as_json)
    if load.was_interrupted:
        return INTERRUPTED
    return run_summary.exit_code(end) if code is None else code


def say_end(end: "RunSummary", result: Path | None, already_told: "Container[Problem]", *, as_json: bool) -> None:
    """Say how a run ended, and give where its result is."""
    from importer.pipeline import run_summary  # noqa: PLC0415  (imports pandas)

    say(
        "   ".join(f"{outcome.value} {count:,}" for outcome, count in end.counts.items() if count)
        or f"No {end.given.table.units}."
    )
    say_problems(
        [each for each in run_summary.problems_of(end) if each not in already_told],
        "the result workbook lists them all.",
    )
    if end.receipt:
        say(f"  {end.receipt}")
        say_lines(run_summary.differences_of(end)[:10])
    say_lines(run_summary.next_steps(end))
    if as_json:
        print_json(ended_json(end, None if result is None else str(result)))
    elif result is not None:
        print_result(str(result))


def ended_json(end: "RunSummary", result: str | None) -> dict[str, Any]:
    """The object that `apply`, `resume` and `undo` print with --json."""
    from importer.pipeline import run_summary  # noqa: PLC0415  (imports pandas)

    source = end.given.table.source
    receipt = end.receipt
    return {
        "run": end.run.id,
        "kind": end.run.kind,
        "undoes": end.run.undoes,
        "state": end.run.state.value,
        "endpoint": end.run.endpoint,
        "mode": end.run.mode,
        "file": source.told,
        "sheet": source.sheet,
        "account": {"name": end.run.account_name, "key": end.run.account},
        "rows": len(end.given.refs),
        "beyond_file": end.given.beyond,
        "outcomes": {outcome.value: count for outcome, count in end.counts.items()},
        "requests": dict(end.requests),
        "seconds": round(end.seconds, 3),
        "result": result,
        "verified": None if receipt is None else receipt.is_verified,
        "differences": [problem_json(each) for each in receipt.differences] if receipt else [],
        "stopped": None if end.stopped is None else str(end.stopped),
        "next": run_summary.next_steps(end),
        "aliases": end.given.aliases,
        "notes": list(end.given.notes),
        "problems": [problem_json(problem) for problem in run_summary.problems_of(end)],
    }
