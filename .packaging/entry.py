"""Where the frozen program begins: the window, or the command line.

It is the window when a person opens it, as `open-importer`; it is the command line as `importer`, and whenever it is
told something. So the two need not be two programs, each with all modules in it, but on Windows, where a program either
has a console or has none.
"""

import sys
from pathlib import Path

from frozen_python import prepare

WINDOW = "open-importer"

prepare()
if Path(sys.argv[0]).stem == WINDOW and not sys.argv[1:]:
    from importer.desktop import main

    main(licenses=Path(sys._MEIPASS) / "LICENSES.txt")  # type: ignore[attr-defined]  # noqa: SLF001  (PyInstaller's own name)
else:
    from importer.cli import command

    command()
