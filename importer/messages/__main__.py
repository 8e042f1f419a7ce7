"""Prints the page of the documentation that lists every message: `python -m importer.messages > docs/messages.md`."""

import sys

from importer.messages.catalogue import as_markdown

sys.stdout.write(as_markdown())
