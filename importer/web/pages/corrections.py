"""The page on which a file is corrected: its problems by kind and value, and its cells in a grid. Holds no rule."""

import dataclasses
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

import importer
from importer import ImporterError, ProblemGroup
from importer.messages import about_edits, about_plans, page_phrases
from importer.messages.modes import MODES
from importer.web.edit_history import Texts
from importer.web.page_requests import PageRequest, error_fix, go, send_file, send_values, show, show_wait
from importer.web.pages.reading import LEVELS
from importer.web.sheet_view import RowQuery, SheetView, read_block
from importer.web.upload import Upload, UploadState

ROWS_AT_ONCE, COLUMNS_AT_ONCE = 150, 80
PROBLEMS_PER_PAGE = 100
GROUPS_SHOWN = 30
CANDIDATES_SHOWN = 40
_MOST_CELLS = 200_000
"""So many cells are changed in one step."""


def page(call: PageRequest) -> Response:
    """The problems of a file, its cells, and the way on."""
    upload = call.upload
    upload.read_for(call.session.account)
    state = upload.state
    if state.is_busy:
        return show_wait(call, state, "correct", f"/files/{upload.id}")
    if state.check is None or not upload.may_go_on:
        return go(call, f"/files/{upload.id}")
    sheets = list(state.header_rows)
    first = next((at for at, name in enumerate(sheets) if any(each.sheet == name for each in state.problems)), 0)
    return show(
        call,
        "corrections.html",
        step="correct",
        upload=upload,
        state=state,
        check=state.check,
        modes=MODES,
        sheets=sheets,
        has_problem_rows=any(state.header_rows.get(each.sheet) != each.row for each in state.problems),
        sheet=min(call.number("sheet"), len(sheets) - 1) if call.query("sheet") else first,
        groups_shown=GROUPS_SHOWN,
        candidates_shown=CANDIDATES_SHOWN,
        level_meanings=LEVELS,
        progress=_progress(state),
        no_answer=page_phrases.NO_ANSWER,
    )


def problem_list(call: PageRequest) -> Response:
    """Every problem by itself, in the order of the sheet, to print or to hand on."""
    upload = call.upload
    return show(
        call,
        "problem_list.html",
        step="correct",
        upload=upload,
        state=upload.state,
        first=call.number("problem"),
        page_size=PROBLEMS_PER_PAGE,
    )


