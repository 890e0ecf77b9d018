"""Which of a scanner's words are right, held against what the servers declare and the versions that are installed.

A name is right, wrong, a guess (from the port's number alone) or none. A version is asked for only where the server
reveals one; where it does not, a version number that is not the package's is counted as made up. Ports of which nothing
can be proved are scored apart: there the right answer is no answer, and a lie is a name that is not tolerated.
"""

from __future__ import annotations

from bench.testbed.kit import Listen
from bench.testbed.sayings import SILENCE, Saying
from bench.testbed.versions import contradicts, says, told
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RIGHT, WRONG, GUESS, NONE, MADE_UP = "right", "wrong", "guess", "none", "made up"


@record
class Port:
    """One port of a server that is up: what is true there. `versions` are those of the packages that may speak."""

    server: str
    address: str
    listen: Listen
    versions: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, int]:
        """As in a scanner's sayings."""
        return self.address, self.listen.transport, self.listen.port


@record
class Row:
    """One port judged: `name`, `version`, `product` and `tls` are words above, empty where there is no right one."""

    port: Port
    said: Saying
    name: str
    version: str = ""
    product: str = ""
    tls: str = ""


@record
class Score:
    """What the rows of one scanner come to."""

    names: int  # to be had
    names_right: int
    versions: int
    versions_right: int
    products: int
    products_right: int
    tls: int  # ports inside TLS
    tls_right: int
    strange: int  # ports where nobody expects the service
    strange_right: int
    guesses: int
    wrong: int
    made_up: int  # version numbers that are not the package's
    unprovable: int
    lies: int


def judge(port: Port, said: Saying) -> Row:
    """One port's row."""
    listen = port.listen
    if not listen.names:
        lies = said.name and not said.guessed and said.name not in listen.tolerated
        return Row(port, said, WRONG if lies else RIGHT)
    name = _name(listen, said)
    proved = name == RIGHT
    return Row(
        port,
        said,
        name,
        _version(port, said, proved=proved),
        _product(listen, said) if listen.product else "",
        (RIGHT if said.tls else WRONG) if listen.tls and proved else "",
    )


def _name(listen: Listen, said: Saying) -> str:
    if not said.name:
        return NONE
    if said.guessed:
        return GUESS
    return RIGHT if said.name.split()[0] in listen.names else WRONG  # nmap's script says "mosquitto version 2.0.11"


def _product(listen: Listen, said: Saying) -> str:
    if not said.product:
        return NONE
    return RIGHT if listen.product.lower() in said.product.lower() else WRONG


def _version(port: Port, said: Saying, *, proved: bool) -> str:
    truths = [truth for version in port.versions for truth in told(version, port.listen.reveals)]
    claims = [said.version, *_words(said.rest)]
    if proved and any(says(claim, truth) for claim in claims for truth in truths):
        return RIGHT
    claimed = said.version if proved else ""
    known = [*port.versions, *truths]
    if claimed and all(contradicts(claimed, version) for version in known):
        return MADE_UP
    return NONE if truths else ""


def _words(text: str) -> list[str]:
    """Words without what stands around them: '(version 2.0.11)' has 2.0.11, and so has Coturn-2.0.11."""
    words = [word.strip("(),;'\"") for word in text.replace("/", " ").split()]
    return words + [word.partition("-")[2] for word in words]


def rows(ports: Iterable[Port], said: Mapping[tuple[str, str, int], Saying]) -> list[Row]:
    """Every port judged; one that the scanner did not mention was met with silence."""
    return [judge(port, said.get(port.key, SILENCE)) for port in ports]


def total(judged: list[Row]) -> Score:
    """What the rows come to."""
    provable = [row for row in judged if row.port.listen.names]
    apart = [row for row in judged if not row.port.listen.names]
    versions = [row for row in provable if row.port.listen.reveals]
    products = [row for row in provable if row.port.listen.product]
    tls = [row for row in provable if row.port.listen.tls]
    strange = [row for row in provable if row.port.listen.strange]
    return Score(
        len(provable),
        sum(row.name == RIGHT for row in provable),
        len(versions),
        sum(row.version == RIGHT for row in versions),
        len(products),
        sum(row.product == RIGHT for row in products),
        len(tls),
        sum(row.tls == RIGHT for row in tls),
        len(strange),
        sum(row.name == RIGHT for row in strange),
        sum(row.name == GUESS for row in provable),
        sum(row.name == WRONG for row in provable),
        sum(row.version == MADE_UP for row in provable),
        len(apart),
        sum(row.name == WRONG for row in apart),
    )


def worse_elsewhere(judged: list[Row]) -> list[str]:
    """Services that are right on their own port, and not on one where nobody expects them: server and port."""
    home = {
        (row.port.server, row.port.listen.names, row.port.listen.transport)
        for row in judged
        if row.name == RIGHT and not row.port.listen.strange
    }
    return [
        f"{row.port.server} {row.port.listen.transport}/{row.port.listen.port}"
        for row in judged
        if row.port.listen.strange
        and row.name != RIGHT
        and (row.port.server, row.port.listen.names, row.port.listen.transport) in home
    ]
