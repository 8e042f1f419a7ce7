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
    "not applicable, nicht zutreffend, entfällt, keine angabe, k.a., k. a., sans objet, s.o.",
    "non applicable, no aplica, n/d, n.d., n. d., n.v.t., nvt, niet van toepassing",
    "não se aplica",
    "não aplicável, non applicabile, nie dotyczy, н/д, н.д.",
    "не применимо",
    "неприменимо",
    "нет данных",
    "tidak berlaku, 不适用, 不適用, 該当なし, 対象外",
)
"""What stands where there is no value: as programs write it, and as people do in each of our languages."""

_NOT_HELD = _words(
    "no, n, false, none, nope, nein, keine, keiner, kein, falsch, non, faux, aucun, aucune, falso, ninguno, ninguna",
    "nee, onwaar, geen, não, nao, nenhum, nenhuma, nessuno, nessuna, nie, fałsz, brak, нет",
    "ложь, tidak, tidak ada, salah, 否, 无, 無, 没有, 沒有",
    "いいえ, なし, 無し, ☐, □, ◻, ⬜, no tiene, nicht vorhanden",
    "niet aanwezig, não tem, non ha, nie ma, belum",
    "belum ada, не имеет",
)

_NONE_AT_ALL = _words(
    "no, none, kein, keine, keinerlei, aucun, aucune, sin, ningún, nessuna, nessuno, geen, sem, brak, nil, zero",
    "never, without, ohne, sans, senza, zonder, bez, без, нет, tanpa",
)
"""What a phrase begins with that says so: `no knowledge`, `keine Kenntnisse`."""

_NEGATIONS = _words(
    "not, cannot, can't, doesn't, don't, nicht, pas, niet, não, non, nie, не, tidak, belum, no",
)
_KNOWING = _words(
    "able, do, familiar, know, knows, skilled, trained, use, used, kann, vertraut, geschult, connaît",
    "connaissance, connaissances, maîtrisé, formé, conoce, sabe, kan, conhece",
    "conosce, sa, zna, znam, umie, umiem, potrafi, potrafię, posiada, знает",
    "знаю, знаком, владеет",
    "владею",
    "умеет, умею, tahu, bisa, paham, menguasai, memiliki, mengenal",
    "pernah",
)
"""What, beside a negation, says that somebody has none of it: `does not know`, `kann nicht`."""
_RATING = _words(
    "rating, rated, assessed, assessment, evaluation, evaluated, data, answer, set, information, angabe, angaben",
    "bewertung, bewertet, évaluation, évalué, evaluación, evaluado, datos, valutazione",
    "valutato, dati, avaliação",
    "avaliado, dados, beoordeling, beoordeeld, gegevens, oceny, oceniono, ocenione, danych",
    "оценки, оценено",
    "оценивалось",
    "данных, dinilai, penilaian",
)
_UNSPACED_RATING = ("评", "評価")
"""What such a phrase says to be missing where it tells nothing of the skill: `no rating`, `nicht bewertet`."""

_UNSPACED_NONE = re.compile(
    r"(?:无|無|没有|沒有|不会|不會|不懂|不了解|未経験|未经验).*"
    r"|.*(?:なし|無し|できない|知らない)"
)

TICKS = _words(
    "x, ×, ✓, ✔, ☑, ☒, ✅, •, ●, yes, y, true, ja, j, wahr, oui, vrai",
    "sí",
    "si, verdadero, waar, sim, verdadeiro, sì, vero, tak, prawda, да",
    "истина, ya, benar, 是, 有, はい",
)
"""What says only that somebody has the skill."""

SCALES = (
    ("beginner", "basic", "intermediate", "advanced", "expert"),
    ("novice", "advanced beginner", "competent", "proficient", "expert"),
    ("novice", "beginner", "intermediate", "advanced", "expert"),
    ("none", "low", "medium", "high"),
    ("anfänger", "grundlagen", "fortgeschritten", "experte"),
    ("anfänger", "grundkenntnisse", "fortgeschritten", "sehr gut", "experte"),
    ("débutant", "intermédiaire", "confirmé", "avancé", "expert"),
    ("principiante", "básico", "intermedio", "avanzado", "experto"),
    ("principiante", "base", "intermedio", "avanzato", "esperto"),
    ("iniciante", "básico", "intermediário", "avançado", "especialista"),
    ("beginner", "basis", "gemiddeld", "gevorderd", "expert"),
    ("początkujący", "podstawowy", "średnio zaawansowany", "zaawansowany", "ekspert"),
    ("новичок", "базовый", "средний", "продвинутый", "эксперт"),
    ("pemula", "dasar", "menengah", "mahir", "ahli"),
    ("入门", "初级", "中级", "高级", "专家"),
    ("入門", "初級", "中級", "上級", "専門家"),
)
"""Words in their well-known order, lowest first."""

SIGNS = (
    ("★", "★★", "★★★", "★★★★", "★★★★★"),
    ("○", "◔", "◑", "◕", "●"),
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
    "profi, confirmé, maîtrise, notions, avanzado, medio, alto, bajo, gemiddeld, expert, specialist",
    "leader",
    "level, stufe, niveau, nivel, livello, poziom, tingkat",
)
"""Words for levels: a number beside one of them is a level."""

_SOMETHING_ELSE = _words(
    "year, years, yr, yrs, month, months, day, days, hour, hours, jahr, jahre, an, ans, mois, monate, años",
    "jaar",
    "anni, anos, lat, target, goal, ziel, soll, objectif, expired, abgelaufen, expiré, planned, geplant, rated",
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
