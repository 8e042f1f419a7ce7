"""The skill matrix of an account as a workbook: who and where, and how well, to look at, to change and to load."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from importer import endpoints
from importer.export import consistency
from importer.export.directory_lists import places_of_people
from importer.export.disk_buffer import Watch, no_watch
from importer.export.filters import ExportFilters
from importer.export.membership_lists import Source
from importer.export.prefilled_templates import base_of_matrix, skill_matrix
from importer.export.record_filters import choose_people, choose_skills
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.layouts.proposal import MATRIX_OF
from importer.messages import about_exports
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.matrix_sheet import WHERE, WHO, MatrixSheet, Shape
from importer.spreadsheet.write.matrix_template import LiveMatrix, sheets_of, write_live_matrix

MATRIX = "skill-matrix"
SHAPE = Shape(who=(*WHO, *WHERE))


@dataclass(frozen=True, slots=True)
class ExportedMatrix:
    """A matrix that was written: where, how many people, skills and levels, whether the count of all levels stood still
    meanwhile, and sentences on what is in it.
    """

    path: Path
    people: int
    skills: int
    levels: int
    is_verified: bool
    notes: tuple[str, ...]
    requests: Mapping[str, int]
    """The requests that it took, by method."""


def export_matrix(
    to: Access, scope: ExportFilters, path: Path, watch: Watch = no_watch, shape: Shape = SHAPE
) -> ExportedMatrix:
    """Write the levels of people and skills as a workbook that loads as it is. Inactive people are among them.

    Raises: Usage for a filter that names nothing or leaves nobody, or a name that is no workbook's; Denied,
    Unreachable; ImporterError if the file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise about_exports.matrix_name(str(path))
    atomic_write.check_folder(path)
    made, moved = read_matrix(to, scope, watch, shape)
    levels = sum(map(len, made.levels.values()))
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)  # the format wants it without a zone
    notes = [f"{len(made.people):,} people, {len(made.skills):,} skills, {levels:,} levels."]
    if str(scope):
        notes.append(f"Only {scope}.")
    if scope.filters.chooses_skills:
        notes.append("It does not hold everything that these people have: do not load it with --mode mirror.")
    notes.append(consistency.count_note(moved))
    about = [f"What the account holds as {to.account} sees it, on {now:%Y-%m-%d %H:%M} UTC.", *notes]
    sheets = len(sheets_of(made))
    if sheets > 1:
        notes.append(f"They stand on {sheets} sheets, as one has not room for them; they load as one.")
    live = LiveMatrix(made, about, now, base_of_matrix(to, made))
    watch("Writing", 0, 0)
    written = atomic_write.put(path, lambda file: write_live_matrix(file, live))
    return ExportedMatrix(
        written,
        len(made.people),
        len(made.skills),
        levels,
        consistency.are_still(moved),
        tuple(notes),
        to.client.requests,
    )


def read_matrix(
    to: Access, scope: ExportFilters, watch: Watch = no_watch, shape: Shape = SHAPE
) -> tuple[MatrixSheet, consistency.Counts]:
    """The levels of people and skills, with where these people belong; and how the count of all levels moved meanwhile.

    Raises: Usage for a filter that names nothing or leaves nobody; Denied, Unreachable.
    """
    source = Source(to.client, AccountDirectory(to.client), scope)
    chosen = choose_people(to.client, source.directory, scope.filters)
    skills = choose_skills(source.directory, scope.filters)
    where = places_of_people(source)
    made, moved = consistency.read_between_counts(
        to.client,
        [endpoints.load(MATRIX_OF)],
        lambda: skill_matrix(
            to.client, source.directory, chosen, skills, shape, lambda records: watch("Reading", records, 0)
        ),
        partly=True,
    )
    people = []
    for row in made.people:
        department, geography = where(row.user_id)
        people.append(replace(row, department=_short(department), geography=_short(geography)))
    return replace(made, people=people), moved


def _short(paths: str) -> str:
    """Paths without the root of their tree, which all places share: they are for reading here."""
    return "; ".join(path.partition(" > ")[2] or path for path in paths.split("; "))
