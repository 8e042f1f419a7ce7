from collections.abc import Collection, Sequence

import pytest

from importer import endpoints
from importer.coordinates import letters
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Header, column_header
from importer.errors import Ambiguous, Unreadable, Usage
from importer.layouts import field_words
from importer.layouts.header_meanings import explain_missing, suggestion
from importer.layouts.list_columns import ListOptions, find_list
from importer.table import Sheet
from importer.validation.level import parse_scale

ALL = tuple(each for each in endpoints.load_all() if not each.are_things)
"""What a sheet may hold records of, unless its headings say that it lists things such as skills."""
SKILLS = endpoints.load("skill-memberships")


def find_header(
    rows: Sequence[Sequence[str]], of: Sequence[Endpoint] = ALL, options: ListOptions | None = None
) -> Header | None:
    """The header of the list that these rows make."""
    width = max(map(len, rows))
    columns = tuple([row[at] if at < len(row) else "" for row in rows] for at in range(width))
    draft = find_list(Sheet(columns), of, options or ListOptions())
    return None if draft is None else draft.header


def told(header: Header | None) -> dict[str, str]:
    """The columns that a header uses, by their letters, and what each tells."""
    assert header is not None
    return {letters(at): column_header(column) for at, column in header.columns.items()}


@pytest.mark.parametrize(
    ("headers", "endpoint"),
    [
        (["user_id", "skill_id", "level"], "skill-memberships"),
        (["User ID", " SKILL\u00a0ID ", "Proficiency"], "skill-memberships"),
        (["E-mail", "Skill name", "Rating"], "skill-memberships"),
        (["Employee", "Skill"], "skill-memberships"),
        (["Email\nAddress", "skill"], "skill-memberships"),
        (["email", "Group name"], "user-group-memberships"),
        (["user_id", "WorkspaceGroupID"], "user-group-memberships"),
        (["geography", "department", "member", "member_type"], "organization-memberships"),
        (["Member type", "Member ID", "Department ID", "Geography ID"], "organization-memberships"),
    ],
)
def test_the_endpoint_is_found_from_headers_in_any_spelling(headers: list[str], endpoint: str) -> None:
    header = find_header([tuple(headers)], ALL)

    assert header is not None
    assert header.endpoint.name == endpoint
    assert header.ignored == ()


def test_a_header_below_a_title_is_found_in_its_row() -> None:
    rows = [("Skills of Team A", "", ""), ("", "", ""), ("user_id", "skill_id", "level"), ("1", "2", "3")]

    header = find_header(rows, ALL)

    assert header is not None
    assert header.row == 3


def test_columns_of_other_people_are_ignored_and_told() -> None:
    header = find_header([("user_id", "Notes", "skill_id", "", "Import status")], ALL)

    assert header is not None
    assert header.ignored == (1,)
    assert {position: column_header(column) for position, column in header.columns.items()} == {
        0: "user_id",
        2: "skill_id",
    }


def test_one_field_under_two_headers_is_a_question_with_a_choice_for_each() -> None:
    with pytest.raises(Ambiguous) as asked:
        find_header([("skill", "E-mail", "x", "mail")])

    assert asked.value.message == '2 columns could be the email: "E-mail", "mail".'
    assert [each.typed for each in asked.value.answers] == ['--column "email=E-mail"', '--column "email=mail"']


def test_a_header_that_fits_two_endpoints_is_asked_about() -> None:
    with pytest.raises(Unreadable) as refused:
        find_header([("email", "skill", "group")], ALL)

    assert refused.value.fix == "To choose one, add --as skill-memberships."
    assert refused.value.message == (
        "The header in row 1 fits more than one kind of record: skill-memberships or user-group-memberships."
    )


def test_a_header_that_lacks_a_column_is_told_which_ones_would_do() -> None:
    rows = [("Team A", "", ""), ("email", "level", "comment")]

    assert find_header(rows, [SKILLS]) is None
    assert explain_missing(rows, [SKILLS]).message == (
        "the header in row 2 has no column for skill_id or skill, which skill-memberships needs. "
        "Columns: email, level, comment."
    )


def test_a_misspelt_header_is_answered_with_the_one_that_was_meant() -> None:
    assert suggestion("Levle", SKILLS) == "level"
    assert suggestion("Cost centre", SKILLS) is None


