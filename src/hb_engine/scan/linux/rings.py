"""Memory that this process shares with the kernel's packet sockets: frames go out and come in without a copy or a call.

A ring is a row of slots; a word at the start of each says whose it is. Frames are written into the slots with
Struct.pack_into and read with Struct.iter_unpack, which do thousands in a millisecond: no array library is needed, and
none has to be imported. The receiving ring is bound to one device and one protocol, begins at the IP header whatever
the device is, and lets only what could be an answer through its filter. Needs CAP_NET_RAW.

Sources: packet(7); Documentation/networking/packet_mmap.rst; include/uapi/linux/if_packet.h (TPACKET_V2).
"""

from __future__ import annotations

import _socket
import errno
import sys
from struct import Struct

from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from mmap import mmap
    from typing import TypeVar

    Result = TypeVar("Result")

AF_PACKET, SOL_PACKET = 17, 263
RX_RING, STATISTICS, VERSION, TX_RING, QDISC_BYPASS = 5, 6, 10, 13, 20
V2 = 1
BLOCK = 1 << 16
TX_SLOT, RX_SLOT = 128, 256  # a SYN over IPv6 has 126 bytes with Ethernet and the slot's own header
SLOT_HEADER = 32  # of struct tpacket2_hdr, behind which a frame to be sent begins
ATTACH_FILTER = 26  # SO_ATTACH_FILTER
REMEDY = "Run hb as root, or give it CAP_NET_RAW; without it hb connects instead (--engine connect)."
_REQUEST = Struct("=IIII")  # block size, blocks, frame size, frames
_NET = Struct("=H")
STATUS = 0 if sys.byteorder == "little" else 3  # the byte of a slot that says whose it is
NOT_TAKEN = (1, 4)  # TP_STATUS_SEND_REQUEST, TP_STATUS_WRONG_FORMAT; 2 is on its way
GONE = (errno.ENETDOWN, errno.ENXIO, errno.ENODEV)


def begin(work: Callable[[], Result]) -> Callable[[], Result]:
    """Do some work in a thread of its own; what is returned waits for its result, or raises what it raised.

    The kernel sends, and sets rings up and down, without Python's lock: two rings keep two cores busy, and the 10 to
    20 ms that a ring's beginning and end take (each waits until no other core looks at it any more) pass meanwhile.
    """
    from _thread import allocate_lock, start_new_thread  # only for scans by packets

    done, results, errors = allocate_lock(), [], []
    done.acquire()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 -- it is raised again where it is waited for
            errors.append(error)
        done.release()

    def wait() -> Result:
        with done:
            pass
        if errors:
            raise errors[0]
        return results[0]

    start_new_thread(run, ())
    return wait


def packet_socket(kind: int) -> _socket.socket:
    """A packet socket that hears nothing yet. Raises CannotLook where that is not allowed."""
    try:
        return _socket.socket(AF_PACKET, kind, 0)
    except OSError as error:
        raise CannotLook(f"no packet socket: {error.strerror}", REMEDY) from error


