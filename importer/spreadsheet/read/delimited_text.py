"""Text files to a grid: the encoding, the delimiter, the rows. Knows characters, and no field."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from importer.errors import Unreadable
from importer.messages import about_files
from importer.spreadsheet.write.safe_text import from_csv

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_OTHERS = ("cp1250", "cp1251", "cp1253", "cp1254", "cp1257")
# A sign within a word ("Pawe³"), or four letters with marks in a row ("Èâàí"): text of another encoding.
_NOT_WESTERN = re.compile(
    r"(?<=[^\W\d_])[\xa1-\xa9\xab-\xb4\xb6\xb8\xb9\xbb-\xbf\xd7\xf7]|[\xa3-\xa5\xaf\xb3\xb9\xbc\xbe](?=[^\W\d_])|[\xc0-\xff]{4}"
)
_END = "\x00end of the file\x00"


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows of a text file as lists of text, and what had to be found out to read them."""

    rows: list[list[str]]
    notes: tuple[str, ...]


def read_rows(path: Path, data: bytes, encoding: str | None = None) -> TextRows:
    """Every row of the file, blank ones included, so that row n is the n-th as Excel shows it.

    A `sep=;` line in front is obeyed and is not a row. A mark that keeps a text from being run as a formula is taken
    off. Raises: Unreadable.
    """
    text, notes = _decode(path, data, encoding)
    told, text = _take_sep_line(text)
    delimiter = told or _find_delimiter(path, text)
    if not told and delimiter not in ",\t":
        notes = (*notes, f"Columns are separated by a {DELIMITERS[delimiter]}.")
    rows = _parse(path, text, delimiter)
    if "'" in text:
        rows = [[from_csv(cell) if "'" in cell else cell for cell in row] for row in rows]
    return TextRows(rows, notes)


def raw_rows(path: Path, data: bytes, encoding: str | None = None) -> tuple[list[list[str]], str]:
    """Every row with its cells as they stand in the file, and what stands between two of them. Raises: Unreadable."""
    told, text = _take_sep_line(_decode(path, data, encoding)[0])
    delimiter = told or _find_delimiter(path, text)
    return _parse(path, text, delimiter), delimiter


def _decode(path: Path, data: bytes, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """The text and, where the encoding was not beyond doubt, a note that says which was taken."""
    if encoding:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), ()
        except (UnicodeDecodeError, LookupError):
            raise about_files.wrong_encoding(path.name, encoding) from None
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(path, data, name), ()
    if b"\x00" in data[:512]:
        return _strictly(path, data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guess(path, data)


def _strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise about_files.broken_encoding(path.name, encoding.removesuffix("-sig").upper()) from None


def _guess(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text that is not UTF-8: one of Windows' encodings, by what its words look like; which one is always said.

    A detector tells alphabets apart, and Western from Central European text no better than a coin; so Western it
    is, unless that makes words that no Western language has.
    """
    encoding = "cp1252" if _looks_western(data) else _detect(data)
    try:
        text = data.decode(encoding or "ascii")
    except UnicodeDecodeError:
        raise about_files.unknown_encoding(path.name) from None
    word = next(word for word in re.split(r"[,;|\t\r\n]", text) if not word.isascii()).strip()
    taken = str(encoding).replace("cp", "Windows-")
    note = (
        f'The file is not in UTF-8, so we read it as {taken}. Does "{word[:40]}" look right? '
        "If not, save it as CSV UTF-8, or name its encoding."
    )
    return text, (note,)


def _looks_western(data: bytes) -> bool:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return not _NOT_WESTERN.search(text)


def _detect(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (few files need it)

    best = from_bytes(data, cp_isolation=list(_OTHERS)).best()
    return best.encoding if best else None


def _take_sep_line(text: str) -> tuple[str | None, str]:
    """The delimiter that a leading `sep=;` line tells, and the text after that line."""
    first, _, rest = text.partition("\n")
    first = first.strip("\r").strip('"')
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], rest
    return None, text


def _find_delimiter(path: Path, text: str) -> str:
    """The delimiter under which the first rows have most columns, and the same number of them.

    Raises: Unreadable when two are as good, or a row has none where others have many.
    """
    start = text[:65536]
    scores = {delimiter: _columns_under(start, delimiter) for delimiter in DELIMITERS}
    best = max(scores.values())
    found = [delimiter for delimiter, score in scores.items() if score == best]
    if best == (0, 0):
        return ","
    if len(found) > 1:
        named = " and ".join(DELIMITERS[delimiter] for delimiter in found)
        raise about_files.unclear_delimiter(path.name, named)
    return found[0]


def _columns_under(start: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows have the commonest width above one, and that width."""
    try:
        widths = [len(row) for row, _ in zip(_reader(start, delimiter), range(40), strict=False) if any(row)]
    except csv.Error:
        return (0, 0)
    wide = [width for width in widths[: -1 if len(widths) > 1 else None] if width > 1]
    if not wide:
        return (0, 0)
    common = max(set(wide), key=lambda width: (wide.count(width), width))
    return (wide.count(common), common)


def _parse(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """The rows. A quote that is never closed would swallow the rest of the file: it is found, not obeyed."""
    rows: list[list[str]] = []
    try:
        rows.extend(_reader(text.rstrip("\x1a") + "\n" + _END, delimiter))
    except csv.Error:
        raise _unclosed(path, len(rows) + 1) from None
    if rows[-1] != [_END]:
        raise _unclosed(path, len(rows))
    rows.pop()
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    # newline="" keeps a line break inside quotes as it is; StringIO then also knows a lone carriage return.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _unclosed(path: Path, row: int) -> Unreadable:
    return about_files.open_quotation(path.name, row)
