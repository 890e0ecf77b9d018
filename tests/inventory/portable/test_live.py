"""psutil is asked so that one refusal costs one answer; and on this machine it tells what is so."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any, NoReturn, Self

import pytest

from hb_engine.inventory.portable import live
from hb_engine.inventory.portable.collect import collect
from hb_engine.inventory.portable.live import Live, parse_range
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.errors import CannotLook


class FakePsutil:
    """psutil's face, with processes and sockets that a test gives."""

    __version__ = "6.1.0"

    class Error(Exception):
        pass

    class AccessDenied(Error):
        pass

    class NoSuchProcess(Error):
        pass

    def __init__(self, **processes: dict[str, Any]) -> None:
        self.table = {int(name[1:]): facts for name, facts in processes.items()}

    def boot_time(self) -> float:
        return 1.0

    def pids(self) -> list[int]:
        return list(self.table)

    def Process(self, pid: int) -> FakeProcess:  # noqa: N802  # psutil's name
        if pid not in self.table:
            raise self.NoSuchProcess
        return FakeProcess(pid, self.table[pid])

    def net_connections(self, kind: str) -> list[Any]:
        return [Row(port, pid) for pid, facts in self.table.items() for port in facts.get("connections", ())]


class FakeProcess:
    """A process whose answers are values, or exceptions that are raised."""

    def __init__(self, pid: int, facts: dict[str, Any]) -> None:
        self.pid = pid
        self._facts = facts

    def oneshot(self) -> FakeProcess:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name == "uids":
            raise AttributeError(name)  # as on Windows
        return lambda: self._answer(name)

    def net_connections(self, kind: str) -> list[Any]:
        return [Row(connection, None) for connection in self._answer("connections") or ()]

    def _answer(self, name: str) -> Any:
        value = self._facts.get(name)
        if isinstance(value, type) and issubclass(value, Exception):
            raise value
        return value


class Row:
    """A connection as psutil gives it."""

    def __init__(self, port: int, pid: int | None) -> None:
        self.fd, self.family, self.type = 3, socket.AF_INET, socket.SOCK_STREAM
        self.laddr, self.raddr, self.status, self.pid = ("0.0.0.0", port), (), "LISTEN", pid


def look(system: str, fake: FakePsutil) -> Any:
    return Live(system, fake, clock=lambda: 5.0).look()


def test_one_refusal_costs_one_process():
    fake = FakePsutil(
        p1={"connections": FakePsutil.AccessDenied, "name": "launchd"},
        p2={"connections": FakePsutil.NoSuchProcess},
        p3={"connections": [80], "name": "httpd", "ppid": 1, "create_time": 2.0},
        p4={"connections": RuntimeError},
    )
    found = parse(look("darwin", fake))
    assert [(row.port, row.pid) for row in found.rows] == [(80, 3)]
    assert found.denied == (1, 4)
    assert sorted(found.processes) == [1, 3]  # the holder, and its parent


def test_a_process_that_ends_meanwhile_is_no_error():
    fake = FakePsutil(p3={"connections": [80], "name": FakePsutil.NoSuchProcess})
    found = parse(look("windows", fake))
    assert found.processes == {}
    assert found.rows[0].pid == 3


def test_what_is_denied_of_a_process_is_none():
    fake = FakePsutil(
        p3={"connections": [80], "name": "x", "cmdline": FakePsutil.AccessDenied, "username": KeyError, "exe": OSError}
    )
    found = parse(look("windows", fake)).processes[3]
    assert (found.name, found.cmdline, found.username, found.exe) == ("x", None, None, None)


def test_strangers_text_is_cut():
    fake = FakePsutil(p3={"connections": [80], "name": "n" * 9000, "cmdline": ["a" * 9000] * 999})
    found = parse(look("windows", fake)).processes[3]
    assert (len(found.name), found.cmdline) == (4096, ("a" * 4096,) * 256)


def test_the_whole_list_refused_is_an_error_with_a_remedy(monkeypatch):
    def refuse(**_: object) -> NoReturn:
        raise FakePsutil.AccessDenied

    fake = FakePsutil()
    monkeypatch.setattr(fake, "net_connections", refuse)
    monkeypatch.setattr(fake, "pids", refuse)
    with pytest.raises(CannotLook, match="could not be listed") as caught:
        look("windows", fake)
    assert caught.value.remedy
    with pytest.raises(CannotLook):
        look("darwin", fake)


