"""A workbook with one of everything that a person may keep in theirs. XlsxWriter makes what it can, the rest by hand.

Sheet `Team A` is a matrix: people in B5:B8, skills in C4:F4. Its level in D6 is the word `high`.
"""

import struct
import zipfile
import zlib
from io import BytesIO

import xlsxwriter

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PEOPLE = ("Amira Haddad", "Ben Ortiz", "Chloé Martin", "Dmitri Ivanov")
SKILLS = ("Python", "SQL", "Negotiation", "Excel")
LEVELS = ((3, 4, 2, 5), (1, "high", 4, 2), (5, 5, None, 1), (2, 3, 3, "remove"))


def picture() -> bytes:
    """A picture of one red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + chunk(b"IEND", b"")
    )


def rich_workbook(
    people: tuple[str, ...] = PEOPLE, skills: tuple[str, ...] = SKILLS, levels: tuple[tuple[object, ...], ...] = LEVELS,
    *, macros: bool = True,
) -> bytes:  # fmt: skip
    """The workbook; with macros it is an .xlsm."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _matrix(book, people, skills, levels)
        _remarks(book)
        _besides(book)
        book.set_properties({"title": "Skills", "author": "Dana Reyes"})
        book.set_custom_property("Owner", "People team")
    return _with_more_parts(target.getvalue(), macros=macros)


def _matrix(
    book: xlsxwriter.Workbook, people: tuple[str, ...], skills: tuple[str, ...], levels: tuple[tuple[object, ...], ...]
) -> None:
    sheet = book.add_worksheet("Team A")
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1F4E79"})
    head = book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1, "rotation": 45})
    band = book.add_format({"bg_color": "#FFF2CC", "border": 1, "align": "center"})
    plain = book.add_format({"border": 1, "align": "center", "num_format": '0" of 5"'})
    sheet.write_string("B1", "Skills of team A", title)
    sheet.write_rich_string("B2", "as of ", book.add_format({"italic": True}), "June", " 2026")
    sheet.write_row(3, 2, skills, head)
    sheet.write_string("B4", "Name", head)
    for row, (name, some) in enumerate(zip(people, levels, strict=True), 4):
        sheet.write(row, 1, name, band if row % 2 else None)
        for column, level in enumerate(some, 2):
            sheet.write(row, column, level, band if row % 2 else plain)
    last = 4 + len(people)
    sheet.write_string(last, 1, "Average")
    for column in range(2, 2 + len(skills)):
        letter = chr(ord("A") + column)
        sheet.write_formula(last, column, f"=AVERAGE({letter}5:{letter}{last})", plain, 3.25)
    sheet.set_column("B:B", 24)
    sheet.set_column("C:F", 7, plain)
    sheet.set_row(3, 60)
    sheet.freeze_panes(4, 2)
    sheet.autofilter(3, 1, last - 1, 1 + len(skills))
    sheet.data_validation(4, 2, last - 1, 5, {"validate": "list", "source": "=Lists!$A$1:$A$6"})
    sheet.conditional_format(4, 2, last - 1, 5, {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.conditional_format(4, 2, last - 1, 5, {"type": "data_bar", "data_bar_2010": True})
    sheet.write_comment("C5", "Ask Amira again in July", {"author": "Dana Reyes"})
    sheet.write_comment("D6", "He said so himself", {"author": "Dana Reyes"})
    sheet.insert_image("H2", "dot.png", {"image_data": BytesIO(picture()), "x_scale": 20, "y_scale": 20})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "='Team A'!$B$5:$B$8", "values": "='Team A'!$C$5:$C$8"})
    sheet.insert_chart("H8", chart)
    sheet.add_sparkline("G5", {"range": "'Team A'!C5:F5"})
    sheet.insert_textbox("H20", "Levels are agreed in June.")
    sheet.write_url("B12", "https://example.com/skills", string="How we rate")
    sheet.write_url("B13", "internal:'Remarks'!A1", string="Remarks")
    sheet.set_header("&L&G", {"image_left": "dot.png", "image_data_left": BytesIO(picture())})
    sheet.set_landscape()
    sheet.print_area("A1:G12")
    sheet.protect("", {"format_cells": True})


