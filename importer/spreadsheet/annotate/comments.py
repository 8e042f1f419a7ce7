"""Comments put on cells of a person's sheet, beside those that stand there. Knows their texts, and not their boxes."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from importer.coordinates import Place, address, parse_address
from importer.spreadsheet.annotate.xml_edit import NotKeptError, number
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
    """The comments of one sheet, with these texts in the place of those of an earlier run.

    What a person wrote on a cell stays before ours; to a conversation nothing is added. `new` are the texts on cells
    that had no comment, `gone` the cells that have none any more; `are_changed` says whether anything changed.
    Raises: NotKeptError when they have no list.
    """

    def __init__(self, root: "Element", texts: Mapping[Place, str]) -> None:
        self._root = root
        self._author_list, self._list = _only(root, "authors"), _only(root, "commentList")
        self._authors = [author.text or "" for author in self._author_list.iterchildren("*")]
        self.are_changed = False
        own = {address(*place): (place, text) for place, text in texts.items()}
        removed: set[str] = set()
        for comment in self._list.findall(main_tag("comment")):
            cell, author = comment.get("ref", "").upper(), self._author(comment)
            if author == AUTHOR:
                self._list.remove(comment)
                removed.add(cell)
                continue
            _, text = own.pop(cell, (None, None))
            if not author.startswith(_THREAD):
                self.are_changed |= _replace_ours(comment, text)
        self.are_changed |= bool(own or removed)
        self.new = {place: text for cell, (place, text) in own.items() if cell not in removed}
        self.gone = [parse_address(cell) for cell in removed - own.keys()]
        self._own = {cell: text for cell, (_, text) in own.items()}

    def xml(self) -> bytes:
        """The whole part."""
        if self._own and AUTHOR not in self._authors:
            self._authors.append(AUTHOR)
            self._author_list.extend(parse_fragment(f"<author>{AUTHOR}</author>"))
        self._list.text = self._list.text or ""  # so that it has an end tag
        prefix, space = (f"{self._list.prefix}:", f' xmlns="{MAIN}"') if self._list.prefix else ("", "")
        before, end_tag, after = serialize(self._root).rpartition(f"</{prefix}commentList>".encode())
        # As trees, thousands of new comments would take ten times as much memory.
        start = f'<comment{space} authorId="{self._authors.index(AUTHOR)}" ref=' if self._own else ""
        own = (f'{start}"{cell}"><text>{_runs(text)}</text></comment>'.encode() for cell, text in self._own.items())
        return b"".join([before, *own, end_tag, after])

    def _author(self, comment: "Element") -> str:
        at = number(comment.get("authorId"))
        return self._authors[at] if at < len(self._authors) else ""


def _only(comments: "Element", name: str) -> "Element":
    """The list of this name.

    Raises: NotKeptError when there is none.
    """
    found = comments.find(main_tag(name))
    if found is None:
        raise NotKeptError("its comments are damaged")
    return found


def _replace_ours(comment: "Element", text: str | None) -> bool:
    """Put a text behind a person's, in the place of what an earlier run put there; return whether anything changed."""
    inside = comment.find(main_tag("text"))
    if inside is None:
        return False
    removed = _remove_ours(inside)
    if text is None:
        return removed
    runs = _runs_of(inside)
    if runs and runs[0].tag == main_tag("t"):  # a plain text, which may not stand beside runs
        plain, runs = runs[0], parse_fragment("<r/>")
        inside.replace(plain, runs[0])
        runs[0].append(plain)
    at = inside.index(runs[-1]) + 1 if runs else 0
    inside[at:at] = parse_fragment(_runs(text, before="\n\n"))
    return True


def _remove_ours(inside: "Element") -> bool:
    """Remove what an earlier run put behind a person's text; return whether there was anything.

    A program that keeps no runs makes one text of a person's and ours.
    """
    runs = _runs_of(inside)
    for at, run in enumerate(runs):
        words = run if run.tag == main_tag("t") else run.find(main_tag("t"))
        heading = None if words is None else _HEADING.search(words.text or "")
        if words is None or heading is None:
            continue
        words.text = heading.string[: heading.start()]
        for each in runs[at + 1 :] if words.text else runs[at:]:
            inside.remove(each)
        return True
    return False


def _runs_of(inside: "Element") -> list["Element"]:
    """The runs of a comment's text, or its one plain text."""
    return list(inside.iterchildren(main_tag("r"), main_tag("t")))


def _runs(text: str, before: str = "") -> str:
    """The text under the name of whose it is, as Excel writes comments."""
    space = ' xml:space="preserve"'
    return (
        f"<r><rPr><b/>{_FONT}</rPr><t{space}>{before}{AUTHOR}:</t></r>"
        f"<r><rPr>{_FONT}</rPr><t{space}>\n{cell_text(text)}</t></r>"
    )
