"""Rings shared with a kernel: what is packed goes out, what comes in is read once, and what has no room is counted."""

from __future__ import annotations

import _socket
import errno
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("packet sockets are Linux's", allow_module_level=True)

from tests.kit import sockets as kit
from tests.kit.network import Network, frames, packet4, tcp_answer
from tests.scan.scanning import pair

from hb_engine.model.errors import CannotLook
from hb_engine.scan.linux import rings
from hb_engine.scan.linux.rings import RX_SLOT, SLOT_HEADER, STATUS, TX_SLOT, Receiver, Sender, begin
from hb_engine.wire import cbpf

FIRST = 61000
PROGRAM = cbpf.answers(4, FIRST, FIRST + 63)
HERE, THERE = bytes((10, 77, 0, 1)), bytes((10, 77, 0, 2))


# -- threads


def test_work_in_a_thread_gives_its_result():
    wait = begin(lambda: 6 * 7)
    assert (wait(), wait()) == (42, 42), "however often it is asked for"


def test_what_a_thread_raises_is_raised_where_it_is_waited_for():
    def fail():
        raise CannotLook("no ring")

    wait = begin(fail)
    for _ in range(2):
        with pytest.raises(CannotLook, match="no ring"):
            wait()


def test_work_goes_on_meanwhile():
    gate = threading.Event()
    wait = begin(lambda: gate.wait(10))
    gate.set()
    assert wait()


# -- without the right


@pytest.mark.root
def test_without_the_right_it_says_what_would_help():
    kit.needs_root()

    def attempt():
        with pytest.raises(CannotLook, match="no packet socket") as caught:
            rings.packet_socket(_socket.SOCK_RAW)
        return caught.value.remedy

    assert "--engine connect" in kit.as_nobody(attempt)


@pytest.mark.root
def test_a_device_that_there_is_not():
    kit.needs_root()
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(CannotLook, match="no ring of packets"):
        Sender("hb-nowhere")
    with pytest.raises(CannotLook, match="No such device"):
        Receiver(999_999, 0x0800, PROGRAM)
    assert len(os.listdir("/proc/self/fd")) == before


# -- frames


def frame(number):
    return (
        b"\xff" * 6
        + b"\2\0\0\0\0\1"
        + b"\x08\0"
        + packet4(HERE, THERE, 6, struct.pack("!HHI", FIRST, 80, number) + bytes(12))
    )


def put(sender, number):
    """Pack a frame as the engine does: the slot's header, and behind it the frame."""
    data = frame(number)
    struct.pack_into("=IIIHHIII", sender.memory, sender.at * TX_SLOT, 1, len(data), len(data), 32, 32, 0, 0, 0)
    at = sender.at * TX_SLOT + SLOT_HEADER
    sender.memory[at : at + len(data)] = data


@pytest.mark.root
@pytest.mark.slow
def test_frames_go_out_whole_and_the_ring_goes_round():
    with Network() as network:
        pair(network, ())
        sent, heard = network.run("a", round_and_round, network)
    assert sent == 3 * 512
    assert heard == [frame(number) for number in range(3 * 512)]


def round_and_round(network):
    listener = listening(network, "b", "v1")
    sender, sent, heard = Sender("v0", 512), 0, []
    for number in range(3 * 512):
        assert sender.room() == 512 - number % 512
        put(sender, number)
        sent += sender.flush(1)
        heard += drain(listener)
    sender.close()
    return sent, heard + drain(listener)


def listening(network, name, device):
    """A packet socket in another namespace, which it stays in."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    network.enter(name)
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    one.bind((device, 0x0800))
    one.setblocking(False)
    kit.libc.setns(here, kit.CLONE_NEWNET)
    os.close(here)
    return one


def drain(one):
    found = []
    while select.select([one], [], [], 0)[0]:
        found.append(one.recv(2048))
    return found


@pytest.mark.root
@pytest.mark.slow
def test_a_device_that_goes_down_is_told():
    with Network() as network:
        pair(network, ())
        assert "went away" in network.run("a", down)


def down():
    sender = Sender("v0", 512)
    put(sender, 1)
    assert sender.flush(1) == 1
    subprocess.run(["ip", "link", "set", "v0", "down"], check=True)
    put(sender, 2)
    with pytest.raises(CannotLook) as caught:
        sender.flush(1)
    sender.close()
    return caught.value.message


class Stubborn:
    """A socket that takes so many frames of a ring and then none."""

    def __init__(self, memory, takes) -> None:
        self.memory, self.takes = memory, takes

    def send(self, _, flags):
        for slot in range(self.takes):
            self.memory[slot * TX_SLOT : slot * TX_SLOT + 4] = bytes(4)
        raise OSError(errno.ENOBUFS, "No buffer space available")


def test_frames_that_were_not_taken_are_not_sent_later():
    """Else they would go out in the middle of a later flush, and be counted as that one's."""
    sender: Any = Sender.__new__(Sender)
    sender.memory, sender.slots, sender.at = bytearray(8 * TX_SLOT), 8, 0
    for slot in range(6):
        sender.memory[slot * TX_SLOT + STATUS] = 1
    sender._socket = Stubborn(sender.memory, 4)
    assert sender.flush(6) == 4
    assert (sender.at, bytes(sender.memory)) == (4, bytes(8 * TX_SLOT))  # where the kernel stands too


