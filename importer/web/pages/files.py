"""The pages of a file: what was read, what is wrong, what it would change, and the yes. Holds no rule."""

import re
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

import importer
from importer import Change, ImporterError
from importer.endpoints.declare import NameColumn
from importer.messages import about_plans
from importer.model import Action, CellRef
from importer.table import column_of, letters
from importer.web.page_requests import Call, NotHereError, give, go, part, show, tell
from importer.web.page_text import fix_of_page
from importer.web.problem_grid import ProblemGrid
from importer.web.reading import (
    choices_of,
    columns_of,
    head_of,
    header_rows,
    is_matrix,
    is_said_to_be_list,
    known_names,
    mends_of,
    roles_of,
)
from importer.web.upload import Choices, Planned, Read, Upload

PROBLEMS_SHOWN = 100
MEANINGS_SHOWN = 50
CHANGES_SHOWN = 100
ROWS_SHOWN = 60
COLUMNS_SHOWN = 40
NAMES_SHOWN = 12
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
MODES = {
    "upsert": "Create what is missing, and update levels that differ.",
    "add": "Create what is missing, and never change a record.",
    "mirror": "Also remove what the people (or members) in the file have and the file does not.",
}


def page(call: Call) -> Response:
    """What was read of a file, and what is wrong with it."""
    upload = _upload(call)
    account = call.session.account
    now = upload.now
    if now.doing is None and now.account is not account:
        upload.read(account, now.choices)
        now = upload.now
    if now.doing is not None:
        return show(call, "working.html", upload=upload, far=None, now=now, step="check")
    shown, head, checked = _sheet(call, now), head_of(now), now.checked
    return show(
        call, "file.html", upload=upload, now=now, step="check", sentence=_sentence(now), modes=MODES,
        first=call.number("problem"), shown_at_once=PROBLEMS_SHOWN, names_shown=NAMES_SHOWN,
        endpoints=(*importer.endpoint_names(), importer.MATRIX), head=head, header_rows=header_rows(head),
        columns=columns_of(now, head), is_matrix=is_matrix(now),
        known=known_names(now.parsed, checked) if now.parsed and checked else (),
        unclear=checked.unresolved_names if checked and checked.aliases else (), meanings_shown=MEANINGS_SHOWN,
        grid=None if shown is None else _grid(call, now, shown),
        sheets={name: at for at, (name, _) in enumerate(_sheets(now))},
    )  # fmt: skip


def state(call: Call) -> Response:
    """How far a file is, for its page's script."""
    now = _upload(call).now
    return tell({"number": now.number, "busy": now.doing is not None})


def rows(call: Call) -> Response:
    """Some rows of the grid."""
    upload = _upload(call)
    now = upload.now
    shown = _sheet(call, now)
    if shown is None:
        raise NotHereError
    values = _grid(call, now, shown)
    return tell({"total": values["total"], "first": values["first"], "rows": part(call, "rows.html", grid=values)})


def reread(call: Call) -> Response:
    """Read the file as the person says, or check it again with their mends."""
    upload = _upload(call)
    now = upload.now
    option, choice = call.given("option"), call.given("choice")
    choices = _choices(call, now.choices) if not option else _chosen(now.choices, option, choice)
    upload.read(call.session.account, choices)
    return go(f"/files/{upload.id}")


def plan(call: Call) -> Response:
    """Compare the file with the account."""
    upload = _upload(call)
    mode = call.given("mode")
    if mode not in MODES:
        raise NotHereError
    upload.plan(
        call.session.need_account(), mode, call.session.new_folder(), all_or_nothing=call.ticked("all_or_nothing")
    )
    return go(f"/files/{upload.id}/plan")


def planned(call: Call) -> Response:
    """What the file would change."""
    upload = _upload(call)
    now = upload.now
    if now.doing is not None:
        return show(call, "working.html", upload=upload, far=None, now=now, step="plan")
    if now.planned is None or now.checked is None or now.planned.plan.account is not call.session.account:
        return (
            go(f"/files/{upload.id}") if now.failed is None else show(call, "plan_failed.html", upload=upload, now=now)
        )
    made, plan = now.planned, now.planned.plan
    changes = [change for change in plan.prepared.plan.changes.values() if change.action is not Action.LEAVE]
    first = min(call.number("change"), max(len(changes) - 1, 0))
    return show(
        call, "plan.html", upload=upload, now=now, step="plan", made=made, plan=plan, sentence=_sentence(now),
        counts=plan.counts, account=plan.account.name, first=first, total=len(changes),
        changes=[_described(now, change) for change in changes[first : first + CHANGES_SHOWN]],
        shown_at_once=CHANGES_SHOWN, forecast=plan.forecast_sentence, mode_says=MODES[made.mode],
        requests=plan.forecast,
    )  # fmt: skip


