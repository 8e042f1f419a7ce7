"""The page of templates to fill in. Holds no rule."""

from http import HTTPStatus
from typing import cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

import importer
from importer.web.page_requests import PageRequest, send_file, show, split_names

_MATRIX_OF = "skill-memberships"
_FILTERS = ("users", "groups", "departments", "geographies", "skills", "categories")


def page(call: PageRequest) -> Response:
    """The workbooks to fill in, blank or with what the account holds."""
    endpoints = [importer.load_endpoint(name) for name in importer.endpoint_names()]
    return show(call, "templates.html", endpoints=endpoints, filters=_FILTERS)


def workbook(call: PageRequest) -> Response:
    """A workbook to fill in."""
    name = call.query("of")
    is_matrix = name == importer.MATRIX
    if name not in (*importer.endpoint_names(), importer.MATRIX):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    endpoint, path = _MATRIX_OF if is_matrix else name, call.session.new_folder() / f"{name}.xlsx"
    if call.query("live"):
        names = {each: split_names(call.query(each)) for each in _FILTERS}
        options = cast("importer.SelectionOptions", {**names, "with_inactive": bool(call.query("with_inactive"))})
        template = call.session.need_account().write_template(endpoint, path, matrix=is_matrix, **options)
    else:
        template = importer.write_template(endpoint, path, matrix=is_matrix)
    return send_file(template.path, path.name)
