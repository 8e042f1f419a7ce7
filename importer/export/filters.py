"""What a person asks of an export: which people, skills, groups and places, and of which time. Knows no account."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from importer.export.record_filters import Filters
from importer.messages import about_exports


@lru_cache(maxsize=65536)
def utc(text: str) -> str | None:
    """A time as the API tells it, in UTC: `2026-01-31T09:30:00+00:00`; None if it is none.

    Two such texts compare as their times do.
    """
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)).isoformat()


@dataclass(frozen=True, slots=True)
class Period:
    """A time between two others, as `utc` writes them; the empty text leaves a side open."""

    after: str = ""
    before: str = ""

    def holds(self, time: str | None) -> bool:
        """Whether this time lies in it; a time that is not known does not lie in a period with a side."""
        if not self.after and not self.before:
            return True
        return time is not None and self.after < time and (not self.before or time < self.before)

    def filters(self, stamp: str) -> dict[str, str]:
        """The filters of the API: `created_after` and `created_before` for the stamp `created`."""
        sides = {f"{stamp}_after": self.after, f"{stamp}_before": self.before}
        return {name: time.replace("+00:00", "Z") for name, time in sides.items() if time}

    def __str__(self) -> str:
        return " and ".join(f"{word} {time}" for word, time in (("after", self.after), ("before", self.before)) if time)


def period(after: str | None, before: str | None) -> Period:
    """The time between two that a person writes: a day means its beginning, and without a zone it is UTC.

    Raises: Usage for what is no time.
    """
    found = []
    for text in (after, before):
        time = utc(text.strip()) if text else ""
        if time is None:
            raise about_exports.not_a_date(text or "")
        found.append(time)
    return Period(*found)


@dataclass(frozen=True, slots=True)
class ExportFilters:
    """What is to be exported. `filters` choose people and skills, and where they are said to be in what; `tree` is
    Geography or Department, `member_type` User or Workspace; None and the empty text leave all.
    """

    filters: Filters = field(default_factory=lambda: Filters(with_inactive=True))
    created: Period = field(default_factory=Period)
    updated: Period = field(default_factory=Period)
    matching: str = ""
    member_type: str = ""
    tree: str = ""
    primary: bool | None = None
    companies_only: bool = False

    @property
    def active_only(self) -> bool:
        """Whether inactive people are left out."""
        return not self.filters.with_inactive

    def time_filters(self) -> dict[str, str]:
        """The filters of the API for both times."""
        return self.created.filters("created") | self.updated.filters("updated")

    def is_in_time(self, record: Mapping[str, object]) -> bool:
        """Whether a record was made and changed when it should be, by what it tells."""
        return self.created.holds(stamp(record, "created_at")) and self.updated.holds(stamp(record, "updated_at"))

    def __str__(self) -> str:
        times = [("created", self.created), ("updated", self.updated)]
        texts = [
            str(self.filters),
            *(f"{word} {period}" for word, period in times if str(period)),
            f"matching {self.matching}" if self.matching else "",
            f"member type {self.member_type}" if self.member_type else "",
            f"tree {self.tree}" if self.tree else "",
            "" if self.primary is None else "primary" if self.primary else "not primary",
            "companies" if self.companies_only else "",
            "active people" if self.active_only else "",
        ]
        return "; ".join(text for text in texts if text)


def stamp(record: Mapping[str, object], name: str) -> str | None:
    """A time that a record tells, in UTC."""
    text = record.get(name)
    return utc(text) if isinstance(text, str) and text else None
