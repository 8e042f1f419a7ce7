"""The report's tables in words: what each is called and says, its columns, its plots. Knows the numbers' frames."""

from collections.abc import Iterator, Sequence

import pandas as pd

from importer.export.report.counting import LEVELS
from importer.export.report.report_data import Team
from importer.export.report.report_model import TOP, Column, Listing, Look, Plot, Shape, Table, Value, first_rows

LEVEL_WORDS = ("Not set", "Level 1", "Level 2", "Level 3", "Level 4", "Level 5", "No levels")
"""The headers of a distribution."""
_DISTRIBUTION = tuple(Column(word, Look.HEAT, 10 if word == LEVEL_WORDS[-1] else 8) for word in LEVEL_WORDS)
_TONES = ("none", "one", "two", "three", "four", "five", "other")
_ABOUT_LEVELS = (
    'The average is of levels that are set, 1 to 5. "Not set" counts people whose level nobody has set, "No levels" '
    "skills that one has or has not, such as certificates; neither is in an average."
)
_NO_CATEGORY = "No category"
_BREADTH_WORDS = ("none", "1", "2", "3 to 4", "5 to 9", "10 to 19", "20 to 49", "50 to 99", "100 and more")
"""How many skills the people of each class have; see `counting.BREADTHS`."""
MEMBERSHIPS = "Memberships"
"""The list of all that was counted."""
_ROWS_AT_ONCE = 8192
_TEAM_WORDS = {
    Team.DEPARTMENT: ("Departments", "department", "departments"),
    Team.GEOGRAPHY: ("Geographies", "geography", "geographies"),
    Team.GROUP: ("Groups", "group", "groups"),
}


def rows_of(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[Value, ...]]:
    """The columns of a frame as rows of plain values, None where one is missing."""
    listed = [[None if pd.isna(value) else value for value in frame[name].to_list()] for name in columns]
    return list(zip(*listed, strict=True))


def _levels_plot(title: str, columns: Sequence[Column], rows: int, shape: Shape) -> Plot:
    """The distribution of a table as a stack for each of its first rows."""
    first = next(at for at, column in enumerate(columns) if column.look is Look.HEAT)
    return Plot(title, 0, tuple(range(first, first + len(LEVELS))), rows, shape, _TONES)


def levels_table(levels: pd.DataFrame) -> Table:
    """Memberships by level, for the cover."""
    rows: list[tuple[Value, ...]] = list(zip(LEVEL_WORDS, levels["memberships"].to_list(), strict=True))
    plots = [Plot("Skills by level", 0, (1,), len(rows))] if any(count for _, count in rows) else []
    columns = (Column("Level", Look.STRONG, 14), Column("Memberships", Look.BAR, 14))
    return Table("Levels", "How well people know what they know", (), columns, rows, plots)


def skills_table(skills: pd.DataFrame) -> Table:
    """Skills by coverage and average level, with the distribution of their levels."""
    columns = (
        Column("Skill", Look.STRONG, 34),
        Column("Category", Look.TEXT, 18),
        Column("People", Look.BAR, 11),
        Column("Coverage", Look.SHARE, 11),
        Column("Average level", Look.AVERAGE),
        Column("Level 4 or 5", Look.COUNT, 12),
        *_DISTRIBUTION,
    )
    rows = rows_of(_categorised(skills), ("name", "category", "memberships", "coverage", "average", "strong", *LEVELS))
    used = sum(1 for row in rows if row[2])
    shown = min(used, TOP)
    says = ("Each skill with how many people have it, which share of all that is, and how well they know it.",)
    plots = [
        Plot(first_rows("People who have a skill", shown, len(rows), "skills"), 0, (2,), shown),
        _levels_plot(first_rows("Their levels", shown, len(rows), "skills"), columns, shown, Shape.STACKED),
    ]
    return Table(
        "Skills", "Skills by coverage and level", (*says, _ABOUT_LEVELS), columns, rows, plots if used else (),
        "There is no skill.",
    )  # fmt: skip


