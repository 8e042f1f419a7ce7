"""The pages by their addresses. Knows where each is, and nothing of what it shows."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from importer import ImporterError
from importer.web.file_receiver import receive_file
from importer.web.page_requests import Page, endpoint, show_error
from importer.web.pages import corrections, exports, help_page, plans, reading, runs, start, steps, templates
from importer.web.session import Session

_STATIC = Path(__file__).parent / "static"

_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", start.page),
    ("POST", "/account", start.choose_account),
    ("GET", "/files/{file}", reading.page),
    ("GET", "/files/{file}/state", reading.state),
    ("POST", "/files/{file}/reading", reading.read_again),
    ("POST", "/files/{file}/levels", reading.set_levels),
    ("POST", "/files/{file}/columns", reading.set_columns),
    ("POST", "/files/{file}/continue", reading.go_on),
    ("GET", "/files/{file}/problems", corrections.page),
    ("GET", "/files/{file}/problems/list", corrections.problem_list),
    ("GET", "/files/{file}/rows", corrections.rows),
    ("GET", "/files/{file}/block", corrections.block),
    ("POST", "/files/{file}/cells", corrections.fill),
    ("POST", "/files/{file}/paste", corrections.paste),
    ("POST", "/files/{file}/replace", corrections.replace),
    ("POST", "/files/{file}/alike", corrections.fill_alike),
    ("POST", "/files/{file}/undo", corrections.undo),
    ("POST", "/files/{file}/redo", corrections.redo),
    ("POST", "/files/{file}/again", corrections.check_again),
    ("POST", "/files/{file}/meanings", corrections.choose_names),
    ("POST", "/files/{file}/word", corrections.tell_level),
    ("POST", "/files/{file}/match", corrections.match_names),
    ("GET", "/files/{file}/corrected", corrections.edited_file),
    ("POST", "/files/{file}/plan", plans.make),
    ("POST", "/files/{file}/plan/again", steps.plan_again),
    ("POST", "/files/{file}/read", steps.read_again),
    ("POST", "/files/{file}/cancel", steps.cancel_file),
    ("POST", "/files/{file}/remove", steps.remove_file),
    ("GET", "/files/{file}/plan", plans.page),
    ("GET", "/files/{file}/planned", plans.workbook),
    ("POST", "/files/{file}/send", plans.send),
    ("GET", "/sending/{sending}", runs.progress_page),
    ("GET", "/sending/{sending}/state", runs.progress_state),
    ("POST", "/sending/{sending}/stop", runs.stop),
    ("GET", "/runs", runs.history),
    ("GET", "/runs/{run}", runs.page),
    ("GET", "/runs/{run}/result", runs.result_workbook),
    ("POST", "/runs/{run}/resume", runs.resume),
    ("POST", "/runs/{run}/undo", runs.plan_undo),
    ("GET", "/undo/{preview}", runs.undo_page),
    ("GET", "/undo/{preview}/state", runs.undo_state),
    ("POST", "/undo/{preview}/cancel", steps.cancel_undo),
    ("POST", "/undo/{preview}/send", runs.send_undo),
    ("GET", "/export", exports.form_page),
    ("POST", "/export", exports.write),
    ("GET", "/export/{export}", exports.page),
    ("GET", "/export/{export}/state", exports.state),
    ("POST", "/export/{export}/again", steps.export_again),
    ("POST", "/export/{export}/cancel", steps.cancel_export),
    ("GET", "/export/{export}/file", exports.file),
    ("GET", "/export/{export}/look", exports.look),
    ("GET", "/help", help_page.page),
    ("GET", "/help/{name}", help_page.sample),
    ("GET", "/templates", templates.page),
    ("GET", "/templates/workbook", templates.workbook),
)


def application(session: Session) -> Starlette:
    """The pages of one session."""
    app = Starlette(
        routes=[
            Route("/files", receive_file, methods=["POST"]),
            *(Route(path, endpoint(page), methods=[method]) for method, path, page in _PAGES),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={404: show_error, ImporterError: show_error},
    )
    app.state.session = session
    return app
