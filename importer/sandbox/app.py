"""The whole web application of a sandbox: the API at its base path, docs, controls and a page that says so."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi_offline import FastAPIOffline

from importer.sandbox.api_description import ABOUT, described
from importer.sandbox.call import BASE
from importer.sandbox.control import controls
from importer.sandbox.errors import SandboxError
from importer.sandbox.page import landing
from importer.sandbox.service import Service
from importer.sandbox.state import Sandbox
from importer.sandbox.validation import sentence


def application(sandbox: Sandbox) -> FastAPI:
    """The ASGI application that serves `sandbox`; the docs load nothing from other machines."""
    app = FastAPIOffline(title="Kantata OX sandbox", version="1", description=ABOUT, redirect_slashes=False)

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(landing(sandbox, str(request.base_url).rstrip("/")))

    app.mount(BASE, Service(sandbox))
    app.include_router(described())
    app.include_router(controls(sandbox))

    @app.exception_handler(SandboxError)
    @app.exception_handler(RequestValidationError)
    async def refuse(_: Request, error: SandboxError | RequestValidationError) -> JSONResponse:
        if isinstance(error, SandboxError):
            return JSONResponse({"error": str(error)}, status_code=400)
        first = error.errors()[0]
        return JSONResponse({"error": sentence(first["loc"][1:], first["msg"])}, status_code=400)

    return app
