"""Redis speaks RESP on TCP 6379, often on 6380 under TLS; Sentinel on 26379 speaks the same.

It answers PING with +PONG, or with a refusal that names it as surely. We never log in and never write.
Specification: https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("redis", tcp=(6379, 26379), tls=(6380,), names=("redis-sentinel", "keydb", "valkey"))
REFUSALS = (
    b"-NOAUTH ",
    b"-DENIED Redis is running in protected mode",
    b"-NOPERM ",
    b"-LOADING Redis is loading the dataset",
    b"-MASTERDOWN Link with MASTER is down",
    b"-ERR max number of clients reached",
)
ERRORS = (b"-ERR unknown command `", b"-ERR unknown command '", b"-ERR wrong number of arguments for 'get' command")
LINE = b"\r\n"


def talk(peer: Peer) -> Talk:
    """PING, then INFO server where that is allowed."""
    pong = yield Ask(b"PING\r\n", until=LINE)
    if pong.startswith(REFUSALS):
        return Identity("redis", "Redis key-value store", guarded=True, evidence=text(pong))
    if pong != b"+PONG\r\n":
        return None
    info = yield Ask(b"INFO server\r\n", until=_whole)
    told = dict(line.split(b":", 1) for line in info.split(LINE) if b":" in line)
    product, version, cpe = _kind(told)
    mode = told.get(b"redis_mode", b"")
    return Identity(
        "redis",
        product,
        version,
        info=text(mode) if mode != b"standalone" else "",
        system=text(told.get(b"os", b"")),
        cpe=(f"{cpe}:{version}",) if cpe and version else (),
        guarded=info.startswith(REFUSALS),
        evidence=text(pong),
    )


def hint(reply: bytes) -> bool:
    """What redis says to an HTTP request, or to anything else that is not its own."""
    return reply.startswith(ERRORS) or reply.startswith(REFUSALS)


def _whole(data: bytes) -> bool:
    """A bulk string ($length, RESP 2 and 3) or an error line."""
    head, line, body = data.partition(LINE)
    if not line or not head.startswith(b"$") or not head[1:].isdigit() or len(head) > 9:
        return bool(line)
    return len(body) >= int(head[1:]) + 2


def _kind(told: dict[bytes, bytes]) -> tuple[str, str, str]:
    """Product, version, and CPE without it: who speaks like Redis tells the version that it stands for, and its own."""
    if b"valkey_version" in told:
        return "Valkey", text(told[b"valkey_version"]), "cpe:/a:lfprojects:valkey"
    if b"dragonfly_version" in told:
        return "Dragonfly", text(told[b"dragonfly_version"]).removeprefix("df-").removeprefix("v"), ""
    version = text(told.get(b"redis_version", b""))
    if told.get(b"executable", b"").endswith(b"/keydb-server"):
        return "KeyDB", version, ""
    return "Redis key-value store", version, "cpe:/a:redis:redis"
