"""`importer apply`: plan, show, confirm, send, write the result workbook."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli import options
from importer.cli.plan import show_plan
from importer.cli.progress import watch
from importer.cli.show import give, give_json, load_json, say, say_lines, say_plan, say_problems, say_table
from importer.errors import Guarded

if TYPE_CHECKING:
    from importer.job import Prepared
    from importer.load import Load


@click.command(short_help="Show what a file would change, ask, send it, and write the result workbook.")
@options.reading
@options.mode
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would change, as `importer plan`.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row has a problem.")
@options.connection
@options.output("the result workbook")
@options.as_json
def apply(*, mode: str, output: Path | None, as_json: bool, **given: Any) -> int:
    """Load FILE: show what would change, ask, send it, and write a workbook with the outcome of every row.

    FILE is a list, a result workbook whose sheet "To fix" you have corrected, or a plan workbook. Loading the same
    file again changes nothing.

    \b
    Examples:
      importer apply skills.xlsx
      importer apply skills.csv --mode add --yes --json
      importer apply skills.result.xlsx      the rows that you have corrected
    """
    if given["dry_run"]:
        return show_plan(mode, output, given, as_json=as_json)
    reading = options.to_reading(given)
    from importer import ending, job  # noqa: PLC0415  (imports pandas)

    ready = job.prepare(reading, options.to_connection(given), mode)
    say_table(ready.checked)
    say_problems(ready.checked.problems, "the result workbook lists them all.")
    say_plan(ready.plan, ready.account)
    target = job.result_path(ready, output)

    load = job.start(ready)
    if given["all_or_nothing"] and ready.checked.problems:
        load.leave()
        say("Nothing was sent, because of --all-or-nothing.")
        code = Guarded.exit_code
    elif not ready.writes:
        load.leave()
        say("There is nothing to send.")
        code = ending.exit_code(load.results.values(), None)
    else:
        _confirm(ready, yes=given["yes"])
        watch(load, quiet=as_json)
        code = ending.exit_code(load.results.values(), load.stopped)
    result = job.write_result_workbook(load, target)
    _tell(load, result, as_json=as_json)
    return code


def _confirm(ready: "Prepared", *, yes: bool) -> None:
    """Go on only if the person says so.

    Raises: Guarded when they do not, or nobody is there to ask.
    """
    from importer import job  # noqa: PLC0415

    if yes:
        return
    if not sys.stdin.isatty():
        raise Guarded("Nothing was sent: there is no terminal to ask on.", "Say --yes to send without being asked.")
    if not click.confirm(f"Send {job.forecast_sentence(ready)}?", default=False, err=True):
        raise Guarded("Nothing was sent.")


def _tell(load: "Load", result: Path, *, as_json: bool) -> None:
    """Say how it ended, and where the result is."""
    from importer import ending  # noqa: PLC0415
    from importer.model import count_outcomes  # noqa: PLC0415

    if as_json:
        give_json(load_json(load, str(result)))
        return
    counts = count_outcomes(load.results.values())
    say("   ".join(f"{outcome.value} {count:,}" for outcome, count in counts.items() if count) or "No rows.")
    problems = [each for each in ending.problems_of(load.results) if each not in load.checked.problems]
    say_problems(problems, "the result workbook lists them all.")
    say_lines(ending.next_steps(counts, load.stopped))
    give(str(result))
