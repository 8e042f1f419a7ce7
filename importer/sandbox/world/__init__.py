"""The fixture world: an invented account that is the same every time."""

from importer.sandbox.world.build import Table, shifted, world

__all__ = ["Table", "shifted", "world"]