def _mapped(socket: _socket.socket, option: int, slots: int, size: int) -> mmap:
    from mmap import mmap as map_memory  # only for scans by packets

    socket.setsockopt(SOL_PACKET, VERSION, V2)
    socket.setsockopt(SOL_PACKET, option, _REQUEST.pack(BLOCK, slots * size // BLOCK, size, slots))
    return map_memory(socket.fileno(), slots * size)


class Sender:
    """A ring of Ethernet frames to one device. The caller packs frames into `memory` at TX_SLOT * slot.

    `bypass` leaves the queueing discipline out (and whatever shapes or filters there).
    """

    def __init__(self, device: str, slots: int = 4096, *, bypass: bool = True) -> None:
        self._socket = packet_socket(_socket.SOCK_RAW)
        try:
            if bypass:
                self._socket.setsockopt(SOL_PACKET, QDISC_BYPASS, 1)
            self.memory = _mapped(self._socket, TX_RING, slots, TX_SLOT)
            self._socket.bind((device, 0))
        except OSError as error:
            self._socket.close()
            raise CannotLook(f"no ring of packets on {device!r}: {error.strerror}", REMEDY) from error
        self.slots, self.at = slots, 0

    def flush(self, number: int) -> int:
        """Have the kernel send `number` frames from slot `at` on; how many it took. Raises CannotLook if it can't.

        It must not wait for the device: where frames stay there (a bridge's port that nobody reads), the kernel would
        wait for ever, and not even a signal would end it.
        """
        try:
            self._socket.send(b"", _socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno in GONE:
                raise CannotLook(f"the network device went away: {error.strerror}", "See ip link.") from error
            # ENOBUFS and the like: the kernel stands at the frame that it could not send, and so do we from now on.
        end = (self.at + number) * TX_SLOT
        marks = self.memory[self.at * TX_SLOT + STATUS : end : TX_SLOT]
        taken = next((place for place, mark in enumerate(marks) if mark in NOT_TAKEN), number) if any(marks) else number
        for byte in range(4) if taken < number else ():
            begin = (self.at + taken) * TX_SLOT + byte
            self.memory[begin:end:TX_SLOT] = bytes(number - taken)  # they are not sent later instead
        self.at = (self.at + taken) % self.slots
        return taken

    def room(self) -> int:
        """How many frames may be written from slot `at` on: up to the end, or to one that is still with the device."""
        marks = self.memory[self.at * TX_SLOT + STATUS : self.slots * TX_SLOT : TX_SLOT]
        return len(marks) - len(marks.lstrip(b"\0"))

    def close(self) -> None:
        """Give the ring back."""
        self.memory.close()
        self._socket.close()


class Receiver:
    """A ring of what comes in on one device: packets of one ethertype that pass a filter (classic BPF).

    `chunk()` gives the slots that are filled, in which the IP header stands at `network_offset()`; `release()` gives
    them back to the kernel.
    """

    def __init__(self, ifindex: int, ethertype: int, program: bytes, slots: int = 1 << 14) -> None:
        self._socket = packet_socket(_socket.SOCK_DGRAM)
        try:
            attach(self._socket, program)
            self.memory = _mapped(self._socket, RX_RING, slots, RX_SLOT)
            self._socket.bind((_device(ifindex), ethertype))
            self._socket.setblocking(False)
        except OSError as error:
            self._socket.close()
            raise CannotLook(f"no ring of packets on device {ifindex}: {error.strerror}", REMEDY) from error
        self.slots, self.at = slots, 0
        self.dropped = 0
        self._net = 0

    def fileno(self) -> int:
        """For poll(2)."""
        return self._socket.fileno()

    def ready(self) -> bool:
        """Whether the next slot holds a packet."""
        return bool(self.memory[self.at * RX_SLOT + STATUS] & 1)

    def network_offset(self) -> int:
        """Where in a slot the IP header begins; 0 before the first packet came."""
        if not self._net and self.ready():
            self._net = _NET.unpack_from(self.memory, self.at * RX_SLOT + 14)[0]
        return self._net

    def chunk(self, most: int) -> bytes:
        """The slots with packets from the next one on, as a copy: at most so many, and not past the end of the ring.

        Which ones are filled is read first, and only those are copied: a copy of a slot that is being filled would mix
        two packets, since memory is not copied in any order.
        """
        begin = self.at * RX_SLOT
        end = min(begin + most * RX_SLOT, self.slots * RX_SLOT)
        marks = self.memory[begin + STATUS : end : RX_SLOT]
        number = marks.find(0)
        return self.memory[begin : begin + (len(marks) if number < 0 else number) * RX_SLOT]

    def release(self, number: int) -> None:
        """Give the next `number` slots back to the kernel, whose they are when their status is 0."""
        begin, end = self.at * RX_SLOT, (self.at + number) * RX_SLOT
        for byte in range(4):
            self.memory[begin + byte : end : RX_SLOT] = bytes(number)
        self.at = (self.at + number) % self.slots

    def lost(self) -> int:
        """How many packets found no slot since the last question."""
        _seen, lost = Struct("=II").unpack(self._socket.getsockopt(SOL_PACKET, STATISTICS, 8))
        self.dropped += lost
        return int(lost)

    def close(self) -> None:
        """Give the ring back."""
        self.memory.close()
        self._socket.close()


def attach(socket: _socket.socket, program: bytes) -> None:
    """Set a classic BPF program (struct sock_filter, 8 bytes each) on a socket. Raises OSError."""
    from array import array  # its buffer has an address, which struct sock_fprog wants

    code = array("B", program)
    fprog = Struct("@HP").pack(len(program) // 8, code.buffer_info()[0])
    socket.setsockopt(_socket.SOL_SOCKET, ATTACH_FILTER, fprog)


def _device(ifindex: int) -> str:
    return _socket.if_indextoname(ifindex)
