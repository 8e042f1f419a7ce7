"""`importer doctor`: whether everything needed works, and what to do where it does not."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.output import print_json, print_result, say


@click.command(short_help="Say whether everything needed works.")
@options.connection
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write what was found as a report for a support case, as text or as .json. It holds no token and no names.",
)
@options.as_json
def doctor(*, report: Path | None, as_json: bool, **values: Any) -> int:
    """Say whether everything needed works: Python and libraries, folders, keyring, network, token, permissions.

    Reads a little from the account and changes nothing. If the account does not answer as it should, we also ask
    Kantata's public status page, status.mavenlink.com, without the token.

    \b
    Examples:
      importer doctor
      importer doctor --profile emea --json
      importer doctor --report report.txt
    """
    account = options.to_account(values)
    findings = account.examine()
    written = None if report is None else account.write_support_report(findings, report)
    if as_json:
        told = {"findings": [each.to_dict() for each in findings]}
        print_json(told | {"report": None if written is None else str(written)})
    else:
        for each in findings:
            print_result(f"{'works  ' if each.works else 'FAILS  '} {each.what}: {each.says}")
            if each.fix and not each.works:
                print_result(f"         {each.fix}")
    if written is not None:
        say(f"The report is in {written}. It holds no token and no names. Read it before you send it.")
    return max((each.exit_code for each in findings if not each.works), default=0)
