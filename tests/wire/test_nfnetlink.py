"""The frame of nfnetlink's questions."""

from __future__ import annotations

from hb_engine.wire import netlink, nfnetlink


def test_tables_of_every_family_are_asked_for_in_one_dump():
    asked = nfnetlink.tables_request(5)
    length, kind, flags, sequence, _ = netlink.HEADER.unpack_from(asked)
    assert (length, kind, sequence) == (len(asked), 0x0A01, 5)
    assert flags == netlink.F_REQUEST | netlink.F_DUMP
    assert nfnetlink.HEADER.unpack_from(asked, 16) == (0, 0, 0)


def test_a_question_carries_its_family_and_attributes():
    asked = nfnetlink.request(0x0A07, 2, netlink.attribute(1, b"nat\0"), 9)
    assert nfnetlink.HEADER.unpack_from(asked, 16)[0] == 2
    assert asked.endswith(b"nat\0")
