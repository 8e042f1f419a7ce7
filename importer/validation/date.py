"""Dates that Excel made of levels, as a text file shows them: 5-Mar for 3/5. Knows texts."""

import re

from importer.messages import about_levels
from importer.text import fold
from importer.validation.cell import CellError

_NUMBERS = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?")
_DAY_AND_MONTH = re.compile(r"(?:(\d{1,2})[-./ ]{1,2})?([^\W\d_]{3,10})\.?(?:[-./ ]{1,2}(\d{1,4}))?")
_MONTHS = """
jan january januar janvier janv enero ene gen gennaio januari
feb february februar février févr fevr febrero febbraio februari
mar march märz mär mrz mars marzo mrt maart
apr april avril avr abril abr aprile
may mai mayo maggio mag mei
jun june juni juin junio giugno giu
jul july juli juillet juil julio luglio lug
aug august août aout agosto ago augustus
sep sept september septembre septiembre settembre set
oct october okt oktober octobre octubre ottobre ott
nov november novembre noviembre
dec december dez dezember décembre déc diciembre dic dicembre
"""
_MONTH = {word: number for number, line in enumerate(_MONTHS.split("\n")) for word in line.split()}
"""The number of each month by what Excel calls it, in the languages of most accounts."""


def date_error(text: str) -> CellError | None:
    """The fault of a text that is a date; it names what may have been typed. None for any other text."""
    typed = fold(text)
    if _NUMBERS.fullmatch(typed):
        return about_levels.date_text(text)
    match = _DAY_AND_MONTH.fullmatch(typed)
    month = _MONTH.get(match.group(2)) if match else None
    day = (match.group(1) or match.group(3)) if match else None
    if month is None or day is None:
        return None
    return about_levels.day_and_month(text, int(day), month)
