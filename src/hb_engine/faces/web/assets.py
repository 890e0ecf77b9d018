"""Style, scripts and pictures that come with the package, held in memory under addresses that change with them.

Nothing is ever loaded from elsewhere (CSP 'self'). An address holds a digest of the bytes, so browsers may keep them
for ever. It refuses every path that is not one of its own names.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os

from hb_engine.model.record import record

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")
KEPT = "public, max-age=31536000, immutable"


@record
class Asset:
    """One file: its bytes, and what a browser is told that they are."""

    body: bytes
    media: str
    digest: str


class Assets:
    """Every file of the folder, by its name."""

    def __init__(self, folder: str = HERE) -> None:
        self._files: dict[str, Asset] = {}
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    body = file.read()
                media = mimetypes.guess_type(name)[0] or "application/octet-stream"
                self._files[name] = Asset(body, media, hashlib.sha256(body).hexdigest()[:12])

    def url(self, name: str) -> str:
        """The address of an asset. Raises KeyError for one that there is not: a template's mistake."""
        return f"/assets/{self._files[name].digest}/{name}"

    def find(self, digest: str, name: str) -> Asset | None:
        """The asset of an address, None where there is none; an old digest leads to today's bytes."""
        return self._files.get(name) if digest.isalnum() else None
