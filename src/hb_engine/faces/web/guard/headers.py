"""What a browser is told to refuse on behalf of the pages, on every answer: pages, errors, assets and streams alike.

Content Security Policy Level 3; Fetch (Cross-Origin-Resource-Policy); HTML (Cross-Origin-Opener-Policy); RFC 9111 5.2.
Nothing is loaded from elsewhere, nothing is said to anybody elsewhere, nothing frames a page, and no cache keeps what
this network has open. It refuses to name the server.
"""

from __future__ import annotations

from hb_engine.model.record import record

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Whatever a page could ask of a person's machine; the clipboard alone, for buttons that copy a command, is ours.
OFF = (
    *("accelerometer", "autoplay", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
ALWAYS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not no-referrer: a browser would send our own forms with Origin: null (Fetch, append a request Origin header).
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join([f"{name}=()" for name in OFF]).encode() + b", clipboard-write=(self)"),
)
NO_REFERRER = (b"referrer-policy", b"no-referrer")
NOT_KEPT = (b"cache-control", b"no-store")
NEVER = frozenset((b"server", b"x-powered-by"))


@record
class Cookie:
    """A cookie to set; an empty value takes it away."""

    name: str
    value: str = ""

    def line(self, seconds: int = 0) -> bytes:
        """The value of Set-Cookie (RFC 6265 4.1). Not Secure: there is no TLS on loopback.

        Not SameSite=Strict: a link to a port's page from a ticket would find nobody signed in. Lax lets such a link
        come in, and nothing else that another site asks for; the gate refuses the rest by Sec-Fetch-Site and Origin.
        """
        age = seconds if self.value else 0
        return f"{self.name}={self.value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax".encode()


def guarded(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those that every answer has. What it says of its caching, or of less Referer, stands."""
    given = [(name.lower(), value) for name, value in headers]
    stricter = {NO_REFERRER[0]: NO_REFERRER[1]} if NO_REFERRER in given else {}
    always = [(name, stricter.get(name, value)) for name, value in ALWAYS]
    ours = {name for name, _ in ALWAYS} | NEVER
    kept = [pair for pair in given if pair[0] not in ours]
    return [*kept, *always, *(() if NOT_KEPT[0] in {name for name, _ in kept} else (NOT_KEPT,))]
