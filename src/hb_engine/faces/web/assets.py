"""Style, scripts and pictures that come with the package, held in memory under addresses that change with them.

Nothing is ever loaded from elsewhere (CSP 'self'). An address holds a digest of the bytes, so browsers may keep them
for ever; text is packed once, at the start (gzip, RFC 1952), and sent so to whoever takes it. What style and scripts
say to their readers only, comments and indents, is not sent. It refuses every path that is not one of its own names,
and asks no system what its files are.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re

from hb_engine.model.record import record

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")
KEPT = "public, max-age=31536000, immutable"
TEXT = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "json": "application/json",
}
BYTES = {"png": "image/png", "ico": "image/x-icon", "webp": "image/webp"}
UNKNOWN = "application/octet-stream"
# CSS Syntax 4: strings stay, comments are nothing, and blanks are nothing beside these.
STYLE = re.compile(rb"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/|\s*([{};,])\s*|\s+""", re.DOTALL)


@record
class Asset:
    """One file: its bytes, and what a browser is told that they are. `packed` is empty where that saves nothing."""

    body: bytes
    media: str
    digest: str
    packed: bytes = b""

    def sent(self, accepted: str) -> tuple[bytes, dict[str, str]]:
        """The bytes and headers of an answer to a browser that accepts these encodings (RFC 9110 12.5.3)."""
        headers = {"cache-control": KEPT, **({"vary": "accept-encoding"} if self.packed else {})}
        if self.packed and takes_gzip(accepted):
            return self.packed, {**headers, "content-encoding": "gzip"}
        return self.body, headers


class Assets:
    """Every file of the folder, by its name."""

    def __init__(self, folder: str = HERE) -> None:
        self._files: dict[str, Asset] = {}
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    body = file.read()
                self._files[name] = made(name, body)

    def url(self, name: str) -> str:
        """The address of an asset. Raises KeyError for one that there is not: a template's mistake."""
        return f"/assets/{self._files[name].digest}/{name}"

    def find(self, digest: str, name: str) -> Asset | None:
        """The asset of an address, None where there is none; an old digest leads to today's bytes."""
        return self._files.get(name) if digest.isalnum() else None


def made(name: str, body: bytes) -> Asset:
    """A file as it is served."""
    kind = name.rpartition(".")[2]
    body = lean(kind, body)
    digest = hashlib.sha256(body).hexdigest()[:12]
    if kind not in TEXT:
        return Asset(body, BYTES.get(kind, UNKNOWN), digest)
    packed = gzip.compress(body, mtime=0)  # the same bytes at every start
    return Asset(body, f"{TEXT[kind]}; charset=utf-8", digest, packed if len(packed) < len(body) else b"")


def lean(kind: str, body: bytes) -> bytes:
    """A style sheet or a script without what only its readers need; anything else as it is.

    Of a script only whole lines of comment and indents go. One with a text over several lines stays as it is.
    """
    if kind == "css":
        return STYLE.sub(
            lambda found: found[1] or found[2] or (b"" if found[0].startswith(b"/*") else b" "), body
        ).strip()
    if kind == "js" and all(line.count(b"`") % 2 == 0 for line in body.split(b"\n")):
        lines = [line.strip() for line in body.split(b"\n")]
        return b"\n".join([line for line in lines if line and not line.startswith(b"//")])
    return body


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding has gzip, or anything, and not with a weight of none."""
    for part in accepted[:500].lower().split(","):
        coding, *rules = [word.strip() for word in part.split(";")]
        if coding in ("gzip", "x-gzip", "*"):
            return not any(rule.replace(" ", "").rstrip("0") in ("q=", "q=0.") for rule in rules)
    return False
