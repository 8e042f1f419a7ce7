"""A person's own workbook with marks: what changes, what stays, what is refused. Compared part by part."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import python_calamine as calamine
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook as Scaffold

from importer.coordinates import Place, address, parse_address
from importer.spreadsheet.annotate.workbook import Covered, Mark, OwnWorkbook
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.write.fast_xlsx import Rows, laid_out
from importer.spreadsheet.write.palette import COLOURS
from tests.books import raw_workbook, text_cell
from tests.spreadsheet.rich import rich_workbook

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MARKS = (
    Mark("Team A", 6, 3, "invalid", '"high" is not a level. Use 0 to 5.'),
    Mark("Team A", 5, 2, "created"),
    Mark("Team A", 7, 4, "refused", "The level is blank & <missing>."),
    Mark("Team A", 8, 5, "removed"),
    Mark("Remarks", 3, 0, "updated"),
    Mark("Lists", 2, 6, "unknown", "Nothing stands here."),
)
CHANGED = {
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml",
}  # fmt: skip
"""The parts that marks and three more sheets change; all others are to be the same bytes."""


def our_sheets(book: Scaffold) -> list[Rows]:
    """One large sheet and a small one, with all that ours have: styles, filters, names, links, conditions."""
    large = book.add_worksheet("Result")
    large.write_string(0, 0, "status", book.add_format({"bold": True, "bg_color": "#1F4E79"}))
    large.write_blank(1, 0, None, book.add_format({"italic": True, "num_format": "0.000"}))
    large.write_blank(2, 0, None, book.add_format({"bg_color": "#FFC7CE"}))
    large.autofilter(0, 0, 2, 0)
    large.repeat_rows(0)
    green = book.add_format(dict(COLOURS["created"]))
    large.conditional_format(1, 0, 2, 0, {"type": "cell", "criteria": "==", "value": '"created"', "format": green})
    small = book.add_worksheet("To fix")
    small.write_url(0, 0, "internal:'Team A'!D6", string="Team A!D6")
    return [Rows(1, [["created", "=1+1"]], marked_cells={0: frozenset({1})})]


def nothing_before(_sheet: str, _place: Place) -> bytes:
    return b""


def marked(
    data: bytes, marks: Sequence[Mark] = MARKS, earlier: frozenset[str] = frozenset(),
    before: Callable[[str, Place], bytes] = nothing_before,
) -> tuple[bytes, Covered]:  # fmt: skip
    own = OwnWorkbook(data, earlier)
    covered = own.mark(marks, before)
    own.add(laid_out(our_sheets))
    target = BytesIO()
    own.write(target)
    return target.getvalue(), covered


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def values(sheet: Any) -> dict[str, Any]:
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def look(cell: Any) -> list[str]:
    """All of a cell's look but its fill; openpyxl's own values are equal only within one workbook."""
    return [repr(each) for each in (cell.font, cell.border, cell.alignment, cell.number_format, cell.protection)]


def elements(xml: bytes) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Every element with its attributes and its own text, but for what a mark must change: numbers of styles, counts,
    how far a row goes that has a cell more, and what the drawing of comments says of its blocks.
    """
    changing = {"s", "count", "spans", "data"}
    return Counter(
        (
            each.tag,
            tuple(sorted((name, text) for name, text in each.attrib.items() if name not in changing)),
            (each.text or "").strip(),
        )
        for each in ET.fromstring(xml).iter()  # noqa: S314  (our own file)
    )


def test_every_part_that_holds_no_mark_is_the_same_bytes() -> None:
    data = rich_workbook()

    before, after = parts(data), parts(marked(data)[0])

    assert list(after)[: len(before)] == list(before)
    assert {name for name in before if before[name] != after[name]} == CHANGED
    for name in ("xl/vbaProject.bin", "xl/media/image1.png", "xl/charts/chart1.xml", "xl/sharedStrings.xml",
                 "xl/pivotCache/pivotCacheRecords1.xml", "xl/calcChain.xml", "docProps/custom.xml"):  # fmt: skip
        assert name in before


def test_a_picture_of_several_megabytes_is_the_same_bytes() -> None:
    data, target = rich_workbook(), BytesIO(rich_workbook())
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/media/large.png", bytes(range(256)) * (3 << 12))

    after = parts(marked(target.getvalue())[0])

    assert after["xl/media/large.png"] == bytes(range(256)) * (3 << 12)
    assert after.keys() - {"xl/media/large.png"} == parts(marked(data)[0]).keys()


