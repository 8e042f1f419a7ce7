"""Keeps files that we only had as a copy beside the journal, for as long as it has their runs.

So the person's own workbook comes back with marks whenever that is asked for. Knows files, and nothing that is in them.
"""

import dataclasses
import shutil
from pathlib import Path

from importer.platforms.file_moves import remove
from importer.private_files import FILE, make_folder
from importer.spreadsheet.write import atomic_write
from importer.sync.journal import Journal
from importer.sync.run_input import RunInput

_FOLDER = "files"


def keep(run_input: RunInput, run_id: str, journal: Journal) -> RunInput:
    """The same input with a file that stays: a temporary copy is saved, the person's own file is used where it is.

    Raises: ImporterError when the folder does not take it.
    """
    source = run_input.table.source
    if not source.copy_name or not source.path.is_file():
        return run_input
    folder = journal.path.parent / _FOLDER
    make_folder(folder)
    with source.path.open("rb") as file:
        name = folder / f"{run_id}{source.path.suffix}"
        kept = atomic_write.put(name, lambda to: shutil.copyfileobj(file, to), mode=FILE)
    table = dataclasses.replace(run_input.table, source=dataclasses.replace(source, path=kept.absolute()))
    return dataclasses.replace(run_input, table=table)


def prune(journal: Journal, before: float) -> int:
    """Delete the runs that began before this time, in seconds since 1970, and their files; return how many runs."""
    deleted = journal.prune(before)
    runs = {run.id for run in journal.runs()}
    for path in (journal.path.parent / _FOLDER).glob("*"):
        if _run_of(path) not in runs and path.stat().st_mtime < before:
            remove(path)  # on Windows not while somebody has it open: then the next time
    return deleted


def _run_of(path: Path) -> str:
    return path.name.split(".")[0]