@pytest.mark.parametrize(
    "headers",
    [
        ["Employee Name", "Skill Name", "Proficiency Level"],
        ["Mitarbeiterin", "Fähigkeit", "Kompetenzstufe"],
        ["Collaborateur", "Compétence", "Niveau de maîtrise"],
        ["Colaborador", "Destreza", "Nivel de dominio"],
        ["Werknemer", "Vaardigheid", "Beheersing"],
        ["Funcionário", "Competência", "Proficiência"],
        ["Dipendente", "Competenza", "Padronanza"],
        ["Pracownik", "Kompetencja", "Poziom zaawansowania"],
        ["ФИО", "Навык", "Оценка"],
        ["Nama pegawai", "Keterampilan", "Tingkat"],
        ["员工姓名", "技能名称", "熟练度"],
        ["社員名", "スキル", "習熟度"],
    ],
)
def test_a_list_is_known_by_its_headings_in_each_of_twelve_languages(headers: list[str]) -> None:
    assert told(find_header([headers, ["Dana Reyes", "Python", "3"]])) == {"A": "user", "B": "skill", "C": "level"}


@pytest.mark.parametrize(
    "headers",
    [
        ["E-mail *", "Skill (name)", "Level (0-5)"],
        ["Work\nEmail (required)", "Skill:", "Level 1 - 5"],
        ["E-Mail-Adresse", "Kompetenz [bitte wählen]", "Stufe\n(1 bis 5)"],
        ["邮箱", "技能\uff08必填\uff09", "级别\uff080-5\uff09"],
    ],
)
def test_hints_in_headings_do_not_hide_what_they_mean(headers: list[str]) -> None:
    rows = [headers, ["dana@example.com", "Python", "3"]]

    assert told(find_header(rows)) == {"A": "email", "B": "skill", "C": "level"}


@pytest.mark.parametrize(
    ("headers", "row", "first", "last"),
    [
        (["First name", "Last name", "Skill", "Level"], ["Dana", "Reyes", "Python", "3"], "A", "B"),
        (["Nachname", "Vorname", "Kompetenz", "Stufe"], ["Reyes", "Dana", "Python", "3"], "B", "A"),
        (["Nom", "Prénom", "Compétence", "Niveau"], ["Reyes", "Dana", "Python", "3"], "B", "A"),
        (["Nombre", "Apellidos", "Habilidad", "Nivel"], ["Dana", "Reyes", "Python", "3"], "A", "B"),
        (["姓", "名", "技能", "等级"], ["陈", "伟", "Python", "3"], "B", "A"),
    ],
)
def test_two_columns_make_one_name(headers: list[str], row: list[str], first: str, last: str) -> None:
    found = told(find_header([headers, row]))

    assert (found[first], found[last]) == ("user", "last_name")


def test_a_whole_name_beside_a_first_name_is_no_last_name() -> None:
    header = find_header([["Name", "First name", "Skill"], ["Dana Reyes", "Dana", "Python"]])

    assert told(header) == {"A": "user", "C": "skill"}


@pytest.mark.parametrize("heading", ["Contact", "Kontakt", "Reach them at"])
def test_addresses_are_used_beside_a_name_whatever_stands_over_them(heading: str) -> None:
    header = find_header([["Name", heading, "Skill"], ["Dana Reyes", "dana@example.com", "Python"]])

    assert told(header) == {"A": "user", "B": "email", "C": "skill"}


def test_two_columns_of_addresses_are_a_question() -> None:
    rows = [
        ["Name", "Contact", "Account", "Skill"],
        ["Dana Reyes", "dana@example.com", "d.reyes@example.org", "Python"],
    ]

    with pytest.raises(Ambiguous) as asked:
        find_header(rows)

    assert [each.label for each in asked.value.answers] == ["Contact", "Account", "None of these"]
    assert told(find_header(rows, options=ListOptions(columns={"email": "none"}))) == {"A": "user", "D": "skill"}


@pytest.mark.parametrize("heading", ["Manager e-mail", "E-Mail der Führungskraft", "Personal email", "经理邮箱"])
def test_addresses_of_somebody_else_tell_not_who(heading: str) -> None:
    header = find_header([["Name", heading, "Skill"], ["Dana Reyes", "lee@example.com", "Python"]])

    assert told(header) == {"A": "user", "C": "skill"}


