"""How a run ended: its exit code, its counts, what is said of it, what to do next. Sends nothing, writes nothing."""

from collections.abc import Iterable, Mapping

from importer import errors
from importer.check.judge import Checked
from importer.kantata.client import Account
from importer.load import Load
from importer.model import Outcome, Problem, Result, count_outcomes
from importer.plan import Plan
from importer.table.summary import Summary

_TIME = "%Y-%m-%d %H:%M:%S UTC"
_WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED, Outcome.UNKNOWN})
_SOME_ROWS = 3


def exit_code(results: Iterable[Result], stopped: errors.ImporterError | None) -> int:
    """The exit code of a run that came to an end, by the worst that happened to a row."""
    counts = count_outcomes(results)
    if stopped is not None and not any(counts[outcome] for outcome in _WRITTEN):
        return stopped.exit_code
    if stopped is not None or counts[Outcome.UNKNOWN] or counts[Outcome.NOT_SENT]:
        return errors.Unfinished.exit_code
    if counts[Outcome.INVALID] or counts[Outcome.REFUSED] or counts[Outcome.CONFLICT]:
        return _SOME_ROWS
    return 0


def problems_of(results: Mapping[int, Result]) -> list[Problem]:
    """Every problem of a run in sheet order; a duplicate is an outcome, and no problem."""
    return [
        problem
        for row in sorted(results)
        if results[row].outcome is not Outcome.DUPLICATE
        for problem in results[row].problems
    ]


def summary_of_run(load: Load) -> Summary:
    """What the sheet `Summary` of a result says."""
    finished = load.finished or load.started
    counts = count_outcomes(load.results.values())
    return Summary(
        title=f"Result of loading {load.checked.table.source.path.name}",
        endpoint=load.plan.endpoint.name,
        account_key=load.account.key,
        facts=[
            *_facts(load.checked, load.plan, load.account),
            ("Run", load.run_id),
            ("Started", f"{load.started:{_TIME}}"),
            ("Finished", f"{finished:{_TIME}}"),
            ("Took", in_words((finished - load.started).total_seconds())),
        ],
        counts={outcome.value: count for outcome, count in counts.items()},
        counted="Rows by outcome",
        requests=requests_made(load),
        notes=[*load.checked.notes, *load.plan.notes],
        next_steps=next_steps(counts, load.stopped),
    )


def summary_of_plan(checked: Checked, plan: Plan, account: Account) -> Summary:
    """What the sheet `Summary` of a plan says."""
    settled = count_outcomes(plan.settled.values())
    counts = {action.value: count for action, count in plan.counts().items()}
    counts |= {outcome.value: count for outcome, count in settled.items() if count}
    steps = ["Run apply on this workbook. Rows that you delete from the sheet Plan are left out."]
    if settled[Outcome.INVALID]:
        steps.insert(0, "Correct the invalid rows here or in your own file; what is wrong stands beside each.")
    return Summary(
        title=f"What loading {checked.table.source.path.name} would change",
        endpoint=plan.endpoint.name,
        account_key=account.key,
        facts=_facts(checked, plan, account),
        counts=counts,
        counted="Rows by planned change",
        notes=[*checked.notes, *plan.notes],
        next_steps=steps,
    )


def _facts(checked: Checked, plan: Plan, account: Account) -> list[tuple[str, str]]:
    source = checked.table.source
    sheet = [("Sheet", source.sheet)] if source.sheet else []
    return [
        ("File", str(source.path)),
        *sheet,
        ("Rows", f"{len(checked.rows):,}"),
        ("Mode", plan.mode.value),
        ("Account", str(account)),
    ]


def requests_made(load: Load) -> dict[str, int]:
    """The requests that left, by method; `retries` are those among them that repeated another."""
    sent = load.client.sent
    return {**{method: sent[method] for method in ("GET", "POST", "PUT", "DELETE")}, "retries": load.client.retries}


def next_steps(counts: Mapping[Outcome, int], stopped: errors.ImporterError | None) -> list[str]:
    """What a person does next, in the order in which it helps."""
    steps = [] if stopped is None else [str(stopped)]
    unsettled = counts[Outcome.UNKNOWN] + counts[Outcome.NOT_SENT]
    to_fix = counts[Outcome.INVALID] + counts[Outcome.REFUSED]
    if to_fix:
        steps.append('Correct the rows on the sheet "To fix"; what is wrong stands beside each.')
    if unsettled or to_fix:
        steps.append('Run apply on this workbook: it loads the sheet "To fix", and nothing twice.')
    return steps or ["Nothing. Loading the same file again would change nothing."]


def in_words(seconds: float) -> str:
    """A length of time for a person: `under a second`, `about 42 seconds`, `about 3 minutes`."""
    if seconds < 1:
        return "under a second"
    if seconds < 90:
        return f"about {seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
    minutes = seconds / 60
    return f"about {minutes:.0f} minutes" if minutes < 90 else f"about {minutes / 60:.1f} hours"
