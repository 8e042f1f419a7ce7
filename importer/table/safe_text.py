"""Text as a cell may hold it: no control character, nothing that Excel would decode, not too long. Knows no sheet."""

import re

LONGEST = 32_767
"""Characters that one cell can hold, by Excel's own limit."""

# XML 1.0 has no place for these; a workbook writes them as _xHHHH_ (ECMA-376 part 1, 22.4.2.4 ST_Xstring).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A text that merely looks like such a code must have its underscore coded, or Excel decodes it.
_LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def coded(text: str) -> str:
    """The text as a workbook holds it; a reader of workbooks gives back the original, cut at `LONGEST`."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    if "_x" in text:
        text = _LOOKS_CODED.sub("_x005F_", text)
    if not text.isprintable():
        text = _FORBIDDEN.sub(lambda found: f"_x{ord(found.group()):04X}_", text).replace("\r", "_x000D_")
    return text


def cell_text(text: str) -> str:
    """The text coded for a cell's XML, and escaped."""
    text = coded(text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
