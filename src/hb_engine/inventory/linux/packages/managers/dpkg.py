"""dpkg, of Debian, Ubuntu and their kin: file lists in info/, versions in status, digests (MD5) beside the lists.

A path belongs to the package whose list holds it, under whichever name: older lists say /bin where /bin has become a
link to /usr/bin. Diversions move files aside: what stands at the diverted-to name belongs to the package that lists the
original name, and the original name only to the package that diverted it. Configuration files have their digests in
status. A package that dpkg is working on has its newest state in updates/.

MD5 is what dpkg records: it tells a changed file from the packaged one, and would not stop somebody who can build two
files of one MD5 before the package is made. dpkg cannot hold a name with a line feed, so such a path has no owner.

Sources: dpkg(1) FILES, deb-md5sums(5), deb-conffiles(5), dpkg-divert(1), dpkg's lib/dpkg/dbdir.c and db-fsys-divert.c.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.packages.lists import lines_ending
from hb_engine.inventory.linux.packages.records import Found, Manager, Question, Recorded, decoded, encoded
from hb_engine.inventory.linux.packages.root import open_beneath, read_all
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.inventory.linux.packages.root import Root

BASE = "/var/lib/dpkg"
MANAGER = Manager("dpkg", (f"{BASE}/status",), (f"{BASE}/info", f"{BASE}/diversions", f"{BASE}/updates"))
LIST_LIMIT = 64 << 20  # bytes of one list; linux-headers has 2 MB
STATUS_LIMIT = 64 << 20  # 5,000 packages have 6 MB
GONE = (b"config-files", b"not-installed")  # states in which a list names what once was installed
WHOLE = (b"installed", b"triggers-awaited", b"triggers-pending")


def find(question: Question) -> Found:
    """The packages of the wanted paths. Never raises for what the database holds; what cannot be read is a gap."""
    found, problems = Found(), _Problems()
    try:
        listed = list(_listed(question, problems))
        database = _Records(question.root, problems) if listed else None
        for path, package, name in listed:
            record = database.record(package, name) if database else None
            if record:
                found.add(path, record)
    except OSError as error:
        problems.add(error.filename or BASE, error)
    found.gaps += problems.gaps()
    return found


class _Problems:
    """What could not be read; many files of one folder become one sentence."""

    def __init__(self) -> None:
        self._seen: list[str] = []

    def add(self, where: object, error: OSError | str) -> None:
        self._seen.append(f"{where}: {error if isinstance(error, str) else error.strerror}")

    def gaps(self) -> list[Gap]:
        if not self._seen:
            return []
        more = f" (and {len(self._seen) - 1} more)" if len(self._seen) > 1 else ""
        why = f"it could not be read whole: {self._seen[0]}{more}"
        remedy = "run dpkg --audit; after an interrupted upgrade dpkg --configure -a"
        return [Gap("dpkg's database", why, remedy, "owners")]


def _listed(question: Question, problems: _Problems) -> Iterator[tuple[str, str, bytes]]:
    """(path, package as its list is called, name in the list). Raises OSError."""
    wanted, missing, others = _wanted(question, problems), set(question.paths), []
    for package, line in lines_ending(_lists(question.root, problems), {n.rpartition(b"/")[2] for n in wanted}):
        if line not in wanted:
            others.append((package, line))
        for path, diverter, it_may in wanted.get(line, ()):
            if not diverter or (package.partition(":")[0] == diverter) is it_may:
                yield path, package, line
                missing.discard(path)
        if not missing:
            return
    # What is still missing may be listed through a folder that somebody moved and linked: /srv/opt/x as /opt/x.
    for package, line in others:
        moved = question.leads_to(line)
        if moved is not None and moved in missing:
            yield moved, package, line


def _wanted(question: Question, problems: _Problems) -> dict[bytes, list[tuple[str, str, bool]]]:
    """Names to look for: (path, who diverted it, whether only that package's list counts or every other's)."""
    wanted = {name: [(path, "", True)] for name, path in question.names().items()}
    root = question.root
    for original, diverted, package in _diversions(root, problems):
        aside = root.place(diverted)
        for name in [encoded(name) for name in root.names_of(root.place(original))]:
            if name in wanted:
                wanted[name] = [(path, package, True) if not by else (path, by, it) for path, by, it in wanted[name]]
            if aside in question.wanted:
                wanted.setdefault(name, []).append((aside, package, False))
    return wanted


def _diversions(root: Root, problems: _Problems) -> list[tuple[str, str, str]]:
    """(original, diverted to, package) of every diversion; the package is ":" for the administrator's own."""
    try:
        lines = decoded(root.read(f"{BASE}/diversions", LIST_LIMIT)).split("\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.add(f"{BASE}/diversions", error)
        return []
    return list(zip(lines[0::3], lines[1::3], lines[2::3], strict=False))


def _lists(root: Root, problems: _Problems) -> Iterator[tuple[str, bytes]]:
    """(package, list) of every package. Raises OSError where the folder cannot be opened."""
    folder = root.open(f"{BASE}/info", folder=True)
    try:
        for name in os.listdir(folder):
            if name.endswith(".list"):
                data = _read_beneath(folder, name, problems)
                if data:
                    yield name[:-5], data
    finally:
        os.close(folder)


def _read_beneath(folder: int, name: str, problems: _Problems) -> bytes:
    try:
        fd = open_beneath(folder, name)
    except FileNotFoundError:
        return b""  # dpkg removed it between the listing and now
    except OSError as error:
        problems.add(f"{BASE}/info/{name}", error)
        return b""
    try:
        return read_all(fd, LIST_LIMIT)
    except OSError as error:
        problems.add(f"{BASE}/info/{name}", error)
        return b""
    finally:
        os.close(fd)


class _Records:
    """Versions, states and digests: status, and the journal in updates/ that is newer. Raises OSError."""

    def __init__(self, root: Root, problems: _Problems) -> None:
        self._root = root
        self._problems = problems
        self._md5sums: dict[str, bytes] = {}
        self._stanzas: dict[bytes, list[bytes]] = {}  # package to its paragraphs, one an architecture, the newest last
        for path in [f"{BASE}/status", *[f"{BASE}/updates/{name}" for name in self._journal()]]:
            for paragraph in root.read(path, STATUS_LIMIT).split(b"\n\n"):
                stanza = b"\n" + paragraph.lstrip(b"\n")
                self._stanzas.setdefault(_field(stanza, b"Package"), []).append(stanza)

    def _journal(self) -> list[str]:
        try:
            folder = self._root.open(f"{BASE}/updates", folder=True)
        except OSError:
            return []  # only dpkg at work fills it
        try:
            return sorted(name for name in os.listdir(folder) if name.isdigit())
        finally:
            os.close(folder)

    def record(self, package: str, name: bytes) -> Recorded | None:
        """What a package says of a file that its list names; None where only the list is left of the package."""
        stanza = self._stanza(package)
        if stanza is None:
            self._problems.add(f"{BASE}/status", f"says nothing of {package}, which has a list of files")
        state = _field(stanza or b"", b"Status").rpartition(b" ")[2]
        if state in GONE:
            return None
        note = "" if state in WHOLE or stanza is None else f"dpkg left the package {decoded(state)}"
        version, short = decoded(_field(stanza or b"", b"Version")), package.partition(":")[0]
        digest = _conffile(stanza or b"", name)
        if digest:
            note = note or "a configuration file, which its administrator may change"
        else:
            digest = self._md5sum(package, name)
        if not digest:
            note = note or "its package records no digest of it"
        return Recorded("dpkg", short, version, "md5" if digest else "", digest, note)

    def _stanza(self, package: str) -> bytes | None:
        """The newest paragraph of a package (libc6:i386 is that of its architecture)."""
        short, _, architecture = encoded(package).partition(b":")
        for stanza in reversed(self._stanzas.get(short, ())):
            if not architecture or _field(stanza, b"Architecture") == architecture:
                return stanza
        return None

    def _md5sum(self, package: str, name: bytes) -> str:
        if package not in self._md5sums:
            try:
                self._md5sums[package] = self._root.read(f"{BASE}/info/{package}.md5sums", LIST_LIMIT)
            except FileNotFoundError:
                self._md5sums[package] = b""
            except OSError as error:
                self._md5sums[package] = b""
                self._problems.add(f"{BASE}/info/{package}.md5sums", error)
        return _digest_of(self._md5sums[package], name.lstrip(b"/"))


def _field(stanza: bytes, name: bytes) -> bytes:
    """The first line of a field; b"" where it is missing."""
    at = stanza.find(b"\n%s:" % name)
    return stanza[at + len(name) + 2 :].partition(b"\n")[0].strip() if at >= 0 else b""


def _conffile(stanza: bytes, name: bytes) -> str:
    """The digest of a configuration file in status; "" for a file that is none."""
    at = stanza.find(b"\n %s " % name, max(stanza.find(b"\nConffiles:\n"), 0))
    if at < 0 or b"\nConffiles:\n" not in stanza:
        return ""
    return _hex(stanza[at + len(name) + 3 :].partition(b"\n")[0].partition(b" ")[0])


def _digest_of(md5sums: bytes, name: bytes) -> str:
    """The digest of a file in md5sums, where md5sum(1) may have escaped a name: a backslash before, doubled inside."""
    plain = md5sums.find(b"  %s\n" % name)
    if plain < 0 and b"\\" in name:
        plain = md5sums.find(b"  %s\n" % name.replace(b"\\", b"\\\\"))
    if plain < 32:
        return ""
    return _hex(md5sums[plain - 32 : plain])


def _hex(text: bytes) -> str:
    """A digest as text; "" for what is none (newconffile, a half-written line)."""
    try:
        return text.decode("ascii").lower() if len(text) == 32 and int(text, 16) >= 0 else ""
    except ValueError:
        return ""