def rows(call: PageRequest) -> Response:
    """A window of the grid, for its script: the rows that a query wants from its `first`, the columns from its `left`.

    With `at`, the number of a row, it is the window around that row.
    """
    upload = call.upload
    view = _view(call, upload)
    state, query = upload.state, _query(call)
    numbers = view.rows(query)
    first, at = call.number("first"), call.number("at")
    if at:
        index = next((place for place, row in enumerate(numbers) if row == at), None)
        first = 0 if index is None else max(index - ROWS_AT_ONCE // 2, 0)
    first = max(min(first, len(numbers) - 1), 0)
    left = max(min(call.number("left"), view.width - 1), 0)
    places = sorted({min(view.frozen, max(view.width - 1, 0)), *range(left, min(left + COLUMNS_AT_ONCE, view.width))})
    values = {
        "total": len(numbers),
        "first": first,
        "left": left,
        "columns": places,
        "lines": [view.line(row, places, state.edits) for row in numbers[first : first + ROWS_AT_ONCE]],
    }
    if call.query("headings"):
        columns = upload.columns
        roles = columns.roles if columns and columns.sheet == view.name else {}
        values |= {
            "headings": view.columns(roles, state.edits),
            "header_row": view.header_row,
            "frozen": view.frozen,
            "height": view.grid.height,
        }
    return send_values(values)


def block(call: PageRequest) -> Response:
    """The texts of some cells, as spreadsheets copy them."""
    view = _view(call, call.upload)
    numbers, columns = _cells(call, view)
    return PlainTextResponse(view.block(numbers, columns, call.upload.state.edits))


def fill(call: PageRequest) -> Response:
    """Keep the texts that a person entered into cells; a block of texts is repeated until the cells are full."""
    view = _view(call, call.upload)
    numbers, columns = _cells(call, view)
    return _edit(call.upload, view.fill(numbers, columns, read_block(_text(call, "text"))), page_phrases.edited)


def paste(call: PageRequest) -> Response:
    """Put a block of texts over the cells from one on: over as many as it has, or as are selected if these are more."""
    view, texts = _view(call, call.upload), read_block(_text(call, "text"))
    numbers, columns = _cells(call, view)
    height, width = max(len(texts), len(numbers)), max(*map(len, texts), len(columns))
    _refuse_too_many(height * width)
    top = call.number("top")
    numbers = list(view.rows(_query(call))[top : top + height])
    columns = range(columns.start, min(columns.start + width, view.width))
    left = height - len(numbers), width - len(columns)
    return _edit(call.upload, view.fill(numbers, columns, texts), lambda cells: page_phrases.pasted(cells, *left))


def replace(call: PageRequest) -> Response:
    """Put another text in the place of one, in all cells that are in view."""
    upload = call.upload
    view, query = _view(call, upload), _query(call)
    find, by = _text(call, "find"), _text(call, "by")
    texts = view.replace(view.rows(query), find, by, query.column, upload.state.edits) if find else {}
    return _edit(upload, texts, lambda cells: page_phrases.replaced(cells, find))


def fill_alike(call: PageRequest) -> Response:
    """Put one text into all cells with the same problem."""
    group = _group(call, call.upload.state)
    return _edit(call.upload, dict.fromkeys(group.cells, _text(call, "text")), page_phrases.edited)


def undo(call: PageRequest) -> Response:
    """Take the latest step back."""
    upload = call.upload
    texts, _ = upload.state.history.undo()
    return _reply(upload, texts, page_phrases.taken_back(len(texts)), is_kept=upload.undo_edit())


def redo(call: PageRequest) -> Response:
    """Take a step again that was taken back."""
    upload = call.upload
    texts, _ = upload.state.history.redo()
    return _reply(upload, texts, page_phrases.taken_again(len(texts)), is_kept=upload.redo_edit())


def check_again(call: PageRequest) -> Response:
    """Check the file again, with the cells that were edited."""
    upload = call.upload
    if upload.state.edits:
        upload.check_edits(call.session.account, call.session.new_folder())
    return go(call, f"/files/{upload.id}/problems")


def choose_names(call: PageRequest) -> Response:
    """Remember whom or what names mean, for this file and those to come, and check the file again.

    Either one is chosen for the name of a group, or what is suggested is taken for all names of a kind.
    """
    upload = call.upload
    state, code = upload.state, call.field("code")
    check = state.check
    if check is None or check.aliases is None or call.field("reading") != str(state.readings):
        raise about_plans.read_again_since()
    if code:
        groups = [group for kind in state.kinds if kind.code == code for group in kind.suggested]
        choices = [(each.name, each.suggestion) for each in groups if each.name and each.suggestion]
    else:
        group = _group(call, state)
        choices = [(group.name, each) for each in group.candidates if each.id == call.field("id") and group.name]
    if choices:
        importer.remember_aliases(check.aliases, choices)
        upload.read(call.session.account, state.choices)
    return go(call, f"/files/{upload.id}/problems")


def tell_level(call: PageRequest) -> Response:
    """Say which level a word means wherever it stands, and remember that."""
    upload, meaning = call.upload, call.field("meaning")
    group = _group(call, upload.state)
    if group.value and meaning in LEVELS:
        upload.read(call.session.account, upload.state.choices.with_levels({group.value: meaning}))
    return go(call, f"/files/{upload.id}/problems")


def match_names(call: PageRequest) -> Response:
    """Go by names and e-mails, whatever ids stand beside them."""
    upload = call.upload
    upload.read(call.session.account, dataclasses.replace(upload.state.choices, match_names=True))
    return go(call, f"/files/{upload.id}/problems")


def edited_file(call: PageRequest) -> Response:
    """The file with the cells that were edited."""
    upload = call.upload
    path = upload.state.path
    return send_file(path, f"{Path(upload.name).stem}{path.suffix}")


# ---- what is asked for


def _view(call: PageRequest, upload: Upload) -> SheetView:
    """The sheet that is meant.

    Raises: Guarded where the file was read again since the page was shown; HTTPException 404 where there is none.
    """
    if call.query("reading", str(upload.state.readings)) != str(upload.state.readings):
        raise about_plans.read_again_since()
    sheets = list(upload.state.header_rows)
    at = call.number("sheet")
    view = upload.view(sheets[at]) if at < len(sheets) else None
    if view is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return view


def _query(call: PageRequest) -> RowQuery:
    def optional(name: str) -> int | None:
        return call.number(name) if call.query(name) else None

    return RowQuery(
        call.query("show") == "problems",
        call.query("code"),
        optional("group"),
        optional("column"),
        call.query("text"),
        optional("sort"),
        bool(call.query("down")),
    )


def _cells(call: PageRequest, view: SheetView) -> tuple[list[int], range]:
    """The rows and columns of the block that is meant: its rows by their numbers.

    Raises: Usage where it has more cells than are taken in one step.
    """
    left = min(call.number("left"), max(view.width - 1, 0))
    columns = range(left, min(left + max(call.number("width"), 1), view.width))
    if row := call.number("row"):
        return [row], columns
    top, height = call.number("top"), max(call.number("height"), 1)
    _refuse_too_many(height * len(columns))
    return list(view.rows(_query(call))[top : top + height]), columns


def _refuse_too_many(cells: int) -> None:
    """Raises: Usage where these are more cells than are changed in one step."""
    if cells > _MOST_CELLS:
        raise about_edits.too_many_cells(_MOST_CELLS)


def _text(call: PageRequest, name: str) -> str:
    """A text of the form, with the white space around it."""
    return (call.form.get(name) or ("",))[0]


def _group(call: PageRequest, state: UploadState) -> ProblemGroup:
    """The group of problems that is meant.

    Raises: Guarded where the file was read again since.
    """
    groups, number = state.groups, call.field("group")
    if call.field("reading") != str(state.readings) or not number.isdecimal() or int(number) >= len(groups):
        raise about_plans.read_again_since()
    return groups[int(number)]


# ---- what is answered


def _edit(upload: Upload, texts: Texts, sentence: Callable[[int], str]) -> Response:
    before = upload.state.history
    try:
        is_kept = upload.edit(texts)
    except ImporterError as error:
        return send_values({"error": f"{error.message} {error_fix(error)}"}, HTTPStatus.BAD_REQUEST)
    after = upload.state.history
    changed = after.done[-1].after if after is not before else {}
    return _reply(upload, changed, sentence(len(changed)), is_kept=is_kept)


def _reply(upload: Upload, texts: Texts, said: str, *, is_kept: bool) -> Response:
    if not is_kept:
        return send_values({"error": page_phrases.BUSY}, HTTPStatus.CONFLICT)
    first = min(((row, column) for _, row, column in texts), default=None)
    return send_values({"said": said, "at": first, **_progress(upload.state)})


def _progress(state: UploadState) -> dict[str, object]:
    """How far a person has come: the edits that wait to be checked, and the cells of each group that they changed."""
    groups = {}
    for group in state.groups if state.edits else ():
        if done := sum(cell in state.edits for cell in group.cells):
            groups[group.number] = done
    return {
        "edited": len(state.edits),
        "cells": importer.count_of(len(state.edits), "cell"),
        "can_undo": bool(state.history.done),
        "can_redo": bool(state.history.undone),
        "groups": groups,
    }
