"""Words by which a sheet is recognised: what totals, notes and levels are called. Knows texts, and decides nothing.

They only help to find the table in a sheet. No word here gives a level a value, or a name a person.
"""

from importer.text import fold_header, fold_headers
from importer.validation.level_words import SCALES

ROW_LABELS = fold_headers(
    "row labels, zeilenbeschriftungen, étiquettes de lignes, etiquetas de fila, etichette di riga, rijlabels",
    "rótulos de linha, etykiety wierszy",
    "названия строк, label baris",
    "行标签, 行ラベル",
)
"""What a pivot table writes over its rows."""
TOTALS = fold_headers(
    "total, totals, sum, average, avg, avg., mean, median, count, min, max, minimum, maximum, overall, team average",
    "headcount, coverage, gap, gaps, target, targets, target level, goal, required, required level, ideal, score",
    "share, std dev, number of people, number of skills, summe, gesamt, durchschnitt, mittelwert, anzahl, soll, ziel",
    "subtotal, sub-total, grand total, zwischensumme, gesamtsumme, schnitt, teamschnitt, abweichung, bedarf, benchmark",
    "gesamtergebnis, ergebnis, teilergebnis, mittelwert, total général, sous-total, résultat",
    "total general",
    "subtotal general, resultado, totale complessivo, totale, subtotale, risultato, eindtotaal, subtotaal, resultaat",
    "total geral, subtotal geral, suma końcowa, suma częściowa, razem, сумма",
    "общий итог, итог, итого",
    "среднее, jumlah, jumlah total, total keseluruhan, rata-rata",
    "总计, 合计",
    "平均, 小计, 求和, 総計, 合計, 小計",
    "moyenne, somme, moyen, effectif, promedio, media, suma, gemiddelde, totaal, Ø, ∑, Σ, #",
)
_NAMES_TOO = fold_headers("max, min, ziel, media, sum")
"""Of these, what some people are called."""
OTHERS = fold_headers(
    "fte, age, years, years of experience, experience, yrs, seniority, tenure, grade, band, cost, rate, salary",
    "capacity, availability, available, utilization, utilisation, hours, id, no, no., nr, nr., row, pos, position",
    "rank, priority, team size, employee id, personnel no, personnel number, staff id, cost center, cost centre",
    "kostenstelle, alter, jahre, start, since, personalnummer, personalnr, personalnr., team, group, floor, week",
    "month, year, jahr, fte %, stunden, nummer, #",
)
"""Columns of numbers that are no levels."""
NOT_PEOPLE = fold_headers(
    "role, job title, title, job, position, function, team, group, department, dept, dept., unit, business unit",
    "practice, location, office, site, city, country, region, manager, line manager, reports to, supervisor, lead",
    "team lead, headline, grade, band, status, contract, project, client, cost centre, cost center, comment, comments",
    "note, notes, remark, remarks, rolle, funktion, abteilung, standort, ort, land, vorgesetzter, vorgesetzte, leitung",
    "bemerkung, bemerkungen, kommentar, stelle, bereich, line, what, rating, assessed by, reviewer, reviewed by",
    "skill, skills, competency, competencies, capability, technology, kompetenz, fähigkeit, category, kategorie",
)
"""Columns of texts that say something of people, or of something else, and not who."""
THINGS = fold_headers(
    "skill, skills, skill name, competency, competencies, competence, capability, technology, tool, topic, group",
    "groups",
    "kompetenz, kompetenzen, fähigkeit, fähigkeiten, thema, gruppe, compétence, compétences",
    "groupe",
    "competencia, competencias, habilidad, habilidades, grupo, vaardigheid, vaardigheden, groep, habilidade",
    "competência, competências, competenza, competenze, gruppo, umiejętność",
    "umiejętności, grupa, keahlian, keterampilan, grup, 技能, 组",
    "навык, навыки, группа",
    "スキル, グループ",
)
"""What stands over skills or groups that stand below each other."""
SUBHEADINGS = fold_headers(
    "current, actual, as is, as-is, is, ist, today, now, to be, to-be, self, manager, lead, level, stufe, niveau, from",
    "to, certified, interest, planned, plan, q1, q2, q3, q4, h1, h2, date, datum, score, rating, 1-5, 0-5, 1 - 5, x",
)
"""What stands under each skill where it has several columns, or says how to fill them in."""
NOTES = fold_headers(
    "legend, legende, key, scale, skala, levels, note, notes, remark, remarks, comment, comments, hinweis, bemerkung",
    "stand, as of, updated, last updated, source, quelle, légende, leyenda, nb, n.b., *",
)
"""What stands beside an explanation."""

LEVELS = fold_headers(
    "beginner, novice, basic, basics, foundation, foundational, elementary, aware, awareness, trainee, intermediate",
    "working, practitioner, competent, independent, experienced, proficient, advanced, expert, master, guru, senior",
    "lead, coach, none, no experience, low, medium, high, anfänger, grundlagen, grundkenntnisse, fortgeschritten",
    "experte, kenner, débutant, confirmé, avancé, principiante, intermedio, avanzado, experto",
    *(word for scale in SCALES for word in scale),
)

_STRONG = fold_headers(
    "ergebnis, gesamtergebnis, teilergebnis, résultat, resultado, risultato, resultaat, totaal, totale, razem",
    "итог, итого, jumlah, 合计, 总计",
    "合計, 総計, suma",
    "total, totals, subtotal, average, avg, avg., mean, median, summe, zwischensumme, durchschnitt, schnitt, Ø, #",
)


_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_FEWEST_DIGITS = 3


def may_be_heading(text: str) -> bool:
    """Whether a skill's column may have this heading: it has a letter, or it may be an id, and is not a year."""
    plain = text.strip()
    is_id = plain.isdecimal() and len(plain) >= _FEWEST_DIGITS and not _FIRST_YEAR <= int(plain) <= _LAST_YEAR
    return is_id or any(map(str.isalpha, plain))


def is_total(text: str) -> bool:
    """Whether this names a sum or an average of what stands beside it, or a goal for it."""
    return fold_header(text).rstrip(":") in TOTALS


def may_be_name(text: str) -> bool:
    """Whether such a name of a sum is a person's, too: Max is the highest level, or a colleague."""
    return fold_header(text) in _NAMES_TOO


def is_subheading(text: str) -> bool:
    """Whether this stands under a skill's name, and is none."""
    return is_total(text) or fold_header(text) in SUBHEADINGS


def is_note(text: str) -> bool:
    """Whether this stands before an explanation of the sheet, or begins one."""
    return fold_header(text).rstrip(":") in NOTES or fold_header(text.partition(":")[0]) in NOTES


def may_be_total(text: str) -> bool:
    """Whether this begins or ends with such a name: "Average level", but "Total Quality Management", too."""
    parts = [fold_header(part).rstrip(":") for part in text.split()]
    return bool(parts) and (parts[0] in _STRONG or parts[-1] in _STRONG)
