"""What a person asks of an export: which people, skills, groups and places, and of which time. Knows no account."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypedDict, cast

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


class SelectionOptions(TypedDict, total=False):
    """Which people and skills are meant, by name. Names of one kind are alternatives; all kinds that are named hold."""

    users: Sequence[str]
    """People, by e-mail address or full name."""
    groups: Sequence[str]
    departments: Sequence[str]
    """Paths such as `Company > Technology`; what lies in them is meant, too."""
    geographies: Sequence[str]
    projects: Sequence[str]
    skills: Sequence[str]
    categories: Sequence[str]
    with_inactive: bool
    """Whether inactive people are among them."""


class ExportOptions(SelectionOptions, total=False):
    """What is to be exported; without options, all of it. Times are ISO dates, or times with their zone."""

    active_only: bool
    """Whether inactive people are left out."""
    created_after: str | None
    created_before: str | None
    updated_after: str | None
    updated_before: str | None
    matching: str | None
    """Only what Kantata finds under this text."""
    member_type: str | None
    """`User` or `Workspace`."""
    tree: str | None
    """`Geography` or `Department`."""
    primary: bool | None
    companies_only: bool


_SELECTION = ("users", "groups", "departments", "geographies", "projects", "skills", "categories")


def to_filters(options: SelectionOptions) -> Filters:
    """The people and skills that are meant."""
    named = {name: tuple(cast("Sequence[str]", options.get(name, ()))) for name in _SELECTION}
    return Filters(**named, with_inactive=options.get("with_inactive", False))


def to_export_filters(options: ExportOptions) -> ExportFilters:
    """What is to be exported.

    Raises: Usage for a time that is none.
    """
    filters = replace(to_filters(options), with_inactive=not options.get("active_only", False))
    return ExportFilters(
        filters=filters,
        created=period(options.get("created_after"), options.get("created_before")),
        updated=period(options.get("updated_after"), options.get("updated_before")),
        matching=options.get("matching") or "",
        member_type=options.get("member_type") or "",
        tree=options.get("tree") or "",
        primary=options.get("primary"),
        companies_only=options.get("companies_only", False),
    )


def stamp(record: Mapping[str, object], name: str) -> str | None:
    """A time that a record tells, in UTC."""
    text = record.get(name)
    return utc(text) if isinstance(text, str) and text else None