@pytest.mark.parametrize(
    ("headers", "choices"),
    [
        (["Email", "Skill", "Current level", "Target level"], ["Current level", "Target level", "None of these"]),
        (["Email", "Skill", "Selbsteinschätzung", "Zielstufe"], ["Selbsteinschätzung", "Zielstufe", "None of these"]),
        (["Email", "Skill", "Self rating", "Manager rating"], ["Self rating", "Manager rating", "None of these"]),
        (["Email", "Skill", "Rating", "Proficiency"], ["Rating", "Proficiency", "None of these"]),
        (["Email", "Skill", "Now", "Next year"], ["Now", "Next year", "None of these"]),
    ],
)
def test_two_columns_that_could_be_the_level_are_a_question(headers: list[str], choices: list[str]) -> None:
    with pytest.raises(Ambiguous) as asked:
        find_header([headers, ["dana@example.com", "Python", "2", "4"]])

    assert asked.value.code == "columns"
    assert [each.label for each in asked.value.answers] == choices


def test_a_level_that_is_simply_called_so_is_none_of_several() -> None:
    header = find_header([["Email", "Skill", "Level", "Target level"], ["dana@example.com", "Python", "2", "4"]])

    assert told(header)["C"] == "level"


@pytest.mark.parametrize("cell", ["4", "Advanced", "3 - Can teach it", "Level 3"])
def test_a_column_that_holds_levels_is_not_left_out_of_a_list_without_any(cell: str) -> None:
    with pytest.raises(Ambiguous) as asked:
        find_header([["Email", "Skill", "Punkte"], ["dana@example.com", "Python", cell]])

    assert [each.typed for each in asked.value.answers] == ['--column "level=Punkte"', '--column "level=none"']


@pytest.mark.parametrize(
    ("heading", "cell"), [("Years", "4"), ("Age", "5"), ("Certified", "yes"), ("Since", "2019"), ("Role", "Lead")]
)
def test_a_column_of_something_else_is_no_level(heading: str, cell: str) -> None:
    header = find_header([["Email", "Skill", heading], ["dana@example.com", "Python", cell]])

    assert told(header) == {"A": "email", "B": "skill"}


def test_a_column_that_is_marked_as_not_used_is_neither_taken_nor_asked_about() -> None:
    rows = [["Email", "Skill", "Level (not used)"], ["dana@example.com", "Python", "4"]]

    assert told(find_header(rows)) == {"A": "email", "B": "skill"}


def test_words_for_levels_without_a_column_for_them_are_a_question() -> None:
    options = ListOptions(scale=parse_scale("Kann=2,Lehrt=5"), are_levels_told=True)

    with pytest.raises(Ambiguous, match="Urteil"):
        find_header([["Email", "Skill", "Urteil"], ["dana@example.com", "Python", "Lehrt"]], options=options)
    with pytest.raises(Ambiguous, match="You said what words for levels mean"):
        find_header([["Email", "Skill", "Urteil"], ["dana@example.com", "Python", "gut gemacht"]], options=options)


@pytest.mark.parametrize("header", ["Punkte", "D", "d", " punkte "])
def test_a_column_that_is_told_is_used_by_its_header_or_letter(header: str) -> None:
    options = ListOptions(columns={"user": "Wen", "skill": "Womit", "level": header})

    found = find_header([["Kürzel", "Wen", "Womit", "Punkte"], ["a", "Dana Reyes", "Python", "3"]], options=options)

    assert told(found) == {"B": "user", "C": "skill", "D": "level"}


def test_a_column_that_is_told_to_be_none_is_not_used() -> None:
    rows = [["Email", "Skill", "Current level", "Target level"], ["dana@example.com", "Python", "2", "4"]]

    assert told(find_header(rows, options=ListOptions(columns={"level": "none"}))) == {"A": "email", "B": "skill"}


def test_a_header_that_is_told_and_not_there_is_wrong_usage_and_the_headers_are_named() -> None:
    with pytest.raises(Usage) as refused:
        find_header([["Email", "Skill", "Points"]], options=ListOptions(columns={"level": "Score"}))

    assert refused.value.message == 'No column has the header "Score".'
    assert refused.value.fix == "The headers are: Email, Skill, Points."


