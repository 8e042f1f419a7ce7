"""A file as it comes from the page: bounded while it is read, under a name of ours. Knows bytes, and no sheet."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from importer.web.session import Session

LARGEST = 200 << 20
"""Bytes of a file that is taken: a million rows of an .xlsx are some sixty million."""
NAME = "x-file-name"
"""The header that says what the person calls the file, percent-encoded."""

_NO_ROOM = "There is no room for the file on the disk. Make some, and choose it again."
_TOO_LARGE = "The file is larger than 200 MB, which no list is. Delete what is not the list, and save it again."


def receiving(session: Session) -> Callable[[Request], Awaitable[Response]]:
    """What takes files in: the body is the file, and is never held in memory as a whole."""

    async def endpoint(request: Request) -> Response:
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told) > LARGEST:
            return _refused()
        place = await run_in_threadpool(session.place_for, unquote(request.headers.get(NAME, "")))
        try:
            is_whole = await _keep(request, place)
        except OSError:
            await run_in_threadpool(place.unlink, missing_ok=True)
            return _refused(_NO_ROOM, HTTPStatus.INSUFFICIENT_STORAGE)
        if not is_whole:
            await run_in_threadpool(place.unlink, missing_ok=True)
            return _refused()
        upload = await run_in_threadpool(session.take, place)
        return JSONResponse({"to": f"/files/{upload.id}"}, HTTPStatus.CREATED)

    return endpoint


async def _keep(request: Request, place: Path) -> bool:
    """Whether the whole file was put there; not where it is too large, or the browser went away."""
    size = 0
    async with await anyio.open_file(place, "xb") as file:
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > LARGEST:
                    return False
                await file.write(chunk)
        except ClientDisconnect:
            return False
    return True


def _refused(why: str = _TOO_LARGE, status: int = HTTPStatus.REQUEST_ENTITY_TOO_LARGE) -> Response:
    return JSONResponse({"error": why}, status, headers={"Connection": "close"})
