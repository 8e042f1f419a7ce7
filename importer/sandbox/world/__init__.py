"""The fixture world: an invented account that is the same every time."""

from importer.sandbox.world.build import shifted, world

__all__ = ["shifted", "world"]