def categories_table(categories: pd.DataFrame) -> Table:
    """The same by category."""
    columns = (
        Column("Category", Look.STRONG, 26),
        Column("Skills", Look.COUNT),
        Column("Skills in use", Look.COUNT),
        Column("People", Look.BAR, 11),
        Column("Memberships", Look.BAR, 13),
        Column("Average level", Look.AVERAGE),
        *_DISTRIBUTION,
    )
    names = ("category", "skills", "in_use", "people", "memberships", "average", *LEVELS)
    rows = rows_of(_categorised(categories), names)
    used = sum(1 for row in rows if row[4])
    shown = min(used, TOP)
    title = first_rows("Levels in each category", shown, len(rows), "categories")
    says = (
        (
            "Each category with its skills, the people who have at least one of them, and the memberships: one for "
            "each skill of each person."
        ),
        _ABOUT_LEVELS,
    )
    plots = [_levels_plot(title, columns, shown, Shape.PARTS)] if used else []
    return Table("Categories", "Levels by category", says, columns, rows, plots, "There is no skill.")


def people_table(people: pd.DataFrame) -> Table:
    """People by breadth and depth."""
    columns = (
        Column("Person", Look.STRONG, 28),
        Column("E-mail", Look.TEXT, 34),
        Column("Title", Look.TEXT, 26),
        Column("Skills", Look.BAR, 11),
        Column("Average level", Look.AVERAGE),
        Column("Highest level", Look.LEVEL),
        Column("Level 4 or 5", Look.BAR, 12),
        Column("Only theirs", Look.COUNT),
    )
    names = ("name", "email", "title", "memberships", "average", "highest", "strong", "alone")
    rows = rows_of(people, names)
    says = (
        (
            "Breadth is how many skills a person has, depth how well they know them. "
            '"Only theirs" are skills that nobody else has.'
        ),
    )
    return Table("People", "People by breadth and depth", says, columns, rows, (), "There is nobody.")


def breadth_table(breadth: pd.DataFrame) -> Table:
    """How many people have how many skills, and how well."""
    columns = (
        Column("Skills of a person", Look.STRONG, 20),
        Column("People", Look.BAR, 11),
        Column("Share", Look.SHARE, 11),
        Column("No average", Look.HEAT, 13),
        Column("Average 1-2", Look.HEAT, 13),
        Column("Average 2-3", Look.HEAT, 13),
        Column("Average 3-4", Look.HEAT, 13),
        Column("Average 4-5", Look.HEAT, 13),
    )
    names = ("people", "share", "no_average", "from_1", "from_2", "from_3", "from_4")
    rows = [(label, *row) for label, row in zip(_BREADTH_WORDS, rows_of(breadth, names), strict=True)]
    says = (
        "How many people have no skill, one, two, and so on; and of those how many have which average level.",
        "An average of exactly 2 counts under 2-3. The darker a cell, the more people are in it.",
    )
    plots = [Plot("People by number of skills", 0, (1,), len(rows))] if any(row[1] for row in rows) else []
    return Table("Breadth", "How broad and how deep", says, columns, rows, plots)


def singles_table(singles: pd.DataFrame) -> Table:
    """Skills that one person alone holds."""
    columns = (
        Column("Skill", Look.STRONG, 34),
        Column("Category", Look.TEXT, 18),
        Column("Only person", Look.TEXT, 28),
        Column("E-mail", Look.TEXT, 34),
        Column("Title", Look.TEXT, 26),
        Column("Level", Look.LEVEL),
    )
    rows = rows_of(_categorised(singles), ("skill", "category", "person", "email", "title", "rated"))
    says = (
        "Skills that one person alone has (the bus factor): if that person leaves, the skill leaves with them.",
        "A blank level was not set, or the skill has no levels.",
    )
    nothing = "No skill is held by one person only."
    return Table("Single holders", "Skills held by one person only", says, columns, rows, (), nothing)


