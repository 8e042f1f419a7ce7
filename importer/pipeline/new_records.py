"""What a plan must have before it makes new things: all that they need, and room for them in the account.

Knows the plan of one table; what is only a person's to say is asked.
"""

from dataclasses import replace

from importer.kantata.connection import Access
from importer.kantata.uses import read_uses
from importer.messages import about_migrations
from importer.model import Action, CellRef, Change, Problem
from importer.pipeline.creation import Creation, question
from importer.sync.plan import Plan
from importer.sync.undo import in_words
from importer.validation.account_limits import account_limit_problems
from importer.validation.parsed_table import problem_at
from importer.validation.schema import CheckedTable

Problems = dict[CellRef, list[Problem]]


def complete(checked: CheckedTable, plan: Plan, creation: Creation) -> tuple[Plan, Problems]:
    """The plan whose new things have all that they need, and a problem for each that lacks something.

    Raises: Ambiguous where the sheet has no column for what new things need, and nobody has said it.
    """
    needed = [each for each in plan.endpoint.fields if each.is_needed_to_create]
    creates = plan.of(Action.CREATE) if needed else []
    problems: Problems = {}
    changes = dict(plan.changes)
    for field in needed:
        column = checked.table.first_telling(field.name)
        lacking = [change for change in creates if changes[change.ref].fields.get(field.name) is None]
        said = creation.said(field.name)
        if lacking and said is None and column is None:
            raise question(field.name, [change.key[-1] for change in lacking])
        for change in lacking:
            if said is not None:
                changes[change.ref] = _with(changes[change.ref], field.name, said)
            else:
                error = about_migrations.needed_to_create(field.name, field.accepted)
                problems.setdefault(change.ref, []).append(problem_at(checked.table, change.ref, column, error))
    return replace(plan, changes=changes), problems


def _with(change: Change, name: str, value: str) -> Change:
    return change._replace(fields={**change.fields, name: value})


def beyond_limit(checked: CheckedTable, plan: Plan, there: int, creation: Creation) -> Problems:
    """A problem for each new thing that the account has no room for; `there` is how many it has."""
    endpoint = plan.endpoint
    limit = creation.limits.get(endpoint.name, endpoint.account_limit)
    creates = plan.of(Action.CREATE)
    if limit is None or there + len(creates) <= limit:
        return {}
    return account_limit_problems(checked, creates[max(limit - there, 0) :], there, limit)


def in_use(checked: CheckedTable, plan: Plan, access: Access) -> Problems:
    """A problem for each thing that is to be removed and that something else in the account uses.

    Raises: Denied, Unreachable.
    """
    removals = {change.record_id: change for change in plan.of(Action.REMOVE) if change.record_id}
    if not (plan.endpoint.are_things and removals):
        return {}
    uses = read_uses(access.client, plan.endpoint, removals.keys())
    return {
        removals[id_].ref: [
            problem_at(
                checked.table, removals[id_].ref, None, about_migrations.in_use(removals[id_].key[-1], in_words(by))
            )
        ]
        for id_, by in uses.items()
    }
