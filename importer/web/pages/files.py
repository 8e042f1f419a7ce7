"""The page of a file: how it is read, and its problems. Holds no rule."""

import re
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

import importer
from importer import ImporterError, ReadingChoices, SheetColumns
from importer.messages import about_plans
from importer.web.page_requests import (
    PageRequest,
    error_fix,
    go,
    render_part,
    send_file,
    send_state,
    send_values,
    show,
    show_wait,
)
from importer.web.pages import plans
from importer.web.problem_grid import ProblemGrid
from importer.web.upload import UploadState

PROBLEMS_PER_PAGE = 100
NAMES_TO_CHOOSE = 50
ROWS_AT_ONCE = 60
COLUMNS_AT_ONCE = 40
NAMES_SHOWN = 12
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_LAST_ROW = 2_000_000


def page(call: PageRequest) -> Response:
    """How a file was read, and its problems."""
    upload = call.upload
    account = call.session.account
    state = upload.state
    if not state.is_busy and state.account is not account:
        upload.read(account, state.choices)
        state = upload.state
    if state.is_busy:
        return show_wait(call, state, "check", f"/files/{upload.id}/state")
    grid, columns, check = _grid(call, state), _columns(state), state.check
    return show(
        call,
        "file.html",
        step="check",
        upload=upload,
        state=state,
        modes=plans.MODES,
        endpoints=(*importer.endpoint_names(), importer.MATRIX),
        columns=columns,
        header_rows=columns.header_candidates() if columns else [],
        name_matches=importer.count_name_matches(state.table, check) if state.table and check else (),
        names_shown=NAMES_SHOWN,
        unclear_names=check.unclear_names if check and check.aliases else (),
        names_to_choose=NAMES_TO_CHOOSE,
        grid=grid and _window(call, state, grid),
        sheets={name: at for at, name in enumerate(_header_rows(state))},
        first=call.number("problem"),
        page_size=PROBLEMS_PER_PAGE,
    )


def state(call: PageRequest) -> Response:
    """The state of a file, for its page's script."""
    return send_state(call.upload.state)


def rows(call: PageRequest) -> Response:
    """Some rows of the grid, for its page's script."""
    upload = call.upload
    grid = _grid(call, upload.state)
    if grid is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    window = _window(call, upload.state, grid)
    html = render_part("rows.html", grid=window)
    return send_values({"total": window["total"], "first": window["first"], "rows": html})


def read_again(call: PageRequest) -> Response:
    """Read the file in another way, which the person chose."""
    upload = call.upload
    before, answer, question = upload.state.choices, call.field("answer"), upload.state.question
    if answer:
        answers = {each.typed: each for each in question.answers} if question else {}
        if answer not in answers:
            raise about_plans.read_again_since()
        choices = before.with_answer(answers[answer])
    else:
        choices = _choices(call, before)
    upload.read(call.session.account, choices)
    return go(call, f"/files/{upload.id}")


def edit_cell(call: PageRequest) -> Response:
    """Keep the text that a person wrote into a cell."""
    upload = call.upload
    address, number = call.field("at"), call.field("sheet")
    sheets = list(_header_rows(upload.state))
    if not (_ADDRESS.fullmatch(address) and number.isdecimal() and int(number) < len(sheets)):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    position = (sheets[int(number)], *importer.parse_cell_address(address))
    try:
        is_kept = upload.edit(position, (call.form.get("text") or ("",))[0])
    except ImporterError as error:
        return send_values({"error": f"{error.message} {error_fix(error)}"}, HTTPStatus.BAD_REQUEST)
    if not is_kept:
        return send_values({"error": "We are reading the file. Try again in a moment."}, HTTPStatus.CONFLICT)
    return send_values({"cells": importer.count_of(len(upload.state.edits), "cell")})


def check_edits(call: PageRequest) -> Response:
    """Check the file again, with the cells that were edited."""
    upload = call.upload
    if upload.state.edits:
        upload.check_edits(call.session.account, call.session.new_folder())
    return go(call, f"/files/{upload.id}")


def choose_names(call: PageRequest) -> Response:
    """Remember whom or what names mean, for this file and those to come, and check the file again."""
    upload = call.upload
    check = upload.state.check
    if check is None or check.aliases is None or call.field("number") != str(upload.state.number):
        raise about_plans.read_again_since()
    choices = [
        (name, candidate)
        for at, name in enumerate(check.unclear_names)
        for candidate in (*name.answer.exact, *name.answer.near)
        if candidate.id == call.field(f"meaning-{at}")
    ]
    if choices:
        importer.remember_aliases(check.aliases, choices)
        upload.read(call.session.account, upload.state.choices)
    return go(call, f"/files/{upload.id}")