# -- answers


@pytest.mark.root
@pytest.mark.slow
def test_what_comes_in_is_read_once_from_the_ip_header_on():
    with Network() as network:
        pair(network, ())
        network.serve("b", frames, "v1", answering)
        count, ports, dropped = network.run("a", reading)
    assert (count, ports, dropped) == (300, list(range(1, 301)), 0)


def answering(data):
    made = tcp_answer(data, 0x14)
    return [made] if made else []


def syns(ports):
    """SYNs from FIRST, sent by a raw socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for port in ports:
            segment = struct.pack("!HHIIBBHHH", FIRST, port, port, 0, 0x50, 2, 1024, 0, 0)
            raw.sendto(packet4(HERE, THERE, 6, segment), ("10.77.0.2", 0))


def reading():
    receiver = Receiver(socket.if_nametoindex("v0"), 0x0800, PROGRAM, 512)
    assert (receiver.ready(), receiver.network_offset()) == (False, 0)
    syns(range(1, 301))
    ports = list[int]()
    while len(ports) < 300 and select.select([receiver], [], [], 5)[0]:
        assert receiver.ready()
        chunk = receiver.chunk(64)
        at = receiver.network_offset()
        for start in range(0, len(chunk), RX_SLOT):
            slot = chunk[start : start + RX_SLOT]
            assert slot[at] == 0x45
            ports.append(int.from_bytes(slot[at + 20 : at + 22], "big"))
        receiver.release(len(chunk) // RX_SLOT)
    lost = receiver.lost()
    receiver.close()
    return len(ports), ports, lost


@pytest.mark.root
@pytest.mark.slow
def test_what_has_no_room_is_counted():
    with Network() as network:
        pair(network, ())
        network.serve("b", frames, "v1", answering)
        filled, lost, dropped = network.run("a", overflow)
    assert filled == 256
    assert lost == dropped == 400 - 256


def overflow():
    receiver = Receiver(socket.if_nametoindex("v0"), 0x0800, PROGRAM, 256)
    syns(range(1, 401))
    lost, ends = 0, time.monotonic() + 10
    while lost < 400 - 256 and time.monotonic() < ends:
        lost += receiver.lost()
    filled = len(receiver.chunk(1000)) // RX_SLOT
    receiver.close()
    return filled, lost, receiver.dropped


def test_only_filled_slots_are_copied():
    receiver: Any = Receiver.__new__(Receiver)
    receiver.memory, receiver.slots, receiver.at = bytearray(8 * RX_SLOT), 8, 5
    for slot in (5, 6, 0):
        receiver.memory[slot * RX_SLOT + STATUS] = 1
    assert receiver.ready()
    assert len(receiver.chunk(64)) == 2 * RX_SLOT
    assert len(receiver.chunk(1)) == RX_SLOT
    receiver.release(2)
    assert (receiver.at, receiver.ready(), len(receiver.chunk(64))) == (7, False, 0)
    receiver.release(1)
    assert receiver.at == 0
    assert len(receiver.chunk(64)) == RX_SLOT, "past the end of the ring comes its beginning"


@pytest.mark.root
@pytest.mark.slow
def test_a_device_that_keeps_its_frames_holds_nobody_up():
    """A TAP device that nobody reads takes what its queue holds: waiting for it to take more would never end."""
    kit.needs_root()

    def work():
        device = os.open("/dev/net/tun", os.O_RDWR)
        try:
            fcntl.ioctl(device, 0x400454CA, struct.pack("16sH22x", b"hbtap0", 0x1002))  # TUNSETIFF: TAP, no header
            subprocess.run(["ip", "link", "set", "hbtap0", "up", "txqueuelen", "1000"], check=True)
            sender = Sender("hbtap0", 512)
            taken = 0
            for _ in range(1500):
                if sender.room():
                    put(sender, 1)
                    taken += sender.flush(1)
            assert 0 < taken < 1500  # the device's queue, and no more
            sender.close()
        finally:
            os.close(device)

    kit.in_namespace(work)
