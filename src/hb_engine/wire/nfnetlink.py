"""nfnetlink: how netlink's netfilter protocol frames its messages, and the one question that most looks end with.

Apart from wire.nftables, since a machine without tables needs no more than this. It lists nothing else.

Source: include/uapi/linux/netfilter/nfnetlink.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.wire import netlink

NETFILTER = 12  # the netlink protocol
NFTABLES = 10 << 8  # NFNL_SUBSYS_NFTABLES, as part of a message's type
NEWTABLE = NFTABLES  # NFT_MSG_NEWTABLE is 0
HEADER = Struct("=BBH")  # struct nfgenmsg: family, version, resource
_GETTABLE = NFTABLES | 1


def request(kind: int, family: int, attributes: bytes = b"", sequence: int = 1) -> bytes:
    """A question of some type, for one family (NFPROTO_*), 0 for all."""
    return netlink.request(kind, HEADER.pack(family, 0, 0) + attributes, sequence=sequence)


def tables_request(sequence: int = 1) -> bytes:
    """All tables of nf_tables. Needs CAP_NET_ADMIN, as every question there."""
    return request(_GETTABLE, 0, sequence=sequence)
