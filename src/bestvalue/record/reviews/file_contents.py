"""Is a file inside what its ending and its first bytes say? Archives and pictures are looked into before anybody opens them.

An office file is a zip archive: a small one may unpack to more than a machine holds, carry macros, or point out of its folder. A picture
may be a few bytes that decode to millions of pixels. Nothing is unpacked here: an archive's list of members tells.
"""

import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from bestvalue.errors import RuleError

MOST_MEMBERS = 5_000
MOST_LISTED_BYTES = 512 * MOST_MEMBERS
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_PIXELS = 100_000_000
PARTS: Mapping[str, str] = {
    ".docx": "word/",
    ".xlsx": "xl/",
    ".pptx": "ppt/",
    ".odt": "mimetype",
    ".ods": "mimetype",
}
"""What an office file of each ending holds."""
MACROS = ("vbaproject.bin", "basic/")
SAVE_ANEW = "Save it anew from its program, without macros or attached archives."


def check_contents(path: Path, *, name: str) -> None:
    """Refuse an office file or a picture that is not sound inside; other kinds are told by their first bytes alone.

    Raises:
        RuleError: the message says what is wrong.
    """
    suffix = Path(name).suffix.lower()
    if suffix in PARTS:
        _check_archive(path, name=name, part=PARTS[suffix])
    elif suffix in (".png", ".jpg", ".jpeg"):
        width, height = _size_of_png(path) if suffix == ".png" else _size_of_jpeg(path)
        if not 0 < width * height <= MOST_PIXELS:
            raise RuleError(f"The picture has {width * height:,} pixels", where=name, next_step=f"At most {MOST_PIXELS:,} may come in.")


def _check_archive(path: Path, *, name: str, part: str) -> None:
    if _bytes_of_list(path) > MOST_LISTED_BYTES:
        raise RuleError("The file's list of its parts is longer than may come in", where=name, next_step=SAVE_ANEW)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as cause:
        raise RuleError("The file is damaged, or not what its ending says", where=name, next_step=SAVE_ANEW) from cause
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise RuleError(
            "The file unpacks to more than may come in",
            where=name,
            next_step=f"At most {MOST_UNPACKED_BYTES // 1024**2} MB unpacked, in {MOST_MEMBERS:,} parts.",
        )
    names = [member.filename.replace("\\", "/") for member in members]
    if not any(member.startswith(part) for member in names):
        raise RuleError(f"The file is no {Path(name).suffix} inside", where=name, next_step=SAVE_ANEW)
    if any(member.lower().endswith(MACROS[0]) or member.lower().startswith(MACROS[1]) for member in names):
        raise RuleError("The file holds macros", where=name, next_step=SAVE_ANEW)
    leads_out = any(member.startswith("/") or ".." in member.split("/") for member in names)
    encrypted = any(member.flag_bits & 1 for member in members)
    linked = any(stat.S_ISLNK(member.external_attr >> 16) for member in members)
    nested = any(member.lower().endswith((".zip", ".7z", ".rar", ".gz")) for member in names)
    if leads_out or encrypted or linked or nested:
        raise RuleError("The file holds a link, a locked part, or an archive inside", where=name, next_step=SAVE_ANEW)


def _bytes_of_list(path: Path) -> int:
    """How long an archive says its list of members is: a hundred megabytes of it would become gigabytes of objects when it is opened.

    Of its last record (PKWARE APPNOTE 6.3.10, section 4.3.16); one with a 64-bit record before it counts as too long, since no file that
    may come in needs one.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        return 0
    if end[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        return MOST_LISTED_BYTES + 1
    return int(struct.unpack("<I", end[at + 12 : at + 16])[0])


def _size_of_png(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        begins = file.read(24)
    if len(begins) < 24 or begins[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", begins[16:24])
    return width, height


def _size_of_jpeg(path: Path) -> tuple[int, int]:
    """Width and height of the first frame; 0 where there is none. Marks: ITU-T T.81, table B.1."""
    frames = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
    with path.open("rb") as file:
        file.seek(2)
        while len(mark := file.read(4)) == 4 and mark[0] == 0xFF:
            length = struct.unpack(">H", mark[2:])[0]
            if mark[1] in frames:
                frame = file.read(5)
                return (struct.unpack(">H", frame[3:5])[0], struct.unpack(">H", frame[1:3])[0]) if len(frame) == 5 else (0, 0)
            file.seek(length - 2, 1)
    return 0, 0
