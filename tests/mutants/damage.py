"""A list of the product's own columns, damaged in a hundred ways that are known, so that what is read can be judged.

Each way is a function of the rows of the list: the bytes of a file. Every row carries its number in its ids, so that a
record that is read names the row from which it came.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ROWS = 20
HEADER = ["user_id", "skill_id", "level", "note"]
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged list: its kind, what was done, and its bytes."""

    kind: str
    how: str
    data: bytes


def rows() -> Rows:
    """The sound list: row n, counted from 0, is of person 1000 + n, skill 2000 + n, and level 1 + n % 5."""
    return [[str(1000 + at), str(2000 + at), str(1 + at % 5), f"Zoë {at}"] for at in range(ROWS)]


def as_text(table: Rows, delimiter: str = ",", end: str = "\r\n", *, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The list with its header as text."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([HEADER, *table])
    return target.getvalue()


def every_damage() -> list[Damage]:
    """A hundred and more damaged lists."""
    makers = (_quotes, _separators, _line_ends, _encodings, _marks, _zeros, _cells, _headers, _ends, _signs)
    return [damage for make in makers for damage in make()]


def _with(change: Callable[[list[str]], object]) -> bytes:
    """The list after a change of its lines (line 0 is the header), as UTF-8."""
    lines = as_text(rows(), end="\n").split("\n")[:-1]
    change(lines)
    return ("\r\n".join(lines) + "\r\n").encode()


def _in_line(at: int, old: str, new: str) -> Callable[[list[str]], object]:
    def change(lines: list[str]) -> None:
        lines[at] = lines[at].replace(old, new)

    return change


def _in_lines(first: int, change: Callable[[str], str]) -> Callable[[list[str]], object]:
    """The same change of every line from one on."""

    def change_all(lines: list[str]) -> None:
        lines[first:] = map(change, lines[first:])

    return change_all


def _quotes() -> Iterator[Damage]:
    for at in (1, 7, ROWS):
        yield Damage("quotes", f"an open one in the note of line {at}", _with(_in_line(at, "Zoë", '"Zoë')))
        yield Damage("quotes", f"one behind the note of line {at}", _with(_in_line(at, f"Zoë {at - 1}", 'Zoë"')))
        yield Damage("quotes", f"an open one before line {at}", _with(_in_line(at, "100", '"100') if at < 11 else
                                                                      _in_line(at, "101", '"101')))  # fmt: skip
        yield Damage("quotes", f"text behind a closed one in line {at}", _with(_in_line(at, "Zoë", '"Zoë" and')))
        yield Damage("quotes", f"one around a level and open in line {at}", _with(_in_line(at, ",Zoë", '",Zoë')))

    def two(lines: list[str]) -> None:
        lines[4], lines[9] = lines[4].replace("Zoë", '"Zoë'), lines[9] + '"'

    yield Damage("quotes", "one opened in line 4 and closed in line 9", _with(two))
    yield Damage("quotes", "all cells quoted", as_text(rows(), quoting=csv.QUOTE_ALL).encode())
    yield Damage("quotes", "typographic ones", _with(_in_line(5, "Zoë", "\u201cZoë\u201d")))
    yield Damage("quotes", "single ones", _with(_in_line(5, "Zoë 4", "'Zoë 4'")))
    yield Damage("quotes", "one in the header", _with(_in_line(0, "level", '"level')))


def _separators() -> Iterator[Damage]:
    for delimiter, name in ((";", "semicolon"), ("\t", "tab"), ("|", "pipe"), (":", "colon"), ("^", "caret")):
        yield Damage("separators", name, as_text(rows(), delimiter).encode())
        yield Damage("separators", f"{name} in line 5 alone", _with(_in_line(5, ",", delimiter)))
        yield Damage("separators", f"sep={delimiter}", f"sep={delimiter}\r\n{as_text(rows(), delimiter)}".encode())
    yield Damage("separators", "sep= of another", f"sep=;\r\n{as_text(rows())}".encode())
    yield Damage("separators", "blanks behind each", as_text(rows()).replace(",", ", ").encode())
    yield Damage("separators", "doubled", as_text(rows()).replace(",", ",,").encode())
    yield Damage("separators", "none", as_text(rows()).replace(",", "").encode())


def _line_ends() -> Iterator[Damage]:
    for end, name in (("\n", "LF"), ("\r", "CR"), ("\r\n", "CRLF"), ("\r\r\n", "CR CRLF"), ("\n\r", "LF CR"),
                      ("\n\n", "blank lines between"), ("\x0b", "VT"), ("\x0c", "FF"), ("\x85", "NEL"),
                      ("\u2028", "line separator"), ("\u2029", "paragraph separator")):  # fmt: skip
        yield Damage("line ends", name, as_text(rows(), end=end).encode())
    mixed = as_text(rows(), end="\n").split("\n")
    ends = ["\n", "\r\n", "\r"]
    yield Damage("line ends", "mixed", "".join(line + ends[at % 3] for at, line in enumerate(mixed)).encode())
    yield Damage("line ends", "none at the end", as_text(rows()).rstrip().encode())
    yield Damage("line ends", "one missing", _with(lambda lines: lines.__setitem__(5, lines[5] + lines.pop(6))))
    yield Damage("line ends", "one within a row", _with(_in_line(5, ",2004", "\r\n,2004")))
    yield Damage("line ends", "one within a quoted note", _with(_in_line(5, "Zoë 4", '"Zoë\r\n4"')))


def _encodings() -> Iterator[Damage]:
    text = as_text(rows())
    for encoding in ("cp1252", "cp1250", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
                     "utf-32-le", "utf-32-be", "utf-8-sig", "latin-1"):  # fmt: skip
        yield Damage("encodings", encoding, text.encode(encoding))
    halves = text.encode(), text.encode("cp1252")
    yield Damage("encodings", "UTF-8 above, cp1252 below", halves[0][: len(halves[0]) // 2] + halves[1][-200:])
    yield Damage("encodings", "a lone byte", text.encode().replace("Zoë 4".encode(), b"Zo\xff 4"))
    yield Damage("encodings", "an overlong zero", text.encode().replace(b",", b"\xc0\xac", 3))
    yield Damage("encodings", "UTF-16 of odd length", text.encode("utf-16")[:-1])
    yield Damage("encodings", "UTF-8 twice", text.encode().decode("cp1252").encode())


def _marks() -> Iterator[Damage]:
    text = as_text(rows())
    marks = {
        "two of UTF-8": b"\xef\xbb\xbf\xef\xbb\xbf",
        "one of UTF-16 before UTF-8": b"\xff\xfe",
        "one of UTF-32 before UTF-8": b"\x00\x00\xfe\xff",
        "half of UTF-8": b"\xef\xbb",
    }
    for name, mark in marks.items():
        yield Damage("byte order marks", name, mark + text.encode())
    yield Damage("byte order marks", "one in the middle", _with(_in_line(5, "1004", "\ufeff1004")))
    yield Damage("byte order marks", "before each line", text.replace("\r\n", "\r\n\ufeff").encode())


def _zeros() -> Iterator[Damage]:
    text = as_text(rows()).encode()
    yield Damage("zero bytes", "at the end", text + b"\x00" * 40)
    yield Damage("zero bytes", "at the start", b"\x00" * 3 + text)
    yield Damage("zero bytes", "within an id", text.replace(b"1004", b"10\x0004"))
    yield Damage("zero bytes", "within a note", text.replace("Zoë 4".encode(), b"Zo\x00 4"))
    yield Damage("zero bytes", "a block of them", text.replace(b"1004,2004,5", b"\x00" * 11))
    yield Damage("zero bytes", "between all", b"\x00".join(text[at : at + 1] for at in range(len(text))))


def _cells() -> Iterator[Damage]:
    for at in (1, 9, ROWS):
        yield Damage("cells", f"one more in line {at}", _with(_in_line(at, ",Zoë", ",x,Zoë")))
        yield Damage("cells", f"a blank one more at the end of line {at}", _with(_in_line(at, f"Zoë {at - 1}", "Zoë,")))
        yield Damage("cells", f"one more in front of line {at}", _with(_in_line(at, f"{999 + at},", f",{999 + at},")))
        yield Damage("cells", f"the note missing in line {at}", _with(_in_line(at, f",Zoë {at - 1}", "")))
        yield Damage("cells", f"the person missing in line {at}", _with(_in_line(at, f"{999 + at},", "")))
        yield Damage("cells", f"a decimal comma in line {at}", _with(_in_line(at, ",Zoë", ",5,Zoë")))
    yield Damage("cells", "one too many in every line", _with(_in_lines(0, lambda line: f"{line},")))
    yield Damage("cells", "a shifted half", _with(_in_lines(10, lambda line: f",{line}")))


def _headers() -> Iterator[Damage]:
    yield Damage("headers", "one missing", _with(_in_line(0, "level,", "")))
    yield Damage("headers", "one more", _with(_in_line(0, "level", "level,x")))
    yield Damage("headers", "twice the same", _with(_in_line(0, "note", "level")))
    yield Damage("headers", "a blank one", _with(_in_line(0, "note", "")))
    yield Damage("headers", "in capitals with blanks", _with(_in_line(0, "user_id", " USER_ID ")))
    yield Damage("headers", "misspelt", _with(_in_line(0, "skill_id", "skil_id")))
    yield Damage("headers", "missing", _with(lambda lines: lines.pop(0)))
    yield Damage("headers", "again below", _with(lambda lines: lines.insert(8, lines[0])))
    yield Damage("headers", "below two titles", ("Skills\r\nas of May,,\r\n" + as_text(rows())).encode())


def _ends() -> Iterator[Damage]:
    whole = as_text(rows()).encode()
    for part in (0.3, 0.5, 0.93):
        yield Damage("ends", f"cut at {part:.0%}", whole[: int(len(whole) * part)])
    yield Damage("ends", "cut behind a skill", whole[: whole.index(b",1,Z", 300)])
    yield Damage("ends", "the end of file of DOS", whole + b"\x1a")
    yield Damage("ends", "twice the whole", whole + whole)
    yield Damage("ends", "blank rows", whole + b",,,\r\n" * 30)


def _signs() -> Iterator[Damage]:
    ids = {
        "a no-break space": "1\u00a0004",
        "a comma": "1,004",
        "shortened by Excel": "1.004E3",
        "an apostrophe": "'1004",
        "a formula": "=1004",
        "blanks around it": " 1004\t",
        "decimals": "1004.0",
        "Arabic digits": "\u0661\u0660\u0660\u0664",
        "a letter for a digit": "l004",
        "a minus": "-1004",
    }
    levels = {"a half": "5.5", "twice": "55", "a sign without width": "\u200b5", "a word": "five"}
    for how, text in ids.items():
        yield Damage("signs", f"an id: {how}", _with(_in_line(5, "1004", text)))
    for how, text in levels.items():
        yield Damage("signs", f"a level: {how}", _with(_in_line(5, "2004,5", f"2004,{text}")))
