"""Comments put on cells of a person's sheet, beside those that stand there. Knows their texts, and not their boxes."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.write.safe_text import cell_text
from importer.spreadsheet.xml_tree import MAIN, main_tag, parse_fragment, serialize

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

AUTHOR = "importer"
BARE = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
"""A part of comments with none in it."""
_FONT = '<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/>'
_THREAD = "tc="
"""The author of a comment that only stands in for a conversation begins so; Excel shows the conversation instead."""
_BREAK = r"(?:\r?\n|_x000[aA]_)"
_HEADING = re.compile(f"{_BREAK}{_BREAK}{AUTHOR}:(?=$|{_BREAK})")
"""How what is ours begins behind a text of the person's."""


class Comments:
    """The comments of one sheet, while ours are put to them.

    Raises: NotKeptError when they have no list.
    """

    def __init__(self, root: "Element") -> None:
        self._root = root
        self._author_list, self._list = _only(root, "authors"), _only(root, "commentList")
        self._authors = [author.text or "" for author in self._author_list.iterchildren("*")]
        self._by_cell = {comment.get("ref", "").upper(): comment for comment in self._list.iterchildren("*")}
        self._new: list[str] = []
        authors = {cell: self._author(comment) for cell, comment in self._by_cell.items()}
        self.cells = frozenset(authors)
        """The cells with a comment."""
        self.ours = frozenset(cell for cell, author in authors.items() if author == AUTHOR)
        """The cells whose whole comment is an earlier run's."""
        self.conversations = frozenset(cell for cell, author in authors.items() if author.startswith(_THREAD))
        """The cells with a conversation, to which nothing can be added."""

    def put(self, texts: Mapping[str, str]) -> bool:
        """Put these comments, by cell, in the place of those of an earlier run; return whether that changed anything.

        What a person wrote on a cell stays before ours; no text may be for a conversation.
        """
        theirs = self.cells - self.ours - self.conversations
        changed = bool(texts or self.ours)
        for cell in self.ours:
            self._list.remove(self._by_cell[cell])
        for cell in theirs:
            inside = self._by_cell[cell].find(main_tag("text"))
            if inside is not None:
                changed |= _remove_ours(inside)
                if cell in texts:
                    _append_ours(inside, texts[cell])
        if texts and AUTHOR not in self._authors:
            self._authors.append(AUTHOR)
            self._author_list.extend(parse_fragment(f"<author>{AUTHOR}</author>"))
        author = self._authors.index(AUTHOR) if texts else 0
        space = f' xmlns="{MAIN}"' if self._list.prefix else ""
        self._new = [
            f'<comment{space} ref="{cell}" authorId="{author}"><text>{_runs(text)}</text></comment>'
            for cell, text in texts.items()
            if cell not in theirs
        ]
        return changed

    def xml(self) -> bytes:
        """The part with what was put."""
        self._list.text = self._list.text or ""  # so that it has an end tag
        before, end_tag, after = serialize(self._root).rpartition(f"</{_prefix(self._list)}commentList>".encode())
        # As trees, thousands of new comments would take ten times as much memory.
        return b"".join([before, *(comment.encode() for comment in self._new), end_tag, after])

    def _author(self, comment: "Element") -> str:
        number = int(comment.get("authorId", "0"))
        return self._authors[number] if number < len(self._authors) else ""


def _prefix(element: "Element") -> str:
    return f"{element.prefix}:" if element.prefix else ""


def _only(comments: "Element", name: str) -> "Element":
    """The list of this name.

    Raises: NotKeptError when there is none.
    """
    found = comments.find(main_tag(name))
    if found is None:
        raise NotKeptError("its comments are damaged")
    return found


def _runs_of(inside: "Element") -> list["Element"]:
    """The runs of a comment's text, or its one plain text."""
    return list(inside.iterchildren(main_tag("r"), main_tag("t")))


def _remove_ours(inside: "Element") -> bool:
    """Remove what an earlier run put behind a person's text; return whether there was anything.

    A program that keeps no runs makes one text of a person's and ours.
    """
    runs = _runs_of(inside)
    for number, run in enumerate(runs):
        words = run if run.tag == main_tag("t") else run.find(main_tag("t"))
        heading = None if words is None else _HEADING.search(words.text or "")
        if words is None or heading is None:
            continue
        words.text = heading.string[: heading.start()]
        for each in runs[number + 1 :] if words.text else runs[number:]:
            inside.remove(each)
        return True
    return False


def _append_ours(inside: "Element", text: str) -> None:
    runs = _runs_of(inside)
    if runs and runs[0].tag == main_tag("t"):  # a plain text, which may not stand beside runs
        plain, runs = runs[0], parse_fragment("<r/>")
        inside.replace(plain, runs[0])
        runs[0].append(plain)
    at = inside.index(runs[-1]) + 1 if runs else 0
    inside[at:at] = parse_fragment(_runs(text, before="\n\n"))


def _runs(text: str, before: str = "") -> str:
    """The text under the name of whose it is, as Excel writes comments."""
    space = ' xml:space="preserve"'
    return (
        f"<r><rPr><b/>{_FONT}</rPr><t{space}>{before}{AUTHOR}:</t></r>"
        f"<r><rPr>{_FONT}</rPr><t{space}>\n{cell_text(text)}</t></r>"
    )
