"""A file that looks like a mistake as a whole: it stops before anything is sent, and goes on where that is accepted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from importer.sandbox import Running
from tests.books import sheet_rows, workbook
from tests.cli.terminal import asked
from tests.conftest import Importer

PEOPLE, SKILLS = 14, 8
Level = int | str | None
ZERO = ("--levels", "0=0")  # what else a 0 may mean would be asked first


@dataclass(frozen=True, slots=True)
class Team:
    """A team's matrix, which was loaded last quarter: e-mails down, skills across. `rows` are levels."""

    path: Path
    people: tuple[str, ...]
    skills: tuple[str, ...]
    rows: tuple[tuple[Level, ...], ...]

    def write(self) -> Path:
        """The workbook as HR keeps it, with a title over the header."""
        body = [[person, *levels] for person, levels in zip(self.people, self.rows, strict=True)]
        return workbook(self.path, [["Team A, skills"], [], ["E-mail", *self.skills], *body])

    def without(self, skill: int) -> "Team":
        """The same without one column."""
        rows = tuple((*row[:skill], *row[skill + 1 :]) for row in self.rows)
        return replace(self, skills=(*self.skills[:skill], *self.skills[skill + 1 :]), rows=rows)

    def with_column(self, skill: int, levels: list[Level]) -> "Team":
        """The same with other levels in one column."""
        pairs = zip(self.rows, levels, strict=True)
        return replace(self, rows=tuple((*row[:skill], level, *row[skill + 1 :]) for row, level in pairs))

    def each(self, change: Callable[[int], Level]) -> "Team":
        """The same with every level changed."""
        return replace(self, rows=tuple(tuple(change(int(level or 0)) for level in row) for row in self.rows))


@pytest.fixture
def team(importer: Importer, kantata: Running, tmp_path: Path) -> Team:
    people = kantata.query(
        "SELECT min(email_address) e FROM users WHERE account_id = 6300412 AND disabled = 0 AND (SELECT count(*) FROM "
        "skill_memberships m WHERE m.user_id = users.id) < 20 GROUP BY lower(email_address) HAVING count(*) = 1 "
        "ORDER BY 1 LIMIT ?", PEOPLE)  # fmt: skip
    skills = kantata.query(
        "SELECT min(name) n FROM skills WHERE name GLOB '[A-Z][a-z]*' GROUP BY lower(name) HAVING count(*) = 1 AND "
        "min(max_level) = 5 ORDER BY 1 LIMIT ?", SKILLS)  # fmt: skip
    random = Random(4)
    rows = tuple(tuple(random.randint(1, 5) for _ in range(SKILLS)) for _ in range(PEOPLE))
    made = Team(tmp_path / "team.xlsx", tuple(r["e"] for r in people), tuple(r["n"] for r in skills), rows)
    ran = importer("apply", made.write(), "--yes", "--json")
    assert ran.code == 0, ran.err
    kantata.execute("DELETE FROM requests")
    return made


def writes(kantata: Running) -> int:
    return sum(request["method"] != "GET" for request in kantata.requests())


def column(team: Team, skill: int) -> list[Level]:
    return [row[skill] for row in team.rows]


def shifted(team: Team) -> Team:
    return team.each(lambda level: level - 1)


def inverted(team: Team) -> Team:
    return team.each(lambda level: 6 - level)


def pasted_a_row_off(team: Team) -> Team:
    return replace(team, rows=(*team.rows[1:], team.rows[0]))


def column_a_row_off(team: Team) -> Team:
    levels = column(team, 2)
    return team.with_column(2, [None, *levels[:-1]])


def column_sorted(team: Team) -> Team:
    return team.with_column(2, sorted(column(team, 2), key=lambda level: int(level or 0)))


def people_sorted(team: Team) -> Team:
    order = list(team.rows)
    Random(1).shuffle(order)
    return replace(team, rows=tuple(order))


def one_person_removed(team: Team) -> Team:
    return replace(team, rows=(team.rows[0], ("remove",) * SKILLS, *team.rows[2:]))


def column_lost(team: Team) -> Team:
    return team.without(5)


