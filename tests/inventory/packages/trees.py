"""File trees to look at: a builder, and one small database of each package manager."""

from __future__ import annotations

import gzip
import hashlib
import os
import sqlite3
from base64 import b64encode
from typing import TYPE_CHECKING

from hb_engine.inventory.linux.packages.records import Question
from hb_engine.inventory.linux.packages.root import Root

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")  # what mtree does not escape
LONG_AGO = 1_700_000_000  # seconds since the epoch: databases that have settled


def put(root: Path, path: str, content: bytes | str = b"", mode: int = 0o644) -> Path:
    """Write a file below a root, with the folders on its way."""
    place = _inside(root, path)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    place.chmod(mode)
    return place


def link(root: Path, path: str, target: str) -> None:
    """Make a symbolic link below a root."""
    _inside(root, path).symlink_to(target)


def _inside(root: Path, path: str) -> Path:
    """Where something of the tree is to be written, its folder made.

    Tests run as root, and a tree may hold links to "/usr/bin" as a container's does: writing through one would write to
    the machine itself. So a folder that leads out of the tree, and a link at the very place, are refused.
    """
    top, place = os.path.realpath(root), root / path.lstrip("/")
    folder = os.path.realpath(place.parent)
    if os.path.commonpath([top, folder]) != top or place.is_symlink():
        raise AssertionError(f"{place} would be written outside of its tree")
    os.makedirs(folder, exist_ok=True)
    return place


def age(root: Path) -> None:
    """Make everything below a root look as if it had not changed for a long time."""
    for folder, _, files in os.walk(root):
        for name in [*files, "."]:
            os.utime(os.path.join(folder, name), (LONG_AGO, LONG_AGO), follow_symlinks=False)


def question(root: Path, *paths: str) -> Question:
    tree = Root(str(root))
    return Question(tree, [tree.resolve(path) for path in paths])


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Dpkg:
    """A dpkg database that is filled package by package."""

    BASE = "/var/lib/dpkg"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.status = ""
        put(root, f"{self.BASE}/status")
        (root / "var/lib/dpkg/info").mkdir()
        (root / "var/lib/dpkg/updates").mkdir()

    def package(
        self,
        name: str,
        files: dict[str, bytes],
        *,
        version: str = "1.0-1",
        state: str = "install ok installed",
        architecture: str = "amd64",
        conffiles: tuple[str, ...] = (),
        qualified: bool = False,
        place: bool = True,
    ) -> Dpkg:
        """One package with files (path as listed, to content); `qualified` names its list as dpkg does for same."""
        called = f"{name}:{architecture}" if qualified else name
        folders = {"/."}
        for path in files:
            parts = path.split("/")
            folders |= {"/".join(parts[:at]) or "/." for at in range(1, len(parts))}
        lines = "".join(f"{line}\n" for line in sorted(folders) + list(files))
        put(self.root, f"{self.BASE}/info/{called}.list", lines)
        sums = "".join(f"{md5(data)}  {path[1:]}\n" for path, data in files.items() if path not in conffiles)
        put(self.root, f"{self.BASE}/info/{called}.md5sums", sums)
        stanza = f"Package: {name}\nStatus: {state}\nArchitecture: {architecture}\nVersion: {version}\n"
        if conffiles:
            stanza += "Conffiles:\n" + "".join(f" {path} {md5(files[path])}\n" for path in conffiles)
        self.status += stanza + "Description: a package\n Longer.\n\n"
        put(self.root, f"{self.BASE}/status", self.status)
        for path, data in files.items() if place else ():
            put(self.root, path, data, 0o755)
        return self

    def diversions(self, *triples: tuple[str, str, str]) -> None:
        put(self.root, f"{self.BASE}/diversions", "".join(f"{line}\n" for triple in triples for line in triple))


def apk(
    root: Path, packages: dict[str, dict[str, bytes]], *, where: str = "/lib/apk/db/installed", flags: str = ""
) -> None:
    """An apk database (package to files to content); flags "S" for digests of apk 3."""
    text = b""
    for name, files in packages.items():
        text += b"C:Q1abcdefghijklmnopqrstuvwxyz0=\nP:%s\nV:1.2-r0\nA:x86_64\nS:1\n" % name.encode()
        text += f"f:{flags}\n".encode() if flags else b""
        for folder in sorted({path.rpartition("/")[0] for path in files}):
            text += b"F:%s\nM:0:0:755\n" % folder.lstrip("/").encode()
            for path, data in files.items():
                if path.rpartition("/")[0] == folder:
                    raw = hashlib.sha256(data).digest()[:20] if flags else bytes.fromhex(sha1(data))
                    text += b"R:%s\na:0:0:755\nZ:Q1%s\n" % (path.rpartition("/")[2].encode(), b64encode(raw))
        text += b"\n"
    put(root, where, text)


def pacman(root: Path, name: str, files: dict[str, bytes], *, backup: tuple[str, ...] = (), mtree: bool = True) -> None:
    """A package in pacman's database (path to content)."""
    base = f"/var/lib/pacman/local/{name}-2.0-1"
    put(root, "/var/lib/pacman/local/ALPM_DB_VERSION", "9\n")
    put(root, f"{base}/desc", f"%NAME%\n{name}\n\n%VERSION%\n1:2.0-1\n\n%BASE%\n{name}\n")
    lines = ["%FILES%", *sorted({p.strip("/").rpartition("/")[0] + "/" for p in files}), *(p[1:] for p in files), ""]
    lines += ["%BACKUP%", *(f"{path[1:]}\t{md5(files[path])}" for path in backup), ""] if backup else []
    put(root, f"{base}/files", "\n".join(lines))
    if mtree:
        text = f"#mtree\n/set type=file uid=0 gid=0 mode=644\n./.PKGINFO time=1.0 size=3 sha256digest={sha256(b'')}\n"
        for path, data in files.items():
            called = "".join(c if c in PLAIN else "".join(f"\\{b:03o}" for b in c.encode()) for c in path)
            text += f".{called} time=1.0 mode=755 size={len(data)} md5digest={md5(data)} sha256digest={sha256(data)}\n"
        text += "./usr/share type=dir mode=755\n./usr/bin/link type=link link=x\n"
        put(root, f"{base}/mtree", gzip.compress(text.encode(), mtime=0))


def rpm_sqlite(root: Path, *headers: tuple[bytes, list[str]], where: str = "/var/lib/rpm/rpmdb.sqlite") -> Path:
    """rpm's SQLite database, with as much of its tables as hb asks: headers and the paths that they list."""
    place = put(root, where)
    place.unlink()
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        for table in ("Basenames", "Dirnames"):
            columns = "(key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)"
            connection.execute(f"CREATE TABLE '{table}' {columns}")
        for number, (blob, paths) in enumerate(headers, 1):
            connection.execute("INSERT INTO Packages VALUES (?, ?)", (number, blob))
            for at, path in enumerate(paths):
                folder, _, name = path.rpartition("/")
                connection.execute("INSERT INTO Basenames VALUES (?, ?, ?)", (name, number, at))
                connection.execute("INSERT INTO Dirnames VALUES (?, ?, ?)", (f"{folder}/", number, at))
    connection.close()
    return place
