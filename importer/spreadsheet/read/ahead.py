"""A file opened in a thread of its own, while the libraries that take half a second to import are imported.

Reading a workbook is work outside the interpreter's lock, importing is work inside it: together they take a fifth
of a second less than one after the other.
"""

from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from importer.spreadsheet.read.book import Book


def open_ahead(path: Path, encoding: str | None, sheet: str | None) -> "Future[Book]":
    """The book, soon; its likeliest sheet is read too. What opening it raises is raised when it is asked for."""
    opened: Future[Book] = Future()
    Thread(target=_open, args=(opened, path, encoding, sheet), name="open", daemon=True).start()
    return opened


def _open(opened: "Future[Book]", path: Path, encoding: str | None, sheet: str | None) -> None:
    try:
        book = Book(path, encoding)
        book.grid(book.candidates[0] if sheet is None else sheet)
    except BaseException as error:  # noqa: BLE001  (it belongs to whoever asks for the book)
        opened.set_exception(error)
    else:
        opened.set_result(book)
