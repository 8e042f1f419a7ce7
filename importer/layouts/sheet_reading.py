"""How one sheet is read: each layout proposes a reading, and the one that explains the sheet best is taken.

Knows what layouts propose, and what the account calls its people and things; knows no layout, and reads no file.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from importer import layouts
from importer.endpoints.declare import Endpoint
from importer.errors import Choice, Unreadable
from importer.layouts.header_meanings import explain_missing, header_search_depth
from importer.layouts.proposal import MATRIX_NAME, Basis, Layout, Proposal, SheetReading, SheetToRead
from importer.messages import about_sheets
from importer.table import Oddity

_FEW_DATES = 2
_LOOKED_AT, _COLUMNS = 200, 12
"""Rows and columns in which people are looked for where a sheet has no table."""
_MOST_CHOICES = 3
_OURS = frozenset({"list", "matrix"})
"""The layouts in which we write sheets ourselves."""

Proposed = tuple[Layout[Any], Proposal[Any]]


def read_sheet(here: SheetToRead) -> SheetReading[Any] | Unreadable:
    """The table of a sheet, as the layout that explains it best reads it; or why it has none.

    What headings say is asked before the shape of the cells.

    Raises: Unreadable; Ambiguous where only a person can say how it is to be read.
    """
    for basis in Basis:
        of_basis = (each for each in layouts.load_all() if each.basis is basis and here.allows(each.name))
        open_to = (each for each in of_basis if each.name in _OURS or not here.is_ours)
        proposed = [(each, proposal) for each in open_to if (proposal := each.propose(here)) is not None]
        if proposed:
            best = _best(proposed)
            reading = best[1].read()
            return replace(reading, reasons=_reasons(best, proposed, reading.endpoint))
    return _why_none(here)


def _reasons(best: Proposed, proposed: Sequence[Proposed], endpoint: Endpoint) -> tuple[str, ...]:
    """What spoke for the best proposal, and which others there were."""
    others = (each for each in proposed if each is not best)
    return (
        f"What speaks for that: {best[1].evidence.sentence}.",
        *(
            f"It could also be {layout.described(endpoint)}. What speaks for that: {each.evidence.sentence}."
            for layout, each in others
        ),
    )


def _best(proposed: Sequence[Proposed]) -> Proposed:
    """The proposal for which clearly most speaks.

    Raises: Ambiguous where as much speaks for another one; each answer is a record as the sheet would have it.
    """
    best = max(proposal.evidence for _, proposal in proposed)
    equal = [each for each in proposed if each[1].evidence == best]
    shown = {layout.name: proposal.example for layout, proposal in equal if proposal.example}
    if len(shown) > 1:
        answers = [Choice(example, "layout", name) for name, example in shown.items()]
        raise about_sheets.which_layout(shown).asking(*answers[:_MOST_CHOICES])
    return equal[0]


def _why_none(here: SheetToRead) -> Unreadable:
    """Why a sheet has no table."""
    row = here.asked.matrix.header_row
    rows = here.grid.head(header_search_depth())
    dates = sum(oddity is Oddity.DATE for oddity in here.grid.oddities.values())
    hint = [about_sheets.dates_among_levels(dates)] if dates > _FEW_DATES else []
    hint += [] if here.names.is_there else [about_sheets.ACCOUNT_MAY_TELL]
    if here.meant == MATRIX_NAME:
        return about_sheets.no_matrix().also(*hint)
    headings = [text for text in next((row for row in rows if any(text.strip() for text in row)), ()) if text.strip()]
    known = _people(here)
    if known and here.meant is None and not here.names.people(frozenset(headings)):
        return about_sheets.people_alone(known, headings)
    return explain_missing(rows if row is None else rows[row - 1 : row], here.endpoints, row or 1).also(*hint)


def _people(here: SheetToRead) -> int:
    """How many people of the account stand in one column of a sheet without a table."""
    columns = [set(column[:_LOOKED_AT]) - {""} for column in here.grid.columns[:_COLUMNS]]
    known = here.names.people(frozenset[str]().union(*columns)) if columns else frozenset[str]()
    return max((len(texts & known) for texts in columns), default=0)
