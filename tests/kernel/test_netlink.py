"""Conversations with a kernel that misbehaves in each known way, and with the real one."""

from __future__ import annotations

import errno

import pytest
from tests.kit.netlink import FakeKernel, done, message, refusal

from hb_engine.kernel import netlink as conversation
from hb_engine.kernel.netlink import ATTEMPTS, BUFFER, Netlink
from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire import genetlink, netlink, rtnetlink
from hb_engine.wire.netlink import Interrupted, Refused


def ask(kernel, kind=20):
    with kernel.conversation() as one:
        bodies = one.messages(lambda sequence: netlink.request(kind, sequence=sequence), kind)
        return [body.take(body.left) for body in bodies]


def test_an_answer_in_several_datagrams():
    kernel = FakeKernel([message(20, b"abcd") + message(21, b"no"), message(20, b"efgh"), done()])
    assert ask(kernel) == [b"abcd", b"efgh"]
    assert kernel.closed


def test_bodies_outlive_the_buffer():
    kernel = FakeKernel([message(20, b"abcd"), message(20, b"efgh") + done()])
    with kernel.conversation() as one:
        first, second = one.messages(lambda sequence: netlink.request(20, sequence=sequence), 20)
    assert (first.take(4), second.take(4)) == (b"abcd", b"efgh")


def test_a_plain_get_ends_with_its_acknowledgement():
    assert ask(FakeKernel([message(20, b"abcd", flags=0) + refusal(0)])) == [b"abcd"]


def test_a_refusal_is_not_asked_again():
    kernel = FakeKernel([refusal(errno.EPERM)])
    with pytest.raises(Refused) as caught:
        ask(kernel)
    assert caught.value.code == errno.EPERM
    assert len(kernel.questions) == 1


def test_a_refusal_at_the_end_of_a_dump():
    with pytest.raises(Refused) as caught:
        ask(FakeKernel([done(errno.ENOENT)]))
    assert caught.value.code == errno.ENOENT


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ([message(20, b"abcd"), errno.EAGAIN], Truncated),  # stopped in the middle
        ([message(20, b"abcd"), errno.ENOBUFS], Truncated),  # lost a part
        ([message(20, b"abcd")[:-2]], Truncated),  # cut short
        ([b"\x05\0"], Truncated),
        ([b""], Truncated),
        ([bytes(BUFFER + 1)], Truncated),  # longer than the room
        ([message(netlink.OVERRUN)], Truncated),
        ([message(20, b"abcd", flags=netlink.F_MULTI | netlink.F_DUMP_INTR)], Interrupted),
    ],
)
def test_a_bad_answer_is_asked_for_again_and_then_reported(bad, kind):
    assert ask(FakeKernel(bad, bad, [message(20, b"good"), done()])) == [b"good"]
    kernel = FakeKernel(*[bad] * ATTEMPTS)
    with pytest.raises(kind):
        ask(kernel)
    assert len(kernel.questions) == ATTEMPTS
    assert kernel.closed


def test_what_an_abandoned_answer_left_is_read_away():
    bad = [message(20, b"abcd", flags=netlink.F_DUMP_INTR), message(20, b"late"), done()]
    assert ask(FakeKernel(bad, [message(20, b"good"), done()])) == [b"good"]


def test_another_error_of_the_socket():
    with pytest.raises(CannotLook, match="no answer"):
        ask(FakeKernel([errno.EIO]))


def test_no_netlink_at_all():
    def opener(*_):
        raise OSError(errno.EPROTONOSUPPORT, "Protocol not supported")

    with pytest.raises(CannotLook, match="protocol 4"):
        Netlink(netlink.SOCK_DIAG, opener)


class DeafKernel(FakeKernel):
    def send(self, question):
        raise OSError(errno.EPERM, "Operation not permitted")


def test_a_question_that_cannot_be_sent():
    with pytest.raises(Refused):
        ask(DeafKernel())


def test_the_real_kernel_lists_its_links_and_families():
    with Netlink(netlink.ROUTE) as kernel:
        links = [rtnetlink.link(body) for body in kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK)]
    assert any(link.loopback for link in links)
    with Netlink(netlink.GENERIC) as kernel:
        bodies = kernel.messages(genetlink.families_request, genetlink.CONTROL)
        assert ("nlctrl", 16) in [genetlink.family(body) for body in bodies]


def test_the_real_kernel_refuses_what_it_does_not_know():
    with Netlink(netlink.SOCK_DIAG) as kernel, pytest.raises(Refused):
        kernel.messages(lambda sequence: netlink.request(20, b"\xfe\0\0\0", sequence=sequence), 20)


def test_the_real_kernels_answer_does_not_fit(monkeypatch):
    monkeypatch.setattr(conversation, "BUFFER", 64)
    with Netlink(netlink.ROUTE) as kernel, pytest.raises(Truncated, match="64 have room"):
        kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK)


def test_a_conversation_may_ask_many_questions():
    with Netlink(netlink.ROUTE) as kernel:
        sizes = {len(kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK)) for _ in range(5)}
    assert len(sizes) == 1


def test_the_buffer_has_room_for_what_kernels_send():
    assert conversation.BUFFER >= 1 << 16


def test_a_buffer_is_used_again_and_never_by_two_at_once():
    with FakeKernel().conversation() as first, FakeKernel().conversation() as second:
        assert first._buffer is not second._buffer
        kept = second._buffer
    with FakeKernel().conversation() as third:
        assert third._buffer is kept
        assert len(third._buffer) == BUFFER
