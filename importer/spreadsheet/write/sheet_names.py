"""Names that Excel takes for sheets. Knows texts, and no workbook."""

import re
from collections.abc import Iterable
from itertools import chain, count

from importer.spreadsheet.write.safe_text import begin

_LONGEST = 31
_NOT_IN_NAMES = re.compile("[][:*?/\\\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT_BY_EXCEL = "History"


def sheet_names(wanted: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> list[str]:
    """For each text and what stands behind it a name that Excel takes for a sheet: none twice, none that is taken."""
    used = {name.casefold() for name in (_KEPT_BY_EXCEL, *taken)}
    names = []
    for text, behind in wanted:
        tried = (_sheet_name(text, behind + more) for more in chain([""], (f" ({number})" for number in count(2))))
        name = next(each for each in tried if each.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _sheet_name(text: str, behind: str) -> str:
    plain = _NOT_IN_NAMES.sub(" ", text).strip(" '")
    return (begin(plain, _LONGEST - len(behind)).rstrip(" '") or "Sheet") + behind
