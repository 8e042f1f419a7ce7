"""All text that a file may hold, wherever in it, for whoever looks for a word. Knows no sheet and no cell."""

import html
import re
import zipfile
from io import BytesIO
from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_ENCODINGS = ("utf-8", "utf-16", "cp1252")
_LARGEST = 1 << 28
"""Bytes to which a file may unpack; what is larger is not looked into."""


def raw_texts(path: Path) -> list[str] | None:
    """The texts in a file: of a workbook each of its parts without their tags, of a text file all of it as several
    encodings have it; None for a file that is packed in another way, so that words cannot be looked for.
    """
    try:
        data = path.read_bytes()
        if zipfile.is_zipfile(BytesIO(data)):
            return _parts(data)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    return [data.decode(encoding, errors="replace") for encoding in _ENCODINGS]


def _parts(data: bytes) -> list[str] | None:
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = package.infolist()
        is_text = all(each.filename.endswith((".xml", ".rels", ".vml", "/", "mimetype")) for each in members)
        if not is_text or sum(each.file_size for each in members) > _LARGEST:
            return None
        parts = [package.read(each).decode("utf-8", errors="replace") for each in members]
    return [html.unescape(_TAG.sub("", part)) + html.unescape(part) for part in parts]
