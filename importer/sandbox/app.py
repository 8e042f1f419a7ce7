"""The whole web application of a sandbox: the API at its base path, docs, controls and a page that says so."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi_offline import FastAPIOffline

from importer.sandbox.api_description import description
from importer.sandbox.call import BASE
from importer.sandbox.control import controls, sentence
from importer.sandbox.errors import SandboxError
from importer.sandbox.page import landing
from importer.sandbox.service import Service
from importer.sandbox.state import Sandbox


def application(sandbox: Sandbox) -> FastAPI:
    """The ASGI application that serves `sandbox`; the docs load nothing from other machines."""
    app = FastAPIOffline(title="Kantata OX sandbox", version="1", redirect_slashes=False)
    app.include_router(controls(sandbox))

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(landing(sandbox, str(request.base_url).rstrip("/")))

    app.mount(BASE, Service(sandbox))

    @app.exception_handler(SandboxError)
    async def refuse(_: Request, error: SandboxError) -> JSONResponse:
        return JSONResponse(sentence(error), status_code=400)

    described: dict[str, object] = {}

    def openapi() -> dict[str, object]:
        if not described:
            described.update(description(app))
        return described

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI is given a document of one's own
    return app
