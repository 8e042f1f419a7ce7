"""Names that Windows gives to no file: those of devices, and those with characters that mean something else there.

Knows names, and no file.
"""

import re

from importer.platforms.system import is_windows

NOT_IN_A_NAME = frozenset('<>:"/\\|?*')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|:|$)", re.IGNORECASE)
"""Source: Naming Files, Paths, and Namespaces, Win32 documentation. An ending makes no difference: CON.xlsx is CON."""


def is_device(name: str) -> bool:
    """Whether Windows takes a file's name for a device, whatever its ending."""
    return _DEVICE.match(name) is not None


def cannot_be_a_name(name: str) -> bool:
    """Whether this system has no file of this name. In `a:b` Windows would write a part of the file `a`, that nobody
    sees.
    """
    return is_windows() and (is_device(name) or name != name.rstrip(" .") or not NOT_IN_A_NAME.isdisjoint(name))
