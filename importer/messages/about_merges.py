"""What is said where a sheet is compared with what the account held when the file was written. Knows no rule itself."""

from collections.abc import Sequence
from datetime import UTC, datetime

from importer.messages.catalogue import Said, problem
from importer.messages.modes import MIRROR_MODE
from importer.remedies import Advice, SetOption
from importer.text import count_of, shorten_list

_SHOWN = 5
_SEND_IT = Advice("To send the sheet's value all the same, load the result workbook again.")
_SEND_AT_ONCE = SetOption("on-conflict", "overwrite", "send it at once")


def day(time: datetime, now: datetime | None = None) -> str:
    """A day for a person, with the hour where it is today."""
    now = now or datetime.now(UTC)
    time = time.astimezone(UTC)
    date = f"{time.day} {time:%B %Y}"
    return f"{date} at {time:%H:%M} UTC" if time.date() == now.date() else date


@problem(
    "changed-on-both-sides", "The sheet and the account were both changed since the file was written",
    "level 5", "level 3", "level 4", " (changed on 2 March 2026)", "1 March 2026",
)  # fmt: skip
def changed_on_both_sides(sheet: str, base: str, account: str, when: str, since: str) -> Said:
    return (
        f"Changed on both sides since {since}, when it was {base}: the sheet says {sheet}, and Kantata holds "
        f"{account}{when}. Kantata's stays.",
        _SEND_IT,
        _SEND_AT_ONCE,
    )


@problem(
    "changed-on-both-sides", "The account was changed since a list was exported, and holds something else",
    "level 5", "level 4", " (changed on 2 March 2026)",
)  # fmt: skip
def changed_since_export(sheet: str, account: str, when: str) -> Said:
    return (
        f"Somebody changed it in Kantata since the list was exported: Kantata holds {account}{when}, and the sheet "
        f"says {sheet}. Kantata's stays.",
        _SEND_IT,
        _SEND_AT_ONCE,
    )


@problem("changed-since", "Somebody changed the record after the plan was made", "this plan was made", "level is 3 now")
def changed_after(event: str, how: str) -> Said:
    return f"Somebody has changed it since {event}: {how}. Kantata's stays.", _SEND_IT


def changed(time: datetime | None, who: str = "") -> str:
    """When a record was changed, behind what it holds; empty where the account does not tell."""
    if time is None:
        return ""
    return f" ({'created' if who else 'changed'} on {day(time)}{f' by {who}' if who else ''})"


def kept_and_in_conflict(kept: int, conflicts: int, units: str, since: str) -> str:
    """How many records changed in the account since the file was written, and what becomes of them."""
    unit = units.removesuffix("s")
    if not kept:
        return f"{count_of(conflicts, unit)} changed on both sides since {since}, in the sheet and in Kantata."
    are = "is" if kept == 1 else "are"
    both = f"; {conflicts:,} changed on both sides" if conflicts else ""
    return f"{count_of(kept, unit)} changed in Kantata since {since} and {are} kept{both}."


def kept_ones(each: Sequence[str]) -> str:
    """The first of the records that are kept as somebody changed them."""
    return f"Kept as in Kantata: {shorten_list(each, _SHOWN, '; ')}."


def overwritten(count: int) -> str:
    """How many records are overwritten that somebody changed, as the person said so."""
    they = "it was" if count == 1 else "they were"
    return (
        f"{count_of(count, 'change')} of somebody else will be overwritten, as you said: {they} made in Kantata since."
    )


def cleared_cells(count: int, since: str) -> str:
    """How many cells were filled when the file was written, and are blank now."""
    cells, were, are = (
        (count_of(count, "cell"), "was", "is") if count == 1 else (count_of(count, "cell"), "were", "are")
    )
    them = "it" if count == 1 else "them"
    return (
        f"{cells} that {were} filled on {since} {are} blank now. A blank changes nothing: to take the skill away, "
        f"write remove into {them}, or load the whole file in {MIRROR_MODE}."
    )


def deleted_rows(count: int, since: str) -> str:
    """How many records the list had when it was written, and has no longer."""
    records, have = count_of(count, "record"), "is" if count == 1 else "are"
    return (
        f"{records} that this list had on {since} {have} no longer in it. That changes nothing: to take a record away, "
        f"write remove into a column action, or load the whole list in {MIRROR_MODE}."
    )


def base_of_another(account: str, ours: str, *, goes_by_names: bool) -> str:
    """That the file was written out of another account."""
    told = (
        f"This file was written out of another account ({account}), so what changed since then in this one ({ours}) "
        "cannot be told: it is compared with the account as it is now."
    )
    return told if goes_by_names else f"{told} Its ids mean nothing here; load it by its names."


def lost_base() -> str:
    """That a file was exported, and does not say any more what the account held then."""
    return (
        "This matrix was exported, but the hidden sheet is gone that says what the account held then. So it is "
        "compared with the account as it is now: what others have changed since would be put back."
    )


def damaged_base() -> str:
    """That what the account held when the file was written cannot be read any more."""
    return (
        "The hidden sheet that says what the account held when this file was written was changed, so it is not used: "
        "the file is compared with the account as it is now."
    )
