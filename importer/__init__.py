"""Load spreadsheets of memberships into Kantata OX, and say what became of every row."""

__version__ = "0.2.0"