def test_without_psutil_the_remedy_is_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(CannotLook, match="needs psutil") as caught:
        collect("darwin")
    assert "hb-engine[portable]" in caught.value.remedy


def test_services_are_grouped_by_process(monkeypatch):
    class Service:
        def __init__(self, name: str, pid: Any) -> None:
            self._name, self._pid = name, pid

        def name(self) -> str:
            return self._name

        def pid(self) -> Any:
            if self._pid is None:
                raise FakePsutil.AccessDenied
            return self._pid

    fake = FakePsutil(p3={"connections": [135], "name": "svchost.exe"})
    services = [Service("RpcSs", 3), Service("RpcEptMapper", 3), Service("Stopped", 0), Service("Secret", None)]
    monkeypatch.setattr(fake, "win_service_iter", lambda: iter(services), raising=False)
    assert parse(look("windows", fake)).processes[3].services == ("RpcSs", "RpcEptMapper")


@pytest.mark.parametrize(
    ("text", "shape", "found"),
    [
        ("49152\n65535\n", "first last", [49152, 65535]),
        ("32768\t60999\n", "first last", [32768, 60999]),
        (
            "\nProtocol tcp Dynamic Port Range\n------\nStart Port      : 49152\nNumber of Ports : 16384\n",
            "first count",
            [49152, 65535],
        ),
        ("Port de démarrage : 1025\r\nNombre de ports : 100\r\n", "first count", [1025, 1124]),
        ("", "first last", None),
        ("sysctl: unknown oid", "first last", None),
        ("65535\n1\n", "first last", None),
        ("60000 60000", "first count", None),
        ("٤٩١٥٢ ٦٥٥٣٥", "first last", None),
    ],
)
def test_the_outgoing_range_is_read_by_its_numbers(text, shape, found):
    assert parse_range(text, shape) == found


def test_a_file_is_there_gone_or_cannot_be_told(tmp_path):
    assert live._is_there(sys.executable) is True
    assert live._is_there(str(tmp_path / "gone")) is False
    assert live._is_there("Registry") is None
    assert live._is_there(None) is None
    assert live._is_there("/\0") is None


def test_this_machine_as_it_is():
    pytest.importorskip("psutil")
    if not sys.platform.startswith("linux"):
        pytest.skip("the recorded machines stand for other systems")
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(("127.0.0.1", 0))
        mine = {("tcp", tcp.getsockname()[1]), ("udp", udp.getsockname()[1])}
        inventory = collect("linux")
    found = [it for it in inventory.openings if (it.transport, it.port) in mine]
    assert {(it.transport, it.port) for it in found} == mine
    for it in found:
        assert (it.scope, it.ephemeral) == ("loopback", True)
        assert [owner.pid for owner in it.owners] == [os.getpid()]
        assert it.owners[0].exe == os.path.realpath(sys.executable)
        assert it.owners[0].parents


@pytest.mark.root
def test_without_rights_a_strangers_owner_is_not_permitted():
    """A child that gives up root looks at a socket of its parent, and says what it could not see."""
    pytest.importorskip("psutil")
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("needs root on Linux, to give it up")
    collect("linux")  # everything is imported and every codec loaded before the files may become unreadable
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        answer = _as_nobody(tcp)
    assert answer == "False not-permitted owners of other users' sockets"


def _as_nobody(tcp: socket.socket) -> str:
    port = tcp.getsockname()[1]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            tcp.close()  # inherited: the child would hold it too
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            inventory = collect("linux")
            reasons = [it.unowned.reason for it in inventory.openings if it.port == port and it.unowned]
            answer = f"{inventory.coverage.privileged} {' '.join(reasons)} {inventory.coverage.gaps[0].what}"
        except BaseException as error:  # noqa: BLE001  # the child must not run the rest of the tests
            answer = repr(error)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer


def test_addresses_of_every_interface_and_no_hardware_addresses():
    class Address:
        def __init__(self, family, address) -> None:
            self.family, self.address = family, address

    fake = FakePsutil()
    rows = {"en0": [Address(18, "00:53:00:00:00:01"), Address(30, "fe80::1%en0"), Address(2, "192.0.2.7")], "x": []}
    assert look("darwin", fake)["addresses"] == []
    setattr(fake, "net_if_addrs", lambda: rows)  # noqa: B010 -- of a class that has none
    assert look("darwin", fake)["addresses"] == ["fe80::1%en0", "192.0.2.7"]
    assert parse(look("darwin", fake)).addresses == ("fe80::1%en0", "192.0.2.7")
