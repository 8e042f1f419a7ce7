"""The page on which a person says how a file is read: its columns, and the levels of its words. Holds no rule."""

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response

import importer
from importer import ImporterError, LevelWord, ReadingChoices
from importer.messages import about_plans
from importer.web.page_requests import PageRequest, go, send_state, show, show_wait
from importer.web.upload import UploadState

FIRST_RECORDS = 5
LEVELS_SHOWN = 40
_LAST_ROW = 2_000_000
LEVELS = {
    **{str(level): str(level) for level in range(6)},
    importer.LEVEL_NONE: "does not have the skill",
}
"""What a word can mean, and what it is called."""


def page(call: PageRequest) -> Response:
    """How a file was read, and what a person can say about it."""
    upload = call.upload
    upload.read_for(call.session.account)
    state = upload.state
    if state.is_busy:
        return show_wait(call, state, "read", f"/files/{upload.id}")
    return _show(call, state)


def _show(call: PageRequest, state: UploadState, error: ImporterError | None = None) -> Response:
    upload, table, check = call.upload, state.table, state.check
    columns = upload.columns
    return show(
        call,
        "reading.html",
        HTTPStatus.OK if error is None else HTTPStatus.BAD_REQUEST,
        step="read",
        upload=upload,
        state=state,
        error=error,
        columns=columns,
        name_matches=importer.count_name_matches(table, check) if table and check else (),
        endpoints=(*importer.endpoint_names(), importer.MATRIX),
        layouts=importer.describe_layouts(),
        header_rows=columns.header_candidates() if columns else [],
        first_records=table.sample(FIRST_RECORDS) if table else None,
        levels=_levels(state),
        level_meanings=LEVELS,
        unused_levels=upload.unused_levels,
    )


def state(call: PageRequest) -> Response:
    """The state of a file, for its page's script."""
    return send_state(call.upload.state)


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


def set_levels(call: PageRequest) -> Response:
    """Say which words are which levels, a row a word."""
    upload = call.upload
    state = upload.state
    _need_this_reading(call, state)
    chosen = {each: call.field(f"level-{at}") for at, each in enumerate(_levels(state))}
    is_asked = state.question is not None
    words = {
        each.text: level for each, level in chosen.items() if level in LEVELS and (is_asked or level != each.meaning)
    }
    if words:
        upload.read(call.session.account, state.choices.with_levels(words))
    return go(call, f"/files/{upload.id}")


def set_columns(call: PageRequest) -> Response:
    """Say which column is what; the headings stay as the person wrote them."""
    upload = call.upload
    state, columns = upload.state, upload.columns
    _need_this_reading(call, state)
    if columns is None:
        raise about_plans.read_again_since()
    fields = {each.position: f"column-{each.position}" for each in columns.columns}
    roles = {at: call.field(name) for at, name in fields.items() if name in call.form}
    try:
        choices = columns.choices_for(roles, state.choices)
    except ImporterError as error:
        return _show(call, state, error)
    upload.read(call.session.account, choices)
    return go(call, f"/files/{upload.id}")


def go_on(call: PageRequest) -> Response:
    """Go on to the problems, unless a column that holds levels would be passed by."""
    upload = call.upload
    if upload.unused_levels and call.field("without_levels"):
        upload.change(lambda before: replace(before, is_without_levels=True))
    return go(call, f"/files/{upload.id}/problems" if upload.may_go_on else f"/files/{upload.id}")


def _need_this_reading(call: PageRequest, state: UploadState) -> None:
    """Raises: Guarded where the file was read again since the page was shown."""
    if call.field("reading") != str(state.readings):
        raise about_plans.read_again_since()


def _levels(state: UploadState) -> tuple[LevelWord, ...]:
    """The texts of which a person can say which level they are: those that are asked about, or that were read."""
    if state.question is not None:
        return state.question.words[:LEVELS_SHOWN]
    return state.table.level_words[:LEVELS_SHOWN] if state.table else ()


def _choices(call: PageRequest, before: ReadingChoices) -> ReadingChoices:
    """The choices in the form. Which column is what is chosen for one header, and forgotten with it."""
    row, endpoint, layout = call.field("header_row"), call.field("meant"), call.field("layout")
    header_row = int(row) if row.isascii() and row.isdecimal() and 0 < int(row[:9]) < _LAST_ROW else None
    known = endpoint if endpoint in (*importer.endpoint_names(), importer.MATRIX) else None
    is_same = (known, header_row) == (before.endpoint, before.header_row)
    return ReadingChoices(
        endpoint=known,
        sheets=tuple(filter(None, call.form.get("sheets", ()))),
        header_row=header_row,
        layout=layout if layout in importer.layout_names() else None,
        columns=before.columns if is_same else {},
        people_column=before.people_column if is_same else None,
        skill_columns=before.skill_columns if is_same else (),
        levels=None if call.field("no_aliases") else before.levels,
        encoding=call.field("encoding") or None,
        match_names=bool(call.field("match_names")),
        no_aliases=bool(call.field("no_aliases")),
    )
