"""Sessions: a browser that came by the one-time link, and what it may do."""

from __future__ import annotations

from hb_engine.model.record import record


@record
class Session:
    """One browser: its secret (a cookie), what it may do (read or write), and whose it is.

    `uid` owns the connection that the link was used over, None where the system does not tell; `csrf` is the token
    that forms carry.
    """

    secret: str
    right: str
    uid: int | None = None
    csrf: str = ""
    user: str = ""