def _remarks(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Remarks")
    sheet.write_column("A1", ["Please keep this sheet.", "=not a formula", "  spaces  "])
    sheet.add_table("C1:D4", {"data": [["a", 1], ["b", 2], ["c", 3]], "columns": [{"header": "Key"}, {"header": "No"}]})
    sheet.set_tab_color("#FF9900")
    sheet.insert_checkbox("F2", False)  # noqa: FBT003  (what is in the box)
    sheet.insert_button("F4", {"macro": "Say", "caption": "Say"})


def _besides(book: xlsxwriter.Workbook) -> None:
    lists = book.add_worksheet("Lists")
    lists.write_column("A1", [0, 1, 2, 3, 4, 5])
    lists.hide()
    book.define_name("Levels", "=Lists!$A$1:$A$6")
    book.define_name("'Team A'!Local", "='Team A'!$C$5")
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=Lists!$A$1:$A$6"})
    book.add_chartsheet("Chart").set_chart(chart)


_PIVOT_CACHE = (
    f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_RELATION}" r:id="rId1" refreshedBy="Dana" recordCount="1">'
    '<cacheSource type="worksheet"><worksheetSource ref="C1:D4" sheet="Remarks"/></cacheSource><cacheFields count="2">'
    '<cacheField name="Key" numFmtId="0"><sharedItems count="1"><s v="a"/></sharedItems></cacheField>'
    '<cacheField name="No" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" '
    'containsNumber="1" containsInteger="1" minValue="1" maxValue="1"/></cacheField></cacheFields>'
    "</pivotCacheDefinition>"
)
_PIVOT_RECORDS = f'<pivotCacheRecords xmlns="{_MAIN}" count="1"><r><x v="0"/><n v="1"/></r></pivotCacheRecords>'
_PIVOT = (
    f'<pivotTableDefinition xmlns="{_MAIN}" name="Pivot" cacheId="7" dataCaption="Values"><location ref="A10:B12" '
    'firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" '
    'showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField><pivotField dataField="1" '
    'showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="2"><i><x/></i>'
    '<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum" '
    'fld="1" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
)
_PERSONS = (
    f'<personList xmlns="{_MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="Dana Reyes" '
    'id="{0F1E2D3C-0000-4000-8000-000000000001}" userId="dana" providerId="None"/></personList>'
)
_CALC_CHAIN = f'<calcChain xmlns="{_MAIN}"><c r="C9" i="1"/><c r="D9" i="1"/></calcChain>'
_EXTERNAL = (
    f'<externalLink xmlns="{_MAIN}" xmlns:r="{_RELATION}"><externalBook r:id="rId1"><sheetNames><sheetName val="S"/>'
    "</sheetNames></externalBook></externalLink>"
)
_EXTERNAL_BOOKS = '<externalReferences><externalReference r:id="more3"/></externalReferences>'
_CUSTOM = '<notes xmlns="urn:people-team"><note>kept</note></notes>'


def _relations(*related: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if "://" in target else "/>")
        for n, (kind, target) in enumerate(related, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


_MORE: dict[str, tuple[str | bytes, str]] = {
    "xl/pivotCache/pivotCacheDefinition1.xml": (_PIVOT_CACHE, f"{_EXCEL}.pivotCacheDefinition+xml"),
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": (
        _relations((f"{_RELATION}/pivotCacheRecords", "pivotCacheRecords1.xml")), "",
    ),
    "xl/pivotCache/pivotCacheRecords1.xml": (_PIVOT_RECORDS, f"{_EXCEL}.pivotCacheRecords+xml"),
    "xl/pivotTables/pivotTable1.xml": (_PIVOT, f"{_EXCEL}.pivotTable+xml"),
    "xl/pivotTables/_rels/pivotTable1.xml.rels": (
        _relations((f"{_RELATION}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")), "",
    ),
    "xl/persons/person.xml": (_PERSONS, "application/vnd.ms-excel.person+xml"),
    "xl/calcChain.xml": (_CALC_CHAIN, f"{_EXCEL}.calcChain+xml"),
    "xl/externalLinks/externalLink1.xml": (_EXTERNAL, f"{_EXCEL}.externalLink+xml"),
    "xl/externalLinks/_rels/externalLink1.xml.rels": (
        _relations((f"{_RELATION}/externalLinkPath", "https://example.com/other.xlsx")), "",
    ),
    "customXml/item1.xml": (_CUSTOM, "application/xml"),
    "xl/printerSettings/printerSettings1.bin": (b"\x00printer\xff" * 9, f"{_EXCEL}.printerSettings"),
}  # fmt: skip
_MACROS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8, "application/vnd.ms-office.vbaProject")
_OF_BOOK = (
    (f"{_RELATION}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
    (f"{_MICROSOFT}/2017/10/relationships/person", "persons/person.xml"),
    (f"{_RELATION}/calcChain", "calcChain.xml"),
    (f"{_RELATION}/externalLink", "externalLinks/externalLink1.xml"),
    (f"{_RELATION}/customXml", "../customXml/item1.xml"),
)
_OF_MACROS = (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin")


def _with_more_parts(data: bytes, *, macros: bool) -> bytes:
    more = {**_MORE, **({"xl/vbaProject.bin": _MACROS} if macros else {})}
    of_book = (*_OF_BOOK, *([_OF_MACROS] if macros else []))
    links = "".join(f'<Relationship Id="more{n}" Type="{k}" Target="{t}"/>' for n, (k, t) in enumerate(of_book))
    pivot = f'<Relationship Id="more0" Type="{_RELATION}/pivotTable" Target="../pivotTables/pivotTable1.xml"/>'
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (_, kind) in more.items() if kind)
    changes: dict[str, list[tuple[str, str]]] = {
        "[Content_Types].xml": [("</Types>", f"{types}</Types>")],
        "xl/_rels/workbook.xml.rels": [("</Relationships>", f"{links}</Relationships>")],
        "xl/worksheets/_rels/sheet2.xml.rels": [("</Relationships>", f"{pivot}</Relationships>")],
        "xl/workbook.xml": [
            ("<definedNames>", f"{_EXTERNAL_BOOKS}<definedNames>"),
            ("</workbook>", '<pivotCaches><pivotCache cacheId="7" r:id="more0"/></pivotCaches></workbook>'),
        ],
    }  # fmt: skip
    if macros:
        changes["[Content_Types].xml"].append(
            (f"{_EXCEL}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        )
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as made, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in made.namelist():
            content = made.read(name)
            for old, new in changes.get(name, []):
                assert old.encode() in content, (name, old)
                content = content.replace(old.encode(), new.encode())
            package.writestr(name, content)
        for name, (text, _) in more.items():
            package.writestr(name, text)
    return target.getvalue()