def test_every_element_of_a_part_that_holds_marks_is_still_there() -> None:
    data = rich_workbook()

    before, after = parts(data), parts(marked(data)[0])

    for name in CHANGED:
        lost = elements(before[name]) - elements(after[name])
        # The one text that stood plainly on the cell of a problem is a run by now, beside ours.
        assert not lost, (name, lost)


def test_a_marked_sheet_differs_in_nothing_but_style_numbers() -> None:
    data = rich_workbook()
    marks = [mark for mark in MARKS if mark.sheet == "Team A" and mark.row != 7]

    before, after = parts(data)["xl/worksheets/sheet1.xml"], parts(marked(data, marks)[0])["xl/worksheets/sheet1.xml"]

    style = re.compile(rb' s="\d+"')
    assert style.sub(b"", before) == style.sub(b"", after)
    assert before != after


def test_both_readers_open_it_with_all_values_and_stored_results_as_they_were() -> None:
    data = rich_workbook()

    result, _ = marked(data)

    for sheet in ("Team A", "Remarks", "Lists"):
        first, second = (calamine.CalamineWorkbook.from_filelike(BytesIO(each)) for each in (data, result))
        assert second.get_sheet_by_name(sheet).to_python() == first.get_sheet_by_name(sheet).to_python()
        old, new = (openpyxl.load_workbook(BytesIO(each), data_only=True)[sheet] for each in (data, result))
        assert values(new) == values(old)
    assert openpyxl.load_workbook(BytesIO(result), data_only=True)["Team A"]["C9"].value == 3.25


def test_marks_fill_their_cells_and_leave_the_rest_of_their_look() -> None:
    data = rich_workbook()

    result, _ = marked(data)

    old, new = (openpyxl.load_workbook(BytesIO(each)) for each in (data, result))
    for mark in MARKS:
        before, after = (book[mark.sheet].cell(mark.row, mark.column + 1) for book in (old, new))
        assert after.fill.fgColor.rgb == f"FF{COLOURS[mark.outcome]['bg_color'][1:]}"
        assert look(after) == look(before)
    places = {(mark.sheet, mark.row, mark.column + 1) for mark in MARKS}
    for sheet in ("Team A", "Remarks", "Lists"):
        for row in old[sheet].iter_rows():
            for cell in row:
                if (sheet, cell.row, cell.column) not in places:
                    assert repr(new[sheet][cell.coordinate].fill) == repr(cell.fill)


def test_a_comment_of_ours_stands_behind_the_persons_own_and_on_no_other_cell() -> None:
    result, _ = marked(rich_workbook())

    book = openpyxl.load_workbook(BytesIO(result))
    comments = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in (book["Team A"], book["Remarks"], book["Lists"])
        for row in sheet.iter_rows() for cell in row if cell.comment
    }  # fmt: skip

    assert comments == {
        ("Team A", "C5"): "Ask Amira again in July",
        ("Team A", "D6"): 'He said so himself\n\nimporter:\n"high" is not a level. Use 0 to 5.',
        ("Team A", "E7"): "importer:\nThe level is blank & <missing>.",
        ("Lists", "G2"): "importer:\nNothing stands here.",
    }


