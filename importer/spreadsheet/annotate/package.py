"""The parts of a workbook's package: what they are, how they are related, and the package written again.

Knows parts, relations and content types; knows no cell. A part that nobody replaced is written byte for byte.
"""

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from importer.spreadsheet.annotate.compressed import LEVEL, Compressed
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.xml_tree import RELATION, XmlError, parse, serialize

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPES = "[Content_Types].xml"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS_SPACE}"/>'.encode()
_RELATION = f"{{{_RELATIONS_SPACE}}}Relationship"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_KINDS = {
    "worksheet": ("xl/worksheets/sheet{}.xml", f"{_SPREADSHEET}.worksheet+xml"),
    "styles": ("xl/styles.xml", f"{_SPREADSHEET}.styles+xml"),
    "comments": ("xl/comments{}.xml", f"{_SPREADSHEET}.comments+xml"),
    "vmlDrawing": ("xl/drawings/vmlDrawing{}.vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"),
}
"""What parts of a kind are called, and their content type."""
PLAIN_WORKBOOK = f"{_SPREADSHEET}.sheet.main+xml"
MACRO_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PART_BYTES = 1 << 30
"""A part that unpacks to more than this is not held in memory."""
_PIECE_BYTES = 1 << 20


class Relation(NamedTuple):
    """What a part is related to: its `kind` is `worksheet`, `comments`, `vmlDrawing`, and so on, its `target` the whole
    name of another part, or something outside of the package.
    """

    id: str
    kind: str
    target: str


class ChangedParts(NamedTuple):
    """The parts of a package that have another content, and those that are left out."""

    replaced: Mapping[str, bytes | Compressed] = {}
    removed: frozenset[str] = frozenset()


NO_CHANGES = ChangedParts()


