"""What the texts in the place of levels mean, as far as a person may have to say so. Knows a table, and no face."""

from importer.errors import LevelWord
from importer.validation.cell import CellError
from importer.validation.level import HIGHEST, NOT_HELD, Level, can_be_told
from importer.validation.parsed_table import LevelText, ParsedTable


def level_words(parsed: ParsedTable) -> tuple[LevelWord, ...]:
    """The texts of which a person may say which level they are, those without one first: all but numbers from 1 to 5
    and blanks; 0 only in a matrix, where it can mean two things.
    """
    words = [
        LevelWord(each.text, each.count, _meaning(each.read))
        for each in parsed.level_texts
        if can_be_told(each.text) and not _is_plain(each)
        if each.text != "0" or parsed.zeros or parsed.is_zero_told
    ]
    return tuple(sorted(words, key=lambda word: (bool(word.meaning), -word.cells)))


def _is_plain(text: LevelText) -> bool:
    """Whether nobody needs to say what this is: a number from 1 to 5, however it is written, or a sign for a blank."""
    read = text.read
    if isinstance(read, CellError) or read.is_not_held or text.text == "0":
        return False
    return read.value is None or (1 <= read.value <= HIGHEST and not read.is_tick and not read.is_converted)


def _meaning(read: Level | CellError) -> str:
    if isinstance(read, CellError):
        return ""
    if read.is_not_held:
        return NOT_HELD
    return "" if read.value is None else str(read.value)
