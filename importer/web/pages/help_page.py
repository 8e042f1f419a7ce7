"""The page of the columns of each list, and the sample files. Holds no rule."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

import importer
from importer.web.page_help import list_helps
from importer.web.page_requests import PageRequest, send_file, show


def page(call: PageRequest) -> Response:
    """The columns of each list."""
    return show(call, "help.html", lists=list_helps())


def sample(call: PageRequest) -> Response:
    """A sample file to try the program with."""
    name = call.path("name")
    if name not in dict(importer.SAMPLE_FILES):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return send_file(importer.sample_file(name), name)
