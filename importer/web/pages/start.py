"""The first page: in whose name, and which file. Knows no run."""

from typing import Any

from starlette.responses import Response

from importer import ImporterError, Run, describe_run
from importer.messages import about_account, about_program
from importer.web.page_requests import Call, go, show
from importer.web.session import Session


def page(call: Call) -> Response:
    """The account, where to drop a file, and what waits to be finished."""
    return show(call, "start.html", **_values(call))


def choose(call: Call) -> Response:
    """Take an account: the kept one, the one behind a typed token, or the stand-in."""
    session = call.session
    try:
        match call.given("how"):
            case "kept":
                session.sign_in()
            case "sandbox":
                session.sign_in_to_sandbox()
            case "token":
                if not call.given("token"):
                    raise about_account.token_not_entered()
                session.sign_in(call.given("token"), call.given("base_url"))
            case "none":
                session.sign_out()
            case _:
                raise about_program.no_account_chosen()
    except ImporterError as error:
        return show(call, "start.html", 400, **_values(call) | {"refused": error})
    return go("/")


def _values(call: Call) -> dict[str, Any]:
    session = call.session
    return {
        "files": list(reversed(session.uploads.values())),
        "base_url": session.kept.base_url,
        "stopped": [(run, describe_run(run)) for run in _stopped(session)],
        "refused": None,
    }


def _stopped(session: Session) -> list[Run]:
    """The runs of this account that are not at their end, and do not go on."""
    account = session.account
    if account is None:
        return []
    try:
        every = session.runs()
    except ImporterError:
        return []  # what keeps the journal from being written is said before anything is sent
    return [
        run for run in every if run.is_open and run.account == account.owner.key and session.sending_of(run.id) is None
    ]
