"""OVSDB, the configuration database of Open vSwitch: an echo brings our own bytes back, then its databases are listed.

Nothing is monitored, locked or changed. Specification: RFC 7047 (4.1.1 list databases, 4.1.11 echo).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ovsdb", tcp=(6640, 6641, 6642), names=("openvswitch", "ovsdb-server"), anywhere=False)


def talk(peer: Peer) -> Talk:
    """echo, then list_dbs."""
    mark = peer.nonce[:8].hex()
    echoed = _result((yield Ask(_call("echo", mark, f'["{mark}"]'), until=b"}")), mark)
    if echoed != [mark]:
        return None
    listed = _result((yield Ask(_call("list_dbs", mark, "[]"), until=b"}")), mark)
    names = [text(name.encode("utf-8", "replace")) for name in listed or [] if isinstance(name, str)][:20]
    product, cpe = ("Open vSwitch", ("cpe:/a:openvswitch:openvswitch",)) if "Open_vSwitch" in names else ("", ())
    return Identity("ovsdb", product, info=", ".join(names)[:200], cpe=cpe, proof="nonce", evidence=f"echo of {mark}")


def _call(method: str, mark: str, params: str) -> bytes:
    return f'{{"method":"{method}","params":{params},"id":"{mark}"}}'.encode()


def _result(reply: bytes, mark: str) -> list[object] | None:
    """The result of the answer to our call; None for anything else, and for our own call come back."""
    import json

    try:
        told = json.loads(bytes(reply))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("id") != mark or told.get("error") is not None or "method" in told:
        return None
    result = told.get("result")
    return result if isinstance(result, list) else None
