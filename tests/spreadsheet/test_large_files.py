"""Files that hold more than a machine has memory end in a sentence, and what only looks large is read."""

import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.books import raw_workbook, text_cell
from tests.conftest import Importer
from tests.memory import measured

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured as Linux tells it")

_MOST_MB = 400
_CELLS, _ROWS = "20,971,520 cells", "5,242,880 rows"
_HEADER = "user_id,skill_id,level\n1,2,3\n"


def _with_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _many_cells(path: Path) -> None:
    """250,000 rows of 100 cells, of which each says that it is the next one: 275 MB of XML in 1 MB."""
    with (
        zipfile.ZipFile(_raw(path, "")) as plain,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
    ):
        for name in plain.namelist():
            start, end, rest = plain.read(name).partition(b"</sheetData>")
            with package.open(name, "w") as part:
                part.write(start)
                for _ in range(250 if end else 0):
                    part.write((b"<row>" + b"<c><v/></c>" * 100 + b"</row>") * 1000)
                part.write(end + rest)


def _raw(path: Path, rows: str) -> Path:
    empty = path.with_suffix(".empty")
    empty.write_bytes(raw_workbook(rows))
    return empty


def _shared_text(path: Path) -> None:
    """20,000 cells with one text of 32,000 letters, which the file holds once."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 20_001))
    with zipfile.ZipFile(_raw(path, rows)) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rId2" Type="%b" Target="sharedStrings.xml"/></Relationships>' % kind
    parts[links] = parts[links].replace(b"</Relationships>", link)
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%b</t></si></sst>'
        % (b"x" * 32_000)
    )
    _with_parts(path, parts)


def _long_row(path: Path) -> None:
    row = '<row r="1">' + '<c r="A1"><v>1</v></c>' * 2_000_000 + "</row>"
    path.write_bytes(raw_workbook(row))


_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"


def _open_document(path: Path, rows: str) -> None:
    content = (
        f'<o:document-content xmlns:o="{_SPACE}office:1.0" xmlns:t="{_SPACE}table:1.0" xmlns:p="{_SPACE}text:1.0">'
        f'<o:body><o:spreadsheet><t:table t:name="S">{rows}</t:table></o:spreadsheet></o:body></o:document-content>'
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    _with_parts(path, {"mimetype": kind, "content.xml": content.encode()})


def _repeated_cells(path: Path) -> None:
    cell = '<t:table-cell o:value-type="float" o:value="1" t:number-columns-repeated="900"><p:p>1</p:p></t:table-cell>'
    _open_document(path, f'<t:table-row t:number-rows-repeated="900000">{cell}</t:table-row>')


def _repeated_text(path: Path) -> None:
    cell = f'<t:table-cell o:value-type="string" t:number-columns-repeated="9"><p:p>{"x" * 9000}</p:p></t:table-cell>'
    _open_document(path, f'<t:table-row t:number-rows-repeated="9000">{cell}</t:table-row>')


def _binary_records(*records: tuple[int, bytes]) -> bytes:
    """Records of an .xlsb part, each with its number and its size in front. Source: [MS-XLSB] 2.1.4."""
    return b"".join(
        (bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])) + bytes([len(body)]) + body
        for kind, body in records
    )


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _number(column: int) -> bytes:
    return struct.pack("<IIi", column, 0, 1 << 2 | 2)


def _far_cells(path: Path) -> None:
    """An .xlsb sheet with a number in A1 and one in XFD1048576."""
    row = struct.pack("<I", 0) + bytes(21)
    last = struct.pack("<I", 1_048_575) + bytes(21)
    sheet = _binary_records((129, b""), (145, b""), (0, row), (2, _number(0)), (0, last), (2, _number(16_383)),
                            (146, b""), (130, b""))  # fmt: skip
    book = _binary_records((131, b""), (143, b""), (156, struct.pack("<II", 0, 1) + _text("rId1") + _text("S")),
                           (144, b""), (132, b""))  # fmt: skip
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    parts = {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": links.encode(), "xl/worksheets/sheet1.bin": sheet}
    _with_parts(path, {"[Content_Types].xml": b"<Types/>", **parts})


def _far_cell_of_old_excel(path: Path) -> None:
    """An .xls sheet whose first header says that it stands in row 65,536 and column 65,536."""
    data = (Path(__file__).parent.parent / "files" / "list.xls").read_bytes()
    at = data.index(struct.pack("<HHHH", 0xFD, 10, 0, 0))
    path.write_bytes(data[: at + 4] + b"\xff\xff\xff\xff" + data[at + 8 :])


def _writing(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


BOMBS: dict[str, tuple[Callable[[Path], object], str]] = {
    "cells.xlsx": (_many_cells, _CELLS),
    "text.xlsx": (_shared_text, "more than 512 MB of text"),
    "row.xlsx": (_long_row, "has more than 32 MB"),
    "cells.ods": (_repeated_cells, _CELLS),
    "text.ods": (_repeated_text, "more than 512 MB of text"),
    "far.xlsb": (_far_cells, "reaches as far as XFD1048576"),
    "far.xls": (_far_cell_of_old_excel, _CELLS),
    "lines.csv": (_writing("a,b\n" + "\n" * 30_000_000 + "c,d\n"), _ROWS),
    "quoted.csv": (_writing('a,"b"\n' + "\n" * 5_300_000 + "c,d\n"), _ROWS),
    "wide.csv": (_writing("a,b\n" * 2000 + "," * 2_000_000 + "c\n"), _CELLS),
    "wide.tsv": (_writing("a\tb\n" * 2000 + "\t" * 2_000_000 + "c\n"), _CELLS),
    "keys.jsonl": (_writing("".join(f'{{"key {at}": 1}}\n' for at in range(6000))), _CELLS),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_with_more_than_memory_holds_ends_in_one_sentence_that_says_how_much_is_read(
    offline: Importer, tmp_path: Path, name: str
) -> None:
    make, sentence = BOMBS[name]
    make(tmp_path / name)
    assert offline("check", "nowhere.xlsx").code == 5

    ended = measured(["check", name], tmp_path)

    assert ended.code == 5
    assert sentence in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert ended.megabytes < _MOST_MB


def test_millions_of_blank_lines_behind_a_list_cost_nothing(offline: Importer, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_HEADER + "\n" * 10_000_000 + ",,\n" * 5_000_000, encoding="utf-8")
    assert offline("check", "nowhere.xlsx").code == 5

    ended = measured(["check", "a.csv"], tmp_path)

    assert ended.code == 0
    assert ended.megabytes < _MOST_MB


def test_formats_down_to_the_last_row_are_no_cells_of_a_wide_list(offline: Importer, tmp_path: Path) -> None:
    names = [
        "user_id",
        "skill_id",
        "level",
        *(f"{letter}{second}" for letter in "ABC" for second in "ABCDEFGHIJKLMNOPQRST"),
    ]
    columns = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
               *(f"B{letter}" for letter in "ABCDEFGHIJK")]  # fmt: skip
    header = "".join(text_cell(f"{column}1", name) for column, name in zip(columns, names, strict=True))
    first = "".join(f'<c r="{column}2"><v>{value}</v></c>' for column, value in zip("ABC", (1, 2, 3), strict=True))
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(1_048_000, 1_048_577))
    (tmp_path / "a.xlsx").write_bytes(raw_workbook(f'<row r="1">{header}</row><row r="2">{first}</row>{blank}'))

    ran = offline("check", "a.xlsx", "--json")

    assert (ran.code, ran.json["rows"]) == (0, 1)
