"""The whole gallery: every workbook drawn, and what each must be read as. Knows no single habit."""

from pathlib import Path

from importer.sandbox import Running
from tests.gallery.asking import ASKING
from tests.gallery.expected import write_expected
from tests.gallery.matrices import MATRICES
from tests.gallery.other_layouts import OTHER_LAYOUTS
from tests.gallery.others import OTHERS
from tests.gallery.world import World

EXPECTED = "expected.json"


def write_gallery(folder: Path, running: Running) -> None:
    """Draw every workbook into this folder, with what each must be read as."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World(running)
    write_expected(folder / EXPECTED, [draw(folder, world) for draw in (*MATRICES, *OTHERS, *OTHER_LAYOUTS, *ASKING)])
