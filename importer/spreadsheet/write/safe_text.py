"""Text as a cell may hold it: no control character, nothing that Excel would decode or run. Knows no sheet."""

import re
from functools import lru_cache

LONGEST = 32_767
"""UTF-16 units that one cell can hold, by Excel's own limit: most characters are one, an emoji is two."""

# XML 1.0 has no place for these; a workbook writes them as _xHHHH_ (ECMA-376 part 1, 22.4.2.4 ST_Xstring).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A text that merely looks like such a code must have its underscore coded, or Excel decodes it.
_LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def begin(text: str, room: int) -> str:
    """The longest beginning of the text that takes at most `room` UTF-16 units; no character is cut in two."""
    if len(text) <= room // 2:  # the common case, told without looking at each character
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    end = 2 * room
    if len(units) <= end:
        return text
    cuts_a_pair = 0xD8 <= units[end - 1] < 0xDC and 0xDC <= units[end + 1] < 0xE0
    return units[: end - 2 if cuts_a_pair else end].decode("utf-16-le", "surrogatepass")


def coded(text: str) -> str:
    """The text as a workbook holds it; a reader of workbooks gives back the original, cut at `LONGEST`.

    Only U+FFFE and U+FFFF, which are no characters, come back as their codes.
    """
    text = begin(text, LONGEST)
    if "_x" in text:
        text = _LOOKS_CODED.sub("_x005F_", text)
    if not text.isprintable():
        text = _FORBIDDEN.sub(lambda found: f"_x{ord(found.group()):04X}_", text).replace("\r", "_x000D_")
    return text


def cell_text(text: str) -> str:
    """The text coded for a cell's XML, and escaped."""
    if text.isalnum() and len(text) <= LONGEST // 2:  # as ids and most names of places are: nothing is to be coded
        return text
    text = coded(text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


_MARK = "'"
# Behind blanks and control characters too, which programs leave away before they look; the wide signs are taken for
# the others where people write Chinese, Japanese or Korean.
_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_STARTS_FORMULA = re.compile(rf"[\x00-\x1f\x7f]|\s*{_SIGN}")
_IS_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII)


# Where a program takes a semicolon or a tab for the delimiter, as Excel does with semicolons in much of Europe, what
# follows one is a cell of its own; so is what follows a line break, as quotes count only at a cell's beginning.
_END, _FORMULA = r"([;\t\r\n])", rf"(?='*(?:[^\S;\t\r\n]|\")*{_SIGN})"
_INNER, _INNER_MARKED = re.compile(_END + _FORMULA), re.compile(f"{_END}'{_FORMULA}")


@lru_cache(maxsize=65536)
def csv_text(text: str) -> str:
    """The text as a text file holds it: with a mark in front where a spreadsheet program would run it, and so inside it
    behind what some programs take for the end of a cell.

    `from_csv` gives back the original, whatever it is: a text that begins with marks and goes on so gets one more.
    A plain number such as -3 is no danger, and stays a number.
    """
    safe = _INNER.sub(r"\1'", text)
    return _MARK + safe if _would_run(text.lstrip(_MARK)) else safe


def from_csv(text: str) -> str:
    """The text that `csv_text` was given."""
    text = _INNER_MARKED.sub(r"\1", text)
    return text[1:] if text.startswith(_MARK) and _would_run(text.lstrip(_MARK)) else text


def _would_run(text: str) -> bool:
    return bool(_STARTS_FORMULA.match(text)) and not _IS_NUMBER.fullmatch(text)
