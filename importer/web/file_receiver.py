"""Receives a file from the page: bounded while it is read, under a name of ours. Knows bytes, and no sheet."""

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from importer.private_files import private

if TYPE_CHECKING:
    from importer.web.session import Session

LARGEST = 200 << 20
"""Bytes of a file that is taken: a million rows of an .xlsx are some sixty million."""
NAME = "x-file-name"
"""The header with the name that the person gave the file, percent-encoded."""

_NO_ROOM = "The disk is full. Free some space and choose the file again."
_TOO_LARGE = "The file is larger than 200 MB. Delete what is not part of the list, and save it again."


async def receive_file(request: Request) -> Response:
    """Take a file in: the body is the file, and memory never holds it as a whole."""
    session: Session = request.app.state.session
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size) > LARGEST:
        return _refuse()
    path = await run_in_threadpool(session.upload_path, unquote(request.headers.get(NAME, "")))
    try:
        is_whole = await _write(request, path)
    except OSError:
        await run_in_threadpool(path.unlink, missing_ok=True)
        return _refuse(_NO_ROOM, HTTPStatus.INSUFFICIENT_STORAGE)
    if not is_whole:
        await run_in_threadpool(path.unlink, missing_ok=True)
        return _refuse()
    upload = await run_in_threadpool(session.add_upload, path)
    return JSONResponse({"to": f"{request.scope.get('root_path', '')}/files/{upload.id}"}, HTTPStatus.CREATED)


async def _write(request: Request, path: Path) -> bool:
    """Whether the whole file was written there; not where it is too large, or the browser went away."""
    size = 0
    async with await anyio.open_file(path, "xb", opener=private) as file:
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > LARGEST:
                    return False
                await file.write(chunk)
        except ClientDisconnect:
            return False
    return True


def _refuse(reason: str = _TOO_LARGE, status: int = HTTPStatus.REQUEST_ENTITY_TOO_LARGE) -> Response:
    return JSONResponse({"error": reason}, status, headers={"Connection": "close"})
