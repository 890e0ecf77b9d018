"""Which probes there are, found by what is known of a port: its number, its expected names, what TLS agreed on.

The folder probes/ is the only list. It is imported when somebody wants to identify, and not before: `hb ls` pays
nothing for it. It works from a zip archive (hb.pyz) as well. Nothing is decided here: strategy.py orders, care.py
refuses.
"""

from __future__ import annotations

import os
from importlib import import_module

from hb_engine.identify.kit import Peer, Probe
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from hb_engine.identify.kit import Talk

    Begin: TypeAlias = "Callable[[Peer], Talk]"
    Hint: TypeAlias = "Callable[[bytes], bool] | None"

# Registered names that promise TLS from the first byte (IANA's and nmap's spelling).
TLS_NAMES = frozenset(
    (
        *("https", "https-alt", "imaps", "pop3s", "smtps", "submissions", "ldaps", "ftps", "ftps-data", "nntps"),
        *("ircs", "ircs-u", "sips", "sip-tls", "telnets", "domain-s", "secure-mqtt", "amqps", "xmpps-client", "wsmans"),
        *("pcsync-https", "msft-gcs-ldaps", "globalcatldapssl", "syslog-tls", "stuns", "turns", "rtsps", "ipps"),
        *("docker-s", "ntske", "radsec", "oracleas-https", "wbem-https", "opcua-tls", "mbap-s", "snews"),
    )
)


@record
class Module:
    """A probe with what it can do. `file` is the module's name in probes/."""

    file: str
    probe: Probe
    talk: Begin
    hint: Hint = None


class Library:
    """All probes, with the indexes by which they are found. Order within an answer is the order they were given in."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules = tuple(modules)
        self._ports: dict[tuple[str, int], list[Module]] = {}
        self._names: dict[str, list[Module]] = {}
        self._alpn: dict[str, list[Module]] = {}
        for module in self.modules:
            probe = module.probe
            for kind, ports in (("tcp", probe.tcp), ("tls", probe.tls), ("udp", probe.udp)):
                for port in ports:
                    self._ports.setdefault((kind, port), []).append(module)
            for name in dict.fromkeys((probe.name, *probe.names)):
                self._names.setdefault(name.lower(), []).append(module)
            for protocol in probe.alpn:
                self._alpn.setdefault(protocol, []).append(module)

    def at(self, kind: str, port: int) -> tuple[Module, ...]:
        """The probes that are at home on a port: kind is tcp, tls or udp."""
        return tuple(self._ports.get((kind, port), ()))

    def named(self, name: str) -> tuple[Module, ...]:
        """The probes that a service's name means, whichever register it is from; "ssl/http" means http."""
        return tuple(self._names.get(name.lower().rpartition("/")[2], ()))

    def agreed(self, protocol: str) -> tuple[Module, ...]:
        """The probes that a TLS protocol id (RFC 7301) means."""
        return tuple(self._alpn.get(protocol, ()))

    @property
    def alpn(self) -> tuple[str, ...]:
        """Every TLS protocol id that some probe means, HTTP/1.1 first, since that is what most servers know."""
        return tuple(dict.fromkeys(["http/1.1", *self._alpn]))


def load() -> Library:
    """Import every probe of the folder. A file there that is no probe is an error, and tests find it."""
    return Library([_module(name) for name in sorted(probe_names())])


def probe_names() -> list[str]:
    """The probes there are: the files of identify/probes, without those that begin with an underscore."""
    from hb_engine.identify import probes

    found: list[str] = []
    for folder in probes.__path__:
        try:
            names = os.listdir(folder)
        except NotADirectoryError:  # inside a zip archive
            names = _zipped(folder)
        found += [name[:-3] for name in names if name.endswith(".py") and not name.startswith("_")]
    return found


def wants_tls(name: str) -> bool:
    """Whether a registered name promises TLS from the first byte."""
    name = name.lower()
    return name in TLS_NAMES or name.startswith(("ssl/", "tls/"))


def _module(name: str) -> Module:
    found = import_module(f"hb_engine.identify.probes.{name}")
    return Module(name, found.PROBE, found.talk, getattr(found, "hint", None))


def _zipped(folder: str) -> list[str]:
    """The names of the files that an archive has in a folder: the archive is the part of the path that is a file."""
    from zipfile import ZipFile  # hb.pyz

    archive = folder
    while archive and not os.path.isfile(archive):
        archive = os.path.dirname(archive)
    inside = os.path.relpath(folder, archive).replace(os.sep, "/")
    with ZipFile(archive) as file:
        names = [name.rpartition("/") for name in file.namelist()]
    return [name for at, _, name in names if at == inside]
