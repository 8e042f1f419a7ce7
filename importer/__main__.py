"""Lets `python -m importer` do what the command `importer` does."""

from importer.cli import command

command()
