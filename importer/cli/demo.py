"""`importer demo`: the whole job on the stand-in for Kantata, with the sample files."""

from pathlib import Path

import click

from importer.cli.output import print_result, say
from importer.messages import about_program

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

    Nothing leaves this machine.

    \b
    Example:
      importer demo --out demo
    """
    from importer import sandbox  # noqa: PLC0415  (imports a web server)

    out.mkdir(parents=True, exist_ok=True)
    samples = sample_folder()
    with sandbox.running() as running:
        before = _report(running.url, running.token, out / "skill-report-before.xlsx")
        say(f"A stand-in for Kantata runs at {running.root}, with 450 people and their skills. Its token is `demo`.")
        say()
        written: list[tuple[Path, str]] = []
        for name, what in _SAMPLES:
            result, told = _load(samples / name, running.url, running.token, out)
            say(f"{name}: {what}")
            say(f"  {told}")
            written.append((result, what))
        against = (samples / "targets.xlsx", before)
        reports = [
            (_report(running.url, running.token, out / "skill-report.xlsx", against), "a workbook"),
            (_report(running.url, running.token, out / "skill-report.html", against), "the same as a page"),
        ]
    say()
    say("Open these to see what became of every row:")
    for path, what in written:
        print_result(f"{path}    {what}")
    say()
    say("And these to see who can do what, what is missing, and what the loads have changed:")
    for path, what in reports:
        print_result(f"{path}    {what}")
    return 0


def sample_folder() -> Path:
    """Where the sample files are: in a checkout beside the package, in an installed package inside it.

    Raises: ImporterError when they are in neither.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent / "sample_data", package / "sample_data"):
        if (folder / _SAMPLES[0][0]).is_file():
            return folder
    raise about_program.no_sample_files()


def _load(sample: Path, url: str, token: str, out: Path) -> tuple[Path, str]:
    """Load one sample file; where its result is, and its counts."""
    from importer import pipeline  # noqa: PLC0415  (imports pandas)
    from importer.pipeline import run_summary  # noqa: PLC0415
    from importer.settings import Settings  # noqa: PLC0415
    from importer.spreadsheet.read.ahead import open_ahead  # noqa: PLC0415

    access = pipeline.open_access(pipeline.Connection(Settings(url, None, out / "journal")), token)
    draft = pipeline.read(pipeline.Reading(open_ahead(sample, None, None)))
    with pipeline.lock_account(access, "demo") as means:
        _, ready = pipeline.prepare(pipeline.check_for(draft, access), access, "upsert")
        load = pipeline.begin(ready, means)
        for _ in load.send():
            pass
    end = run_summary.summarize_run(load)
    told = "   ".join(f"{outcome.value} {count:,}" for outcome, count in end.counts.items() if count)
    return pipeline.write_result_workbook(end, out / pipeline.result_path(load.given, None).name).path, told


def _report(url: str, token: str, path: Path, against: tuple[Path, Path] | None = None) -> Path:
    """Write a skill report, with the gaps against targets and the changes since an earlier one; where it is."""
    from importer import pipeline  # noqa: PLC0415  (imports pandas)
    from importer.export import report  # noqa: PLC0415  (as above)
    from importer.settings import Settings  # noqa: PLC0415

    access = pipeline.open_access(pipeline.Connection(Settings(url, None, path.parent / "journal")), token)
    made = report.make(access, pipeline.Filters(), report.Against(*against) if against else report.Against())
    return report.write_report(made, path)
