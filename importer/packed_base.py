"""A base as few bytes, and back. Knows how its numbers are packed; knows not what they are compared with."""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from importer.base import Base, Scope, codes_of, firsts_in_order, numbers_of
from importer.number_packing import (
    pack_ascending,
    pack_sections,
    pack_symbols,
    unpack_ascending,
    unpack_sections,
    unpack_symbols,
)

_SHIFT = 2
"""Among packed numbers 0 is no record, and 1 one that is known not to be there."""
_DENSE = 4
"""Where the account holds at least every fourth of what it could, each possible record is packed as one number."""
_LARGEST = 1 << 26
"""Neither the head nor any list of numbers of a base is as long: whatever is comes from somewhere else."""


def pack_base(base: Base) -> bytes:
    """The base as few bytes: at most a tenth of the workbook of its records."""
    base = _with_sorted_ids(base)
    numbers = numbers_of(base.codes, base.sizes)[0]
    cells = math.prod(max(size, 1) for size in base.sizes)
    is_dense = cells <= _DENSE * max(len(base), 1)
    codes, where = base.value_codes + _SHIFT, b""
    if is_dense:  # most of what there could be is there: what is not is marked
        grid = np.zeros(cells, dtype=np.int32)
        grid[numbers] = codes
        codes = grid
    else:
        where = pack_ascending(numbers)
    planes = codes.astype("<u4").view(np.uint8).reshape(-1, 4).T
    used = 1 if len(base.values) + _SHIFT < 256 else 4
    head = {
        "endpoint": base.endpoint,
        "account": base.account,
        "taken_at": base.taken_at,
        "key": base.key,
        "texts": [None if _are_numbers(ids) else ids for ids in base.ids],
        "sizes": base.sizes,
        "values": base.values,
        "scope": None if base.scope is None else {name: _packed_scope(base, name) for name in base.scope},
        "records": len(base),
        "cells": cells if is_dense else None,
    }
    return pack_sections(
        [
            zlib.compress(json.dumps(head, separators=(",", ":")).encode(), 9),
            *(pack_ascending(np.array(ids, dtype=np.int64)) if _are_numbers(ids) else b"" for ids in base.ids),
            where,
            *(pack_symbols(np.ascontiguousarray(plane)) for plane in planes[:used]),
        ]
    )


def _with_sorted_ids(base: Base) -> Base:
    """The same, with ids that are numbers in ascending order."""
    ids = tuple(tuple(sorted(each, key=int)) if _are_numbers(each) else each for each in base.ids)
    moved = [codes_of(new, old) for new, old in zip(ids, base.ids, strict=True)]
    codes = np.column_stack([new[base.codes[:, at]] for at, new in enumerate(moved)]).astype(np.int32)
    order = firsts_in_order(codes, base.sizes)
    return replace(base, ids=ids, codes=codes[order], value_codes=base.value_codes[order])


def _packed_scope(base: Base, name: str) -> list[str] | None:
    """The ids within which everything is known; None for just those that are named besides."""
    ids = base.scope[name] if base.scope else frozenset()
    return None if ids == frozenset(base.ids[base.key.index(name)]) else sorted(ids)


def unpack_base(packed: bytes) -> Base:
    """The base that was packed.

    Raises: ValueError for anything else.
    """
    try:
        packed_head, *sections = unpack_sections(packed)
        head = zlib.decompressobj().decompress(packed_head, _LARGEST)
        return _unpacked(json.loads(head), sections)
    except (zlib.error, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError("no base was packed here") from error


def _unpacked(head: dict[str, Any], sections: list[bytes]) -> Base:
    key, sizes, count = tuple(head["key"]), head["sizes"], head["records"]
    ids = tuple(
        tuple(map(str, unpack_ascending(section, size).tolist())) if texts is None else tuple(texts)
        for section, size, texts in zip(sections[: len(key)], sizes, head["texts"], strict=True)
    )
    where, *planes = sections[len(key) :]
    size = count if head["cells"] is None else head["cells"]
    if not 0 <= count <= size <= _LARGEST or max(sizes, default=0) > _LARGEST:
        raise ValueError("this is larger than any base")
    codes = np.zeros(size, dtype=np.int32)
    for at, plane in enumerate(planes):
        codes += unpack_symbols(plane, size).astype(np.int32) << 8 * at
    if head["cells"] is None:
        numbers = unpack_ascending(where, count)
    else:
        numbers = np.flatnonzero(codes)
        codes = codes[numbers]
    if len(numbers) != count:
        raise ValueError("a record is missing")
    return Base(
        endpoint=head["endpoint"],
        account=head["account"],
        taken_at=head["taken_at"],
        key=key,
        ids=ids,
        codes=_split(numbers, sizes),
        values=tuple(head["values"]),
        value_codes=codes - _SHIFT,
        scope=_unpacked_scope(head["scope"], key, ids),
    )


def _unpacked_scope(
    packed: dict[str, Any] | None, key: tuple[str, ...], ids: tuple[tuple[str, ...], ...]
) -> Scope | None:
    if packed is None:
        return None
    return {name: frozenset(ids[key.index(name)] if some is None else some) for name, some in packed.items()}


def _split(numbers: NDArray[np.int64], sizes: list[int]) -> NDArray[np.int32]:
    """The codes that were made one number."""
    columns = []
    for size in reversed(sizes):
        numbers, column = np.divmod(numbers, max(size, 1))
        columns.append(column)
    return np.column_stack(columns[::-1]).astype(np.int32)


def _are_numbers(ids: Sequence[str]) -> bool:
    """Whether these are whole numbers as we write them."""
    return all(id_.isdecimal() and id_.isascii() and len(id_) < 19 and (id_[0] != "0" or id_ == "0") for id_ in ids)
