"""Text files to columns of cells: the encoding, the delimiter, the rows. Knows characters, and no field."""

import csv
import io
import re
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from importer.messages import about_files
from importer.remedies import Note, SetOption
from importer.spreadsheet.read.column_text import TextColumns
from importer.spreadsheet.read.limits import bound_list
from importer.spreadsheet.read.quoted_rows import split_rows
from importer.spreadsheet.read.row_widths import RowMeter
from importer.spreadsheet.read.text_encoding import likely_encodings
from importer.spreadsheet.write.safe_text import from_csv

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LONGEST_SEP_LINE = 64
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1e\x85\u2028\u2029]")
_ENCODING_NAMES = {"cp125": "Windows-125", "cp932": "Windows-932", "cp949": "Windows-949", "mac_": "Mac ", "cp": "DOS "}


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a text file, and what had to be found out to read them.

    Shapes: the columns are all as long as there are rows. `misquoted` are the rows (from 1) in which a quotation mark
    is wrong: each is one line of the file. `longer` are those that have one cell too many, which is blank.
    """

    columns: tuple[list[str], ...]
    notes: tuple[str, ...]
    misquoted: frozenset[int] = frozenset()
    longer: tuple[int, ...] = ()


class Decoded(NamedTuple):
    """The text of a file; and where its encoding is not beyond doubt a note that says which was taken, and the likely
    ones.
    """

    text: str
    notes: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()


def read_text(path: Path, decoded: Decoded) -> TextTable:
    """Every row of the file, blank ones included, so that row n is the n-th as Excel shows it.

    A `sep=;` line in front is obeyed and is not a row. A mark that keeps a text from being run as a formula is taken
    off. Raises: Unreadable.
    """
    notes = decoded.notes
    told, text = _take_sep_line(_with_line_ends(decoded.text))
    delimiter = told or _find_delimiter(path, text)
    if not told and delimiter not in ",\t":
        notes = (*notes, f"Columns are separated by a {DELIMITERS[delimiter]}.")
    columns, meter, misquoted, is_filled = TextColumns(), RowMeter(), set[int](), False
    has_marks = "'" in text
    for rows, wrong in split_rows(text, delimiter, partial(bound_list, path.name)):
        above = columns.height
        if wrong and not misquoted and not is_filled and not any(map(any, rows[: min(wrong) - above - 1])):
            raise about_files.open_quotation(path.name, min(wrong))
        is_filled = is_filled or any(map(any, rows))
        misquoted |= wrong
        some = [[from_csv(cell) if "'" in cell else cell for cell in row] for row in rows] if has_marks else rows
        columns.take(some)
        meter.take(some, wrong)
    widths = meter.widths
    return TextTable(tuple(columns.columns), (*notes, *widths.notes), frozenset(misquoted), widths.longer)


def raw_rows(path: Path, data: bytes, encoding: str | None = None) -> tuple[list[list[str]], str]:
    """Every row with its cells as they stand in the file, and what stands between two of them. Raises: Unreadable."""
    told, text = _take_sep_line(_with_line_ends(decode(path, data, encoding).text))
    delimiter = told or _find_delimiter(path, text)
    blocks = split_rows(text, delimiter, partial(bound_list, path.name))
    return [row for block in blocks for row in block.rows], delimiter


def decode(path: Path, data: bytes, encoding: str | None = None, likely: str | None = None) -> Decoded:
    """The text of a file. `encoding` is what a person says, `likely` what else speaks for one. Raises: Unreadable."""
    if encoding:
        try:
            return Decoded(data.decode(encoding).removeprefix("\ufeff"))
        except (UnicodeDecodeError, LookupError):
            raise about_files.wrong_encoding(path.name, encoding) from None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(path, data, name))
    if b"\x00" in data[:512]:
        return Decoded(_strictly(path, data, _wide_encoding(data)))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _guess(path, data, likely)


def _with_line_ends(text: str) -> str:
    """The text; one that has no line end, but what some programs write in its place, gets such."""
    return text if "\n" in text or "\r" in text else _OTHER_LINE_ENDS.sub("\n", text)


def _strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise about_files.broken_encoding(path.name, encoding.removesuffix("-sig").upper()) from None


def _wide_encoding(data: bytes) -> str:
    """The encoding of a text without a mark whose letters are two or four bytes wide."""
    if data[1:4] == b"\x00\x00\x00":
        return "utf-32-le"
    if data[:3] == b"\x00\x00\x00":
        return "utf-32-be"
    start = data[:512]
    return "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"


def _guess(path: Path, data: bytes, likely: str | None) -> Decoded:
    """Text that is not UTF-8: in the encoding that its words look like; which one is always said."""
    encodings = (likely,) if likely else likely_encodings(data)
    if not encodings:
        raise about_files.unknown_encoding(path.name)
    encoding = encodings[0]
    text = data.decode(encoding)
    word = next(word for word in re.split(r"[,;|\t\r\n]", text) if not word.isascii()).strip()
    start = next((start for start in _ENCODING_NAMES if encoding.startswith(start)), "")
    taken = encoding.replace(start, _ENCODING_NAMES[start], 1) if start else encoding.upper()
    note = Note(
        f'The file is not in UTF-8, so we read it as {taken}. Does "{word[:40]}" look right? '
        "If not, save it as CSV UTF-8.",
        SetOption("encoding", "NAME", "name its encoding"),
    )
    return Decoded(text, (note,), encodings)


def _take_sep_line(text: str) -> tuple[str | None, str]:
    """The delimiter that a leading `sep=;` line tells, and the text after that line."""
    first, end, _ = text[:_LONGEST_SEP_LINE].partition("\n")
    told = first.strip("\r").strip('"')
    if told.lower().startswith("sep=") and len(told) == len("sep=") + 1:
        return told[-1], text[len(first) + len(end) :]
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
        widths = [
            len(row) for row in islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), 40) if any(row)
        ]
    except csv.Error:
        return (0, 0)
    wide = [width for width in widths[: -1 if len(widths) > 1 else None] if width > 1]
    if not wide:
        return (0, 0)
    common = max(set(wide), key=lambda width: (wide.count(width), width))
    return (wide.count(common), common)
