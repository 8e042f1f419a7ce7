"""The pages beside the way through: templates to fill in. Holds no rule."""

from typing import cast

from starlette.responses import Response

import importer
from importer.web.page_requests import Call, NotHereError, give, show

_MATRIX = "skill-matrix"
_OF_SKILLS = "skill-memberships"
_FILTERS = ("users", "groups", "departments", "geographies", "skills", "categories")


def templates(call: Call) -> Response:
    """The workbooks to fill in, blank or with what the account holds."""
    return show(
        call,
        "templates.html",
        endpoints=[importer.load_endpoint(name) for name in importer.endpoint_names()],
        filters=_FILTERS,
    )


def template(call: Call) -> Response:
    """A workbook to fill in."""
    name, is_live = call.query.get("of", ""), bool(call.query.get("live"))
    is_matrix = name == _MATRIX
    if name not in (*importer.endpoint_names(), _MATRIX):
        raise NotHereError
    endpoint, path = _OF_SKILLS if is_matrix else name, call.session.new_folder() / f"{name}.xlsx"
    if not is_live:
        return give(importer.write_template(endpoint, path, matrix=is_matrix).path, path.name)
    named = {each: _listed(call.query.get(each, "")) for each in _FILTERS}
    account, inactive = call.session.need_account(), bool(call.query.get("with_inactive"))
    options = cast("importer.SelectionOptions", {**named, "with_inactive": inactive})
    return give(account.write_template(endpoint, path, matrix=is_matrix, **options).path, path.name)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())
