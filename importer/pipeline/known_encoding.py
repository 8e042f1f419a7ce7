"""Which encoding a text file is in that does not tell: the one under which it has names that the account knows.

Knows cells and names; what letters look like is known to who reads the file.
"""

from importer.layouts.account_names import AccountNames
from importer.spreadsheet.read.book import Book

_MOST_TEXTS = 300


def settle_encoding(book: Book, names: AccountNames) -> None:
    """Read the file again in another of its likely encodings, if more names that the account knows speak for it."""
    if len(book.encodings) < 2:
        return
    taken = book.encodings[0]
    texts = dict.fromkeys(text for column in book.grid(None).columns for text in column if not text.isascii())
    data = [text.encode(taken, "ignore") for text in list(texts)[:_MOST_TEXTS]]
    read = {encoding: [each.decode(encoding, "ignore") for each in data] for encoding in book.encodings}
    every = frozenset(text.strip() for some in read.values() for text in some)
    known = names.people(every) | names.skills(every) | names.groups(every)
    counts = {encoding: sum(text.strip() in known for text in some) for encoding, some in read.items()}
    best = max(counts, key=counts.__getitem__)  # of equals the likeliest, which comes first
    if counts[best] > counts[taken]:
        book.settle_encoding(best)
