"""A file's format is told by its content, and what nobody reads is said."""

from __future__ import annotations

import pytest

from hb_engine.inventory import reading
from hb_engine.inventory.reading import Seen
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Host
from hb_engine.model.owner import Owner


def test_every_reader_declares_itself():
    found = reading.readers()
    assert {"ss", "osquery"} <= {reader.FORMAT.name for reader in found}
    assert all(reader.FORMAT.title for reader in found)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf  \n", "the file is empty"),
        (b"\x7fELF", "the file is in no format that hb reads"),
        (b"<html>", "the file is in no format that hb reads"),
    ],
)
def test_what_nobody_reads(data, said):
    with pytest.raises(DataError) as caught:
        reading.read(data, "x", 0.0)
    assert caught.value.message == said


def test_no_two_readers_claim_a_file():
    heads = [b"tcp LISTEN 0 5 *:443 *:*", b'{"hostIdentifier": "x"}', b'{"schema": "hb/1", "kind": "inventory"}']
    for head in heads:
        assert len([reader for reader in reading.readers() if reader.claims(head)]) <= 1


def test_sockets_of_one_owner_and_scope_are_one_opening():
    nginx = Owner(1, comm="nginx", exe="/usr/sbin/nginx")
    sockets = [
        Seen("tcp", "0.0.0.0", 80, owners=(nginx,)),
        Seen("tcp", "::", 80, owners=(nginx,)),
        Seen("tcp", "127.0.0.1", 80, owners=(nginx,)),
        Seen("tcp", "::1", 80, interface="lo"),
    ]
    seen = reading.inventory(Host("x", ""), 1.0, "a file", (), sockets)
    assert [(opening.scope, opening.families) for opening in seen.openings] == [
        ("public", ("ipv4", "ipv6")),
        ("loopback", ("ipv4",)),
        ("loopback", ("ipv6",)),
    ]


@pytest.mark.parametrize(("text", "length"), [("1.2.3.4", 4), ("::1", 16), ("1.2.3", None), ("x", None), ("\0", None)])
def test_packed(text, length):
    found = reading.packed(text)
    assert (found and len(found)) == length