def plan_workbook(call: Call) -> Response:
    """The plan as a workbook."""
    upload = _upload(call)
    path = _planned(upload).plan.write(call.session.new_folder() / "plan.xlsx")
    return give(path, importer.default_path(Path(upload.called), "plan").name)


def send(call: Call) -> Response:
    """Say yes to the plan that was shown, and begin."""
    upload = _upload(call)
    made = _planned(upload)
    plan = made.plan
    if call.given("plan") != made.name or plan.account is not call.session.account:
        raise about_plans.not_the_last_plan()
    removals, is_held_back = len(plan.removals), made.is_held_back
    if removals and not is_held_back and call.given("removals").replace(",", "") != str(removals):
        raise about_plans.removals_not_confirmed(removals)
    accepted = call.form.get("accept", ())
    if not is_held_back and any(each.code.value not in accepted for each in plan.anomalies):
        raise about_plans.mistake_not_confirmed()
    if not upload.change(lambda now: replace(now, planned=None)):
        raise about_plans.still_reading()
    sending = call.session.send(plan.account, f"apply {upload.called}", made.run)
    return go(f"/sending/{sending.id}")


def mend(call: Call) -> Response:
    """Keep what a person wrote into a cell."""
    upload = _upload(call)
    found, number = _ADDRESS.fullmatch(call.given("at")), call.given("sheet")
    sheets = [name for name, _ in _sheets(upload.now)]
    if found is None or not (number.isdecimal() and int(number) < len(sheets)):
        raise NotHereError
    spot = (sheets[int(number)], int(found.group(2)), column_of(found.group(1)))
    try:
        is_kept = upload.mend(spot, (call.form.get("text") or ("",))[0])
    except ImporterError as error:
        return tell({"error": f"{error.message} {fix_of_page(error.remedies)}"}, HTTPStatus.BAD_REQUEST)
    if not is_kept:
        return tell({"error": "The file is being read; write it again in a moment."}, HTTPStatus.CONFLICT)
    count = len(upload.now.mends)
    cells = f"{count:,} cell{'' if count == 1 else 's'}"
    return tell({"cells": cells})


def again(call: Call) -> Response:
    """Check the file again, with the cells that were mended."""
    upload = _upload(call)
    if upload.now.mends:
        upload.read_mended(call.session.account, call.session.new_folder())
    return go(f"/files/{upload.id}")


def remember(call: Call) -> Response:
    """Keep what the person says that names mean, for this file and those to come, and check the file again."""
    upload = _upload(call)
    checked = upload.now.checked
    if checked is None or checked.aliases is None or call.given("number") != str(upload.now.number):
        raise about_plans.read_again_since()
    chosen = [
        (unclear, candidate)
        for at, unclear in enumerate(checked.unresolved_names)
        for candidate in (*unclear.answer.exact, *unclear.answer.near)
        if candidate.id == call.given(f"meaning-{at}")
    ]
    if chosen:
        importer.remember_aliases(checked.aliases, chosen)
        upload.read(call.session.account, upload.now.choices)
    return go(f"/files/{upload.id}")


def rename(call: Call) -> Response:
    """Say which column is what. Of a list, the headers are written anew, as a person would; then it is read again."""
    upload = _upload(call)
    now = upload.now
    head = head_of(now)
    if head is None or call.given("number") != str(now.number):
        raise about_plans.read_again_since()
    columns = columns_of(now, head)
    said = {each.at: call.given(f"column-{each.at}") for each in columns if f"column-{each.at}" in call.form}
    if is_matrix(now) and not is_said_to_be_list(columns, said):
        upload.read(call.session.account, choices_of(columns, head, said, now.choices))
        return go(f"/files/{upload.id}")
    for at, text in mends_of(columns, head, said):
        upload.mend((head.sheet, head.row, at), text)
    if upload.now.mends:
        upload.read_mended(call.session.account, call.session.new_folder())
    return go(f"/files/{upload.id}")


def mended(call: Call) -> Response:
    """The file with the cells that were mended."""
    upload = _upload(call)
    return give(upload.now.path, f"{Path(upload.called).stem}{upload.now.path.suffix}")


# ---- what is shown


def _upload(call: Call) -> Upload:
    upload = call.session.uploads.get(call.path["file"])
    if upload is None:
        raise NotHereError
    return upload


def _planned(upload: Upload) -> Planned:
    made = upload.now.planned
    if made is None:
        raise about_plans.plan_is_gone()
    return made


def _sentence(now: Read) -> str | None:
    return None if now.check is None else now.check.sentence


