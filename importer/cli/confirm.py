"""Asks a person what a file means, and before anything is sent. Needs a terminal; decides nothing itself."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from importer import Ambiguous, Choice, Guarded, count_of
from importer.cli.output import can_ask, say_anomalies, say_lines
from importer.messages import about_forgetting, about_plans

if TYPE_CHECKING:
    from importer import RunPlan


def confirm_sending(plan: "RunPlan", *, yes: bool) -> None:
    """Send a plan only if the person says so, or has said so with --yes. What it costs is only counted to ask.

    Raises: Guarded when they do not, or nobody is there to ask.
    """
    if not yes:
        _ask(f"Send {plan.forecast_sentence}?", about_plans.nobody_to_ask(), about_plans.said_no())


def confirm_deletion(question: str, *, yes: bool) -> None:
    """Delete something only if the person says so, or has said so with --yes.

    Raises: Guarded when they do not, or nobody is there to ask.
    """
    if not yes:
        _ask(question, about_forgetting.nobody_to_ask(), about_forgetting.said_no())


def _ask(question: str, nobody: Guarded, refused: Guarded) -> None:
    """Return if the person says yes.

    Raises: `nobody` where there is nobody to ask, `refused` where they say no.
    """
    if not can_ask():
        raise nobody
    if not click.confirm(question, default=False, err=True):
        raise refused


def confirm_removals(plan: "RunPlan", allowed: int, *, yes: bool) -> int:
    """How many records may be removed: as many as are allowed, or as the person types.

    Raises: Guarded when they do not, or we may not ask.
    """
    removals = len(plan.removals)
    if removals <= allowed:
        return allowed
    if yes or not can_ask():
        plan.guard_removals(allowed)
    typed = click.prompt(
        f"{count_of(removals, 'record')} would be removed. Type the number to go on", default="", err=True
    )
    if typed.strip().replace(",", "") != str(removals):
        raise about_plans.said_no()
    return removals


def choose(question: Ambiguous) -> Choice:
    """The answer that the person means, of those that an ambiguous file leaves.

    Raises: Ambiguous, as it was, when there are none or nobody is there to ask.
    """
    if not (question.answers and can_ask()):
        raise question
    click.echo(f"{question.message[:1].upper()}{question.message[1:]}", err=True)
    for number, answer in enumerate(question.answers, 1):
        click.echo(f"  {number}  {answer.label}", err=True)
    which = click.IntRange(1, len(question.answers))
    likely = 1 if question.is_first_likely else None
    return question.answers[click.prompt("Which one? Type its number", default=likely, type=which, err=True) - 1]


def confirm_anomalies(plan: "RunPlan", accepted: Collection[str], *, yes: bool) -> Collection[str]:
    """The codes of the anomalies that the person intends: those in --accept, or all if the person types yes.

    Raises: Suspected when one is left and we may not ask: --yes alone accepts no anomaly.
    """
    left = [each for each in plan.anomalies if each.code not in accepted]
    say_lines(each.acceptance_note for each in plan.anomalies if each.code in accepted)
    if not left:
        return accepted
    if yes or not can_ask():
        plan.guard_anomalies(accepted)
    say_anomalies(left)
    typed = click.prompt("This looks like a mistake. Type yes if it is meant", default="", err=True)
    if typed.strip().lower() != "yes":
        raise about_plans.said_no()
    return [each.code.value for each in plan.anomalies]
