"""Letters that look like those of another alphabet. Knows texts; decides nothing about whom they mean."""

import re
import unicodedata

_LATIN_OF = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2\u03f3",
    "abekmhopctyxsijdqwhabezhikmvoptyxcj",
)
"""Cyrillic and Greek letters, folded, and the Latin ones that look like them as capitals or as small letters."""
_WORDS = re.compile(r"[^\W\d_]+")
_SCRIPTS = ("Latin", "Cyrillic", "Greek")


def look_in_latin(folded: str) -> str:
    """A folded text with each Cyrillic or Greek letter that looks like a Latin one as that one."""
    return folded if folded.isascii() else folded.translate(_LATIN_OF)


def foreign_letters(text: str) -> tuple[str, str, str] | None:
    """The letters of the first word that mixes alphabets which do not belong to the rest of it: the letters, their
    alphabet, and that of the rest. None if no word mixes Latin, Cyrillic and Greek.
    """
    for word in _WORDS.findall(text):
        letters: dict[str, list[str]] = {}
        for letter in word:
            script = unicodedata.name(letter, "").partition(" ")[0].capitalize()
            if script in _SCRIPTS:
                letters.setdefault(script, []).append(letter)
        if len(letters) > 1:
            few, *_, most = sorted(letters, key=lambda script: (len(letters[script]), script == "Latin"))
            return "".join(dict.fromkeys(letters[few])), few, most
    return None
