"""Answers that a snapshot keeps are read with it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app import kit

from hb_engine.app.looking.spoken import answers
from hb_engine.faces.export.documents import inventory
from hb_engine.model.answer import Answer
from hb_engine.model.errors import DataError
from hb_engine.model.identity import Identity, Tls

SEEN = kit.inventory(kit.SSH, kit.DNS)
SSH = Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh", "OpenSSH", "9.2p1"))
WEB = Answer("tcp", 53, "open", "syn-ack", identity=Identity("http", tls=Tls("TLSv1.2")))


def document(**spoken):
    return json.loads(inventory(SEEN, {SEEN.openings[0].key: SSH, SEEN.openings[1].key: WEB, **spoken}))


def read(told):
    return answers(json.dumps(told).encode(), SEEN)


def test_what_was_said_is_read_as_it_was_written():
    found = read(document())
    assert list(found) == [one.key for one in SEEN.openings]
    ssh, web = found.values()
    assert ssh.identity is not None
    assert (ssh.identity.name, ssh.identity.product, ssh.identity.version) == ("ssh", "OpenSSH", "9.2p1")
    assert web.identity is not None
    assert web.identity.tls is not None
    assert web.identity.tls.version == "TLSv1.2"


def test_what_was_not_asked_has_no_answer():
    told = document()
    nothing: tuple[object, ...] = (None, {}, [], "x", {"tcp/public/9/x/host": told["speaks"][SEEN.openings[0].key]})
    for spoken in nothing:
        assert read({**told, "speaks": spoken}) == {}
    del told["speaks"]
    assert read(told) == {}


def test_it_is_found_however_the_document_is_written():
    for indent, separators in ((None, (",", ":")), (2, None), (None, (" , ", " : "))):
        data = json.dumps(document(), indent=indent, separators=separators).encode()
        assert len(answers(data, SEEN)) == 2


def test_a_mark_before_it_and_several_documents():
    data = json.dumps(document()).encode()
    assert len(answers(b"\xef\xbb\xbf" + data, SEEN)) == 2
    assert answers(data + b"\n" + data, SEEN) == {}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["transport", "port", "state", "service", "name", "tls", "reason"])
                | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
    )
)
def test_anything_in_an_answers_place_is_read_or_refused(value):
    told = {**document(), "speaks": {SEEN.openings[0].key: value}}
    try:
        assert set(read(told)) <= {SEEN.openings[0].key}
    except DataError as error:
        assert "speaks of openings[0]" in error.message  # noqa: PT017 -- that it is raised is not promised


def test_an_answer_that_is_none_is_refused_with_its_place():
    told = document()
    told["speaks"][SEEN.openings[0].key]["port"] = "x"
    with pytest.raises(DataError, match=r"speaks of openings\[0\]\.port"):
        read(told)
