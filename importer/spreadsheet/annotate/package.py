"""The parts of a workbook's package: what they are, how they are related, and the package written again.

Knows parts, relations and content types; knows no cell. A part that nobody replaced is written byte for byte.
"""

import posixpath
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import BinaryIO

from importer.spreadsheet.annotate.xml_edit import (
    NotKeptError,
    appended,
    children,
    elements,
    escaped,
    prefix_at,
    splice,
)

TYPES = "[Content_Types].xml"
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS = f'<Relationships xmlns="{_RELATIONS_SPACE}"/>'.encode()
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_PART_BYTES = 1 << 30
"""A part that unpacks to more than this is not held in memory."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part is related to: another part of the package, by its whole name, or something outside of it."""

    id: str
    type: str
    target: str
    is_external: bool

    @property
    def kind(self) -> str:
        """The last word of its type: `worksheet`, `comments`, `vmlDrawing`."""
        return self.type.rsplit("/", 1)[-1]


class Package:
    """An open package. Replaced parts are held until it is written.

    Raises: NotKeptError when it cannot be written again as it is.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError):
            raise NotKeptError("it is encrypted, or no .xlsx inside") from None
        self._entries = self._zip.infolist()
        self._names = {entry.filename.lower(): entry.filename for entry in self._entries}
        if len(self._names) < len(self._entries) or TYPES.lower() not in self._names:
            raise NotKeptError("its package is damaged")
        if any(entry.flag_bits & 1 or entry.file_size > _PART_BYTES for entry in self._entries):
            raise NotKeptError("a part of it is encrypted, or larger than 1 GB")
        self._replaced: dict[str, bytes | Iterable[bytes]] = {}
        self._removed: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return self._known(name) in {*self._names.values(), *self._replaced} - self._removed

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        known = dict.fromkeys([*self._names.values(), *self._replaced])
        return [name for name in known if name not in self._removed]

    def read(self, name: str) -> bytes:
        """The whole part.

        Raises: NotKeptError when there is none, or it is damaged.
        """
        name = self._known(name)
        replaced = self._replaced.get(name)
        if isinstance(replaced, bytes):
            return replaced
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
            raise NotKeptError(f"its part {name} is missing or damaged") from None

    def replace(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Give a part, which may be new, this content; what comes in pieces is asked for once, when it is written."""
        name = self._known(name)
        self._removed.discard(name)
        self._replaced[name] = content

    def remove(self, name: str) -> None:
        """Leave a part out, with its relations and its content type."""
        for each in (self._known(name), relations_name(self._known(name))):
            self._removed.add(each)
            self._replaced.pop(each, None)
        xml = self.read(TYPES)
        gone = [e for e in elements(xml) if e.attributes.get("PartName", "").lower() == f"/{name}".lower()]
        self.replace(TYPES, splice(xml, [(e.start, e.end, b"") for e in gone]))

    def free_name(self, pattern: str) -> str:
        """A name that no part has, made of a pattern such as `xl/comments{}.xml`."""
        taken = {name.lower() for name in self.names}
        return next(name for n in count(1) if (name := pattern.format(n)).lower() not in taken)

    # ---- relations

    def relations(self, part: str) -> list[Relation]:
        """What a part is related to; the whole package where the name is empty."""
        name = relations_name(part)
        if not self.has(name):
            return []
        found = elements(self.read(name))
        return [
            Relation(
                e.attributes.get("Id", ""),
                e.attributes.get("Type", ""),
                _whole_name(part, e.attributes.get("Target", "")),
                e.attributes.get("TargetMode") == "External",
            )
            for e in found
            if e.name == "Relationship"
        ]

    def relate(self, part: str, type_: str, target: str) -> str:
        """Relate a part to another one and return the relation's id."""
        name = relations_name(part)
        xml = self.read(name) if self.has(name) else _DECLARATION + _RELATIONS
        taken = {each.id for each in self.relations(part)}
        id_ = next(free for n in count(len(taken) + 1) if (free := f"rId{n}") not in taken)
        path = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(part)}")
        root = elements(xml)[0]
        tag = f'Relationship Id="{id_}" Type="{type_}" Target="{escaped(path)}"/>'.encode()
        self.replace(name, splice(xml, appended(xml, root, b"<" + prefix_at(xml, root.start) + tag)))
        return id_

    def unrelate(self, part: str, ids: Iterable[str]) -> None:
        """Drop relations of a part."""
        name, dropped = relations_name(part), frozenset(ids)
        xml = self.read(name)
        gone = [e for e in elements(xml) if e.attributes.get("Id") in dropped]
        self.replace(name, splice(xml, [(e.start, e.end, b"") for e in gone]))

    # ---- content types

    def type_of(self, part: str) -> str:
        """The content type of a part; empty where none is told."""
        found = children(elements(self.read(TYPES)), 0)
        told = {e.attributes.get("PartName", "").lower(): e.attributes.get("ContentType", "") for e in found}
        by_end = {e.attributes.get("Extension", "").lower(): e.attributes.get("ContentType", "") for e in found}
        return told.get(f"/{part}".lower()) or by_end.get(part.rsplit(".", 1)[-1].lower(), "")

    def set_types(self, types: dict[str, str]) -> None:
        """Say what these parts are."""
        xml = self.read(TYPES)
        root = elements(xml)[0]
        start = b"<" + prefix_at(xml, root.start) + b"Override "
        new = [start + f'PartName="/{part}" ContentType="{type_}"/>'.encode() for part, type_ in types.items()]
        self.replace(TYPES, splice(xml, appended(xml, root, b"".join(new))))

    def set_default_type(self, extension: str, type_: str) -> None:
        """Say what parts with this extension are, unless it is told already."""
        xml = self.read(TYPES)
        found = elements(xml)
        if any(e.attributes.get("Extension", "").lower() == extension for e in found):
            return
        new = f'Default Extension="{extension}" ContentType="{type_}"/>'.encode()
        first = found[0].inner
        self.replace(TYPES, splice(xml, [(first, first, b"<" + prefix_at(xml, found[0].start) + new)]))

    # ---- the end

    def write(self, target: BinaryIO) -> None:
        """Write the package: the parts in their order, then the new ones."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for entry in self._entries:
                if entry.filename not in self._removed:
                    again = zipfile.ZipInfo(entry.filename, entry.date_time)
                    stored = entry.compress_type == zipfile.ZIP_STORED
                    again.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                    again.external_attr = entry.external_attr
                    self._write_part(package, entry.filename, again)
            for name in self._replaced:
                if name not in self._names.values():
                    self._write_part(package, name, name)

    def _write_part(self, package: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo | str) -> None:
        content = self._replaced.get(name)
        if content is None:
            content = self.read(name)
        with package.open(entry, "w", force_zip64=not isinstance(content, bytes)) as part:
            part.writelines([content] if isinstance(content, bytes) else content)

    def _known(self, name: str) -> str:
        """The name as the package spells it: names differ in no more than case."""
        return self._names.get(name.lower(), name)


def relations_name(part: str) -> str:
    """The part that holds the relations of this one."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _whole_name(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(f"/{posixpath.dirname(part)}", target)).lstrip("/")
