"""Names with * and ?, for which most shells put the files before we see them. Those of Windows leave that to programs.

Knows names, and nothing of what is in a file.
"""

from collections.abc import Iterable
from pathlib import Path

from importer.platforms.open_files import is_lock_file, workbook_of
from importer.platforms.system import is_windows


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant, in order: on Windows `*.xlsx` is all of them. A pattern that fits nothing stays.

    The lock file of a workbook that is among them is left out: a pattern takes it in as well.
    """
    every = [each for path in paths for each in (_matches(path) if is_windows() else (path,))]
    return [each for each in every if not (is_lock_file(each) and workbook_of(each) in every)]


def _matches(path: Path) -> list[Path]:
    if not {"*", "?"} & set(path.name) or path.exists():
        return [path]
    pattern = path.name.replace("[", "[[]")  # which is a letter like any other there
    return sorted(path.parent.glob(pattern)) or [path]
