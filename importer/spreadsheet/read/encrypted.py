"""Workbooks that a program encrypted with Excel's default password, which nobody ever typed. Knows no cell."""

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from importer.messages import about_files

# Excel opens a workbook encrypted with this word without asking; "protected, read-only" exports use it.
# Source: [MS-OFFCRYPTO] 2.4.2.3, and ECMA-376 readers everywhere.
_DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105  (public, and the same in every Excel)


def is_encrypted(data: bytes) -> bool:
    """Whether these bytes are an encrypted workbook of the .xlsx family."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data


def decrypt(path: Path, data: bytes) -> bytes:
    """The workbook inside, where Excel's default password opens it.

    Raises: Unreadable when it has a password of its own, is damaged, or the library for it is not installed.
    """
    if not find_spec("msoffcrypto"):
        raise about_files.password(path.name)
    import msoffcrypto  # noqa: PLC0415  (an extra; see pyproject.toml)
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError, ParseError  # noqa: PLC0415

    opened = BytesIO()
    try:
        workbook = msoffcrypto.OfficeFile(BytesIO(data))
        workbook.load_key(password=_DEFAULT_PASSWORD)
        workbook.decrypt(opened)
    except (InvalidKeyError, DecryptionError, ParseError):
        raise about_files.password(path.name) from None
    except Exception:  # noqa: BLE001  (the library raises whatever its parser met; the file is damaged all the same)
        raise about_files.damaged_workbook(path.name) from None
    return opened.getvalue()
