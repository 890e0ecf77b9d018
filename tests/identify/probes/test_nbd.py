"""NBD is proved by its magic; exports and TLS by its answers to options."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, kept, named

from hb_engine.identify.probes import nbd

GREETING = b"NBDMAGICIHAVEOPT\0\3"


def test_a_server_without_tls_lists_its_exports():
    told = named("nbd-server")
    assert (told.starttls, told.guarded, told.facts) == ("absent", False, (("exports", "disk"),))


def test_a_server_that_requires_tls_begins_it():
    told = named("nbd-server-tls")
    assert (told.starttls, told.guarded, told.tls.version) == ("required", True, "TLSv1.3")


def test_no_export_is_opened():
    for turn in kept("nbd-server").turns:
        assert turn.sent[-16:][:8] in (b"", b"IHAVEOPT")
        assert turn.sent[-8:-4] in (b"", b"\0\0\0\3", b"\0\0\0\5")


def test_old_and_newer_styles():
    assert ask(nbd, b"NBDMAGIC\0\0\x42\x02\x81\x86\x12\x53" + bytes(8)).info.startswith("old style")
    assert ask(nbd, b"NBDMAGICIHAVEOPT\0\0").info == "new style"


def test_silence_behind_the_greeting_is_no_objection():
    told = ask(nbd, GREETING)
    assert (told.name, told.starttls) == ("nbd", "absent")


@pytest.mark.parametrize("heard", [b"NBDMAGIC", b"NBDMAGICIHAVEOPS\0\3", b"NBDMAGIDIHAVEOPT\0\3", GREETING[:17], b""])
def test_near_misses(heard):
    assert ask(nbd, heard) is None
