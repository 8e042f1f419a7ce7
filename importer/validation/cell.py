"""One cell's text to a value, or the fault that keeps it from being one. Knows texts, and neither rows nor files."""

import re
import unicodedata
from dataclasses import dataclass

from importer.endpoints.declare import REMOVE, Field, Kind
from importer.table import Oddity
from importer.text import fold, trim

_SHOWN = 60
_WHOLE = re.compile(r"[+-]?\d+")
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_ID_DIGITS = 18
_NOTHING = {"-", "--", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "n/a", "n.a.", "n. a."}


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a text is not a value: a code, a sentence and a remedy. Its place is added by who knows it."""

    code: str
    message: str
    fix: str


def quoted(text: str) -> str:
    """A text as typed, in quotes, cut at 60 characters."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return f'"{short}"'


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
    return _to_choice(typed, text, field)


def _to_id(typed: str, text: str) -> int | CellError:
    if _SHORTENED.fullmatch(typed):
        return shortened_error(text)
    # "12345678.0" is what a program makes of an id beside a blank; "12.000" may be twelve thousand.
    whole = typed.removesuffix(".0") if _POINT_ZERO.fullmatch(typed) else typed
    if not _WHOLE.fullmatch(whole):
        return CellError("not-an-id", f"{quoted(text)} is not an id.", "Use the number that Kantata gave, digits only.")
    if len(whole.lstrip("+-")) > _ID_DIGITS:
        return CellError("not-an-id", f"{quoted(text)} is too long for an id.", "Use the number that Kantata gave.")
    if whole.lstrip("+-").startswith("0") and int(whole) != 0:
        return CellError(
            "leading-zero",
            f"{quoted(text)} begins with a zero, and no id of Kantata does.",
            "Is it a personnel number? Use the id that Kantata gave, or the e-mail address.",
        )
    return int(whole)


def _to_choice(typed: str, text: str, field: Field) -> str | CellError:
    for choice in field.choices:
        if fold(choice) == fold(typed):
            return choice
    return CellError("not-a-choice", f"{quoted(text)} is not one of the choices.", f"Use {field.accepted}.")


def shortened_error(text: str) -> CellError:
    """The fault of a long number whose last digits Excel threw away."""
    return CellError(
        "shortened",
        f"{quoted(text)} is a number that Excel shortened; its last digits are lost.",
        "Format the column as Text, then paste the whole number again.",
    )


def oddity_error(oddity: Oddity, text: str) -> CellError:
    """The fault of a cell that holds something else than its text."""
    if oddity is Oddity.ERROR:
        return CellError(
            "error-cell", f"{text} is an error of Excel, not a value.", "Mend the formula, or type the value."
        )
    if oddity is Oddity.NO_VALUE:
        return CellError(
            "no-value",
            "The formula here was never calculated.",
            "Open the file in Excel, save it there, and try again.",
        )
    if oddity is Oddity.SHORTENED:
        return shortened_error(text)
    return CellError(
        "date",
        f"Excel made this a date ({text}).",
        "Format the cell as Number or Text, then type the value again.",
    )
