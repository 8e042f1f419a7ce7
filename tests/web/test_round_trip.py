"""The page keeps what others changed since a file was exported, says so, and makes and takes plans to be approved."""

from pathlib import Path

import pytest

from importer import Account
from importer.sandbox import Running
from tests.books import sheet_rows
from tests.round_trip.test_plans import Lines
from tests.round_trip.world import World, small_world, type_levels
from tests.web.visitor import Visitor, read


@pytest.fixture
def world(kantata: Running) -> World:
    """Three people and four skills; each holds all of them at level 2."""
    found = small_world(kantata)
    found.hold(dict.fromkeys(found.cells, 2))
    return found


@pytest.fixture
def matrix(world: World, kantata: Running, tmp_path: Path) -> Path:
    """Their matrix, as it was exported, with two edits."""
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path / "elsewhere")
    path = world.export_matrix(account, tmp_path / "matrix.xlsx")
    type_levels(path, world, dict.fromkeys(world.cells[:2], 5))
    return path


def test_the_page_says_what_others_changed_and_shows_what_is_in_conflict(
    visitor: Visitor, world: World, matrix: Path
) -> None:
    mine, both, theirs = world.cells[:3]
    world.change({both: 3, theirs: 4})

    file = visitor.drop(matrix)
    plan = visitor.plan(file)
    result = visitor.send(file, plan)

    assert "1 level changed in Kantata since" in plan.text
    shown = " ".join(text for _, text in read(plan.text, "conflicts"))
    assert "the sheet says level 5, and Kantata holds level 3" in shown
    assert "Somebody else changed records in Kantata, and that was kept" in result.text
    held = world.held()
    assert (held[mine], held[both], held[theirs]) == (5, 3, 4)


def test_whoever_ticks_it_overwrites_what_others_changed(visitor: Visitor, world: World, matrix: Path) -> None:
    mine, both = world.cells[:2]
    world.change({both: 3})

    file = visitor.drop(matrix)
    offered = visitor.problems(file).text
    visitor.send(file, visitor.plan(file, overwrite="1"))

    assert 'name="overwrite"' in offered
    assert (world.held()[mine], world.held()[both]) == (5, 5)


def test_a_plan_is_downloaded_for_approval_and_dropped_again(
    visitor: Visitor, world: World, matrix: Path, tmp_path: Path
) -> None:
    file = visitor.drop(matrix)
    visitor.plan(file)
    (tmp_path / "asking.xlsx").write_bytes(visitor.get(f"{file}/planned?approval=ask").content)
    lines = Lines(tmp_path / "asking.xlsx")
    assert [lines.get(row, "Approve") for row in lines.rows] == [None, None]

    nothing = visitor.drop(tmp_path / "asking.xlsx")
    refused = visitor.plan(nothing)
    lines.put(lines.rows[0], "Approve", "yes")
    lines.save()
    approved = visitor.drop(tmp_path / "asking.xlsx")
    plan = visitor.plan(approved)
    done = visitor.send(approved, plan)

    assert "No line of this plan is approved." in refused.text
    assert "This is a plan: the lines that say yes are sent" in visitor.problems(approved).text
    assert "1 of 2 lines approved." in plan.text
    assert "This plan was made by Dana Reyes" in plan.text
    assert sorted(world.held()[cell] for cell in world.cells[:2]) == [2, 5]
    result = tmp_path / "result.xlsx"
    result.write_bytes(visitor.get(f"{done.url.removeprefix(visitor.served.root)}/result").content)
    assert any("This plan was made by" in str(cell) for row in sheet_rows(result, "Summary") for cell in row)
