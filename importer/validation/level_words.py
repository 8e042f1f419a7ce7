"""Words that stand where a level is expected: for levels, for yes and for no, and for no value. Knows no number.

A word for a level has no number here: only a person or the sheet's own legend gives it one.
"""

import re
from collections.abc import Iterable, Sequence

from importer.text import fold

_VARIATION = re.compile("[\ufe0e\ufe0f]")


def plain(text: str) -> str:
    """A text as it is compared with these words: folded, and a sign without what chooses its color or outline."""
    return _VARIATION.sub("", fold(text))


def _words(*lines: str) -> frozenset[str]:
    return frozenset(plain(word) for line in lines for word in line.split(","))


_NO_VALUE = _words(
    "null, nan, na, nil",
    r"\n",
    "not applicable, nicht zutreffend, entf\u00e4llt, keine angabe, k.a., k. a., sans objet, s.o.",
    "non applicable, no aplica, n/d, n.d., n. d., n.v.t., nvt, niet van toepassing",
    "n\u00e3o se aplica",
    "n\u00e3o aplic\u00e1vel, non applicabile, nie dotyczy, \u043d/\u0434, \u043d.\u0434.",
    "\u043d\u0435 \u043f\u0440\u0438\u043c\u0435\u043d\u0438\u043c\u043e",
    "\u043d\u0435\u043f\u0440\u0438\u043c\u0435\u043d\u0438\u043c\u043e",
    "\u043d\u0435\u0442 \u0434\u0430\u043d\u043d\u044b\u0445",
    "tidak berlaku, \u4e0d\u9002\u7528, \u4e0d\u9069\u7528, \u8a72\u5f53\u306a\u3057, \u5bfe\u8c61\u5916",
)
"""What stands where there is no value: as programs write it, and as people do in each of our languages."""

_NOT_HELD = _words(
    "no, n, false, none, nope, nein, keine, keiner, kein, falsch, non, faux, aucun, aucune, falso, ninguno, ninguna",
    "nee, onwaar, geen, n\u00e3o, nao, nenhum, nenhuma, nessuno, nessuna, nie, fa\u0142sz, brak, \u043d\u0435\u0442",
    "\u043b\u043e\u0436\u044c, tidak, tidak ada, salah, \u5426, \u65e0, \u7121, \u6ca1\u6709, \u6c92\u6709",
    "\u3044\u3044\u3048, \u306a\u3057, \u7121\u3057, \u2610, \u25a1, \u25fb, \u2b1c, no tiene, nicht vorhanden",
    "niet aanwezig, n\u00e3o tem, non ha, nie ma, belum",
    "belum ada, \u043d\u0435 \u0438\u043c\u0435\u0435\u0442",
)

_NONE_AT_ALL = _words(
    "no, none, kein, keine, keinerlei, aucun, aucune, sin, ning\u00fan, nessuna, nessuno, geen, sem, brak, nil, zero",
    "never, without, ohne, sans, senza, zonder, bez, \u0431\u0435\u0437, \u043d\u0435\u0442, tanpa",
)
"""What a phrase begins with that says so: `no knowledge`, `keine Kenntnisse`."""

