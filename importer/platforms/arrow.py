"""When this process loads pyarrow: for Parquet alone. Knows no Parquet file.

Where pyarrow is installed, pandas loads it as well, for texts that we keep otherwise: 35 MB, and a thirtieth of the
seconds in which a command begins.
"""

import sys
from importlib import import_module
from threading import Lock

_NAME = "pyarrow"
_HIDDEN: set[str] = set()
_LOCK = Lock()


def keep_from_pandas() -> None:
    """Have pandas do without pyarrow, as where that is not installed. To be called before pandas is imported."""
    if not {"pandas", _NAME} & sys.modules.keys():
        sys.modules[_NAME] = None  # type: ignore[assignment]  # whoever imports it learns that it is not there
        _HIDDEN.add(_NAME)


def allow() -> None:
    """Let pyarrow be imported from now on; pandas goes on without it."""
    with _LOCK:
        if _NAME in _HIDDEN:
            import_module("pandera.pandas")  # which asks pandas for what it has of pyarrow, if it finds that there
            _HIDDEN.clear()
            del sys.modules[_NAME]
