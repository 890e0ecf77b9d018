"""The baseline's folder: found, read and handed to the language; and what lies beside it, hb.lock.

A folder is looked for where a person would keep it: what was named, $HB_BASELINE, hb.d here or further up to the root
of the git work tree, /etc/hb-engine/hb.d. It refuses to go on with a baseline that has errors, since a rule that is
left out would turn into drift, or into silence.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.ruling import located
from hb_engine.baseline.language import formats
from hb_engine.baseline.language import parse as language
from hb_engine.baseline.language.builder import World
from hb_engine.baseline.language.nodes import Source
from hb_engine.baseline.language.problems import in_order
from hb_engine.model.baseline import Baseline, Lock, Problem, Where
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hb_engine.registry.assignments import Registry

FOLDER, VARIABLE, LOCK = located.FOLDER, located.VARIABLE, "hb.lock"
locate = located.locate
MOST_FILES = 1000
LARGEST = 4 << 20  # bytes of a file: at most four for a character
LARGEST_LOCK = 256 << 20
BEGIN = "Begin with hb learn --now, or name one with --baseline DIR."
TOLD = 3  # errors that are told by name
MOST_ALIKE = 100  # names that alike ones are looked for
_OPENED: list[Registry] = []
_LOOKED: list[str] = []


class BadBaseline(BadInput):
    """A baseline with errors; `problems` are all of them, and the warnings."""

    def __init__(self, folder: str, problems: tuple[Problem, ...]) -> None:
        errors = [problem for problem in problems if problem.level == "error"]
        told = [f"{each.where.text}: {each.message}" for each in errors[:TOLD]]
        more = f"; and {len(errors) - TOLD} more" if len(errors) > TOLD else ""
        hint = errors[0].hint if len(errors) == 1 and errors[0].hint else f"hb lint {folder} shows each with its line."
        super().__init__(f"the baseline cannot be used: {'; '.join(told)}{more}", hint)
        self.problems = problems


@record
class Loaded:
    """A baseline that can be used. `problems` are warnings; `unsafe` a sentence, where others may write the rules."""

    folder: str
    baseline: Baseline
    problems: tuple[Problem, ...] = ()
    lock: Lock = Lock()
    unsafe: str = ""


@record
class Texts:
    """Files as they were read: (name, text) each, and what could not be read."""

    files: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()


def load(given: str = "", *, packs: Sequence[str] = (), now: float | None = None, host: str | None = None) -> Loaded:
    """The baseline, with its lock, of which one machine's part is enough where `host` names it.

    Raises BadBaseline for errors in it, BadInput where there is none.
    """
    folder = _folder(given)
    found = read([folder], packs=packs, now=now)
    if found.errors:
        raise BadBaseline(folder, found.problems)
    return Loaded(folder, found.baseline, found.problems, lock(folder, host), unsafe(folder))


def read(paths: Iterable[str], *, packs: Sequence[str] = (), now: float | None = None) -> language.Parsed:
    """The baseline of some files and folders, and all of its problems. Raises BadInput for paths that are not there."""
    return parsed(gathered(paths), packs=packs, now=now)


def reread(folder: str, changed: Mapping[str, str], *, now: float | None = None) -> language.Parsed:
    """The baseline of a folder as it would be with other texts of some files, by their names without the folder."""
    texts = dict(gathered([folder]).files)
    texts.update({os.path.join(folder, name): text for name, text in changed.items()})
    return parsed(Texts(tuple(sorted(texts.items()))), now=now)


def parsed(texts: Texts, *, packs: Sequence[str] = (), now: float | None = None) -> language.Parsed:
    """The baseline of texts that were read, and all of its problems; `now` is in seconds since the epoch."""
    world = World(services, alike, _is_zone, findings(), time.time() if now is None else now)
    found = language.read(texts.files, pack_text, packs=tuple(packs), known_packs=pack_names(), world=world)
    named = tuple([name for name, _ in texts.files])
    return language.Parsed(found.baseline, in_order([*texts.problems, *found.problems], named))


def _folder(given: str) -> str:
    folder = locate(given)
    if folder is None:
        raise BadInput(f"there is no baseline: no {FOLDER} here or above, and none in {folders.system()}", BEGIN)
    if not given and not os.environ.get(VARIABLE) and _is_a_strangers(folder):
        raise BadInput(
            f"the baseline {folder}, found here, belongs to another user, whose rules would say what is expected",
            f"Read it; then name it: --baseline {folder}.",
        )
    return existing(folder)


def _is_a_strangers(folder: str) -> bool:
    """Whether a folder that nobody named is another user's: not root's, ours, or theirs who called us by sudo."""
    try:
        return hasattr(os, "geteuid") and os.stat(folder).st_uid not in _ours()
    except OSError:
        return False


def _ours() -> set[int]:
    """Root, this user, and who called us by sudo."""
    sudo = os.environ.get("SUDO_UID", "") if os.geteuid() == 0 else ""
    return {0, os.geteuid(), int(sudo) if sudo.isascii() and sudo.isdigit() else 0}


def existing(folder: str) -> str:
    """The folder itself. Raises BadInput where it is none, or is not there."""
    if not os.path.isdir(folder):
        what = "is no folder" if os.path.lexists(folder) else "is not there"
        by = f" ({VARIABLE} names it)" if folder == os.environ.get(VARIABLE) else ""
        raise BadInput(f"the baseline {folder}{by} {what}", BEGIN)
    return folder


# -- files


def gathered(paths: Iterable[str]) -> Texts:
    """The files of some paths, folders in the order of their files' names. Raises BadInput for what is not there."""
    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for path in paths:
        listed = _listed(path) if os.path.isdir(path) else [path]
        if len(listed) > MOST_FILES:
            raise BadInput(f"{path} holds more than {MOST_FILES} files", "Put rules together: one file a team, say.")
        for name in listed:
            if not os.path.lexists(name):
                raise BadInput(f"{name} is not there", "Name a file or folder of rules.")
            text = _text(name)
            if isinstance(text, Problem):
                problems.append(text)
            else:
                found.append((name, text))
    return Texts(tuple(found), tuple(problems))


