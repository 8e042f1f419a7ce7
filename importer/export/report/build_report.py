"""From the facts to all that a report shows. Pure: the same facts give the same report."""

import pandas as pd

from importer.export.report import comparison, comparison_tables, counting, sections
from importer.export.report.report_data import About, Facts
from importer.export.report.report_model import Figure, SkillReport, Table
from importer.export.report.teams import by_team

TITLE = "Skill report"


def make_report(facts: Facts, about: About) -> SkillReport:
    """The report on these facts."""
    held = counting.holdings(facts)
    tables = list(_tables(facts, held))
    if facts.targets is not None:
        found = comparison.gaps(facts.targets, facts.skills, held)
        tables.append(comparison_tables.gaps_table(found, about.targets, about.targets_left_out))
    if facts.earlier is not None:
        changes = comparison.changes(facts.earlier, facts, some_people=about.some_people, some_skills=about.some_skills)
        tables += comparison_tables.changes_tables(changes, facts.earlier, facts)
    return SkillReport(
        title=TITLE,
        made_at=about.made_at,
        facts=(
            ("Account", about.account),
            ("As of", f"{about.made_at:%Y-%m-%d %H:%M} UTC"),
            ("Covers", about.covers),
        ),
        figures=figures(facts, held),
        levels=sections.levels_table(counting.levels(held)),
        tables=tables,
        memberships=sections.memberships_listed(held, facts.people, facts.skills),
        notes=list(about.notes),
    )


def figures(facts: Facts, held: pd.DataFrame) -> list[Figure]:
    """The cover's numbers under their defined names."""
    of = counting.totals(facts, held)
    return [
        Figure("PeopleCount", of["people"], "people"),
        Figure("SkillsInUse", of["skills_in_use"], f"of {of['skills']:,} skills in use"),
        Figure("MembershipCount", of["memberships"], "memberships: one for each skill of each person"),
        Figure("AverageLevel", of["average"], "average level, of those that are set (1 to 5)"),
        Figure("PeopleWithoutSkill", of["people_without_skill"], "people without any skill"),
        Figure("SkillsNobodyHas", of["skills_nobody_has"], "skills that nobody has"),
        Figure("SkillsOfOnePerson", of["skills_of_one"], "skills that one person alone has (the bus factor)"),
    ]


def _tables(facts: Facts, held: pd.DataFrame) -> list[Table]:
    people = counting.by_person(facts, held)
    singles = counting.singles(facts, held)
    teams = [sections.team_table(team, by_team(facts, of, held)) for team, of in facts.teams.items() if len(of.members)]
    return [
        sections.skills_table(counting.by_skill(facts, held)),
        sections.categories_table(counting.by_category(facts, held)),
        sections.people_table(people),
        sections.breadth_table(counting.breadth(people)),
        sections.singles_table(singles),
        sections.alone_table(counting.alone(singles)),
        *teams,
    ]
