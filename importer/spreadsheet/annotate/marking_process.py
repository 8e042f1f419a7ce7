"""Marks a person's workbook in a process of its own, while this one does other work. Knows outcomes by their colours.

Marking a large sheet is work for the processor, and Python does such work for one thread at a time.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from subprocess import PIPE
from typing import NamedTuple

from importer.spreadsheet.annotate.package import ChangedParts
from importer.spreadsheet.annotate.workbook import Covered, Mark, OwnWorkbook, RowMarks
from importer.spreadsheet.annotate.xml_edit import NotKeptError

_FAILED = "it could not be marked by another process"


class Marked(NamedTuple):
    """The parts of the workbook that are changed, and the fills that are not seen now."""

    parts: ChangedParts
    covered: Covered


def mark_in_process(data: bytes, other: frozenset[str], marks: Sequence[Mark | RowMarks]) -> Marked:
    """Mark a workbook that no earlier run has marked; `other` are the sheets to leave out.

    Raises: NotKeptError where it cannot be marked, or not in another process.
    """
    try:
        with subprocess.Popen(  # noqa: S603  (this module itself, by the Python that runs us)
            [sys.executable, "-m", __name__], stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            with process.stdin as target:  # it takes in all of this before it says anything
                pickle.dump((data, other, marks), target, pickle.HIGHEST_PROTOCOL)
            marked = Marked(*pickle.load(process.stdout))  # noqa: S301  (written by `main`)
    except (EOFError, OSError, pickle.UnpicklingError):
        raise NotKeptError(_FAILED) from None
    if process.returncode:
        raise NotKeptError(_FAILED)
    return marked


def main() -> None:
    """Mark the workbook that comes from standard input, and write what is changed in it to standard output."""
    data, other, marks = pickle.load(sys.stdin.buffer)  # noqa: S301  (written by `mark_in_process`)
    workbook = OwnWorkbook(data, other=other)
    covered = workbook.mark(marks, lambda _sheet, _place: b"")
    pickle.dump(tuple(Marked(workbook.changed_parts(), covered)), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
