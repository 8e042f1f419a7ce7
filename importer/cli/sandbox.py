"""`importer sandbox`: the stand-in for Kantata, to try things with no account."""

from pathlib import Path

import click

from importer.cli.output import say, say_lines
from importer.messages import about_program
from importer.platforms.shells import lines_that_set


@click.command(short_help="Start a stand-in for Kantata on this machine, to try things with no account.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    metavar="N",
    help="The port where it listens; 0 for any free one.",
)
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="Keep its data in this SQLite file.")
@click.option(
    "--users", type=click.IntRange(450), default=450, show_default=True, metavar="N", help="How many people it has."
)
@click.option(
    "--set",
    "switches",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change how it behaves; its start page lists the switches.",
)
@click.option(
    "--shift-ids",
    "shift",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    help="Every id is N higher: the same people in another account, to try a migration.",
)
@click.option(
    "--without",
    "lacks",
    metavar="LIST",
    default="",
    help="What a new account lacks, of skills, groups and organizations, with all memberships in them.",
)
def sandbox(*, port: int, db: Path | None, users: int, switches: tuple[str, ...], shift: int, lacks: str) -> int:
    """Start a stand-in for Kantata on this machine. Its token is `demo`. Stop it with Ctrl-C.

    \b
    Examples:
      importer sandbox
      importer sandbox --port 9001 --shift-ids 1000000
      importer sandbox --port 9001 --shift-ids 1000000 --without skills,groups
      importer sandbox --port 9000 --db world.sqlite --set bulk=partial
    """
    from importer import sandbox as stand_in  # noqa: PLC0415  (imports a web server)

    pairs = [text.partition("=") for text in switches]
    if wrong := next((name for name, equals, _ in pairs if not equals), None):
        raise about_program.switch_without_value(wrong)

    def ready(root: str) -> None:
        say(f"The sandbox is at {root}; open it to see what it can do. Stop it with Ctrl-C.")
        say("In another terminal:")
        say_lines(lines_that_set({"KANTATA_TOKEN": "demo", "KANTATA_BASE_URL": f"{root}/api/v1"}))
        say("  importer apply skills.xlsx")

    try:
        named = {name: value for name, _, value in pairs}
        account = stand_in.NewAccount(users, shift, frozenset(filter(None, map(str.strip, lacks.split(",")))))
        stand_in.serve(port=port, db=db, account=account, switches=named, on_ready=ready)
    except stand_in.SandboxError as error:
        raise about_program.sandbox_refused(str(error)) from None
    return 0