ACCIDENTS = [
    (shifted, "shifted", "of them are exactly 1 lower."),
    (inverted, "inverted", "of them are turned round: 5 where the account has 1, and 1 where it has 5."),
    (pasted_a_row_off, "scrambled", "The levels match the account in "),
    (column_a_row_off, "scrambled", "but would match in 12 if they stood one row higher."),
    (column_sorted, "scrambled", "if the account's levels were sorted from lowest to highest, as these are."),
    (people_sorted, "scrambled", "If we shuffled the levels, "),
    (one_person_removed, "lost-skills", "1 person would lose most of the skills that they have in the account"),
    (
        column_lost,
        "vanished-column",
        "A column of skills that the file had when you last loaded it is now",
    ),
]
accident = pytest.mark.parametrize(("happen", "code", "sentence"), ACCIDENTS)


@accident
def test_an_accident_stops_with_the_numbers_before_anything_is_sent_whatever_else_was_said(
    importer: Importer, kantata: Running, team: Team, happen: Callable[[Team], Team], code: str, sentence: str
) -> None:
    path = happen(team).write()

    others = ",".join(sorted({each for _, each, _ in ACCIDENTS} - {code}))
    ran = importer("apply", path, *ZERO, "--yes", "--max-removals", 99, "--accept", others, "--json")

    assert ran.code == ran.json["exit"] == 4, ran.err
    assert [each["code"] for each in ran.json["accidents"]] == [code]
    assert sentence in ran.json["accidents"][0]["message"], ran.err
    assert ran.json["error"].startswith("Nothing was sent: ")
    assert ran.json["fix"].endswith(f"To load it anyway, add --accept {code}.")
    assert writes(kantata) == 0


@accident
def test_a_plan_shows_the_accident_and_says_that_apply_would_stop(
    importer: Importer, kantata: Running, team: Team, happen: Callable[[Team], Team], code: str, sentence: str
) -> None:
    path = happen(team).write()

    shown, told = importer("plan", path, *ZERO), importer("apply", path, *ZERO, "--dry-run", "--json")

    assert shown.code == told.code == 0
    assert "This looks like a mistake:" in shown.err
    assert sentence in shown.err
    assert f"apply would stop, unless you say --accept {code}." in shown.err
    assert [(each["code"], each["fix"][-len(code) - 1 :]) for each in told.json["accidents"]] == [(code, f"{code}.")]
    assert writes(kantata) == 0


@accident
def test_what_is_meant_goes_on_and_is_noted(
    importer: Importer, team: Team, happen: Callable[[Team], Team], code: str, sentence: str
) -> None:
    path = happen(team).write()

    ran = importer("apply", path, *ZERO, "--yes", "--max-removals", 99, "--accept", code, "--json")

    assert ran.code == 0, ran.err
    (note,) = [note for note in ran.json["notes"] if note.startswith(f"You accepted this ({code}): ")]
    assert sentence in note
    assert note in [row[1] for row in sheet_rows(Path(ran.json["result"]), "Summary")]
    again = importer("apply", path, *ZERO, "--yes", "--max-removals", 99, "--json")
    assert (again.code, again.json["outcomes"]["unchanged"]) == (0, again.json["rows"])


def test_an_honest_quarter_is_loaded_without_a_word(importer: Importer, kantata: Running, team: Team) -> None:
    random = Random(9)
    better = team.each(lambda level: min(5, level + 1) if random.random() < 0.25 else level)
    trained = better.with_column(3, [min(5, int(level or 0) + 1) for level in column(better, 3)])
    left = replace(trained, people=trained.people[:-1], rows=trained.rows[:-1])

    ran = importer("apply", left.write(), "--yes", "--json")

    assert ran.code == 0, ran.err
    assert "looks like a mistake" not in ran.err
    assert ran.json["outcomes"]["updated"] > 10
    assert writes(kantata) > 10


