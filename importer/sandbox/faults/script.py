"""Which fault hits which request: counts requests and remembers which fault hit which; makes nothing happen itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter

from importer.sandbox.call import Call
from importer.sandbox.faults.declare import Ending, Fault


@dataclass(slots=True)
class Item:
    """A fault of the script, how many requests it looked at, and the numbers of those it hit."""

    fault: Fault
    origin: str
    seen: int = 0
    fired: list[int] = field(default_factory=list)

    def is_due(self, call: Call) -> bool:
        """Count this request if the fault looks at it; True if it is the one."""
        fault = self.fault
        on_method = fault.on in {"any", call.method} or (fault.on == "write" and call.is_write)
        if not on_method or fault.path not in {"", call.collection}:
            return False
        self.seen += 1
        return self.seen % fault.nth == 0 if fault.every else self.seen == fault.nth


class Script:
    """The faults that were set: those of the controls, then those of the switches."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def set(self, faults: Iterable[Fault], origin: str = "script") -> None:
        """Replace the faults of the same origin, `script` or `switches`; their counting starts again."""
        others = [item for item in self.items if item.origin != origin]
        self.items = sorted([*others, *(Item(fault, origin) for fault in faults)], key=attrgetter("origin"))

    def due(self, call: Call) -> list[Fault]:
        """The faults that this request meets: changes and revocations, then one that ends it, at most."""
        ready = [item for item in self.items if item.is_due(call)]
        silent = [item for item in ready if item.fault.ending is Ending.NONE]
        ending = [item for item in ready if item.fault.ending is not Ending.NONE][:1]
        for item in (*silent, *ending):
            item.fired.append(call.number)
        return [item.fault for item in (*silent, *ending)]

    def all(self) -> list[dict[str, object]]:
        """Every fault as it was set, how many requests it looked at, and which it hit."""
        return [
            {"fault": item.fault.name, "from": item.origin, "seen": item.seen, "fired": item.fired, **_shown(item)}
            for item in self.items
        ]


def _shown(item: Item) -> dict[str, object]:
    values = {each.name: getattr(item.fault, each.name) for each in fields(item.fault) if each.name != "name"}
    return {name: value for name, value in values.items() if value is not None}