def _sheets(now: Read) -> list[tuple[str | None, int]]:
    """The sheets that are shown, each with the row of its header; 0 where none was found."""
    if now.parsed is not None:
        found = {each.sheet: each.header_row for each in now.parsed.table.parts}
        found |= {sheet: 1 for sheet in now.marks.sheets if sheet not in found}
        return list(found.items())
    if now.book is None:
        return []
    named: list[str | None] = [each for each in now.choices.sheets if each in now.book.sheets]
    return [(name, now.choices.header_row or 0) for name in named or now.book.candidates]


def _sheet(call: Call, now: Read) -> ProblemGrid | None:
    """The sheet of the grid."""
    sheets = _sheets(now)
    if now.book is None or not sheets:
        return None
    name, header_row = sheets[min(call.number("sheet"), len(sheets) - 1)]
    try:
        grid = now.book.grid(name)
    except ImporterError:
        return None
    mends = {(row, column): text for (sheet, row, column), text in now.mends.items() if sheet == name}
    return ProblemGrid(name, grid, min(header_row, grid.height), now.marks, mends)


def _grid(call: Call, now: Read, shown: ProblemGrid) -> dict[str, object]:
    """The rows of the grid that are asked for."""
    only = call.query.get("show", "problems" if shown.marks.rows(shown.name) else "all") == "problems"
    every = shown.rows(only_problems=only)
    first = min(call.number("first"), max(len(every) - 1, 0))
    left = min(call.number("column"), max(shown.width - 1, 0))
    columns = range(left, min(left + COLUMNS_SHOWN, shown.width))
    roles = roles_of(now, shown.name)
    return {
        "total": len(every), "first": first, "left": left, "width": shown.width, "at_once": ROWS_SHOWN,
        "columns_at_once": COLUMNS_SHOWN, "only": only, "sheet": call.number("sheet"),
        "sheets": [name for name, _ in _sheets(now)], "header_row": shown.header_row,
        "headers": shown.headers(columns) if shown.header_row else [],
        "letters": [(letters(at), roles.get(at, "")) for at in columns], "above": [] if only else shown.above(columns),
        "lines": shown.lines(every[first : first + ROWS_SHOWN], columns),
        "wrong": len(shown.marks.rows(shown.name)), "height": shown.grid.height,
    }  # fmt: skip


def _described(now: Read, change: Change) -> dict[str, object]:
    """A change as a person reads it: where it stands, whose and what, old and new."""
    made = now.planned
    if made is None or now.checked is None:
        return {}
    table = made.plan.prepared.run_input.table
    removed = made.plan.removals.get(change.ref)
    if change.ref in table.frame.index and removed is None:
        texts = [_text(now, change.ref, key) for key in table.endpoint.key]
        record, place = " · ".join(filter(None, texts)), table.describe([change.ref])
    else:
        record, place = removed or "", ""
    before = change.before or {}
    values = [
        {"field": name, "old": before.get(name), "new": value}
        for name, value in change.fields.items()
        if name in table.endpoint.updates and value is not None and value != before.get(name)
    ]
    return {"action": change.action.value, "place": place, "record": record, "values": values}


def _text(now: Read, ref: CellRef, field: str) -> str:
    """What tells a field for a row or a cell: a name where there is one."""
    if now.checked is None:
        return ""
    table = now.checked.table
    columns = sorted(table.telling(field), key=lambda each: not isinstance(each[1], NameColumn))
    texts = (table.text(ref, name).strip() for name, _ in columns)
    return next(filter(None, texts), "")


# ---- what is chosen


def _choices(call: Call, before: Choices) -> Choices:
    """What was chosen in the form. Which column is what is chosen below the header, and so for that header only."""
    row = call.given("header_row")
    header_row = int(row) if row.isascii() and row.isdecimal() and 0 < int(row[:9]) < 2_000_000 else None
    meant = call.given("meant") if call.given("meant") in (*importer.endpoint_names(), importer.MATRIX) else None
    is_same = (meant, header_row) == (before.meant, before.header_row)
    return Choices(
        meant=meant,
        sheets=tuple(filter(None, call.form.get("sheets", ()))),
        header_row=header_row,
        people_column=before.people_column if is_same else None,
        skill_columns=before.skill_columns if is_same else (),
        levels=call.given("levels") or None,
        encoding=call.given("encoding") or None,
        match_names=call.ticked("match_names"),
    )


def _chosen(before: Choices, option: str, choice: str) -> Choices:
    """What was chosen where the file could be read in more ways than one."""
    match option:
        case "sheets":
            return replace(before, sheets=(choice,))
        case "header_row":
            return replace(before, header_row=int(choice) if choice.isdecimal() else None)
        case "people_column":
            return replace(before, people_column=choice)
        case "skill_columns":
            return replace(before, skill_columns=tuple(each.strip() for each in choice.split(",")))
        case "endpoint":
            return replace(before, meant=choice)
        case _:
            raise NotHereError
