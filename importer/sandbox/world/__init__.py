"""The fixture world: an invented account that is the same every time."""

from importer.sandbox.world.build import Table, world

__all__ = ["Table", "world"]