_NEGATIONS = _words(
    "not, cannot, can't, doesn't, don't, nicht, pas, niet, n\u00e3o, non, nie, \u043d\u0435, tidak, belum, no",
)
_KNOWING = _words(
    "able, do, familiar, know, knows, skilled, trained, use, used, kann, vertraut, geschult, conna\u00eet",
    "connaissance, connaissances, ma\u00eetris\u00e9, form\u00e9, conoce, sabe, kan, conhece",
    "conosce, sa, zna, znam, umie, umiem, potrafi, potrafi\u0119, posiada, \u0437\u043d\u0430\u0435\u0442",
    "\u0437\u043d\u0430\u044e, \u0437\u043d\u0430\u043a\u043e\u043c, \u0432\u043b\u0430\u0434\u0435\u0435\u0442",
    "\u0432\u043b\u0430\u0434\u0435\u044e",
    "\u0443\u043c\u0435\u0435\u0442, \u0443\u043c\u0435\u044e, tahu, bisa, paham, menguasai, memiliki, mengenal",
    "pernah",
)
"""What, beside a negation, says that somebody has none of it: `does not know`, `kann nicht`."""
_RATING = _words(
    "rating, rated, assessed, assessment, evaluation, evaluated, data, answer, set, information, angabe, angaben",
    "bewertung, bewertet, \u00e9valuation, \u00e9valu\u00e9, evaluaci\u00f3n, evaluado, datos, valutazione",
    "valutato, dati, avalia\u00e7\u00e3o",
    "avaliado, dados, beoordeling, beoordeeld, gegevens, oceny, oceniono, ocenione, danych",
    "\u043e\u0446\u0435\u043d\u043a\u0438, \u043e\u0446\u0435\u043d\u0435\u043d\u043e",
    "\u043e\u0446\u0435\u043d\u0438\u0432\u0430\u043b\u043e\u0441\u044c",
    "\u0434\u0430\u043d\u043d\u044b\u0445, dinilai, penilaian",
)
_UNSPACED_RATING = ("\u8bc4", "\u8a55\u4fa1")
"""What such a phrase says to be missing where it tells nothing of the skill: `no rating`, `nicht bewertet`."""

_UNSPACED_NONE = re.compile(
    r"(?:\u65e0|\u7121|\u6ca1\u6709|\u6c92\u6709|\u4e0d\u4f1a|\u4e0d\u6703|\u4e0d\u61c2|\u4e0d\u4e86\u89e3|\u672a\u7d4c\u9a13|\u672a\u7ecf\u9a8c).*"
    r"|.*(?:\u306a\u3057|\u7121\u3057|\u3067\u304d\u306a\u3044|\u77e5\u3089\u306a\u3044)"
)

TICKS = _words(
    "x, \u00d7, \u2713, \u2714, \u2611, \u2612, \u2705, \u2022, \u25cf, yes, y, true, ja, j, wahr, oui, vrai",
    "s\u00ed",
    "si, verdadero, waar, sim, verdadeiro, s\u00ec, vero, tak, prawda, \u0434\u0430",
    "\u0438\u0441\u0442\u0438\u043d\u0430, ya, benar, \u662f, \u6709, \u306f\u3044",
)
"""What says only that somebody has the skill."""

SCALES = (
    ("beginner", "basic", "intermediate", "advanced", "expert"),
    ("novice", "advanced beginner", "competent", "proficient", "expert"),
    ("novice", "beginner", "intermediate", "advanced", "expert"),
    ("none", "low", "medium", "high"),
    ("anf\u00e4nger", "grundlagen", "fortgeschritten", "experte"),
    ("anf\u00e4nger", "grundkenntnisse", "fortgeschritten", "sehr gut", "experte"),
    ("d\u00e9butant", "interm\u00e9diaire", "confirm\u00e9", "avanc\u00e9", "expert"),
    ("principiante", "b\u00e1sico", "intermedio", "avanzado", "experto"),
    ("principiante", "base", "intermedio", "avanzato", "esperto"),
    ("iniciante", "b\u00e1sico", "intermedi\u00e1rio", "avan\u00e7ado", "especialista"),
    ("beginner", "basis", "gemiddeld", "gevorderd", "expert"),
    ("pocz\u0105tkuj\u0105cy", "podstawowy", "\u015brednio zaawansowany", "zaawansowany", "ekspert"),
    (
        "\u043d\u043e\u0432\u0438\u0447\u043e\u043a",
        "\u0431\u0430\u0437\u043e\u0432\u044b\u0439",
        "\u0441\u0440\u0435\u0434\u043d\u0438\u0439",
        "\u043f\u0440\u043e\u0434\u0432\u0438\u043d\u0443\u0442\u044b\u0439",
        "\u044d\u043a\u0441\u043f\u0435\u0440\u0442",
    ),
    ("pemula", "dasar", "menengah", "mahir", "ahli"),
    ("\u5165\u95e8", "\u521d\u7ea7", "\u4e2d\u7ea7", "\u9ad8\u7ea7", "\u4e13\u5bb6"),
    ("\u5165\u9580", "\u521d\u7d1a", "\u4e2d\u7d1a", "\u4e0a\u7d1a", "\u5c02\u9580\u5bb6"),
)
"""Words in their well-known order, lowest first."""

