"""Numbers that look drawn by lot and are the same every time, on every machine; knows no fixture."""

import hashlib


def draw(what: str, number: int, below: int) -> int:
    """A number from 0 to `below` - 1 that depends on `what` and `number` only.

    Not `random`: its sequences depend on earlier calls, and here the first 450 people must
    be the same whether 450 or 10,000 are made.
    """
    digest = hashlib.blake2b(f"{what} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % below
