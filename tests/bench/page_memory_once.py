"""One session of the page in this process: a list of 100,000 rows is read, compared and taken off, some times over.

Prints the megabytes that the process holds as JSON: at first, with each sheet open, and after each was taken off.
"""

import json
import sys
import time
from pathlib import Path

from importer import Account
from importer.platforms.memory import collect_seldom, give_back, return_large_blocks
from importer.web.app import application
from importer.web.plan_preview import PlanChoices
from importer.web.session import Session
from importer.web.upload import Upload

_PAGE = 4096


def main(path: str, url: str, token: str, times: str) -> None:
    """Measure, and print. Without an address, no account is there and nothing is compared."""
    collect_seldom()
    return_large_blocks()
    held: dict[str, list[int]] = {"read": [], "planned": [], "taken off": []}
    with Session(Account(token or None, base_url=url or None, folder=Path(path).parent / "state")) as session:
        application(session)
        if url:
            session.sign_in(token, url)
        start = _resident_mb()
        for _ in range(int(times)):
            upload = session.add_upload(Path(path))
            _wait(upload)
            held["read"].append(_resident_mb())
            if url:
                upload.plan(session.need_account(), PlanChoices("upsert"), session.new_folder())
                _wait(upload)
                held["planned"].append(_resident_mb())
            del session.uploads[upload.id], upload
            give_back()
            held["taken off"].append(_resident_mb())
    print(json.dumps({"start": start, **held}))


def _wait(upload: Upload) -> None:
    while upload.state.is_busy:
        time.sleep(0.02)
    if upload.state.error is not None:
        raise SystemExit(str(upload.state.error))


def _resident_mb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE >> 20


if __name__ == "__main__":
    main(*sys.argv[1:])
