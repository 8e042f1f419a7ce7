"""`importer doctor`: whether everything needed works, and what to do where it does not."""

from dataclasses import asdict
from typing import Any

import click

from importer.cli import options
from importer.cli.output import print_json, print_result


@click.command(short_help="Say whether everything needed works.")
@options.connection
@options.as_json
def doctor(*, as_json: bool, **values: Any) -> int:
    """Say whether everything needed works: Python and libraries, folders, keyring, network, token, permissions.

    Reads a little from the account and changes nothing.

    \b
    Examples:
      importer doctor
      importer doctor --profile emea --json
    """
    findings = options.to_account(values).examine()
    if as_json:
        print_json({"findings": [{"what": each.what, "works": each.works} | asdict(each) for each in findings]})
    else:
        for each in findings:
            print_result(f"{'works  ' if each.works else 'FAILS  '} {each.what}: {each.says}")
            if each.fix and not each.works:
                print_result(f"         {each.fix}")
    return max((each.exit_code for each in findings if not each.works), default=0)
