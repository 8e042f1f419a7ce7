"""A part of a package that is compressed before the package is written. Knows bytes and the form of a .zip file.

`zipfile` compresses while it writes, and has no way to write what is compressed already.
"""

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

LEVEL = 1
"""How hard the parts of a workbook are compressed: a higher level takes far longer for files a little smaller."""


@dataclass(frozen=True, slots=True)
class Compressed:
    """What a part is when it is compressed, with the checksum and the size of what it was before."""

    pieces: tuple[bytes, ...]
    checksum: int
    size: int

    @property
    def content(self) -> bytes:
        """What the part is."""
        return zlib.decompress(b"".join(self.pieces), -zlib.MAX_WBITS)

    def write(self, package: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> None:
        """Write it to a package that is being written, as this entry."""
        info = zipfile.ZipInfo(entry) if isinstance(entry, str) else entry
        info.compress_type = zipfile.ZIP_DEFLATED
        info.CRC, info.file_size, info.compress_size = self.checksum, self.size, sum(map(len, self.pieces))
        file = package.fp
        assert file is not None, "a package that is being written is open"
        file.seek(package.start_dir)
        info.header_offset = file.tell()
        file.write(info.FileHeader())
        file.writelines(self.pieces)
        package.start_dir = file.tell()
        package.filelist.append(info)
        package.NameToInfo[info.filename] = info


def compress_pieces(content: Iterable[bytes]) -> Compressed:
    """Compress what comes in pieces. Other threads may go on meanwhile."""
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    pieces, checksum, size = [], 0, 0
    for piece in content:
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        if done := compressor.compress(piece):
            pieces.append(done)
    pieces.append(compressor.flush())
    return Compressed(tuple(pieces), checksum, size)
