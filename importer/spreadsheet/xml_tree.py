"""Small XML parts of an .xlsx package as trees. Knows XML and its namespaces; knows no part.

A sheet's rows are no small part: as a tree they would take gigabytes.
"""

from collections.abc import Container
from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION_ID = f"{{{RELATION}}}id"

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


class XmlError(Exception):
    """A part cannot be used; the text says why, as the end of a sentence after "because"."""


def main_tag(name: str) -> str:
    """The tag of an element in the main namespace of workbooks."""
    return f"{{{MAIN}}}{name}"


def local_name(element: "Element") -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def parse(xml: bytes) -> "Element":
    """The root of a part. Entities are not resolved, and nothing outside of the part is read.

    Raises: XmlError when it is no XML, or declares a document type, which no part may.
    """
    from lxml import etree  # noqa: PLC0415  (most commands start without it)

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise XmlError("a part of it is damaged") from None
    if b"<!DOCTYPE" in xml:
        raise XmlError("a part of it declares a document type")
    return root


def parse_fragment(xml: str) -> list["Element"]:
    """Elements written without a prefix, in the main namespace.

    Raises: XmlError.
    """
    return list(parse(f'<fragment xmlns="{MAIN}">{xml}</fragment>'.encode()))


def serialize(root: "Element") -> bytes:
    """The whole part, with its namespaces and prefixes as they were."""
    from lxml import etree  # noqa: PLC0415

    return _DECLARATION + etree.tostring(root.getroottree(), encoding="UTF-8")


def bare_xml(element: "Element") -> bytes:
    """An element of the main namespace by itself, without a prefix and without declaring a namespace.

    Equal elements are equal bytes, whichever part they come from.
    """
    from lxml import etree  # noqa: PLC0415

    bare = deepcopy(element)
    for each in bare.iter("*"):
        each.tag = local_name(each)
    etree.cleanup_namespaces(bare)
    return etree.tostring(bare, with_tail=False)


def child_in_order(parent: "Element", name: str, followers: Container[str]) -> "Element":
    """The child of this name; where there is none, a new one before the first child whose name is in `followers`."""
    child = parent.find(main_tag(name))
    if child is None:
        child = parent.makeelement(main_tag(name))
        at = next((n for n, each in enumerate(parent) if local_name(each) in followers), len(parent))
        parent.insert(at, child)
    return child
