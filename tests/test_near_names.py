"""Which names may be meant for one that exists, and which are other names."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importer.near_names import Nearest, NearNames
from importer.sandbox.world.places import GROUPS
from importer.sandbox.world.skills import SKILLS

SKILL_NAMES = [skill.name for skill in SKILLS]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = st.text(LETTERS, min_size=4, max_size=11).map(str.capitalize)
NAMES = st.one_of(
    st.sampled_from(SKILL_NAMES),
    st.sampled_from([str(name) for name in GROUPS]),
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
)
ACCENTED = str.maketrans("aceinouACEINOU", "àçéíñöüÀÇÉÍÑÖÜ")
LOOKALIKES = str.maketrans(
    "aceopxABCEHKMOPTX",
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
)
SPACES = [" ", "  ", "\u00a0", "-", " - ", "/", ".", "_", " \u2013 "]
CASES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title, str.swapcase]
AROUND = ["{}", " {} ", '"{}"', "'{}'", "({})", "[{}]", "\u201c{}\u201d", "{}.", "{}\u2122"]
PLURALS = ["s", "es", "e", "en", "n", "x"]
ADDED = ["{} skills", "{} Programming", "{} language", "Certified {}", "{} Certification", "{} (framework)"]


def is_near(one: str, other: str) -> bool:
    return any(each.is_near and each.name == other for each in NearNames([other]).to(one))


def in_plural(word: str, ending: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else word + ending


@st.composite
def written_otherwise(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same as others write it: in several ways at once."""
    name = draw(NAMES)
    words = name.replace(" & ", draw(st.sampled_from([" & ", " and ", " und ", " et ", " y "]))).split()
    between = draw(st.sampled_from([*SPACES, ""]))
    countable = [at for at, word in enumerate(words) if word.isalpha() and len(word) > 3]
    if not between:  # within a word no plural is seen
        countable = [at for at in countable if at == len(words) - 1]
    for at in draw(st.lists(st.sampled_from(countable), unique=True)) if countable else ():
        words[at] = in_plural(words[at], draw(st.sampled_from(PLURALS)))
    if between:
        is_joined = any(word in {"&", "and", "und", "et", "y"} for word in words)
        words = words[::-1] if is_joined else draw(st.permutations(words))
        between = draw(st.sampled_from([between, ", "]))
    text = draw(st.sampled_from(CASES))(between.join(words))
    for letters in draw(st.lists(st.sampled_from([ACCENTED, LOOKALIKES]), unique_by=id)):
        text = text.translate(letters)
    return name, draw(st.sampled_from(AROUND)).format(text)


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same with a slip in one long word."""
    words = draw(NAMES.filter(lambda name: any(word.isalpha() and len(word) > 6 for word in name.split()))).split(" ")
    at = draw(st.sampled_from([at for at, word in enumerate(words) if word.isalpha() and len(word) > 6]))
    word = words[at]
    place, letter = draw(st.integers(1, len(word) - 2)), draw(st.sampled_from(LETTERS))
    slip = draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + word[place] + word[place:],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    return " ".join(words), " ".join([*words[:at], slip, *words[at + 1 :]])


@given(written_otherwise())
def test_a_name_that_is_written_otherwise_is_near(names: tuple[str, str]) -> None:
    name, text = names

    assert is_near(text, name)


@given(mistyped())
def test_a_name_with_a_slip_in_a_long_word_is_near(names: tuple[str, str]) -> None:
    name, text = names

    assert is_near(text, name)


@given(NAMES, st.sampled_from(ADDED), st.sampled_from(ADDED))
def test_a_word_that_says_nothing_more_may_be_left_out(name: str, one: str, other: str) -> None:
    assert is_near(one.format(name), name)
    assert is_near(one.format(name), other.format(name))


@given(NAMES, st.sampled_from(["Microsoft", "MS", "Apache", "Amazon", "AWS", "Google", "Oracle", "SAP", "IBM"]))
def test_a_vendor_may_be_left_out(name: str, vendor: str) -> None:
    assert is_near(f"{vendor} {name}", name)


@given(
    NAMES.filter(lambda name: not any(map(str.isdigit, name))), st.sampled_from(["{} 3", "{} 3.11", "{} v2", "{} 2019"])
)
def test_a_version_may_be_left_out_and_another_version_is_another_name(name: str, version: str) -> None:
    assert is_near(version.format(name), name)
    assert not is_near(version.format(name), f"{name} 7")


@given(st.lists(WORDS, min_size=2, max_size=5), st.sampled_from(CASES))
def test_initials_are_near_to_the_words_that_they_stand_for(words: list[str], case: Callable[[str], str]) -> None:
    name, short = " ".join(words), "".join(word[0] for word in words)

    assert is_near(case(short), name)
    assert is_near(name, case(f"{name} ({short})"))
    assert is_near(case(f"{short} ({name})"), short)
    assert is_near(case(f"{short} {words[0]} Lead"), f"{name} {words[0]} Lead")


@given(NAMES | st.text(), NAMES | st.text())
@example("Sprint 1 Phase 2", "Sprint 2 Phase 1")
@example("Operations", "Cooperation")
@example("Botrot", "Boot Root")
def test_nearness_has_no_direction(one: str, other: str) -> None:
    assert is_near(one, other) == is_near(other, one)


@given(written_otherwise(), mistyped())
def test_nearness_has_no_direction_among_names_that_are_alike(one: tuple[str, str], other: tuple[str, str]) -> None:
    for first in (*one, *other):
        for second in (*one, *other):
            assert is_near(first, second) == is_near(second, first)


@given(NAMES | st.text())
@example("")
@example("'")
@example("+++")
@example("\u00b2")
def test_a_name_is_near_itself_and_comes_first(name: str) -> None:
    names = NearNames([name.upper(), name.lower(), f"{name}s", name])

    assert names.to(name)[0] == Nearest(name, is_near=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("JS", "JavaScript"),
        ("Advanced JS", "Advanced JavaScript"),
        ("ts", "TypeScript"),
        ("Py", "Python"),
        ("K8s", "Kubernetes"),
        ("a11y", "Accessibility"),
        ("PG", "PostgreSQL"),
        ("PostgresQL", "Postgres"),
        ("GCP", "Google Cloud"),
        ("GCP", "Google Cloud Platform"),
        ("AWS", "Amazon Web Services"),
        ("Golang", "Go"),
        ("C sharp", "C#"),
        ("C Plus Plus", "C++"),
        ("cpp", "C++"),
        ("dotnet", ".NET"),
        ("ReactJS", "React"),
        ("React.js", "ReactJS"),
        ("Node", "Node.js"),
        ("NodeJS", "Node.js"),
        ("VueJS", "Vue.js"),
        ("MS Excel", "Microsoft Excel"),
        ("Excel (Microsoft)", "Excel"),
        ("MSSQL", "SQL Server"),
        ("MS SQL Server", "SQL Server"),
        ("Kafka", "Apache Kafka"),
        ("S4HANA", "SAP S/4HANA"),
        ("Amazon Lambda", "AWS Lambda"),
        ("PM", "Project Management"),
        ("PM", "Program Manager"),
        ("BA", "Business Analysis"),
        ("HR", "Human Resources"),
        ("QA Lead", "Quality Assurance Lead"),
        ("UX Design", "User Experience Design"),
        ("DB", "Database"),
        ("ML", "Machine Learning"),
        ("PBI", "Power BI"),
        ("D365", "Microsoft Dynamics 365"),
        ("Python3", "python"),
        ("ITIL Foundation", "ITIL 4 Foundation"),
        ("Security+", "Security"),
        ("R&D", "Research and Development"),
        ("Identity & Access Management", "IAM - Identity and Access Management"),
        ("AZ-104", "Azure Administrator (AZ-104)"),
        ("Certified ScrumMaster", "Scrum Master Certification"),
        ("Datenbank", "Datenbanken"),
        ("Fuehrung", "F\u00fchrung"),
        ("Driver's licence", "Drivers Licences"),
        ("KPIs", "KPI"),
        ("Linux Admin", "Linux Administration"),
        ("Project Mgmt", "Project Management"),
        ("Kubernets", "Kubernetes"),
        ("Managment, Projct", "Project Management"),
        ("PowreBI", "Power BI"),
        ("Jria", "Jira"),
        ("Javva", "Java"),
        ("Vue.jss", "Vue.js"),
        ("Ypthon", "Python"),
        ("Salesfroces", "Salesforce"),
        ("Apache Kafak", "Kafka"),
        ("DataandAnalytics", "Data & Analytics"),
    ],
)
def test_names_that_may_be_one_are_near(one: str, other: str) -> None:
    assert is_near(one, other)
    assert is_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            (one, other)
            for one in ("C", "C++", "C#", "R", "Go")
            for other in ("C", "C++", "C#", "R", "Go")
            if one < other
        ),
        ("Java", "JavaScript"),
        ("SQL", "MySQL"),
        ("SQL", "NoSQL"),
        ("SQL", "PostgreSQL"),
        ("SQL", "SQLite"),
        ("MySQL", "NoSQL"),
        ("MySQL", "MS SQL"),
        ("SQL", "SQL Server"),
        ("React", "React Native"),
        ("Python", "Python (advanced)"),
        ("French", "French Guiana"),
        ("Sign Language (BSL)", "Sign Language (ASL)"),
        ("AWS Solutions Architect Associate", "AWS Solutions Architect Professional"),
        ("Workday HCM", "Workday Financials"),
        ("Workday HCM", "Workday HR"),
        ("SAP S/4HANA", "SAP FI/CO"),
        ("Oracle Cloud", "Google Cloud"),
        ("Azure Administrator (AZ-104)", "Azure Administrator (AZ-900)"),
        ("ISO 27001", "ISO 27001 Lead Auditor"),
        ("Level 1", "Level 2"),
        ("Level I", "Level II"),
        ("Python 2", "Python 3"),
        ("HTML4", "HTML5"),
        ("Tool number 17", "Tool number 71"),
        ("Phase 1 Sprint 2", "Phase 2 Sprint 1"),
        ("Team", "Team S"),
        ("Team E", "Team S"),
        ("Operations", "Cooperation"),
        ("Machine Learning", "Marketing Lead"),
        ("Austria", "Australia"),
        ("Iceland", "Ireland"),
        ("Northeast", "Northwest"),
        ("UX Research", "UI Research"),
        ("Process", "Principal Redis Objective-C"),
    ],
)
def test_other_names_are_not_near(one: str, other: str) -> None:
    assert not is_near(one, other)
    assert not is_near(other, one)


def test_no_skills_of_the_world_are_near_but_those_that_differ_in_case_only() -> None:
    names = NearNames(SKILL_NAMES)

    pairs = {
        (name, each.name)
        for name in SKILL_NAMES
        for each in names.to(name, most=50)
        if each.is_near and name < each.name
    }

    assert pairs == {("SCRUM", "Scrum")}


def test_the_likest_of_several_near_names_come_first_and_no_more_than_asked_for() -> None:
    names = NearNames(["Project Management Office", "Program Manager", "Product Manager", "PM", "Prime Ministers"])

    assert names.to("pm", most=2) == (Nearest("PM", is_near=True), Nearest("Prime Ministers", is_near=True))
    assert len(names.to("pm")) == 3
    assert len(names.to("pm", most=9)) == 4


@pytest.mark.parametrize(
    ("name", "likest"),
    [
        ("Python (advanced)", "Python"),
        ("Cooperation", "Operations"),
        ("AWS Solutions Architect Professional", "AWS Solutions Architect Associate"),
    ],
)
def test_the_likest_name_is_shown_where_none_is_near(name: str, likest: str) -> None:
    names = NearNames(["Python", "Operations", "AWS Solutions Architect Associate", "Kanban"])

    assert names.to(name) == (Nearest(likest, is_near=False),)


def test_nothing_is_shown_where_no_name_is_like_it() -> None:
    assert NearNames(SKILL_NAMES).to("Xylophone") == ()
    assert NearNames([]).to("Python") == ()


def test_a_name_that_is_created_counts_from_then_on() -> None:
    names = NearNames(["Python"])
    assert names.to("Kubernets") == ()

    names.add("Kubernetes")
    names.add("Kubernetes")

    assert names.to("Kubernets") == (Nearest("Kubernetes", is_near=True),)