def alone_table(alone: pd.DataFrame) -> Table:
    """Those who alone hold a skill."""
    columns = (
        Column("Person", Look.STRONG, 28),
        Column("E-mail", Look.TEXT, 34),
        Column("Title", Look.TEXT, 26),
        Column("Skills", Look.BAR, 11),
        Column("Which", Look.TEXT, 70),
    )
    rows = rows_of(alone, ("person", "email", "title", "skills", "named"))
    shown = min(len(rows), TOP)
    title = first_rows("Skills that only they have", shown, len(rows), "people")
    # Where each has one, there is nothing to look at.
    plots = [Plot(title, 0, (3,), shown)] if (alone["skills"] > 1).any() else []
    says = ("The people behind the sheet Single holders: who alone holds how many skills, and which.",)
    return Table("Key people", "Who alone holds skills", says, columns, rows, plots, "Nobody holds a skill alone.")


def team_table(team: Team, found: pd.DataFrame) -> Table:
    """The numbers of each department, geography or group."""
    name, one, many = _TEAM_WORDS[team]
    columns = (
        Column(one.capitalize(), Look.STRONG, 42),
        Column("People", Look.BAR, 11),
        Column("With a skill", Look.COUNT),
        Column("Skills covered", Look.BAR, 11),
        Column("Skills a person", Look.DECIMAL),
        Column("Average level", Look.AVERAGE),
        Column("Level 4 or 5", Look.COUNT, 12),
        *_DISTRIBUTION,
    )
    names = ("name", "people", "with_skill", "covered", "each", "average", "strong", *LEVELS)
    rows = [
        (f"Without a {one}", *row[1:]) if id_ == "" else row
        for id_, row in zip(found["id"], rows_of(found, names), strict=True)
    ]
    shown = min(len(rows), TOP)
    says = (
        (
            f"Each {one} with its people and their skills. Whoever is in one that lies in another counts in both."
            if team is not Team.GROUP
            else "Each group with its people and their skills. Whoever is in several groups counts in each."
        ),
        f"Those in which nobody is are left out. {_ABOUT_LEVELS}",
    )
    title = first_rows(f"Levels in each {one}", shown, len(rows), many)
    plots = [_levels_plot(title, columns, shown, Shape.PARTS)] if found["memberships"].any() else []
    return Table(name, f"Skills by {one}", says, columns, rows, plots, f"Nobody is in a {one}.")


def _categorised(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(category=frame["category"].mask(frame["category"] == "", _NO_CATEGORY))


def memberships_listed(held: pd.DataFrame, people: pd.DataFrame, skills: pd.DataFrame) -> Listing:
    """Everything that was counted, under the headers of a list that loads; in the order of people, then of skills."""
    columns = (
        Column("User ID", Look.TEXT, 12),
        Column("Person", Look.TEXT, 28),
        Column("E-mail", Look.TEXT, 34),
        Column("Skill ID", Look.TEXT, 12),
        Column("Skill", Look.TEXT, 34),
        Column("Category", Look.TEXT, 18),
        Column("Level", Look.LEVEL, 8),
    )
    who, what = (rows_of(people, ("id", "name", "email")), rows_of(skills, ("id", "name", "category")))

    def rows() -> Iterator[tuple[Value, ...]]:
        of = held["user_id"].cat.codes, held["skill_id"].cat.codes, held["level"]
        for start in range(0, len(held), _ROWS_AT_ONCE):
            some = (column.iloc[start : start + _ROWS_AT_ONCE].to_list() for column in of)
            yield from ((*who[person], *what[skill], level) for person, skill, level in zip(*some, strict=True))

    says = "Everything that was counted: one row for each skill of each person."
    return Listing(MEMBERSHIPS, says, columns, len(held), rows)
