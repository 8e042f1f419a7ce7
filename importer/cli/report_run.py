"""What is said of a run at its end: the result workbook, the counts, what to do next. Decides nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from importer import ImporterError
from importer.cli.ending import give_result, print_failure
from importer.cli.output import print_result, say, say_lines, say_problems
from importer.messages import about_runs

if TYPE_CHECKING:
    from collections.abc import Container

    from importer import Problem, RunReport

INTERRUPTED = 130


def report_run(report: "RunReport", target: Path, *, known_problems: "Container[Problem]" = (), as_json: bool) -> int:
    """Write the result workbook, say how the run ended, and return the exit code."""
    result: Path | None = None
    try:
        written = report.write_with_note(target)
    except ImporterError as error:
        print_failure(error.also(*about_runs.result_again(report.run)), as_json=False)
    else:
        result = written.path
        if written.note:
            say(written.note)
    say_report(report, known_problems)
    code = INTERRUPTED if report.was_interrupted else report.exit_code
    give_result(lambda: report.to_dict(result) | {"exit": code}, as_json=as_json)
    if result is not None and not as_json:
        print_result(str(result))
    return code


def say_report(report: "RunReport", known_problems: "Container[Problem]" = ()) -> None:
    """Say how a run ended."""
    counts = "   ".join(f"{outcome} {count:,}" for outcome, count in report.counts.items() if count)
    say(counts or f"No {report.units}.")
    new = [each for each in report.problem_list if each not in known_problems]
    say_problems(new, "the result workbook lists them all.")
    say_lines(report.story)
    if report.verification:
        say(f"  {report.verification}")
        say_lines(report.differences[:10])
    say_lines(report.next_steps)
