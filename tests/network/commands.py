"""Runs the command line several times in one process, each time with the arguments of a line of standard input.

`python -m tests.network.commands` prints the exit code of each. `LATEST` stands for the id of the last run. It is one
process, because each one takes a second to begin.
"""

import contextlib
import io
import json
import sys

import importer
from importer.cli import main

LATEST = "LATEST"

if __name__ == "__main__":
    for line in sys.stdin:
        arguments = [importer.list_runs()[0].id if each == LATEST else each for each in json.loads(line)]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                main(arguments)
        except SystemExit as ended:
            print(arguments[0], ended.code, flush=True)
