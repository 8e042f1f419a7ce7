"""The first page: in whose name, and which file. Knows no run."""

from typing import Any

from starlette.responses import Response

from importer.errors import ImporterError
from importer.messages import about_account, about_program
from importer.messages.phrases import describe_run
from importer.pipeline import open_journal
from importer.sync.journal import Run
from importer.web.page_requests import Call, go, show
from importer.web.session import Desk


def page(call: Call) -> Response:
    """The account, where to drop a file, and what waits to be finished."""
    return show(call, "start.html", **_values(call))


def choose(call: Call) -> Response:
    """Take an account: the kept one, the one behind a typed token, or the stand-in."""
    desk = call.desk
    try:
        match call.given("how"):
            case "kept":
                desk.sign_in()
            case "sandbox":
                desk.sign_in_to_sandbox()
            case "token":
                if not call.given("token"):
                    raise about_account.token_not_entered()
                desk.sign_in(call.given("token"), call.given("base_url"))
            case "none":
                desk.sign_out()
            case _:
                raise about_program.no_account_chosen()
    except ImporterError as error:
        return show(call, "start.html", 400, **_values(call) | {"refused": error})
    return go("/")


def _values(call: Call) -> dict[str, Any]:
    desk = call.desk
    return {
        "files": list(reversed(desk.uploads.values())),
        "base_url": desk.connection.settings.base_url,
        "stopped": [(run, describe_run(run)) for run in _stopped(desk)],
        "refused": None,
    }


def _stopped(desk: Desk) -> list[Run]:
    """The runs of this account that are not at their end, and do not go on."""
    access = desk.access
    if access is None:
        return []
    try:
        with open_journal(desk.connection.settings) as journal:
            return [run for run in journal.open_runs(access.account.key) if desk.sending_of(run.id) is None]
    except ImporterError:
        return []  # what keeps the journal from being written is said before anything is sent
