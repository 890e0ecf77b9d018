"""The addresses that hb serve listens on: loopback, and nothing wider.

A socket is bound with the rights that hb was started with, before anything else is done. It refuses addresses that
other machines reach: whoever has a link would be let in from there, and there is no TLS and no sign-in against that.
"""

from __future__ import annotations

import errno
import ipaddress
import socket

from hb_engine.model.errors import BadInput, CannotLook

DEFAULT = "127.0.0.1"
BACKLOG = 128


def addresses(text: str) -> tuple[str, ...]:
    """The loopback addresses that --listen means; localhost is both families'. Raises BadInput for anything wider."""
    if text.lower() == "localhost":
        return ("127.0.0.1", "::1")
    bare = text.removeprefix("[").removesuffix("]")
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        raise BadInput(
            f"--listen cannot be {text!r}", "It is 127.0.0.1, ::1, localhost, or another address of 127.0.0.0/8."
        ) from None
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None or not found.is_loopback:
        raise BadInput(
            f"--listen {text} would let other machines in, by a link alone and without TLS: signing in comes with the "
            "fleet",
            "Leave it on loopback, and come from elsewhere with: ssh -L 1703:127.0.0.1:1703 HOST",
        )
    return (str(found),)


def listen(where: tuple[str, ...], port: int) -> list[socket.socket]:
    """Sockets that listen, all on one port (0: one that the kernel chooses). Raises CannotLook where one cannot.

    Of several addresses the first must do; another is left out where this machine does not have its family.
    """
    made: list[socket.socket] = []
    try:
        for address in where:
            try:
                made.append(_one(address, made[0].getsockname()[1] if made else port))
            except OSError as error:
                if made and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    continue
                raise
    except OSError as error:
        for one in made:
            one.close()
        raise _refused(address, port, error) from error
    return made


def url(listener: socket.socket) -> str:
    """The address of what listens, as a browser is given it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _one(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: there SO_REUSEADDR would let others in beside us
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


class Taken(CannotLook):
    """Somebody else has the port."""


def _refused(address: str, port: int, error: OSError) -> CannotLook:
    where = f"{address} port {port}"
    if error.errno == errno.EADDRINUSE:
        return Taken(f"{where} is taken", "Choose another with --port, or 0 for one that is free.")
    if error.errno == errno.EACCES:
        return CannotLook(
            f"{where} is for root: ports below net.ipv4.ip_unprivileged_port_start are", "Choose one from 1024 on."
        )
    return CannotLook(f"{where} cannot be listened on: {error.strerror}", "Choose another address with --listen.")
