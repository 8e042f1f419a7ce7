"""Which encoding a text without a mark is in, by what its words would be in each. Knows letters, and no field.

A detector of alphabets tells Western from Central European text no better than a coin, and names are few words. So each
word is looked at: letters that no one language has, a sign or a capital within a word, two scripts in one word count
against an encoding.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

CANDIDATES = {
    "cp1252": 0.0,
    "cp1250": 0.05,
    "cp1251": 0.05,
    "cp1253": 0.05,
    "cp1254": 0.05,
    "cp1257": 0.1,
    "cp1255": 0.05,
    "cp1256": 0.05,
    "cp932": 0.05,
    "cp949": 0.05,
    "gb18030": 0.1,
    "big5": 0.1,
    "euc_jp": 0.15,
    "mac_roman": 0.2,
    "mac_latin2": 0.25,
    "mac_cyrillic": 0.25,
    "mac_greek": 0.25,
    "mac_turkish": 0.25,
    "cp850": 0.2,
    "cp852": 0.25,
    "cp866": 0.25,
    "cp857": 0.25,
    "cp737": 0.25,
    "cp775": 0.3,
    "cp862": 0.3,
    "iso8859_2": 0.25,
    "koi8_r": 0.2,
}
"""The encodings of Excel for Windows, Mac and DOS and a few of the web; the number is how much less likely each is."""

_LATIN = (
    (0.0, "àâæçéèêëîïôœùûüÿ"),  # French
    (0.0, "áéíñóúü"),  # Spanish
    (0.0, "àèéíïòóúüç"),  # Catalan
    (0.0, "äöüßé"),  # German
    (0.0, "ãáàâçéêíóõôúü"),  # Portuguese
    (0.0, "àèéìíîòóùú"),  # Italian
    (0.0, "éëïöüè"),  # Dutch
    (0.0, "åäöéæøüèóòâô"),  # Swedish, Danish, Norwegian, Finnish
    (0.05, "ąćęłńóśźż"),  # Polish
    (0.05, "áčďéěíňóřšťúůýž"),  # Czech
    (0.05, "áéíóöőúüű"),  # Hungarian
    (0.05, "çğ\u0131öşüâîû"),  # Turkish
    (0.05, "čćđšž"),  # Croatian, Slovene
    (0.05, "ăâîșțşţ"),  # Romanian
    (0.1, "áäčďéíĺľňóôŕšťúýž"),  # Slovak
    (0.1, "ąčęėįšųūž"),  # Lithuanian
    (0.1, "āčēģīķļņšūž"),  # Latvian
    (0.1, "äõöüšž"),  # Estonian
    (0.2, "áðéíóúýþæö"),  # Icelandic
)
_NO_LANGUAGE = 1.0
_RARE = frozenset("ĺŕľťďÿœªº")
_BASES = {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "\u0131": "i", "ß": "s", "þ": "t", "ð": "d"}
_VOWELS = frozenset("aeiouy")
_APOSTROPHES = frozenset("\u2018\u2019\u02bc")
_EDGES = frozenset("°¿¡«»\u201c\u201d\u201e\u2018\u2019\u201a\u2013\u2014…·€£§©®™")
_HEBREW_ENDS = frozenset("ךםןףץ")
_GREEK_END = "ς"
_SYLLABLES = frozenset(
    "가강건경고곽광구권규근기길김나남노다대덕도동라란래련로록류리림마만명모문미민박반방배백범병보복봉부사산상서석선설"
    "섭성세소손송수숙순승시식신심아안애양언엄여연영예오옥온완요용우욱운웅원월유윤율은을음이인일임자장재전정제조종주"
    "준중지진찬창채천철초최춘충치태택하한해향허현형혜호홍화환황효훈희"
)
"""The syllables of which most Korean names and words are made."""
_BETWEEN_WORDS = re.compile(r"[\x00-\x26\x28-\x40\[-`{-\x7f\xa0]+")
_PARTED = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\xa0(?=([^\W\d_]+))")
_CLUSTER = re.compile(r"n[bcdfgjklmpqrstvwxz]")
_PARTED_COST = 0.3
_LINES, _WORDS = 400, 400
_MOST_LIKELY = 8
_LONGEST_LINE = 2000


def likely_encodings(data: bytes) -> tuple[str, ...]:
    """The encodings under which the words look most like words, the likeliest first; none where none can be."""
    lines = list(_telling_lines(data))
    costs = sorted(
        (cost + prior, at, name)
        for at, (name, prior) in enumerate(CANDIDATES.items())
        if (cost := _cost(lines, name)) is not None
    )
    return tuple(islice((name for _, _, name in costs if _decodes(data, name)), _MOST_LIKELY))


def _telling_lines(data: bytes) -> Iterator[bytes]:
    """The first lines that are not plain ASCII."""
    found = 0
    for match in re.finditer(rb"[^\r\n]+", data):
        line = match.group()
        if not line.isascii():
            yield line[:_LONGEST_LINE] if len(line) > _LONGEST_LINE else line
            found += 1
        if found == _LINES:
            return


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _cost(lines: list[bytes], encoding: str) -> float | None:
    """How little the words of these lines look like words in this encoding; None where it has no such bytes."""
    words: set[str] = set()
    parted: set[str] = set()
    for line in lines:
        try:
            text = line.decode(encoding, "strict" if len(line) < _LONGEST_LINE else "ignore")
        except UnicodeDecodeError:
            return None
        words.update(word for word in _BETWEEN_WORDS.split(text) if not word.isascii())
        parted.update(match.group() for match in _PARTED.finditer(text) if _is_one_word(*match.groups()))
        if len(words) > _WORDS:
            break
    return sum(map(_word_cost, words)) + _PARTED_COST * len(parted)


def _is_one_word(before: str, after: str) -> bool:
    """Whether a hard space has these two parts of a word on its sides, of which one is no word: DOS has a letter in
    its place.
    """
    if not (after.isascii() and after.islower()):
        return False
    is_end = bool(_CLUSTER.match(after)) or _VOWELS.isdisjoint(after)
    return is_end or (len(before) == 1 and _VOWELS.isdisjoint(before.lower()))


@lru_cache(maxsize=8192)
def _word_cost(word: str) -> float:
    """How little a word looks like one: 0 is a word that some language may well have."""
    cost = sum(map(_sign_cost, word, (False, *map(str.isalpha, word[:-1])), (*map(str.isalpha, word[1:]), False)))
    letters = [sign for sign in word if sign.isalpha()]
    scripts = {_script(sign) for sign in letters}
    cost += 1.5 * max(0, len(scripts) - 1)
    if not word.isupper():
        cost += sum(1.0 for one, two in pairwise(word) if one.isalpha() and two.isupper())
    if scripts == {"LATIN"}:
        return cost + _latin_cost(word.lower())
    if scripts & {"CYRILLIC", "GREEK"}:
        cost += 0.3 if letters[0].islower() else 0.2 if word.isupper() and len(word) > 1 else 0.0
    cost += sum(1.0 for sign in word[:-1] if sign in _HEBREW_ENDS or sign == _GREEK_END)
    return cost + sum(map(_ideograph_cost, letters))


def _sign_cost(sign: str, after_letter: bool, before_letter: bool) -> float:  # noqa: FBT001  (mapped over a word)
    """What a sign costs that is no letter, by where it stands."""
    if sign.isascii() or sign.isalpha():
        return 0.0
    category = unicodedata.category(sign)
    if category in ("Cc", "Co", "Cn"):
        return 3.0
    if after_letter and before_letter:
        return 0.0 if sign in _APOSTROPHES else 1.5
    if category == "Mn":
        return 1.0
    return 0.1 if sign in _EDGES else 1.0


@lru_cache(maxsize=8192)
def _script(letter: str) -> str:
    script = unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA") else "LATIN" if script in ("MASCULINE", "FEMININE") else script


def _latin_cost(word: str) -> float:
    """What a word of Latin letters costs: those that no one language has, and marks where few words have them."""
    marked = {sign for sign in word if sign.isalpha() and not sign.isascii() and sign not in _EDGES}
    cost = min((weight for weight, alphabet in _LATIN if marked <= set(alphabet)), default=_NO_LANGUAGE)
    cost += 0.2 * len(marked & _RARE)
    kinds = [_is_vowel(sign) if sign.isalpha() else None for sign in word]
    for at, sign in enumerate(word):
        if sign not in marked:
            continue
        around = kinds[max(0, at - 1) : at + 2]
        if around == [False, False, False]:
            cost += 0.4
        if at and word[at - 1] in marked:
            cost += 0.3
    return cost


def _is_vowel(letter: str) -> bool:
    return _BASES.get(letter, unicodedata.normalize("NFD", letter)[0]) in _VOWELS


@lru_cache(maxsize=8192)
def _ideograph_cost(letter: str) -> float:
    """What a sign of Chinese, Japanese or Korean costs: the everyday ones have the low numbers of their standards."""
    name = unicodedata.name(letter, "")
    if name.startswith("HALFWIDTH"):
        return 0.8
    if name.startswith("HANGUL"):
        return 0.05 if letter in _SYLLABLES else 0.2 if _in_rows(letter, "euc_kr", 0xB0, 0xC8) else 0.6
    if name.startswith("CJK"):
        everyday = (
            _in_rows(letter, "gb2312", 0xB0, 0xD7)
            or _in_rows(letter, "big5", 0xA4, 0xC6)
            or _in_rows(letter, "shift_jis", 0x88, 0x97)
        )
        return 0.1 if everyday else 0.6
    return 0.0


def _in_rows(letter: str, encoding: str, first: int, last: int) -> bool:
    try:
        return first <= letter.encode(encoding)[0] <= last
    except UnicodeEncodeError:
        return False
