"""What a run that stopped has done is found out before another one compares a file with the account."""

from importer.cli.output import say


def say_recovery(run: str) -> None:
    """Say that a run is looked into."""
    say(f"Run {run} stopped while a request was in flight; looking what became of it.")
