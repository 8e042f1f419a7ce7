"""The words of a name, as they may be written otherwise: in the plural, shortened, or left out.

Knows texts, and some public names of products. Does not know which names exist, and compares none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from importer.lookalikes import look_in_latin
from importer.text import fold, fold_accents

Words = tuple[str, ...]

_LONGEST_RUN, _MOST_WORDS = 5, 7
"""How many words initials within a name stand for, and how many words such a name has, at most."""
_HUMPS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z][^A-Z\d]+|[^A-Z\d]+|\d+")
"""The words within a word: "PowerBI", "Python3". Initials in the plural are one, "KPIs"."""
_SIGNS = re.compile(r"(?<=[^\W_])(?:\+\+|\+(?![^\W_])|#(?!\d))|&")
_SIGN_WORDS = {"+": " plus ", "++": " plus plus ", "#": " sharp ", "&": " and "}
_MARKS = str.maketrans({**dict.fromkeys("'`\u00b4\u2018\u2019\u2032"), **dict.fromkeys("\u2122\u00ae\u00a9", " ")})
"""Apostrophes, which join; and the signs of a registered name."""
_ASCII_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_ENDINGS = re.compile(r"(?<=...)[esnx]+$")
_UMLAUTS = re.compile(r"(?<=[aou])e")
_JS = re.compile(r"(?<=...)js$")
_VERSION = re.compile(r"v?\d+")
_VERSIONED = re.compile(r"(\D{3,})\d+")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without what makes a plural in English, German, French or Spanish, and with umlauts as one letter.

    All such letters go, so that the stem of "process" and of "processes" is one: it is for comparing only.
    """
    kept = _ENDINGS.sub("", word)
    return with_plain_umlauts(f"{kept[:-1]}i" if len(kept) > 2 and kept[-1] == "y" else kept)


def with_plain_umlauts(word: str) -> str:
    """A word whose "ae", "oe" and "ue" are written as one letter, as `plain` leaves an umlaut."""
    return _UMLAUTS.sub("", word) if len(word) > 2 else word


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


ANDS = frozenset(("and", "und", "et", "y"))
_SMALL = frozenset(("and", "und", "of", "the", "for"))
_SMALL_WITHIN = (
    ANDS | _SMALL | {"in", "on", "to", "de", "du", "des", "del", "der", "die", "das", "la", "le", "les", "fur"}
)
"""Words that do not count, and those that do not count within a name: at its ends they may be something else."""
_ADDED = _stems(
    "skill language programming development framework certified certification certificate "
    "kenntnis sprache programmierung entwicklung zertifiziert zertifizierung zertifikat "
    "competence langue langage programmation developpement certifie "
    "habilidad idioma lenguaje programacion desarrollo certificado certificacion"
)
"""Words that say nothing more beside the name of a skill."""
_VENDORS = frozenset(("microsoft", "apache", "amazon", "google", "oracle", "sap", "adobe", "atlassian", "ibm"))
_SAME = {
    tuple(short.split()): tuple(long.split())
    for shorts, long in {
        "js": "javascript",
        "ts": "typescript",
        "py": "python",
        "k8s": "kubernetes",
        "pg|postgres|psql|pgsql": "postgresql",
        "mssql|mssql server|ms sql|ms sql server": "microsoft sql server",
        "golang": "go",
        "csharp": "c sharp",
        "fsharp": "f sharp",
        "cpp|cplusplus": "c plus plus",
        "dotnet|dot net": "net",
        "rails|ror": "ruby on rails",
        "ms": "microsoft",
        "aws|amazon web services": "amazon",
        "gcp|google cloud platform": "google cloud",
        "db": "database",
        "ml": "machine learning",
        "ai": "artificial intelligence",
        "nlp": "natural language processing",
        "ui": "user interface",
        "ux": "user experience",
        "qa": "quality assurance",
        "hr": "human resources",
        "it": "information technology",
        "vb": "visual basic",
        "mgmt|mgt": "management",
        "admin": "administration",
        "dev": "development",
        "ops": "operations",
        "comms": "communications",
        "eng": "engineering",
    }.items()
    for short in shorts.split("|")
}
"""Short names that are known everywhere. Initials need a line only where they stand beside other short names."""
_LONGEST_SHORT = max(map(len, _SAME))
_ALIKE = _stems(
    "accountant accounting auditing axure azure australia austria communication commutation consultant consulting "
    "cooperation copyediting copywriting detail editing emigration external formation iceland immigration "
    "information integration integrity internal ireland mauritania mauritius mediation meditation mentoring "
    "migration monitoring northeast northwest operation redis redux retail scada scala slovakia slovenia southeast "
    "southwest transition translation"
)
"""Words that look as if another one of them was mistyped."""


