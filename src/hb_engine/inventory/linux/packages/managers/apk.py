"""apk, of Alpine and its kin: one text file with a paragraph per package, which names folders, files and digests.

Lines are a letter, a colon and a value: P name, V version, then for each folder F its path, R a file in it and Z the
digest of the R before it. "Q1" and base64 is SHA-1; where the package's f line has an S (packages of apk 3) it is the
first 20 bytes of SHA-256. The database is searched for the file's name, so its size hardly matters.

Sources: apk-tools src/database.c (apk_db_fdb_read), src/blob.c (apk_blob_pull_csum); apk(5).
"""

from __future__ import annotations

from hb_engine.inventory.linux.packages.records import Found, Manager, Question, Recorded, decoded, encoded
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASES = ("/usr/lib/apk/db/installed", "/lib/apk/db/installed")  # the first since Alpine merged /usr
MANAGER = Manager("apk", DATABASES)
LIMIT = 128 << 20  # bytes; 1,500 packages have 8 MB
NO_DIGEST = "its package records no digest of it"


def find(question: Question) -> Found:
    """The packages of the wanted paths. Never raises for what the database holds; what cannot be read is a gap."""
    found, names = Found(), question.names()
    data = _database(question, found)
    for path in question.paths:
        for at in _files(data, encoded(path.rpartition("/")[2])):
            name = _name(data, at)
            if names.get(name) == path or (name not in names and question.leads_to(name) == path):
                found.add(path, _record(data, at))
    return found


def _database(question: Question, found: Found) -> bytes:
    for path in DATABASES:
        try:
            data = question.root.read(path, LIMIT)
        except FileNotFoundError:
            continue
        except OSError as error:
            found.gaps.append(_gap(f"{path}: {error.strerror}"))
            continue
        if not data.startswith((b"P:", b"C:")) or not data.endswith(b"\n"):
            found.gaps.append(_gap(f"{path} is empty, cut off or of another format"))
        return b"\n\n" + data + b"\n\n"
    return b""


def _gap(why: str) -> Gap:
    remedy = "run apk audit, and apk fix where it complains"
    return Gap("apk's database", f"it could not be read whole: {why}", remedy, "owners")


def _files(data: bytes, basename: bytes) -> Iterator[int]:
    """Where the R lines of a file name begin."""
    if not basename or b"\n" in basename:
        return
    line = b"\nR:%s\n" % basename
    at = data.find(line)
    while at >= 0:
        yield at + 1
        at = data.find(line, at + 1)


def _name(data: bytes, at: int) -> bytes:
    """The absolute path of the file whose R line begins at a place: its folder is the last F line above it."""
    start = data.rfind(b"\nF:", 0, at)
    folder = data[start + 3 : data.find(b"\n", start + 3)] if start >= _paragraph(data, at) else b""
    name = data[at + 2 : data.find(b"\n", at)]
    return b"/%s/%s" % (folder, name) if folder else b"/" + name


def _paragraph(data: bytes, at: int) -> int:
    return data.rfind(b"\n\n", 0, at) + 1


def _record(data: bytes, at: int) -> Recorded:
    start = _paragraph(data, at)
    head = data[start : data.index(b"\n\n", at) + 1]
    algorithm, digest = _digest(_belonging(data, at), b"S" in _field(head, b"f"))
    return Recorded(
        "apk", decoded(_field(head, b"P")), decoded(_field(head, b"V")), algorithm, digest, "" if digest else NO_DIGEST
    )


def _field(paragraph: bytes, letter: bytes) -> bytes:
    at = paragraph.find(b"\n%s:" % letter)
    return paragraph[at + 3 : paragraph.find(b"\n", at + 1)] if at >= 0 else b""


def _belonging(data: bytes, at: int) -> bytes:
    """The Z value of a file: one of the lines between its R line and the next file, folder or package."""
    at = data.find(b"\n", at)
    while data[at + 1 : at + 3] not in (b"R:", b"F:", b"") and data[at + 1 : at + 2] != b"\n":
        end = data.find(b"\n", at + 1)
        if end < 0:
            break
        if data[at + 1 : at + 3] == b"Z:":
            return data[at + 3 : end]
        at = end
    return b""


def _digest(value: bytes, cut_sha256: bool) -> tuple[str, str]:
    """(algorithm, hex) of a Z value; empty for what is none."""
    from binascii import Error, a2b_base64

    try:
        raw = a2b_base64(value[2:])
    except Error:
        return "", ""
    if len(raw) == 20 and value.startswith(b"Q1"):
        return ("sha256-160" if cut_sha256 else "sha1"), raw.hex()
    return ("sha256", raw.hex()) if len(raw) == 32 and value.startswith(b"Q2") else ("", "")
