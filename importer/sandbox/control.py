"""The controls of a running sandbox, under /sandbox: switches, faults, log, rows, reset; loopback only.

Knows HTTP and the sandbox's own words, and nothing of the API that it stands in for.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, HTTPException, Request

from importer.sandbox.faults.declare import FaultRequest, requested
from importer.sandbox.manual_writes import Change, Changed
from importer.sandbox.state import Sandbox
from importer.sandbox.switches import SWITCHES

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def local_only(request: Request) -> None:
    """Refuse other machines, and pages of other sites in this machine's browser."""
    host = request.url.hostname or ""
    caller = request.client.host if request.client else ""
    if host not in LOOPBACK or caller not in LOOPBACK:
        raise HTTPException(403, "The controls are for this machine only.")


def controls(sandbox: Sandbox) -> APIRouter:
    """The control endpoints of one sandbox. A SandboxError is answered 400 by the application."""
    router = APIRouter(prefix="/sandbox", dependencies=[Depends(local_only)], tags=["Sandbox controls"])

    @router.get("/switches", summary="Every switch with its present value")
    async def get_switches() -> dict[str, dict[str, str]]:
        return {name: {"value": value, **SWITCHES[name].described} for name, value in sandbox.board.all().items()}

    @router.put("/switches", summary='Change some switches: {"bulk": "partial"} or {"like": "hostile"}')
    async def put_switches(wanted: dict[str, str | int | float | bool]) -> dict[str, str]:
        sandbox.set({name: _as_text(value) for name, value in wanted.items()})
        return sandbox.board.all()

    @router.get("/faults", summary="The script of faults, and which requests each has hit")
    async def get_faults() -> list[dict[str, object]]:
        return sandbox.script.all()

    @router.put("/faults", summary='A new script: [{"on": "POST", "nth": 3, "fault": "drop_after_commit"}]')
    async def put_faults(items: list[FaultRequest]) -> list[dict[str, object]]:
        sandbox.set_faults([requested(item) for item in items])
        return sandbox.script.all()

    @router.get("/requests", summary="The log of API requests, in order; ?after=N for the later ones")
    async def get_requests(after: int = 0) -> list[dict[str, object]]:
        rows = sandbox.store.rows("SELECT * FROM requests WHERE number > ? ORDER BY number", (after,))
        return [dict(row) for row in rows]

    @router.delete("/requests", summary="Empty the log; numbers go on")
    async def delete_requests() -> dict[str, int]:
        return {"deleted": sandbox.store.run("DELETE FROM requests")}

    @router.get("/counts", summary="How many rows each table holds")
    async def get_counts() -> dict[str, int]:
        return sandbox.store.counts()

    @router.post("/rows", summary="Write a row as a person in the web application would")
    async def post_rows(wanted: Change) -> Changed:
        return sandbox.by_hand(wanted)

    @router.post("/reset", summary="Rows, switches, faults and log as at the start")
    async def post_reset() -> Mapping[str, int]:
        sandbox.reset()
        return sandbox.store.counts()

    return router


def _as_text(value: object) -> str:
    """A value of JSON as a switch is spelled: numbers as text, true and false as on and off."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