def set_columns(call: PageRequest) -> Response:
    """Change which column is what. In a list, the headers are edited for that, as a person would; then it is read
    again.
    """
    upload = call.upload
    columns = _columns(upload.state)
    if columns is None or call.field("number") != str(upload.state.number):
        raise about_plans.read_again_since()
    fields = {each.position: f"column-{each.position}" for each in columns.columns}
    roles = {at: call.field(name) for at, name in fields.items() if name in call.form}
    if columns.is_matrix and not columns.makes_list(roles):
        upload.read(call.session.account, columns.choices_for(roles, upload.state.choices))
        return go(call, f"/files/{upload.id}")
    for at, header in columns.headers_for(roles).items():
        upload.edit((columns.sheet, columns.header_row, at), header)
    return check_edits(call)


def edited_file(call: PageRequest) -> Response:
    """The file with the cells that were edited."""
    upload = call.upload
    path = upload.state.path
    return send_file(path, f"{Path(upload.name).stem}{path.suffix}")


# ---- what is shown


def _columns(state: UploadState) -> SheetColumns | None:
    return None if state.book is None else importer.read_columns(state.book, state.table, state.choices)


def _header_rows(state: UploadState) -> dict[str | None, int]:
    """The sheets that the page shows, each with the row of its header; 0 where none is known."""
    if state.table is not None:
        rows = {each.sheet: each.header_row for each in state.table.parts}
        return rows | {sheet: 1 for sheet in state.problem_index.sheets if sheet not in rows}
    return dict.fromkeys(state.candidates, state.choices.header_row or 0)


def _grid(call: PageRequest, state: UploadState) -> ProblemGrid | None:
    """The sheet that the page shows in its grid."""
    sheets = list(_header_rows(state).items())
    if state.book is None or not sheets:
        return None
    name, header_row = sheets[min(call.number("sheet"), len(sheets) - 1)]
    try:
        grid = state.book.grid(name)
    except ImporterError:
        return None
    edits = {(row, column): text for (sheet, row, column), text in state.edits.items() if sheet == name}
    return ProblemGrid(name, grid, min(header_row, grid.height), state.problem_index, edits)


def _window(call: PageRequest, state: UploadState, grid: ProblemGrid) -> dict[str, object]:
    """The rows and columns of the grid that the page shows."""
    problem_rows = grid.problem_rows
    only_problems = call.query("show", "problems" if problem_rows else "all") == "problems"
    rows = grid.rows(only_problems=only_problems)
    first = min(call.number("first"), max(len(rows) - 1, 0))
    left = min(call.number("column"), max(grid.width - 1, 0))
    places = range(left, min(left + COLUMNS_AT_ONCE, grid.width))
    columns = _columns(state)
    roles = columns.roles if columns and columns.sheet == grid.name else {}
    return {
        "sheet": call.number("sheet"), "sheets": list(_header_rows(state)), "only_problems": only_problems,
        "first": first, "total": len(rows), "rows_at_once": ROWS_AT_ONCE, "height": grid.grid.height,
        "left": left, "width": grid.width, "columns_at_once": COLUMNS_AT_ONCE, "header_row": grid.header_row,
        "letters": [(importer.column_letters(at), roles.get(at, "")) for at in places],
        "headers": grid.headers(places) if grid.header_row else [],
        "above": [] if only_problems else grid.above(places),
        "lines": grid.lines(rows[first : first + ROWS_AT_ONCE], places),
        "problem_count": len(problem_rows),
    }  # fmt: skip


# ---- what is chosen


def _choices(call: PageRequest, before: ReadingChoices) -> ReadingChoices:
    """The choices in the form. Which column is what is chosen for one header, and forgotten with it."""
    row, endpoint = call.field("header_row"), call.field("meant")
    header_row = int(row) if row.isascii() and row.isdecimal() and 0 < int(row[:9]) < _LAST_ROW else None
    known = endpoint if endpoint in (*importer.endpoint_names(), importer.MATRIX) else None
    is_same = (known, header_row) == (before.endpoint, before.header_row)
    return ReadingChoices(
        endpoint=known,
        sheets=tuple(filter(None, call.form.get("sheets", ()))),
        header_row=header_row,
        people_column=before.people_column if is_same else None,
        skill_columns=before.skill_columns if is_same else (),
        levels=call.field("levels") or None,
        encoding=call.field("encoding") or None,
        match_names=bool(call.field("match_names")),
        no_aliases=bool(call.field("no_aliases")),
    )
