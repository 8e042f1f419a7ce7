"""Workbooks of Excel 97-2003, read in a process of their own."""

import struct

import pytest

from importer.spreadsheet.read.xls_process import XlsFault, read_sheets, with_unicode_mark

_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\x00" * 12


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


@pytest.mark.parametrize("mark", [1252, 932, 10000, 1200])
def test_texts_are_unicode_whatever_the_mark_of_the_code_page_says(mark: int) -> None:
    before = b"..." + _GLOBALS + record(0x5C, b" " * 112)
    data = before + record(0x42, struct.pack("<H", mark)) + b"rest"

    assert with_unicode_mark(data) == before + record(0x42, struct.pack("<H", 1200)) + b"rest"


@pytest.mark.parametrize("data", [b"", _GLOBALS, b"no workbook"])
def test_what_has_no_mark_stays_as_it_is(data: bytes) -> None:
    assert with_unicode_mark(data) == data


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096])
def test_damage_is_one_exception_and_says_nothing(data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(XlsFault):
        read_sheets(data)

    assert capfd.readouterr() == ("", "")
