"""Words by which a sheet is recognised: what totals, notes and people are called. Knows texts, and decides nothing.

They only help to find the table in a sheet. No word here gives a level a value, or a name a person.
"""

from importer.fold import fold_header


def _folded(*lines: str) -> frozenset[str]:
    return frozenset(fold_header(word) for line in lines for word in line.split(","))


PEOPLE = _folded(
    "name, full name, user, person, people, employee, employees, team member, member, resource, consultant, colleague",
    "staff, who, employee name, resource name, consultant name, member name",
    "mitarbeiter, mitarbeiterin, mitarbeitende, nom, collaborateur, nombre, empleado, medewerker",
)
EMAILS = _folded("email, e-mail, mail, email address, e-mail address, work email, e mail")
USER_IDS = _folded("user_id, kantata id, kantata user id, mavenlink id, mavenlink user id")

TOTALS = _folded(
    "total, totals, sum, average, avg, avg., mean, median, count, min, max, minimum, maximum, overall, team average",
    "headcount, coverage, gap, gaps, target, targets, target level, goal, required, required level, ideal, score",
    "share, std dev, number of people, number of skills, summe, gesamt, durchschnitt, mittelwert, anzahl, soll, ziel",
    "moyenne, somme, moyen, effectif, promedio, media, suma, gemiddelde, totaal, \u00d8, \u2211, \u03a3, #",
)
OTHERS = _folded(
    "fte, age, years, years of experience, experience, yrs, seniority, tenure, grade, band, cost, rate, salary",
    "capacity, availability, available, utilization, utilisation, hours, id, no, no., nr, nr., row, pos, position",
    "rank, priority, team size, employee id, personnel no, personnel number, staff id, cost center, cost centre",
    "kostenstelle, alter, jahre, start, since",
)
"""Columns of numbers that are no levels."""

LEVELS = _folded(
    "beginner, novice, basic, basics, foundation, foundational, elementary, aware, awareness, trainee, intermediate",
    "working, practitioner, competent, independent, experienced, proficient, advanced, expert, master, guru, senior",
    "lead, coach, none, no experience, low, medium, high, anf\u00e4nger, grundlagen, grundkenntnisse, fortgeschritten",
    "experte, kenner, d\u00e9butant, confirm\u00e9, avanc\u00e9, principiante, intermedio, avanzado, experto",
)

_STRONG = _folded("total, totals, average, avg, avg., mean, median, summe, durchschnitt, \u00d8, #")


def is_total(text: str) -> bool:
    """Whether this names a sum or an average of what stands beside it, or a goal for it."""
    return fold_header(text).rstrip(":") in TOTALS


def may_be_total(text: str) -> bool:
    """Whether this begins or ends with such a name: "Average level", but "Total Quality Management", too."""
    parts = [fold_header(part).rstrip(":") for part in text.split()]
    return bool(parts) and (parts[0] in _STRONG or parts[-1] in _STRONG)
