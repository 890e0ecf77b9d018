"""What a server of the test bed declares: one file of servers/ has SERVER and start(place), and is found by its name.

A declaration says what a right answer is, in words that any scanner can be held to: nmap's service names, the
product, and how much of the installed version the server tells a stranger *as it is configured here*. The version
itself stands nowhere: it is asked of the package when the bed is built (versions.py). It refuses to know any scanner.
"""

from __future__ import annotations

import importlib
import os

from hb_engine.model.record import record, replace

SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers")


@record
class Listen:
    """One port of a server, and what is true of it.

    `names` are nmap's service names that are right, best first; none where nothing can be proved from outside, and then
    `tolerated` names what is no lie. `product` is a word that a right product contains, whatever its case.
    `reveals` is how much of the package's version goes over the wire: upstream, minor (two numbers), major, or nothing;
    with {} it is how the protocol writes upstream's version.
    `strange` is a port where nobody expects this service. `untouched` is a file of the server's folder that holds every
    byte it received: it must stay empty.
    """

    port: int
    names: tuple[str, ...]
    transport: str = "tcp"
    product: str = ""
    reveals: str = ""
    tls: bool = False
    strange: bool = False
    untouched: str = ""
    tolerated: tuple[str, ...] = ()
    behind: tuple[
        str, ...
    ] = ()  # the packages of which one speaks here, where it is not the server's first: in TLS ...

    def also(self, port: int) -> Listen:
        """The same service on a port where nobody expects it."""
        return replace(self, port=port, strange=True)

    def over(self, transport: str) -> Listen:
        """The same service and port over another transport."""
        return replace(self, transport=transport)


@record
class Server:
    """One server: the packages it needs (the first has its version), and where it listens.

    `unpacked` are packages that may not be installed beside others of the bed (mail and FTP servers exclude one
    another): they are downloaded and laid over the server's own view of the file system. `patience` is how many seconds
    it may take until every port is open.
    """

    packages: tuple[str, ...]
    listens: tuple[Listen, ...]
    unpacked: tuple[str, ...] = ()
    patience: float = 60.0

    @property
    def versioned(self) -> str:
        """The package whose version is the server's."""
        return (self.unpacked or self.packages)[0]


def names() -> list[str]:
    """The servers there are, by the names of their files."""
    files = sorted(os.listdir(SERVERS))
    return [file.removesuffix(".py") for file in files if file.endswith(".py") and file != "__init__.py"]


def load(name: str) -> Server:
    """A server's declaration. Raises ModuleNotFoundError for a name that has no file."""
    server = importlib.import_module(f"bench.testbed.servers.{name}").SERVER
    assert isinstance(server, Server), f"{name}: SERVER is no Server"
    return server


def load_all(only: tuple[str, ...] = ()) -> dict[str, Server]:
    """Declarations by name: of those asked for, else of all."""
    return {name: load(name) for name in only or names()}
