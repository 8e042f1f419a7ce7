"""What of a folder others than its owner could read or write, by the modes of its files and folders."""

import os
from collections.abc import Iterator
from pathlib import Path

OTHERS = 0o077


def every(folder: Path) -> Iterator[Path]:
    """A folder, and whatever is in it by now."""
    yield folder
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


def open_to_others(folder: Path) -> dict[str, str]:
    """The mode of whatever is open to others."""
    modes = {path: path.lstat().st_mode for path in every(folder) if path.exists()}
    return {str(path.relative_to(folder)): oct(mode & 0o777) for path, mode in modes.items() if mode & OTHERS}
