"""The first page: which account, and which file. Knows no run but those that wait to be finished."""

from http import HTTPStatus

from starlette.responses import Response

from importer import ImporterError, Run
from importer.messages import about_account, about_program
from importer.web.page_requests import PageRequest, go, show
from importer.web.page_text import run_title
from importer.web.session import Session


def page(call: PageRequest, error: ImporterError | None = None) -> Response:
    """The account, where to drop a file, and the runs that wait to be finished; `error` says why an account that was
    chosen could not be taken.
    """
    session = call.session
    return show(
        call,
        "start.html",
        HTTPStatus.OK if error is None else HTTPStatus.BAD_REQUEST,
        files=list(reversed(session.uploads.values())),
        base_url=session.default_account.base_url,
        open_runs=[(run, run_title(run)) for run in _open_runs(session)],
        error=error,
    )


def choose_account(call: PageRequest) -> Response:
    """Take an account: the one of the saved token, the one of a token that was typed, or the sandbox."""
    session = call.session
    try:
        match call.field("how"):
            case "kept":
                session.sign_in()
            case "sandbox":
                session.sign_in_to_sandbox()
            case "token":
                if not call.field("token"):
                    raise about_account.token_not_entered()
                session.sign_in(call.field("token"), call.field("base_url"))
                if call.field("keep"):
                    session.keep_token()
            case "none":
                session.sign_out()
            case "delete":
                if not call.field("sure"):
                    raise about_account.not_sure_to_delete()
                session.forget_saved_token()
            case _:
                raise about_program.no_account_chosen()
    except ImporterError as error:
        return page(call, error)
    return go(call, "/")


def _open_runs(session: Session) -> list[Run]:
    """The runs of this account that stopped before their end."""
    account = session.account
    if account is None:
        return []
    try:
        runs = session.runs()
    except ImporterError:
        return []  # what keeps the journal from being written is said before anything is sent
    mine = (run for run in runs if run.is_open and run.account == account.owner.key)
    return [run for run in mine if session.active_run(run.id) is None]