class Package:
    """An open package, with what was `changed` in it before. Replaced parts are held until it is written.

    Raises: NotKeptError when it cannot be written again as it is.
    """

    def __init__(self, data: bytes, changed: ChangedParts = NO_CHANGES) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError):
            raise NotKeptError("it is encrypted, or no .xlsx inside") from None
        self._entries = self._zip.infolist()
        self._names = {entry.filename.lower(): entry.filename for entry in self._entries}
        if len(self._names) < len(self._entries) or _TYPES.lower() not in self._names:
            raise NotKeptError("its package is damaged")
        if any(entry.flag_bits & 1 or entry.file_size > _PART_BYTES for entry in self._entries):
            raise NotKeptError("a part of it is encrypted, or larger than 1 GB")
        self._replaced: dict[str, bytes | Iterable[bytes] | Compressed] = dict(changed.replaced)
        self._removed: set[str] = set(changed.removed)

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        known = dict.fromkeys([*self._names.values(), *self._replaced])
        return [name for name in known if name not in self._removed]

    def read(self, name: str) -> bytes:
        """The whole part.

        Raises: NotKeptError when there is none, or it is damaged.
        """
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part, a megabyte at a time.

        Raises: NotKeptError as `read`.
        """
        name = self._known(name)
        replaced = self._replaced.get(name)
        if isinstance(replaced, bytes | Compressed):
            yield replaced if isinstance(replaced, bytes) else replaced.content
            return
        try:
            with self._zip.open(name) as part:
                yield from iter(partial(part.read, _PIECE_BYTES), b"")
        except (KeyError, zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
            raise NotKeptError(f"its part {name} is missing or damaged") from None

    def tree(self, name: str) -> "Element":
        """The root of a small part; what is changed in it counts once the part is replaced.

        Raises: NotKeptError as `read`, or when it is no XML.
        """
        try:
            return parse(self.read(name))
        except XmlError as error:
            raise NotKeptError(str(error)) from None

    def replace(self, name: str, content: bytes | Iterable[bytes] | Compressed) -> None:
        """Give a part, which may be new, this content; what comes in pieces is asked for once, when it is written."""
        name = self._known(name)
        self._removed.discard(name)
        self._replaced[name] = content

    def changed_parts(self) -> ChangedParts:
        """What is changed so far, before anything is added that comes in pieces."""
        done: dict[str, bytes | Compressed] = {}
        for name, content in self._replaced.items():
            assert isinstance(content, bytes | Compressed), "what comes in pieces is not made yet"
            done[name] = content
        return ChangedParts(done, frozenset(self._removed))

    def type_of(self, part: str) -> str:
        """The content type of a part; empty where none is told."""
        types = self.tree(_TYPES)
        by_name = {each.get("PartName", "").lower(): each.get("ContentType", "") for each in types.findall("*")}
        by_extension = {each.get("Extension", "").lower(): each.get("ContentType", "") for each in types.findall("*")}
        return by_name.get(f"/{part}".lower()) or by_extension.get(part.rsplit(".", 1)[-1].lower(), "")

    def relations(self, part: str) -> list[Relation]:
        """What a part is related to; the whole package where the name is empty."""
        return [
            Relation(
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join(f"/{posixpath.dirname(part)}", each.get("Target", ""))).lstrip("/"),
            )
            for each in self._relations_tree(part).iterfind(_RELATION)
        ]

    def related(self, part: str, kind: str) -> str | None:
        """The name of the first part of this kind that a part is related to; None where there is none."""
        return next((each.target for each in self.relations(part) if each.kind == kind), None)

    def add(self, source: str, kind: str, content: bytes | Iterable[bytes]) -> Relation:
        """Add a part of this kind, to which another one is related."""
        pattern, type_ = _KINDS[kind]
        taken = {each.lower() for each in self.names}
        name = next(each for number in count(1) if (each := pattern.format(number)).lower() not in taken)
        self.replace(name, content)
        if self.type_of(name) != type_:
            types = self.tree(_TYPES)
            types.append(types.makeelement(_OVERRIDE, {"PartName": f"/{name}", "ContentType": type_}))
            self.replace(_TYPES, serialize(types))
        relations = self._relations_tree(source)
        ids = {each.id for each in self.relations(source)}
        id_ = next(each for number in count(len(ids) + 1) if (each := f"rId{number}") not in ids)
        target = posixpath.relpath(f"/{name}", f"/{posixpath.dirname(source)}")
        attributes = {"Id": id_, "Type": f"{RELATION}/{kind}", "Target": target}
        relations.append(relations.makeelement(_RELATION, attributes))
        self.replace(_relations_name(source), serialize(relations))
        return Relation(id_, kind, name)

    def remove(self, source: str, relation: Relation) -> None:
        """Leave out a part that another one is related to, with its relations and its content type."""
        name = self._known(relation.target)
        for part in (name, self._known(_relations_name(name))):
            self._removed.add(part)
            self._replaced.pop(part, None)
        types, relations = self.tree(_TYPES), self._relations_tree(source)
        for override in types.findall(_OVERRIDE):
            if override.get("PartName", "").lower() == f"/{name}".lower():
                types.remove(override)
        for each in relations.findall(_RELATION):
            if each.get("Id") == relation.id:
                relations.remove(each)
        self.replace(_TYPES, serialize(types))
        self.replace(_relations_name(source), serialize(relations))

    def write(self, target: BinaryIO) -> None:
        """Write the package: the parts in their order, then the new ones."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as package:
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
            is_large = self._zip.getinfo(name).file_size > _PIECE_BYTES
            content = self.pieces(name) if is_large else self.read(name)
        if isinstance(content, Compressed):
            content.write(package, entry)
            return
        with package.open(entry, "w", force_zip64=not isinstance(content, bytes)) as part:
            part.writelines([content] if isinstance(content, bytes) else content)

    def _relations_tree(self, part: str) -> "Element":
        name = _relations_name(part)
        return self.tree(name) if self._known(name) in self.names else parse(_NO_RELATIONS)

    def _known(self, name: str) -> str:
        """The name as the package spells it: names differ in no more than case."""
        return self._names.get(name.lower(), name)


def _relations_name(part: str) -> str:
    """The part that holds the relations of this one."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
