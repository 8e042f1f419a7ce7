"""What a cell shows of its number, where its format changes the meaning. Knows Excel's formats, and no cell.

Only leading zeros, percent and formats that show nothing count: decimals that are not shown, separators and currencies
leave a number what it is. Source: ECMA-376 part 1, 18.8.31.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

BUILT_IN = {9: "0%", 10: "0.00%"}
"""The formats that a workbook need not write down and that matter here."""

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|(General)|(.)', re.DOTALL | re.IGNORECASE)
_SECTION_END = re.compile(r'("[^"]*"|\\.|[_*].|\[[^\]]*\])|;', re.DOTALL)
_DATE_LETTERS = frozenset("ymdhsYMDHSbBgGeE")
_FEWEST_ZEROS = 2
_TEXT_SECTION = 3


def is_telling(code: str) -> bool:
    """Whether a format may change what a cell says."""
    return any(_is_blank(section) or _percent_or_zeros(section) for section in _sections(code)) and bool(code)


def shown_number(code: str, text: str) -> str | None:
    """The number in this text as the format shows it; None where it shows nothing."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    section = _section_for(code, number)
    if section is None:
        return text
    if _is_blank(section):
        return None
    kind = _percent_or_zeros(section)
    if kind == "%":
        return f"{(number * 100).normalize():f}%"
    if kind == "0" and number == number.to_integral_value() and number >= 0:
        return _padded(section, str(int(number)))
    return text


def hides_text(code: str) -> bool:
    """Whether the format shows nothing of a text."""
    sections = _sections(code)
    return len(sections) > _TEXT_SECTION and _is_blank(sections[_TEXT_SECTION])


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format: for numbers above zero, below zero, for zero, for text."""
    marked = _SECTION_END.sub(lambda match: match.group(1) or "\x00", code)
    return tuple(marked.split("\x00"))


def _section_for(code: str, number: Decimal) -> str | None:
    """The part of a format for this number; None where the format has conditions of its own."""
    sections = _sections(code)
    if any("[<" in each or "[>" in each or "[=" in each for each in sections):
        return None
    numeric = sections[:_TEXT_SECTION]
    if len(numeric) == 1 or number > 0:
        return numeric[0]
    if number < 0 or len(numeric) < _TEXT_SECTION:
        return numeric[1] if number < 0 else numeric[0]
    return numeric[2]


def _is_blank(section: str) -> bool:
    """Whether nothing but blanks and colours stands in a part of a format."""
    return all(
        not (literal or escaped or general or sign).strip() for literal, escaped, _, general, sign in _tokens(section)
    )


@lru_cache(maxsize=256)
def _tokens(section: str) -> tuple[tuple[str, str, str, str, str], ...]:
    return tuple(_TOKEN.findall(section))


@lru_cache(maxsize=256)
def _percent_or_zeros(section: str) -> str:
    """`%` for a percentage, `0` for a whole number with leading zeros, the empty text for any other format."""
    signs = [sign for *_, sign in _tokens(section) if sign]
    if "%" in signs:
        return "%"
    is_plain = "." not in signs and "," not in signs and "@" not in signs and _DATE_LETTERS.isdisjoint(signs)
    return "0" if is_plain and signs.count("0") >= _FEWEST_ZEROS else ""


def _padded(section: str, digits: str) -> str:
    """The digits in the places of the format, from the right, with its own signs between them."""
    shown: list[str] = []
    left = list(digits)
    places = sum(sign in "0#?" for *_, sign in _tokens(section) if sign)
    for literal, escaped, bracket, _, sign in reversed(_tokens(section)):
        if sign and sign in "0#?":
            places -= 1
            if not places:  # the first place takes all the digits that are left
                shown.append("".join(left) or ("0" if sign == "0" else ""))
            else:
                shown.append(left.pop() if left else "0" if sign == "0" else "")
        elif not bracket:
            shown.append(literal or escaped or sign)
    return "".join(reversed(shown))