SIGNS = (
    ("\u2605", "\u2605\u2605", "\u2605\u2605\u2605", "\u2605\u2605\u2605\u2605", "\u2605\u2605\u2605\u2605\u2605"),
    ("\u25cb", "\u25d4", "\u25d1", "\u25d5", "\u25cf"),
    ("a1", "a2", "b1", "b2", "c1", "c2"),
    ("e", "d", "c", "b", "a"),
    ("xs", "s", "m", "l", "xl"),
    ("i", "ii", "iii", "iv", "v"),
)
"""Signs, codes, letters and sizes in the order that they often have, lowest first: suggested, never assumed."""

LEVELS = frozenset(word for scale in SCALES for word in scale if word.isalpha() or " " in word) | _words(
    "novice, basics, foundation, foundational, elementary, aware, awareness, trainee, working, practitioner",
    "competent",
    "independent, experienced, proficient, master, guru, senior, junior, lead, coach, no experience, no knowledge",
    "some experience, good, very good, fluent, native, grundlagen, grundkenntnisse, fortgeschrittener, kenner, gut",
    "profi, confirm\u00e9, ma\u00eetrise, notions, avanzado, medio, alto, bajo, gemiddeld, expert, specialist",
    "leader",
    "level, stufe, niveau, nivel, livello, poziom, tingkat",
)
"""Words for levels: a number beside one of them is a level."""

_SOMETHING_ELSE = _words(
    "year, years, yr, yrs, month, months, day, days, hour, hours, jahr, jahre, an, ans, mois, monate, a\u00f1os",
    "jaar",
    "anni, anos, lat, target, goal, ziel, soll, objectif, expired, abgelaufen, expir\u00e9, planned, geplant, rated",
    "not, was, old, former, formerly, previously, until, since, required, needed, min, max, minimum, maximum",
)


def scale_of(words: Iterable[str]) -> Sequence[str]:
    """The well-known words among which all of these are; empty if there are none."""
    folded = set(map(plain, words))
    return next((scale for scale in (*SCALES, *SIGNS) if folded <= set(scale)), ())


def is_no_value(text: str) -> bool:
    """Whether this is written for no value at all: `null`, `NaN`, `n.v.t.`."""
    return plain(text) in _NO_VALUE


def is_not_held(text: str) -> bool:
    """Whether this says that somebody does not have the skill: `no`, `false`, an unticked box."""
    return plain(text) in _NOT_HELD


def is_none_at_all(text: str) -> bool:
    """Whether this says, in a word or a phrase, that somebody has none of it: `none`, `no knowledge`."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", plain(text))
    is_of_rating = not _RATING.isdisjoint(words) or any(sign in text for sign in _UNSPACED_RATING)
    if not words or is_of_rating or is_no_value(text):
        return False
    is_unknown = not _NEGATIONS.isdisjoint(words) and not _KNOWING.isdisjoint(words)
    says_none = words[0] in _NONE_AT_ALL or bool(_UNSPACED_NONE.fullmatch("".join(words)))
    return is_not_held(text) or says_none or is_unknown


def is_for_a_level(phrase: str) -> bool:
    """Whether this phrase is a word for a level, or has one in it and nothing that tells something else."""
    folded = plain(phrase).strip(" .")
    words = frozenset(re.findall(r"[^\W\d_]+", folded))
    return folded in LEVELS or (bool(words & LEVELS) and not tells_something_else(phrase))


def tells_something_else(phrase: str) -> bool:
    """Whether a number beside this phrase counts something else, or is no level of today: years, a target."""
    return bool(frozenset(re.findall(r"[^\W\d_]+", plain(phrase))) & _SOMETHING_ELSE)