@pytest.mark.parametrize(
    ("heading", "ids"),
    [
        ("employee_id", ["EMP0001", "EMP0002"]),
        ("Personalnummer", ["40217", "40933"]),
        ("Who", ["HR-10023", "HR-10044"]),
    ],
)
def test_ids_of_another_system_are_suggested_and_not_assumed(heading: str, ids: list[str]) -> None:
    with pytest.raises(Ambiguous) as asked:
        find_header([[heading, "Skill", "Level"], *([each, "Python", "3"] for each in ids)])

    assert [(each.label, each.value) for each in asked.value.answers] == [(heading, f"external_id={heading}")]


def test_numbers_that_nobody_in_the_account_has_are_ids_of_another_system() -> None:
    rows = [["Employee", "Skill", "Level"], ["40217", "Python", "3"], ["40933", "Python", "2"]]

    with pytest.raises(Ambiguous, match="ids of another system"):
        find_header(rows, options=ListOptions(names=Known(skills=["Python"])))

    assert told(find_header(rows, options=ListOptions(names=Known(["40217", "40933"], ["Python"]))))["A"] == "user"
    assert told(find_header(rows))["A"] == "user"


def test_lines_that_are_counted_are_no_ids() -> None:
    assert find_header([["No.", "Skill", "Level"], ["1", "Python", "3"], ["2", "Java", "4"]]) is None


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        (["Email", "Geography", "Department"], ["dana@example.com", "Germany", "Data"]),
        (["Courriel", "Région", "Département"], ["dana@example.com", "Germany", "Data"]),
        (["Name", "Geografie", "Abteilung"], ["Dana Reyes", "Germany", "Data"]),
    ],
)
def test_people_with_a_geography_and_a_department_are_members_of_an_organization(
    headers: list[str], row: list[str]
) -> None:
    header = find_header([headers, row])

    assert told(header) == {"A": "member", "B": "geography", "C": "department"}


def test_a_list_of_people_with_their_offices_is_nothing_to_load() -> None:
    assert find_header([["Name", "Department", "Location", "Phone"], ["Dana Reyes", "IT", "Accra", "4411"]]) is None


def test_a_team_is_a_group_where_nothing_else_is_told_of_people() -> None:
    header = find_header([["Email", "Team"], ["dana@example.com", "Mentors"]])
    matrix = find_header([["Name", "Team", "Python", "Java"], ["Dana Reyes", "North", "3", "2"]])
    skills = find_header([["Name", "Team", "Skill", "Level"], ["Dana Reyes", "North", "Python", "2"]])

    assert told(header) == {"A": "email", "B": "group"}
    assert matrix is None
    assert told(skills) == {"A": "user", "C": "skill", "D": "level"}


class Known:
    """An account with these people, skills and groups."""

    is_there = True

    def __init__(
        self, people: Collection[str] = (), skills: Collection[str] = (), groups: Collection[str] = ()
    ) -> None:
        self._known = {"people": people, "skills": skills, "groups": groups}

    def people(self, texts: Collection[str]) -> frozenset[str]:
        return frozenset(texts) & frozenset(self._known["people"])

    def skills(self, texts: Collection[str]) -> frozenset[str]:
        return frozenset(texts) & frozenset(self._known["skills"])

    def groups(self, texts: Collection[str]) -> frozenset[str]:
        return frozenset(texts) & frozenset(self._known["groups"])


def test_names_that_the_account_knows_carry_a_list_in_any_language() -> None:
    names = Known(["Dana Reyes", "Kim Lee"], ["Python", "Java"], ["Mentors", "Coaches"])
    skills = [["Medarbetare", "Färdighet", "Nivå"], ["Dana Reyes", "Python", "3"], ["Kim Lee", "Java", "2"]]
    groups = [["Kuka", "Missä"], ["Dana Reyes", "Mentors"], ["Kim Lee", "Coaches"]]

    assert told(find_header(skills, options=ListOptions(names=names))) == {"A": "user", "B": "skill", "C": "level"}
    assert told(find_header(groups, options=ListOptions(names=names))) == {"A": "user", "B": "group"}
    assert find_header(skills) is None


def test_known_names_make_no_list_of_a_matrix() -> None:
    names = Known(["Dana Reyes", "Kim Lee"], ["Python", "Java"])
    rows = [["Vem", "Bäst på", "Python", "Java"], ["Dana Reyes", "Python", "3", "1"], ["Kim Lee", "Java", "2", "4"]]

    assert find_header(rows, options=ListOptions(names=names)) is None


def test_no_heading_means_two_fields() -> None:
    words = [word for words in field_words.HEADINGS.values() for word in words]

    assert len(words) == len(set(words))
