"""Whose the other end of a local connection is: the kernel is asked for that one socket, by its addresses and ports.

It takes no rights, and one question of 20 microseconds. The answer is true while the connection lasts: ask when it
begins, and not again by its numbers, which others may have later. It refuses to guess: an end that no program of this
network namespace holds (closed meanwhile, or come from elsewhere) is nobody's.

Sources: sock_diag(7); net/ipv4/inet_diag.c (inet_diag_dump_one_icsk, inet_diag_msg_common_fill, inet_twsk_diag_fill).
"""

from __future__ import annotations

import _socket
import errno

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook
from hb_engine.wire import netlink, sock_diag
from hb_engine.wire.netlink import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Address = tuple[str, int]


class Peers:
    """A conversation with the kernel that is kept open. Raises CannotLook where it has no such protocol."""

    def __init__(self, opener: Callable[[int], Netlink] = Netlink) -> None:
        self._kernel = opener(netlink.SOCK_DIAG)

    def owner(self, client: Address, server: Address) -> int | None:
        """The uid of whoever holds the client's end of a TCP connection, None where nobody here does.

        Addresses are (text, port), both IPv4 or both IPv6. Raises CannotLook where the kernel gives no answer.
        """
        family = sock_diag.INET6 if ":" in client[0] else sock_diag.INET
        own, peer = [(_socket.inet_pton(family, _bare(address)), port) for address, port in (client, server)]
        found: list[int | None] = []

        def reader(sequence: int) -> Callable[[bytearray, int], bool]:
            def feed(data: bytearray, size: int) -> bool:
                for kind, body in netlink.messages(data, size, sequence):
                    if kind == sock_diag.BY_FAMILY:
                        found.append(sock_diag.connection_owner(body))
                return bool(found)

            return feed

        try:
            self._kernel.feed(lambda number: sock_diag.connection_request(family, own, peer, sequence=number), reader)
        except Refused as error:
            if error.code == errno.ENOENT:
                return None
            raise
        except OSError as error:
            raise CannotLook(f"netlink gave no answer: {error.strerror}") from error
        return found[0]

    def close(self) -> None:
        """End the conversation."""
        self._kernel.__exit__()


def _bare(address: str) -> str:
    """An address without its zone: fe80::1%eth0."""
    return address.partition("%")[0]
