"""One end of TLS over bytes in memory, as a client that wants to know and not to trust.

Nothing is verified, old versions and weak ciphers are accepted, since the question is what the server does. It reads
and writes no socket: stream.py moves the bytes, so that a connection can become TLS in its middle (STARTTLS) and
whatever came early is not lost. Names are sent (SNI, RFC 6066), addresses never. The certificate is read by
wire/x509.py.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.identity import Certificate, Tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext

HEAD = 32768  # bytes of the server's first flight that are kept for reading certificates of unfinished handshakes
CLOSED = "closed during the handshake"
_ALERT, _HANDSHAKE = 0x15, 0x16  # record types of RFC 8446 5.1
_NO_APPLICATION_PROTOCOL = 120  # RFC 7301 3.2
_LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers from before RFC 5746


class Failed(Exception):
    """TLS came to an end on this connection; the endpoint's `problem` says why."""


class Endpoint:
    """A client's end of TLS. Feed it what came, send what it gives, and step until it is done."""

    def __init__(self, host: str, alpn: tuple[str, ...]) -> None:
        from ssl import MemoryBIO

        self._incoming, self._outgoing = MemoryBIO(), MemoryBIO()
        name = server_name(host)
        self._object = context(alpn).wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self.head = b""  # what came first
        self.problem = ""
        self.done = False  # with the handshake

    def feed(self, data: bytes) -> None:
        """Bytes of the connection; none: it was closed."""
        if data:
            if not self.done and len(self.head) < HEAD:
                self.head += data[: HEAD - len(self.head)]
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def pending(self) -> bytes:
        """What is to be sent now."""
        return self._outgoing.read()

    def shake(self) -> bool:
        """Go on with the handshake; True once it is done. Raises Failed."""
        from ssl import SSLError, SSLWantReadError

        try:
            self._object.do_handshake()
        except SSLWantReadError:
            return False
        except (SSLError, OSError, ValueError) as error:
            self._fail(error)
        self.done = True
        return True

    def read(self, size: int) -> bytes | None:
        """Bytes inside TLS; empty at its end, None where more must be fed first. Raises Failed."""
        from ssl import SSLEOFError, SSLError, SSLWantReadError, SSLZeroReturnError

        try:
            return self._object.read(size)
        except SSLWantReadError:
            return None
        except (SSLZeroReturnError, SSLEOFError):
            return b""
        except (SSLError, OSError, ValueError) as error:
            self._fail(error)
        return b""

    def write(self, data: bytes) -> None:
        """Wrap bytes; pending() has them then. Raises Failed."""
        from ssl import SSLError

        try:
            self._object.write(data)
        except (SSLError, OSError, ValueError) as error:
            self._fail(error)

    @property
    def plain(self) -> bool:
        """Whether what came first is no TLS at all."""
        return bool(self.head) and not is_tls(self.head)

    @property
    def wants_no_alpn(self) -> bool:
        """Whether the server refused the protocols that were offered, not TLS itself."""
        alert = len(self.head) >= 7 and self.head[0] == _ALERT and self.head[6] == _NO_APPLICATION_PROTOCOL
        return alert or "no application protocol" in self.problem

    def told(self, how: str) -> Tls:
        """What the handshake told, finished or not."""
        cipher = self._object.cipher() if self.done else None
        certificate, trouble = self._certificate()
        return Tls(
            version=(self._object.version() or "") if self.done else "",
            cipher=cipher[0] if cipher else "",
            alpn=(self._object.selected_alpn_protocol() or "") if self.done else "",
            how=how,
            certificate=certificate,
            problem=self.problem or trouble,
        )

    def _certificate(self) -> tuple[Certificate | None, str]:
        if not self.done:
            return early_certificate(self.head), ""
        der = self._object.getpeercert(binary_form=True)
        if not der:
            return None, ""
        from hb_engine.wire.x509 import read

        try:
            return read(der), ""
        except (DataError, Truncated) as error:
            return None, f"the certificate cannot be read: {error.message}"[:200]

    def _fail(self, error: Exception) -> None:
        from ssl import SSLEOFError

        reason = getattr(error, "reason", None)
        closed = isinstance(error, SSLEOFError) or "EOF" in str(reason)
        self.problem = CLOSED if closed else str(reason).lower().replace("_", " ") if reason else "broken TLS"
        raise Failed from error


def is_tls(data: bytes) -> bool:
    """Whether bytes begin as a TLS record of a handshake or an alert does."""
    return len(data) >= 2 and data[0] in (_ALERT, _HANDSHAKE) and data[1] == 3


def is_fatal(data: bytes) -> bool:
    """Whether bytes begin with a TLS alert that ends a handshake (RFC 8446 6): a record of two bytes, level fatal."""
    return is_tls(data) and data[0] == _ALERT and data[3:6] == b"\0\2\2"


def server_name(host: str) -> str | None:
    """The name to be sent: none for addresses (RFC 6066 3), none for what is no name at all."""
    from ipaddress import ip_address

    bare = host.partition("%")[0].strip("[]")
    try:
        ip_address(bare)
    except ValueError:
        name = bare.rstrip(".")
        try:
            return name if name and len(name.encode("idna")) < 254 and not name.startswith(".") else None
        except UnicodeError:
            return None
    return None


def early_certificate(head: bytes) -> Certificate | None:
    """The certificate of a handshake that did not come to its end; up to TLS 1.2 it is sent in clear."""
    if not is_tls(head):
        return None
    from hb_engine.identify.versions import certificate_of
    from hb_engine.wire.x509 import read

    try:
        der = certificate_of(head)
        return read(der) if der else None
    except (DataError, Truncated):
        return None


_contexts: dict[tuple[str, ...], SSLContext] = {}


def context(alpn: tuple[str, ...]) -> SSLContext:
    """A context that accepts whatever a server can do, and offers these protocols. Made once for each list."""
    if alpn not in _contexts:
        import ssl

        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        made.options |= _LEGACY_SERVER_CONNECT
        made.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        if alpn:
            made.set_alpn_protocols(list(alpn))
        _contexts[alpn] = made
    return _contexts[alpn]
