"""Whatever stands in a sheet, only the person and the skill that it certainly means are written to.

The account is generated, with namesakes and near misses; what each row certainly means is found out here, by the
plainest comparison that does it, which shares no code with the program.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list

FIRST_USER, USERS = 11483100, 8
CATEGORIES = {"Tools": 3101, "Language": 3102}

GIVEN, FAMILY = ("Maria", "María", "Mario", "Zoë", "Jo", "Jo-Ann"), ("Silva", "SILVA", "Sílva", "Silvo", "de Silva")
people_names = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))
skill_names = st.sampled_from(["Scrum", "SCRUM", "Scrüm", "Scrum Master", "French", "Go", "Gö", "C", "C++"])


def no_letter(text: str) -> str:
    return text[:2] + text[3:]


def turned(text: str) -> str:
    first, _, last = text.partition(" ")
    return f"{last}, {first}" if last else text


HABITS: Sequence[Callable[[str], str]] = (
    str,
    str.upper,
    str.title,
    turned,
    lambda text: turned(text).lower(),
    lambda text: "  " + text.replace(" ", " \u00a0") + "\u200b",
    lambda text: f"{text[:1]}\u00ad{text[1:]}",
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    no_letter,
    lambda text: f"{text}s",
)
habits = st.sampled_from(HABITS)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    """The names of people, and the names of skills with their categories."""
    people = draw(st.lists(people_names, min_size=USERS, max_size=USERS))
    skills = draw(st.lists(st.tuples(skill_names, st.sampled_from(list(CATEGORIES))), min_size=3, max_size=8))
    return people, skills


@st.composite
def sheets(draw: st.DrawFn, people: Sequence[str], skills: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Rows that name a person, a skill and perhaps its category, as people write them."""
    row = st.builds(
        lambda who, how, what, say: (how(who), say(what[0]), what[1]),
        st.sampled_from(people) | people_names,
        habits,
        st.sampled_from(skills) | st.tuples(skill_names, st.sampled_from(["", *CATEGORIES])),
        habits,
    )
    blanked = st.tuples(row, st.booleans()).map(lambda pair: (*pair[0][:2], pair[0][2] if pair[1] else ""))
    return draw(st.lists(blanked, min_size=1, max_size=12))


