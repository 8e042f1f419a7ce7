"""`importer demo`: the whole job on the stand-in for Kantata, with the sample files."""

from pathlib import Path

import click

import importer
from importer.cli.output import print_result, say
from importer.messages import about_files
from importer.platforms.file_moves import remove

_SAMPLES = (
    ("skill-memberships.xlsx", "a skill list in Excel"),
    ("skill-memberships.xlsx", "the same file again: nothing changes"),
    ("skill-memberships-mistakes.xlsx", "a skill list with every mistake a person makes"),
    ("user-group-memberships.csv", "a list of people and groups, as text"),
    ("organization-memberships.xlsx", "people and projects with their geography and department"),
)


@click.command(short_help="See the whole job on a stand-in for Kantata, with sample files.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("importer-demo"),
    show_default=True,
    metavar="DIR",
    help="The folder for the results.",
)
def demo(*, out: Path) -> int:
    """See the whole job: start a stand-in for Kantata, load the sample files into it, write the results and a report.

    Nothing leaves this machine. A copy of the sample files stands beside the results, for you to practice with.

    \b
    Example:
      importer demo --out demo
    """
    out.mkdir(parents=True, exist_ok=True)
    inputs = importer.sample_folder()
    # Beside the samples it would be found by whoever loads them next; and each stand-in is an account of its own.
    names = out / "demo.aliases.xlsx"
    if not remove(names):
        raise about_files.alias_workbook_open(names.name)
    written: list[tuple[Path, str]] = []
    with importer.Account.sandbox(folder=out / "journal") as account:
        before = _report(account, out / "skill-report-before.xlsx")
        root = account.base_url.removesuffix("/api/v1")
        say(f"A stand-in for Kantata runs at {root}, with 450 people and their skills. Its token is `demo`.")
        say()
        for name, what in _SAMPLES:
            report = account.plan(inputs / name, aliases=names).apply()
            written.append((report.write(out / report.result_path().name), what))
            say(f"{name}: {what}")
            say("  " + "   ".join(f"{outcome} {count:,}" for outcome, count in report.counts.items() if count))
        against = importer.Against(inputs / "targets.xlsx", before)
        reports = [
            (_report(account, out / "skill-report.xlsx", against), "a workbook"),
            (_report(account, out / "skill-report.html", against), "the same as a page"),
        ]
    say()
    say("Open these to see what became of every row:")
    for path, what in written:
        print_result(f"{path}    {what}")
    say()
    say("And these to see who can do what, what is missing, and what the loads have changed:")
    for path, what in reports:
        print_result(f"{path}    {what}")
    say()
    samples = importer.copy_samples(out / "samples")
    say(f"The sample files are in {samples}. To load them yourself, start with `importer sandbox`.")
    return 0


def _report(account: "importer.Account", path: Path, against: "importer.Against | None" = None) -> Path:
    """Write a skill report, with the gaps against targets and the changes since an earlier one; where it is."""
    return importer.write_report(account.report_skills(against), path)