def test_a_row_that_lost_its_levels_stops_a_mirror_whatever_it_may_remove(
    importer: Importer, kantata: Running, team: Team
) -> None:
    emptied = replace(team, rows=(team.rows[0], (*team.rows[1][:1], *[None] * (SKILLS - 1)), *team.rows[2:]))

    ran = importer("apply", emptied.write(), "--mode", "mirror", "--max-removals", 99, "--yes", "--json")

    assert ran.code == 4, ran.err
    assert [each["code"] for each in ran.json["accidents"]] == ["lost-skills"]
    assert f"{team.people[1]} {SKILLS - 1} of " in ran.json["error"]
    assert writes(kantata) == 0


def test_levels_of_one_person_that_all_drop_are_an_accident_too(
    importer: Importer, kantata: Running, team: Team
) -> None:
    person, dropped = team.people[1], replace(team, rows=(team.rows[0], (0,) * SKILLS, *team.rows[2:]))

    ran = importer("plan", dropped.write(), *ZERO, "--json")

    (found,) = ran.json["accidents"]
    assert found["code"] == "lost-skills"
    assert f"({SKILLS} down to level 0 or 1): {person} {SKILLS} of " in found["message"]
    assert writes(kantata) == 0


def test_a_header_that_changes_to_the_id_of_its_skill_is_no_lost_column(
    importer: Importer, kantata: Running, team: Team
) -> None:
    id_ = kantata.query("SELECT id FROM skills WHERE name = ?", team.skills[0])[0]["id"]

    ran = importer("plan", replace(team, skills=(str(id_), *team.skills[1:])).write(), "--json")

    assert ran.json["accidents"] == []


def test_a_column_that_only_those_had_who_left_is_no_lost_column(importer: Importer, team: Team) -> None:
    alone = team.with_column(5, [*[None] * (PEOPLE - 1), 3])
    assert importer("apply", alone.write(), "--yes", "--accept", "vanished-column").code == 0

    left = replace(alone, people=alone.people[:-1], rows=alone.rows[:-1])

    assert importer("plan", left.write(), "--json").json["accidents"] == []


def test_another_file_does_not_miss_the_columns_of_this_one(importer: Importer, team: Team) -> None:
    other = replace(column_lost(team), path=team.path.with_name("other.xlsx"))

    assert importer("plan", other.write(), "--json").json["accidents"] == []


def test_a_kind_of_mistake_that_there_is_not_is_wrong_usage(importer: Importer, team: Team) -> None:
    ran = importer("apply", team.path, "--accept", "everything")

    assert ran.code == 2
    assert "everything is none of shifted, inverted, scrambled, lost-skills, vanished-column." in ran.err


@pytest.mark.usefixtures("importer")
@pytest.mark.parametrize("typed", [b"yes\n", b"y\n"])
def test_on_a_terminal_yes_is_typed_in_full(kantata: Running, team: Team, tmp_path: Path, typed: bytes) -> None:
    def answers(said: bytes) -> bytes | None:
        if said.endswith(b"[y/N]: "):
            return b"y\n"
        return typed if said.endswith(b"Type yes if it is meant []: ") else None

    with asked(answers, "apply", shifted(team).write(), *ZERO, cwd=tmp_path) as (code, _, said):
        assert code == (0 if typed == b"yes\n" else 4), said
    assert (writes(kantata) > 0) == (typed == b"yes\n")


def test_what_was_accepted_is_undone_without_being_asked(importer: Importer, team: Team) -> None:
    ran = importer("apply", shifted(team).write(), *ZERO, "--yes", "--accept", "shifted", "--json")

    undone = importer("undo", ran.json["run"], "--yes", "--json")

    assert undone.code == 0, undone.err
    assert undone.json["outcomes"]["updated"] == ran.json["outcomes"]["updated"]


def test_a_list_of_the_changes_alone_is_no_shift(importer: Importer, team: Team) -> None:
    risen = [
        (person, skill, int(level or 0) + 1)
        for person, row in zip(team.people, team.rows, strict=True)
        for at, (skill, level) in enumerate(zip(team.skills, row, strict=True))
        if level != 5 and at < 3
    ]
    path = workbook(team.path.with_name("changes.xlsx"), [["email", "skill", "level"], *risen])

    ran = importer("plan", path, "--json")

    assert ran.json["changes"]["update"] == len(risen) > 25
    assert ran.json["accidents"] == []