def plain(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", plain(text)) if not unicodedata.combining(c))


def the_one(said: Iterable[str], named: Iterable[tuple[int, str]]) -> int | None:
    """The id of the only thing of this name: as it is written, or else but for accents."""
    known = list(named)
    for form in (plain, bare):
        for text in said:
            bearers = {id_ for id_, name in known if form(name) == form(text)}
            if bearers:
                return bearers.pop() if len(bearers) == 1 else None
    return None


def the_person(said: str, people: Sequence[str]) -> int | None:
    last, comma, first = plain(said).partition(",")
    ways = [said, f"{first.strip()} {last.strip()}"] if comma else [said]
    return the_one(ways, enumerate(people, FIRST_USER))


def the_skill(said: str, category: str, skills: Sequence[tuple[int, str, str]]) -> int | None:
    """By its name alone, or by its name within the category that the row tells."""
    alone = the_one([said], [(id_, name) for id_, name, _ in skills])
    if alone is not None or not category:
        return alone
    form = plain if any(plain(name) == plain(said) for _, name, _ in skills) else bare
    within = [id_ for id_, name, where in skills if where == category and form(name) == form(said)]
    return within[0] if len(within) == 1 else None


def populate(kantata: Running, people: Sequence[str], skills: Sequence[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Make these the people and skills of the account, and no others; the ids of the skills with names and categories.

    Dana Reyes stays: the token is hers.
    """
    kantata.reset()
    kantata.execute("UPDATE skill_categories SET name = 'Tools' WHERE id = 3101")
    for table in ("skill_memberships", "skills"):
        kantata.execute(f"DELETE FROM {table}")
    kantata.execute("DELETE FROM users WHERE id != 11482907")
    for at, name in enumerate(people):
        kantata.execute(
            "INSERT INTO users (id, full_name, email_address, account_id, disabled, created_at, updated_at) "
            "VALUES (?, ?, ?, 6300412, ?, '2024-01-01', '2024-01-01')",
            FIRST_USER + at, name, f"p{at}@example.com", at % 3 == 0,
        )  # fmt: skip
        kantata.execute(
            "INSERT INTO account_memberships (user_id, permission, created_at, updated_at) "
            "VALUES (?, 'collaborator', '2024-01-01', '2024-01-01')",
            FIRST_USER + at,
        )
    for at, (name, category) in enumerate(skills):
        kantata.execute(
            "INSERT INTO skills (id, name, max_level, skill_category_id, created_at, updated_at) "
            "VALUES (?, ?, 5, ?, '2024-01-01', '2024-01-01')",
            900 + at, name, CATEGORIES[category],
        )  # fmt: skip
    return [(900 + at, name, category) for at, (name, category) in enumerate(skills)]


def written(kantata: Running) -> set[tuple[int, int]]:
    """Every person and skill that any write named."""
    bodies = [json.loads(each["body"]) for each in kantata.requests() if each["method"] != "GET"]
    return {(int(each["user_id"]), int(each["skill_id"])) for body in bodies for each in body["skill_memberships"]}


def the_chosen(said: str, otherwise: int | None, choices: Mapping[str, int]) -> int | None:
    """Whom a person chose for this name, if anybody."""
    return next((id_ for name, id_ in choices.items() if plain(name) == plain(said)), otherwise)


def write_choices(importer: Importer, folder: Path, choices: Mapping[str, int]) -> None:
    """An alias workbook with these choices, made by the program and filled in as a person would."""
    # Nobody is called so: the names are asked for, as another one is known.
    rows = [("Dana Reyes", 900), ("Nobody At All", 900)]
    importer("check", write_list(folder / "first.csv", ("user", "skill_id"), rows))
    book = openpyxl.load_workbook(folder / "aliases.xlsx")
    for row, (name, id_) in enumerate(choices.items(), 3):
        for column, text in enumerate((name, f"Somebody, id {id_}", "person"), 1):
            book["Names"].cell(row, column, text)
    book.save(folder / "aliases.xlsx")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_only_an_exact_and_only_match_is_ever_written_to(
    importer: Importer, kantata: Running, data: st.DataObject
) -> None:
    people, named = data.draw(accounts())
    skills = populate(kantata, people, named)
    rows = data.draw(sheets(people, named))
    meant = {(the_person(who, people), the_skill(what, category, skills)) for who, what, category in rows}

    with TemporaryDirectory() as folder:
        path = write_list(Path(folder) / "list.csv", ("user", "skill", "category"), rows)
        ran = importer("apply", path, "--yes", "--json")

    assert ran.code in (0, 3), ran.err
    assert written(kantata) == {pair for pair in meant if None not in pair}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_only_an_exact_and_only_match_or_whom_a_person_chose_is_ever_written_to(
    importer: Importer, kantata: Running, data: st.DataObject
) -> None:
    people, named = data.draw(accounts())
    skills = populate(kantata, people, named)
    rows = data.draw(sheets(people, named))
    who = st.sampled_from([row[0] for row in rows]) | people_names
    # An id may be nobody's any more.
    whom = st.integers(FIRST_USER, FIRST_USER + USERS)
    choices = data.draw(st.dictionaries(who, whom, min_size=1, max_size=3).filter(is_one_to_a_name))
    meant = {
        (the_chosen(who, the_person(who, people), choices), the_skill(what, category, skills))
        for who, what, category in rows
    }

    with TemporaryDirectory() as folder:
        write_choices(importer, Path(folder), choices)
        path = write_list(Path(folder) / "list.csv", ("user", "skill", "category"), rows)
        ran = importer("apply", path, "--yes", "--json")

    assert ran.code in (0, 3), ran.err
    nobody = {None, FIRST_USER + USERS}
    assert written(kantata) == {pair for pair in meant if not nobody & set(pair)}


def is_one_to_a_name(choices: Mapping[str, int]) -> bool:
    return len({plain(name) for name in choices}) == len(choices)
