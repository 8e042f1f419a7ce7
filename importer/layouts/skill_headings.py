"""What may stand over a column of levels, and which skill that means, in ours and in forms. Knows texts and names.

The other side of `matrix_finder`, which finds the columns. A sheet that we write is headed by what `is_taken` lets
pass.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import column_header
from importer.layouts import field_words, vocabulary
from importer.layouts.account_names import AccountNames
from importer.text import fold, fold_header
from importer.validation.cell import CellError, is_nothing
from importer.validation.level import HIGHEST, NUMBERS

_SURVEY = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]", re.DOTALL)
_BEGINNING = re.compile(r"(.{3,}?(?::|\.|\?| [-\u2013>]) ?)(\S.*)", re.DOTALL)
"""What headings may have in common, up to a sign that ends it, and the rest."""
_ABOUT = re.compile(r"[^-\u2013:]{1,30}(?:\s[-\u2013]\s|:\s)(.+)")
LONGEST_CATEGORY = 60
"""Characters that the name of a category may have; a longer text over the skills is a title."""


def is_taken(text: str, endpoint: Endpoint) -> bool:
    """Whether a column under this heading is taken for a skill's, whatever levels it has, or none.

    It is not where the heading looks like a level, or like what else stands in such sheets: people, totals, years. Nor
    where it is a column of a list, for which the sheet would then be taken.
    """
    folded = fold_header(text)
    columns = ((column_header(column), column.title, *column.also) for column in endpoint.columns())
    ours = {fold_header(text) for texts in columns for text in texts}
    others = (
        vocabulary.OTHERS | field_words.PEOPLE | field_words.EMAILS | field_words.USER_IDS | vocabulary.LEVELS | ours
    )
    if not folded or is_nothing(text) or folded in others or vocabulary.is_total(text):
        return False
    read = NUMBERS.read(text)
    return read.code != "error-cell" if isinstance(read, CellError) else not 0 <= (read.value or 0) <= HIGHEST


def without_question(skills: Mapping[int, str], headings: Sequence[str], names: AccountNames) -> dict[int, str]:
    """The skills as a survey's export names them in brackets behind its question: `Rate your skills [COBOL]`.

    `headings` are all of the row: what several of them ask is a question.
    """
    surveyed = {column: text for column, text in skills.items() if not field_words.when(text)[1]}
    matches = {column: match for column, text in surveyed.items() if (match := _SURVEY.fullmatch(text))}
    named = {column: match.group(2).strip() for column, match in matches.items()}
    known = names.skills(frozenset(named.values())) if named else frozenset()
    asked = Counter(match.group(1) for match in map(_SURVEY.fullmatch, headings) if match)
    meant = {column: name for column, name in named.items() if name in known or asked[matches[column].group(1)] > 1}
    return _without_common_part({**skills, **meant}, names)


def _without_common_part(skills: Mapping[int, str], names: AccountNames) -> dict[int, str]:
    """The skills without what several headings begin with: `How well do you know: COBOL`, where the account has COBOL
    and nothing that is called like the whole heading.
    """
    parts = {column: match.groups() for column, text in skills.items() if (match := _BEGINNING.fullmatch(text))}
    times = Counter(beginning for beginning, _ in parts.values())
    shared = {column: rest for column, (beginning, rest) in parts.items() if times[beginning] > 1}
    if not shared:
        return dict(skills)
    known = names.skills(frozenset((*shared.values(), *(skills[column] for column in shared))))
    return {**skills, **{at: rest for at, rest in shared.items() if rest in known and skills[at] not in known}}


def of_today(skills: Mapping[int, str]) -> dict[int, str]:
    """The skills without the levels to be reached: of `Python (Current)` and `Python (Target)` the first."""
    read = {column: field_words.when(text) for column, text in skills.items()}
    then = {fold(base) for base, told in read.values() if told == "then"}
    now = {fold(base) for base, told in read.values() if told != "then"}
    return {
        column: base if told == "now" and fold(base) in then else skills[column]
        for column, (base, told) in read.items()
        if not (told == "then" and fold(base) in now)
    }


def is_about_another(heading: str, headings: Collection[str]) -> bool:
    """Whether a heading is about one beside it, as a form has them: `Points - Python`, `Feedback - Python`."""
    about = _ABOUT.fullmatch(heading)
    return about is not None and fold(about.group(1)) in set(map(fold, headings))