def readings(name: str) -> list[Words]:
    """The words of a name, in the case they are typed in: as they are spaced; with the humps of each as words; and
    without the "js" of a framework. No reading is empty.
    """
    spaced = _typed_words(name) or (name,)
    humps = tuple(
        hump[:-1] if hump[:-1].isupper() and hump.endswith("s") and len(hump) > 2 else hump
        for word in spaced
        for hump in _HUMPS.findall(word)
    )
    found = [spaced, humps]
    folded = tuple(map(str.casefold, spaced))
    if any(word.endswith("js") for word in folded):
        found.append(tuple(_JS.sub("", word) for at, word in enumerate(folded) if not at or word != "js"))
    return list(dict.fromkeys(filter(None, found)))


def _typed_words(name: str) -> Words:
    """What stands between spaces and punctuation, with a word for each sign that tells names apart: "C++", "C#"."""
    text = name.translate(_MARKS)
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    text = _SIGNS.sub(lambda sign: _SIGN_WORDS[sign[0]], text)
    if text.isascii():
        return tuple(_ASCII_SEPARATORS.sub(" ", text).split())
    return tuple("".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in text).split())


@lru_cache(maxsize=65536)
def plain(typed: str) -> str:
    """A word as it is compared: folded, without accents, in Latin letters."""
    return look_in_latin(fold_accents(fold(typed))).replace("'", "")


def cores(words: Words) -> set[Words]:
    """The words with short names as long ones, and without those that say nothing more; with and without small ones."""
    long = tuple(_lengthened(words))
    return {_without_added(long), _without_added(without_small(long))}


def _without_added(words: Words) -> Words:
    kept = tuple(word for word in words if stem(word) not in _ADDED)
    # "Security+" is what people call "Security", and "C++" is not "C".
    return tuple(word for at, word in enumerate(kept) if word != "plus" or not at or len(kept[at - 1]) < 4) or words


def _lengthened(words: Words) -> Iterator[str]:
    at = 0
    while at < len(words):
        size = next((size for size in range(_LONGEST_SHORT, 0, -1) if words[at : at + size] in _SAME), 0)
        yield from _SAME[words[at : at + size]] if size else words[at : at + 1]
        at += size or 1


def without_small(words: Words) -> Words:
    """The words without "and", "of" and the like."""
    last = len(words) - 1
    kept = tuple(word for at, word in enumerate(words) if word not in (_SMALL_WITHIN if 0 < at < last else _SMALL))
    return kept or words


def shortened(core: Words) -> set[Words]:
    """The words without a vendor, without the numbers of a version, and without both, if there are any."""
    plain = _without_vendor(core)
    return {plain, _without_numbers(core), _without_numbers(plain)} - {core}


def _without_vendor(core: Words) -> Words:
    kept = core[1:] if core[0] in _VENDORS else core[:-1] if core[-1] in _VENDORS else core
    return kept or core


def _without_numbers(core: Words) -> Words:
    kept = tuple(_VERSIONED.sub(r"\1", word) for word in core if not _VERSION.fullmatch(word))
    if kept == core:
        return core
    return tuple(word for word in kept if word != "version") or core


def abbreviated(typed: Words) -> Iterator[Words]:
    """The words with initials in the place of some or of all, and a long one in the way that "k8s" is written."""
    words = tuple(map(plain, typed))
    joined = "".join(words)
    if len(joined) > 3 and joined.isalpha():
        yield (f"{joined[0]}{len(joined) - 2}{joined[-1]}",)
    for core in cores(words):
        yield from ((_initials(each),) for each in {core, _without_vendor(core)} if len(each) > 1)
    capitals = {word for each, word in zip(typed, words, strict=True) if each.isupper() and len(each) < 5}
    for each in {words, without_small(words)}:
        for start, end in _runs(len(each)):
            run = each[start:end]
            for short in {_initials(run), _initials(run, capitals)}:
                yield (*each[:start], short, *each[end:])


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """Where the words begin and end that initials may stand for, of so many words."""
    if count > _MOST_WORDS:
        yield 0, count
        return
    for start in range(count - 1):
        yield from ((start, end) for end in range(start + 2, min(count, start + _LONGEST_RUN) + 1))


def _initials(words: Words, kept: Collection[str] = ()) -> str:
    """The initials of words, with numbers and what is kept as they are: "O365", "PBI"."""
    return "".join(word if word.isdigit() or (at and word in kept) else word[:1] for at, word in enumerate(words))


def are_other_words(one: str, other: str) -> bool:
    """Whether these are two words, of which neither is the other one mistyped."""
    stems = {stem(one), stem(other)}
    return len(stems) > 1 and stems <= _ALIKE
