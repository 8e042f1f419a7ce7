"""What may stand over a column of levels, so that it is read back as the skill that is meant. Knows texts only.

The other side of `matrix`, which finds the columns; a sheet that we write is headed by what this lets pass.
"""

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import column_header
from importer.layouts import field_words, vocabulary
from importer.text import fold_header
from importer.validation.cell import CellError, is_nothing
from importer.validation.level import HIGHEST, NUMBERS

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
