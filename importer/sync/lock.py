"""Lets one process at a time write to an account, by a lock of the operating system that ends with the process."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from importer.messages import about_account, about_runs
from importer.platforms.file_moves import remove
from importer.platforms.system import is_windows
from importer.private_files import FILE, make_folder, make_state_folder, private

_WAIT_ON_WINDOWS_S = 2.0
"""Windows takes a moment to give back what a process had locked that was killed, and a scanner may hold the file."""


@contextmanager
def hold_account(folder: Path, account: str, doing: str) -> Iterator[None]:
    """Lock the account for this process; `doing` tells other processes what this one does.

    Raises: Guarded, naming the process that has the lock, or when the folder cannot be written.
    """
    name = _name(account)
    locks = folder / "locks"
    note = locks / f"{name}.json"
    try:
        make_state_folder(folder)
        make_folder(locks)
        lock = FileLock(locks / f"{name}.lock", mode=FILE)
        lock.acquire(timeout=_WAIT_ON_WINDOWS_S if is_windows() else 0)
    except Timeout:
        raise about_runs.account_is_locked(_holder(note)) from None
    except OSError as error:
        raise about_account.no_state_folder(str(folder), error.strerror) from None
    try:
        _write(note, doing)
        yield
    finally:
        remove(note)  # on Windows not while somebody reads it, which is all the same: the lock is what counts
        lock.release()


@contextmanager
def hold_accounts(folder: Path, accounts: Iterable[str], doing: str) -> Iterator[None]:
    """Lock all these accounts, and make sure that no process of this machine writes to any other one just now. What a
    process that was killed noted beside its lock is deleted.

    Raises: Guarded as `hold_account`.
    """
    with ExitStack() as held:
        for account in sorted(set(accounts)):
            held.enter_context(hold_account(folder, account, doing))
        ours = {_name(account) for account in accounts}
        for note in (folder / "locks").glob("*.json"):
            if note.stem not in ours:
                try:
                    with FileLock(note.with_suffix(".lock"), timeout=0, mode=FILE):
                        note.unlink(missing_ok=True)
                except Timeout:
                    raise about_runs.account_is_locked(_holder(note)) from None
        yield


def _name(account: str) -> str:
    """What the lock of an account is called."""
    return hashlib.sha256(account.encode()).hexdigest()[:16]


def _write(note: Path, doing: str) -> None:
    """Say who has the lock, for those who find it taken; nothing depends on that."""
    started = f"{datetime.now().astimezone():%H:%M:%S}"
    with suppress(OSError), open(note, "w", encoding="utf-8", opener=private) as file:
        json.dump({"doing": doing, "process": os.getpid(), "since": started}, file)


def _holder(note: Path) -> str:
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        return f"{holder['doing']}, process {holder['process']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "we do not know which"
