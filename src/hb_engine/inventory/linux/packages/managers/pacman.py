"""pacman, of Arch and its kin: a folder per package in local/, with desc, files and a compressed mtree.

`files` lists paths without the leading slash under %FILES%, and MD5 digests of configuration files under %BACKUP%;
`mtree` holds a SHA-256 (before pacman 4.2 an MD5) of every file, its names escaped as mtree(5) says. Only the mtree of
a package that owns a wanted file is unpacked.

Sources: libalpm be_local.c (local_db_read), mtree(5), makepkg(8).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.packages.lists import lines_ending
from hb_engine.inventory.linux.packages.records import Found, Manager, Question, Recorded, decoded
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.inventory.linux.packages.root import Root

BASE = "/var/lib/pacman/local"
MANAGER = Manager("pacman", (BASE,), (f"{BASE}/ALPM_DB_VERSION",))
LIMIT = 64 << 20  # bytes of one file, also of an mtree when unpacked
NO_DIGEST = "its package records no digest of it"


def find(question: Question) -> Found:
    """The packages of the wanted paths. Never raises for what the database holds; what cannot be read is a gap."""
    found, names, problems = Found(), question.names(), list[str]()
    basenames = {name.rpartition(b"/")[2] for name in names}
    try:
        for folder, line in lines_ending(_lists(question.root, problems), basenames):
            name = b"/" + line
            path = names.get(name) or question.leads_to(name)
            if path:
                found.add(path, _record(question.root, folder, line, problems))
    except OSError as error:
        problems.append(f"{BASE}: {error.strerror}")
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        why = f"it could not be read whole: {problems[0]}{more}"
        found.gaps.append(Gap("pacman's database", why, "run pacman -Dk, and install again what it names", "owners"))
    return found


def _lists(root: Root, problems: list[str]) -> Iterator[tuple[str, bytes]]:
    """(folder of a package, its list of files). Raises OSError where local/ cannot be opened."""
    folder = root.open(BASE, folder=True)
    try:
        names = os.listdir(folder)
    finally:
        os.close(folder)
    for name in names:
        if "-" in name:  # ALPM_DB_VERSION is a file
            data = _read(root, f"{BASE}/{name}/files", problems)
            yield name, data.partition(b"%BACKUP%")[0]


def _read(root: Root, path: str, problems: list[str]) -> bytes:
    try:
        return root.read(path, LIMIT)
    except OSError as error:
        problems.append(f"{path}: {error.strerror}")
        return b""


def _record(root: Root, folder: str, line: bytes, problems: list[str]) -> Recorded:
    desc = _read(root, f"{BASE}/{folder}/desc", problems)
    # A folder is called NAME-VERSION-RELEASE, which serves where desc is damaged.
    name, version = (*folder.rsplit("-", 2), "", "")[0], "-".join(folder.rsplit("-", 2)[1:])
    name, version = _field(desc, b"%NAME%") or name, _field(desc, b"%VERSION%") or version
    digest = _backup(_read(root, f"{BASE}/{folder}/files", problems), line)
    if digest:
        return Recorded(
            "pacman", name, version, "md5", digest, "a configuration file, which its administrator may change"
        )
    algorithm, digest = _from_mtree(root, f"{BASE}/{folder}/mtree", line, problems)
    return Recorded("pacman", name, version, algorithm, digest, "" if digest else NO_DIGEST)


def _field(desc: bytes, header: bytes) -> str:
    lines = desc.split(b"\n")
    return decoded(lines[lines.index(header) + 1]) if header in lines[:-1] else ""


def _backup(files: bytes, line: bytes) -> str:
    listed = b"\n" + files.partition(b"%BACKUP%")[2]
    at = listed.find(b"\n%s\t" % line)
    digest = listed[at + len(line) + 2 :].partition(b"\n")[0] if at >= 0 else b""
    return _hex(digest, 32)


def _from_mtree(root: Root, path: str, line: bytes, problems: list[str]) -> tuple[str, str]:
    try:
        text = _gunzip(root.read(path, LIMIT))
    except FileNotFoundError:
        return "", ""  # made by makepkg since 2013; older packages have none
    except OSError as error:
        problems.append(f"{path}: {error.strerror}")
        return "", ""
    return digest_in_mtree(text, line)


def _gunzip(data: bytes) -> bytes:
    """Unpacked bytes, at most LIMIT of them. Raises OSError for what is no gzip."""
    from zlib import decompressobj
    from zlib import error as ZlibError  # noqa: N812 (zlib's own name for a class)

    unpacker = decompressobj(31)
    try:
        return unpacker.decompress(data, LIMIT)
    except ZlibError as problem:
        raise OSError(0, f"no gzip: {problem}") from None


def digest_in_mtree(text: bytes, name: bytes) -> tuple[str, str]:
    """(algorithm, hex) that an mtree records of a file, its name without the leading slash; ("", "") for none."""
    last = name.rpartition(b"/")[2][-8:]
    for line in text.split(b"\n"):
        if not line.startswith(b"./") or (b"\\" not in line and last not in line):
            continue
        words = line.split(b" ")
        if unescape(words[0])[2:] != name:
            continue
        for key, algorithm, length in ((b"sha256digest=", "sha256", 64), (b"md5digest=", "md5", 32)):
            for word in words[1:]:
                if word.startswith(key) and _hex(word[len(key) :], length):
                    return algorithm, _hex(word[len(key) :], length)
        return "", ""
    return "", ""


def unescape(name: bytes) -> bytes:
    r"""A name of an mtree as bytes: \040 is a blank, in octal as vis(3) writes it."""
    first, *rest = name.split(b"\\")
    out = [first]
    for part in rest:
        code = part[:3]
        if len(code) == 3 and all(0x30 <= digit < 0x38 for digit in code) and int(code, 8) < 256:
            out.append(bytes([int(code, 8)]) + part[3:])
        else:
            out.append(b"\\" + part)
    return b"".join(out)


def _hex(text: bytes, length: int) -> str:
    try:
        return text.decode("ascii").lower() if len(text) == length and int(text, 16) >= 0 else ""
    except ValueError:
        return ""
