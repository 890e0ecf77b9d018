"""What pages weigh: HTML, style and scripts as they travel on a first visit, without pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.pages.load import Served

PARTS = re.compile(rb'(?:src|href)="(/assets/[^"]+\.(?:css|js))"')
PICTURES = re.compile(rb'(?:src|href)="[^"]+\.(?:png|svg)"')


def weigh(served: Served, path: str) -> tuple[int, int]:
    """Bytes of a page's HTML, and of all that it loads besides but pictures."""
    status, body = served.get(path)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status}")
    parts = sorted(set(PARTS.findall(body)))
    return len(body), sum(len(served.get(part.decode())[1]) for part in parts)
