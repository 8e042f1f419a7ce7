"""The fixture world: an invented account that is the same every time."""

from importer.sandbox.world.build import LACKING, NewAccount, shifted, world

__all__ = ["LACKING", "NewAccount", "shifted", "world"]
