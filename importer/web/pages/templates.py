"""The pages beside the way through: templates to fill in. Holds no rule."""

from starlette.responses import Response

from importer import endpoints, pipeline
from importer.web.page_requests import Call, NotHereError, give, show

_MATRIX = "skill-matrix"
_OF_SKILLS = "skill-memberships"
_FILTERS = ("users", "groups", "departments", "geographies", "skills", "categories")


def templates(call: Call) -> Response:
    """The workbooks to fill in, blank or with what the account holds."""
    return show(
        call, "templates.html", endpoints=[endpoints.load(name) for name in endpoints.names()], filters=_FILTERS
    )


def template(call: Call) -> Response:
    """A workbook to fill in."""
    name, is_live = call.query.get("of", ""), bool(call.query.get("live"))
    is_matrix = name == _MATRIX
    if name not in (*endpoints.names(), _MATRIX):
        raise NotHereError
    endpoint, path = _OF_SKILLS if is_matrix else name, call.desk.new_folder() / f"{name}.xlsx"
    if not is_live:
        return give(pipeline.write_blank(endpoint, path, matrix=is_matrix).path, path.name)
    named = {each: _listed(call.query.get(each, "")) for each in _FILTERS}
    filters = pipeline.Filters(**named, with_inactive=bool(call.query.get("with_inactive")))
    return give(pipeline.write_live(endpoint, path, call.desk.need_access(), filters, matrix=is_matrix).path, path.name)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())
