"""One cell's text to a value, or the fault that keeps it from being one. Knows texts, and neither rows nor files."""

import re
import unicodedata

from importer.endpoints.declare import REMOVE, Field, Kind
from importer.messages import about_cells
from importer.remedies import Message
from importer.table import Oddity
from importer.text import fold, trim

_WHOLE = re.compile(r"[+-]?\d+")
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_ID_DIGITS = 18
_NOTHING = {"-", "--", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "n/a", "n.a.", "n. a."}


CellError = Message
"""Why a text is not a value. Its place is added by who knows it."""


def is_nothing(text: str) -> bool:
    """Whether people write this where there is nothing to say: a dash, `n/a`."""
    return fold(text) in _NOTHING


def is_removal(text: str) -> bool:
    """Whether this is the word that takes the record away."""
    return fold(text) == REMOVE


def to_value(text: str, field: Field) -> int | str | CellError | None:
    """The value that this text is for the field, None for a blank, or the fault; levels are read elsewhere.

    Bounds are not checked here: pandera does that on the typed column.
    """
    typed = unicodedata.normalize("NFKC", trim(text))
    if not typed or (is_nothing(typed) and not field.required):
        return None
    if field.kind is Kind.ID:
        return _to_id(typed, text)
    if field.kind is Kind.TEXT:
        return unicodedata.normalize("NFC", text)
    return _to_choice(typed, text, field)


def _to_id(typed: str, text: str) -> int | CellError:
    if _SHORTENED.fullmatch(typed):
        return about_cells.shortened(text)
    # "12345678.0" is what a program makes of an id beside a blank; "12.000" may be twelve thousand.
    whole = typed.removesuffix(".0") if _POINT_ZERO.fullmatch(typed) else typed
    if not _WHOLE.fullmatch(whole):
        return about_cells.not_an_id(text)
    if len(whole.lstrip("+-")) > _ID_DIGITS:
        return about_cells.id_too_long(text)
    if whole.lstrip("+-").startswith("0") and int(whole) != 0:
        return about_cells.leading_zero(text)
    return int(whole)


def _to_choice(typed: str, text: str, field: Field) -> str | CellError:
    for choice in field.choices:
        if fold(choice) == fold(typed):
            return choice
    return about_cells.not_a_choice(text, field.accepted)


def oddity_error(oddity: Oddity, text: str) -> CellError:
    """The fault of a cell that holds something else than its text."""
    match oddity:
        case Oddity.ERROR:
            error = about_cells.excel_error(text)
        case Oddity.NO_VALUE:
            error = about_cells.not_calculated()
        case Oddity.SHORTENED:
            error = about_cells.shortened(text)
        case Oddity.HIDDEN:
            error = about_cells.hidden_by_format(text)
        case Oddity.SYMBOL:
            error = about_cells.symbol_font(text)
        case Oddity.QUOTATION:
            error = about_cells.wrong_quotation()
        case Oddity.SURPLUS:
            error = about_cells.one_cell_more()
        case Oddity.DATE:
            error = about_cells.became_a_date(text)
    return error