def test_each_comment_has_one_box_and_no_two_boxes_one_number() -> None:
    after = parts(marked(rich_workbook())[0])

    drawings = [xml for name, xml in after.items() if name.endswith(".vml")]
    boxes = [box for xml in drawings for box in re.findall(rb"<v:shape .*?</v:shape>", xml, re.DOTALL)]
    numbers = [re.findall(rb'id="_x0000_s(\d+)"', box)[0] for box in boxes if b'"Note"' in box]
    assert len(numbers) == len(set(numbers)) == 4
    told = [re.findall(rb'idmap [^>]*data="([\d,]+)"', xml)[0].split(b",") for xml in drawings]
    blocks = [block for some in told for block in some]
    # XlsxWriter itself gave block 1 to two of the drawings; what we added is nobody else's.
    assert sorted(blocks) == [b"1", b"1", b"2", b"3", b"4", b"5"]
    assert {int(number) // 1024 for number in numbers} <= {int(block) for block in blocks}


def test_our_sheets_stand_at_the_end_with_their_looks_links_and_names() -> None:
    result, _ = marked(rich_workbook())

    book = openpyxl.load_workbook(BytesIO(result))
    assert book.sheetnames == ["Team A", "Remarks", "Lists", "Chart", "Result", "To fix"]
    sheet = book["Result"]
    assert [cell.value for cell in sheet["A"]] == ["status", "created", "=1+1"]
    assert sheet["A3"].data_type == "s"
    assert (sheet["A1"].font.bold, sheet["A1"].fill.fgColor.rgb) == (True, "FF1F4E79")
    assert (sheet["A2"].font.italic, sheet["A2"].number_format) == (True, "0.000")
    assert sheet["A3"].fill.fgColor.rgb == "FFFFC7CE"
    (rule,) = [rule for rules in sheet.conditional_formatting for rule in rules.rules]
    assert rule.dxf.fill.bgColor.rgb == f"FF{COLOURS['created']['bg_color'][1:]}"
    assert sheet.print_title_rows == "$1:$1"
    assert book["To fix"]["A1"].hyperlink.location == "'Team A'!D6"
    assert book["Team A"].print_area == "'Team A'!$A$1:$G$12"
    assert [view.tabSelected for view in book["Result"].views.sheetView] == [False]


def test_a_workbook_with_macros_stays_one_and_one_without_gets_none() -> None:
    assert OwnWorkbook(rich_workbook()).has_macros
    assert not OwnWorkbook(rich_workbook(macros=False)).has_macros
    after = parts(marked(rich_workbook())[0])
    assert b"sheet.macroEnabled.main+xml" in after["[Content_Types].xml"]


def test_marks_of_an_earlier_run_are_taken_away_again_with_the_sheets_that_it_put_in() -> None:
    data = rich_workbook()
    once, covered = marked(data)
    fills = {
        (sheet, place): fill for sheet, some in covered.items() for fill, places in some.items() for place in places
    }

    again, _ = marked(
        once, [Mark("Team A", 6, 3, "updated")], frozenset({"Result", "To fix"}),
        lambda sheet, place: fills.get((sheet, place), b""),
    )  # fmt: skip

    old, new = (openpyxl.load_workbook(BytesIO(each)) for each in (data, again))
    assert new.sheetnames == ["Team A", "Remarks", "Lists", "Chart", "Result", "To fix"]
    assert new["Team A"]["D6"].fill.fgColor.rgb == f"FF{COLOURS['updated']['bg_color'][1:]}"
    for sheet in ("Team A", "Remarks", "Lists"):
        for row in old[sheet].iter_rows():
            for cell in row:
                there = new[sheet][cell.coordinate]
                if (sheet, cell.coordinate) != ("Team A", "D6"):
                    assert repr(there.fill) == repr(cell.fill), (sheet, cell.coordinate)
                assert (there.comment.text if there.comment else None) == (cell.comment.text if cell.comment else None)
    boxes = [xml.count(b'"Note"') for name, xml in parts(again).items() if name.endswith(".vml")]
    assert sum(boxes) == 2
    assert len([name for name in parts(again) if name.startswith("xl/worksheets/sheet")]) == 5


def test_a_conversation_is_left_as_it_is() -> None:
    with_thread = replaced(
        rich_workbook(), "xl/comments1.xml", b"<author>Dana Reyes</author>", b"<author>tc={1}</author>"
    )

    result, _ = marked(with_thread)

    book = openpyxl.load_workbook(BytesIO(result))
    assert book["Team A"]["D6"].comment.text == "He said so himself"


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The package with something else in one of its parts; a part of no name is added."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts(data).items():
            if name == part:
                assert old in content
            package.writestr(name, content.replace(old, new) if name == part else content)
        if part not in parts(data):
            package.writestr(part, new)
    return target.getvalue()


@pytest.mark.parametrize(
    ("part", "old", "new", "why"),
    [
        ("_xmlsignatures/origin.sigs", b"", b"", "it is signed"),
        ("xl/workbook.xml", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
         b"http://purl.oclc.org/ooxml/spreadsheetml/main", "Strict Open XML"),
        ("[Content_Types].xml", b"sheet.macroEnabled.main", b"template.macroEnabled.main", "it is a template"),
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetDato>", "a part of it is damaged"),
        ("xl/worksheets/sheet1.xml", b'encoding="UTF-8"', b'encoding="ISO-8859-1"', "not written in UTF-8"),
        ("[Content_Types].xml", b"</Types>", b"", "a part of it is damaged"),
        ("_rels/.rels", b"</Relationships>", b"", "a part of it is damaged"),
        ("xl/workbook.xml", b"</sheets>", b"", "a part of it is damaged"),
        ("xl/workbook.xml", b'sheetId="1"', b'sheetId="one"', "a part of it is damaged"),
        ("xl/styles.xml", b'fillId="0"', b'fillId="none"', "a part of it is damaged"),
        ("xl/comments1.xml", b'authorId="0"', b'authorId="Dana"', "a part of it is damaged"),
        ("xl/worksheets/sheet1.xml", b'<row r="6"', b'<row r="six"', "a part of it is damaged"),
        ("xl/styles.xml", b"<fonts", b"<fonts <", "a part of it is damaged"),
        ("xl/comments1.xml", b"</authors>", b"", "a part of it is damaged"),
        ("xl/comments1.xml", b"commentList", b"commentLost", "its comments are damaged"),
        ("xl/styles.xml", b"<styleSheet", b'<!DOCTYPE styleSheet [<!ENTITY a "b">]><styleSheet', "a document type"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_whole_is_refused_with_the_reason(part: str, old: bytes, new: bytes, why: str) -> None:
    with pytest.raises(NotKeptError, match=why):
        marked(replaced(rich_workbook(), part, old, new))


def test_a_fill_that_the_record_of_an_earlier_run_does_not_tell_rightly_is_refused() -> None:
    once, _ = marked(rich_workbook())

    with pytest.raises(NotKeptError, match="its record of an earlier run is damaged"):
        marked(once, MARKS, frozenset({"Result", "To fix"}), lambda _sheet, _place: b"<fill>")


def test_what_is_no_package_is_refused() -> None:
    with pytest.raises(NotKeptError, match="it is encrypted, or no"):
        OwnWorkbook(b"\xd0\xcf\x11\xe0 and so on")


@pytest.mark.parametrize("prefix", ["", "x"])
def test_a_workbook_without_styles_and_with_any_prefix_takes_marks(prefix: str) -> None:
    mark = f"{prefix}:" if prefix else ""
    row = f'<{mark}row r="2"><{mark}c r="A2"><{mark}v>1</{mark}v></{mark}c><{mark}c><{mark}v>2</{mark}v></{mark}c>'
    rows = f'<{mark}row r="1"/>{row}</{mark}row>'

    result, _ = marked(
        raw_workbook(rows, prefix=prefix),
        [Mark("S", 1, 3, "invalid", "Blank."), Mark("S", 2, 1, "created"), Mark("S", 2, 2, "refused")],
    )

    sheet = openpyxl.load_workbook(BytesIO(result))["S"]
    red, green, orange = (f"FF{COLOURS[word]['bg_color'][1:]}" for word in ("invalid", "created", "refused"))
    assert [sheet[cell].fill.fgColor.rgb for cell in ("D1", "B2", "C2")] == [red, green, orange]
    assert [cell.value for cell in sheet[2]] == [1, 2, None, None]
    assert sheet["D1"].comment.text == "importer:\nBlank."
    assert sheet["A2"].fill.fill_type is None


def test_prefixes_extensions_and_unknown_elements_of_an_edited_part_are_kept() -> None:
    data = rich_workbook()
    spaces = f'xmlns:mc="{_MC}" mc:Ignorable="x14ac later" xmlns:x14ac="urn:fourteen" xmlns:later="urn:later"'
    extension = (
        '<later:look later:depth="3 &gt; 2"/><x:extLst><x:ext xmlns:x15="urn:fifteen" uri="{1}"><x15:a b=""/></x:ext>'
        "</x:extLst></x:styleSheet>"
    )
    styles = re.sub(r"<(/?)(?=\w+[ >/])", r"<\1x:", parts(data)["xl/styles.xml"].decode())
    styles = styles.replace(" xmlns=", f" {spaces} xmlns:x=").replace("</x:styleSheet>", extension)

    result, _ = marked(with_part(data, "xl/styles.xml", styles.encode()))

    after = parts(result)["xl/styles.xml"].decode()
    assert after.startswith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
    assert after.endswith(extension)
    assert set(spaces.split()) <= set(after[: after.index("<x:numFmts")].replace(">", " ").split())
    assert not re.search(r"<\w+[ >/]", after)
    book = openpyxl.load_workbook(BytesIO(result))
    assert book["Team A"]["D6"].fill.fgColor.rgb == f"FF{COLOURS['invalid']['bg_color'][1:]}"


def test_a_remark_in_any_edited_part_is_kept() -> None:
    data = rich_workbook()
    ends = {
        "[Content_Types].xml": b"<Override",
        "xl/_rels/workbook.xml.rels": b"<Relationship ",
        "xl/workbook.xml": b"<sheet ",
        "xl/styles.xml": b"<xf ",
        "xl/comments1.xml": b"<comment ",
    }
    for part, before in ends.items():
        first = parts(data)[part].index(before)
        data = with_part(data, part, parts(data)[part][:first] + b"<!-- kept -->" + parts(data)[part][first:])

    result, _ = marked(data)

    after = parts(result)
    assert [part for part in ends if after[part].count(b"<!-- kept -->") != 1] == []
    assert calamine.CalamineWorkbook.from_filelike(BytesIO(result)).sheet_names[-2:] == ["Result", "To fix"]


def test_comments_with_a_prefix_take_ours() -> None:
    data = rich_workbook()
    comments = parts(data)["xl/comments1.xml"].decode()
    comments = re.sub(r"<(/?)(?=\w)", r"<\1x:", comments).replace("xmlns=", "xmlns:x=")

    result, _ = marked(with_part(data, "xl/comments1.xml", comments.encode()))

    sheet = openpyxl.load_workbook(BytesIO(result))["Team A"]
    assert sheet["C5"].comment.text == "Ask Amira again in July"
    assert sheet["E7"].comment.text == "importer:\nThe level is blank & <missing>."


def test_a_drawing_of_comments_need_not_be_xml_as_excel_writes_some_that_are_none() -> None:
    drawing = "xl/drawings/vmlDrawing1.vml"
    data = replaced(rich_workbook(), drawing, b"</v:textbox>", b"<div>two<br>lines</div></v:textbox>")

    result, _ = marked(data)

    after = parts(result)[drawing]
    assert after.count(b"<div>two<br>lines</div>") == parts(data)[drawing].count(b"<div>two<br>lines</div>") > 0
    assert after.count(b'"Note"') == parts(data)[drawing].count(b'"Note"') + 1


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    return replaced(data, part, parts(data)[part], content)


_PLACES = st.tuples(st.integers(1, 12), st.integers(0, 30))


@given(
    st.dictionaries(_PLACES, st.integers(0, 99), max_size=40),
    st.dictionaries(_PLACES, st.sampled_from(sorted(COLOURS)), max_size=40),
    st.sampled_from(["each cell says where it stands", "only the first of a run does"]),
)
def test_wherever_marks_fall_the_values_stay_and_the_marked_cells_are_filled(
    values: dict[Place, int], outcomes: dict[Place, str], addresses: str
) -> None:
    rows = ""
    for row in range(1, 13):
        here = sorted(column for each, column in values if each == row)
        # A cell that follows another one need not say where it stands.
        every = addresses == "each cell says where it stands"
        told = [f' r="{address(row, at)}"' if every or at - 1 not in here else "" for at in here]
        cells = "".join(f"<c{where}><v>{values[row, at]}</v></c>" for where, at in zip(told, here, strict=True))
        rows += f'<row r="{row}">{cells}</row>' if cells else f'<row r="{row}"/>'
    marks = [Mark("S", row, column, outcome) for (row, column), outcome in outcomes.items()]

    sheet = openpyxl.load_workbook(BytesIO(marked(raw_workbook(rows), marks)[0]))["S"]

    found: dict[Place, Any] = {
        parse_address(cell.coordinate): cell.value
        for row in sheet.iter_rows() for cell in row if cell.value is not None
    }  # fmt: skip
    filled = {
        parse_address(cell.coordinate): cell.fill.fgColor.rgb
        for row in sheet.iter_rows() for cell in row if cell.fill.fill_type
    }  # fmt: skip
    assert found == values
    assert filled == {place: f"FF{COLOURS[outcome]['bg_color'][1:]}" for place, outcome in outcomes.items()}


def test_a_text_with_a_bracket_and_a_quote_in_it_confuses_nothing() -> None:
    odd = (
        text_cell("A1", "a &gt; b &lt;c r=&quot;B1&quot;>")
        + '<c r="B1" t="inlineStr"><is><t><![CDATA[<c r="C1">]]></t></is></c>'
    )

    result, _ = marked(raw_workbook(f'<row r="1">{odd}</row>'), [Mark("S", 1, 2, "created")])

    sheet = openpyxl.load_workbook(BytesIO(result))["S"]
    assert [cell.value for cell in sheet[1]] == ['a > b <c r="B1">', '<c r="C1">', None]
    assert sheet["C1"].fill.fill_type == "solid"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"/><c r="C1" s="0"><v>1</v></c></row><row r="3" spans="1:1"><c r="A3"><v>2</v></c></row>',
        '<row r="1"><c r="A1"/><!-- a remark --><c r="C1" s="0"><v>1</v></c></row><row r="3"><c r="A3"/></row>',
        "<row r='1'><c r='A1'/><c r='C1' s='0'><v>1</v></c></row><row r='3'><c r='A3'><v>2</v></c></row>",
        '<row><c/><c r="C1"><v>1</v></c></row><row r="3" s="0" customFormat="1"><c><v>2</v></c></row>',
    ],
    ids=["plain", "with a remark", "single quotes", "places left out"],
)
def test_a_sheet_is_marked_alike_however_its_rows_are_written(rows: str) -> None:
    marks = [
        Mark("S", 1, 0, "created"), Mark("S", 1, 1, "invalid"), Mark("S", 1, 2, "updated"), Mark("S", 3, 0, "removed"),
    ]  # fmt: skip

    result, _ = marked(raw_workbook(rows), marks)

    sheet = openpyxl.load_workbook(BytesIO(result))["S"]
    told = {cell.coordinate: cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row if cell.fill.fill_type}
    assert told == {
        place: f"FF{COLOURS[outcome]['bg_color'][1:]}"
        for place, outcome in (("A1", "created"), ("B1", "invalid"), ("C1", "updated"), ("A3", "removed"))
    }


_LONG = 40_000
_LAST = {
    "plain": '<row r="40001"><c r="A40001" s="0"><v>7</v></c></row>',
    "with a remark": '<row r="40001"><!-- a remark --><c r="A40001"><v>7</v></c></row>',
    "single quotes": "<row r='40001'><c r='A40001' s='0'><v>7</v></c></row>",
    "places left out": "<row><c><v>7</v></c></row>",
}


@pytest.mark.parametrize("last", _LAST.values(), ids=_LAST)
@pytest.mark.parametrize("after", ["", "<!-- a remark -->"], ids=["", "and a remark behind the rows"])
def test_a_sheet_of_several_megabytes_is_marked_alike_however_its_last_row_is_written(last: str, after: str) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>a text that makes the sheet a long one</t></is></c></row>'
    margins = '<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
    data = raw_workbook(
        "".join(map(row.format, range(1, _LONG + 1))) + last,
        before='<cols><col min="2" max="2" width="9"/></cols>',
        after=f'{after}{margins}<tableParts count="0"/>',
    )
    marks = [
        *(Mark("S", row, 0, "created") for row in (1, 20_000, _LONG)),
        Mark("S", 20_001, 1, "updated"),
        Mark("S", _LONG + 1, 0, "invalid", "This is wrong."),
    ]

    result, _ = marked(data, marks)

    sheet = openpyxl.load_workbook(BytesIO(result))["S"]
    told = {cell.coordinate: cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row if cell.fill.fill_type}
    assert told == {
        place: f"FF{COLOURS[outcome]['bg_color'][1:]}"
        for place, outcome in {
            "A1": "created", "A20000": "created", "A40000": "created", "B20001": "updated", "A40001": "invalid",
        }.items()
    }  # fmt: skip
    assert sheet.max_row == _LONG + 1
    assert sheet["A40001"].value == 7
    assert "This is wrong." in sheet["A40001"].comment.text
    xml = parts(result)["xl/worksheets/sheet1.xml"]
    assert xml.index(b"<pageMargins") < xml.index(b"<legacyDrawing") < xml.index(b"<tableParts")


@pytest.mark.parametrize("numbers", [(1, 2, 2), (2, 1, 3)], ids=["a row twice", "rows in no order"])
def test_rows_that_do_not_follow_each_other_are_marked_as_they_are_numbered(numbers: tuple[int, int, int]) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in numbers)

    result, _ = marked(raw_workbook(rows), [Mark("S", 2, 0, "created")])

    xml = parts(result)["xl/worksheets/sheet1.xml"]
    assert [b" s=" in cell for cell in re.findall(rb"<c [^>]*>", xml)] == [number == 2 for number in numbers]
