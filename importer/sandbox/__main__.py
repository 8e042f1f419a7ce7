"""Run a sandbox as a process of its own: python -m importer.sandbox --port N --db FILE --set name=value."""

import argparse
import sys
from pathlib import Path

from importer.sandbox import SandboxError, serve


def _arguments() -> argparse.Namespace:
    from importer.sandbox.switches import read_text  # noqa: PLC0415  (only after --help would be too late)

    parser = argparse.ArgumentParser(prog="python -m importer.sandbox", description="A stand-in for Kantata OX.")
    parser.add_argument("--port", type=int, default=8400, help="0 for a free one (default: 8400)")
    parser.add_argument("--db", type=Path, help="the SQLite file to keep the data in (default: in memory)")
    parser.add_argument("--users", type=int, default=450, help="how many people the account has (default: 450)")
    parser.add_argument("--shift-ids", type=int, default=0, help="how much higher every id is (default: 0)")
    parser.add_argument("--set", action="append", default=[], metavar="name=value", help="a switch")
    arguments = parser.parse_args()
    try:
        arguments.switches = {k: v for text in arguments.set for k, v in read_text(text).items()}
    except SandboxError as error:
        parser.error(str(error))
    return arguments


def main() -> int:
    """Serve until Ctrl-C; the address goes to stdout, a mistake to stderr with exit code 2."""
    arguments = _arguments()
    try:
        serve(
            arguments.port,
            arguments.db,
            arguments.users,
            arguments.switches,
            lambda root: print(root, flush=True),
            arguments.shift_ids,
        )
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