def _listed(folder: str) -> list[str]:
    """The files of a folder that are the baseline's, by name; hidden ones are not."""
    _readers()
    endings = formats.endings()
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}", "Run as who may read it.") from error
    return [os.path.join(folder, name) for name in names if name[0] != "." and name.lower().endswith(endings)]


def _readers() -> None:
    """Tell the language which readers there are; in a zip there is no folder, and it finds out by itself."""
    from hb_engine.baseline.language import readers

    try:
        files = os.listdir(next(iter(readers.__path__)))
    except OSError:
        return
    formats.readers([name[:-3] for name in files if name.endswith(".py") and not name.startswith("_")])


def _text(path: str) -> str | Problem:
    """A file's text, or why there is none."""
    if not os.path.isfile(path):  # a named pipe would keep us for ever
        what = "this is a folder, where a file is expected" if os.path.isdir(path) else "this is no file"
        what = "this link leads nowhere" if os.path.islink(path) and not os.path.exists(path) else what
        return Problem(Where(path), what, "Rename it, or move it out of the folder.", "error", "no-file")
    if _is_another_s_link(path):  # they would have us show them, line by line, what they may not read
        return Problem(Where(path), "this link is another user's", "Put the file itself there.", "error", "no-file")
    try:
        data = _bytes(path, LARGEST + 1)
    except OSError as error:
        return Problem(
            Where(path), f"this cannot be read: {error.strerror}", "Run as who may read it.", "error", "no-file"
        )
    if len(data) > LARGEST:
        return Problem(
            Where(path), "this file is larger than 1 MiB", "Split it; hb reads all files of hb.d.", "error", "too-large"
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return _no_utf8(path, data, error.start)


def _is_another_s_link(path: str) -> bool:
    """Whether a path's last part is a link that another user made: protected_symlinks of proc_sys_fs(5), everywhere."""
    try:
        return hasattr(os, "geteuid") and os.path.islink(path) and os.lstat(path).st_uid not in _ours()
    except OSError:  # gone since
        return False


def _bytes(path: str, limit: int) -> bytes:
    """A file's bytes. Never waits for what has become a pipe since somebody looked. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        return file.read(limit)


def _no_utf8(path: str, data: bytes, start: int) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "UTF-32" if data[:4] == b"\xff\xfe\0\0" else "UTF-16"
        return Problem(Where(path, 1, 1), f"this file is {name}, not UTF-8", "Save it as UTF-8.", "error", "encoding")
    where = Source(path, data[:start].decode(errors="replace")).where(len(data[:start].decode(errors="replace")))
    return Problem(
        where, f"the byte 0x{data[start]:02x} here is no UTF-8", "Save the file as UTF-8.", "error", "encoding"
    )


def unsafe(folder: str) -> str:
    """A sentence where others than root and this user may write the rules, or hb.lock, which keeps drift quiet; empty
    where nobody can."""
    if not hasattr(os, "geteuid"):
        return ""
    paths = [folder, *_listed(folder), lock_path(folder)]
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            continue
        if found.st_uid not in (0, os.geteuid()):
            return f"{path} belongs to another user, who may write the rules"
        if found.st_mode & 0o022:
            who = "everybody" if found.st_mode & 0o002 else "its group"
            return f"{path} can be written by {who}: chmod go-w {path}"
    return _unsafe_way(os.path.dirname(os.path.realpath(folder)))


def _unsafe_way(folder: str) -> str:
    """A sentence where others may put another folder in the baseline's place, by a folder above it."""
    while True:
        try:
            found = os.stat(folder)
        except OSError:  # taken away meanwhile
            return ""
        if found.st_uid not in (0, os.geteuid()):
            return f"{folder} belongs to another user, who may put other rules there"
        if found.st_mode & 0o1002 == 0o002:  # of a sticky folder only a file's owner takes a file away
            return f"{folder} can be written by everybody, who may put other rules there: chmod o-w {folder}"
        if folder == os.path.dirname(folder):
            return ""
        folder = os.path.dirname(folder)


def lock(folder: str, host: str | None = None) -> Lock:
    """What hb.lock beside the folder holds, of one machine or of all; an empty one where there is none. Raises
    BadInput."""
    path = lock_path(folder)
    if not os.path.lexists(path):
        return Lock()
    from hb_engine.baseline.lock import parse  # only where there is one

    if not os.path.isfile(path):  # a pipe would be waited for, and a link that leads nowhere is a lock that was lost
        what = (
            "it is a folder"
            if os.path.isdir(path)
            else "it is no file"
            if os.path.exists(path)
            else "it is a link to nowhere"
        )
        raise BadInput(f"{path} cannot be read: {what}", "Take it away; hb learn --now writes it anew.")
    try:
        data = _bytes(path, LARGEST_LOCK + 1)
        text = data.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise BadInput(f"{path} cannot be read: {reason}", "hb learn --now writes it anew.") from error
    if len(data) > LARGEST_LOCK:
        raise BadInput(f"{path} is larger than {LARGEST_LOCK >> 20} MiB", "hb learn --now writes it anew.")
    return parse(text, path, host)


def lock_path(folder: str) -> str:
    """hb.lock, beside the folder."""
    return os.path.join(os.path.dirname(os.path.abspath(folder)), LOCK)


# -- what the language may not look up by itself


def pack_names() -> tuple[str, ...]:
    """The packs that come with hb."""
    try:
        return tuple(sorted([name.removesuffix(".toml") for name in os.listdir(_packs()) if name.endswith(".toml")]))
    except OSError:
        return ()


def pack_text(name: str) -> str | None:
    """A pack's text; None where there is no such pack."""
    if name not in pack_names():
        return None
    with open(os.path.join(_packs(), f"{name}.toml"), encoding="utf-8") as file:
        return file.read()


def _packs() -> str:
    from hb_engine import baseline

    return os.path.join(next(iter(baseline.__path__)), "packs")


def services(name: str) -> tuple[tuple[str, int], ...]:
    """(transport, port) of what is registered by a name."""
    from hb_engine.app.looking.port_names import ports_named  # only for rules that name services

    return ports_named(name, _registry()) if "*" not in name else ()


def alike(name: str) -> tuple[str, ...]:
    """Names that are registered and like this one; a few milliseconds, and so only for the first of many mistakes."""
    _LOOKED.append(name)
    return _registry().suggest(name, 3) if len(_LOOKED) <= MOST_ALIKE else ()


def _registry() -> Registry:
    from hb_engine.registry.assignments import Registry  # as above

    if not _OPENED:
        _OPENED.append(Registry.open(folders.data()))
    return _OPENED[0]


def findings() -> tuple[str, ...]:
    """The names of judge's rules, which rules of a baseline may accept."""
    from hb_engine.app.looking.look import rule_names  # lists a folder

    return tuple(sorted({name.rpartition(".")[2].replace("_", "-") for name in rule_names()}))


def zone(name: str, seconds: int) -> int | None:
    """Seconds that a zone's clocks are ahead of UTC at a time (since the epoch); None for a zone that there is not."""
    if name == "UTC":
        return 0
    from datetime import UTC, datetime, timedelta  # only for windows that name a zone
    from zoneinfo import ZoneInfo

    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        offset = moment.astimezone(ZoneInfo(name)).utcoffset()
    except (KeyError, ValueError, OSError, OverflowError):  # KeyError: ZoneInfoNotFoundError
        return None
    return None if offset is None else int(offset.total_seconds())


def _is_zone(name: str) -> bool:
    return zone(name, 0) is not None
