"""AFP is proved by a status under our id. The answers here are built from Apple's reference: no server was captured."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words

from hb_engine.identify.probes import afp


def pascal(*strings):
    return b"".join([bytes((len(string),)) + string for string in strings])


def status(machine=b"Netatalk3.1.12", versions=(b"AFP2.2", b"AFP3.4"), request=b"01", flags=1, command=3):
    name, lists = pascal(b"files"), (bytes((len(versions),)) + pascal(*versions), b"\1" + pascal(b"DHX2"))
    start = 10 + len(name)
    places = (start, start + 1 + len(machine), start + 1 + len(machine) + len(lists[0]), 0, 0x8FFB)
    body = b"".join([place.to_bytes(2, "big") for place in places]) + name + pascal(machine) + b"".join(lists)
    return bytes((flags, command)) + request + bytes(4) + len(body).to_bytes(4, "big") + bytes(4) + body


def test_netatalk_tells_its_version():
    told = ask(afp, status())
    assert (told.product, told.version, told.hostname) == ("Netatalk", "3.1.12", "files")
    assert (told.info, told.facts) == ("AFP2.2, AFP3.4", (("authentication", "DHX2"),))
    assert told.cpe == ("cpe:/a:netatalk:netatalk:3.1.12",)


def test_another_machine_is_the_system():
    told = ask(afp, status(b"Macmini8,1"))
    assert (told.product, told.system, told.proof) == ("", "Macmini8,1", "nonce")


def test_the_request_is_sixteen_bytes():
    assert first_words(afp) == b"\0\x03" + b"01" + bytes(12)


@pytest.mark.parametrize(
    "reply",
    [
        status(request=b"10"),
        status(flags=0),
        status(command=4),
        status(versions=()),
        status(versions=(b"SMB2",)),
        status(machine=b""),
        status()[:30],
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(afp, reply) is None
