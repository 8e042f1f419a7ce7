"""Everything that can be read in the files of a folder by somebody who tries hard: packed, deleted or in a base.

Knows bytes, zlib, zip and SQLite; asks none of the program's own readers, but for the base's packed numbers.
"""

import base64
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from importer.packed_base import unpack_base

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


def readable(folder: Path) -> str:
    """All that stands in the files, as one text; wherever something was deleted and is still on the disk, too."""
    return "\n".join(text for path in sorted(folder.rglob("*")) if path.is_file() for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    yield str(path.relative_to(path.parents[1]))
    yield data.decode("utf-8", errors="replace")
    yield data.decode("utf-16-le", errors="replace")
    for found in _ZLIB.finditer(data):
        yield _inflated(data[found.start() :])
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            for member in package.namelist():
                yield re.sub("<[^>]*>", " ", package.read(member).decode("utf-8", errors="replace"))
    if path.suffix == ".sqlite":
        yield from _rows(path)


def _inflated(data: bytes) -> str:
    """What a stream that begins here unpacks to, as far as it goes."""
    inflate, out = zlib.decompressobj(), b""
    for start in range(0, len(data), 256):
        try:
            out += inflate.decompress(data[start : start + 256])
        except zlib.error:
            break
        if inflate.eof:
            break
    return out.decode("utf-8", errors="replace")


def _rows(path: Path) -> Iterator[str]:
    """Every value of every table, unpacked."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    text = zlib.decompress(value).decode() if isinstance(value, bytes) else str(value)
                    yield text
                    if table == "inputs" and isinstance(value, bytes) and (base := json.loads(text).get("base")):
                        yield str([key for key, _ in unpack_base(base64.b64decode(base)).records()])
